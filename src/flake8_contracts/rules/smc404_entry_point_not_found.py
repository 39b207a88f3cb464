"""SMC404: the contract's script does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from flake8_contracts.catalog.walk import is_test_code
from flake8_contracts.findings import Report
from flake8_contracts.repairs import Respell
from flake8_contracts.rules.base import ContractCase, Example, Rule


class EntryPointNotFound(Rule):
    code = "SMC404"
    name = "entry-point-not-found"
    fix = "unsafe"
    summary = "an entry point that matches no script of the project"
    explanation = """
        The entry point names the script that the job runs, as the end of its path: `payload.py`,
        `scripts/payload.py`. If no file of the project matches, the job cannot start, and no script is
        checked against the contract. Correct the name, or add the script.
        """
    not_reported = """
        An entry point in S3, an absolute one, and one that leaves the project with `..`. Nothing is reported
        if a part of the project cannot be read, because the script may be there.
        """
    examples = (
        Example(
            subject="contract",
            bad="""
                entry_point: payloads.py  # expect: SMC404
                expected_output_paths:
                  PAYLOAD: /opt/ml/processing/output/payload
                """,
            good="""
                entry_point: payload.py
                expected_output_paths:
                  PAYLOAD: /opt/ml/processing/output/payload
                """,
            fixed_as_good=True,
        ),
    )

    def check_contract(self, case: ContractCase) -> Iterator[Report]:
        entry = case.contract.entry_point
        if entry is None or not entry.value or entry.value.startswith(("/", "s3://", "..")):
            return
        if case.catalog.scripts_named(entry.value):
            return
        if case.catalog.files.closed_directories:
            return  # a part of the project cannot be read: the script may be there
        near = _nearest(case, entry.value)
        remedy = f"did you mean {near!r}?" if near else "correct the path or add the script"
        yield from self.report(
            entry.place,
            f"entry_point {entry.value!r} of contract {case.contract.name} is no file of the project: the"
            f" job cannot start; {remedy}",
            repair=Respell(entry.place, entry.value, near) if near else None,
        )


def _nearest(case: ContractCase, entry_point: str) -> str | None:
    """The project's file whose name is nearest to the entry point's."""
    wanted = PurePosixPath(entry_point)
    catalog = case.catalog
    declaring = {path.name for path in catalog.by_file}

    def may_be_meant(name: str) -> bool:
        return (
            name.endswith(wanted.suffix or ".py")
            and name not in declaring
            and not all(map(is_test_code, catalog.files_called(name)))
        )

    name = catalog.file_names.close_match(wanted.name, 0.87, may_be_meant)
    if name is None:
        return None
    paths = [path for path in catalog.files_called(name) if not is_test_code(path)]
    return min(paths, key=lambda path: (path.count("/"), path))


RULE = EntryPointNotFound()
