"""Property paths of every kind of step; tests/sdk compares the same table with the SDK's own properties."""

from __future__ import annotations

import json
import re
import string
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts_runtime.problems import Problem
from contracts_runtime.property_paths import (
    Member,
    Subscript,
    check_path,
    expected_path,
    has_path,
    named_output,
    parse_path,
    render_path,
)
from contracts_runtime.property_shapes import ANY_VALUE, ROOT_SHAPES, Shape, shapes
from contracts_runtime.specification_fields import DEPENDENCY_TYPES
from contracts_runtime.step_kinds import STEP_KINDS, kind_named, kinds_of_contract, possible_kinds

TESTS = Path(__file__).resolve().parent.parent
TABLE = json.loads((TESTS / "property_paths.json").read_text(encoding="utf-8"))
VALID = [(kind, path) for kind, paths in TABLE.items() for path in paths["valid"]]
INVALID = [(kind, path) for kind, paths in TABLE.items() for path in paths["invalid"]]
OUTPUT = "properties.ProcessingOutputConfig.Outputs['{}'].S3Output.S3Uri"


def problems(
    path: str, kinds: Collection[str], name: str = "metrics", output_type: str = "processing_output"
) -> list[Problem]:
    return list(check_path(name, path, output_type, kinds))


@pytest.mark.parametrize(("kind", "path"), VALID)
def test_valid_paths(kind, path):
    assert has_path(path, kind)
    assert has_path(f"properties.{path}", kind)
    own = named_output(parse_path(path)) or "metrics"
    assert problems(path, {kind}, name=own) == []
    assert problems(path, STEP_KINDS, name=own) == []


@pytest.mark.parametrize(("kind", "path"), INVALID)
def test_invalid_paths(kind, path):
    assert not has_path(path, kind)
    [problem] = problems(path, {kind}, name=named_output(parse_path(path)) or "metrics")
    assert problem.rule == "invalid-property-path"
    assert f"does not exist on a {kind} step: " in problem.message
    assert problem.expected is None or has_path(str(problem.expected), kind)


def test_a_training_step_is_not_asked_for_a_processing_path():
    assert problems("properties.ModelArtifacts.S3ModelArtifacts", {"Training"}) == []
    [problem] = problems(OUTPUT.format("metrics"), {"Training"}, output_type="model_artifacts")
    assert problem.expected == "properties.ModelArtifacts.S3ModelArtifacts"
    [problem] = problems(OUTPUT.format("metrics"), {"Transform"})
    assert problem.remedy == "write 'properties.TransformOutput.S3OutputPath'"


def test_a_slip_is_corrected_where_it_is():
    [problem] = problems("properties.ProcessingOutputConfig.Output['metrics'].S3Output.S3Uri", {"Processing"})
    assert problem.expected == OUTPUT.format("metrics")
    [problem] = problems("ModelArtifact.S3ModelArtifacts", {"Training", "Tuning"})
    assert problem.expected == "ModelArtifacts.S3ModelArtifacts"
    assert "does not exist on a Training step or a Tuning step" in problem.message


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("properties.", "it names nothing"),
        ("properties.A..B", "'.B' is not the name of a member"),
        ("properties.A[x]", "'[x]' is neither [0] nor ['name']"),
        ("properties.A['x'", "\"['x'\" is neither [0] nor ['name']"),
        ("properties.A['x']B", "'B' follows without a '.'"),
        ("['x']", "\"['x']\" is not the name of a member"),
        ("properties.Model-Artifacts", "'-Artifacts' follows without a '.'"),
        ("{'Get': 'Steps.x'}", "is not the name of a member"),
    ],
)
def test_what_is_no_path(path, reason):
    with pytest.raises(ValueError, match=re.escape(reason)) as caught:
        parse_path(path)
    [problem] = problems(path, {"Processing"})
    assert (problem.rule, problem.expected) == ("invalid-property-path", OUTPUT.format("metrics"))
    assert f"is no property path: {caught.value}" in problem.message
    assert not has_path(path, "Processing")


def test_a_path_of_another_output():
    for quote in "'\"":
        path = OUTPUT.format("model").replace("'", quote)
        [problem] = problems(path, {"Processing"})
        assert problem.rule == "property-path-mismatch"
        assert problem.expected == OUTPUT.format("metrics").replace("'", quote)
    assert problems(OUTPUT.replace("'{}'", "0"), {"Processing"}) == []


def test_steps_without_properties():
    [problem] = problems("properties.Anything", {"Fail"})
    assert problem.message.endswith("does not exist on a Fail step: a Fail step has no properties")
    with pytest.raises(KeyError):
        has_path("A", "Nothing")


