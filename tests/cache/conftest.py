"""A small project with contracts of all kinds, and what is checked anew in a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_contracts.api import check_paths
from flake8_contracts.project import Project
from flake8_contracts.settings import Settings

# fmt: off
PROJECT = {
    "pyproject.toml": "",
    "paths.py": 'BASE = "/opt/ml/processing"\nOUTPUT = BASE + "/output"\n',
    "train.contract.yaml":
        "entry_point: scripts/train.py\nexpected_output_paths: {MODEL: /opt/ml/processing/output/m}\n",
    "contracts/__init__.py": "",
    "contracts/report_contract.py": (
        "from contracts_runtime import ScriptContract\nfrom paths import OUTPUT\n"
        'REPORT = ScriptContract(entry_point="report.py", expected_output_paths={"REPORT": f"{OUTPUT}/report"})\n'
    ),
    "contracts/clean_contract.py": (
        "from contracts_runtime import ScriptContract\n"
        'CLEAN = ScriptContract(entry_point="scripts/clean.py", required_env_vars=["LEVEL"],\n'
        '    expected_output_paths={"CLEAN": "/opt/ml/processing/output/clean"})\n'
    ),
    "scripts/train.py": 'open("/opt/ml/processing/output/m", "w")\nopen("/opt/ml/processing/input/data")\n',
    "scripts/report.py": "from helper import save\nfrom paths import OUTPUT\nsave(OUTPUT + '/report')\n",
    "scripts/clean.py": (
        "import os\nfrom contracts.clean_contract import CLEAN\nfrom contracts_runtime import ContractEnforcer\n"
        "with ContractEnforcer(CLEAN) as enforcer:\n"
        "    open(enforcer.get_output_path('CLEAM'), 'w')\nprint(os.environ['OTHER'])\n"
    ),
    "scripts/helper.py": "def save(path):\n    open(path, 'w').write('')\n",
    "scripts/other.py": "print('nothing')\n",
}
# fmt: on


@pytest.fixture
def project(write) -> Path:
    """The project's root."""
    return write(PROJECT)


def settings_of(root: Path, *, use_cache: bool = True, **options) -> Settings:
    return Settings(root=root, cache_dir=root / ".flake8_contracts_cache", use_cache=use_cache, **options)


def findings(root: Path, *, use_cache: bool = True, **options) -> list[str]:
    """Everything about the findings of a run."""
    return [repr(found) for found in check_paths([root], settings_of(root, use_cache=use_cache, **options))]


@pytest.fixture
def checked(monkeypatch):
    """Runs, and tells the names of the files that were checked anew."""
    names: list[str] = []
    compute = Project._findings

    def note(self, path, text, shown):
        names.append(path.name)
        return compute(self, path, text, shown)

    monkeypatch.setattr(Project, "_findings", note)

    def run(root: Path, **options) -> set[str]:
        names.clear()
        kept = findings(root, **options)
        anew = set(names)
        assert kept == findings(root, **{**options, "use_cache": False})
        return anew

    return run
