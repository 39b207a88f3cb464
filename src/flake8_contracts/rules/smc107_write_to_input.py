"""SMC107: a file written below an input."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Rule, ScriptCase
from flake8_contracts.rules.coverage import innermost, relations, resolved


class WriteToInput(Rule):
    code = "SMC107"
    name = "write-to-input"
    summary = "a file is written below a declared input, from where nothing is uploaded"
    explanation = """
Only output directories are uploaded when a job ends. A file written below an input is lost with the container. A file that the script itself
reads back, and an archive unpacked beside itself, are scratch data and are not reported.
"""

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts:
            return
        reported: set[object] = set()
        for use in case.facts.paths:
            if use.effect is not Effect.WRITE or use.place is None or use.place in reported:
                continue
            found = [innermost(list(relations(use.value, contract))) for contract in case.contracts]
            if not all(pair is not None and pair[0].direction == "input" for pair in found) or _read_back(case, use):
                continue
            declared = found[0][0]  # type: ignore[index]
            reported.add(use.place)
            yield from self.report(
                use.place,
                f"a file is written below input {declared.name!r} ({declared.path!r}): it is not uploaded and is lost when the job ends;"
                " write it below an output",
                Hint(declared.entry.key_place, f"input {declared.name!r} of contract {declared.contract.name} is declared here"),
            )


def _read_back(case: ScriptCase, written: object) -> bool:
    """Whether the script reads the written file again, later."""
    contract = case.contracts[0]
    parts = resolved(written.value, contract)  # type: ignore[attr-defined]
    for use in case.facts.paths:
        later = use.order > written.order  # type: ignore[attr-defined]
        if later and use.effect in (Effect.READ, Effect.HANDED_ON) and resolved(use.value, contract) == parts:
            return True
    return False


RULE = WriteToInput()
