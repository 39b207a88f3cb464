"""SMC405: the declaration breaks the contract model: a bad name, a wrong type, an unknown field, or a limit of the API."""

from __future__ import annotations

from flake8_contracts.rules.contract_problems import ContractProblem


class InvalidContract(ContractProblem):
    code = "SMC405"
    name = "invalid-contract"
    summary = "the declaration breaks the contract model: a bad name, a wrong type, an unknown field, or a limit of the API"
    explanation = """
A contract that the model refuses raises an error when it is imported, and one that breaks a limit of the SageMaker API is refused when the job
is created. Both are found here before anything runs.
"""
    sources = ("SageMaker API: ProcessingEnvironmentKey, ProcessingEnvironmentValue, ContainerArguments, ProcessingInputs, ProcessingOutputs",)


RULE = InvalidContract()