@pytest.mark.parametrize("kind", sorted(STEP_KINDS))
def test_expected_paths_exist(kind):
    for output_type in (*DEPENDENCY_TYPES, None):
        path = expected_path("some-output_1", output_type, kind)
        assert path is None or has_path(path, kind)


PARTS = st.lists(
    st.text(string.ascii_letters, min_size=1, max_size=5).map(Member)
    | st.integers(0, 99).map(Subscript)
    | st.text(string.ascii_letters + "-_ .:", min_size=1, max_size=5).map(Subscript),
    max_size=5,
).map(tuple)


@given(st.text(string.ascii_letters, min_size=1, max_size=5).map(Member), PARTS)
def test_what_is_rendered_is_read_again(first, rest):
    parts = (first, *rest)
    assume(first != Member("properties") or not rest)
    assert parse_path(render_path(parts)) == parts
    assert parse_path(f"properties.{render_path(parts)}") == parts


@given(st.text("AB.[]'\"0x ", max_size=12) | st.text(max_size=12))
def test_whatever_the_path_is_it_becomes_problems(path):
    for problem in problems(path, {"Processing"}) + problems(path, STEP_KINDS):
        assert problem.rule in {"invalid-property-path", "property-path-mismatch"}
        assert "\n" not in problem.text


@given(st.data())
def test_every_path_through_the_shapes_exists(data):
    """A walk through the shapes makes a path; one that leaves them at its end makes none."""
    kind = data.draw(st.sampled_from([each for each, roots in ROOT_SHAPES.items() if roots]))
    known = shapes()
    shape: Shape = {
        key: each
        for root in ROOT_SHAPES[kind]
        for key, each in cast("Mapping[str, str]", known[root]).items()
    }
    path = ""
    for _ in range(data.draw(st.integers(1, 5))):
        if isinstance(shape, list):
            path, name = f"{path}[0]", shape[0]
        elif ANY_VALUE in shape:
            path, name = f"{path}['x']", shape[ANY_VALUE]
        elif not shape:
            break
        else:
            member = data.draw(st.sampled_from(sorted(shape)))
            path, name = f"{path}.{member}".lstrip("."), shape[member]
        shape = known[name] if name else {}
    assert has_path(path, kind)
    if not isinstance(shape, list) and shape and ANY_VALUE not in shape:
        assert not has_path(f"{path}.Nowhere", kind)


# --- kinds ---


def test_every_kind_has_shapes():
    assert set(ROOT_SHAPES) == STEP_KINDS
    assert set(TABLE) <= STEP_KINDS
    known = shapes()
    for root in {name for roots in ROOT_SHAPES.values() for name in roots}:
        assert root in known
    for shape in known.values():
        assert all(
            not name or name in known for name in (shape if isinstance(shape, list) else shape.values())
        )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Processing", "Processing"),
        ("ProcessingStep", "Processing"),
        ("processing", "Processing"),
        ("CreateModelStep", "Model"),
        ("ModelStep", "Model"),
        ("ModelRegistration", "RegisterModel"),
        ("TuningStep", "Tuning"),
        ("MonitorBatchTransformStep", "Transform"),
        ("TabularPreprocessing", None),
        ("Step", None),
        ("", None),
    ],
)
def test_names_of_kinds(name, kind):
    assert kind_named(name) == kind


def test_a_contract_tells_what_it_can_of_the_kind():
    assert kinds_of_contract([]) == STEP_KINDS
    assert kinds_of_contract(["/tmp/x"]) == STEP_KINDS
    assert kinds_of_contract(["/opt/ml/processing/input"]) == {"Processing"}
    assert "Processing" not in kinds_of_contract(["/opt/ml/model"])
    assert kinds_of_contract([], "training") == {"Training", "Tuning"}
    assert possible_kinds({"sagemaker_step_type": "Unheard"}, None) == STEP_KINDS
    assert possible_kinds({"step_type": "Training"}, None) == STEP_KINDS


def test_the_data_names_its_source_and_needs_no_botocore():
    data = json.loads(
        (TESTS.parent / "src" / "contracts_runtime" / "property_shapes.json").read_text(encoding="utf-8")
    )
    assert data["source"]["botocore"].count(".") == 2
    assert set(data["source"]["services"]) == {"sagemaker", "emr", "emr-serverless"}
    code = (
        "import sys; sys.modules['botocore'] = sys.modules['sagemaker'] = None\n"
        "from contracts_runtime.property_paths import has_path\n"
        "assert has_path('ModelArtifacts.S3ModelArtifacts', 'Training')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
