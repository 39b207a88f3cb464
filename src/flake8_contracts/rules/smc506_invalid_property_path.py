"""SMC506: a property path that the step does not have."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.specification_problems import SpecificationProblem


class InvalidPropertyPath(SpecificationProblem):
    code = "SMC506"
    name = "invalid-property-path"
    summary = "a property path that does not exist on what SageMaker describes for this kind of step"
    explanation = """
        The properties of a step are those of the service's answer to the Describe request for its job. A path
        with another member is an `AttributeError` when the pipeline is built, or is refused when it is started.
        Outputs of a training job are at `properties.ModelArtifacts.S3ModelArtifacts` and
        `properties.OutputDataConfig.S3OutputPath`; only processing jobs have `properties.ProcessingOutputConfig`.
        """
    not_reported = """
        Paths that exist on some kind of step, where neither the specification nor its contract tells the kind,
        and paths with a part that is not known.
        """
    sources = (
        "SageMaker API: DescribeProcessingJobResponse, DescribeTrainingJobResponse and the other Describe shapes",
        "SageMaker SDK 2.257.7, workflow/steps.py: the shape of each step's properties",
    )
    examples = (
        Example(
            subject="contract",
            bad="""
                step_type: Training
                node_type: source
                contract:
                  entry_point: train.py
                  outputs:
                    model_output: {path: /opt/ml/model}
                spec:
                  outputs:
                    model_output:
                      type: model_artifacts
                      property_path: properties.ModelArtifacts.S3ModelArtefacts  # expect: SMC506
                """,
            good="""
                step_type: Training
                node_type: source
                contract:
                  entry_point: train.py
                  outputs:
                    model_output: {path: /opt/ml/model}
                spec:
                  outputs:
                    model_output:
                      type: model_artifacts
                      property_path: properties.ModelArtifacts.S3ModelArtifacts
                """,
        ),
    )


RULE = InvalidPropertyPath()
