"""SMC106: a file opened at exactly the path of an output's directory."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Rule, ScriptCase
from flake8_contracts.rules.coverage import Relation, uses_of


class OutputIsDirectory(Rule):
    code = "SMC106"
    name = "output-is-directory"
    summary = "a file is opened, written or replaced at exactly a declared output path, where SageMaker has made a directory"
    fix = "safe"
    explanation = """
Before the script starts, SageMaker creates a *directory* at the local path of every output. Opening a file at exactly that path
fails with `IsADirectoryError: [Errno 21] Is a directory`. This is the usual consequence of a contract whose output path names a
file (SMC401): declare the directory, and write the file below it.
"""
    sources = ("SageMaker API, ProcessingS3Output.LocalPath: the directory is created by the platform before the entry point runs",)

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        reported: set[object] = set()
        for contract in case.contracts:
            for use, declared, how in uses_of(case, contract):
                if declared.direction != "output" or how is not Relation.EQUAL or use.shape != "file":
                    continue
                if use.effect not in (Effect.READ, Effect.WRITE) or use.place is None or use.place in reported:
                    continue
                if not all(
                    any(item is use and other.direction == "output" and way is Relation.EQUAL for item, other, way in uses_of(case, each))
                    for each in case.contracts
                ):
                    continue  # a directory under one contract only: whether it fails depends on the job
                reported.add(use.place)
                yield from self.report(
                    use.place,
                    f"a file is opened at {declared.path!r}, the directory that SageMaker creates for output {declared.name!r} before the"
                    " script starts (IsADirectoryError); declare the directory above it and write the file below",
                    Hint(declared.entry.key_place, f"output {declared.name!r} of contract {contract.name} is declared here"),
                )


RULE = OutputIsDirectory()
