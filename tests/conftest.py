"""What several tests need: copies of the example projects, and commands run as users run them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flake8.main.application import Application

from flake8_contracts.cli import cli

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
LEFT_BY_TOOLS = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info")

Result = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder with the example projects."""
    return FIXTURES


@pytest.fixture
def copy_of(tmp_path) -> Callable[[str], Path]:
    """Copies an example project, which may then be changed; returns where the copy is."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(FIXTURES / name, tmp_path / name, ignore=LEFT_BY_TOOLS))

    return copy


@pytest.fixture
def write(tmp_path) -> Callable[[dict[str, str | bytes]], Path]:
    """Writes a project from a mapping of file names to contents; returns its root."""

    def create(files: dict[str, str | bytes]) -> Path:
        root = tmp_path / "project"
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return create


@pytest.fixture(scope="session")
def flake8() -> Callable[..., Result]:
    """Runs flake8 in a directory. Its output is read as it is: no line ends are translated."""

    def run(*arguments: str, cwd: Path, given: bytes | None = None) -> Result:
        return _python("-m", "flake8", *arguments, cwd=cwd, given=given)

    return run


@pytest.fixture(scope="session")
def check() -> Callable[..., Result]:
    """Runs ``flake8-contracts check`` in a directory."""

    def run(*arguments: str, cwd: Path, given: bytes | None = None) -> Result:
        return _python("-m", "flake8_contracts", "check", *arguments, cwd=cwd, given=given)

    return run


@pytest.fixture
def flake8_here(monkeypatch, capsys) -> Callable[..., Result]:
    """Runs flake8 in this process, for what does not depend on processes: one for each option would take minutes."""

    def run(*arguments: str, cwd: Path) -> Result:
        monkeypatch.chdir(cwd)
        application = Application()
        application.run(["-j1", *arguments])
        output, errors = capsys.readouterr()
        return Result(("flake8", *arguments), application.exit_code(), output, errors)

    return run


@pytest.fixture
def check_here(monkeypatch) -> Callable[..., Result]:
    """Runs the command in this process."""

    def run(*arguments: str, cwd: Path) -> Result:
        monkeypatch.chdir(cwd)
        result = CliRunner().invoke(cli, ["check", *arguments], catch_exceptions=False)
        return Result(("check", *arguments), result.exit_code, result.output, "")

    return run


@pytest.fixture(scope="session")
def run_python() -> Callable[..., Result]:
    """Runs this Python with arguments in a directory."""
    return _python


def _python(*arguments: str, cwd: Path, given: bytes | None = None) -> Result:
    process = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, input=given, capture_output=True, check=False
    )
    out, error = process.stdout.decode(), process.stderr.decode()
    return subprocess.CompletedProcess(process.args, process.returncode, out, error)
