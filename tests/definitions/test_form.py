"""The form of a definition, and the limits of the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flake8_contracts.catalog.nodes import DocumentError
from flake8_contracts.definitions.document import MAX_BYTES, read_definition

from .conftest import DEFINITION, channel, processing_input

Change = Callable[[dict[str, Any]], object]


def first(definition: dict[str, Any]) -> dict[str, Any]:
    return definition["Steps"][0]


FORMS: list[tuple[Change, str]] = [
    (
        lambda d: d.update(Version="2021-12-01"),
        "Version is the text '2021-12-01'; SageMaker knows '2020-12-01'",
    ),
    (
        lambda d: d.update(Metadat=d.pop("Metadata")),
        "the definition has no member 'Metadat'; did you mean 'Metadata'?",
    ),
    (lambda d: d.update(Steps=[*d["Steps"], "Evaluate"]), "a step is an object, not the text 'Evaluate'"),
    (
        lambda d: d["Steps"].append({"Name": "Stop", "Type": "Fail", "Arguments": {}}),
        "step 'Stop' is already on line 172; names are unique in a pipeline, so rename one of them",
    ),
    (
        lambda d: d["Steps"][4].update(Name="Log all"),
        "a step has a name of 1 to 64 letters, digits, '-' and '_', not the text 'Log all'",
    ),
    (lambda d: d["Steps"][4].pop("Type"), "step 'Log' has no Type, which says what kind of step it is"),
    (
        lambda d: d["Steps"][4].update(Type="Lamda"),
        "step 'Log': there is no Type 'Lamda'; did you mean 'Lambda'?",
    ),
    (lambda d: d["Steps"][4].pop("FunctionArn"), "step 'Log' has no FunctionArn, which a Lambda step needs"),
    (
        lambda d: d["Steps"][2].update(DependsOn=["Chek"]),
        "step 'CreateModel' waits for the step 'Chek', which does not exist; did you mean 'Check'?",
    ),
    (lambda d: d["Steps"][2].update(DependsOn="Check"), "DependsOn is a list, not the text 'Check'"),
    (lambda d: d["Steps"][2].update(DependsOn=["CreateModel"]), "step 'CreateModel' waits for itself"),
    (
        lambda d: d["Steps"][2].update(DependsOn=[7]),
        "step 'CreateModel': DependsOn has names of steps, not the number 7",
    ),
    (
        lambda d: d["Steps"][2].update(DependOn=d["Steps"][2].pop("DependsOn")),
        "step 'CreateModel' has no member 'DependOn'; did you mean 'DependsOn'?",
    ),
    (
        lambda d: d["Parameters"][1].update(DefaultValue="1"),
        "parameter 'Count' is of the type Integer, its default the text '1' is not",
    ),
    (
        lambda d: d["Parameters"][1].update(DefaultValue=True),
        "parameter 'Count' is of the type Integer, its default the value true is not",
    ),
    (
        lambda d: d["Parameters"][2].update(Type="Double"),
        "parameter 'Share': the type 'Double' is none of String, Integer, Float, Boolean",
    ),
    (lambda d: d["Parameters"].append({"Name": "Raw"}), "parameter 'Raw' is already on line 5"),
    (
        lambda d: d["Parameters"][2].update(Name="the share"),
        "a parameter has a name of 1 to 64 letters, digits, '-' and '_', not the text 'the share'",
    ),
    (
        lambda d: d["Parameters"][0].update(DefaultValue="s3://" + "x" * 4100),
        "parameter 'Raw': the default has 4105 characters, and at most 4096 are taken",
    ),
    (lambda d: d["Steps"][4].update(Arguments=[]), "step 'Log': Arguments is an object, not a list"),
]


@pytest.mark.parametrize(("change", "message"), FORMS)
def test_the_form_of_a_definition(verified, definition, change: Change, message: str):
    change(definition)
    assert verified(definition).messages == ([f"invalid-definition {message}"] if message else [])


LIMITS: list[tuple[Change, str]] = [
    (
        lambda d: first(d)["Arguments"]["ProcessingInputs"].extend(
            processing_input(f"input-{number}", "s3://b", f"/opt/ml/processing/input/raw/{number}")
            for number in range(8)
        ),
        "over-limit step 'Preprocess' has 11 inputs, but the API takes at most 10 (ProcessingInputs); remove some",
    ),
    (
        lambda d: first(d)["Arguments"]["Environment"].update(TRAIN_RATIO="x" * 257),
        (
            "over-limit step 'Preprocess': the value of 'TRAIN_RATIO' has 257 characters, but the API takes at most 256"
            " (ProcessingEnvironmentValue); shorten it"
        ),
    ),
    (
        lambda d: first(d)["Arguments"]["Environment"].update({"AWS-REGION": "x"}),
        "over-limit step 'Preprocess': 'AWS-REGION' is no name of a variable: letters, digits and '_' only; rename it",
    ),
    (
        lambda d: first(d)["Arguments"]["AppSpecification"]["ContainerArguments"].extend(
            ["--job_type=training"] * 99
        ),
        (
            "over-limit step 'Preprocess' has 101 arguments, but the API takes at most 100 (ContainerArguments); remove"
            " some"
        ),
    ),
    (
        lambda d: first(d)["Arguments"]["ProcessingInputs"].append(
            processing_input("input-7", "s3://b", "/opt/ml/processing/input/raw/")
        ),
        (
            "overlapping-paths step 'Preprocess': 'RAW' and 'input-7' are both at '/opt/ml/processing/input/raw/',"
            " which SageMaker refuses; move one of them"
        ),
    ),
    (
        lambda d: d["Steps"][1]["Arguments"]["IfSteps"][0]["Arguments"]["InputDataConfig"].append(
            channel("train", "s3://b")
        ),
        "over-limit step 'Train' has two channels called 'train'; rename one of them",
    ),
]


@pytest.mark.parametrize(("change", "message"), LIMITS)
def test_limits_are_checked_before_the_service_does(verified, definition, change: Change, message: str):
    change(definition)
    assert message in verified(definition).messages


def test_a_path_outside_of_what_a_job_mounts(verified, definition):
    first(definition)["Arguments"]["ProcessingInputs"][0]["S3Input"]["LocalPath"] = "/data/raw"
    names = [each.name for each in verified(definition).verification.disagreements]
    assert sorted(names) == ["channel-path-mismatch", "path-outside-container"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"[]", "a pipeline definition is a JSON object"),
        (b"{}", "a pipeline definition has 'Steps', and this has none"),
        (b'{"Steps": [}', "not valid JSON: expecting value"),
        (b"\xff\xfe{", "the file is not encoded in UTF-8"),
        (
            b" " * (MAX_BYTES + 1),
            "the file is larger than 1,048,576 bytes, the longest definition that SageMaker takes",
        ),
    ],
)
def test_what_is_no_definition(content: bytes, reason: str):
    with pytest.raises(DocumentError) as caught:
        read_definition(content)
    assert caught.value.reason == reason


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in pairs:
        found += places(each, (*path, key))
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.sampled_from(places(DEFINITION)[1:]),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["Get", "Name", "S3Uri"]), inner),
        max_leaves=5,
    ),
)
def test_no_value_anywhere_ends_in_an_error(verified, definition, place: tuple[Any, ...], value: object):
    changed = json.loads(json.dumps(definition))
    target: Any = changed
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    for message in verified(changed).messages:
        assert "\n" not in message
        assert len(message) <= 1000
