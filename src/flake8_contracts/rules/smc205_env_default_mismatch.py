"""SMC205: the script and the contract disagree on a variable's default."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.model import VariableRead
from flake8_contracts.findings import Hint, Report
from flake8_contracts.repairs import UseDefault
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.variables import may_be_declared_elsewhere, optional_everywhere, same_meaning


class EnvDefaultMismatch(Rule):
    code = "SMC205"
    name = "env-default-mismatch"
    fix = "unsafe"
    summary = "a default for an optional variable that differs in meaning from the contract's"
    explanation = """
        A job that leaves an optional variable out runs with the script's default, while everyone who reads
        the contract expects the contract's. Use the same default in both.

        `"0.7"` and `0.7` are the same. `"true"` and `"True"` are the same only if the script ignores case.
        """
    not_reported = """
        `None`, and an empty text that the script tests for: they only say that the variable is not set. A
        default that cannot be told is never reported.
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


                def env_float(name, default):
                    value = os.environ.get(name, "")
                    return float(value) if value else default


                ratio = env_float("TRAIN_RATIO", 0.8)  # expect: SMC205
                print(f"{ratio:.0%} for training")
                """,
            good="""
                import os


                def env_float(name, default):
                    value = os.environ.get(name, "")
                    return float(value) if value else default


                ratio = env_float("TRAIN_RATIO", 0.7)
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
            if (
                read.name is None
                or read.already_set
                or read.prose
                or not read.defaults
                or len(read.defaults) != 1
            ):
                continue
            used = read.defaults[0]
            if used is None or (used == "" and read.tested) or isinstance(used, (bytes, type(...))):
                continue
            if read.indirect and any(
                other.name == read.name and not other.indirect for other in case.facts.reads
            ):
                continue  # the direct read decides; this default may never be used
            optional = optional_everywhere(read.name, case)
            if not optional:
                continue
            if any(same_meaning(default, used, folds_case=read.folds_case) for _, default in optional):
                continue
            place = read.default_place or read.read_place
            if place in reported:
                continue
            reported.add(place)
            contract, default = optional[0]
            yield from self.report(
                place,
                f"default {used!r} for {read.name!r} is not the default {default!r} of contract"
                f" {contract.name}: a job that leaves the variable out runs with a value that nobody"
                f" expects; use {default!r} in both",
                Hint(contract.optional_env[read.name].place, f"contract {contract.name} says {default!r}"),
                repair=self.repair(case, read, default),
            )

    def repair(self, case: ScriptCase, read: VariableRead, default: str) -> UseDefault | None:
        """The contract's default where the script's is written, unless that is the default of others, too."""
        place = read.default_place
        if place is None or any(
            other.default_place == place and other.name != read.name for other in case.facts.reads
        ):
            return None
        return UseDefault(place, default)


RULE = EnvDefaultMismatch()
