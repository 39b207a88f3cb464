"""SMC504: an input of the contract that nothing provides."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.specification_problems import SpecificationProblem


class InputWithoutDependency(SpecificationProblem):
    code = "SMC504"
    name = "input-without-dependency"
    summary = "a contract's input that no dependency of the step specification provides"
    explanation = """
        The script expects a directory, and the pipeline mounts nothing there: the script fails with
        `FileNotFoundError`, or goes on without the data. Add a dependency of that name, or remove the input from
        the contract if the script can do without it.
        """
    not_reported = """
        Inputs that a step interface calls `required: false`, and specifications whose dependencies are not all
        known. A dependency that is misspelt is reported once, by SMC501.
        """
    examples = (
        Example(
            subject="contract",
            bad="""
                step_type: Evaluation
                node_type: sink
                contract:
                  entry_point: evaluate.py
                  inputs:
                    model_input: {path: /opt/ml/processing/input/model}
                    eval_data: {path: /opt/ml/processing/input/eval_data}
                spec:
                  dependencies:  # expect: SMC504
                    model_input: {type: model_artifacts}
                """,
            good="""
                step_type: Evaluation
                node_type: sink
                contract:
                  entry_point: evaluate.py
                  inputs:
                    model_input: {path: /opt/ml/processing/input/model}
                    eval_data: {path: /opt/ml/processing/input/eval_data}
                spec:
                  dependencies:
                    model_input: {type: model_artifacts}
                    eval_data: {type: processing_output}
                """,
        ),
    )


RULE = InputWithoutDependency()
