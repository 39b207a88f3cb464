"""A contract that is written for a script that has none."""

from __future__ import annotations

import os
import stat

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from flake8_contracts.cli import cli
from flake8_contracts.fixes.file_text import Refused
from flake8_contracts.fixes.replacement import Change, replace_all

TRAINING = """\
import argparse
import json
import os

import pandas as pd

parser = argparse.ArgumentParser()
parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN", "/opt/ml/input/data/train"))
frame = pd.read_csv(os.path.join(parser.parse_args().train, "rows.csv"))
with open("/opt/ml/model/model.json", "w") as file:
    json.dump({"alpha": float(os.environ.get("ALPHA", "0.5")), "label": os.environ["LABEL"], "n": len(frame)}, file)
"""
PROCESSING = """\
import os

import pandas as pd

NAMES = ("train", "test")
for name in NAMES:
    frame = pd.read_parquet(f"/opt/ml/processing/input/{name}/rows.parquet")
    os.makedirs("/opt/ml/processing/output/clean", exist_ok=True)
    frame.to_parquet(f"/opt/ml/processing/output/clean/{name}.parquet")
with open("/opt/ml/processing/input/options/options.json") as file:
    print(file.read())
"""
SETTINGS = """\
import os

os.environ["THREADS"] = "4"
print(os.environ["THREADS"], os.environ["AWS_REGION"])
suffix = os.environ.get("SUFFIX")
try:
    region = os.environ["REGION"]
except KeyError:
    region = "none"
for folder in ("a", "b", "c"):
    with open(f"/opt/ml/processing/input/{folder}/data/rows.csv") as file:
        rows = file.read()
with open("/opt/ml/processing/output/clean/data/rows.csv", "w") as file:
    file.write(f"{rows}{region}{suffix}")
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text('[tool.flake8-contracts]\nextend-select = ["SMC902"]\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["check", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def written(path) -> dict[str, object]:
    return dict(YAML(typ="safe").load(path))


@pytest.mark.parametrize(
    ("script", "fields"),
    [
        (
            TRAINING,
            {
                "entry_point": "job.py",
                "expected_input_paths": {"train": "/opt/ml/input/data/train"},
                "expected_output_paths": {"model": "/opt/ml/model"},
                "required_env_vars": ["LABEL"],
                "optional_env_vars": {"ALPHA": "0.5"},
            },
        ),
        (
            PROCESSING,
            {
                "entry_point": "job.py",
                "expected_input_paths": {
                    "options": "/opt/ml/processing/input/options",
                    "test": "/opt/ml/processing/input/test",
                    "train": "/opt/ml/processing/input/train",
                },
                "expected_output_paths": {"clean": "/opt/ml/processing/output/clean"},
            },
        ),
        (
            SETTINGS,  # neither what it sets itself nor what the platform sets
            {
                "entry_point": "job.py",
                "expected_input_paths": {name: f"/opt/ml/processing/input/{name}" for name in "abc"},
                "expected_output_paths": {"clean": "/opt/ml/processing/output/clean"},
                "optional_env_vars": {"REGION": "", "SUFFIX": ""},
            },
        ),
    ],
    ids=["training", "processing", "settings"],
)
def test_what_the_script_uses_is_declared(project, script, fields):
    (project / "job.py").write_text(script)
    assert run("--fix", "--unsafe-fixes") == (0, "1 fixed, 0 left\n")
    assert written(project / "job.contract.yaml") == fields
    assert (project / "job.py").read_text() == script
    assert run() == (0, "")


def test_the_shortest_name_that_means_only_this_script(project):
    for folder in ("one", "two"):
        (project / folder).mkdir()
        (project / folder / "job.py").write_text(TRAINING)
    assert run("--fix", "--unsafe-fixes", "one") == (0, "1 fixed, 0 left\n")
    assert written(project / "one" / "job.contract.yaml")["entry_point"] == "one/job.py"
    assert not (project / "two" / "job.contract.yaml").exists()


def test_it_has_to_be_asked_for(project):
    (project / "job.py").write_text(TRAINING)
    assert run("--fix")[0] == 1
    assert not (project / "job.contract.yaml").exists()


def test_a_diff_shows_a_new_file(project):
    (project / "job.py").write_text(TRAINING)
    code, output = run("--unsafe-fixes", "--diff")
    assert code == 1
    assert "--- /dev/null\n+++ job.contract.yaml\n" in output
    assert "+entry_point: job.py\n" in output
    assert not (project / "job.contract.yaml").exists()


def test_what_stands_there_is_not_replaced(project):
    (project / "job.py").write_text(TRAINING)
    (project / "job.contract.yaml").symlink_to("nowhere")
    code, output = run("--fix", "--unsafe-fixes")
    assert code == 1
    assert "SMC902" in output
    assert os.readlink(project / "job.contract.yaml") == "nowhere"


@pytest.mark.parametrize(
    "script",
    [
        'open("/opt/ml/processing/input/a/x")\nimport os\nos.environ.get("A", "1")\nos.environ.get("A", "2")\n',
        'import shutil\nshutil.rmtree("/opt/ml/processing")\n',
        'open("/opt/ml/elsewhere/x")\n',
    ],
    ids=["two defaults", "everything", "neither input nor output"],
)
def test_nothing_is_guessed(project, script):
    (project / "job.py").write_text(script)
    run("--fix", "--unsafe-fixes")
    assert not (project / "job.contract.yaml").exists()


def test_a_file_that_appeared_meanwhile_is_kept(tmp_path):
    path, other = tmp_path / "new.yaml", tmp_path / "old.py"
    other.write_bytes(b"old")
    path.write_bytes(b"somebody's")
    with pytest.raises(Refused, match="exists already"):
        replace_all([Change(other, b"old", b"new"), Change(path, None, b"ours")])
    assert (other.read_bytes(), path.read_bytes()) == (b"old", b"somebody's")


def test_a_new_file_has_the_usual_permissions(tmp_path):
    usual = tmp_path / "usual"
    usual.touch()
    replace_all([Change(tmp_path / "new.yaml", None, b"a: 1\n")])
    assert stat.S_IMODE((tmp_path / "new.yaml").stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)
