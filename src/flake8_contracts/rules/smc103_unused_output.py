"""SMC103: a declared output that the script never writes to."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Rule, ScriptCase
from flake8_contracts.rules.coverage import MAY_WRITE
from flake8_contracts.rules.usage import has_unknown_write, is_touched, may_be_any, unused_everywhere


class UnusedOutput(Rule):
    code = "SMC103"
    name = "unused-output"
    summary = "a declared output that the script never writes to"
    explanation = """
SageMaker creates the output's directory and uploads whatever is in it when the job ends. If the script never writes there, the
job succeeds, the prefix stays empty, and the next step fails or, worse, works on nothing.

Creating the directory or testing that it exists is not writing. A path that is handed to a library or another program
counts as written.
"""

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if has_unknown_write(case):
            return
        for declared in unused_everywhere(
            case,
            "output",
            lambda item: is_touched(case, item.contract, "output", item.name, MAY_WRITE) or may_be_any(case, "output"),
        ):
            yield from self.report(
                case.place,
                f"nothing is written to output {declared.name!r} ({declared.path!r}) of contract {declared.contract.name}: the next"
                " step receives an empty prefix; write to it or remove it from the contract",
                Hint(declared.entry.key_place, f"output {declared.name!r} is declared here"),
            )


RULE = UnusedOutput()
