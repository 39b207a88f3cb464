"""SMC408: a processing input's path that names a file: SageMaker makes a directory there."""

from __future__ import annotations

from contracts_runtime.contract_checks import Problem
from flake8_contracts.catalog.model import DeclaredContract
from flake8_contracts.findings import Repair
from flake8_contracts.repairs import DeclareDirectory
from flake8_contracts.rules.base import Example
from flake8_contracts.rules.contract_problems import ContractProblem


class InputPathIsFile(ContractProblem):
    code = "SMC408"
    name = "input-path-is-file"
    fix = "unsafe"
    summary = "a processing input's path that names a file: SageMaker makes a directory at exactly that path"
    explanation = """
        SageMaker makes a directory at the local path of a processing input and downloads the object *into*
        it. With the path `/opt/ml/processing/input/model/model.tar.gz` the file arrives as
        `…/model.tar.gz/model.tar.gz`. Declare the directory above it.
        """
    not_reported = """
        A last component with a dot that is no known file ending, such as `v1.2`, and the inputs of training
        jobs, which may be files in a channel.
        """
    sources = ("SageMaker API, ProcessingS3Input.LocalPath",)
    examples = (
        Example(
            subject="contract",
            bad="""
                entry_point: evaluate.py
                expected_input_paths:
                  MODEL: /opt/ml/processing/input/model/model.tar.gz  # expect: SMC408
                """,
            good="""
                entry_point: evaluate.py
                expected_input_paths:
                  MODEL: /opt/ml/processing/input/model
                """,
            fixed_as_good=True,
        ),
    )

    def repair(self, problem: Problem, contract: DeclaredContract) -> Repair | None:
        return (
            DeclareDirectory(contract, problem.key, "input", "unsafe")
            if isinstance(problem.key, str)
            else None
        )


RULE = InputPathIsFile()
