"""SMC901: a declaration that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.catalog.model import Unreadable
from flake8_contracts.findings import Report
from flake8_contracts.rules.base import Example, Rule


class UnreadableContract(Rule):
    code = "SMC901"
    name = "unreadable-contract"
    summary = "a contract or specification that cannot be read"
    explanation = """
        Contracts are read without executing anything. A syntax, encoding or YAML error, a key that is given
        twice, and a value that only running the module could tell are reported here. What depends on them is
        not checked; the rest of the project is. Write the value as a constant, or correct the file.
        """
    not_reported = """
        A value that is resolved through constants, imports between the project's files, string operations,
        and helpers with a single return. In scripts, paths and names that cannot be told are never reported.
        """
    examples = (
        Example(
            subject="contract",
            bad="""
                entry_point: report.py
                expected_output_paths:
                  REPORT: /opt/ml/processing/output/report
                  REPORT: /opt/ml/processing/output/reports  # expect: SMC901
                """,
            good="""
                entry_point: report.py
                expected_output_paths:
                  REPORT: /opt/ml/processing/output/reports
                """,
        ),
        Example(
            subject="contract",
            bad="""
                import json

                from contracts_runtime import ScriptContract

                with open("paths.json") as stream:
                    PATHS = json.load(stream)

                REPORT_CONTRACT = ScriptContract(
                    entry_point="report.py",
                    expected_output_paths=PATHS["outputs"],  # expect: SMC901
                )
                """,
            good="""
                from contracts_runtime import ScriptContract

                OUTPUT = "/opt/ml/processing/output"

                REPORT_CONTRACT = ScriptContract(
                    entry_point="report.py",
                    expected_output_paths={"REPORT": f"{OUTPUT}/report"},
                )
                """,
        ),
    )

    def check_unreadable(self, problem: Unreadable) -> Iterator[Report]:
        needs_constant = "cannot be resolved" in problem.reason
        remedy = "write the value as a constant" if needs_constant else "correct the file"
        left_out = "what depends on it is" if problem.is_part else "scripts are"
        against = "" if problem.is_part else " against it"
        yield from self.report(problem.place, f"{problem.reason}: {left_out} not checked{against}; {remedy}")


RULE = UnreadableContract()
