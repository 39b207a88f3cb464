"""SMC502: an output that the script's contract does not know."""

from __future__ import annotations

from contracts_runtime.problems import Problem
from flake8_contracts.catalog.model import DeclaredSpecification
from flake8_contracts.findings import Repair
from flake8_contracts.rules.base import Example
from flake8_contracts.rules.specification_problems import SpecificationProblem, renamed


class OutputNotInContract(SpecificationProblem):
    code = "SMC502"
    name = "output-not-in-contract"
    fix = "unsafe"
    summary = "an output of a step specification whose logical name is no output of the contract"
    explanation = """
        A step's output is the directory that the contract gives under the same logical name. Without one
        nothing is uploaded, and the step that depends on the output receives an empty prefix or cannot be built.
        Use the contract's name, or declare the output in the contract.
        """
    not_reported = """
        Steps without a contract, and contracts whose outputs are not all known. Aliases are other names for an
        output and need not be in the contract.
        """
    examples = (
        Example(
            subject="contract",
            bad="""
                from contracts_runtime import OutputSpec, ScriptContract, StepSpecification

                REPORT_SPEC = StepSpecification(
                    step_type="Report",
                    node_type="source",
                    outputs=[
                        OutputSpec(logical_name="reports", output_type="processing_output"),  # expect: SMC502
                    ],
                    script_contract=ScriptContract(
                        entry_point="report.py",
                        expected_output_paths={"report": "/opt/ml/processing/output/report"},
                    ),
                )
                """,
            good="""
                from contracts_runtime import OutputSpec, ScriptContract, StepSpecification

                REPORT_SPEC = StepSpecification(
                    step_type="Report",
                    node_type="source",
                    outputs=[
                        OutputSpec(logical_name="report", output_type="processing_output"),
                    ],
                    script_contract=ScriptContract(
                        entry_point="report.py",
                        expected_output_paths={"report": "/opt/ml/processing/output/report"},
                    ),
                )
                """,
            fixed_as_good=True,
        ),
    )

    def repair_specification(self, problem: Problem, specification: DeclaredSpecification) -> Repair | None:
        return renamed(problem, specification)


RULE = OutputNotInContract()
