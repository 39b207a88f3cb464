"""SMC401: an output path that names a file: SageMaker creates a directory at exactly that path."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_runtime.contract_checks import Problem
from flake8_contracts.catalog.model import DeclaredContract
from flake8_contracts.findings import Repair, Report
from flake8_contracts.repairs import DeclareDirectory
from flake8_contracts.rules.base import ContractCase, Example
from flake8_contracts.rules.contract_problems import ContractProblem


class OutputPathIsFile(ContractProblem):
    code = "SMC401"
    name = "output-path-is-file"
    fix = "safe"
    summary = "an output path that names a file: SageMaker creates a directory at exactly that path"
    explanation = """
        The local path of an output is a directory: SageMaker creates it before the script starts, and uploads
        what is in it. A path such as `/opt/ml/processing/output/payload.tar.gz` becomes a directory of that
        name, and the script that opens it as a file fails with `[Errno 21] Is a directory`. Declare the
        directory above it, and write the file below.
        """
    not_reported = """
        A last component with a dot that is no known file ending, such as `v1.2`, and the files that SageMaker
        itself knows, such as `/opt/ml/output/failure`.
        Training jobs make no directories at the outputs of a contract, so that a file may be written there.
        """
    sources = ("SageMaker API, ProcessingS3Output.LocalPath",)
    examples = (
        Example(
            subject="contract",
            bad="""
                entry_point: payload.py
                expected_output_paths:
                  PAYLOAD: /opt/ml/processing/output/payload.tar.gz  # expect: SMC401
                """,
            good="""
                entry_point: payload.py
                expected_output_paths:
                  PAYLOAD: /opt/ml/processing/output
                """,
            fixed_as_good=True,
        ),
    )

    def check_contract(self, case: ContractCase) -> Iterator[Report]:
        if case.contract.kind == "processing":
            yield from super().check_contract(case)

    def repair(self, problem: Problem, contract: DeclaredContract) -> Repair | None:
        return DeclareDirectory(contract, problem.key) if isinstance(problem.key, str) else None


RULE = OutputPathIsFile()
