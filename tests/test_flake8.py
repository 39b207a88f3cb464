"""The plugin in flake8 as users run it: a process of its own, with the configuration of the project."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from flake8_contracts import __version__
from flake8_contracts.rules import all_rules

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
PROJECTS = (
    "clean",
    "broken",
    "opt_in",
    *sorted(f"cases/{path.name}" for path in (FIXTURES / "cases").iterdir()),
)
ON = frozenset(rule.code for rule in all_rules() if rule.default)

PAYLOAD = "scripts/payload.py"
IN_PAYLOAD = "SMC106"
"""What the payload script of the broken project does wrong, on the line that is marked."""

# Ways to write into a directory that SageMaker makes; each is reported at the operation, or at the literal.
CONTRACT = """\
entry_point: job.py
expected_output_paths:
  result: /opt/ml/processing/output/result
"""


# Found by flake8


def test_the_plugin_is_installed():
    """Everything below would test flake8 alone."""
    (found,) = (point for point in entry_points(group="flake8.extension") if point.name == "SMC")
    assert found.value == "flake8_contracts.plugin:ContractsPlugin"


def test_flake8_names_it(flake8, tmp_path):
    version = " ".join(flake8("--version", cwd=tmp_path).stdout.split())
    assert f"flake8-contracts: {__version__}" in version


def test_flake8_knows_its_options(flake8, tmp_path):
    text = flake8("--help", cwd=tmp_path).stdout
    for option in ("root", "include", "exclude", "registry", "no-infer", "cache-dir", "no-cache"):
        assert f"--contracts-{option}" in text


# What a plain run reports


def test_a_plain_run_reports_what_is_on_by_default(flake8, copy_of):
    result = flake8(cwd=copy_of("broken"))
    assert result.stderr == ""
    assert result.returncode == 1
    assert result.codes <= ON
    assert len(result.codes) > 15
    assert ": E501 " in result.stdout  # the other plugins are still there


@pytest.mark.parametrize("project", ["clean", "opt_in"])
def test_a_plain_run_on_what_is_right(flake8_here, copy_of, project):
    result = flake8_here(cwd=copy_of(project))
    assert result.stderr == ""
    assert result.own == []


def test_the_finding_stands_at_the_marked_line(flake8_here, payload):
    lines = (payload / PAYLOAD).read_text(encoding="utf-8").split("\n")
    marked = next(number for number, line in enumerate(lines, 1) if f"# expect: {IN_PAYLOAD}" in line)
    (found,) = flake8_here("--select", "SMC", PAYLOAD, cwd=payload).about(PAYLOAD)
    assert found.startswith(
        f"{marked}:{lines[marked - 1].index('open(') - len('tarfile.') + 1}: {IN_PAYLOAD} "
    )
    assert "IsADirectoryError" in found


# Processes

START = """\
import multiprocessing
import sys

if __name__ == "__main__":
    method, *arguments = sys.argv[1:]
    multiprocessing.set_start_method(method)
    make_pool = multiprocessing.Pool

    def counted(*args, **settings):
        print("pool", multiprocessing.get_start_method(), file=sys.stderr)
        return make_pool(*args, **settings)

    multiprocessing.Pool = counted
    from flake8.main.cli import main

    sys.exit(main(arguments))
