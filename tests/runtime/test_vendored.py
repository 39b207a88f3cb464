"""The enforcer where nothing is installed: as the SDK packs it, and as ``flake8-contracts vendor`` writes it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import contracts_runtime
from flake8_contracts.cli import cli
from flake8_contracts.commands.vendored import PACKAGE, package_files

SCRIPT = """
import os
from pathlib import Path
from contracts_runtime import ContractEnforcer

with ContractEnforcer.from_file(Path(__file__).with_name("job.contract.json"), strict=True, audit=True) as enforcer:
    with open(os.path.join(enforcer.get_output_path("result"), "label.txt"), "w") as result:
        result.write(enforcer.get_env("LABEL"))
try:
    import contracts_runtime
    contracts_runtime.ScriptContract
except ImportError as error:
    print(error)
"""
CONTRACT = """
from contracts_runtime import ScriptContract

JOB_CONTRACT = ScriptContract(
    entry_point="job.py",
    expected_output_paths={"result": "/opt/ml/processing/output"},
    required_env_vars=["LABEL"],
)
"""


@pytest.fixture
def project(write) -> Path:
    return write({"pyproject.toml": "", "contracts/job_contract.py": CONTRACT, "scripts/job.py": SCRIPT})


@pytest.fixture
def vendor(project: Path, monkeypatch: pytest.MonkeyPatch, runner: CliRunner) -> Callable[..., Result]:
    def run(*arguments: str) -> Result:
        monkeypatch.chdir(project)
        return runner.invoke(cli, ["vendor", *arguments])

    return run


def run_script(interpreter: str, script: Path, root: Path) -> str:
    """Run a script in an interpreter that sees the script's folder and the standard library only."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE", "PYTHON"))
    }
    environ.update(LABEL="shipped", CONTRACTS_RUNTIME_ROOT=str(root))
    command = [interpreter, "-E", "-s", "-S", "-B", str(script)]
    done = subprocess.run(command, env=environ, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr)["undeclared"] == {"paths": [], "variables": []}
    assert (root / "processing/output/label.txt").read_text() == "shipped"
    return done.stdout


def test_a_vendored_script_needs_nothing_installed(
    interpreter: str, vendor: Callable[..., Result], project: Path, tmp_path: Path
) -> None:
    assert vendor("scripts").exit_code == 0
    assert run_script(interpreter, project / "scripts/job.py", tmp_path) == (
        "ScriptContract is not in this copy, which holds the enforcer only;"
        " install it with 'pip install flake8-contracts'\n"
    )


def test_the_packages_folder_is_enough(
    interpreter: str, vendor: Callable[..., Result], project: Path, tmp_path: Path
) -> None:
    """The SDK puts the folders in ``dependencies`` beside the script."""
    vendor("scripts")
    shutil.rmtree(project / "scripts" / PACKAGE)
    [folder] = contracts_runtime.__path__
    shutil.copytree(folder, project / "scripts" / PACKAGE)
    assert "pydantic" in run_script(interpreter, project / "scripts/job.py", tmp_path)


def test_what_is_written_is_told_and_written_once(vendor: Callable[..., Result], project: Path) -> None:
    checked = vendor("scripts", "--check")
    assert checked.exit_code == 1
    assert "scripts/job.contract.json: missing\n" in checked.stdout
    assert "out of date" not in checked.stdout
    assert checked.stderr == "the same command without --check writes what it takes\n"
    assert not (project / "scripts/job.contract.json").exists()
    first = vendor("scripts")
    assert first.output.splitlines()[-1] == "scripts/job.contract.json: written"
    assert json.loads((project / "scripts/job.contract.json").read_text()) == {
        "entry_point": "job.py",
        "expected_output_paths": {"result": "/opt/ml/processing/output"},
        "required_env_vars": ["LABEL"],
    }
    for arguments in (("scripts",), ("scripts", "--check"), ("scripts", "JOB_CONTRACT")):
        again = vendor(*arguments)
        assert (again.exit_code, again.output) == (0, "")


def test_what_has_changed_is_written_again(vendor: Callable[..., Result], project: Path) -> None:
    vendor("scripts")
    contract = project / "contracts/job_contract.py"
    contract.write_text(contract.read_text().replace("LABEL", "OTHER"))
    (project / "scripts" / PACKAGE / "errors.py").write_text("")
    (project / "scripts" / PACKAGE / "of_an_older_version.py").write_text("")
    checked = vendor("scripts", "--check")
    assert checked.exit_code == 1
    assert checked.stdout == (
        "scripts/contracts_runtime/errors.py: out of date\n"
        "scripts/contracts_runtime/of_an_older_version.py: out of date\n"
        "scripts/job.contract.json: out of date\n"
    )
    assert vendor("scripts").output == (
        "scripts/contracts_runtime/errors.py: written\n"
        "scripts/job.contract.json: written\n"
        "scripts/contracts_runtime/of_an_older_version.py: removed\n"
    )
    assert '"OTHER"' in (project / "scripts/job.contract.json").read_text()
    assert vendor("scripts", "--check").exit_code == 0


