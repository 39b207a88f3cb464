"""The models of step specifications."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from contracts_runtime import (
    DependencySpec,
    DependencyType,
    NodeType,
    OutputSpec,
    ScriptContract,
    StepSpecification,
    TrainingScriptContract,
)

PATH = "properties.ProcessingOutputConfig.Outputs['{}'].S3Output.S3Uri"
CONTRACT = ScriptContract(
    entry_point="payload.py",
    expected_input_paths={"model_input": "/opt/ml/processing/input/model"},
    expected_output_paths={"payload": "/opt/ml/processing/output"},
)
MODEL = DependencySpec(logical_name="model_input", dependency_type=DependencyType.MODEL_ARTIFACTS)
PAYLOAD = OutputSpec(
    logical_name="payload",
    aliases=["samples"],
    output_type=DependencyType.PAYLOAD_SAMPLES,
    property_path=PATH.format("payload"),
)


def payload(**fields) -> StepSpecification:
    given = {
        "step_type": "Payload",
        "node_type": "internal",
        "dependencies": [MODEL],
        "outputs": [PAYLOAD],
        "script_contract": CONTRACT,
    }
    return StepSpecification(**{**given, **fields})


def refusals(**fields) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        payload(**fields)
    return [error["msg"] for error in caught.value.errors()]


def test_lists_and_mappings_are_held_as_mappings_by_logical_name():
    step = payload()
    assert step.dependencies == {"model_input": MODEL}
    assert step.outputs == {"payload": PAYLOAD}
    assert payload(dependencies={"model_input": MODEL}, outputs={"payload": PAYLOAD}) == step
    plain = payload(
        dependencies={"model_input": {"dependency_type": "model_artifacts"}},
        outputs=({**PAYLOAD.model_dump(), "output_type": "payload_samples"},),
    )
    assert plain == step
    assert plain.dependencies["model_input"].logical_name == "model_input"


def test_defaults():
    step = StepSpecification(step_type="Nothing", node_type=NodeType.SINGULAR)
    assert (step.dependencies, step.outputs, step.script_contract) == ({}, {}, None)
    assert MODEL.required
    assert (MODEL.compatible_sources, MODEL.semantic_keywords, MODEL.data_type) == ([], [], "S3Uri")
    output = OutputSpec(logical_name="x", output_type=DependencyType.PROCESSING_OUTPUT)
    assert (output.aliases, output.property_path, output.data_type) == ([], "", "S3Uri")


def test_an_output_is_found_by_its_name_and_by_its_aliases():
    step = payload()
    assert step.get_output("payload") is step.get_output("samples") is step.outputs["payload"]
    assert step.get_output("sample") is None
    assert step.get_dependency("model_input") == MODEL
    assert step.get_dependency("payload") is None
    assert PAYLOAD.matches("samples")
    assert not PAYLOAD.matches("sample")


def test_a_name_comes_before_an_alias():
    one = OutputSpec(logical_name="one", output_type=DependencyType.PROCESSING_OUTPUT, aliases=["all"])
    two = OutputSpec(logical_name="two", output_type=DependencyType.PROCESSING_OUTPUT)
    step = payload(outputs=[one, two], script_contract=None)
    assert step.get_output("two") is step.outputs["two"]
    assert step.get_output("all") is step.outputs["one"]


@pytest.mark.parametrize(
    ("node_type", "dependencies", "outputs"),
    [
        ("source", [], [PAYLOAD]),
        ("internal", [MODEL], [PAYLOAD]),
        ("sink", [MODEL], []),
        ("singular", [], []),
    ],
)
def test_a_node_type_is_checked(node_type, dependencies, outputs):
    held = payload(node_type=node_type, dependencies=dependencies, outputs=outputs).node_type
    assert held is NodeType(node_type)
    for other in set(NodeType) - {held}:
        messages = refusals(node_type=other, dependencies=dependencies, outputs=outputs)
        assert messages
        assert all(f"node_type is {other.value!r}" in message for message in messages)
        assert f"write {node_type!r}" in messages[0]


def test_everything_wrong_is_listed_at_once_with_its_place():
    with pytest.raises(ValidationError) as caught:
        payload(
            step_type="",
            node_type="soruce",
            dependencies=[{"logical_name": "model_input", "dependency_type": "model"}],
            outputs={"payload": {"output_type": "payload_samples", "alias": ["x"]}},
            contract=None,
        )
    assert {error["loc"] for error in caught.value.errors()} == {
        ("step_type",),
        ("node_type",),
        ("dependencies", "model_input", "dependency_type"),
        ("outputs", "payload", "alias"),
        ("contract",),
    }
    text = str(caught.value)
    assert "did you mean 'source'?" in text
    assert "did you mean 'aliases'?" in text
    assert "did you mean 'script_contract'?" in text
    assert {error["type"] for error in caught.value.errors()} == {"invalid-contract"}


@pytest.mark.parametrize("model", [DependencySpec, OutputSpec])
def test_dependencies_and_outputs_refuse_what_they_do_not_know(model):
    kind = {"dependency_type": "hyperparameters", "output_type": "hyperparameters"}
    field = next(name for name in kind if name in model.model_fields)
    assert model(logical_name="x", **{field: "hyperparameters"}).logical_name == "x"
    with pytest.raises(ValidationError, match="logical_name"):
        model(logical_name="", **{field: "hyperparameters"})
    with pytest.raises(ValidationError, match="Extra inputs"):
        model(logical_name="x", nonsense=1, **{field: "hyperparameters"})
    with pytest.raises(ValidationError, match="model_artifacts"):
        model(logical_name="x", **{field: "model_artefacts"})


def test_a_contract_may_come_from_a_function():
    assert payload(script_contract=lambda: CONTRACT).script_contract == CONTRACT
    with pytest.raises(ValidationError, match="script_contract"):
        payload(script_contract="payload.py")


def test_specifications_are_frozen_and_equal_by_value():
    step = payload()
    with pytest.raises(ValidationError, match="frozen"):
        step.step_type = "Other"
    assert step == payload()
    assert step != payload(step_type="Other")
    assert StepSpecification.model_validate_json(step.model_dump_json()) == step


def test_a_subclass_may_have_fields_of_its_own():
    class Specification(StepSpecification):
        owner: str = ""

    step = Specification.model_validate({"step_type": "A", "node_type": "singular", "owner": "risk"})
    assert (step.owner, step.step_type) == ("risk", "A")
    with pytest.raises(ValidationError, match="did you mean"):
        Specification.model_validate({"step_type": "A", "node_type": "singular", "output": {}})


def test_a_dependency_knows_its_compatible_sources_and_their_job_types():
    dependency = DependencySpec(
        logical_name="data",
        dependency_type=DependencyType.TRAINING_DATA,
        compatible_sources=["TabularPreprocessing"],
    )
    assert dependency.is_compatible_with_source("TabularPreprocessing")
    assert dependency.is_compatible_with_source("TabularPreprocessing_Calibration")
    assert not dependency.is_compatible_with_source("TabularPreprocessingCalibration")
    assert not dependency.is_compatible_with_source("XGBoostTraining")
    assert MODEL.is_compatible_with_source("XGBoostTraining")


def test_possible_kinds_come_from_the_specification_or_its_contract():
    assert payload().possible_kinds == {"Processing"}
    assert payload(sagemaker_step_type="CreateModelStep").possible_kinds == {"Model"}
    training = TrainingScriptContract(entry_point="train.py")
    assert payload(script_contract=training).possible_kinds == {"Training", "Tuning"}
    assert "Lambda" in payload(script_contract=None).possible_kinds


# --- files ---

STEP = """\
step_type: XGBoostTraining
node_type: internal
contract:
  entry_point: xgboost_training.py
  inputs:
    input_path: {path: /opt/ml/input/data}
    hyperparameters: {path: /opt/ml/input/data/config, required: false}
  outputs:
    model_output: {path: /opt/ml/model}
  job_arguments:
    - {flag: --job_type, source: config}
  env_vars:
    required: [LABEL_FIELD]
    optional: {VERBOSITY: "1"}
