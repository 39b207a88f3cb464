"""SMC406: a variable that is both required and optional."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.contract_problems import ContractProblem


class EnvVarDeclaredTwice(ContractProblem):
    code = "SMC406"
    name = "env-var-declared-twice"
    summary = "a variable that is both required and optional"
    explanation = """
        A variable is either required, or optional with a default. If it is declared as both, the default is
        never used, or the requirement is never checked. Remove it from one of the two.
        """
    examples = (
        Example(
            subject="contract",
            bad="""
                entry_point: train.py
                required_env_vars: [LABEL_FIELD]
                optional_env_vars:
                  LABEL_FIELD: is_fraud  # expect: SMC406
                """,
            good="""
                entry_point: train.py
                optional_env_vars:
                  LABEL_FIELD: is_fraud
                """,
        ),
    )


RULE = EnvVarDeclaredTwice()
