"""Jobs under their contracts, on any Python with nothing but the standard library; says what happened as JSON.

The arguments are an empty directory to work in, and the folder of the package.
"""

from __future__ import annotations

import sys

BEFORE = set(sys.modules)

import json  # noqa: E402
import os  # noqa: E402
from typing import Any  # noqa: E402

WORK = sys.argv[1]
sys.path.insert(0, sys.argv[2])

from contracts_runtime import ContractEnforcer, ContractViolation  # noqa: E402

IMPORTED = sorted(name for name in set(sys.modules) - BEFORE)
SAID: dict[str, Any] = {"version": list(sys.version_info[:2]), "imported": IMPORTED}


def put(*parts: str, text: str = "x") -> str:
    path = os.path.join(WORK, *parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


def violation(contract: dict, **options: Any) -> list:
    """The problems that are found before the script starts, or after it has ended."""
    script = options.pop("script", lambda enforcer: None)
    try:
        with ContractEnforcer(contract, **options) as enforcer:
            script(enforcer)
    except ContractViolation as error:
        return [problem.replace(WORK, "ROOT") for problem in error.problems]
    return []


PROCESSING: dict[str, object] = {
    "entry_point": "job.py",
    "expected_input_paths": {
        "data": "/opt/ml/processing/input/data",
        "none": "/opt/ml/processing/input/none",
    },
    "expected_output_paths": {"result": "/opt/ml/processing/output/result"},
    "required_env_vars": ["LABEL"],
    "optional_env_vars": {"RATIO": "0.7"},
}
os.makedirs(os.path.join(WORK, "processing/input/data"))
put("processing/output", text="in the way")
SAID["all_at_once"] = violation(PROCESSING, root=WORK, environ={})
SAID["made"] = sorted(os.listdir(os.path.join(WORK, "processing")))
os.remove(os.path.join(WORK, "processing/output"))
put("processing/input/data/part.csv")


def write_below_input(enforcer: object) -> None:
    put("processing/input/data/part.csv", text="longer")
    put("processing/input/data/__pycache__/x.pyc")


SAID["strict"] = violation(
    PROCESSING,
    root=WORK,
    environ={"LABEL": "y"},
    optional_inputs=["none"],
    strict=True,
    script=write_below_input,
)


class ScriptError(Exception):
    pass


failure = ScriptError("the script's own")
try:
    with ContractEnforcer(
        PROCESSING, root=WORK, environ={"LABEL": "y"}, optional_inputs=["none"], strict=True
    ):
        raise failure
except ScriptError as error:
    SAID["unchanged"] = error is failure and error.__context__ is None and error.__cause__ is None

# --- a training job ---

TRAINING: dict[str, object] = {
    "entry_point": "train.py",
    "expected_input_paths": {"train": "/opt/ml/input/data/train", "val": "/opt/ml/input/data/val"},
    "expected_output_paths": {"model": "/opt/ml/model", "failure": "/opt/ml/output/failure"},
    "required_env_vars": ["SM_CHANNEL_TRAIN"],
}
put("input/data/training/part.csv")
SAID["channels"] = violation(TRAINING, root=WORK, environ={})
put("input/data/train/part.csv")
os.mkfifo(os.path.join(WORK, "input/data/val_0"))
environ = {"SM_CHANNEL_TRAIN": os.path.join(WORK, "input/data/train")}
SAID["trained"] = violation(
    TRAINING,
    root=WORK,
    environ=environ,
    strict=True,
    script=lambda enforcer: put("model/model.json") and enforcer.get_env("SM_CHANNEL_TRAIN"),
)
SAID["model"] = os.listdir(os.path.join(WORK, "model"))

# --- an audit ---

os.environ.update({"LABEL": "y", "SECRET": "s"})
getitem = type(os.environ).__getitem__
enforcer = ContractEnforcer(
    PROCESSING, root=WORK, optional_inputs=["none"], audit=os.path.join(WORK, "audit.json")
)
with enforcer:
    os.environ["LABEL"]
    assert "SECRET" in os.environ
    os.getenv("MISSING", "1")
    enforcer.get_env("RATIO")
    with open(os.path.join(enforcer.get_input_path("data"), "part.csv")) as file:
        file.read()
    os.listdir(os.path.join(WORK, "processing", "input"))
    put("processing/elsewhere/file.txt")
    put("processing/output/result/file.txt")
SAID["restored"] = type(os.environ).__getitem__ is getitem
os.environ["AFTER"] = "1"
os.environ["AFTER"]
with open(os.path.join(WORK, "audit.json")) as file:
    report = json.load(file)
SAID["same_report"] = report == enforcer.audit_report
SAID["paths"] = sorted({(use["path"], use["effect"]) for use in report["paths"]})
SAID["variables"] = [(use["name"], use["how"], use["declared_by"]) for use in report["variables"]]
SAID["undeclared"], SAID["not_seen"] = report["undeclared"], report["not_seen"]

sys.stdout.write(json.dumps(SAID))