def test_findings_stay_the_same(vendor: Callable[..., Result], project: Path, check, flake8) -> None:
    script = project / "scripts/job.py"
    script.write_text(f"{SCRIPT}\nopen('/opt/ml/processing/other')\nos.environ['UNKNOWN']\n")
    (project / ".flake8").write_text("[flake8]\nselect = SMC\n")
    # Until the contract is there, the script names one that is not.
    vendor("scripts")
    with_copy = check(cwd=project).stdout
    assert {line.split(": ")[1][:6] for line in with_copy.splitlines()} == {"SMC101", "SMC201"}
    assert flake8(cwd=project).stdout == with_copy
    shutil.rmtree(project / "scripts" / PACKAGE)
    assert check(cwd=project).stdout == with_copy


@pytest.mark.parametrize(
    "named",
    [
        ("JOB_CONTRACT",),
        ("contracts/job_contract.py",),
        ("scripts/job.py",),
        ("JOB_CONTRACT", "scripts/job.py"),
    ],
)
def test_contracts_can_be_named(vendor: Callable[..., Result], project: Path, named: tuple[str, ...]) -> None:
    (project / "image").mkdir()
    assert vendor("image", *named).exit_code == 0
    assert sorted(path.name for path in (project / "image").iterdir()) == [PACKAGE, "job.contract.json"]


def test_variants_have_a_file_each(vendor: Callable[..., Result], project: Path) -> None:
    contract = project / "contracts/job_contract.py"
    contract.write_text(
        CONTRACT + CONTRACT.replace("JOB_CONTRACT", "JOB_TESTING_CONTRACT").replace("LABEL", "TEST")
    )
    (project / "scripts/job.py").write_text("open('/opt/ml/processing/output/x', 'w')\n")
    for _ in range(2):
        assert vendor("scripts").exit_code == 0
        assert sorted(path.name for path in (project / "scripts").glob("*.json")) == [
            "job.contract.json",
            "job_testing.contract.json",
        ]


def test_a_contract_that_stands_there_stays(vendor: Callable[..., Result], project: Path) -> None:
    shutil.rmtree(project / "contracts")
    original = '{"entry_point": "job.py",\n "required_env_vars": ["LABEL"]}\n'
    (project / "scripts/job.contract.json").write_text(original)
    assert vendor("scripts").exit_code == 0
    assert (project / "scripts/job.contract.json").read_text() == original


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("scripts", "JOB_CONTRAKT"),
            "there is no file and no contract 'JOB_CONTRAKT'; did you mean 'JOB_CONTRACT'?",
        ),
        (("scripts", "pyproject.toml"), "pyproject.toml declares no contract, and is no script that has one"),
        (("contracts",), "no script in contracts has a contract; name the contracts to write"),
        (("nowhere",), "Directory 'nowhere' does not exist"),
    ],
)
def test_what_cannot_be_found(
    vendor: Callable[..., Result], arguments: tuple[str, ...], message: str
) -> None:
    result = vendor(*arguments)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('["LABEL"]', "some_function()", "'required_env_vars' cannot be told without running code"),
        ('"/opt/ml/processing/output"', "some_function()", "'expected_output_paths' cannot be told"),
        (
            "processing/output",
            "processing/output/x.tar.gz",
            "SageMaker creates a directory at exactly this path",
        ),
        ("/opt/ml/", "/home/", "lies outside"),
    ],
)
def test_contracts_that_would_be_refused(
    vendor: Callable[..., Result], project: Path, old: str, new: str, message: str
) -> None:
    path = project / "contracts/job_contract.py"
    path.write_text(CONTRACT.replace(old, new))
    result = vendor("scripts", "JOB_CONTRACT")
    assert result.exit_code == 2
    assert "contracts/job_contract.py:4: contract 'JOB_CONTRACT' cannot be vendored: " in result.output
    assert message in result.output
    assert sorted(path.name for path in (project / "scripts").iterdir()) == ["job.py"]


def test_what_nobody_enforces_may_be_unknown(vendor: Callable[..., Result], project: Path) -> None:
    path = project / "contracts/job_contract.py"
    path.write_text(
        CONTRACT.replace(
            'entry_point="job.py",',
            'entry_point="job.py", expected_arguments={"a": "1", "b": f()},'
            " description=f(), framework_requirements=f(),",
        )
    )
    assert vendor("scripts", "JOB_CONTRACT").exit_code == 0
    assert json.loads((project / "scripts/job.contract.json").read_text())["expected_arguments"] == {"a": "1"}


def test_somebody_elses_folder_is_left_alone(vendor: Callable[..., Result], project: Path) -> None:
    package = project / "scripts" / PACKAGE
    package.mkdir()
    (package / "__init__.py").write_text("mine = True\n")
    result = vendor("scripts", "JOB_CONTRACT")
    assert result.exit_code == 2
    assert "was not written by this command" in result.output
    assert sorted(path.name for path in package.iterdir()) == ["__init__.py"]


def test_a_directory_that_cannot_be_written(
    vendor: Callable[..., Result], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    result = vendor("scripts", "JOB_CONTRACT")
    assert result.exit_code == 2
    assert "Permission denied" in result.output


def test_every_copy_has_the_licence_and_says_where_it_is_from() -> None:
    files = package_files()
    assert b"Permission is hereby granted" in files[f"{PACKAGE}/LICENSE"]
    for name, content in files.items():
        if name.endswith(".py"):
            assert content.startswith(b"# flake8: noqa\n# Written by flake8-contracts "), name