spec:
  dependencies:
    input_path: {type: training_data, required: true, compatible_sources: [TabularPreprocessing]}
  outputs:
    model_output: {type: model_artifacts, property_path: properties.ModelArtifacts.S3ModelArtifacts}
"""


def test_a_step_interface_is_a_specification_with_its_contract(tmp_path):
    path = tmp_path / "training.step.yaml"
    path.write_text(STEP, encoding="utf-8")
    step = StepSpecification.from_file(path)
    assert (step.step_type, step.node_type) == ("XGBoostTraining", NodeType.INTERNAL)
    assert isinstance(step.script_contract, TrainingScriptContract)
    assert step.script_contract.required_env_vars == ["LABEL_FIELD"]
    assert step.script_contract.optional_env_vars == {"VERBOSITY": "1"}
    assert step.dependencies["input_path"].compatible_sources == ["TabularPreprocessing"]
    assert step.outputs["model_output"].output_type is DependencyType.MODEL_ARTIFACTS
    assert step.validate_contract_alignment().is_valid, "an optional input needs no dependency"
    assert StepSpecification.from_file(str(path)) == step


def test_a_step_without_a_script_has_no_contract(tmp_path):
    path = tmp_path / "model.step.yaml"
    path.write_text(
        "step_type: Model\nnode_type: singular\ncontract: {entry_point: null}\n", encoding="utf-8"
    )
    assert StepSpecification.from_file(path).script_contract is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("- 1\n", "the file holds a list, not a mapping of fields"),
        ("step_type: [\n", ":2: not valid YAML"),
        ("step_type: A\nstep_type: B\n", ":2: not valid YAML: found duplicate key"),
        ("contract: {entry_point: a.py}\n", "there is no 'step_type', so that the file declares no step"),
        ("step_type: A\nnode_type: sorce\n", ":2: node_type is 'sorce'"),
        ("step_type: A\nnode_type: singular\nspec: 3\n", ":3: 'spec' is an integer, not a mapping"),
        ("step_type: A\nnode_type: singular\ncontract: 3\n", ":3: 'contract' is an integer, not a mapping"),
        (
            "step_type: A\nnode_type: source\nspec:\n  outputs:\n    x:\n      typ: hyperparameters\n",
            ":6: outputs['x']: 'typ' is no key of a step interface; did you mean 'type'?",
        ),
        (
            "step_type: A\nnode_type: singular\ncontract:\n  entry_point: a.py\n  inputs:\n    x: {path: tmp}\n",
            ":6: expected_input_paths['x'] 'tmp'",
        ),
    ],
)
def test_a_file_that_is_no_step_is_refused_with_its_name_and_line(tmp_path, text, message):
    path = tmp_path / "a.step.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.step\.yaml") as caught:
        StepSpecification.from_file(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_missing_or_not_text_is_refused(tmp_path):
    with pytest.raises(ValueError, match="No such file"):
        StepSpecification.from_file(tmp_path / "a.step.yaml")
    (tmp_path / "b.step.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="not UTF-8 at byte 0"):
        StepSpecification.from_file(tmp_path / "b.step.yaml")
