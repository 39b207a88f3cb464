"""SMC202: a required variable that the script never reads."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.variables import is_read


class UnusedRequiredEnvVar(Rule):
    code = "SMC202"
    name = "unused-required-env-var"
    summary = "a required variable of the contract that the script never reads"
    explanation = """
        Every job that runs the script must pass a required variable. One that the script never reads is a
        leftover, or the script reads another name. Read it, or remove it from the contract.

        The finding stands where the script names its contract, else on line 1.
        """
    not_reported = """
        A scan of the environment, a read whose name cannot be told, and handing the environment to another
        program count as reads of every variable that they may concern.
        """
    examples = (
        Example(
            contract="""
                entry_point: train.py
                required_env_vars: [LABEL_FIELD]
                """,
            bad="""
                LABEL = "is_fraud"  # expect: SMC202
                print(f"training on {LABEL}")
                """,
            good="""
                import os

                LABEL = os.environ["LABEL_FIELD"]
                print(f"training on {LABEL}")
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        reported: set[str] = set()
        for contract in case.contracts:
            for name, entry in contract.required_env.items():
                if name in reported or is_read(name, case):
                    continue
                reported.add(name)
                yield from self.report(
                    case.place,
                    f"required environment variable {name!r} of contract {contract.name} is never read:"
                    " setting it has no effect; read it or remove it from the contract",
                    Hint(entry.key_place, f"{name!r} is declared here"),
                )


RULE = UnusedRequiredEnvVar()
