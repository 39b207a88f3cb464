"""SMC203: an optional variable that the script never reads."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.unused_variables import UnusedVariable


class UnusedOptionalEnvVar(UnusedVariable):
    code = "SMC203"
    name = "unused-optional-env-var"
    default = False
    kind = "optional"
    summary = "an optional variable of the contract that the script never reads"
    explanation = """
        An optional variable that the script never reads promises a setting that does nothing. Read it, or
        remove it from the contract.

        The finding stands where the script names its contract, else on line 1.
        """
    not_reported = """
        A scan of the environment, a read whose name cannot be told, and handing the environment to another
        program count as reads of every variable that they may concern. A module
        of the project that is imported, and is not found from where the script stands, may read any.
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


RULE = UnusedOptionalEnvVar()
