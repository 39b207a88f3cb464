"""SMC503: a property path that refers to another output."""

from __future__ import annotations

from contracts_runtime.problems import Problem
from flake8_contracts.catalog.model import DeclaredSpecification
from flake8_contracts.findings import Repair
from flake8_contracts.repairs import Respell
from flake8_contracts.rules.base import Example
from flake8_contracts.rules.specification_problems import SpecificationProblem, place_of


class PropertyPathMismatch(SpecificationProblem):
    code = "SMC503"
    name = "property-path-mismatch"
    fix = "safe"
    summary = "a property path that does not refer to the output that it belongs to"
    explanation = """
        The outputs of a processing job are found by their names, `Outputs['name']`. With another name the path
        leads to another output, or to none: the step that depends on this one gets the wrong data, or the
        pipeline is refused when it is started. This happens when an output was renamed or copied.
        """
    not_reported = """
        Paths that name no output, such as `properties.ModelArtifacts.S3ModelArtifacts`, and paths with a part
        that is not known.
        """
    sources = ("SageMaker SDK 2.257.7, workflow/properties.py: PropertiesMap of a processing job's Outputs",)
    examples = (
        Example(
            subject="contract",
            bad="""
                step_type: Split
                node_type: source
                contract:
                  entry_point: split.py
                  outputs:
                    train: {path: /opt/ml/processing/train}
                    test: {path: /opt/ml/processing/test}
                spec:
                  outputs:
                    train:
                      type: training_data
                      property_path: properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri
                    test:
                      type: training_data
                      property_path:
                        properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri  # expect: SMC503
                """,
            good="""
                step_type: Split
                node_type: source
                contract:
                  entry_point: split.py
                  outputs:
                    train: {path: /opt/ml/processing/train}
                    test: {path: /opt/ml/processing/test}
                spec:
                  outputs:
                    train:
                      type: training_data
                      property_path: properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri
                    test:
                      type: training_data
                      property_path:
                        properties.ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri
                """,
            fixed_as_good=True,
        ),
    )

    def repair_specification(self, problem: Problem, specification: DeclaredSpecification) -> Repair | None:
        if not isinstance(problem.value, str) or not isinstance(problem.expected, str):
            return None
        return Respell(place_of(problem, specification), problem.value, problem.expected, "safe")


RULE = PropertyPathMismatch()
