"""The options of the command and of flake8 that fix."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

CONTRACT = """\
entry_point: job.py
expected_output_paths: {OUT: /opt/ml/processing/output}
optional_env_vars:
  RATIO: "0.7"
  LABEL: y
"""
SCRIPT = """\
import os

ratio = os.environ["RATIO"]
label = os.environ.get("LABEL", "x")
zone = os.environ["ZONE"]
with open("/opt/ml/processing/output/done.txt", "w") as done:
    done.write(ratio + label + zone)
"""
RATIO_READ = 'os.environ.get("RATIO", "0.7")'
SAFE = SCRIPT.replace('os.environ["RATIO"]', RATIO_READ)
DECLARED = CONTRACT + "required_env_vars:\n  - ZONE\n"
UNSAFE = SAFE.replace('"x"', '"y"')


@pytest.fixture
def job(write) -> Path:
    root: Path = write({"pyproject.toml": "", "job.contract.yaml": CONTRACT, "job.py": SCRIPT})
    return root


def contents(root: Path) -> tuple[str, str]:
    return (root / "job.py").read_text(), (root / "job.contract.yaml").read_text()


# -- check ---------------------------------------------------------------------------------------------------


def test_without_fix_nothing_is_written_and_the_format_is_flake8s(job, check_here):
    result = check_here(cwd=job)
    assert result.returncode == 1
    assert [line.split(" ")[1] for line in result.stdout.splitlines()] == ["SMC204", "SMC205", "SMC201"]
    assert "[*]" not in result.stdout
    assert contents(job) == (SCRIPT, CONTRACT)


def test_fix(job, check_here):
    result = check_here("--fix", cwd=job)
    assert result.returncode == 1
    assert result.stdout.splitlines()[-1] == "2 fixed, 1 left (1 fixable with --unsafe-fixes)"
    assert result.codes == {"SMC205"}
    assert contents(job) == (SAFE, DECLARED)
    assert check_here("--fix", cwd=job).stdout.splitlines()[-1].startswith("0 fixed, 1 left")


def test_unsafe_fixes(job, check_here):
    result = check_here("--fix", "--unsafe-fixes", cwd=job)
    assert (result.returncode, result.stdout) == (0, "3 fixed, 0 left\n")
    assert contents(job) == (UNSAFE, DECLARED)


def test_fixes_that_are_asked_for_by_configuration(job, check_here):
    (job / "pyproject.toml").write_text("[tool.flake8-contracts]\nfix = true\nunsafe-fixes = true\n")
    assert check_here(cwd=job).stdout == "3 fixed, 0 left\n"
    (job / "job.py").write_text(SCRIPT)
    assert check_here("--no-fix", cwd=job).codes == {"SMC204", "SMC205"}
    assert contents(job) == (SCRIPT, DECLARED)


def test_exit_non_zero_on_fix(job, check_here):
    arguments = ("--fix", "--unsafe-fixes", "--exit-non-zero-on-fix")
    assert [check_here(*arguments, cwd=job).returncode for _ in range(2)] == [1, 0]


def test_show_fixes(job, check_here):
    marked = check_here("--show-fixes", cwd=job).stdout.splitlines()
    assert ["[*]" in line for line in marked] == [True, False, True, False]
    assert marked[-1] == "3 found (2 fixable with --fix, 1 fixable with --fix --unsafe-fixes)"
    assert ["[*]" in line for line in check_here("--unsafe-fixes", cwd=job).stdout.splitlines()[:3]] == [
        True
    ] * 3
    assert contents(job) == (SCRIPT, CONTRACT)
    assert check_here("--fix", "--show-fixes", "--unsafe-fixes", cwd=job).stdout.splitlines() == [
        "fixed in ./job.py:",
        "    SMC204 optional-env-var-without-default: Read 'RATIO' with the default '0.7'",
        "    SMC205 env-default-mismatch: Use the default 'y'",
        "    SMC201 undeclared-env-var: Declare 'ZONE' as required in job",
        "3 fixed, 0 left",
    ]  # fmt: skip


def test_diff_is_a_patch_and_writes_nothing(job, check):
    shown = check("--diff", cwd=job)
    assert shown.returncode == 1
    assert shown.stderr == "2 would be fixed, 1 would be left\n"
    assert contents(job) == (SCRIPT, CONTRACT)
    subprocess.run(["patch", "-p0", "--silent"], input=shown.stdout, text=True, cwd=job, check=True)
    assert contents(job) == (SAFE, DECLARED)
    again = check("--diff", cwd=job)
    assert (again.returncode, again.stdout) == (0, "")


def test_only_what_is_selected_and_not_suppressed_is_fixed(job, check_here):
    (job / "job.py").write_text(SCRIPT.replace('["RATIO"]', '["RATIO"]  # noqa: SMC204'))
    assert (
        check_here("--fix", "--select", "SMC204,SMC205", cwd=job)
        .stdout.splitlines()[-1]
        .startswith("0 fixed, 1 left")
    )
    assert check_here("--fix", "--disable-noqa", "--select", "SMC204", cwd=job).stdout == "1 fixed, 0 left\n"
    assert contents(job)[1] == CONTRACT


def test_a_file_that_is_not_named_may_change_with_one_that_is(job, check_here):
    """The contract is declared for the script, but other scripts are not fixed."""
    (job / "job.contract.yaml").write_text(CONTRACT)
    (job / "other.contract.yaml").write_text(CONTRACT.replace("job.py", "other.py"))
    (job / "other.py").write_text(SCRIPT)
    check_here("--fix", "job.py", cwd=job)
    assert contents(job) == (SAFE, DECLARED)
    assert (job / "other.py").read_text() == SCRIPT


def test_a_link_stays_and_what_it_names_is_changed(job, check_here):
    real = job.parent / "real.contract.yaml"
    (job / "job.contract.yaml").rename(real)
    os.symlink("../real.contract.yaml", job / "job.contract.yaml")
    check_here("--fix", cwd=job)
    assert (job / "job.contract.yaml").is_symlink()
    assert real.read_text() == DECLARED


def test_permissions_are_kept(job, check_here):
    (job / "job.py").chmod(0o750)
    check_here("--fix", cwd=job)
    assert stat.S_IMODE((job / "job.py").stat().st_mode) == 0o750


def test_what_cannot_be_written_is_told_and_the_rest_is_fixed(job, check):
    (job / "job.contract.yaml").chmod(0o444)
    result = check("--fix", cwd=job)
    assert contents(job) == (SAFE, CONTRACT)
    assert result.stderr == "./job.py:5:19: SMC201 is not fixed: job.contract.yaml is read-only\n"
    assert result.stdout.splitlines()[-1].startswith("1 fixed, 2 left")


def test_standard_input(job, check):
    arguments = ("--fix", "--stdin-filename", "job.py", "-")
    result = check(*arguments, cwd=job, given=SCRIPT.replace("\n", "\r\n").encode())
    assert result.stdout == SAFE.replace("\n", "\r\n"), "only what touches no other file"
    assert result.stderr.splitlines()[-1].startswith("1 fixed, 2 left")
    assert contents(job) == (SCRIPT, CONTRACT)


def test_standard_input_that_has_nothing_to_fix(job, check):
    result = check("--fix", "--stdin-filename", "job.py", "-", cwd=job, given=UNSAFE.encode())
    assert result.stdout == UNSAFE


# -- what is kept between runs ---------------------------------------------------------------------------------


def test_kept_results_are_not_those_of_the_files_before(job, check_here):
    """The same run again and again, with the cache that each leaves to the next."""
    assert check_here(cwd=job).codes == {"SMC201", "SMC204", "SMC205"}
    assert check_here(cwd=job).codes == {"SMC201", "SMC204", "SMC205"}
    assert check_here("--fix", cwd=job).codes == {"SMC205"}
    assert check_here(cwd=job).codes == {"SMC205"}
    assert check_here("--fix", "--unsafe-fixes", cwd=job).codes == set()
    assert check_here(cwd=job).codes == set()
    assert (job / ".flake8_contracts_cache").is_dir()
    (job / "job.py").write_text(SCRIPT)
    assert check_here(cwd=job).codes == {"SMC204", "SMC205"}


def test_findings_that_were_kept_without_their_fixes_get_them(job, check_here):
    check_here(cwd=job)
    shown = json.loads(check_here("--output-format", "json", cwd=job).stdout)
    assert [finding["fix"] is not None for finding in shown["findings"]] == [True, True, True]
    assert "[*]" not in check_here(cwd=job).stdout


# -- for programs --------------------------------------------------------------------------------------------


def test_json_has_fixes_that_an_editor_can_apply(job, check_here):
    from flake8_contracts.output import json_

    shown = json.loads(check_here("--output-format", "json", cwd=job).stdout)
    schema = Path(json_.__file__).with_name("findings.schema.json")
    jsonschema.validate(shown, json.loads(schema.read_text()))
    assert shown["summary"]["fixable"] == {"safe": 2, "unsafe": 1}
    edits = [edit for finding in shown["findings"] for edit in finding["fix"]["edits"]]
    for path in {edit["path"] for edit in edits}:
        lines = (job / path).read_text().splitlines(keepends=True)
        own = [edit for edit in edits if edit["path"] == path]
        for edit in sorted(own, key=lambda edit: (edit["line"], edit["column"]), reverse=True):
            last = lines[edit["end_line"] - 1][edit["end_column"] - 1 :]
            first = lines[edit["line"] - 1][: edit["column"] - 1]
            lines[edit["line"] - 1 : edit["end_line"]] = [first + edit["replacement"] + last]
        (job / path).write_text("".join(lines))
    assert contents(job) == (UNSAFE, DECLARED)
    assert [finding["fix"]["applicability"] for finding in shown["findings"]] == ["safe", "unsafe", "safe"]
    assert all(finding["fix"]["title"] for finding in shown["findings"])


def test_json_after_a_run_that_fixed(job, check_here):
    shown = json.loads(check_here("--fix", "--output-format", "json", cwd=job).stdout)
    assert (shown["summary"]["fixed"], shown["summary"]["findings"]) == (2, 1)


# -- flake8 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_flake8_fixes_what_stays_within_its_files(job, flake8, jobs):
    result = flake8("--contracts-fix", "-j", jobs, cwd=job)
    assert result.codes == {"SMC201", "SMC205"}
    assert result.stderr == "flake8-contracts: 1 fixed\n"
    assert contents(job) == (SAFE, CONTRACT)
    assert flake8("--contracts-unsafe-fixes", cwd=job).codes == {"SMC201"}
    assert contents(job) == (UNSAFE, CONTRACT)


def test_flake8_fixes_python_contracts_with_their_scripts(write, flake8):
    contract = (
        "from contracts_runtime import ScriptContract\n\n"
        'JOB = ScriptContract(entry_point="job.py", expected_output_paths={"OUT": "/opt/ml/processing/output"})\n'
    )
    script = 'import os\n\nopen("/opt/ml/processing/output/zone", "w").write(os.environ["ZONE"])\n'
    root = write({"setup.cfg": "[flake8]\n", "job_contract.py": contract, "job.py": script})
    assert flake8("--contracts-fix", "job.py", cwd=root).codes == {"SMC201"}
    assert (root / "job_contract.py").read_text() == contract
    assert flake8("--contracts-fix", "--max-line-length=200", cwd=root).stdout == ""
    assert 'required_env_vars=["ZONE"]' in (root / "job_contract.py").read_text()


# -- two at once ---------------------------------------------------------------------------------------------


def test_two_processes_fix_one_project(write):
    """Whoever comes second finds nothing left to do, or leaves it: no file is half of one and half of the other."""
    names = [f"job{number}" for number in range(6)]
    files = {"pyproject.toml": ""}
    for name in names:
        files[f"{name}.contract.yaml"] = CONTRACT.replace("job.py", f"{name}.py")
        files[f"{name}.py"] = SCRIPT
    root = write(files)
    command = [sys.executable, "-m", "flake8_contracts", "check", "--fix", "--unsafe-fixes"]
    runs = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(3)
    ]
    for run in runs:
        output, _ = run.communicate(timeout=300)
        assert run.returncode in (0, 1), output
        assert b"Traceback" not in output
    for name in names:
        assert (root / f"{name}.py").read_text() == UNSAFE
        assert (root / f"{name}.contract.yaml").read_text() == DECLARED.replace("job.py", f"{name}.py")
    left = sorted(path.name for path in root.iterdir() if not path.name.startswith(".flake8"))
    assert left == sorted(files), "no temporary file"


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(tree):
    tree.write({"job.contract.yaml": CONTRACT, "job.py": SCRIPT})
    fixing = tree.fixing(unsafe=True)
    outcome = fixing.run()
    assert len(outcome.fixed) == 3
    mine = SCRIPT + "print('mine')\n"
    (tree.root / "job.py").write_text(mine)
    outcome = fixing.write(outcome)
    assert tree.text("job.py") == mine
    assert [finding.code for finding in outcome.fixed] == ["SMC201"], "the contract alone is changed"
    assert {unfixed.reason for unfixed in outcome.unfixed} == {
        "job.py was changed by somebody else meanwhile"
    }
    assert sorted(finding.code for finding in outcome.left) == ["SMC204", "SMC205"]


def test_a_fix_of_several_files_of_which_one_vanishes(tree):
    script = (
        "from pathlib import Path\n\nfrom contracts_runtime import ContractEnforcer\n\n"
        'with ContractEnforcer.from_file("job.contract.json") as enforcer:\n'
        '    Path(enforcer.get_output_path("OUT")).write_text("[]")\n'
    )
    data = '{"entry_point": "job.py", "expected_output_paths": {"OUT": "/opt/ml/processing/output/a.json"}}\n'
    tree.write({"job.contract.json": data, "job.py": script})
    fixing = tree.fixing()
    outcome = fixing.run()
    assert [change.path.name for change in outcome.changes] == ["job.contract.json", "job.py"]
    (tree.root / "job.contract.json").unlink()
    outcome = fixing.write(outcome)
    assert tree.files() == {"job.py": script.encode()}
    assert {unfixed.reason for unfixed in outcome.unfixed} == {"job.contract.json: no such file or directory"}
