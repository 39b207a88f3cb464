"""SMC407: two contracts of one script that disagree."""

from __future__ import annotations

import os.path
from collections.abc import Iterator

from flake8_contracts.catalog.model import DeclaredContract
from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import ContractCase, Example, Rule

#: Words that tell the variants of one step apart (job types).
_VARIANTS = ("training", "validation", "testing", "calibration", "train", "val", "test", "inference", "batch")


class ConflictingContracts(Rule):
    code = "SMC407"
    name = "conflicting-contracts"
    summary = "two contracts with the same entry point that put one logical name at different paths"
    explanation = """
        The script has the path of one of them, or asks for it by name and gets another one in each job. Two
        contracts that disagree cannot both be what was meant: one of the two jobs fails, or looks for its
        files in the wrong place. Use one path in both, or remove the contract that is out of date.

        The finding stands in both contracts, at the logical name.
        """
    not_reported = """
        Variants of a step for different job types, as long as their names say so (`…_TRAINING_CONTRACT`,
        `…_VALIDATION_CONTRACT`), and contracts of different projects.
        """
    examples = (
        Example(
            subject="contract",
            contract="""
                entry_point: extract.py
                expected_output_paths:
                  TEXT: /opt/ml/processing/output/text  # expect: SMC407
                """,
            bad="""
                entry_point: extract.py
                expected_output_paths:
                  TEXT: /opt/ml/processing/output/plain_text  # expect: SMC407
                """,
            good="""
                entry_point: extract.py
                expected_output_paths:
                  TEXT: /opt/ml/processing/output/text
                """,
        ),
    )

    def check_contract(self, case: ContractCase) -> Iterator[Report]:
        mine = case.contract
        if mine.entry_point is None or not mine.entry_point.value:
            return
        name = mine.entry_point.value.rpartition("/")[2]
        for other in case.catalog.by_script.get(name, ()):
            if (
                other is mine
                or other.entry_point is None
                or other.entry_point.value != mine.entry_point.value
            ):
                continue
            if case.catalog.project_of(other.source) != case.catalog.project_of(mine.source) or _are_variants(
                mine, other
            ):
                continue
            for direction, entries, others in (
                ("input", mine.inputs, other.inputs),
                ("output", mine.outputs, other.outputs),
            ):
                for logical_name, entry in entries.items():
                    rival = others.get(logical_name)
                    if rival is None or entry.value is None or rival.value is None:
                        continue
                    if os.path.normpath(entry.value) != os.path.normpath(rival.value):
                        yield from self.report(
                            entry.key_place,
                            f"{direction} {logical_name!r} is at {entry.value!r} here and at {rival.value!r}"
                            f" in contract {other.name} ({other.source.name}) for the same script {name!r}:"
                            " one of the two jobs fails; use one path",
                            Hint(rival.key_place, f"contract {other.name} says {rival.value!r}"),
                        )


def _are_variants(one: DeclaredContract, other: DeclaredContract) -> bool:
    """Whether the names (or file names) differ by a job type."""
    names = [
        f"{contract.name} {contract.source.stem} {contract.source.parent.name}".lower()
        for contract in (one, other)
    ]
    marks = [{word for word in _VARIANTS if word in name} for name in names]
    return marks[0] != marks[1]


RULE = ConflictingContracts()
