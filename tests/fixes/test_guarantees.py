"""What is promised of every fix, on all example projects and on generated ones."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixes.conftest import Tree, require_kept_promises

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
CASES = sorted(path.name for path in (FIXTURES / "cases").iterdir())
LEFT_BY_TOOLS = shutil.ignore_patterns("__pycache__", ".*")


def copied(project: str, to: Path, *, everything: bool) -> Tree:
    shutil.copytree(FIXTURES / project, to, ignore=LEFT_BY_TOOLS)
    return Tree(to, everything=everything)


@pytest.mark.parametrize("everything", [False, True], ids=["default", "all rules"])
@pytest.mark.parametrize("case", CASES)
def test_examples(tmp_path, case, everything):
    require_kept_promises(copied(f"cases/{case}", tmp_path / case, everything=everything), unsafe=everything)


def windows(name: str, data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def with_mark(name: str, data: bytes) -> bytes:
    return b"\xef\xbb\xbf" + data if name.endswith(".py") else data


def latin(name: str, data: bytes) -> bytes:
    return b"# coding: latin-1\n# \xe9\n" + data if name.endswith(".py") and data.isascii() else data


def untidy(name: str, data: bytes) -> bytes:
    return b"#!/bin/sh \t\n\f\n" + data + b"\f\n# end \t " if name.endswith(".py") else data


CHANGES: tuple[Callable[[str, bytes], bytes], ...] = (windows, with_mark, latin, untidy)


@pytest.mark.parametrize("project", ["broken", "opt_in", *(f"cases/{case}" for case in CASES)])
def test_a_file_that_is_written_otherwise_is_fixed_alike(tmp_path, project):
    """Line ends, marks, encodings and white space stay as they were, and nothing else is done because of them."""
    everything = project != "broken"
    plain = copied(project, tmp_path / "plain" / Path(project).name, everything=everything)
    held = plain.files()
    plain.fix(unsafe=True)
    if plain.files() == held:
        assert project != "broken"
        return
    for change in CHANGES:
        root = tmp_path / change.__name__ / Path(project).name
        root.mkdir(parents=True)
        other = Tree(root, everything=everything).write(
            {name: change(name, data) for name, data in held.items()}
        )
        other.fix(unsafe=True)
        assert other.files() == {name: change(name, data) for name, data in plain.files().items()}


def test_the_broken_project_has_in_the_end_what_only_somebody_can_mend(tmp_path):
    """Safe fixes first, then the others; the payload step is the clean project's then."""
    project = copied("broken", tmp_path / "broken", everything=False)
    for name, data in project.files().items():
        if name.endswith(".py"):
            project.write({name: re.sub(rb"[ ]*# expect(@[+-]\d+)?: SMC\d{3}(, ?SMC\d{3})*", b"", data)})
    safe = require_kept_promises(project, unsafe=False)
    assert not [finding for finding in safe.left if finding.fix and finding.fix.applicability == "safe"]
    assert {finding.code for finding in safe.fixed} == {"SMC106", "SMC201", "SMC204", "SMC401"}
    unsafe = require_kept_promises(project, unsafe=True)
    assert not [finding for finding in unsafe.left if finding.fix]
    assert {finding.code for finding in unsafe.fixed} >= {"SMC101", "SMC205", "SMC408"}
    for name in ("contracts/payload_contract.py", "scripts/payload.py"):
        assert project.files()[name] == (FIXTURES / "clean" / name).read_bytes()
