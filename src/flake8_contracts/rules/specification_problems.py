"""The checks of specifications and pipelines, reported at the place of the key or value that they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contracts_runtime.contract_checks import Problem
from contracts_runtime.problems import UNRESOLVED
from contracts_runtime.property_paths import check_path, named_output, parse_path
from contracts_runtime.specification_checks import (
    SPECIFICATION_FIELDS,
    check_contract_alignment,
    check_property_paths,
    check_specification,
)
from contracts_runtime.step_kinds import STEP_KINDS, possible_kinds
from flake8_contracts.catalog.model import DeclaredContract, DeclaredSpecification, Entry
from flake8_contracts.findings import Hint, Place, Repair, Report
from flake8_contracts.repairs import Respell, Several
from flake8_contracts.rules.base import Rule, SpecificationCase

#: Rules that say what a contract has or lacks, with the field of the contract.
_AGAINST = {
    "dependency-not-in-contract": "expected_input_paths",
    "output-not-in-contract": "expected_output_paths",
    "input-without-dependency": "expected_input_paths",
    "output-without-spec": "expected_output_paths",
}
_MISMATCH = "property-path-mismatch"
_NOT_IN_CONTRACT = ("dependency-not-in-contract", "output-not-in-contract")
#: What step interfaces call the fields of the model.
_SPELLED = (
    (re.compile(r"\b(dependencies|outputs)(?=\[|:)"), r"spec.\1"),
    (re.compile(r"\b(?:dependency|output)_type\b"), "type"),
)


def problems_of(case: SpecificationCase) -> list[Problem]:
    """All problems of a specification, computed once for all rules."""
    known: list[Problem] | None = case.shared.get("problems")
    if known is None:
        known = case.shared["problems"] = list(_problems(case.specification, case.contract))
    return known


def fields_of(specification: DeclaredSpecification) -> dict[str, object]:
    """A specification as the checks read it, without what only a code base's own class has."""
    raw = dict(specification.raw)
    for name in specification.unresolved:
        raw.setdefault(name, UNRESOLVED)
    if specification.is_foreign:
        raw = {name: value for name, value in raw.items() if name in SPECIFICATION_FIELDS}
    return raw


def kinds_of(specification: DeclaredSpecification, contract: DeclaredContract | None) -> frozenset[str]:
    """The kinds of step that a specification may describe."""
    if contract is None:
        return possible_kinds(specification.raw, None)
    return possible_kinds(
        specification.raw, contract.raw, contract.kind if contract.kind_is_certain else None
    )


def _problems(specification: DeclaredSpecification, contract: DeclaredContract | None) -> Iterator[Problem]:
    fields = fields_of(specification)
    if not specification.is_foreign:
        yield from check_specification(fields)
    paths = check_property_paths(fields, kinds_of(specification, contract))
    if contract is None:
        yield from paths
        return
    optional = [name for name, entry in contract.inputs.items() if not entry.required]
    misaligned = check_contract_alignment(fields, _names(contract), optional)
    yield from _once([*paths, *misaligned])


def _once(problems: list[Problem]) -> Iterator[Problem]:
    """Leave out what only seems to be wrong because of a name that is reported as misspelt: that the contract lacks
    the right name, or that a property path has it."""
    misspelt = {
        (problem.field, problem.key): problem.expected
        for problem in problems
        if problem.rule in _NOT_IN_CONTRACT and problem.expected is not None
    }
    meant = {(field, expected) for (field, _), expected in misspelt.items()}
    for problem in problems:
        expected = misspelt.get((problem.field, problem.key))
        if problem.rule == _MISMATCH:
            if expected is None or not _names_output(problem.value, expected):
                yield problem
        elif problem.rule in _NOT_IN_CONTRACT or (problem.field, problem.key) not in meant:
            yield problem


def _names_output(path: object, name: object) -> bool:
    """Whether a property path refers to the output of that name."""
    try:
        return named_output(parse_path(str(path))) == name
    except ValueError:
        return False


def _names(contract: DeclaredContract) -> dict[str, object]:
    """The logical names of a contract, as far as they are known."""
    found: dict[str, object] = {}
    for field, entries in _ports_of(contract).items():
        names: dict[object, object] = {name: entry.value for name, entry in entries.items()}
        if field in contract.unresolved:
            names[UNRESOLVED] = UNRESOLVED
        found[field] = names
    return found


def _ports_of(contract: DeclaredContract) -> dict[str, dict[str, Entry]]:
    return {
        "expected_input_paths": dict(contract.inputs),
        "expected_output_paths": dict(contract.outputs),
    }


def place_of(problem: Problem, specification: DeclaredSpecification) -> Place:
    """The value that a problem is about, else its dependency or output, else the field, else the specification."""
    ports = specification.dependencies if problem.field == "dependencies" else specification.outputs
    port = ports.get(str(problem.key))
    if port is not None:
        return port.place(problem.part, problem.value) if problem.part else port.name.place
    near = ports.get(str(problem.value))
    if near is not None:
        return near.name.place
    return specification.field_places.get(problem.field, specification.place)


def spelled(text: str, specification: DeclaredSpecification) -> str:
    """A message in the words of the file that it is about."""
    if specification.is_step_file:
        for pattern, replacement in _SPELLED:
            text = pattern.sub(replacement, text)
    return text


class SpecificationProblem(Rule):
    """A rule whose check is one of ``contracts_runtime.specification_checks``."""

    def check_specification(self, case: SpecificationCase) -> Iterator[Report]:
        """The problems of this rule's kind."""
        specification = case.specification
        for problem in problems_of(case):
            if problem.rule == self.name:
                hint = _contract_hint(problem, case.contract)
                yield from self.report(
                    place_of(problem, specification),
                    spelled(problem.text, specification),
                    *hint,
                    repair=self.repair_specification(problem, specification),
                )

    def repair_specification(self, problem: Problem, specification: DeclaredSpecification) -> Repair | None:
        """What would repair the problem, if that is known."""
        return None


def renamed(problem: Problem, specification: DeclaredSpecification) -> Repair | None:
    """Another logical name, and the property path that refers to it."""
    old, new = problem.key, problem.expected
    if not isinstance(old, str) or not isinstance(new, str):
        return None
    ports = specification.outputs if problem.field == "outputs" else specification.dependencies
    port = ports.get(old)
    if port is None or new in ports:
        return None
    name = Respell(port.name.place, old, new)
    path = port.raw.get("property_path")
    place = port.places.get("property_path")
    if not isinstance(path, str) or place is None:
        return name
    corrected = [
        found.expected for found in check_path(new, path, None, STEP_KINDS) if isinstance(found.expected, str)
    ]
    return Several(name.title, (name, *(Respell(place, path, text) for text in corrected)))


def _contract_hint(problem: Problem, contract: DeclaredContract | None) -> tuple[Hint, ...]:
    field = _AGAINST.get(problem.rule)
    if contract is None or field is None:
        return ()
    entry = _ports_of(contract)[field].get(str(problem.key))
    place = entry.key_place if entry is not None else contract.field_places.get(field, contract.place)
    return (Hint(place, f"contract {contract.name} is here"),)
