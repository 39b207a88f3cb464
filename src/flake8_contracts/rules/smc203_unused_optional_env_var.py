"""SMC203: a optional variable that the script never reads."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.variables import is_read


class UnusedOptionalEnvVar(Rule):
    code = "SMC203"
    name = "unused-optional-env-var"
    default = False
    summary = "an optional variable of the contract that the script never reads"
    explanation = """
        An optional variable that the script never reads promises a setting that does nothing. Read it, or
        remove it from the contract.

        The finding stands where the script names its contract, else on line 1.
        """
    not_reported = """
        A scan of the environment, a read whose name cannot be told, and handing the environment to another
        program count as reads of every variable that they may concern.
        """
    examples = (
        Example(
            contract="""
                entry_point: split.py
                optional_env_vars:
                  TRAIN_RATIO: "0.7"
                """,
            bad="""
                RATIO = 0.7  # expect: SMC203
                print(f"{RATIO:.0%} for training")
                """,
            good="""
                import os

                RATIO = float(os.environ.get("TRAIN_RATIO", "0.7"))
                print(f"{RATIO:.0%} for training")
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        reported: set[str] = set()
        for contract in case.contracts:
            for name, entry in contract.optional_env.items():
                if name in reported or is_read(name, case):
                    continue
                reported.add(name)
                yield from self.report(
                    case.place,
                    f"optional environment variable {name!r} of contract {contract.name} is never read:"
                    " setting it has no effect; read it or remove it from the contract",
                    Hint(entry.key_place, f"{name!r} is declared here"),
                )


RULE = UnusedOptionalEnvVar()
