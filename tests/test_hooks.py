"""The hooks for pre-commit: which files they take, and that what they run exists."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

TOP = Path(__file__).resolve().parent.parent
HOOKS = {hook["id"]: hook for hook in YAML(typ="safe").load(TOP / ".pre-commit-hooks.yaml")}


def test_there_is_a_hook_that_checks_and_one_that_fixes():
    assert set(HOOKS) == {"flake8-contracts", "flake8-contracts-fix"}
    assert shlex.split(HOOKS["flake8-contracts-fix"]["entry"]) == ["flake8-contracts", "check", "--fix"]


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_a_hook_runs_once_on_python_and_contract_files(hook):
    assert hook["require_serial"] is True
    assert hook["language"] == "python"
    taken = [
        "a.py", "a.pyi", "contracts/a.contract.yaml", "a.contract.yml", "a.contract.json", "a.contract.toml",
        "a.step.yaml", "a.step.yml",
    ]  # fmt: skip
    others = ["a.yaml", "package.json", "pyproject.toml", "a.contract.md", "a.pyc", "astep.yaml"]
    assert [name for name in [*taken, *others] if re.search(hook["files"], name)] == taken
    assert {"python", "yaml", "json", "toml"} <= set(hook["types_or"])


def run(entry: str, *paths: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    program, *arguments = shlex.split(entry)
    assert program == "flake8-contracts"
    command = [sys.executable, "-m", "flake8_contracts", *arguments, *paths]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_check_reports_what_is_wrong_in_the_files_that_it_is_given(tmp_path):
    (tmp_path / "job.contract.yaml").write_text(
        "entry_point: job.py\nexpected_output_paths:\n  report: /opt/ml/processing/output/report.csv\n",
        encoding="utf-8",
    )
    (tmp_path / "job.py").write_text("print('nothing')\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    entry = HOOKS["flake8-contracts"]["entry"]
    done = run(entry, "job.contract.yaml", "job.py", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "job.contract.yaml:3:" in done.stdout
    assert "SMC401" in done.stdout
    (tmp_path / "job.contract.yaml").write_text("entry_point: job.py\n", encoding="utf-8")
    done = run(entry, "job.contract.yaml", "job.py", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
