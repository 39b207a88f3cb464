"""What is wrong with a step specification by itself, and against the contract of its script."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts_runtime.problems import ERROR, UNRESOLVED, WARNING, Problem
from contracts_runtime.specification_checks import (
    DEPENDENCY_FIELDS,
    OUTPUT_FIELDS,
    SPECIFICATION_FIELDS,
    check_contract_alignment,
    check_property_paths,
    check_specification,
)
from contracts_runtime.step_kinds import STEP_KINDS

PATH = "properties.ProcessingOutputConfig.Outputs['{}'].S3Output.S3Uri"
DEPENDENCY: dict[str, Any] = {
    "logical_name": "model_input",
    "dependency_type": "model_artifacts",
    "required": True,
    "compatible_sources": ["XGBoostTraining"],
    "semantic_keywords": ["model"],
    "data_type": "S3Uri",
    "description": "The trained model.",
}
OUTPUT: dict[str, Any] = {
    "logical_name": "payload",
    "aliases": ["samples"],
    "output_type": "processing_output",
    "property_path": PATH.format("payload"),
    "data_type": "S3Uri",
    "semantic_keywords": ["payload"],
    "description": "Requests to try the endpoint with.",
}
SPECIFICATION: dict[str, Any] = {
    "step_type": "Payload",
    "node_type": "internal",
    "dependencies": {"model_input": DEPENDENCY},
    "outputs": {"payload": OUTPUT},
    "script_contract": None,
    "sagemaker_step_type": "Processing",
}
CONTRACT: dict[str, Any] = {
    "entry_point": "payload.py",
    "expected_input_paths": {"model_input": "/opt/ml/processing/input/model"},
    "expected_output_paths": {"payload": "/opt/ml/processing/output"},
}


def only(problems: list[Problem]) -> Problem:
    [problem] = problems
    return problem


def alignment(contract: dict[str, Any] | None = None, /, **fields: Any) -> list[Problem]:
    return check_contract_alignment({**SPECIFICATION, **fields}, {**CONTRACT, **(contract or {})})


# --- by itself ---


def test_a_good_specification_has_no_problems() -> None:
    assert check_specification(SPECIFICATION) == []
    assert check_property_paths(SPECIFICATION) == []
    assert check_contract_alignment(SPECIFICATION, CONTRACT) == []
    assert set(SPECIFICATION) == set(SPECIFICATION_FIELDS)
    assert set(DEPENDENCY) == set(DEPENDENCY_FIELDS)
    assert set(OUTPUT) == set(OUTPUT_FIELDS)


def test_dependencies_and_outputs_may_be_lists() -> None:
    fields = {**SPECIFICATION, "dependencies": [DEPENDENCY], "outputs": (OUTPUT,)}
    assert check_specification(fields) == []
    assert check_contract_alignment(fields, CONTRACT) == []


def test_members_of_enumerations_count_as_their_text() -> None:
    class NodeType(Enum):
        INTERNAL = "internal"

    assert check_specification({**SPECIFICATION, "node_type": NodeType.INTERNAL}) == []


@pytest.mark.parametrize(
    ("node_type", "has_dependencies", "has_outputs"),
    [("source", False, True), ("internal", True, True), ("sink", True, False), ("singular", False, False)],
)
def test_a_node_type_says_whether_there_are_dependencies_and_outputs(
    node_type: str, has_dependencies: bool, has_outputs: bool
) -> None:
    for dependencies in ([DEPENDENCY], []):
        for outputs in ([OUTPUT], []):
            fields = {"node_type": node_type, "dependencies": dependencies, "outputs": outputs}
            problems = check_specification({**SPECIFICATION, **fields})
            wrong = (bool(dependencies) != has_dependencies) + (bool(outputs) != has_outputs)
            assert len(problems) == wrong
            right = {(0, 1): "source", (1, 1): "internal", (1, 0): "sink", (0, 0): "singular"}
            for problem in problems:
                assert (problem.rule, problem.severity) == ("invalid-contract", ERROR)
                assert (problem.field, problem.value) == ("node_type", node_type)
                assert problem.expected == right[len(dependencies), len(outputs)]


def test_a_node_type_is_not_judged_by_what_may_be_there() -> None:
    for dependencies in (UNRESOLVED, {UNRESOLVED: UNRESOLVED}, [UNRESOLVED]):
        assert check_specification({**SPECIFICATION, "dependencies": dependencies}) == []
        sink = {**SPECIFICATION, "node_type": "sink", "dependencies": dependencies, "outputs": {}}
        assert check_specification(sink) == []
    problem = only(check_specification({**SPECIFICATION, "node_type": "source"}))
    assert problem.text == (
        "node_type is 'source', which has no dependencies, but there are 'model_input'; write 'internal', or remove the"
        " dependencies"
    )


@pytest.mark.parametrize(
    ("change", "place", "text"),
    [
        ({"step_type": " "}, ("step_type", None, None), "step_type is empty"),
        ({"step_type": 3}, ("step_type", None, None), "step_type is an integer, not a string"),
        ({"node_type": "Internal"}, ("node_type", None, None), "did you mean 'internal'?"),
        (
            {"node_type": 1},
            ("node_type", None, None),
            "node_type is 1, which is no such type; write one of 'source'",
        ),
        ({"dependencies": "data"}, ("dependencies", None, None), "dependencies is a string, not a list"),
        ({"outputs": [3]}, ("outputs", None, None), "without a logical name in outputs"),
        ({"outputs": {3: OUTPUT}}, ("outputs", 3, None), "without a logical name in outputs"),
        (
            {"outputs": {"payload": 3}},
            ("outputs", "payload", None),
            "is an integer, not a mapping of its fields",
        ),
        ({"outputs": [OUTPUT, OUTPUT]}, ("outputs", "payload", None), "has 'payload' twice"),
        ({"output": {}}, ("output", None, None), "did you mean 'outputs'?"),
        (
            {"nonsense": 1},
            ("nonsense", None, None),
            "'nonsense' is not a field of a step specification",
        ),
    ],
)
def test_what_breaks_the_model(change: dict[str, Any], place: tuple[object, ...], text: str) -> None:
    problem = only(check_specification({**SPECIFICATION, **change}))
    assert (problem.rule, problem.severity) == ("invalid-contract", ERROR)
    assert (problem.field, problem.key, problem.part) == place
    assert text in problem.text


@pytest.mark.parametrize(
    ("field", "part", "value", "text"),
    [
        ("dependencies", "dependency_type", "model_artefacts", "did you mean 'model_artifacts'?"),
        ("dependencies", "dependency_type", ["model"], "dependency_type is a list, which is no such type"),
        ("dependencies", "required", "yes", "required is a string, not true or false; write true or false"),
        (
            "dependencies",
            "compatible_sources",
            "Training",
            "compatible_sources is a string, not a list of strings",
        ),
        ("dependencies", "compatible_sources", ["A", 3], "compatible_sources has an item that is an integer"),
        ("dependencies", "data_type", 3, "data_type is an integer, not a string"),
        ("dependencies", "logical_name", "model", "says that its logical name is 'model'"),
        ("dependencies", "require", True, "did you mean 'required'?"),
        ("outputs", "output_type", "processing", "did you mean 'processing_output'?"),
        ("outputs", "property_path", 3, "property_path is an integer, not a string"),
        ("outputs", "alias", "x", "did you mean 'aliases'?"),
        ("outputs", "description", 3, "description is an integer, not a string"),
    ],
)
def test_what_breaks_the_model_of_a_dependency_or_output(
    field: str, part: str, value: object, text: str
) -> None:
    [(name, item)] = SPECIFICATION[field].items()
    problem = only(check_specification({**SPECIFICATION, field: {name: {**item, part: value}}}))
    assert (problem.rule, problem.field, problem.key, problem.part) == ("invalid-contract", field, name, part)
    assert text in problem.text


def test_a_dependency_needs_its_type_and_the_specification_its_own() -> None:
    problem = only(check_specification({**SPECIFICATION, "dependencies": {"model_input": {}}}))
    assert problem.part == "dependency_type"
    assert {each.field for each in check_specification({})} == {"step_type", "node_type"}
    assert check_specification({UNRESOLVED: UNRESOLVED}) == []  # type: ignore[dict-item]


@pytest.mark.parametrize("name", ["", " a", "it's", "a[0]", "a\nb"])
def test_bad_logical_names(name: str) -> None:
    fields = {"logical_name": name, "output_type": "processing_output"}
    problem = only(check_specification({**SPECIFICATION, "outputs": [fields]}))
    assert (problem.field, problem.key, problem.part) == ("outputs", name, "logical_name")


def test_an_alias_belongs_to_one_output() -> None:
    other = {"logical_name": "report", "output_type": "processing_output", "aliases": ["samples", "payload"]}
    problems = check_specification({**SPECIFICATION, "outputs": [OUTPUT, other]})
    assert [(each.key, each.value, each.part) for each in problems] == [
        ("report", "samples", "aliases"),
        ("report", "payload", "aliases"),
    ]
    repeated = {**OUTPUT, "aliases": ["samples", "samples", "payload"]}
    assert check_specification({**SPECIFICATION, "outputs": [repeated]}) == []


# --- against the contract ---


def test_a_required_dependency_is_an_input_of_the_contract() -> None:
    dependency = {**DEPENDENCY, "logical_name": "model_inputs"}
    problems = alignment(dependencies=[dependency])
    assert [each.rule for each in problems] == ["dependency-not-in-contract", "input-without-dependency"]
    problem = problems[0]
    assert (problem.severity, problem.field, problem.key) == (ERROR, "dependencies", "model_inputs")
    assert (problem.part, problem.value, problem.expected) == ("logical_name", "model_inputs", "model_input")
    assert problem.text == (
        "the required dependency 'model_inputs' is no input of the contract ('model_input'), so that the script never"
        " gets it; did you mean 'model_input'?"
    )


def test_an_optional_dependency_need_not_be() -> None:
    extra = {"logical_name": "cache", "dependency_type": "custom_property", "required": False}
    assert alignment(dependencies=[DEPENDENCY, extra]) == []
    unknown = {**extra, "required": UNRESOLVED}
    assert alignment(dependencies=[DEPENDENCY, unknown]) == []


def test_an_output_is_an_output_of_the_contract() -> None:
    output = {**OUTPUT, "logical_name": "payloads", "aliases": []}
    problems = alignment(outputs=[output])
    assert [each.rule for each in problems] == ["output-not-in-contract", "output-without-spec"]
    assert (problems[0].field, problems[0].key, problems[0].expected) == ("outputs", "payloads", "payload")
    aliased = {**OUTPUT, "logical_name": "samples", "aliases": ["payload"]}
    problem = only(alignment(outputs=[aliased]))
    assert (problem.rule, problem.expected) == ("output-not-in-contract", "payload")


def test_an_input_of_the_contract_needs_a_dependency() -> None:
    inputs = {**CONTRACT["expected_input_paths"], "config": "/opt/ml/processing/input/config"}
    problem = only(alignment({"expected_input_paths": inputs}))
    assert (problem.rule, problem.severity) == ("input-without-dependency", ERROR)
    assert (problem.field, problem.key, problem.part) == ("dependencies", "config", None)
    changed = {**CONTRACT, "expected_input_paths": inputs}
    assert check_contract_alignment(SPECIFICATION, changed, ["config"]) == []


def test_an_output_of_the_contract_should_be_published() -> None:
    outputs = {**CONTRACT["expected_output_paths"], "log": "/opt/ml/processing/log"}
    problem = only(alignment({"expected_output_paths": outputs}))
    assert (problem.rule, problem.severity) == ("output-without-spec", WARNING)
    assert (problem.field, problem.key) == ("outputs", "log")


def test_what_is_not_known_is_not_judged() -> None:
    assert alignment({"expected_input_paths": UNRESOLVED, "expected_output_paths": UNRESOLVED}) == []
    open_inputs = {UNRESOLVED: UNRESOLVED}
    assert alignment({"expected_input_paths": open_inputs}) == []
    assert alignment({"expected_input_paths": {"model_input": UNRESOLVED}}) == []
    assert alignment(dependencies=[UNRESOLVED], outputs=UNRESOLVED) == []
    aliases = {**OUTPUT, "aliases": UNRESOLVED}
    outputs = {**CONTRACT["expected_output_paths"], "log": "/opt/ml/processing/log"}
    assert alignment({"expected_output_paths": outputs}, outputs=[aliases]) == []


# --- property paths ---


def test_a_path_refers_to_its_own_output() -> None:
    output = {**OUTPUT, "property_path": 'properties.ProcessingOutputConfig.Outputs["data"].S3Output.S3Uri'}
    problem = only(check_property_paths({**SPECIFICATION, "outputs": [output]}, {"Processing"}))
    assert (problem.rule, problem.severity) == ("property-path-mismatch", ERROR)
    assert (problem.field, problem.key, problem.part) == ("outputs", "payload", "property_path")
    assert problem.expected == 'properties.ProcessingOutputConfig.Outputs["payload"].S3Output.S3Uri'


def test_a_path_exists_on_the_kind_of_step() -> None:
    problem = only(check_property_paths(SPECIFICATION, {"Training"}))
    assert (problem.rule, problem.severity) == ("invalid-property-path", ERROR)
    assert (problem.field, problem.key, problem.part) == ("outputs", "payload", "property_path")
    assert problem.expected == "properties.OutputDataConfig.S3OutputPath"
    assert check_property_paths(SPECIFICATION, {"Training", "Processing"}) == []


def test_unknown_paths_are_not_judged() -> None:
    for path in (UNRESOLVED, "", None):
        fields = {**SPECIFICATION, "outputs": [{**OUTPUT, "property_path": path}]}
        assert check_property_paths(fields, {"Training"}) == []


# --- anything at all ---

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(UNRESOLVED),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*DEPENDENCY_FIELDS, *OUTPUT_FIELDS, UNRESOLVED, 3]) | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*SPECIFICATION_FIELDS, "other", UNRESOLVED]), JUNK))
def test_whatever_it_holds_becomes_problems(fields: dict[Any, Any]) -> None:
    problems = [
        *check_specification(fields),
        *check_property_paths(fields, STEP_KINDS),
        *check_contract_alignment(fields, fields),
        *check_contract_alignment(fields, CONTRACT),
    ]
    for problem in problems:
        assert problem.text.isprintable() or "\n" not in problem.text
        assert problem.field


@given(JUNK, JUNK)
def test_what_is_unresolved_causes_no_problem(first: object, second: object) -> None:
    """Replacing parts by UNRESOLVED never adds a problem."""
    fields = {**SPECIFICATION, "dependencies": first, "outputs": second}
    before = check_specification(fields)
    for name in SPECIFICATION_FIELDS:
        less = check_specification({**fields, name: UNRESOLVED})
        assert {each.message for each in less} <= {each.message for each in before}
