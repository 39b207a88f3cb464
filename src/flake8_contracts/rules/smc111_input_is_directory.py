"""SMC111: a file opened at exactly the path of an input's directory."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.directories import opened
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
        for use, declared in opened(case, "input"):
            yield from self.report(
                use.place,
                f"a file is opened at {declared.path!r}{elsewhere(use)}, the directory that SageMaker mounts for"
                f" input {declared.name!r} (IsADirectoryError); open the file below it",
                Hint(
                    declared.entry.key_place,
                    f"input {declared.name!r} of contract {declared.contract.name} is declared here",
                ),
                *way(use),
            )


RULE = InputIsDirectory()
