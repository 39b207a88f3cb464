"""SMC206: a default hides that a required variable is missing."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Report
from flake8_contracts.repairs import ReadWithoutDefault
from flake8_contracts.rules.base import Example, Rule, ScriptCase


class RequiredEnvVarWithDefault(Rule):
    code = "SMC206"
    name = "required-env-var-with-default"
    default = False
    fix = "unsafe"
    summary = "a default for a required variable, which hides that the variable is missing"
    explanation = """
        The contract requires the variable, so a job without it is misconfigured. A default lets the script
        run on and produce results from a value that nobody chose. Read it with `os.environ["X"]`, or declare
        it as optional.
        """
    not_reported = """
        A variable that only some contracts of the script require, and one that the script has certainly set
        before.
        """
    examples = (
        Example(
            contract="""
                entry_point: train.py
                required_env_vars: [LABEL_FIELD]
                """,
            bad="""
                import os

                label = os.environ.get("LABEL_FIELD", "label")  # expect: SMC206
                print(f"training on {label}")
                """,
            good="""
                import os

                label = os.environ["LABEL_FIELD"]
                print(f"training on {label}")
                """,
            fixed_as_good=True,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        reported: set[object] = set()
        for read in case.facts.reads:
            name = read.name
            if name is None or read.already_set or read.prose or not read.has_default or not case.contracts:
                continue
            if not all(name in contract.required_env for contract in case.contracts):
                continue
            place = read.default_place or read.read_place
            if place in reported:
                continue
            reported.add(place)
            yield from self.report(
                place,
                f"required environment variable {name!r} has a default here: a job that does not set it runs"
                f" on with a value that nobody chose; read it with os.environ[{name!r}] or declare it as"
                " optional",
                repair=ReadWithoutDefault(read.read_place, name) if read.read_place is not None else None,
            )


RULE = RequiredEnvVarWithDefault()
