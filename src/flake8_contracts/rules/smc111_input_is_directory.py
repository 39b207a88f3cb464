"""SMC111: a file opened at exactly the path of an input's directory."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.facts.model import PathUse
from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.coverage import Relation, uses_of
from flake8_contracts.rules.ways import elsewhere, way


class InputIsDirectory(Rule):
    code = "SMC111"
    name = "input-is-directory"
    summary = "a file opened at exactly a declared input path, where SageMaker has mounted a directory"
    explanation = """
    SageMaker makes a *directory* at the local path of every input and puts the objects below it, also when the S3
    URI names a single object. Opening a file at exactly that path fails with `IsADirectoryError`.
    """
    not_reported = """
    Functions that accept a directory (`pandas.read_parquet`, `datasets.load_from_disk`), and tests for existence.
    """
    sources = (
        "SageMaker API, ProcessingS3Input.LocalPath",
        "developer guide, 'Mapping of training storage paths'",
    )
    examples = (
        Example(
            contract="""
            entry_point: script.py
            expected_input_paths:
              data: /opt/ml/processing/input/data
            """,
            bad="""
            import pandas as pd

            frame = pd.read_csv("/opt/ml/processing/input/data")  # expect: SMC111
            print(frame.shape)
            """,
            good="""
            import pandas as pd

            frame = pd.read_csv("/opt/ml/processing/input/data/data.csv")
            print(frame.shape)
            """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        reported: set[object] = set()
        for contract in case.contracts:
            for use, declared, how in uses_of(case, contract):
                if declared.direction != "input" or how is not Relation.EQUAL or use.shape != "file":
                    continue
                if (
                    use.effect not in (Effect.READ, Effect.WRITE)
                    or use.place is None
                    or use.place in reported
                ):
                    continue
                if (
                    not declared.path.startswith(_MOUNTED[contract.kind])
                    or use.known_file
                    or not _everywhere(case, use)
                ):
                    continue
                reported.add(use.place)
                yield from self.report(
                    use.place,
                    f"a file is opened at {declared.path!r}{elsewhere(use)}, the directory that SageMaker mounts for"
                    f" input {declared.name!r} (IsADirectoryError); open the file below it",
                    Hint(
                        declared.entry.key_place,
                        f"input {declared.name!r} of contract {contract.name} is declared here",
                    ),
                    *way(use),
                )


#: What a job mounts; other declared paths (files that come with the code) are files if they say so.
_MOUNTED = {"processing": "/opt/ml/processing/", "training": "/opt/ml/input/data/"}


def _everywhere(case: ScriptCase, use: PathUse) -> bool:
    """Whether the path is an input's under every contract: otherwise it fails in some jobs only."""
    return all(
        any(
            item is use and other.direction == "input" and how is Relation.EQUAL
            for item, other, how in uses_of(case, each)
        )
        for each in case.contracts
    )


RULE = InputIsDirectory()
