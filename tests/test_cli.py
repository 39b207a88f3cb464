"""The command, with an engine that finds the word BAD."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flake8_contracts import __version__, check_paths
from flake8_contracts.catalog.binding import Binding
from flake8_contracts.catalog.model import DeclaredContract, DeclaredSpecification, Entry, Unreadable
from flake8_contracts.cli import cli, main
from flake8_contracts.findings import Finding, FixedPlace, Span
from flake8_contracts.rules import all_rules
from flake8_contracts.settings import Settings
from flake8_contracts.syntax.source import UnparsableSource


@dataclass
class FakeCatalog:
    contracts: list[DeclaredContract] = field(default_factory=list)
    specifications: list[DeclaredSpecification] = field(default_factory=list)
    by_script: tuple[str, ...] = ("payload.py",)
    unreadable: list[Unreadable] = field(default_factory=list)


def contract(source: Path, name: str, entry_point: str | None, line: int = 1) -> DeclaredContract:
    place = FixedPlace(source, Span(line, 1, line, 10))
    return DeclaredContract(
        name=name,
        source=source,
        place=place,
        entry_point=Entry(entry_point, place, place),
        inputs={"DATA": Entry("/opt/ml/processing/input/data", place, place)},
        outputs={"RESULT": Entry(None, place, place)},
        required_env={"LABEL": Entry("LABEL", place, place)},
        optional_env={"RATIO": Entry("0.7", place, place)},
        unresolved=frozenset({"expected_output_paths"}),
    )


class FakeProject:
    """Declares PAYLOAD for scripts/payload.py, and OTHER for no script; reports the word BAD."""

    seen: Settings

    def __init__(self, settings: Settings) -> None:
        type(self).seen = settings
        self.settings = settings
        self.root = settings.root
        self.unchecked: dict[Path, UnparsableSource] = {}
        self.catalog = FakeCatalog(
            contracts=[
                contract(self.root / "contracts" / "b.step.yaml", "OTHER", None),
                contract(self.root / "contracts" / "a.py", "PAYLOAD", "payload.py", line=3),
            ],
            unreadable=[Unreadable(FixedPlace(self.root / "contracts" / "c.step.yaml"), "not YAML")],
        )

    def declaration_files(self) -> list[Path]:
        return sorted(self.root.rglob("*.step.yaml"))

    def concerns(self, path: Path, text: str | None = None) -> bool:
        return path.name in self.catalog.by_script

    @contextmanager
    def one_file(self) -> Iterator[None]:
        yield

    def check_file(self, path: Path, text: str | None = None, display: str | None = None) -> list[Finding]:
        assert path.is_absolute()
        assert display is not None
        lines = (path.read_text() if text is None else text).split("\n")
        return [
            Finding(
                display, number, line.index("BAD") + 1, number, line.index("BAD") + 4, "SMC101", "found BAD"
            )
            for number, line in enumerate(lines, 1)
            if "BAD" in line
        ]

    def binding(self, path: Path) -> Binding:
        if path.name == "odd.py":
            raise UnparsableSource(path, 1, 1, "odd", valid_python=False)
        if path.name == "payload.py":
            return Binding((self.catalog.contracts[1],), "its entry point is 'payload.py'")
        return Binding((), "no contract has this entry point")


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    files = {
        "pyproject.toml": "",
        "contracts/a.py": "A = 1\n",
        "contracts/b.step.yaml": "a: BAD\nb: BAD  # noqa: SMC101\n",
        "contracts/c.step.yaml": "a: 1\n",
        "contracts/ignored.yaml": "a: BAD\n",
        "scripts/payload.py": "x = 1\ny = BAD\nz = BAD  # noqa\n",
        "scripts/helper.py": "x = 1\n",
        ".tox/site.py": "BAD\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("flake8_contracts.project.Project", FakeProject)
    monkeypatch.setattr("flake8_contracts.api.Project", FakeProject)
    return tmp_path


# Before click 8.2 standard output and error are mixed unless one says otherwise.
RUNNER_OPTIONS: dict[str, Any] = (
    {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
)


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner(**RUNNER_OPTIONS).invoke(cli, arguments, input=given, catch_exceptions=False)


def flake8(*arguments: str) -> str:
    """What flake8 says about the name BAD, as if it were this project's finding."""
    process = subprocess.run(
        [sys.executable, "-m", "flake8", "-j1", *arguments], capture_output=True, text=True, check=False
    )
    assert process.stderr == ""
    return re.sub(r"F821 .*", "SMC101 found BAD", process.stdout)


