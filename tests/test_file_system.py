"""Odd directories, links, names and permissions: the run goes on, and what can be read is checked."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

SCRIPT = 'open("/opt/ml/processing/output/r", "w")\n'
DATA = "entry_point: job.py\nexpected_output_paths: {r: /opt/ml/processing/output/r}\n"
MODULE = (
    "from contracts_runtime import ScriptContract\n"
    "JOB = ScriptContract(entry_point='job.py', expected_output_paths={'r': '/opt/ml/processing/output/r'})\n"
)


@pytest.fixture
def root(report_on, write) -> Path:
    """A project with a script, its contract and a defect."""
    root = write({"job.contract.yaml": DATA, "job.py": SCRIPT})
    assert [line.code for line in report_on({"job.py": SCRIPT})] == ["SMC106"]
    return root


REPORTED = [("job.py", 1, "SMC106")]


def places(lines) -> list[tuple[str, int, str]]:
    return [(line.path, line.line, line.code) for line in lines]


@pytest.mark.parametrize(
    "name", ["x.py", "x_contract.py", "x.contract.yaml", "x.step.yaml", "setup.cfg", ".gitignore"]
)
def test_a_directory_with_the_name_of_a_file(report_on, root, name):
    (root / name).mkdir()
    (root / name / "inside.py").write_text(SCRIPT.replace("output/r", "output/other"))
    assert places(report_on(root)) == REPORTED


def test_an_entry_point_that_is_a_directory(report_on, root):
    (root / "job.py").unlink()
    (root / "job.py").mkdir()
    assert places(report_on(root)) == [("job.contract.yaml", 1, "SMC404")]


def test_directories_that_contain_themselves(report_on, root):
    (root / "sub").mkdir()
    (root / "sub" / "up").symlink_to("..")
    (root / "sub" / "here").symlink_to(".")
    assert places(report_on(root)) == REPORTED


def test_links_that_lead_nowhere(report_on, root):
    """Whoever made the link wanted a contract there; one without is no contract, and says so."""
    for name in ("a.contract.yaml", "b_contract.py", "c.step.yaml", "notes.txt"):
        (root / name).symlink_to("gone")
    for name in ("d.contract.json", "e_contract.py"):
        (root / name).symlink_to(name)
    (root / "closed").symlink_to("closed")
    said = places(report_on(root))
    told = [(name, 1, "SMC901") for name in ("a.contract.yaml", "c.step.yaml", "d.contract.json")]
    assert [line for line in said if not line[0].endswith("_contract.py")] == [told[0], *told[1:], *REPORTED]


def test_links_that_editors_make(report_on, root):
    """Emacs marks a file that is being edited by a link beside it, which leads to nothing."""
    (root / ".#job.contract.yaml").symlink_to("somebody@a-machine.1234:1700000000")
    assert places(report_on(root)) == REPORTED


@pytest.mark.parametrize(
    "arguments", [["contracts"], ["check", "--fix", "--unsafe-fixes", "."], ["check", "--diff", "."]]
)
def test_links_that_lead_to_themselves_end_no_command(root, run_python, arguments):
    (root / "x.py").symlink_to("x.py")
    (root / "y.contract.yaml").symlink_to("y.contract.yaml")
    result = run_python("-m", "flake8_contracts", *arguments, cwd=root)
    assert result.returncode in (0, 1)
    assert "Traceback" not in result.stderr


def test_a_file_and_a_link_to_it(report_on, root):
    (root / "link.contract.yaml").symlink_to("job.contract.yaml")
    (root / "link.py").symlink_to("job.py")
    assert places(report_on(root)) == REPORTED


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are files of POSIX systems")
def test_a_pipe_is_not_waited_for(report_on, root):
    os.mkfifo(root / "pipe.contract.yaml")
    os.mkfifo(root / "pipe.step.yaml")
    assert places(report_on(root)) == REPORTED


NOT_FILES = [
    "job.py", "job_contract.py", "paths.py", "sub/.gitignore", ".gitignore", "pyproject.toml", "setup.cfg", ".flake8",
]  # fmt: skip
"""What is read when it is there."""


@pytest.mark.skipif(sys.platform != "linux", reason="the device is Linux's")
@pytest.mark.parametrize("target", ["a pipe", "/dev/zero"])
@pytest.mark.parametrize("name", NOT_FILES)
def test_nothing_is_read_that_never_ends(root, check, name, target):
    """flake8 itself waits for what it reads, so that only the command is asked."""
    (root / "sub").mkdir()
    (root / name).unlink(missing_ok=True)
    if target == "a pipe":
        os.mkfifo(root / name)
    else:
        (root / name).symlink_to(target)
    checked = check(".", cwd=root)
    assert (checked.returncode, checked.stderr) == (1, "")
    assert len(checked.about("aa.py")) == len(checked.about("zz.py")) == 1
    told = ["1:1: SMC901 the file cannot be read: it is a pipe or a device"] if name.endswith(".py") else []
    assert [line for line in checked.about(name) if "SMC901" in line] == told


@pytest.mark.parametrize(
    "name", ["my job.py", "größe.py", "[j]ob*?.py", "-job.py", "job.v2.py", "'job'.py", "#.py", "%s.py"]
)
def test_names_of_files(report_on, write, name):
    contract = DATA.replace("job.py", "'" + name.replace("'", "''") + "'")
    root = write({f"{name[:-3]}.contract.yaml": contract, name: SCRIPT})
    assert places(report_on({"other.py": ""})) == [(name, 1, "SMC106")]
    assert (root / name).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are text")
def test_names_that_are_not_text(report_on, root):
    for name in (b"caf\xe9.contract.yaml", b"caf\xe9_contract.py", b"new\nline.contract.yaml"):
        Path(os.fsdecode(os.path.join(os.fsencode(root), name))).write_text(DATA if b"yaml" in name else "")
    assert places(report_on(root)) == REPORTED


def test_a_directory_far_below(report_on, root):
    below = root.joinpath(*["x" * 20] * 50)
    below.mkdir(parents=True)
    shutil.move(root / "job.py", below / "job.py")
    ((path, *rest),) = places(report_on(root))
    assert path.endswith("/job.py")
    assert rest == [1, "SMC106"]


@pytest.mark.parametrize(
    "content", [b"[\n", b"\xff\xfe\n", b"\\\n!\n/\n{a\n", b"a" * 100_000, b"**/" * 500 + b"\n"]
)
def test_a_list_of_ignored_files_that_is_odd(report_on, root, content):
    (root / ".gitignore").write_bytes(content)
    assert places(report_on(root)) == REPORTED


@pytest.mark.skipif(sys.platform != "linux", reason="the privileges of root are dropped as Linux has it")
def test_files_that_may_not_be_read(root, run_unprivileged):
    (root / "closed").mkdir()
    (root / "closed" / "x.py").write_text(SCRIPT)
    (root / "a.contract.yaml").write_text(DATA)
    (root / "b_contract.py").write_text(MODULE)
    (root / "c.py").write_text(SCRIPT)
    for name in ("closed", "a.contract.yaml", "b_contract.py", "c.py"):
        (root / name).chmod(0)
    try:
        checked = run_unprivileged("-m", "flake8_contracts", "check", ".", cwd=root)
        linted = run_unprivileged("-m", "flake8", "--select", "SMC,E9", ".", cwd=root)
    finally:
        (root / "closed").chmod(0o755)
    assert checked.stderr == linted.stderr == ""
    said = [line.split(" ")[0] + line.split(" ")[1] for line in checked.stdout.splitlines()]
    assert said == [
        "./a.contract.yaml:1:1:SMC901",
        "./aa.py:1:1:SMC106",
        "./b_contract.py:1:1:SMC901",
        "./c.py:1:1:SMC901",
        "./job.py:1:1:SMC106",
        "./zz.py:1:1:SMC106",
    ]
    assert "Permission denied" in checked.stdout
    by_flake8 = [line.split(" ")[0] + line.split(" ")[1] for line in linted.stdout.splitlines()]
    assert by_flake8 == [
        "./aa.py:1:1:SMC106",
        "./b_contract.py:0:1:E902",
        "./c.py:0:1:E902",
        "./job.py:1:1:SMC106",
        "./zz.py:1:1:SMC106",
    ]
