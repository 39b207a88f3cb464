"""Definitions against specifications: which step has which, what it may do without, and where it gets things from."""

from __future__ import annotations

import pytest

from .test_verification import arguments, channels, environment, mount

SPECIFICATIONS = """\
from contracts_runtime import (
    DependencySpec, OutputSpec, ScriptContract, SpecificationRegistry, StepSpecification, TrainingScriptContract,
)

def features(path):
    return f"properties.ProcessingOutputConfig.Outputs['{path}'].S3Output.S3Uri"

PREPROCESS = StepSpecification(
    step_type="Preprocess_Training",
    node_type="internal",
    dependencies=[
        DependencySpec(logical_name="RAW", dependency_type="processing_output", compatible_sources=["Load"]),
        DependencySpec(logical_name="RATES", dependency_type="processing_output", required=False),
    ],
    outputs=[
        OutputSpec(logical_name="FEATURES", output_type="training_data", property_path=features("FEATURES")),
        OutputSpec(logical_name="MODEL", output_type="model_artifacts", property_path=features("MODEL")),
    ],
    script_contract=ScriptContract(
        entry_point="preprocess.py",
        expected_input_paths={
            "RAW": "/opt/ml/processing/input/raw", "RATES": "/opt/ml/processing/input/rates",
        },
        expected_output_paths={"FEATURES": "/opt/ml/processing/output/features"},
        required_env_vars=["LABEL_FIELD"],
        expected_arguments={"job_type": "training"},
    ),
)
TRAIN = StepSpecification(
    step_type="Train",
    node_type="internal",
    dependencies=[
        DependencySpec(logical_name="FEATURES", dependency_type="training_data", compatible_sources=[SOURCE]),
        DependencySpec(logical_name="HELD_OUT", dependency_type="training_data", required=False),
    ],
    script_contract=TrainingScriptContract(
        entry_point="train.py",
        expected_input_paths={
            "FEATURES": "/opt/ml/input/data/train", "HELD_OUT": "/opt/ml/input/data/validation",
        },
        required_env_vars=["LABEL_FIELD"],
        expected_arguments={"epochs": "10"},
    ),
)
REGISTRY = SpecificationRegistry("tested")
REGISTRY.register("Preprocess", PREPROCESS)
REGISTRY.register("Train", TRAIN)
"""


@pytest.fixture
def specifications(project):
    """Writes the specifications; the data for training may come from steps of the type ``source``."""
    for contract in project.glob("*.yaml"):
        contract.unlink()

    def write(source: str = "Preprocess", text: str = SPECIFICATIONS) -> None:
        (project / "pipeline.py").write_text(text.replace("[SOURCE]", f"[{source!r}]"))

    write()
    return write


def test_a_definition_that_agrees(verified, definition, specifications):
    found = verified(definition)
    assert found.messages == []
    assert set(found.verification.compared) == {"Preprocess", "Train"}


def test_what_the_specification_does_not_require_may_be_missing(verified, definition, specifications):
    arguments(definition)["ProcessingInputs"].pop(1)
    channels(definition).pop(1)
    assert verified(definition).messages == []
    arguments(definition)["ProcessingInputs"].pop(0)
    assert [each.name for each in verified(definition).verification.disagreements] == ["missing-channel"]


def test_the_name_of_a_step_tells_its_contract(verified, definition, specifications):
    """Where the script is hidden in an archive, registered names and step types still tell which one it is."""
    application = arguments(definition)["AppSpecification"]
    application["ContainerEntrypoint"] = ["/bin/bash", "/opt/ml/processing/input/entrypoint/runproc.sh"]
    for name in ("Preprocess", "Train"):
        environment(definition, name).clear()
    del arguments(definition, "Train")["HyperParameters"]["sagemaker_program"]
    registered = [each.name for each in verified(definition).verification.disagreements]
    assert registered == ["environment-mismatch", "environment-mismatch"]
    specifications(text=SPECIFICATIONS.partition("REGISTRY =")[0])
    found = verified(definition)
    assert [each.name for each in found.verification.disagreements] == ["environment-mismatch"]
    assert list(found.verification.compared) == ["Train"]


def test_another_script_under_the_name_of_a_step(verified, definition, specifications):
    arguments(definition)["AppSpecification"]["ContainerEntrypoint"][1] = (
        "/opt/ml/processing/input/code/other.py"
    )
    environment(definition).clear()
    found = verified(definition)
    assert found.messages == []
    assert list(found.verification.compared) == ["Train"]


def test_a_source_that_the_specification_does_not_take(verified, definition, specifications):
    specifications(source="Tokenize")
    found = verified(definition)
    [message] = found.messages
    assert message.startswith("incompatible-source")
    assert "'Tokenize'" in message
    assert found.places == ['"S3Uri": {']


def test_an_output_of_another_type(verified, definition, specifications):
    model = {
        "OutputName": "MODEL",
        "S3Output": {"S3Uri": "s3://b/m", "LocalPath": "/opt/ml/processing/output/features/m"},
    }
    arguments(definition)["ProcessingOutputConfig"]["Outputs"].append(model)
    source = channels(definition)[0]["DataSource"]["S3DataSource"]
    source["S3Uri"] = {"Get": "Steps.Preprocess.ProcessingOutputConfig.Outputs['MODEL'].S3Output.S3Uri"}
    assert "incompatible-source" in [each.name for each in verified(definition).verification.disagreements]


def test_a_place_that_is_made_of_a_reference(verified, definition, specifications):
    """A folder below another step's output comes from that step."""
    specifications(source="Tokenize")
    source = channels(definition)[0]["DataSource"]["S3DataSource"]
    source["S3Uri"] = {"Std:Join": {"On": "/", "Values": [source["S3Uri"], "train"]}}
    assert [each.name for each in verified(definition).verification.disagreements] == ["incompatible-source"]


def test_a_value_from_outside_is_not_wired(verified, definition, specifications):
    mount(definition)["S3Input"]["S3Uri"] = "s3://bucket/raw"
    assert verified(definition).messages == []