IN_YAML = "contracts/b.step.yaml:1:4: SMC101 found BAD\n"
IN_SCRIPT = "scripts/payload.py:2:5: SMC101 found BAD\n"


class TestCheck:
    def test_the_current_directory_is_the_default(self, project):
        result = run("check")
        assert result.stdout == f"./{IN_YAML}./{IN_SCRIPT}"
        assert result.exit_code == 1

    def test_nothing_found(self, project):
        result = run("check", "scripts/helper.py")
        assert (result.output, result.exit_code) == ("", 0)

    @pytest.mark.parametrize(
        ("paths", "shown"),
        [
            (["."], [f"./{IN_YAML}", f"./{IN_SCRIPT}"]),
            (["./scripts"], [f"./{IN_SCRIPT}"]),
            (["scripts/"], [IN_SCRIPT]),
            (["scripts", "contracts"], [IN_YAML, IN_SCRIPT]),
            (["scripts/payload.py"], [IN_SCRIPT]),
            (["./scripts/../scripts/payload.py"], [f"./scripts/../{IN_SCRIPT}"]),
            (["contracts/b.step.yaml"], [IN_YAML]),
        ],
    )
    def test_paths_are_shown_as_they_are_given(self, project, paths, shown):
        assert run("check", *paths).stdout == "".join(shown)

    def test_absolute_paths_stay_absolute(self, project):
        assert run("check", str(project / "scripts")).stdout == f"{project}/{IN_SCRIPT}"

    def test_files_outside_the_working_directory(self, project, monkeypatch):
        monkeypatch.chdir(project / "contracts")
        assert run("check", "../scripts").stdout == f"../{IN_SCRIPT}"

    def test_a_directory_behind_a_link(self, project):
        (project / "link").symlink_to("contracts", target_is_directory=True)
        assert run("check", "link").stdout == "link/b.step.yaml:1:4: SMC101 found BAD\n"

    def test_the_paths_of_a_directory_are_those_of_flake8(self, project):
        (project / "scripts" / "deep" / "__pycache__").mkdir(parents=True)
        for name in ("deep/x.py", "deep/__pycache__/y.py", "deep/z.pyi", "deep/no_suffix", "deep/y.egg.py"):
            (project / "scripts" / name).write_text("BAD\n")
        paths = [".", "scripts/deep", "scripts/deep/z.pyi"]
        expected = flake8("--isolated", "--select", "F821", *paths)
        assert expected.count("\n") == 6
        ours = run("check", *paths).stdout.splitlines(keepends=True)
        assert "".join(line for line in ours if ".yaml:" not in line) == expected

    @pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
    @pytest.mark.parametrize(
        "configuration",
        [
            "exclude = deep",
            "exclude = scripts/deep\nextend-exclude =\n    helper*,  payload.py",
            "extend-exclude = ./scripts/*/x.py",
            "extend_exclude = */scripts/*",
            "exclude = .",
            "filename = *.pyi,*.py",
            "filename = ./scripts/deep/*",
            "disable-noqa = True",
            "per-file-ignores = scripts/deep/*.py: SMC101,F821\n    payload.py: SMC1,F8",
            "ignore = SMC1,F8",
            "ignore = SMC101,F821",
        ],
    )
    def test_configuration_for_flake8_counts(self, project, configuration, name):
        (project / "scripts" / "deep").mkdir()
        for file in ("deep/x.py", "deep/z.pyi", "deep/helper.py"):
            (project / "scripts" / file).write_text("BAD\n")
        (project / name).write_text(f"[flake8]\n{configuration}\n")
        expected = flake8("--select", "F821")
        ours = run("check", "--select", "SMC101").stdout.splitlines(keepends=True)
        assert "".join(line for line in ours if ".yaml:" not in line) == expected

    def test_data_files_can_be_excluded(self, project):
        (project / "setup.cfg").write_text("[flake8]\nextend-exclude = contracts\n")
        assert run("check").stdout == f"./{IN_SCRIPT}"
        assert run("check", "contracts").stdout == ""
        assert run("check", "contracts/b.step.yaml").stdout == IN_YAML
        (project / "setup.cfg").write_text("[flake8]\nextend-exclude = *.step.yaml\n")
        assert run("check").stdout == f"./{IN_SCRIPT}"

    def test_a_value_that_flake8_would_refuse(self, project):
        (project / "setup.cfg").write_text("[flake8]\ndisable-noqa = perhaps\n")
        result = run("check")
        assert result.exit_code == 2
        assert result.stderr == "Error: disable-noqa in [flake8] takes true or false, not 'perhaps'\n"

    def test_noqa_can_be_disabled(self, project):
        result = run("check", "--disable-noqa", "scripts")
        assert result.stdout == f"{IN_SCRIPT}scripts/payload.py:3:5: SMC101 found BAD\n"

    def test_exit_zero(self, project):
        result = run("check", "--exit-zero", "scripts")
        assert (result.stdout, result.exit_code) == (IN_SCRIPT, 0)

    def test_statistics(self, project):
        assert run("check", "--statistics").stdout.splitlines()[-1] == "2     SMC101 found BAD"

    def test_json(self, project):
        result = run("check", "--output-format", "json")
        document = json.loads(result.stdout)
        assert [finding["path"] for finding in document["findings"]] == [
            "./contracts/b.step.yaml",
            "./scripts/payload.py",
        ]
        assert {finding["name"] for finding in document["findings"]} == {"undeclared-path"}
        assert document["summary"]["files"] == 5
        assert result.exit_code == 1

    def test_github(self, project):
        assert run("check", "--output-format", "github", "scripts").stdout == (
            "::error file=scripts/payload.py,line=2,endLine=2,title=SMC101 undeclared-path,col=5,endColumn=8"
            "::found BAD\n"
        )

    def test_output_is_utf_8_in_every_locale(self, project):
        (project / "scripts" / "tâche.py").write_text("BAD\n")
        assert (
            run("check", "scripts/tâche.py").stdout_bytes
            == "scripts/tâche.py:1:1: SMC101 found BAD\n".encode()
        )

    def test_standard_input(self, project):
        result = run("check", "-", "--stdin-filename", "scripts/payload.py", given=b"\n\nx = BAD\n")
        assert result.stdout == "scripts/payload.py:3:5: SMC101 found BAD\n"

    def test_standard_input_has_noqa_comments(self, project):
        result = run("check", "-", "--stdin-filename", "scripts/payload.py", given=b"x = BAD  # noqa: SMC1\n")
        assert (result.output, result.exit_code) == ("", 0)

    @pytest.mark.parametrize(
        "given",
        [
            b"\xef\xbb\xbfx = 'BAD'\r\n",
            b"# coding: latin-1\rx = '\xe9BAD'",
            b"x = '\xe9BAD'",
            b"# coding: unheard-of\nx = 'BAD'",
        ],
    )
    def test_standard_input_in_any_encoding(self, project, given):
        assert " SMC101 found BAD" in run("check", "-", "--stdin-filename", "x.py", given=given).stdout

    def test_files_beside_standard_input(self, project):
        result = run("check", "-", "scripts", "--stdin-filename", "x.py", given=b"x = BAD\n")
        assert result.stdout == f"{IN_SCRIPT}x.py:1:5: SMC101 found BAD\n"

    def test_standard_input_for_a_file_that_is_excluded(self, project):
        (project / "setup.cfg").write_text("[flake8]\nexclude = scripts/payload.py\n")
        result = run("check", "-", "--stdin-filename", "scripts/payload.py", given=b"BAD\n")
        assert (result.output, result.exit_code) == ("", 0)

    def test_a_path_that_does_not_exist(self, project):
        result = run("check", "scripts", "sripts", "nowhere.py")
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr == "Error: no such file or directory: 'sripts', 'nowhere.py'\n"

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--no-such-option"],
            ["--output-format", "xml"],
            ["--config", "absent.toml"],
            ["--contracts-root", "absent"],
            ["--stdin-filename", "x.py", "scripts"],
            ["-"],
        ],
    )
    def test_wrong_usage(self, project, arguments):
        result = run("check", *arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.startswith("Usage: ")

    def test_wrong_configuration(self, project):
        (project / "pyproject.toml").write_text("[tool.flake8-contracts]\nselct = ['SMC1']\n")
        result = run("check")
        assert result.exit_code == 2
        assert "pyproject.toml" in result.stderr
        assert "selct" in result.stderr
        assert "select" in result.stderr
        assert "Traceback" not in result.stderr

    def test_an_unknown_code(self, project):
        result = run("check", "--select", "SMC999")
        assert result.exit_code == 2
        assert "SMC999" in result.stderr

    def test_options_reach_the_settings(self, project):
        run(
            "check", "scripts", "--select", "SMC1,SMC2", "--extend-select=SMC902", "--ignore", "SMC101 SMC103",
            "--extend-ignore", "SMC108", "--contracts-include", "contracts/*.py,contracts/*.yaml",
            "--contracts-exclude", "scripts/helper.py", "--contracts-registry", "steps:REGISTRY",
            "--contracts-no-infer", "--contracts-cache-dir", "kept", "--contracts-no-cache", "--contracts-root", ".",
        )  # fmt: skip
        seen = FakeProject.seen
        assert seen.select == ("SMC1", "SMC2")
        assert seen.extend_select == ("SMC902",)
        assert seen.ignore == ("SMC101", "SMC103")
        assert seen.extend_ignore == ("SMC108",)
        assert seen.include == ("contracts/*.py", "contracts/*.yaml")
        assert seen.exclude == ("scripts/helper.py",)
        assert seen.registry == "steps:REGISTRY"
        assert seen.infer is False
        assert seen.cache_dir == project / "kept"
        assert seen.use_cache is False
        assert seen.root == project

    def test_without_configuration(self, project):
        (project / "pyproject.toml").write_text("[tool.flake8-contracts]\nselect = ['SMC2']\n")
        run("check", "--isolated", "scripts")
        assert FakeProject.seen.select == ()

    def test_with_another_configuration(self, project):
        (project / "other.toml").write_text("[tool.flake8-contracts]\nselect = ['SMC3']\n")
        run("check", "--config", "other.toml", "scripts")
        assert FakeProject.seen.select == ("SMC3",)

    def test_options_that_are_not_given_leave_the_configuration_alone(self, project):
        (project / "pyproject.toml").write_text(
            "[tool.flake8-contracts]\nselect = ['SMC2']\nno-infer = true\n"
        )
        run("check", "scripts")
        assert FakeProject.seen.select == ("SMC2",)
        assert FakeProject.seen.infer is False


class TestLibrary:
    def test_findings_come_in_order(self, project):
        found = check_paths(["scripts", Path("contracts")])
        assert [(each.path, each.line, each.code) for each in found] == [
            ("contracts/b.step.yaml", 1, "SMC101"),
            ("scripts/payload.py", 2, "SMC101"),
        ]

    def test_suppressed_findings_on_request(self, project):
        assert len(check_paths(["scripts"], Settings(root=project), noqa=False)) == 2

    def test_missing_paths(self, project):
        with pytest.raises(FileNotFoundError, match=re.escape("no such file or directory: 'nowhere'")):
            check_paths(["nowhere"])


class TestContracts:
    def test_all(self, project):
        result = run("contracts")
        assert result.stdout.splitlines() == [
            "contracts/a.py:3: PAYLOAD (processing, entry point 'payload.py')",
            "    scripts/payload.py: its entry point is 'payload.py'",
            "contracts/b.step.yaml:1: OTHER (processing, entry point unknown)",
            "    no script",
            "contracts/c.step.yaml:1: cannot be read: not YAML",
        ]
        assert result.exit_code == 0

    def test_of_a_script(self, project):
        assert run("contracts", "scripts/payload.py").stdout.splitlines() == [
            "contracts/a.py:3: PAYLOAD (processing, entry point 'payload.py')",
            "    scripts/payload.py: its entry point is 'payload.py'",
        ]

    def test_of_a_script_without_contract(self, project):
        assert run("contracts", "scripts/helper.py").stdout == (
            "scripts/helper.py: no contract has this entry point\n"
        )

    def test_of_a_script_that_cannot_be_parsed(self, project):
        (project / "scripts" / "odd.py").write_text("contract = (")
        shown = run("contracts", "scripts/odd.py").stdout
        assert shown.startswith("scripts/odd.py: the file cannot be analysed: ")
        assert "PAYLOAD" in run("contracts").stdout

    def test_of_a_directory(self, project):
        shown = run("contracts", "scripts").stdout
        assert "PAYLOAD" in shown
        assert "OTHER" not in shown
        assert "cannot be read" not in shown

    def test_of_a_declaration(self, project):
        assert run("contracts", "contracts/b.step.yaml").stdout.splitlines() == [
            "contracts/b.step.yaml:1: OTHER (processing, entry point unknown)",
            "    no script",
        ]

    def test_json(self, project):
        document = json.loads(run("contracts", "scripts", "--output-format", "json").stdout)
        assert document == {
            "version": 1,
            "root": str(project),
            "contracts": [
                {
                    "name": "PAYLOAD",
                    "path": "contracts/a.py",
                    "line": 3,
                    "column": 1,
                    "kind": "processing",
                    "entry_point": "payload.py",
                    "expected_input_paths": {"DATA": "/opt/ml/processing/input/data"},
                    "expected_output_paths": {"RESULT": None},
                    "required_env_vars": ["LABEL"],
                    "optional_env_vars": {"RATIO": "0.7"},
                    "expected_arguments": {},
                    "unresolved": ["expected_output_paths"],
                    "scripts": ["scripts/payload.py"],
                }
            ],
            "specifications": [],
            "scripts": [
                {
                    "path": "scripts/payload.py",
                    "contracts": [{"name": "PAYLOAD", "path": "contracts/a.py"}],
                    "reason": "its entry point is 'payload.py'",
                }
            ],
            "unreadable": [],
        }

    def test_a_path_that_does_not_exist(self, project):
        result = run("contracts", "nowhere")
        assert result.exit_code == 2
        assert "'nowhere'" in result.stderr


class TestRule:
    @pytest.mark.parametrize("named", ["SMC101", "smc101", "undeclared-path"])
    def test_one(self, named):
        result = run("rule", named)
        assert result.stdout.startswith("# SMC101 undeclared-path\n")
        assert result.exit_code == 0

    def test_all(self):
        shown = run("rule", "--all").stdout
        assert re.findall(r"^# (SMC\d+) ", shown, re.MULTILINE) == [rule.code for rule in all_rules()]

    def test_json_of_one(self):
        document = json.loads(run("rule", "SMC105", "--output-format", "json").stdout)
        assert document["name"] == "hardcoded-path"
        assert document["default"] is False

    def test_json_of_all(self):
        documents = json.loads(run("rule", "--all", "--output-format", "json").stdout)
        assert [document["code"] for document in documents] == [rule.code for rule in all_rules()]

    @pytest.mark.parametrize(
        ("named", "hint"),
        [
            ("SMC1O1", "; did you mean 'SMC101'?"),
            ("undeclared-paths", "; did you mean 'undeclared-path'?"),
            ("SMC999", "; did you mean 'SMC902' or 'SMC901'?"),
            ("smc600", "; did you mean 'SMC601'?"),
            ("SMC777", "; --all shows those that there are"),
            ("nothing-like-it", "; --all shows those that there are"),
        ],
    )
    def test_a_slip(self, named, hint):
        result = run("rule", named)
        assert result.exit_code == 2
        assert f"there is no rule '{named}'{hint}\n" in result.stderr

    @pytest.mark.parametrize("arguments", [[], ["SMC101", "--all"]])
    def test_one_or_all(self, arguments):
        result = run("rule", *arguments)
        assert result.exit_code == 2
        assert "name one rule, or give --all" in result.stderr


class TestProcess:
    """The command as it is started by a shell."""

    def start(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flake8_contracts", *arguments],
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, **environment},
            check=False,
        )

    def test_version(self):
        process = self.start("--version")
        assert re.fullmatch(
            rf"flake8-contracts {re.escape(__version__)} \(flake8 \S+, libcst \S+, \w+ \S+ on \w+\)\n",
            process.stdout,
        )
        assert process.returncode == 0

    @pytest.mark.parametrize("option", ["-h", "--help"])
    def test_help(self, option):
        process = self.start(option)
        assert process.returncode == 0
        assert all(command in process.stdout for command in ("check", "contracts", "rule"))

    def test_unknown_command(self):
        process = self.start("chekc")
        assert process.returncode == 2
        assert process.stdout == ""

    def test_a_path_that_does_not_exist(self):
        process = self.start("check", "nowhere")
        assert (process.returncode, process.stdout) == (2, "")
        assert process.stderr == "Error: no such file or directory: 'nowhere'\n"

    def test_the_parts_that_are_not_needed_are_not_imported(self):
        process = self.start("--help", PYTHONPROFILEIMPORTTIME="1")
        imported = {line.rpartition("|")[2].strip() for line in process.stderr.splitlines()}
        assert "click" in imported
        assert not imported & {"libcst", "pydantic", "ruamel.yaml", "flake8.checker"}


class TestFailure:
    """Exit code 1 means findings, so nothing else may end with it."""

    def end(self, monkeypatch, error: BaseException) -> int:
        def fail(*_arguments: object, **_options: object) -> None:
            raise error

        monkeypatch.setattr(cli, "main", fail)
        with pytest.raises(SystemExit) as ended:
            main()
        assert isinstance(ended.value.code, int)
        return ended.value.code

    def test_a_bug(self, monkeypatch, capsys):
        assert self.end(monkeypatch, RuntimeError("impossible")) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert "RuntimeError: impossible" in captured.err
        assert captured.err.endswith(
            f"flake8-contracts {__version__} failed (internal error): please report the lines above\n"
        )

    def test_an_interrupt(self, monkeypatch, capsys):
        import click

        assert self.end(monkeypatch, click.Abort()) == 2
        assert capsys.readouterr().err == "Aborted\n"
