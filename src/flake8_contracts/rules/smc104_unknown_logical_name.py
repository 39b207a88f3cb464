"""SMC104: a logical name that no contract of the script has."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from flake8_contracts.findings import Report
from flake8_contracts.rules.base import Rule, ScriptCase, contract_names


class UnknownLogicalName(Rule):
    code = "SMC104"
    name = "unknown-logical-name"
    summary = "a path asked for by a logical name that the contract does not have"
    fix = "unsafe"
    explanation = """
Scripts ask for paths by logical name: `enforcer.get_input_path("DATA")`, or `input_paths["DATA"]` in a function that gets the
contract's paths. A name that the contract does not declare raises an error at run time, or silently gives the fall-back.

A dictionary that the script itself fills with that key is not reported: the look-up works.
"""

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts:
            return
        field = {"input": "expected_input_paths", "output": "expected_output_paths"}
        for lookup in case.facts.lookups:
            direction = lookup.direction
            if lookup.excused or (lookup.built_here and lookup.present) or case.unresolved(field[direction]):
                continue
            names = {name for contract in case.contracts for name in _names(contract, direction)}
            if lookup.name in names:
                continue
            other = "output" if direction == "input" else "input"
            if any(lookup.name in _names(contract, other) for contract in case.contracts):
                remedy = f"it is an {other}: ask for the {other} path"
            else:
                near = difflib.get_close_matches(lookup.name, names, 1, 0.6)
                remedy = f"did you mean {near[0]!r}?" if near else f"declare it, or use one of {_shown(names)}"
            outcome = "the look-up never finds it" if lookup.how in ("get", "pop") else "the look-up fails"
            yield from self.report(
                lookup.place,
                f"{lookup.name!r} is no {direction} of {contract_names(case.contracts)}: {outcome}; {remedy}",
            )


def _names(contract: object, direction: str) -> set[str]:
    return set(contract.inputs if direction == "input" else contract.outputs)  # type: ignore[attr-defined]


def _shown(names: set[str]) -> str:
    return ", ".join(repr(name) for name in sorted(names)[:5]) or "the declared names (there are none)"


RULE = UnknownLogicalName()
