"""SMC505: an output of the contract that the specification does not publish."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.specification_problems import SpecificationProblem


class OutputWithoutSpec(SpecificationProblem):
    code = "SMC505"
    name = "output-without-spec"
    default = False
    summary = "a contract's output that the step specification does not publish"
    explanation = """
        The script writes it and SageMaker uploads it, but no other step can refer to it. That is right for
        what people look at after the run, and wrong for what the next step needs. Add an output of that name to
        the specification, or switch the rule off where it is on purpose.
        """
    not_reported = """
        Specifications whose outputs are not all known, and outputs that are published under an alias.
        """
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
                  outputs:  # expect: SMC505
                    train:
                      type: training_data
                      property_path: properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri
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
                      property_path: properties.ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri
                """,
        ),
    )


RULE = OutputWithoutSpec()
