"""flake8 and the command say the same about Python files, byte for byte."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent

CONFIGURATION = """
[flake8]
select = SMC
extend-ignore =
    SMC103,
    SMC2
per-file-ignores =
    scripts/*: SMC101
"""


def run(module: str, *arguments: str, cwd: Path = TOP, given: bytes | None = None) -> list[bytes]:
    """Run a module's command; return the lines about Python files that it prints."""
    process = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=cwd, capture_output=True, input=given, check=False
    )
    assert process.stderr == b""
    assert process.returncode in {0, 1}
    lines = process.stdout.splitlines(keepends=True)
    return [line for line in lines if line.partition(b":")[0].endswith((b".py", b"stdin"))]


@pytest.mark.parametrize("name", ["broken", "clean", "opt_in"])
def test_a_project(name):
    project = TOP / "fixtures" / name
    expected = run("flake8", "-j2", "--select", "SMC", ".", cwd=project)
    assert bool(expected) == (name == "broken")
    assert run("flake8_contracts", "check", "--select", "SMC", ".", cwd=project) == expected


def test_a_project_from_above():
    expected = run("flake8", "-j1", "--select", "SMC", "fixtures/broken/")
    assert expected
    assert run("flake8_contracts", "check", "fixtures/broken/") == expected


def test_opt_in_rules():
    codes = "SMC105,SMC109,SMC203,SMC206,SMC902"
    project = TOP / "fixtures" / "opt_in"
    expected = run("flake8", "-j1", "--select", codes, cwd=project)
    assert expected
    assert run("flake8_contracts", "check", "--select", codes, cwd=project) == expected


def test_without_noqa_comments():
    project = TOP / "fixtures" / "broken"
    expected = run("flake8", "-j1", "--select", "SMC", "--disable-noqa", cwd=project)
    assert run("flake8_contracts", "check", "--disable-noqa", cwd=project) == expected


def test_configuration_for_flake8_counts_for_both(tmp_path):
    project = tmp_path / "project"
    shutil.copytree(TOP / "fixtures" / "broken", project, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    (project / "setup.cfg").write_text(CONFIGURATION)
    expected = run("flake8", "-j1", cwd=project)
    assert expected
    assert not any(code in line for line in expected for code in (b" SMC101 ", b" SMC103 ", b" SMC2"))
    assert run("flake8_contracts", "check", cwd=project) == expected


def test_standard_input():
    project = TOP / "fixtures" / "broken"
    name = next(
        path.relative_to(project).as_posix()
        for path in sorted((project / "scripts").glob("*.py"))
        if "# expect: SMC101" in path.read_text(encoding="utf-8")
    )
    text = (project / name).read_bytes()
    expected = run("flake8", "--select", "SMC", "--stdin-display-name", name, "-", cwd=project, given=text)
    assert any(b" SMC101 " in line for line in expected)
    assert (
        run("flake8_contracts", "check", "--stdin-filename", name, "-", cwd=project, given=text) == expected
    )