"""


def test_two_jobs_report_what_one_reports(flake8, copy_of):
    root = copy_of("broken")
    alone = flake8("-j1", cwd=root)
    assert alone.own
    for jobs in ("-j2", "-jauto"):
        together = flake8(jobs, cwd=root)
        assert together.stdout == alone.stdout
        assert together.stderr == ""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_ways_to_start_processes(flake8, payload, run_script, method):
    alone = flake8("-j1", "--select", "SMC", "--extend-select", "SMC203", cwd=payload)
    together = run_script(START, method, "-j2", "--select", "SMC", "--extend-select", "SMC203", cwd=payload)
    assert together.stderr == f"pool {method}\n"
    assert together.stdout == alone.stdout != ""


def test_a_worker_that_cannot_be_configured_does_not_hang(payload, run_script):
    result = run_script(START, "spawn", "-j2", "--contracts-include", "gone/*.py", cwd=payload)
    assert "Traceback" not in result.stdout + result.stderr
    assert "'gone/*.py'" in result.stdout


# Standard input


@pytest.mark.parametrize("name", [PAYLOAD, f"./{PAYLOAD}"])
def test_standard_input_has_the_contract_of_its_name(flake8, payload, name):
    text = (payload / PAYLOAD).read_bytes()
    (payload / PAYLOAD).write_text("")
    result = flake8("--select", "SMC", "--stdin-display-name", name, "-", cwd=payload, given=text)
    (found,) = result.own
    assert found.startswith(f"{name}:")
    assert f": {IN_PAYLOAD} " in found


def test_standard_input_with_an_absolute_name(flake8, payload, tmp_path):
    path = payload / PAYLOAD
    given = path.read_bytes()
    result = flake8("--select", "SMC", "--stdin-display-name", str(path), "-", cwd=tmp_path, given=given)
    (found,) = result.own
    assert found.startswith(f"{path}:")


def test_standard_input_for_a_file_that_does_not_exist_yet(flake8, write):
    root = write({"job.contract.yaml": CONTRACT})
    text = b'open("/opt/ml/processing/output/result", "w")\n'
    result = flake8("--select", "SMC", "--stdin-display-name", "job.py", "-", cwd=root, given=text)
    assert [line[:18] for line in result.own] == ["job.py:1:1: SMC106"]


def test_standard_input_with_a_contract_that_is_not_saved(flake8, copy_of):
    root = copy_of("clean")
    contract = "contracts/payload_contract.py"
    saved = (root / contract).read_text(encoding="utf-8")
    edited = saved.replace('"/opt/ml/processing/output"', '"/opt/ml/processing/output/payload.tar.gz"')
    arguments = ("--select", "SMC", "--stdin-display-name", contract, "-")
    assert flake8(*arguments, cwd=root, given=saved.encode()).own == []
    assert flake8(*arguments, cwd=root, given=edited.encode()).codes == {"SMC401"}


def test_standard_input_without_a_name_is_no_script(flake8, payload):
    result = flake8("--select", "SMC", "-", cwd=payload, given=(payload / PAYLOAD).read_bytes())
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


# Other directories


def test_from_another_directory(flake8_here, payload, tmp_path):
    here = flake8_here("--select", "SMC", ".", cwd=payload).own
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    absolute = flake8_here("--select", "SMC", str(payload), cwd=elsewhere).own
    assert absolute == [line.replace("./", f"{payload}/", 1) for line in here] != []
    relative = flake8_here("--select", "SMC", "../broken", cwd=elsewhere).own
    assert relative == [line.replace("./", "../broken/", 1) for line in here]
    (elsewhere / "link").symlink_to(payload)
    linked = flake8_here("--select", "SMC", "link/", cwd=elsewhere).own
    assert linked == [line.replace("./", "link/", 1) for line in here]


def test_one_file_is_checked_against_the_whole_project(flake8_here, payload):
    whole = flake8_here("--select", "SMC", ".", cwd=payload).about(PAYLOAD)
    assert whole
    assert flake8_here("--select", "SMC", PAYLOAD, cwd=payload).about(PAYLOAD) == whole
    assert flake8_here("--select", "SMC", "payload.py", cwd=payload / "scripts").about("payload.py") == whole


def test_a_root_that_is_named(flake8_here, payload, tmp_path):
    (payload / "pyproject.toml").rename(payload / "scripts" / "pyproject.toml")
    script = str(payload / PAYLOAD)
    assert flake8_here("--select", "SMC", script, cwd=tmp_path).own == []
    result = flake8_here("--select", "SMC", "--contracts-root", str(payload), script, cwd=tmp_path)
    assert result.codes == {IN_PAYLOAD}


# The same as the command


@pytest.mark.parametrize("project", PROJECTS)
def test_the_command_says_the_same(project, copy_of, flake8_here, check_here):
    root = copy_of(project)
    from_flake8 = flake8_here("--select", "SMC", ".", cwd=root)
    said = check_here("--select", "SMC", ".", cwd=root).stdout
    about_python = [line for line in said.splitlines(keepends=True) if ".py:" in line]
    assert from_flake8.stderr == ""
    assert "".join(about_python) == from_flake8.stdout
