"""The JSON Schemas for editors: typical slips are refused, and nothing that the linter does not report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, reject
from hypothesis import strategies as st
from ruamel.yaml import YAML

from contracts_runtime.contract_checks import CONTRACT_FIELDS
from contracts_runtime.specification_fields import DEPENDENCY_TYPES, NODE_TYPES
from contracts_runtime.step_interfaces import CONTRACT_SECTION, PORT_KEYS, STEP_KEYS
from flake8_contracts.catalog.documents import DocumentError, plain, read_document


@pytest.mark.parametrize("name", ["x.contract.json", "x.step.yaml"])
def test_a_whole_declaration_is_taken(whole, refused, reported, refused_at_run_time, name, tmp_path):
    path = tmp_path / name
    path.write_text(json.dumps(whole[name]), encoding="utf-8")
    assert reported(path) == []
    assert not refused_at_run_time(path)
    assert refused(name, whole[name]) == []


def changed(data: Any, place: str, value: object) -> Any:
    """The data with one value changed, or one key renamed to ``value`` for a place that ends in ``=``."""
    data = deepcopy(data)
    *way, last = place.rstrip("=").split(".")
    inner = data
    for key in way:
        inner = inner[key]
    if place.endswith("="):
        inner[value] = inner.pop(last)
    else:
        inner[last] = value
    return data


SLIPS = [
    # Unknown fields, near to known ones and others.
    ("x.contract.json", "expected_input_paths=", "expected_inputs"),
    ("x.contract.json", "timeout", 60),
    ("x.contract.json", "kind", "batch"),
    ("x.step.yaml", "step_type=", "steptype"),
    ("x.step.yaml", "contract=", "contrct"),
    ("x.step.yaml", "spec=", "specs"),
    ("x.step.yaml", "contract.inputs=", "imputs"),
    ("x.step.yaml", "contract.inputs=", "expected_input_paths"),
    ("x.step.yaml", "contract.entry_point=", "entryPoint"),
    ("x.step.yaml", "contract.env_vars.required=", "require"),
    ("x.step.yaml", "contract.env_vars.optional=", "defaults"),
    ("x.step.yaml", "contract.inputs.data.path=", "paht"),
    ("x.step.yaml", "contract.inputs.data.channels=", "channel"),
    ("x.step.yaml", "spec.dependencies=", "dependancies"),
    ("x.step.yaml", "spec.dependencies.data.type=", "dependency_type"),
    ("x.step.yaml", "spec.dependencies.data.compatible_sources=", "compatible-sources"),
    ("x.step.yaml", "spec.outputs.train.aliases=", "alias"),
    # Lists and mappings, texts and numbers.
    ("x.contract.json", "expected_input_paths", ["/opt/ml/processing/input/data"]),
    ("x.contract.json", "required_env_vars", {"LABEL_FIELD": ""}),
    ("x.contract.json", "required_env_vars", "LABEL_FIELD"),
    ("x.contract.json", "optional_env_vars", ["RATIO"]),
    ("x.contract.json", "optional_env_vars.RATIO", True),
    ("x.contract.json", "optional_env_vars.RATIO", None),
    ("x.contract.json", "entry_point", None),
    ("x.contract.json", "entry_point", 1),
    ("x.contract.json", "expected_input_paths.DATA", 1),
    ("x.step.yaml", "contract", ["entry_point"]),
    ("x.step.yaml", "contract.inputs", ["data"]),
    ("x.step.yaml", "contract.inputs.data", "/opt/ml/processing/input/data"),
    ("x.step.yaml", "contract.inputs.data.required", "no"),
    ("x.step.yaml", "contract.inputs.data.channels", "train"),
    ("x.step.yaml", "contract.env_vars", ["LABEL_FIELD"]),
    ("x.step.yaml", "contract.job_arguments", {"flag": "--region"}),
    ("x.step.yaml", "contract.job_arguments", ["--region"]),
    ("x.step.yaml", "spec", []),
    ("x.step.yaml", "spec.outputs", ["train"]),
    ("x.step.yaml", "spec.outputs.train", "training_data"),
    ("x.step.yaml", "spec.outputs.train.aliases", "rows"),
    ("x.step.yaml", "spec.dependencies.data.required", "yes"),
    # Paths and names.
    ("x.contract.json", "expected_input_paths.DATA", "input/data"),
    ("x.contract.json", "expected_input_paths.DATA", "s3://bucket/data"),
    ("x.contract.json", "expected_input_paths.DATA", "/data"),
    ("x.contract.json", "expected_input_paths.DATA", "/opt/ml/processing_data"),
    ("x.contract.json", "expected_output_paths.TRAIN", "/opt/ml/processing/../model"),
    ("x.contract.json", "expected_output_paths.TRAIN", "/opt/ml/processing\\train"),
    ("x.contract.json", "expected_output_paths.TRAIN", ""),
    ("x.contract.json", "expected_output_paths.TRAIN", f"/opt/ml/processing/{'x' * 4096}"),
    ("x.contract.json", "expected_output_paths.TRAIN=", "Outputs['TRAIN']"),
    ("x.contract.json", "expected_output_paths.TRAIN=", "TRAIN "),
    ("x.contract.json", "expected_output_paths.TRAIN=", ""),
    ("x.contract.json", "required_env_vars", ["LABEL-FIELD"]),
    ("x.contract.json", "optional_env_vars.RATIO=", "1ST"),
    ("x.contract.json", "optional_env_vars.RATIO", "x" * 513),
    ("x.contract.json", "optional_env_vars", {f"V{number}": "" for number in range(101)}),
    ("x.contract.json", "expected_arguments.job-type=", ""),
    ("x.contract.json", "entry_point", ""),
    ("x.contract.json", "entry_point", "/opt/split.py"),
    ("x.contract.json", "entry_point", "../split.py"),
    ("x.contract.json", "entry_point", "scripts\\split.py"),
    ("x.contract.json", "entry_point", "scripts/"),
    ("x.step.yaml", "contract.inputs.data.path", "input/data"),
    ("x.step.yaml", "contract.outputs.train", {}),
    ("x.step.yaml", "contract.env_vars.optional.RATIO=", "TRAIN-RATIO"),
    ("x.step.yaml", "contract.job_arguments", [{"flag": 1}]),
    ("x.step.yaml", "spec.outputs.train=", "['train']"),
    # Types of steps and of what they pass on.
    ("x.step.yaml", "step_type", None),
    ("x.step.yaml", "step_type", " "),
    ("x.step.yaml", "node_type", "inner"),
    ("x.step.yaml", "node_type", "source"),
    ("x.step.yaml", "node_type", "sink"),
    ("x.step.yaml", "spec.dependencies", {}),
    ("x.step.yaml", "spec.outputs", None),
    ("x.step.yaml", "spec.outputs.train.type", "training_dat"),
    ("x.step.yaml", "spec.outputs.train", {"aliases": []}),
]


@pytest.mark.parametrize(("name", "place", "value"), SLIPS)
def test_slips_are_refused_and_reported(whole, refused, reported, name, place, value, tmp_path):
    data = changed(whole[name], place, value)
    path = tmp_path / name
    path.write_text(json.dumps(data), encoding="utf-8")
    assert refused(name, data) != []
    assert reported(path) != []


def test_a_slip_is_refused_alone(whole, refused):
    """What hangs on what was meant is not refused as well."""
    for place, slip in (
        ("contract.entry_point=", "entrypoint"),
        ("contract.inputs.data.path=", "paht"),
        ("spec.dependencies.data.type=", "typ"),
        ("spec.outputs=", "output"),
    ):
        assert len(refused("x.step.yaml", changed(whole["x.step.yaml"], place, slip))) == 1


def said_of(schema: Any) -> Iterator[tuple[str, str]]:
    """Each pattern of slips in a schema, with the key that it says was meant."""
    if isinstance(schema, dict):
        for pattern, found in schema.get("patternProperties", {}).items():
            message = (found or schema)["errorMessage"]
            meant = re.fullmatch(r"did you mean '(\w+)'\?", message)
            if meant:
                yield pattern, meant[1]
    if isinstance(schema, (dict, list)):
        for each in schema.values() if isinstance(schema, dict) else schema:
            yield from said_of(each)


def test_one_wrong_character_in_a_key_is_refused(schemas):
    patterns = list(said_of(schemas["step"]))
    assert {key for _, key in patterns} >= {
        *STEP_KEYS,
        *CONTRACT_SECTION,
        *PORT_KEYS["inputs"],
        "aliases",
        "type",
    }
    for pattern, key in patterns:
        for slip in (key[1:], key[:-1], f"{key}s", f"x{key}", key.replace(key[1], "x", 1), key.upper()):
            assert re.search(pattern, slip), (slip, pattern)
        assert not re.search(pattern, key)


# --- any data ---

ODD_PATHS = """
    /opt/ml/processing/input/data //opt/./ml/processing/ /opt/ml/processing/../x /opt/ml/processing/..x /opt/ml/model
    /opt/ml/input /opt/ml/input/data/../.. /opt/ml/code/. opt/ml s3://bucket/key x.py ./x.py ../x.py a//b.py a/..
