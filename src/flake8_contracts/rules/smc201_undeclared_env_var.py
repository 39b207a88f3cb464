"""SMC201: an environment variable that the contract does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_runtime.platform_facts import is_platform_variable
from flake8_contracts.findings import Report
from flake8_contracts.rules.base import Rule, ScriptCase, contract_names
from flake8_contracts.rules.variables import is_declared, may_be_declared_elsewhere, nearest


class UndeclaredEnvVar(Rule):
    code = "SMC201"
    name = "undeclared-env-var"
    summary = "an environment variable is read that the contract does not declare and the platform does not set"
    fix = "safe"
    explanation = """
A job's container gets the variables that the job passes, and those of the platform. The builder passes what the contract declares: a variable
that is missing there is never set, and the script fails with `KeyError` or silently uses its default.

Reads through wrappers, constants, loops over lists of names and dictionaries taken from the environment count. A variable that the
script has itself set before, a name that cannot be resolved, and a scan by prefix are never reported.
"""

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts or may_be_declared_elsewhere(case):
            return
        reported: set[object] = set()
        for read in case.facts.reads:
            name = read.name
            if not name or read.already_set or read.place in reported or read.how == "scan":
                continue
            if is_declared(name, case) or is_platform_variable(name):
                continue
            reported.add(read.place)
            near = nearest(name, case)
            if read.how in ("item", "enforcer") and not read.handled:
                outcome = "nothing sets it, so this read raises KeyError"
            else:
                outcome = "nothing sets it, so the script always takes its fall-back"
            remedy = f"did you mean {near!r}?" if near else "declare it as required or optional, or stop reading it"
            yield from self.report(
                read.place,
                f"environment variable {name!r} is not declared by {contract_names(case.contracts)}: {outcome}; {remedy}",
            )


RULE = UndeclaredEnvVar()
