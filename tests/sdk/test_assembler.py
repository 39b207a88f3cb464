"""Pipelines from a graph of step names."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from contracts_runtime.builders import StepBuilder, StepBuildError

EXPECTED = Path(__file__).parent / "definition.json"
OPERATIONS = {
    "Processing": ("CreateProcessingJob", {"ProcessingJobName": "n"}),
    "Training": ("CreateTrainingJob", {"TrainingJobName": "n"}),
    "Tuning": ("CreateHyperParameterTuningJob", {"HyperParameterTuningJobName": "n"}),
    "Transform": ("CreateTransformJob", {"TransformJobName": "n"}),
    "Model": ("CreateModel", {"ModelName": "n"}),
    "RegisterModel": ("CreateModelPackage", {}),
}


@pytest.fixture
def definition(assembler):
    return json.loads(assembler().assemble("Tested").definition())


def test_both_sdks_compile_the_same_definition(definition):
    """The file is what v2 and v3 are both compared with."""
    assert definition.pop("MlflowConfig", None) is None  # v3 writes null, v2 nothing
    assert definition == json.loads(EXPECTED.read_text(encoding="utf-8"))


def test_the_service_accepts_the_arguments_of_every_step(definition):
    """botocore checks them as it does before it sends a request."""
    model = botocore.session.Session().get_service_model("sagemaker")
    validator = ParamValidator()
    for step in definition["Steps"]:
        operation, name = OPERATIONS[step["Type"]]
        request = {**name, **_resolved(step["Arguments"])}
        report = validator.validate(request, model.operation_model(operation).input_shape)
        assert not report.has_errors(), f"{step['Name']}: {report.generate_report()}"


def _resolved(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) in ({"Get"}, {"Std:Join"}):
            return "s3://bucket/resolved"
        return {name: _resolved(each) for name, each in value.items()}
    return [_resolved(each) for each in value] if isinstance(value, list) else value


def test_dependencies_are_wired_by_property_references(definition):
    steps = {step["Name"]: step["Arguments"] for step in definition["Steps"]}
    channel = steps["Train"]["InputDataConfig"][0]
    assert channel["ChannelName"] == "train"
    assert channel["DataSource"]["S3DataSource"]["S3Uri"] == {
        "Get": "Steps.Preprocess.ProcessingOutputConfig.Outputs['FEATURES'].S3Output.S3Uri"
    }
    assert steps["CreateModel"]["PrimaryContainer"]["ModelDataUrl"] == {
        "Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"
    }
    assert steps["Transform"]["ModelName"] == {"Get": "Steps.CreateModel.ModelName"}


def test_an_edge_without_data_only_orders_steps(definition):
    steps = {step["Name"]: step.get("DependsOn") for step in definition["Steps"]}
    assert steps == {
        "Preprocess": None,
        "Train": None,
        "Tune": None,
        "CreateModel": None,
        "Transform": ["Preprocess"],
        "Register": ["Transform"],
    }


def test_references_can_be_asked_for(assembler):
    references = assembler().references
    assert str(references["Train"]["FEATURES"]) == "Preprocess.FEATURES"
    assert references["Preprocess"] == {}


def test_a_graph_object_will_do(assembler, definition):
    graph = SimpleNamespace(
        nodes=["Preprocess", "Train", "Tune", "CreateModel", "Transform", "Register"],
        edges=[
            ("Preprocess", "Train"),
            ("Preprocess", "Tune"),
            ("Train", "CreateModel"),
            ("CreateModel", "Transform"),
            ("Preprocess", "Transform"),
            ("Train", "Register"),
            ("Transform", "Register"),
        ],
    )
    assert json.loads(assembler(graph).assemble("Tested").definition()) == definition


def test_parameters_become_the_pipelines(assembler, parameter):
    source = parameter("Raw")
    sources = {"Preprocess": {"RAW": source}, "Transform": {"data": "s3://b/d"}}
    definition = json.loads(assembler(sources=sources).assemble("Tested", [source]).definition())
    assert definition["Parameters"] == [{"Name": "Raw", "Type": "String", "DefaultValue": "s3://bucket/in"}]
    raw = definition["Steps"][0]["Arguments"]["ProcessingInputs"][0]
    assert raw["S3Input"]["S3Uri"] == {"Get": "Parameters.Raw"}


def test_a_builder_may_be_named_for_a_step_or_its_type(assembler):
    class Tagged(StepBuilder):
        def environment(self):
            return super().environment()

    made = assembler(builders={"Train": Tagged, "Preprocess": Tagged})
    assert made.references
    assert type(made._made["Train"]) is Tagged
    assert type(made._made["Tune"]) is StepBuilder


# --- what is wrong ---


def errors(assemble: Callable[[], object]) -> list[str]:
    with pytest.raises(StepBuildError) as caught:
        assemble()
    return caught.value.problems


def test_all_names_that_are_unknown_are_listed(assembler, configs):
    made = assembler(
        {"Preproces": [], "Train": ["Preproces"]},
        configs={**configs, "Trainn": configs["Train"]},
        sources={},
    )
    problems = errors(lambda: made.references)
    assert problems[0] == "step 'Preproces' is not registered; did you mean 'Preprocess'?"
    assert "configs: step 'Trainn' is not in the graph; did you mean 'Train'?" in problems
    assert "step 'Preproces' has no configuration; add it to configs" in problems


def test_a_circle_is_named(assembler, configs):
    made = assembler(
        {"Preprocess": ["Train"], "Train": ["Preprocess"]},
        configs={name: configs[name] for name in ("Preprocess", "Train")},
        sources={},
    )
    [problem] = errors(lambda: made.references)
    assert "wait for each other" in problem
    assert problem.count("Preprocess") + problem.count("Train") == 3


def test_an_unsatisfied_dependency_names_the_edge_that_is_missing(assembler, configs):
    made = assembler(
        {"Preprocess": [], "Train": []},
        configs={name: configs[name] for name in ("Preprocess", "Train")},
        sources={},
    )
    problems = errors(lambda: made.references)
    what = "comes from no step that it waits for"
    assert problems == [
        f"Preprocess: required input 'RAW' {what}; add a step that provides it, or give its source in sources",
        f"Train: required input 'FEATURES' {what}; add the edge from 'Preprocess'",
    ]


def test_problems_of_all_steps_are_listed_before_one_is_created(assembler, configs, monkeypatch):
    monkeypatch.setattr(StepBuilder, "create_step", lambda *_, **__: pytest.fail("created"))
    wrong = {
        **configs,
        "Preprocess": replace(configs["Preprocess"], environment={}),
        "Train": replace(configs["Train"], role=None, code="s3://code/train.zip"),
    }
    problems = errors(lambda: assembler(configs=wrong).assemble("Tested"))
    assert [problem.partition(":")[0] for problem in problems] == ["Preprocess", "Train", "Train"]


def test_a_configuration_that_calls_the_step_otherwise(assembler, configs):
    wrong = {**configs, "Train": replace(configs["Train"], step_name="Training")}
    problems = errors(lambda: assembler(configs=wrong).references)
    assert problems == ["Train: its configuration calls it 'Training'; set step_name to 'Train'"]


def test_two_outputs_that_fit_equally_well(configs, session, specs):
    from contracts_runtime import SpecificationRegistry
    from contracts_runtime.builders import PipelineAssembler

    registry = SpecificationRegistry("ambiguous")
    again = specs.preprocess.model_copy(deep=True)
    registry.register("Preprocess", specs.preprocess)
    registry.register("Again", again)
    registry.register("Train", specs.train)
    raw = {"RAW": "s3://bucket/raw"}
    made = PipelineAssembler(
        {"Preprocess": [], "Again": [], "Train": ["Preprocess", "Again"]},
        registry,
        {
            "Preprocess": configs["Preprocess"],
            "Again": replace(configs["Preprocess"], step_name="Again"),
            "Train": configs["Train"],
        },
        sources={"Preprocess": raw, "Again": raw},
        sagemaker_session=session,
    )
    [problem] = errors(lambda: made.references)
    assert "may come from Preprocess.FEATURES, Again.FEATURES, which fit equally well" in problem


def test_what_is_given_is_not_changed(assembler, configs):
    before = copy.deepcopy({name: config.environment for name, config in configs.items()})
    assembler().assemble("Tested")
    assert {name: config.environment for name, config in configs.items()} == before