"""
ODD_NAMES = (
    " ",
    "",
    "NAME",
    "A-B",
    "1",
    "é",
    "train's",
    "a[0]",
    "\x85",
    "\ufeff",
    "x\n",
    ". /x",
    "/opt/ml/output\n",
)
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=5),
    st.sampled_from(
        [*ODD_PATHS.split(), *ODD_NAMES, *NODE_TYPES, *DEPENDENCY_TYPES, "processing", "training"]
    ),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.floats(allow_nan=False, allow_infinity=False), TEXTS
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=2), st.dictionaries(TEXTS, SCALARS, max_size=2))
KNOWN = sorted(
    {*CONTRACT_FIELDS, *CONTRACT_SECTION, *STEP_KEYS, *PORT_KEYS["inputs"], "kind", "flag", "aliases", "type"}
)
KEYS = st.one_of(
    TEXTS,
    st.sampled_from(KNOWN),
    st.builds(
        lambda key, at, new: key[:at] + new + key[at + 1 :], st.sampled_from(KNOWN), st.integers(0, 9), TEXTS
    ),
)


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every mapping and list in the data, with each of its keys or indices."""
    for key, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
        yield data, key
        if isinstance(value, (dict, list)):
            yield from places(value)


def change(draw: st.DrawFn, data: Any) -> None:
    """Change, rename, add or remove something somewhere in the data."""
    inner, key = draw(st.sampled_from(list(places(data))))
    how = draw(st.sampled_from(["another value", "another key", "one more", "one less"]))
    if how == "another value":
        inner[key] = draw(VALUES)
    elif how == "one less":
        del inner[key]
    elif isinstance(inner, list):
        inner.append(draw(VALUES))
    elif how == "one more":
        inner[draw(KEYS)] = draw(VALUES)
    else:
        value = inner.pop(key)
        inner[draw(KEYS)] = value


