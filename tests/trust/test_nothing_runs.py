"""Linting executes nothing of the project: every command is run in one that is full of traps."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from flake8_contracts.cli import cli

HERE = Path(__file__).parent

FLAKE8 = {
    "flake8": ["-j1", "."],
    "flake8 with workers": ["-j2", "."],
    "flake8 with every rule": [
        "-j1",
        "--extend-select",
        "SMC,SMC105,SMC109,SMC203,SMC206,SMC304,SMC902",
        ".",
    ],
    "flake8 on standard input": ["--stdin-display-name", "job_contract.py", "-"],
    "flake8 without cache": ["-j1", "--contracts-no-cache", "job.py", "job_contract.py"],
}
COMMANDS = {
    "check": ["."],
    "check --fix": ["--fix", "--unsafe-fixes", "."],
    "check --diff": ["--diff", "."],
    "check -": ["--stdin-filename", "job_contract.py", "-"],
    "contracts": ["--output-format", "json"],
    "facts": ["job.py"],
    "rule": ["SMC101"],
    "verify": ["definition.json"],
    "vendor": ["--check", "vendored"],
}
"""The commands, with arguments that make them read the project."""
#: What is vendored in the project is not up to date.
VENDOR_HINT = "the same command without --check writes what it takes\n"

Run = Callable[..., "tuple[int, str, str]"]


@pytest.fixture
def root(tmp_path, planted) -> Path:
    root = tmp_path / "project"
    planted.plant(root)
    return root


@pytest.fixture
def marks(tmp_path) -> Callable[[], list[str]]:
    """The marks that were left so far."""
    directory = tmp_path / "marks"
    directory.mkdir()

    def found() -> list[str]:
        return sorted(path.name for path in directory.iterdir())

    return found


@pytest.fixture
def run(tmp_path, marks, root, planted) -> Run:
    """Runs a program in the project as a user would: by the name that its installation has given it."""
    environ = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONSAFEPATH")
    }
    environ[planted.MARKS] = str(tmp_path / "marks")

    def run_it(*command: str, given: bytes = b"") -> tuple[int, str, str]:
        process = subprocess.run(
            command, cwd=root, env=environ, input=given, capture_output=True, check=False
        )
        return process.returncode, process.stdout.decode(), process.stderr.decode()

    return run_it


def installed(name: str) -> str:
    """The console script of that name that belongs to this Python."""
    suffix = ".exe" if sys.platform == "win32" else ""
    return str(Path(sys.executable).with_name(name + suffix))


# The traps work


@pytest.mark.parametrize(
    ("program", "mark"),
    [
        ("import job", "script"),
        ("import conftest", "module conftest"),
        ("import pickle; pickle.load(open('data.pkl', 'rb'))", "data.pkl"),
        ("import pickle; pickle.load(open('.flake8_contracts_cache/v1/x.pkl', 'rb'))", "cache v1_x.pkl"),
        ("import site; site.addsitedir('.')", "pth"),
        ("import importlib.metadata as m; [e.load() for e in m.entry_points(group='flake8.report')]", "entry point"),
    ],
)  # fmt: skip
def test_a_program_that_runs_something_is_caught(run, marks, root, planted, program, mark):
    shutil.rmtree(root)
    planted.plant(root, shadowing=False)
    run(sys.executable, "-c", program)
    assert mark in marks()


def test_everything_in_a_contract_module_is_caught(run, marks, root, planted):
    shutil.rmtree(root)
    planted.plant(root, shadowing=False)
    code, _, errors = run(
        sys.executable, "-c", "import job_contract; job_contract.JOB, job_contract.anything"
    )
    assert (code, errors) == (0, "")
    assert set(marks()) >= {
        "annotation", "attribute of a module", "class body", "compile", "constructor of a contract", "contract module",
        "data.pkl", "decorator", "function of a helper", "dynamic import", "eval", "exec",
        "f-string", "function of a contract module", "function of a package", "helper", "metaclass", "package",
        "star import", "subclass", "subprocess", "system",
    }  # fmt: skip


def test_a_loader_that_constructs_objects_is_caught(planted, marks, tmp_path, monkeypatch):
    monkeypatch.setenv(planted.MARKS, str(tmp_path / "marks"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        YAML(typ="unsafe", pure=True).load(planted.yaml_tagged("yaml tag"))
    assert marks() == ["yaml tag"]


def test_a_pickle_is_caught(planted, marks, tmp_path, monkeypatch):
    monkeypatch.setenv(planted.MARKS, str(tmp_path / "marks"))
    pickle.loads(pickle.dumps(planted.Bomb("bomb")))
    assert marks() == ["bomb"]


def test_python_with_the_project_on_its_path_is_caught(run, marks):
    """``python -m`` puts the working directory first, before anything of ours can say no."""
    run(sys.executable, "-m", "flake8", "--version")
    assert marks()


# Nothing is run


@pytest.mark.parametrize("name", FLAKE8)
def test_flake8_runs_nothing(run, marks, root, name):
    given = (root / "job_contract.py").read_bytes()
    code, output, errors = run(installed("flake8"), "--select", "SMC", *FLAKE8[name], given=given)
    assert marks() == []
    assert code in (0, 1)
    assert errors == ""
    assert "SMC900" not in output
    assert "critical error" not in output


def test_flake8_reports_what_is_wrong_all_the_same(run):
    _, output, _ = run(installed("flake8"), "--select", "SMC", ".")
    assert "job.py:14:9: SMC106" in output


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_run_nothing(run, marks, root, name):
    given = (root / "job_contract.py").read_bytes()
    code, output, errors = run(
        installed("flake8-contracts"), name.partition(" ")[0], *COMMANDS[name], given=given
    )
    assert marks() == []
    assert code in (0, 1)
    assert "Traceback" not in errors
    assert output or name in ("check --diff", "verify")  # there may be nothing to say


def test_every_command_is_tried():
    assert {name.partition(" ")[0] for name in COMMANDS} == set(cli.commands)


def test_plugins_that_flake8_is_told_of_in_a_project_are_flake8s_own_affair(run, marks, root):
    """flake8 imports its local plugins; this command, which reads the same file, does not."""
    (root / "setup.cfg").write_text(
        "[flake8:local-plugins]\nextension =\n    ZZZ = planted_plugin:Plugin\npaths = .\n"
    )
    code, _, errors = run(installed("flake8-contracts"), "check", ".")
    assert (code, errors, marks()) == (1, "", [])


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("flake8.main.cli:_main", ["-j1", "--select", "SMC", "."]),
        *(("flake8_contracts.cli:main", [name, *COMMANDS[name]]) for name in COMMANDS if " " not in name),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_an_auditor_sees_nothing(run, marks, root, tmp_path, command, arguments):
    """Nothing is imported, run or unpickled; no process, no connection; nothing is written but kept results.

    The second run reads what the first one has kept.
    """
    given = command.replace("flake8.main.cli:_main", "flake8.main.cli:main")
    for kept in ("first", "second"):
        report = tmp_path / f"{kept}.txt"
        code, _, errors = run(
            sys.executable, str(HERE / "audited.py"), str(report), str(root), given, *arguments
        )
        assert errors in ("", VENDOR_HINT)
        assert code in (0, 1)
        assert report.read_text() == ""
    assert marks() == []
    assert (root / ".flake8_contracts_cache").is_dir()


def test_the_auditor_sees_what_there_is(run, root, tmp_path):
    """A command that does what none may do."""
    (root / "does_it.py").write_text(
        "import pickle, subprocess\n"
        "def main():\n"
        "    pickle.load(open('data.pkl', 'rb'))\n"
        "    exec(compile('pass', 'job.py', 'exec'))\n"
        "    subprocess.run(['true'])\n"
        "    open('written', 'w')\n"
    )
    tool = root.parent / "tool"
    tool.mkdir()
    (root / "does_it.py").rename(tool / "does_it.py")
    program = (HERE / "audited.py").read_text().replace("del sys.path[0]", f"sys.path[0] = {str(tool)!r}")
    (tool / "audited.py").write_text(program)
    report = tmp_path / "report.txt"
    run(sys.executable, str(tool / "audited.py"), str(report), str(root), "does_it:main")
    seen = report.read_text()
    for event in ("pickle.find_class", "exec <code", "subprocess.Popen", "open 'written'"):
        assert event in seen
