"""Definitions against contracts: each change to a definition that agrees is one disagreement, at its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flake8_contracts.definitions.matching import UnknownContractError

from .conftest import processing_input

Change = Callable[[dict[str, Any]], object]


def test_a_definition_that_agrees(verified, definition):
    found = verified(definition)
    assert found.messages == []
    assert found.verification.compared == {"Preprocess": "preprocess", "Train": "train"}
    assert found.verification.notes == ()


def step(definition: dict[str, Any], name: str = "Preprocess") -> dict[str, Any]:
    steps = [*definition["Steps"], *definition["Steps"][1]["Arguments"]["IfSteps"]]
    [found] = [each for each in steps if each["Name"] == name]
    return found


def arguments(definition: dict[str, Any], name: str = "Preprocess") -> dict[str, Any]:
    return step(definition, name)["Arguments"]


def mount(definition: dict[str, Any], number: int = 0) -> dict[str, Any]:
    return arguments(definition)["ProcessingInputs"][number]


def output(definition: dict[str, Any]) -> dict[str, Any]:
    return arguments(definition)["ProcessingOutputConfig"]["Outputs"][0]


def line(definition: dict[str, Any]) -> list[Any]:
    return arguments(definition)["AppSpecification"]["ContainerArguments"]


def parameters(definition: dict[str, Any]) -> dict[str, Any]:
    return arguments(definition, "Train")["HyperParameters"]


def channels(definition: dict[str, Any]) -> list[Any]:
    return arguments(definition, "Train")["InputDataConfig"]


def environment(definition: dict[str, Any], name: str = "Preprocess") -> dict[str, Any]:
    return arguments(definition, name)["Environment"]


def model(definition: dict[str, Any], reference: str) -> None:
    arguments(definition, "CreateModel")["PrimaryContainer"]["ModelDataUrl"] = {"Get": reference}


PATHS: list[tuple[Change, str, str]] = [
    (
        lambda d: mount(d)["S3Input"].update(LocalPath="/opt/ml/processing/input/data"),
        (
            "channel-path-mismatch step 'Preprocess': input 'RAW' is at '/opt/ml/processing/input/data', but the"
            " contract 'preprocess' has it at '/opt/ml/processing/input/raw', where the script looks for it; use"
            " that path"
        ),
        '"LocalPath": "/opt/ml/processing/input/data"',
    ),
    (
        lambda d: mount(d).update(InputName="raw_data"),
        (
            "unknown-channel step 'Preprocess': input 'raw_data' is called 'RAW' in the contract 'preprocess', at the"
            " same path; rename it"
        ),
        '"InputName": "raw_data"',
    ),
    (
        lambda d: arguments(d)["ProcessingInputs"].append(
            {
                "InputName": "RATE",
                "S3Input": {"S3Uri": "s3://b", "LocalPath": "/opt/ml/processing/input/rate"},
            }
        ),
        (
            "unknown-channel step 'Preprocess': input 'RATE' at '/opt/ml/processing/input/rate' is none of the contract"
            " 'preprocess'; declare or remove it"
        ),
        '"InputName": "RATE"',
    ),
    (
        lambda d: arguments(d)["ProcessingInputs"].pop(1),
        (
            "missing-channel step 'Preprocess' has no input at '/opt/ml/processing/input/rates', which the contract"
            " 'preprocess' declares as 'RATES': the script finds nothing there; add it"
        ),
        '"Name": "Preprocess"',
    ),
    (
        lambda d: output(d)["S3Output"].update(LocalPath="/opt/ml/processing/output"),
        (
            "channel-path-mismatch step 'Preprocess': output 'FEATURES' is at '/opt/ml/processing/output', but the"
            " contract 'preprocess' has it at '/opt/ml/processing/output/features', where the script looks for it; use"
            " that path"
        ),
        '"LocalPath": "/opt/ml/processing/output"',
    ),
    (
        lambda d: output(d)["S3Output"].update(S3Uri="s3://bucket/features.csv"),
        (
            "file-suffix-in-destination step 'Preprocess': output 'FEATURES' goes to 's3://bucket/features.csv', but"
            " SageMaker uploads a directory to a prefix; remove the file name"
        ),
        '"S3Uri": "s3://bucket/features.csv"',
    ),
    (
        lambda d: channels(d)[1].update(ChannelName="validate"),
        (
            "unknown-channel step 'Train': input 'validate' at '/opt/ml/input/data/validate' is none of the contract"
            " 'train'; did you mean 'HELD_OUT' at '/opt/ml/input/data/validation'?"
        ),
        '"ChannelName": "validate"',
    ),
    (
        lambda d: mount(d, 1).update(processing_input("RATE", "s3://b", "/opt/ml/processing/input/rate")),
        (
            "unknown-channel step 'Preprocess': input 'RATE' at '/opt/ml/processing/input/rate' is none of the contract"
            " 'preprocess'; did you mean 'RATES' at '/opt/ml/processing/input/rates'?"
        ),
        '"InputName": "RATE"',
    ),
    (
        lambda d: channels(d).pop(),
        (
            "missing-channel step 'Train' has no input at '/opt/ml/input/data/validation', which the contract 'train'"
            " declares as 'HELD_OUT': the script finds nothing there; add it"
        ),
        '"Name": "Train"',
    ),
]
VALUES: list[tuple[Change, str, str]] = [
    (
        lambda d: environment(d).pop("LABEL_FIELD"),
        (
            "environment-mismatch step 'Preprocess' does not set 'LABEL_FIELD', which the contract 'preprocess'"
            " requires; set it"
        ),
        '"Name": "Preprocess"',
    ),
    (
        lambda d: environment(d, "Train").update(LABEL_FIELDS=environment(d, "Train").pop("LABEL_FIELD")),
        (
            "environment-mismatch step 'Train' sets 'LABEL_FIELDS', which the contract 'train' does not know; did you"
            " mean 'LABEL_FIELD'?"
        ),
        '"LABEL_FIELDS": "y"',
    ),
    (
        lambda d: environment(d).update(TRAIN_RATE="0.8"),
        (
            "environment-mismatch step 'Preprocess' sets 'TRAIN_RATE', which the contract 'preprocess' does not know;"
            " did you mean 'TRAIN_RATIO'?"
        ),
        '"TRAIN_RATE": "0.8"',
    ),
    (
        lambda d: line(d).clear(),
        (
            "argument-mismatch step 'Preprocess' does not pass 'job_type', an argument of the contract 'preprocess';"
            " pass it"
        ),
        '"Name": "Preprocess"',
    ),
    (
        lambda d: line(d).extend(["--verbose"]),
        (
            "argument-mismatch step 'Preprocess' passes 'verbose', which is no argument of the contract 'preprocess';"
            " declare or remove it"
        ),
        '"--verbose"',
    ),
    (
        lambda d: line(d).__setitem__(1, "calibration"),
        (
            "argument-mismatch step 'Preprocess' has the job type 'calibration', the contract 'preprocess' is for"
            " 'training'"
        ),
        '"--job_type"',
    ),
    (
        lambda d: parameters(d).pop("epochs"),
        "argument-mismatch step 'Train' does not pass 'epochs', an argument of the contract 'train'; pass it",
        '"Name": "Train"',
    ),
]
REFERENCES: list[tuple[Change, str, str]] = [
    (
        lambda d: mount(d)["S3Input"].update(S3Uri={"Get": "Parameters.Raws"}),
        "unknown-reference the pipeline has no parameter 'Raws'; did you mean 'Raw'?",
        '"Get": "Parameters.Raws"',
    ),
    (
        lambda d: channels(d)[0]["DataSource"]["S3DataSource"].update(
            S3Uri={"Get": "Steps.Preprocess.ProcessingOutputConfig.Outputs['FEATURE'].S3Output.S3Uri"}
        ),
        "unknown-property-reference step 'Preprocess' has no output 'FEATURE'; did you mean 'FEATURES'?",
        '"Get": "Steps.Preprocess.ProcessingOutputConfig.Outputs[\'FEATURE\'].S3Output.S3Uri"',
    ),
    (
        lambda d: model(d, "Steps.Training.ModelArtifacts.S3ModelArtifacts"),
        (
            "unknown-reference 'Steps.Training.ModelArtifacts.S3ModelArtifacts': the pipeline has no step 'Training';"
            " did you mean 'Train'?"
        ),
        '"Get": "Steps.Training.ModelArtifacts.S3ModelArtifacts"',
    ),
    (
        lambda d: model(d, "Steps.Train.ModelArtifact.S3ModelArtifacts"),
        (
            "invalid-property-path 'ModelArtifact.S3ModelArtifacts' does not exist on step 'Train': it has no member"
            " 'ModelArtifact'; did you mean 'ModelArtifacts'?"
        ),
        '"Get": "Steps.Train.ModelArtifact.S3ModelArtifacts"',
    ),
    (
        lambda d: model(d, "Steps.Preprocess.ModelArtifacts.S3ModelArtifacts"),
        (
            "invalid-property-path 'ModelArtifacts.S3ModelArtifacts' does not exist on step 'Preprocess': it has no"
            " member 'ModelArtifacts'"
        ),
        '"Get": "Steps.Preprocess.ModelArtifacts.S3ModelArtifacts"',
    ),
    (
        lambda d: arguments(d, "Log").update(ticket={"Get": "Steps.Notify.OutputParameters['tickets']"}),
        "unknown-property-reference step 'Notify' has no output 'tickets'; did you mean 'ticket'?",
        '"Get": "Steps.Notify.OutputParameters[\'tickets\']"',
    ),
    (
        lambda d: step(d)["PropertyFiles"][0].update(OutputName="COUNTS"),
        (
            "property-file-mismatch step 'Preprocess': the property file 'Counts' is in the output 'COUNTS', which the"
            " step has not; it has 'FEATURES'"
        ),
        '"OutputName": "COUNTS"',
    ),
    (
        lambda d: step(d)["PropertyFiles"][0].update(PropertyFileName="Rows"),
        "property-file-mismatch step 'Preprocess' has no property file 'Counts'; it has 'Rows'",
        '"Get": "Steps.Preprocess.PropertyFiles.Counts"',
    ),
    (
        lambda d: d["PipelineExperimentConfig"].update(TrialName={"Get": "Execution.PipelineExecutionID"}),
        (
            "unknown-reference an execution of a pipeline has no variable 'PipelineExecutionID'; did you mean"
            " 'PipelineExecutionId'?"
        ),
        '"Get": "Execution.PipelineExecutionID"',
    ),
    (
        lambda d: step(d).update(DependsOn=["CreateModel"]),
        (
            "dependency-cycle the steps Preprocess → Train → CreateModel → Preprocess wait for each other, so that none"
            " of them can start"
        ),
        '"Name": "Preprocess"',
    ),
]


@pytest.mark.parametrize(("change", "message", "place"), [*PATHS, *VALUES, *REFERENCES])
def test_one_change_is_one_disagreement(verified, definition, change: Change, message: str, place: str):
    change(definition)
    found = verified(definition)
    assert found.messages == [message]
    assert found.verification.notes == ()
    assert place in found.places[0]


def test_files_where_directories_will_be(verified, definition):
    mount(definition)["S3Input"]["LocalPath"] = "/opt/ml/processing/input/raw/data.csv"
    output(definition)["S3Output"]["LocalPath"] = "/opt/ml/processing/output/features.parquet"
    assert {each.name for each in verified(definition).verification.disagreements} == {
        "channel-path-mismatch",
        "input-path-is-file",
        "output-source-is-file",
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda d: mount(d).update(InputName="input-1"),
        lambda d: mount(d)["S3Input"].update(LocalPath={"Get": "Parameters.Raw"}),
        lambda d: arguments(d).update(ProcessingInputs={"Get": "Parameters.Raw"}),
        lambda d: arguments(d).update(Environment={"Get": "Parameters.Raw"}),
        lambda d: line(d).__setitem__(slice(None), [{"Get": "Parameters.Raw"}]),
        lambda d: line(d).__setitem__(slice(None), ["--job_type=training"]),
        lambda d: line(d).__setitem__(1, {"Get": "Parameters.Raw"}),
        lambda d: environment(d).update(SM_CHANNEL="x", PYTHONUNBUFFERED="1"),
        lambda d: environment(d).update(LABEL_FIELD={"Get": "Parameters.Raw"}),
        lambda d: parameters(d).update(epochs={"Get": "Parameters.Count"}),
        lambda d: step(d).update(CacheConfig={"Enabled": True, "ExpireAfter": "P1D"}),
        lambda d: d.update(SomethingNew={}),
        lambda d: step(d, "Log").update(Type="Carousel"),
        lambda d: arguments(d, "Log").update(ticket={"Get": "ForEach.CurrentItem.name"}),
        lambda d: model(d, "Steps.Train.OutputDataConfig.S3OutputPath"),
    ],
)
def test_what_cannot_be_known_is_not_reported(verified, definition, change: Change):
    change(definition)
    assert verified(definition).messages == []


def test_the_steps_of_a_tuning_job(verified, definition):
    train = step(definition, "Train")
    job = {**train["Arguments"], "StaticHyperParameters": train["Arguments"].pop("HyperParameters")}
    job["StaticHyperParameters"].pop("epochs")
    train.update(Type="Tuning", Arguments={"HyperParameterTuningJobConfig": {}, "TrainingJobDefinition": job})
    definition["Steps"] = definition["Steps"][:2]
    assert [each.name for each in verified(definition).verification.disagreements] == ["argument-mismatch"]
    ranges = {"IntegerParameterRanges": [{"Name": "epochs", "MinValue": "1", "MaxValue": "9"}]}
    train["Arguments"]["HyperParameterTuningJobConfig"]["ParameterRanges"] = ranges
    assert verified(definition).messages == []


def test_checkpoints_are_copied_only_if_the_job_says_so(verified, definition, project):
    contract = project / "train.contract.yaml"
    contract.write_text(contract.read_text().replace("/opt/ml/output/data", "/opt/ml/checkpoints"))
    assert [each.name for each in verified(definition).verification.disagreements] == ["missing-channel"]
    arguments(definition, "Train")["CheckpointConfig"] = {"S3Uri": "s3://bucket/checkpoints"}
    assert verified(definition).messages == []


# --- which contract ---


def test_the_job_type_chooses_among_the_contracts_of_a_script(verified, definition, project):
    contract = (project / "preprocess.contract.yaml").read_text().replace("training", "calibration")
    (project / "calibration.contract.yaml").write_text(contract)
    line(definition)[1] = "calibration"
    found = verified(definition)
    assert found.messages == []
    assert found.verification.compared["Preprocess"] == "calibration"


def test_a_step_that_does_not_say_its_script(verified, definition):
    application = arguments(definition)["AppSpecification"]
    application["ContainerEntrypoint"] = ["/bin/bash", "/opt/ml/processing/input/entrypoint/runproc.sh"]
    environment(definition).clear()
    found = verified(definition)
    assert found.messages == []
    assert found.verification.notes == (
        (
            "step 'Preprocess' was not compared with a contract: it does not say which script it runs; name one by"
            " --contract Preprocess=NAME"
        ),
    )
    assert [message.split()[0] for message in verified(definition, Preprocess="preprocess").messages] == [
        "environment-mismatch"
    ]


def test_a_script_without_a_contract(verified, definition, project):
    (project / "train.contract.yaml").unlink()
    found = verified(definition)
    assert found.messages == []
    assert found.verification.notes == (
        (
            "step 'Train' was not compared with a contract: no contract is for its script 'train.py'; name one by"
            " --contract Train=NAME"
        ),
    )


def test_the_contracts_of_the_definitions_own_project_come_first(verified, definition, project):
    other = project / "other"
    other.mkdir()
    (other / "pyproject.toml").write_text("")
    (other / "preprocess.contract.yaml").write_text("entry_point: preprocess.py\n")
    environment(definition).clear()
    assert [message.split()[0] for message in verified(definition).messages] == ["environment-mismatch"]


def test_names_that_do_not_exist(verified, definition):
    with pytest.raises(UnknownContractError, match="there is no contract 'trains'; did you mean 'train'"):
        verified(definition, Train="trains")
    with pytest.raises(UnknownContractError, match="there is no step 'Tran'; did you mean 'Train'"):
        verified(definition, Tran="train")


def test_variables_that_the_contract_does_not_know_are_noted(verified, definition):
    environment(definition).update(OMP_NUM_THREADS="4", WAREHOUSE="x")
    found = verified(definition)
    assert found.messages == []
    [note] = found.verification.notes
    assert "'WAREHOUSE'" in note
