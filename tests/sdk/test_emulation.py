"""An emulated job is given what a step of the same contract gives to a real one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contracts_runtime.testing import run_script

TELL = "import json, os, sys\njson.dump([sys.argv[1:], dict(os.environ)], sys.stdout)\n"


@pytest.fixture
def emulated(specs, tmp_path: Path):
    """Runs a script under the contract of a specification; returns its arguments, its variables and the run."""

    def run(specification, **options):
        contract = specification.script_contract
        script = tmp_path / contract.entry_point
        script.write_text(TELL)
        done = run_script(script, contract, root=tmp_path / "ml", **options).check()
        return *json.loads(done.stdout), done

    return run


def test_a_processing_job(builders, specs, arguments, emulated) -> None:
    request = arguments(builders["Preprocess"].create_step({"RAW": "s3://bucket/raw"}))
    given, variables, run = emulated(specs.preprocess, environment={"LABEL_FIELD": "y"})
    assert given == request["AppSpecification"]["ContainerArguments"]
    assert request["Environment"].items() <= variables.items()
    configuration = json.loads((run.root / "config/processingjobconfig.json").read_text())
    assert configuration["Environment"] == request["Environment"]
    [output] = request["ProcessingOutputConfig"]["Outputs"]
    [emulated_output] = configuration["ProcessingOutputConfig"]["Outputs"]
    assert emulated_output["OutputName"] == output["OutputName"]
    assert emulated_output["S3Output"]["LocalPath"] == output["S3Output"]["LocalPath"]
    assert run.outputs["FEATURES"].is_dir()


def test_a_training_job(builders, specs, arguments, emulated, tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    request = arguments(builders["Train"].create_step({"FEATURES": "s3://bucket/train"}))
    given, variables, _ = emulated(
        specs.train,
        inputs={"FEATURES": tmp_path / "train"},
        environment={"LABEL_FIELD": "y"},
        arguments={"rate": "0.1"},
    )
    sent = {
        name: value for name, value in request["HyperParameters"].items() if not name.startswith("sagemaker_")
    }
    assert {name: str(json.loads(value)) for name, value in sent.items()} == json.loads(variables["SM_HPS"])
    assert given == ["--epochs", "10", "--rate", "0.1"]
    assert request["Environment"].items() <= variables.items()
    assert json.loads(variables["SM_CHANNELS"]) == [
        each["ChannelName"] for each in request["InputDataConfig"]
    ]
