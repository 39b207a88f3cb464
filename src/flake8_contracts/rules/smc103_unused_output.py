"""SMC103: a declared output that the script never writes to."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.coverage import MAY_WRITE
from flake8_contracts.rules.usage import has_unknown_write, is_touched, may_be_any, unused_everywhere


class UnusedOutput(Rule):
    code = "SMC103"
    name = "unused-output"
    summary = "a declared output that the script never writes to"
    explanation = """
        SageMaker creates the output's directory and uploads what is in it when the job ends. If the script
        never writes there, the job succeeds and the prefix stays empty. The next step fails or, worse, works
        on nothing. Write to the output, or remove it from the contract.

        The finding stands where the script names its contract, else on line 1.
        """
    not_reported = """
        Handing the path to a library or to another program counts as writing. Creating the directory or
        testing that it exists does not. A write that happens under a condition is a write. If the script
        writes to some path that cannot be told, it may be the output.
        So may a module of the project that is imported and not found from where the script stands.
        """
    examples = (
        Example(
            contract="""
                entry_point: count.py
                expected_input_paths:
                  TABLE: /opt/ml/processing/input/table
                expected_output_paths:
                  REPORT: /opt/ml/processing/output/report
                """,
            bad="""
                import json  # expect: SMC103
                from pathlib import Path

                import pandas as pd

                rows = len(pd.read_csv("/opt/ml/processing/input/table/table.csv"))
                Path("/tmp/report.json").write_text(json.dumps({"rows": rows}))
                """,
            good="""
                import json
                from pathlib import Path

                import pandas as pd

                rows = len(pd.read_csv("/opt/ml/processing/input/table/table.csv"))
                Path("/opt/ml/processing/output/report/report.json").write_text(json.dumps({"rows": rows}))
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if has_unknown_write(case):
            return
        for declared in unused_everywhere(
            case,
            "output",
            lambda declared: is_touched(case, declared, MAY_WRITE) or may_be_any(case, "output"),
        ):
            yield from self.report(
                case.place,
                f"nothing is written to output {declared.name!r} ({declared.path!r}) of contract"
                f" {declared.contract.name}: the next step receives an empty prefix; write to it or remove"
                " it from the contract",
                Hint(declared.entry.key_place, f"output {declared.name!r} is declared here"),
            )


RULE = UnusedOutput()
