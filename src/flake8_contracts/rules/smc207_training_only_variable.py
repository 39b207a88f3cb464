"""SMC207: a processing script reads what only training jobs set."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_runtime.platform_facts import is_training_only_variable
from flake8_contracts.findings import Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.variables import is_declared


class TrainingOnlyVariable(Rule):
    code = "SMC207"
    name = "training-only-variable"
    summary = "a variable that only the training toolkit sets, read by a processing script"
    explanation = """
        `SM_CHANNEL_…`, `SM_MODEL_DIR`, `SM_HP_…` and their kin are set by the SageMaker training toolkit,
        inside training containers. A processing container gets only what its job passes: there the variable
        is not set, and the directory that it would name does not exist. Take the path from the contract, or
        declare the variable.
        """
    not_reported = """
        A membership test or a handler for `KeyError`, which show that the script knows, and a variable that
        the contract declares. A script with a contract for a training job is not checked.
        """
    sources = ("sagemaker-training 5.1.4, environment.py: to_env_vars",)
    examples = (
        Example(
            contract="""
                entry_point: copy_data.py
                expected_input_paths:
                  TRAIN: /opt/ml/processing/input/train
                expected_output_paths:
                  COPY: /opt/ml/processing/output/copy
                """,
            bad="""
                import os
                import shutil

                TRAIN = "/opt/ml/processing/input/train/train.csv"

                shutil.copy(TRAIN, os.environ["SM_OUTPUT_DATA_DIR"])  # expect: SMC207
                shutil.copy(TRAIN, "/opt/ml/processing/output/copy")
                """,
            good="""
                import shutil

                TRAIN = "/opt/ml/processing/input/train/train.csv"

                shutil.copy(TRAIN, "/opt/ml/processing/output/copy")
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts or case.is_training:
            return
        reported: set[object] = set()
        for read in case.facts.reads:
            name = read.name
            if name is None or not is_training_only_variable(name) or is_declared(name, case):
                continue
            if read.already_set or read.handled or read.prose or read.how == "in" or read.place in reported:
                continue
            reported.add(read.place)
            yield from self.report(
                read.place,
                f"{name!r} is only set in training jobs, and this script runs as a processing job: the"
                " variable is not set there, or names a directory that does not exist; take the value from"
                " the contract",
            )


RULE = TrainingOnlyVariable()
