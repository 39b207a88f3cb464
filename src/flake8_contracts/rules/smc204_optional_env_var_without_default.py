"""SMC204: an optional variable read as if it were required."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.model import VariableRead
from flake8_contracts.findings import Report
from flake8_contracts.repairs import ReadWithDefault
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.variables import may_be_declared_elsewhere, optional_everywhere


class OptionalEnvVarWithoutDefault(Rule):
    code = "SMC204"
    name = "optional-env-var-without-default"
    fix = "safe"
    summary = "an optional variable that is read without default, membership test or handler"
    explanation = """
        The contract says that a job may leave the variable out. `os.environ["X"]` then raises `KeyError`.
        Read it with the contract's default.
        """
    not_reported = """
        A read after `if "X" in os.environ`, inside a handler for `KeyError`, or after the script has set the
        variable. A variable that some contract of the script requires is no optional one.
        """
    examples = (
        Example(
            contract="""
                entry_point: split.py
                optional_env_vars:
                  TRAIN_RATIO: "0.7"
                """,
            bad="""
                import os

                ratio = float(os.environ["TRAIN_RATIO"])  # expect: SMC204
                print(f"{ratio:.0%} for training")
                """,
            good="""
                import os

                ratio = float(os.environ.get("TRAIN_RATIO", "0.7"))
                print(f"{ratio:.0%} for training")
                """,
            fixed_as_good=True,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if may_be_declared_elsewhere(case):
            return
        reported: set[object] = set()
        for read in case.facts.reads:
            if read.name is None or read.how != "item" or read.handled or read.already_set:
                continue
            optional = optional_everywhere(read.name, case)
            if not optional or read.read_place in reported:
                continue
            reported.add(read.read_place)
            contract, default = optional[0]
            yield from self.report(
                read.read_place,
                f"optional environment variable {read.name!r} is read without a default: KeyError when the"
                f" job does not set it; use os.environ.get({read.name!r}, {default!r}), the default of"
                f" contract {contract.name}",
                repair=self.repair(case, read, [default for _, default in optional]),
            )

    def repair(self, case: ScriptCase, read: VariableRead, defaults: list[str]) -> ReadWithDefault | None:
        """The read with the default of all contracts, unless the same code reads other variables, too."""
        if read.read_place is None or read.name is None or len(set(defaults)) > 1:
            return None
        if any(other.read_place == read.read_place and other.name != read.name for other in case.facts.reads):
            return None
        return ReadWithDefault(read.read_place, read.name, defaults[0])


RULE = OptionalEnvVarWithoutDefault()
