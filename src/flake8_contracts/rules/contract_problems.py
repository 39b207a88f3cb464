"""The model's own checks, reported at the place of the key or value that they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from contracts_runtime.contract_checks import Problem, check_contract
from flake8_contracts.catalog.model import DeclaredContract, Entry
from flake8_contracts.findings import Place, Repair, Report
from flake8_contracts.rules.base import ContractCase, Rule

_QUOTED_OR_WORD = re.compile(r"'[^']*'|\"[^\"]*\"|\w+")


def problems_of(case: ContractCase) -> list[Problem]:
    """All problems of a contract, computed once for all rules."""
    known: list[Problem] | None = case.shared.get("problems")
    if known is None:
        known = case.shared["problems"] = check_contract(case.contract.raw, case.contract.kind)
    return known


def place_of(problem: Problem, contract: DeclaredContract) -> Place:
    """The key that a problem is about, else its field, else the contract."""
    entries: dict[str, Mapping[str, Entry]] = {
        "expected_input_paths": contract.inputs,
        "expected_output_paths": contract.outputs,
        "required_env_vars": contract.required_env,
        "optional_env_vars": contract.optional_env,
        "expected_arguments": contract.arguments,
    }
    if problem.field == "entry_point" and contract.entry_point is not None:
        return contract.entry_point.place
    found = entries.get(problem.field, {})
    if isinstance(problem.key, str) and problem.key in found:
        return found[problem.key].key_place
    if isinstance(problem.key, int):
        items = list(found.values())
        if 0 <= problem.key < len(items):
            return items[problem.key].place
    return contract.field_places.get(problem.field, contract.place)


def wording(problem: Problem, contract: DeclaredContract) -> str:
    """What to say of a problem, in the words of the file that it is about."""
    if problem.key is None and problem.field in contract.slips:
        return contract.slips[problem.field]
    if not contract.spelling:
        return problem.text
    # What is in quotes was written by somebody.
    return _QUOTED_OR_WORD.sub(
        lambda found: contract.spelling.get(found[0], found[0]),
        problem.text,
    )


class ContractProblem(Rule):
    """A rule whose check is one of ``contracts_runtime.contract_checks``."""

    def check_contract(self, case: ContractCase) -> Iterator[Report]:
        """The problems of this rule's kind."""
        for problem in problems_of(case):
            if problem.rule == self.name:
                repair = self.repair(problem, case.contract)
                yield from self.report(
                    place_of(problem, case.contract), wording(problem, case.contract), repair=repair
                )

    def repair(self, problem: Problem, contract: DeclaredContract) -> Repair | None:
        """What would repair the problem, if that is known."""
        return None
