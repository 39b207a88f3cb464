"""Property paths against the SDK's own properties, of real steps where they are easily made."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contracts_runtime import DependencyType, OutputSpec, PropertyReference, accepts_archive
from contracts_runtime.property_paths import Part, Subscript, expected_path, has_path, parse_path
from contracts_runtime.property_shapes import ANY_VALUE, ANYTHING, ROOT_SHAPES, shapes

TABLE = json.loads((Path(__file__).parent.parent / "property_paths.json").read_text(encoding="utf-8"))


# Class: its module in v2 below "sagemaker", and the package that has it in v3.
CLASSES = {
    "CallbackOutput": ("workflow.callback_step", "mlops"),
    "CallbackOutputTypeEnum": ("workflow.callback_step", "mlops"),
    "CallbackStep": ("workflow.callback_step", "mlops"),
    "ConditionStep": ("workflow.condition_step", "mlops"),
    "EMRStep": ("workflow.emr_step", "mlops"),
    "EMRStepConfig": ("workflow.emr_step", "mlops"),
    "Lambda": ("lambda_helper", "core"),
    "LambdaOutput": ("workflow.lambda_step", "mlops"),
    "LambdaOutputTypeEnum": ("workflow.lambda_step", "mlops"),
    "LambdaStep": ("workflow.lambda_step", "mlops"),
    "Properties": ("workflow.properties", "core"),
}


@pytest.fixture(scope="module")
def workflow(sdk) -> Any:
    """The SDK's classes that make steps which run no job."""
    found = {}
    for name, (module, package) in CLASSES.items():
        whole = f"sagemaker.{module}" if sdk.major == 2 else f"sagemaker.{package}.{module}"
        found[name] = getattr(import_module(whole), name)
    return SimpleNamespace(**found)


@pytest.fixture
def steps(assembler, workflow, session) -> dict[str, Any]:
    """A step of each kind in the table; for three kinds only what has the properties that the SDK gives them."""
    by_name = {step.name: step for step in assembler().assemble("Tested").steps}
    answer = {"output_name": "answer"}
    made = {
        "Processing": by_name["Preprocess"],
        "Training": by_name["Train"],
        "Tuning": by_name["Tune"],
        "Model": by_name["CreateModel"],
        "Transform": by_name["Transform"],
        "RegisterModel": by_name["Register"],
        "Callback": workflow.CallbackStep(
            "Callback",
            sqs_queue_url="https://queue",
            inputs={},
            outputs=[workflow.CallbackOutput(output_type=workflow.CallbackOutputTypeEnum.String, **answer)],
        ),
        "Lambda": workflow.LambdaStep(
            "Lambda",
            lambda_func=workflow.Lambda(
                function_arn="arn:aws:lambda:us-east-1:123456789012:function:f", session=session
            ),
            outputs=[workflow.LambdaOutput(output_type=workflow.LambdaOutputTypeEnum.String, **answer)],
        ),
        "Condition": workflow.ConditionStep("Condition", conditions=[], if_steps=[], else_steps=[]),
        "EMR": workflow.EMRStep(
            "EMR", "EMR", "", "j-1", workflow.EMRStepConfig(jar="s3://bucket/a.jar", args=["x"])
        ),
    }
    for kind in ("AutoML", "Endpoint", "EndpointConfig", "InferenceComponent"):
        names = [name for name in ROOT_SHAPES[kind] if not name.startswith("sdk.")]
        properties = workflow.Properties(step_name=kind, shape_names=names)
        made[kind] = SimpleNamespace(name=kind, properties=properties)
    # As the step does when it is made, which needs an AutoML object that asks for an AWS account.
    best = workflow.Properties(step_name="AutoML", path="BestCandidateProperties")
    for name in ("ModelInsightsJsonReportPath", "ExplainabilityJsonReportPath"):
        best.__dict__[name] = workflow.Properties(step_name="AutoML", path=f"BestCandidateProperties.{name}")
    made["AutoML"].properties.__dict__["BestCandidateProperties"] = best
    return made


def found(step: Any, parts: tuple[Part, ...]) -> Any:
    """The SDK's property, as pipeline code asks for it."""
    value = step.properties
    for part in parts:
        value = value[part.key] if isinstance(part, Subscript) else getattr(value, part.name)
    return value


def test_valid_paths_are_properties_and_invalid_ones_are_not(steps):
    assert set(steps) == set(TABLE)
    for kind, step in steps.items():
        for path in TABLE[kind]["valid"]:
            assert found(step, parse_path(path)) is not None, path
            assert has_path(path, kind), path
        for path in TABLE[kind]["invalid"]:
            assert not has_path(path, kind), path
            with pytest.raises((AttributeError, KeyError, TypeError)):
                found(step, parse_path(path))


def test_a_reference_is_the_property_that_the_sdk_writes(steps):
    compared = 0
    for kind, step in steps.items():
        for path in TABLE[kind]["valid"]:
            output = OutputSpec(
                logical_name="x", output_type=DependencyType.CUSTOM_PROPERTY, property_path=path
            )
            reference = PropertyReference(step.name, output)
            own = found(step, parse_path(path))
            assert reference.to_runtime_property(step) is own
            assert reference.to_runtime_property({step.name: step}) is own
            if hasattr(own, "expr"):  # the cluster of an EMR step is a text
                assert own.expr == reference.to_sagemaker_property()
                assert accepts_archive(own)
                compared += 1
    assert compared > len(TABLE)


def test_the_expected_path_of_an_output_is_a_property(steps):
    for kind, step in steps.items():
        for output_type in DependencyType:
            path = expected_path("answer", output_type.value, kind)
            if path is None:
                assert kind in {"AutoML", "EMR"}
                continue
            assert has_path(path, kind)
            assert found(step, parse_path(path)) is not None


def test_all_members_are_those_of_the_sdk(steps):
    for kind, step in steps.items():
        members = {member for root in ROOT_SHAPES[kind] for member in shapes()[root]}
        own = {name for name in vars(step.properties) if name[0].isupper()}
        assert own <= members, kind
        # A definition's name for an SDK's "Outputs", and what an EMR step has that is made otherwise.
        assert members - own <= {"OutputParameters", "ExecutionRoleArn"}, kind
        assert walked(step.properties, kind) >= len(ROOT_SHAPES[kind])


def walked(properties: Any, kind: str) -> int:
    """How many shapes were found alike when both are walked side by side, through every shape once."""
    known, seen = shapes(), set()
    waiting = [(properties, root) for root in ROOT_SHAPES[kind]]
    while waiting:
        value, name = waiting.pop()
        if name in seen or name == ANYTHING:
            continue
        seen.add(name)
        shape = known[name]
        if (isinstance(shape, list) or ANY_VALUE in shape) and not hasattr(value, "__getitem__"):
            children = []  # the SDK takes no items of an item
        elif isinstance(shape, list):
            # It looks for EMR's shapes among SageMaker's.
            children = [] if name.startswith("emr.") else [(value[0], shape[0])]
        elif ANY_VALUE in shape:
            children = [(value["answer"], shape[ANY_VALUE])]
        elif name in ROOT_SHAPES[kind]:
            children = [(getattr(value, key), each) for key, each in shape.items() if key in vars(value)]
        else:
            assert {key for key in vars(value) if key[0].isupper()} == set(shape), name
            children = [(getattr(value, key), each) for key, each in shape.items()]
        waiting += [(child, each) for child, each in children if each]
    return len(seen)
