"""What several tests need: copies of the example projects, and commands run as users run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from flake8.main.application import Application
from hypothesis import HealthCheck, settings

from flake8_contracts.cli import cli

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
LEFT_BY_TOOLS = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info")


@dataclass(frozen=True)
class Result:
    """What a command said."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def own(self) -> list[str]:
        """The lines with findings of this plugin."""
        return [line for line in self.stdout.splitlines() if re.match(r"\S+?:\d+:\d+: SMC", line)]

    @property
    def codes(self) -> set[str]:
        """The codes of this plugin that are reported."""
        return {line.split(": ")[1][:6] for line in self.own}

    def about(self, name: str) -> list[str]:
        """The findings of this plugin in a file, without the file's name."""
        return [line.partition(":")[2] for line in self.own if line.startswith((f"{name}:", f"./{name}:"))]


# How long an example takes says something about the machine, and the first one draws up hypothesis's own tables. In
# continuous integration a change is judged by the same examples every time; elsewhere new ones are sought.
settings.register_profile(
    "everywhere", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("everywhere"), max_examples=50, derandomize=True)
settings.register_profile("fuzz", settings.get_profile("everywhere"), max_examples=3_000)  # make fuzz
settings.load_profile("ci" if os.environ.get("CI") else "everywhere")


@pytest.fixture
def copy_of(tmp_path) -> Callable[[str], Path]:
    """Copies an example project, which may then be changed; returns where the copy is."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(FIXTURES / name, tmp_path / name, ignore=LEFT_BY_TOOLS))

    return copy


@pytest.fixture
def payload(copy_of) -> Path:
    """The broken project with its payload step only, which is checked faster than the whole."""
    root = copy_of("broken")
    shutil.rmtree(root / "steps")
    shutil.rmtree(root / "contracts" / "preprocessing")
    shutil.rmtree(root / "contracts" / "legacy")
    kept = ("__init__.py", "paths.py", "payload", "package")
    for path in (*(root / "contracts").iterdir(), *(root / "scripts").iterdir()):
        if path.is_file() and not path.name.startswith(kept):
            path.unlink()
    return root


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
        return Result(application.exit_code(), output, errors)

    return run


@pytest.fixture
def check_here(monkeypatch, capsys) -> Callable[..., Result]:
    """Runs the command in this process."""

    def run(*arguments: str, cwd: Path) -> Result:
        monkeypatch.chdir(cwd)
        with pytest.raises(SystemExit) as ended:
            cli.main(["check", *arguments])
        output, errors = capsys.readouterr()
        return Result(int(ended.value.code or 0), output, errors)

    return run


@pytest.fixture
def runner() -> CliRunner:
    """Calls a command in this process, and keeps what it writes to standard output and error apart."""
    # Before click 8.2 they are mixed unless one says otherwise.
    options: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
    return CliRunner(**options)


@pytest.fixture(scope="session")
def run_python() -> Callable[..., Result]:
    """Runs this Python with arguments in a directory."""
    return _python


WITHOUT_PRIVILEGES = """
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH; 24 is PR_CAPBSET_DROP
    if ctypes.CDLL(None).prctl(24, capability, 0, 0, 0):
        sys.exit("cannot drop the privilege")
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.fixture(scope="session")
def run_unprivileged() -> Callable[..., Result]:
    """Runs this Python as somebody for whom permissions hold; root may read and write everything. Linux only."""

    def run(*arguments: str, cwd: Path) -> Result:
        start = ["-c", WITHOUT_PRIVILEGES] if os.getuid() == 0 else []
        result = _python(*start, *arguments, cwd=cwd)
        if "cannot drop the privilege" in result.stderr:
            pytest.skip("run by root, who may read everything")
        return result

    return run


@pytest.fixture(scope="session")
def imports() -> Callable[..., set[str]]:
    """Runs a program in a Python of its own; returns the modules that it has imported in the end."""

    def run(program: str, *arguments: str) -> set[str]:
        # The measurement of coverage imports modules of its own into every process that inherits its variables.
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        process = subprocess.run(
            [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)", *arguments],
            env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert process.returncode == 0, process.stderr
        return set(process.stdout.split())

    return run


@pytest.fixture
def run_script(run_python, tmp_path) -> Callable[..., Result]:
    """Runs a program in a directory; the program's own directory is another one."""

    def run(program: str, *arguments: str, cwd: Path) -> Result:
        path = tmp_path / "programs" / "program.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(program)
        return run_python(str(path), *arguments, cwd=cwd)

    return run


def _python(*arguments: str, cwd: Path, given: bytes | None = None) -> Result:
    process = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, input=given, capture_output=True, check=False
    )
    return Result(process.returncode, process.stdout.decode(), process.stderr.decode())


class Line(NamedTuple):
    """One line of a report."""

    path: str
    line: int
    column: int
    code: str
    message: str


LINE = re.compile(r"(?:\./)?(.+?):(\d+):(\d+): ([A-Z]+\d+) (.*)")
NOT_PYTHON = re.compile(r"(?:\./)?(.+?):\d+:\d+: not checked, because it is no valid Python: .+")

CONTROLS = {
    "pyproject.toml": "",
    "aa.contract.yaml": "entry_point: aa.py\nexpected_output_paths: {result: /opt/ml/processing/output/aa}\n",
    "aa.py": 'open("/opt/ml/processing/output/aa", "w")\n',
    "zz_contract.py": (
        "from contracts_runtime import ScriptContract\n"
        "ZZ = ScriptContract(entry_point='zz.py', expected_output_paths={'zz': '/opt/ml/processing/output/zz'})\n"
    ),
    "zz.py": 'open("/opt/ml/processing/output/zz", "w")\n',
}
"""Two scripts, and contracts of both kinds, that are read before and after anything else. Both scripts are wrong."""


@pytest.fixture
def report_on(write, check_here, flake8_here) -> Callable[..., list[Line]]:
    """What both commands say about a project that also holds two scripts with a known defect each.

    Whatever the project holds, the commands end in order, say the same, and report those defects. Returned are the
    lines about the other files.
    """

    def report(files: dict[str, str | bytes] | Path) -> list[Line]:
        root = write({**CONTROLS, **files}) if isinstance(files, dict) else files
        checked, linted = check_here(".", cwd=root), flake8_here("--select", "SMC,E9", ".", cwd=root)
        not_python = [told[1] for told in map(NOT_PYTHON.fullmatch, checked.stderr.splitlines()) if told]
        assert len(checked.stderr.splitlines()) == len(set(not_python))
        assert linted.stderr == ""
        assert checked.returncode == (2 if not_python else 1)
        assert linted.returncode == 1
        said, by_flake8 = parsed(checked.stdout), parsed(linted.stdout)
        for script in ("aa.py", "zz.py"):
            assert [(line.line, line.code) for line in said if line.path == script] == [(1, "SMC106")]
        # What flake8 cannot parse it does not hand over.
        unparsed = {line.path for line in by_flake8 if line.code.startswith("E9")}
        assert unparsed.issuperset(not_python)
        comparable = [line for line in said if line.path.endswith(".py") and line.path not in unparsed]
        assert [line for line in by_flake8 if line.path not in unparsed] == comparable
        return [line for line in said if line.path not in CONTROLS]

    return report


def parsed(output: str) -> list[Line]:
    """The lines of a report; anything else is an error."""
    lines = []
    for text in output.splitlines():
        match = LINE.fullmatch(text)
        assert match is not None, output
        lines.append(Line(match[1], int(match[2]), int(match[3]), match[4], match[5]))
    return lines
