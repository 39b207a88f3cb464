"""The enforcer on every Python that a container may have, with nothing installed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import contracts_runtime

DRIVER = Path(__file__).with_name("enforcer_driver.py")
SOURCES = Path(contracts_runtime.__file__).parent.parent

# Whatever one of these imports costs every script its time. A module that is not listed needs a reason.
OWN = {
    "audit", "container_paths", "contract_checks", "contract_fields", "contract_files", "enforcer", "errors",
    "job_checks", "job_results", "local_root", "path_checks", "platform_facts", "platform_paths",
    "platform_variables", "problems", "recording",
}  # fmt: skip
STANDARD = {
    "__future__", "collections", "dataclasses", "difflib", "enum", "functools", "importlib", "itertools", "json",
    "logging", "os", "posixpath", "re", "stat", "sys", "threading", "types", "typing",
}  # fmt: skip


def said_by(interpreter: str, work: Path) -> dict:
    command = [interpreter, "-I", "-S", "-B", str(DRIVER), str(work), str(SOURCES)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_jobs_are_held_to_their_contracts(interpreter: str, tmp_path: Path) -> None:
    said = said_by(interpreter, tmp_path)
    assert said["all_at_once"] == [
        "the required environment variable 'LABEL' is not set",
        (
            "input 'data' cannot be read at 'ROOT/processing/input/data': it is empty: there is no file below it;"
            " give the job a source that holds objects, or name the input in optional_inputs="
        ),
        (
            "input 'none' cannot be read at 'ROOT/processing/input/none': No such file or directory;"
            " give the job an input that is mounted at '/opt/ml/processing/input/none'"
        ),
        (
            "the directory of output 'result' cannot be made at 'ROOT/processing/output/result':"
            " 'ROOT/processing/output' is a file"
        ),
    ]
    assert said["made"] == ["input", "output"]
    assert said["strict"] == [
        (
            "output 'result' is empty: there is no file below 'ROOT/processing/output/result',"
            " so that nothing is uploaded"
        ),
        (
            "files were written below input 'data': 'ROOT/processing/input/data/part.csv';"
            " they are not uploaded, write them below an output"
        ),
    ]
    assert said["unchanged"] is True


def test_training_jobs_are_held_to_their_contracts(interpreter: str, tmp_path: Path) -> None:
    said = said_by(interpreter, tmp_path)
    assert said["channels"] == [
        "the required environment variable 'SM_CHANNEL_TRAIN' is not set",
        (
            "input 'train' cannot be read at 'ROOT/input/data/train': No such file or directory;"
            " the job has no channel 'train'; did you mean 'training'?"
        ),
        (
            "input 'val' cannot be read at 'ROOT/input/data/val': No such file or directory;"
            " the job has no channel 'val'; it has 'training'"
        ),
    ]
    assert said["trained"] == []
    assert said["model"] == ["model.json"]


def test_scripts_are_audited(interpreter: str, tmp_path: Path) -> None:
    said = said_by(interpreter, tmp_path)
    assert said["restored"] is said["same_report"] is True
    assert said["paths"] == [
        ["/opt/ml/processing/elsewhere", "make directory"],
        ["/opt/ml/processing/elsewhere/file.txt", "write"],
        ["/opt/ml/processing/input", "list"],
        ["/opt/ml/processing/input/data/part.csv", "read"],
        ["/opt/ml/processing/output/result", "make directory"],
        ["/opt/ml/processing/output/result/file.txt", "write"],
    ]
    assert said["variables"] == [
        ["LABEL", "item", "required"],
        ["SECRET", "in", None],
        ["MISSING", "get", None],
        ["RATIO", "enforcer", "optional"],
    ]
    assert said["undeclared"] == {
        "paths": ["/opt/ml/processing/elsewhere", "/opt/ml/processing/elsewhere/file.txt"],
        "variables": ["MISSING", "SECRET"],
    }
    assert said["not_seen"] == {"inputs": ["none"], "outputs": [], "variables": []}


def test_the_import_closure_is_known(interpreter: str, tmp_path: Path) -> None:
    imported = set(said_by(interpreter, tmp_path)["imported"])
    own = {name for name in imported if name.split(".")[0] == "contracts_runtime"}
    assert own == {"contracts_runtime", *(f"contracts_runtime.{name}" for name in OWN)}
    # What those standard modules import themselves differs from Python to Python; that is measured, not listed.
    program = f"import json, sys, {', '.join(sorted(STANDARD))}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [interpreter, "-I", "-S", "-c", program], capture_output=True, text=True, check=True
    )
    assert imported - own - set(json.loads(done.stdout)) == set()