@st.composite
def changed_somewhere(draw: st.DrawFn, data: Any) -> Any:
    """The data with few changes, so that what is refused and what is reported have one cause."""
    data = deepcopy(data)
    for _ in range(draw(st.integers(1, 3))):
        if data:
            change(draw, data)
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("declarations")


def in_block_style(data: object) -> str:
    """The data as YAML that leaves out what is ``None``."""
    stream = StringIO()
    YAML().dump(data, stream)
    return stream.getvalue()


WRITTEN: dict[str, Callable[[object], str]] = {
    "x.contract.json": json.dumps,
    "x.contract.yaml": in_block_style,
    "x.step.yaml": json.dumps,
    "x.step.yml": in_block_style,
}


@pytest.mark.parametrize("name", WRITTEN)
@given(examples=st.data())
def test_whatever_is_refused_is_reported(whole, refused, reported, folder, name, examples):
    declared = whole["x.step.yaml" if "step" in name else "x.contract.json"]
    path = folder / name
    path.write_text(WRITTEN[name](examples.draw(changed_somewhere(declared))), encoding="utf-8")
    try:
        data = plain(read_document(path, path.read_bytes()))
    except DocumentError:
        reject()  # not every JSON is YAML, and no editor gets as far as to a schema
    is_refused = bool(refused(name, data))
    event("refused" if is_refused else "taken")
    assert bool(reported(path)) >= is_refused


@given(examples=st.data())
def test_whatever_is_refused_in_a_contract_file_is_refused_by_the_models(
    whole, refused, refused_at_run_time, folder, examples
):
    path = folder / "y.contract.json"
    data = examples.draw(changed_somewhere(whole["x.contract.json"]))
    path.write_text(json.dumps(data), encoding="utf-8")
    assert refused_at_run_time(path) >= bool(refused(path.name, data))


@given(
    name=st.sampled_from(["x.contract.json", "x.step.yaml"]),
    path=TEXTS.filter(lambda text: not text.startswith("/")),
)
def test_every_path_that_is_not_absolute_is_refused(whole, refused, name, path):
    place = "expected_input_paths.DATA" if "contract" in name else "contract.inputs.data.path"
    assert refused(name, changed(whole[name], place, path)) != []


@given(field=KEYS.filter(lambda text: text not in {*CONTRACT_FIELDS, "kind", "$schema"}), value=VALUES)
def test_every_unknown_field_of_a_contract_file_is_refused(whole, refused, field, value):
    assert refused("x.contract.json", {**whole["x.contract.json"], field: value}) != []


@given(field=st.sampled_from(CONTRACT_FIELDS), value=VALUES)
def test_every_value_of_another_type_is_refused(whole, refused, field, value):
    """Texts, lists and mappings are not taken for each other; what is left out is empty, but for the entry point."""
    right = whole["x.contract.json"]
    is_left_out = value is None and field != "entry_point"
    if not isinstance(value, type(right[field])) and not is_left_out:
        assert f"$.{field}" in refused("x.contract.json", {**right, field: value})
