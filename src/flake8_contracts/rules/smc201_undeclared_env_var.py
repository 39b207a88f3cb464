"""SMC201: an environment variable that the contract does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_runtime.platform_facts import is_platform_variable
from flake8_contracts.findings import Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase, contract_names
from flake8_contracts.rules.variables import is_declared, may_be_declared_elsewhere, nearest


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
            if is_declared(name, case) or is_platform_variable(name):
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
            )


RULE = UndeclaredEnvVar()
