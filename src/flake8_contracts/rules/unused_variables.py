"""Variables of a contract that the script never reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Rule, ScriptCase
from flake8_contracts.rules.variables import is_read


class UnusedVariable(Rule):
    """A rule on required or on optional variables that nothing reads."""

    kind: ClassVar[str]

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        """Report each variable once, at the script's contract."""
        reported: set[str] = set()
        for contract in case.contracts:
            entries = contract.required_env if self.kind == "required" else contract.optional_env
            for name, entry in entries.items():
                if name in reported or is_read(name, case):
                    continue
                reported.add(name)
                yield from self.report(
                    case.place,
                    f"{self.kind} environment variable {name!r} of contract {contract.name} is never read:"
                    " setting it has no effect; read it or remove it from the contract",
                    Hint(entry.key_place, f"{name!r} is declared here"),
                )
