"""SMC405: the declaration breaks the contract model.

A bad name, a wrong type, an unknown field, or a limit of the API.
"""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.contract_problems import ContractProblem
from flake8_contracts.rules.specification_problems import SpecificationProblem


class InvalidContract(ContractProblem, SpecificationProblem):
    code = "SMC405"
    name = "invalid-contract"
    summary = "a declaration that breaks the contract model, or a limit of the SageMaker API"
    explanation = """
        Logical names, names of variables, types, fields and limits are checked. A contract that the model
        refuses raises an error when it is loaded. One that breaks a limit of the SageMaker API is refused
        when the job is created. Both are found here, before anything runs. The message says what is allowed.
        """
    not_reported = "Values that are not known until the module runs."
    sources = (
        "SageMaker API: ProcessingInputs, ProcessingOutputs, ProcessingLocalPath, ContainerArguments",
        "SageMaker API: ProcessingEnvironmentMap, ProcessingEnvironmentKey, ProcessingEnvironmentValue",
    )
    examples = (
        Example(
            subject="contract",
            bad="""
                entry_point: split.py
                optional_env_vars:
                  TRAIN_RATIO: "0.7"
                  TEST-RATIO: "0.3"  # expect: SMC405
                frameworks: {}  # expect: SMC405
                """,
            good="""
                entry_point: split.py
                optional_env_vars:
                  TRAIN_RATIO: "0.7"
                  TEST_RATIO: "0.3"
                framework_requirements: {}
                """,
        ),
    )


RULE = InvalidContract()
