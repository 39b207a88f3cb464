"""SMC404: the contract's script does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import PurePosixPath

from flake8_contracts.findings import Report
from flake8_contracts.rules.base import ContractCase, Rule


class EntryPointNotFound(Rule):
    code = "SMC404"
    name = "entry-point-not-found"
    summary = "no script in the project matches the contract's entry point"
    fix = "unsafe"
    explanation = """
The entry point names the script that the job runs, as the end of its path: `payload.py`, `scripts/payload.py`. If no file of the project
matches, the job cannot start, and no script is checked against the contract.
"""

    def check_contract(self, case: ContractCase) -> Iterator[Report]:
        entry = case.contract.entry_point
        if entry is None or not entry.value or entry.value.startswith(("/", "s3://", "..")):
            return
        if case.catalog.scripts_named(entry.value):
            return
        if case.catalog.files.closed_directories:
            return  # a part of the project cannot be read: the script may be there
        scripts = {path for path in case.catalog.files.all_files if path.endswith(PurePosixPath(entry.value).suffix or ".py")}
        near = difflib.get_close_matches(entry.value, scripts, 1, 0.75) or [
            path for path in sorted(scripts) if PurePosixPath(path).name in difflib.get_close_matches(
                PurePosixPath(entry.value).name, {PurePosixPath(other).name for other in scripts}, 1, 0.8)
        ]  # fmt: skip
        remedy = f"did you mean {near[0]!r}?" if near else "correct the path or add the script"
        yield from self.report(
            entry.place,
            f"entry_point {entry.value!r} of contract {case.contract.name} is no file of the project: the job cannot start; {remedy}",
        )


RULE = EntryPointNotFound()
