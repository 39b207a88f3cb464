"""The form of messages, on everything that the linter says about the fixtures."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from flake8_contracts.project import Project
from flake8_contracts.rules.codes import CODES
from flake8_contracts.settings import Settings

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PROJECTS = [FIXTURES / name for name in ("clean", "broken", "opt_in")]
PROJECTS += sorted(path for path in (FIXTURES / "cases").iterdir() if path.is_dir())

SUFFIXES = {".py", ".yaml", ".yml", ".json", ".toml"}
FAMILIES = tuple(sorted({code[:4] for code in CODES}))

#: What a Python object shows of itself when nobody has thought about the reader.
REPR = re.compile(
    r"<|\b(Text|Hole|Const|External|Unknown|Entry|Sequence|Path|PosixPath)\(|\bobject at\b|\bEffect\."
)
#: A call or a subscript: code that the reader may copy.
CODE = re.compile(r"[A-Za-z_][\w.]*(?:\([^()]*\)|\[[^\]]*\])")
QUOTED = re.compile(r"'[^']+'|\"[^\"]+\"")


@pytest.fixture(scope="module")
def findings():
    found = []
    for root in PROJECTS:
        project = Project(Settings(root=root, extend_select=FAMILIES))
        for path in sorted(root.rglob("*")):
            if path.suffix in SUFFIXES:
                found += project.check_file(path, display=path.relative_to(FIXTURES).as_posix())
    return found


def test_every_rule_is_heard(findings):
    assert {finding.code for finding in findings} == set(CODES) - {"SMC900"}


def test_one_line(findings):
    assert [finding for finding in findings if not finding.message.isprintable()] == []


def test_not_too_long(findings):
    assert [finding for finding in findings if len(finding.message) > 300] == []


def test_no_trailing_period_and_no_capital(findings):
    assert [finding for finding in findings if not re.search(r"[^\s.,;:]$", finding.message)] == []
    assert [finding for finding in findings if re.match(r"[A-Z][a-z]", finding.message)] == []


def test_the_subject_is_quoted(findings):
    """A file that is no YAML at all has nothing to quote."""
    told = [finding for finding in findings if not finding.message.startswith("not valid ")]
    assert [finding for finding in told if not QUOTED.search(finding.message)] == []


def test_there_is_a_remedy(findings):
    assert [finding for finding in findings if not finding.message.partition("; ")[2]] == []


def test_no_inner_names(findings):
    messages = [finding.message for finding in findings]
    messages += [related.message for finding in findings for related in finding.related]
    assert [message for message in messages if REPR.search(message)] == []


def test_code_can_be_copied(findings):
    shown = [code for finding in findings for code in CODE.findall(finding.message)]
    assert any(code.startswith("os.environ") for code in shown)
    for code in shown:
        ast.parse(code, mode="eval")


def test_related_places_exist(findings):
    """Related paths are relative to the root of the project, which is the first folder of a fixture, or the second."""
    for finding in findings:
        parts = finding.path.split("/")
        root = FIXTURES.joinpath(*parts[: 2 if parts[0] == "cases" else 1])
        for related in finding.related:
            lines = (root / related.path).read_text(encoding="utf-8").splitlines()
            assert 1 <= related.line <= len(lines), related
            assert related.message, finding
            assert "\n" not in related.message
