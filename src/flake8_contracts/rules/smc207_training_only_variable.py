"""SMC207: a processing script reads what only training jobs set."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_runtime.platform_facts import is_training_only_variable
from flake8_contracts.findings import Report
from flake8_contracts.rules.base import Rule, ScriptCase
from flake8_contracts.rules.variables import is_declared


class TrainingOnlyVariable(Rule):
    code = "SMC207"
    name = "training-only-variable"
    summary = "a processing script reads a variable that only the training toolkit sets"
    explanation = """
`SM_CHANNEL_…`, `SM_HP_…` and their kin are set by the SageMaker training toolkit inside training containers. A processing container
gets only what its job passes: the variable is not set there, or names a directory that only training jobs have. A membership test or a
handler for `KeyError` shows that the script knows, and is not reported.
"""
    sources = ("sagemaker-training 5.1.4, environment.py: to_env_vars",)

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts or case.is_training:
            return
        reported: set[object] = set()
        for read in case.facts.reads:
            name = read.name
            if name is None or not is_training_only_variable(name) or is_declared(name, case):
                continue
            if read.already_set or read.handled or read.how == "in" or read.place in reported:
                continue
            reported.add(read.place)
            yield from self.report(
                read.place,
                f"{name!r} is only set in training jobs, and this script runs as a processing job: the variable is not set there, or names"
                " a directory that does not exist; take the path from the contract",
            )


RULE = TrainingOnlyVariable()
