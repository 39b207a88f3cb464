"""SMC202: a required variable that the script never reads."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.unused_variables import UnusedVariable


class UnusedRequiredEnvVar(UnusedVariable):
    code = "SMC202"
    name = "unused-required-env-var"
    kind = "required"
    summary = "a required variable of the contract that the script never reads"
    explanation = """
        Every job that runs the script must pass a required variable. One that the script never reads is a
        leftover, or the script reads another name. Read it, or remove it from the contract.

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


RULE = UnusedRequiredEnvVar()
