"""SMC203: a optional variable that the script never reads."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Rule, ScriptCase
from flake8_contracts.rules.variables import is_read


class UnusedOptionalEnvVar(Rule):
    code = "SMC203"
    name = "unused-optional-env-var"
    summary = "a optional variable of the contract that the script never reads"
    default = False
    explanation = """
An optional variable that the script never reads promises a setting that does nothing.
A scan of the environment, a read whose name cannot be resolved, and handing the environment to another program count as reads.
"""

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        reported: set[str] = set()
        for contract in case.contracts:
            for name, entry in contract.optional_env.items():
                if name in reported or is_read(name, case):
                    continue
                reported.add(name)
                yield from self.report(
                    case.place,
                    f"optional environment variable {name!r} of contract {contract.name} is never read: setting it has no effect;"
                    " read it or remove it from the contract",
                    Hint(entry.key_place, f"{name!r} is declared here"),
                )


RULE = UnusedOptionalEnvVar()
