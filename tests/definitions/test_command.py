"""``flake8-contracts verify`` as it is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from flake8_contracts.cli import cli

from .test_verification import environment, mount


@pytest.fixture
def run(project, monkeypatch, runner):
    monkeypatch.chdir(project)

    def run_it(*arguments: str, stdin: str = "") -> Result:
        return runner.invoke(cli, ["verify", *arguments, "--contracts-no-cache"], input=stdin)

    return run_it


@pytest.fixture
def written(project):
    def write(definition: object) -> None:
        (project / "definition.json").write_text(json.dumps(definition, indent=1))

    return write


def test_a_definition_that_agrees(run, written, definition):
    written(definition)
    result = run("definition.json")
    assert (result.exit_code, result.output) == (0, "")


def test_disagreements_stand_at_their_places(run, written, definition, project):
    mount(definition)["S3Input"]["LocalPath"] = "/opt/ml/processing/input/data"
    written(definition)
    text = (project / "definition.json").read_text()
    line = text[: text.index("/opt/ml/processing/input/data")].count("\n") + 1
    result = run("definition.json")
    assert result.exit_code == 1
    assert result.stdout.startswith(
        f"definition.json:{line}:21: channel-path-mismatch step 'Preprocess': input 'RAW'"
    )


def test_what_was_not_compared_is_told_on_standard_error(run, written, definition, project):
    (project / "train.contract.yaml").unlink()
    written(definition)
    result = run("definition.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "definition.json: note: step 'Train' was not compared with a contract: no contract is for its script"
        " 'train.py'; name one by --contract Train=NAME\n"
    )


def test_json(run, written, definition):
    environment(definition).clear()
    written(definition)
    result = run("definition.json", "--output-format", "json")
    assert result.exit_code == 1
    [found] = json.loads(result.stdout)["definitions"]
    assert found["path"] == "definition.json"
    assert found["compared"] == {"Preprocess": "preprocess", "Train": "train"}
    [disagreement] = found["disagreements"]
    assert disagreement["name"] == "environment-mismatch"
    assert set(disagreement) == {"line", "column", "end_line", "end_column", "name", "message"}


def test_standard_input(run, definition):
    result = run("-", stdin=json.dumps(definition))
    assert (result.exit_code, result.output) == (0, "")


def test_a_contract_may_be_named(run, written, definition, project):
    text = (project / "train.contract.yaml").read_text()
    (project / "train.contract.yaml").write_text(text.replace("train.py", "fit.py"))
    environment(definition, "Train").clear()
    written(definition)
    assert run("definition.json").exit_code == 0
    assert run("definition.json", "--contract", "Train=train").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.json",), "missing.json: No such file or directory"),
        (("definition.json", "--contract", "Train"), "'Train' is not STEP=NAME"),
        (("definition.json", "--contract", "T=a", "--contract", "T=b"), "the step 'T' is named twice"),
        (
            ("definition.json", "--contract", "Train=tran"),
            "there is no contract 'tran'; did you mean 'train'?",
        ),
        (("broken.json",), "broken.json:2:11: not a pipeline definition: not valid JSON: expecting value"),
        ((), "Missing argument 'DEFINITION...'"),
    ],
)
def test_what_cannot_be_run(
    run, written, definition, project: Path, arguments: tuple[str, ...], message: str
):
    written(definition)
    (project / "broken.json").write_text('{\n "Steps":\t}')
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
