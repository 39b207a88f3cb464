"""SMC402: a path that the job's kind cannot mount, a reserved platform path, or a relative path."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.contract_problems import ContractProblem


class PathOutsideContainer(ContractProblem):
    code = "SMC402"
    name = "path-outside-container"
    summary = "a path that the job's kind cannot mount, a reserved platform path, or a relative path"
    explanation = """
        A processing job mounts inputs and outputs below `/opt/ml/processing`. A training job has its
        channels, the model and the output directory. A path elsewhere, one that SageMaker keeps for itself,
        and one that is not absolute are refused, or never filled.
        """
    not_reported = "Paths that are not known until the module runs."
    sources = (
        "SageMaker API, ProcessingS3Input.LocalPath",
        "developer guide: How Amazon SageMaker Processing Configures Input and Output For Your Processing Container",
        "developer guide: Mapping of training storage paths managed by Amazon SageMaker AI",
    )
    examples = (
        Example(
            subject="contract",
            bad="""
                entry_point: evaluate.py
                expected_input_paths:
                  MODEL: /opt/ml/model  # expect: SMC402
                expected_output_paths:
                  METRICS: output/metrics  # expect: SMC402
                """,
            good="""
                entry_point: evaluate.py
                expected_input_paths:
                  MODEL: /opt/ml/processing/input/model
                expected_output_paths:
                  METRICS: /opt/ml/processing/output/metrics
                """,
        ),
    )


RULE = PathOutsideContainer()
