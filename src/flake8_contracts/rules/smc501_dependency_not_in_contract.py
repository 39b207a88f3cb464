"""SMC501: a required dependency that the script's contract does not know."""

from __future__ import annotations

from contracts_runtime.problems import Problem
from flake8_contracts.catalog.model import DeclaredSpecification
from flake8_contracts.findings import Repair
from flake8_contracts.rules.base import Example
from flake8_contracts.rules.specification_problems import SpecificationProblem, renamed


class DependencyNotInContract(SpecificationProblem):
    code = "SMC501"
    name = "dependency-not-in-contract"
    fix = "unsafe"
    summary = "a required dependency of a step specification whose logical name is no input of the contract"
    explanation = """
        What a dependency provides is mounted where the contract says, under the same logical name. Without an
        input of that name there is no path to mount it at: the step cannot be built, or the script never gets
        the data. Use the contract's name, or declare the input in the contract.
        """
    not_reported = """
        Optional dependencies, steps without a contract, and contracts whose inputs are not all known. The
        contract's input that is left over is not reported a second time.
        """
    examples = (
        Example(
            subject="contract",
            bad="""
                step_type: ModelRegistration
                node_type: sink
                contract:
                  entry_point: register.py
                  inputs:
                    PackagedModel: {path: /opt/ml/processing/input/model}
                spec:
                  dependencies:
                    PackedModel: {type: model_artifacts}  # expect: SMC501
                """,
            good="""
                step_type: ModelRegistration
                node_type: sink
                contract:
                  entry_point: register.py
                  inputs:
                    PackagedModel: {path: /opt/ml/processing/input/model}
                spec:
                  dependencies:
                    PackagedModel: {type: model_artifacts}
                """,
            fixed_as_good=True,
        ),
    )

    def repair_specification(self, problem: Problem, specification: DeclaredSpecification) -> Repair | None:
        return renamed(problem, specification)


RULE = DependencyNotInContract()
