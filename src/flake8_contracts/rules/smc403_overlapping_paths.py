"""SMC403: two declared paths are equal or one lies inside the other."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.contract_problems import ContractProblem


class OverlappingPaths(ContractProblem):
    code = "SMC403"
    name = "overlapping-paths"
    summary = "two declared paths that are equal, or of which one lies inside the other"
    explanation = """
        Nested outputs are uploaded twice. An input and an output, or two inputs, at the same path are refused
        by SageMaker. With nested inputs, listing the outer one also finds the files of the inner one. Give
        each a directory of its own.

        The finding stands at the path that is declared later; outputs come after inputs.
        """
    not_reported = """
        Directories that only share a base, and nested paths of a training job, which mounts whole channels.
        Code that is mounted below the script's own directory, and checkpoints, which a training job reads and
        writes.
        """
    sources = (
        "aws/sagemaker-python-sdk issue 1950: input and output of one job at the same local path are refused",
        "aws/sagemaker-python-sdk issue 4939: two inputs at the same local path are refused",
    )
    examples = (
        Example(
            subject="contract",
            bad="""
                entry_point: score.py
                expected_output_paths:
                  SCORES: /opt/ml/processing/output
                  METRICS: /opt/ml/processing/output/metrics  # expect: SMC403
                """,
            good="""
                entry_point: score.py
                expected_output_paths:
                  SCORES: /opt/ml/processing/output/scores
                  METRICS: /opt/ml/processing/output/metrics
                """,
        ),
    )


RULE = OverlappingPaths()
