"""SMC109: a file read below an output that the script does not write before."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.facts.model import PathUse
from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.coverage import MAY_WRITE, Relation, certainly_below, relations
from flake8_contracts.rules.usage import has_unknown_write


class ReadFromOutput(Rule):
    code = "SMC109"
    name = "read-from-output"
    default = False
    summary = "a file read below a declared output to which the script has written nothing before"
    explanation = """
        An output's directory is empty when the script starts. Reading from it before anything was written
        there finds nothing. What an earlier job left is in S3: declare it as an input.
        """
    not_reported = """
        Reading back what the script has written below the same output. If the script writes to some path that
        cannot be told, it may be there.
        """
    sources = (
        "SageMaker API, ProcessingS3Output.LocalPath: the platform creates the directory before the script starts",
    )
    examples = (
        Example(
            contract="""
                entry_point: score.py
                expected_output_paths:
                  SCORES: /opt/ml/processing/output/scores
                """,
            bad=r"""
                from pathlib import Path

                SCORES = Path("/opt/ml/processing/output/scores/scores.csv")

                print(SCORES.read_text())  # expect: SMC109
                SCORES.write_text("refund,score\n")
                """,
            good=r"""
                from pathlib import Path

                SCORES = Path("/opt/ml/processing/output/scores/scores.csv")

                SCORES.write_text("refund,score\n")
                print(SCORES.read_text())
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts or case.facts.incomplete or has_unknown_write(case):
            return
        reported: set[object] = set()
        for use in case.facts.paths:
            if use.effect is not Effect.READ or use.place is None or use.place in reported:
                continue
            declared = certainly_below(use.value, case, "output")
            if declared is None:
                continue
            written = any(
                other.order < use.order and other.effect in MAY_WRITE and _touches(case, other, declared.name)
                for other in case.facts.paths
            )
            if not written:
                reported.add(use.place)
                yield from self.report(
                    use.place,
                    f"a file is read below output {declared.name!r} ({declared.path!r}) before anything is"
                    " written there: the directory is empty when the script starts; write it first or read"
                    " from an input",
                    Hint(declared.entry.key_place, f"output {declared.name!r} is declared here"),
                )


def _touches(case: ScriptCase, use: PathUse, name: str) -> bool:
    return any(
        declared.direction == "output" and declared.name == name and how is not Relation.OUTSIDE
        for contract in case.contracts
        for declared, how in relations(use.value, contract)
    )


RULE = ReadFromOutput()
