"""SMC201: an environment variable that the contract does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_runtime.platform_facts import is_platform_variable
from flake8_contracts.facts.model import VariableRead
from flake8_contracts.findings import Repair, Report
from flake8_contracts.repairs import DeclareVariable, Respell
from flake8_contracts.rules.base import Example, Rule, ScriptCase, contract_names
from flake8_contracts.rules.variables import (
    is_declared,
    is_mentioned,
    may_be_declared_elsewhere,
    nearest,
    spelled_defaults,
)


class UndeclaredEnvVar(Rule):
    code = "SMC201"
    name = "undeclared-env-var"
    fix = "safe"
    summary = (
        "an environment variable that is read, but neither declared by the contract nor set by the platform"
    )
    explanation = """
        A job's container gets the variables that the job passes, and those of the platform. A job that is
        built from the contract passes what the contract declares. A variable that is missing there is never
        set: the script fails with `KeyError`, or silently takes its fall-back, whatever somebody meant to
        configure.

        Declare the variable as required or optional. If its name is spelt almost like a declared one, the
        message says so. Reads through wrapper functions, name constants, loops over lists of names and
        dictionaries taken from the environment count.
        """
    not_reported = """
        A variable that the script itself has set before the read, a variable of SageMaker, AWS or the
        operating system, a name that cannot be told, and a scan of the environment by prefix.
        """
    examples = (
        Example(
            contract="""
                entry_point: train.py
                optional_env_vars:
                  LABEL_FIELD: is_fraud
                """,
            bad="""
                import os

                label = os.environ.get("LABEL_COLUMN", "is_fraud")  # expect: SMC201
                print(f"training on {label}")
                """,
            good="""
                import os

                label = os.environ.get("LABEL_FIELD", "is_fraud")
                print(f"training on {label}")
                """,
            fixed_contract="""
                entry_point: train.py
                optional_env_vars:
                  LABEL_FIELD: is_fraud
                  LABEL_COLUMN: is_fraud
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts or may_be_declared_elsewhere(case):
            return
        reported: set[object] = set()
        for read in case.facts.reads:
            name = read.name
            if not name or read.already_set or read.place in reported or read.how == "scan":
                continue
            if read.prose and (read.has_default or read.how == "get"):
                continue
            if is_declared(name, case) or is_mentioned(name, case) or is_platform_variable(name):
                continue
            reported.add(read.place)
            near = nearest(name, case)
            if read.how in ("item", "enforcer") and not read.handled:
                outcome = "nothing sets it, so this read raises KeyError"
            else:
                outcome = "nothing sets it, so the script always takes its fall-back"
            remedy = (
                f"did you mean {near!r}?"
                if near
                else "declare it as required or optional, or stop reading it"
            )
            yield from self.report(
                read.place,
                f"environment variable {name!r} is not declared by {contract_names(case.contracts)}:"
                f" {outcome}; {remedy}",
                repair=self.repair(case, read, near),
            )

    def repair(self, case: ScriptCase, read: VariableRead, near: str | None) -> Repair | None:
        """The declaration; or, if a declared variable of nearly that name is never read, its name (to be judged)."""
        assert read.name is not None
        if near is not None and not any(other.name == near for other in case.facts.reads):
            return Respell(read.place, read.name, near) if read.place is not None else None
        reads = [other for other in case.facts.reads if other.name == read.name]
        if any(
            other.how in ("item", "enforcer") and not other.handled and not other.already_set
            for other in reads
        ):
            return DeclareVariable(case.contracts, read.name)
        defaults = {default for other in reads for default in spelled_defaults(other)}
        if len(defaults) > 1 or None in defaults:
            return None  # the script itself is of two minds, or computes its default
        if not defaults:
            # A job that passes the contract's defaults sets the variable, though to nothing.
            return DeclareVariable(case.contracts, read.name, default="", applicability="unsafe")
        return DeclareVariable(case.contracts, read.name, default=next(iter(defaults)))


RULE = UndeclaredEnvVar()
