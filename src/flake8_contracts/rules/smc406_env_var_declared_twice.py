"""SMC406: a variable that is both required and optional."""

from __future__ import annotations

from flake8_contracts.rules.contract_problems import ContractProblem


class EnvVarDeclaredTwice(ContractProblem):
    code = "SMC406"
    name = "env-var-declared-twice"
    summary = "a variable that is both required and optional"
    explanation = """
A variable is either required, or optional with a default. Declared as both, the default is never used, or the requirement never checked.
"""


RULE = EnvVarDeclaredTwice()
