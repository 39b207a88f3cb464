"""SMC104: a logical name that no contract of the script has."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.catalog.model import DeclaredContract
from flake8_contracts.findings import Report
from flake8_contracts.repairs import Respell
from flake8_contracts.rules.base import Example, Rule, ScriptCase, contract_names
from flake8_contracts.suggestions import close_match


class UnknownLogicalName(Rule):
    code = "SMC104"
    name = "unknown-logical-name"
    fix = "unsafe"
    summary = "a path asked for by a logical name that the contract does not have"
    explanation = """
        Scripts ask for paths by logical name: `enforcer.get_input_path("DATA")`, or `input_paths["DATA"]` in
        a function that gets the contract's paths. A name that the contract does not declare raises an error
        at run time, or silently gives the fall-back.

        If the name exists in the other direction, or is spelt almost like a declared one, the message says
        so.
        """
    not_reported = """
        A dictionary that the script itself fills with that key is fine: the look-up works. So is a look-up
        after a test for the key, and one of several names that are tried in turn when another of them is
        declared. A name that cannot be told is never reported.
        """
    examples = (
        Example(
            contract="""
                {
                  "entry_point": "copy_model.py",
                  "expected_input_paths": {"MODEL": "/opt/ml/processing/input/model"},
                  "expected_output_paths": {"COPY": "/opt/ml/processing/output/copy"}
                }
                """,
            bad="""
                import shutil
                from pathlib import Path

                from contracts_runtime import ContractEnforcer

                with ContractEnforcer.from_file("copy_model.contract.json") as enforcer:
                    target = enforcer.get_output_path("COPY")
                    for file in Path(enforcer.get_input_path("MODEL")).iterdir():
                        shutil.copy(file, target)
                    print("left behind:", Path(enforcer.get_input_path("MODELS")).stat())  # expect: SMC104
                """,
            good="""
                import shutil
                from pathlib import Path

                from contracts_runtime import ContractEnforcer

                with ContractEnforcer.from_file("copy_model.contract.json") as enforcer:
                    target = enforcer.get_output_path("COPY")
                    for file in Path(enforcer.get_input_path("MODEL")).iterdir():
                        shutil.copy(file, target)
                    print("left behind:", Path(enforcer.get_input_path("MODEL")).stat())
                """,
            fixed_as_good=True,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts:
            return
        field = {"input": "expected_input_paths", "output": "expected_output_paths"}
        for lookup in case.facts.lookups:
            direction = lookup.direction
            if lookup.excused or (lookup.built_here and lookup.present) or case.unresolved(field[direction]):
                continue
            names = {name for contract in case.contracts for name in _names(contract, direction)}
            if not names.isdisjoint(lookup.alternatives):
                continue
            other = "output" if direction == "input" else "input"
            near: str | None = None
            if any(lookup.name in _names(contract, other) for contract in case.contracts):
                remedy = f"it is an {other}: ask for the {other} path"
            else:
                near = close_match(lookup.name, names, 0.6)
                remedy = f"did you mean {near!r}?" if near else f"declare it, or use one of {_shown(names)}"
            outcome = "the look-up never finds it" if lookup.how in ("get", "pop") else "the look-up fails"
            yield from self.report(
                lookup.place,
                f"{lookup.name!r} is no {direction} of {contract_names(case.contracts)}: {outcome}; {remedy}",
                repair=Respell(lookup.place, lookup.name, near) if near and lookup.place else None,
            )


def _names(contract: DeclaredContract, direction: str) -> set[str]:
    return set(contract.inputs if direction == "input" else contract.outputs)


def _shown(names: set[str]) -> str:
    return ", ".join(repr(name) for name in sorted(names)[:5]) or "the declared names (there are none)"


RULE = UnknownLogicalName()
