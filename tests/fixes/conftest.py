"""Projects that are fixed, and what is true of them before and after."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from flake8_contracts import Finding, Settings, check_paths, load_settings
from flake8_contracts.catalog.documents import DocumentError, read_document
from flake8_contracts.fixing import Fixing, Outcome
from flake8_contracts.flake8_config import FileOptions
from flake8_contracts.project import Project
from flake8_contracts.rules import all_rules
from flake8_contracts.rules.codes import CODES
from flake8_contracts.targets import targets

OPT_IN = tuple(rule.code for rule in all_rules() if not rule.default)


class Tree:
    """A project on the disk."""

    def __init__(self, root: Path, *, everything: bool = False) -> None:
        self.root = root
        given = load_settings([root], root=root, overrides={"use_cache": False}, known_codes=CODES)
        self.settings: Settings = given._replace(extend_select=OPT_IN) if everything else given

    def write(self, files: dict[str, str | bytes]) -> Tree:
        """Write files."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def files(self) -> dict[str, bytes]:
        """What all files hold, those that are left behind by mistake among them."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }

    def text(self, name: str) -> str:
        """What a file holds."""
        return (self.root / name).read_bytes().decode()

    def findings(self, *, noqa: bool = True) -> list[Finding]:
        """What the linter says, without any of what fixes do."""
        return list(check_paths([self.root], self.settings, noqa=noqa))

    def codes(self) -> list[str]:
        """The codes of what the linter says."""
        return sorted(finding.code for finding in self.findings())

    def fixing(self, *, unsafe: bool = False) -> Fixing:
        """A run that fixes all files."""
        project = Project(self.settings)
        found = targets([str(self.root)], project.declaration_files(), FileOptions(exclude=()))
        return Fixing(self.settings, found, unsafe=unsafe)

    def fix(self, *, unsafe: bool = False) -> Outcome:
        """Fix what can be fixed."""
        fixing = self.fixing(unsafe=unsafe)
        return fixing.write(fixing.run())


@pytest.fixture
def tree(tmp_path) -> Tree:
    """An empty project."""
    return Tree(tmp_path)


def counts(findings: list[Finding]) -> Counter[tuple[str, str]]:
    """How often each code is found in each file."""
    return Counter((finding.path, finding.code) for finding in findings)


def require_kept_promises(project: Tree, *, unsafe: bool) -> Outcome:
    """Fix a project; everything is parsed afterwards, what was fixed is gone, nothing is new, and that was all."""
    before, held = counts(project.findings(noqa=False)), project.files()
    outcome = project.fix(unsafe=unsafe)
    after = counts(project.findings(noqa=False))
    for key, number in counts(outcome.fixed).items():
        assert before[key] - after[key] >= number, key
    assert not after - before
    assert project.files().keys() == held.keys()
    for name, data in project.files().items():
        assert (data == held[name]) or parses(project.root / name, data), name
    fixed = project.files()
    again = project.fix(unsafe=unsafe)
    assert again.fixed == []
    assert again.changes == []
    assert project.files() == fixed
    return outcome


def parses(path: Path, data: bytes) -> bool:
    try:
        if path.suffix == ".py":
            ast.parse(data)
        else:
            read_document(path, data)
    except (SyntaxError, DocumentError):
        return False
    return True
