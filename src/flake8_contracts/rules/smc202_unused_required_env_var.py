"""SMC202: a required variable that the script never reads."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Rule, ScriptCase
from flake8_contracts.rules.variables import is_read


class UnusedRequiredEnvVar(Rule):
    code = "SMC202"
    name = "unused-required-env-var"
    summary = "a required variable of the contract that the script never reads"
    explanation = """
Every job that runs the script must pass a required variable. One that the script never reads is a leftover, or the script reads another name.
A scan of the environment, a read whose name cannot be resolved, and handing the environment to another program count as reads.
"""

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        reported: set[str] = set()
        for contract in case.contracts:
            for name, entry in contract.required_env.items():
                if name in reported or is_read(name, case):
                    continue
                reported.add(name)
                yield from self.report(
                    case.place,
                    f"required environment variable {name!r} of contract {contract.name} is never read: setting it has no effect;"
                    " read it or remove it from the contract",
                    Hint(entry.key_place, f"{name!r} is declared here"),
                )


RULE = UnusedRequiredEnvVar()
