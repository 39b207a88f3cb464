"""The quick look at files: it may take a file for one that matters, never the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_contracts.project import Project
from flake8_contracts.settings import Settings
from flake8_contracts.syntax.decoding import UnparsableSource

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
PROJECTS = sorted({path.parent for path in FIXTURES.rglob("pyproject.toml")})


@pytest.mark.parametrize("root", PROJECTS, ids=lambda root: root.name)
def test_no_file_is_passed_over_that_matters(root):
    project = Project(Settings(root=root, use_cache=False))
    for path in sorted(root.rglob("*.*")):
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        try:
            matters = path.is_file() and project.concerns(path, text)
        except UnparsableSource:
            matters = True
        assert not matters or project.may_concern(str(path), text), path


def test_what_contracts_name_and_where_they_stand_is_known_by_name(write):
    root = write(
        {
            "job.contract.yaml": "entry_point: scripts/job.py\nexpected_output_paths: {}\n",
            "names.py": "class Names:\n    required_env_vars = ['A']\n    entry_point = 'other.py'\n",
        }
    )
    catalog = Project(Settings(root=root, use_cache=False)).catalog
    assert catalog.may_concern("anywhere/job.py")
    assert catalog.may_concern("job.contract.yaml")
    assert not catalog.may_concern("scripts/unknown.py")
    for path in catalog.shelf.summaries:
        assert catalog.may_concern(str(path))


def test_a_file_that_cannot_be_read_may_be_any(write):
    root = write({"contracts/job.contract.yaml": "", "plain.py": "print(1)\n"})
    (root / "contracts" / "job.contract.yaml").unlink()
    (root / "contracts" / "job.contract.yaml").symlink_to(root / "gone.yaml")
    catalog = Project(Settings(root=root, use_cache=False)).catalog
    assert catalog.unreadable_at(root / "contracts" / "job.contract.yaml")
    assert catalog.may_concern("plain.py")
