"""The hooks for pre-commit: which files they take, and that what they run exists."""

from __future__ import annotations

import json
import os
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


# --- the real pre-commit ---


def pre_commit(project: Path, *hooks: str) -> subprocess.CompletedProcess[str]:
    """Run hooks of ours on all files of a project, with what is installed here instead of an environment of their own.

    Everything else is taken from .pre-commit-hooks.yaml: entry, files, types and whether they run in parallel.
    """
    local = [{**HOOKS[name], "language": "system"} for name in hooks]
    config = project / ".pre-commit-config.yaml"
    config.write_text(json.dumps({"repos": [{"repo": "local", "hooks": local}]}), encoding="utf-8")
    home = project.parent / "pre-commit"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    for command in (["git", "init", "-q"], ["git", "add", "-A"]):
        subprocess.run(command, cwd=project, check=True)
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def project(tmp_path):
    """A clean one, with files that are none of the hooks' business."""
    root = tmp_path / "project"
    root.mkdir()
    files = {
        "job.py": "import os\n\nprint(os.listdir('/opt/ml/processing/input/data'))\n",
        "job.contract.yaml": "entry_point: job.py\nexpected_input_paths:\n  data: /opt/ml/processing/input/data\n",
        "settings.yaml": "a: [\n",
        "pyproject.toml": "",
        "notes.md": "/opt/ml/processing/nowhere\n",
    }
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_pre_commit_passes_a_clean_project(project):
    done = pre_commit(project, "flake8-contracts")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^flake8-contracts\.+Passed$", done.stdout, re.MULTILINE)


def test_pre_commit_fails_with_the_findings(project):
    contract = project / "job.contract.yaml"
    contract.write_text(
        contract.read_text(encoding="utf-8").replace("input/data", "input/dat"), encoding="utf-8"
    )
    done = pre_commit(project, "flake8-contracts")
    assert done.returncode == 1
    assert re.search(r"^flake8-contracts\.+Failed$", done.stdout, re.MULTILINE)
    assert "- exit code: 1" in done.stdout
    assert len(re.findall(r"^job\.py:3:\d+: SMC101 ", done.stdout, re.MULTILINE)) == 1
    assert "settings.yaml" not in done.stdout


def test_pre_commit_has_nothing_to_do_elsewhere(project):
    for path in project.iterdir():
        if path.name.startswith("job"):
            path.unlink()
    done = pre_commit(project, "flake8-contracts")
    assert done.returncode == 0
    assert "(no files to check)Skipped" in done.stdout


def test_pre_commit_fixes_what_can_be_fixed(project):
    (project / "job.py").write_text(
        "with open('/opt/ml/processing/output/report.csv', 'w') as file:\n    file.write('x')\n",
        encoding="utf-8",
    )
    (project / "job.contract.yaml").write_text(
        "entry_point: job.py\nexpected_output_paths:\n  report: /opt/ml/processing/output/report.csv\n",
        encoding="utf-8",
    )
    first = pre_commit(project, "flake8-contracts-fix")
    assert first.returncode == 1
    assert "- files were modified by this hook" in first.stdout
    assert "report: /opt/ml/processing/output\n" in (project / "job.contract.yaml").read_text(
        encoding="utf-8"
    )
    second = pre_commit(project, "flake8-contracts-fix", "flake8-contracts")
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout.count("Passed\n") == 2
