"""SMC102: a declared input that the script never uses."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Rule, ScriptCase
from flake8_contracts.rules.usage import has_unknown_use, is_asked_for, is_mentioned, is_touched, unused_everywhere


class UnusedInput(Rule):
    code = "SMC102"
    name = "unused-input"
    summary = "a declared input that the script never uses"
    explanation = """
Every declared input is downloaded before the script starts, which costs time and disk, and says to readers of the contract
that the script depends on it. An input that is never used is most often one that the script reads under a wrong path or name.

Using a path below the input, listing a directory above it, asking for it by logical name, or naming its path in a literal all
count as uses.
"""

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if has_unknown_use(case):
            return
        for declared in unused_everywhere(case, "input", lambda item: _is_used(case, item.contract, item.name)):
            where = f"{declared.path!r}" if declared.path else "its path"
            yield from self.report(
                case.place,
                f"input {declared.name!r} ({where}) of contract {declared.contract.name} is never used: it is downloaded for"
                " nothing, or read from a wrong path; use it or remove it from the contract",
                Hint(declared.entry.key_place, f"input {declared.name!r} is declared here"),
            )


def _is_used(case: ScriptCase, contract: object, name: str) -> bool:
    return (
        is_touched(case, contract, "input", name)
        or is_asked_for(case, "input", name)
        or is_mentioned(case, contract, "input", name)
    )


RULE = UnusedInput()
