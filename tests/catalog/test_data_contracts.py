"""Contracts in data files: what is declared, where, and one report for every mistake."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts_runtime.contract_checks import UNRESOLVED, check_contract
from flake8_contracts.catalog.data_contracts import contracts_in_document, step_interface
from flake8_contracts.catalog.documents import MappingNode, read_document
from flake8_contracts.catalog.kind import job_kind
from flake8_contracts.catalog.model import Declarations, DeclaredContract

STEP = """\
step_type: Payload
node_type: internal
contract:
  entry_point: payload.py
  inputs:
    model_input:
      path: /opt/ml/processing/input/model
    custom:
      path: /opt/ml/processing/input/custom
      required: false
  outputs:
    payload_sample: {path: /opt/ml/processing/output}
  arguments:
    job-type: training
    batch: 32
  job_arguments:
    - flag: --region
      source: region
  env_vars:
    required: [LABEL_FIELD]
    optional:
      RATIO: 5e-05
      CONTENT_TYPES: 'application/json'
  framework_requirements:
    python: 3.8
  description: Makes payloads
spec:
  dependencies: {}
  outputs: {}
"""


def declarations(name: str, text: str) -> Declarations:
    return contracts_in_document(Path("/project", name), dedent(text).encode())


def contract(name: str, text: str) -> DeclaredContract:
    declared = declarations(name, text)
    assert declared.unreadable == []
    assert len(declared.contracts) == 1
    return declared.contracts[0]


def complaints(name: str, text: str) -> list[tuple[int, int, str]]:
    """What users are told: what cannot be read, and what the checks of the model say at their places."""
    declared = declarations(name, text)
    told = [(u.place.span.line, u.place.span.column, u.reason) for u in declared.unreadable]
    for found in declared.contracts:
        for problem in check_contract(found.raw, found.kind):
            entries = {
                **found.inputs,
                **found.outputs,
                **found.required_env,
                **found.optional_env,
                **found.arguments,
            }
            place = (
                entries[problem.key].place
                if isinstance(problem.key, str) and problem.key in entries
                else found.field_places.get(problem.field, found.place)
            )
            told.append((place.span.line, place.span.column, problem.text))
    return told


# --- step interfaces


def test_a_step_interface_gives_a_whole_contract() -> None:
    found = contract("payload.step.yaml", STEP)
    assert found.name == "payload"
    assert found.source == Path("/project/payload.step.yaml")
    assert found.place.span.line == 3
    assert found.kind == "processing"
    assert found.unresolved == frozenset()
    assert found.entry_point is not None
    assert found.entry_point.value == "payload.py"
    assert {name: (entry.value, entry.required) for name, entry in found.inputs.items()} == {
        "model_input": ("/opt/ml/processing/input/model", True),
        "custom": ("/opt/ml/processing/input/custom", False),
    }
    assert {name: entry.value for name, entry in found.outputs.items()} == {
        "payload_sample": "/opt/ml/processing/output"
    }
    assert {name: entry.value for name, entry in found.required_env.items()} == {"LABEL_FIELD": "LABEL_FIELD"}
    assert found.declares_variable("RATIO")
    assert {name: entry.value for name, entry in found.arguments.items()} == {
        "job-type": "training",
        "batch": "32",
        "--region": None,
    }
    assert found.raw == {
        "entry_point": "payload.py",
        "expected_input_paths": {
            "model_input": "/opt/ml/processing/input/model",
            "custom": "/opt/ml/processing/input/custom",
        },
        "expected_output_paths": {"payload_sample": "/opt/ml/processing/output"},
        "expected_arguments": {"job-type": "training", "batch": "32", "--region": UNRESOLVED},
        "required_env_vars": ["LABEL_FIELD"],
        "optional_env_vars": {"RATIO": "5e-05", "CONTENT_TYPES": "application/json"},
        "framework_requirements": {"python": "3.8"},
        "description": "Makes payloads",
    }
    assert check_contract(found.raw, found.kind) == []


def test_every_entry_of_a_step_interface_knows_its_place() -> None:
    found = contract("payload.step.yaml", STEP)
    lines = STEP.splitlines()

    def text(place: object) -> str:
        span = place.span  # type: ignore[attr-defined]
        assert span.line == span.end_line
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]

    assert text(found.place) == "contract"
    assert found.entry_point is not None
    assert text(found.entry_point.place) == "payload.py"
    assert text(found.inputs["custom"].key_place) == "custom"
    assert text(found.inputs["custom"].place) == "/opt/ml/processing/input/custom"
    assert text(found.outputs["payload_sample"].place) == "/opt/ml/processing/output"
    assert text(found.required_env["LABEL_FIELD"].place) == "LABEL_FIELD"
    assert found.required_env["LABEL_FIELD"].place == found.required_env["LABEL_FIELD"].key_place
    assert text(found.optional_env["CONTENT_TYPES"].place) == "'application/json'"
    assert text(found.arguments["--region"].place) == "--region"
    assert {field: text(place) for field, place in found.field_places.items()} == {
        "entry_point": "entry_point",
        "expected_input_paths": "inputs",
        "expected_output_paths": "outputs",
        "expected_arguments": "arguments",
        "required_env_vars": "required",
        "optional_env_vars": "optional",
        "framework_requirements": "framework_requirements",
        "description": "description",
    }


def test_the_specification_stays_accessible() -> None:
    path = Path("payload.step.yaml")
    interface = step_interface(path, read_document(path, STEP.encode()))
    assert interface is not None
    assert interface.spec is not None
    assert interface.spec.key_span.line == 27
    assert isinstance(interface.spec.value, MappingNode)


@pytest.mark.parametrize(
    "text",
    [
        "contract:\n",
        "spec: {dependencies: {}}\n",
        "contract: {entry_point: null, inputs: {model: {path: null}}}\n",
        "- name: a step of something else\n",
        "step_type: pyscf\nparameters: {charge: 0}\n",
        "{{ cookiecutter.name }}: {% if x %}\n",
    ],
)
def test_a_step_without_a_script_and_files_of_other_tools_declare_nothing(text: str) -> None:
    assert declarations("x.step.yaml", text) == Declarations()


@pytest.mark.parametrize("name", ["x.step.yaml", "x.step.yml", "x.contract.yaml", "x.contract.json"])
@pytest.mark.parametrize("text", ["", "\n", " \n\t\n"])
def test_an_empty_file_says_so(name: str, text: str) -> None:
    assert [told.reason for told in declarations(name, text).unreadable] == ["the file is empty"]


def test_keys_of_other_tools_in_a_step_interface_are_left_alone() -> None:
    text = """\
        step_type: X
        registry: {sagemaker_step_type: Processing}
        compute: {kind: sklearn}
        contract:
          entry_point: x.py
          circular_ref_check: true
          inputs:
            data: {path: /opt/ml/processing/input/data, label: Data}
        """
    assert complaints("x.step.yaml", text) == []


def test_left_out_sections_are_empty() -> None:
    text = """\
        contract:
          entry_point: x.py
          inputs:
          outputs:
          arguments:
          job_arguments:
          env_vars:
            required:
            optional:
          description:
        """
    assert complaints("x.step.yaml", text) == []
    found = contract("x.step.yaml", text)
    assert found.unresolved == frozenset()
    assert not found.inputs


@pytest.mark.parametrize("value", ["true", "[a]", "text"])
def test_arguments_of_the_wrong_type_beside_job_arguments_are_reported(value: str) -> None:
    text = f"contract:\n  entry_point: x.py\n  arguments: {value}\n  job_arguments: [{{flag: --region}}]\n"
    found = declarations("x.step.yaml", text).contracts[0]
    assert list(found.arguments) == ["--region"]
    assert [problem.field for problem in check_contract(found.raw, found.kind)] == ["expected_arguments"]


def test_a_port_without_a_path_of_its_own_is_declared_but_has_no_value() -> None:
    found = contract(
        "x.step.yaml", "contract: {entry_point: x.py, inputs: {model: {path: null, required: true}}}"
    )
    assert found.inputs["model"].value is None
    assert check_contract(found.raw, found.kind) == []


CONTRACT_HEAD = "contract:\n  entry_point: x.py\n"


@pytest.mark.parametrize(
    ("lines", "line", "column", "words"),
    [
        ("  inputs: [a]", 3, 11, "'inputs' takes a mapping of names to {path: ...}, not a list"),
        ("  outputs: /opt/ml/model", 3, 12, "'outputs' takes a mapping"),
        (
            "  inputs:\n    data: /opt/ml/processing/input",
            4,
            11,
            "the input 'data' takes a mapping such as {path:",
        ),
        ("  inputs:\n    data:", 4, 5, "the input 'data' takes a mapping such as {path:"),
        ("  inputs:\n    data: {required: true}", 4, 5, "the input 'data' has no path; add 'path:"),
        (
            "  inputs:\n    data: {pth: /opt/ml/processing/input}",
            4,
            12,
            "unknown key 'pth' of the input 'data'; did you mean 'path'?",
        ),
        ("  inputs:\n    data: {path: 7}", 4, 18, "expected_input_paths['data'] is an integer, not a string"),
        ("  inputs:\n    data: {path: [a]}", 4, 18, "expected_input_paths['data'] is a list, not a string"),
        (
            "  inputs:\n    data: {path: /opt/ml/processing/input, required: maybe}",
            4,
            54,
            "'required' of the input 'data' is true or false",
        ),
        (
            "  inputs:\n    data: {path: /opt/ml/processing/input, channels: train}",
            4,
            54,
            "takes a list of names, not the text 'train'",
        ),
        (
            "  inputs:\n    data: {path: /opt/ml/processing/input, channels: [a, 1]}",
            4,
            58,
            "is text, not the number 1",
        ),
        ("  env_vars: [A]", 3, 13, "'env_vars' takes a mapping with 'required' and 'optional', not a list"),
        (
            "  env_vars: {require: [A]}",
            3,
            14,
            "unknown key 'require' of 'env_vars'; did you mean 'required'?",
        ),
        ("  env_vars: {defaults: {A: b}}", 3, 14, "unknown key 'defaults' of 'env_vars'"),
        ("  env_vars: {required: A}", 3, 14, "required_env_vars is a string, not a list of strings"),
        ("  env_vars: {optional: [A]}", 3, 14, "optional_env_vars is a list, not a mapping"),
        ("  env_vars: {optional: {A: true}}", 3, 28, "put it in quotes"),
        (
            "  job_arguments: {flag: --x}",
            3,
            18,
            "'job_arguments' takes a list of {flag, source}, not a mapping",
        ),
        ("  job_arguments: [{source: x}]", 3, 19, "not a mapping without 'flag'"),
        ("  job_arguments: [--x]", 3, 19, "not the text '--x'"),
        ("  job_arguments: [{flag: 1}]", 3, 26, "'flag' of a job argument is text, not the number 1"),
        ("  arguments: [a]", 3, 3, "expected_arguments is a list, not a mapping"),
        ("  kind: batch", 3, 9, "'kind' is 'training' or 'processing', not the text 'batch'"),
        (
            "  expected_input_paths: {a: b}",
            3,
            3,
            "a step interface spells 'expected_input_paths' as 'inputs'",
        ),
        ("  required_env_vars: [A]", 3, 3, "spells 'required_env_vars' as 'env_vars: {required: [...]}'"),
        ("  input: {a: {path: /opt/ml/processing/input}}", 3, 3, "'input' is not a field of a contract"),
        ("specs: {dependencies: {}}", 3, 1, "'specs' is not a field of a contract"),
    ],
)
def test_every_mistake_in_a_step_interface_has_one_report_at_its_place(
    lines: str, line: int, column: int, words: str
) -> None:
    told = complaints("x.step.yaml", CONTRACT_HEAD + lines + "\n")
    assert len(told) == 1, told
    assert told[0][:2] == (line, column)
    assert words in told[0][2]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("contract: [x]\n", 1, "'contract' takes a mapping, not a list"),
        (
            "step_type: X\ncontrct: {entry_point: x.py}\n",
            2,
            "unknown key 'contrct' of a step interface; did you mean 'contract'?",
        ),
        ("contract:\n  inputs: {}\n", 1, "'entry_point' is missing"),
        ("contract:\n  entry_point: x.py\n  entry_point: y.py\n", 3, "stands here and on line 2"),
        ("contract:\n  entry_point: [x.py]\n", 2, "entry_point is a list, not a string"),
    ],
)
def test_mistakes_that_concern_the_whole_have_one_report(text: str, line: int, words: str) -> None:
    told = complaints("x.step.yaml", text)
    assert len(told) == 1, told
    assert told[0][0] == line
    assert words in told[0][2]


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ("  inputs: [a]", {"expected_input_paths"}),
        ("  input: {}", {"expected_input_paths"}),
        ("  env_var: {}", {"required_env_vars", "optional_env_vars"}),
        ("  env_vars: [A]", {"required_env_vars", "optional_env_vars"}),
        ("  env_vars: {require: [A]}", {"required_env_vars"}),
        ("  job_argument: []", {"expected_arguments"}),
        ("  job_arguments: [--x]", {"expected_arguments"}),
        ("  arguments: [x]", {"expected_arguments"}),
        ("  expected_output_paths: {a: b}", {"expected_output_paths"}),
        ("  sink: true", set()),
    ],
)
def test_what_could_not_be_read_in_full_calls_nothing_undeclared(lines: str, fields: set[str]) -> None:
    declared = declarations("x.step.yaml", CONTRACT_HEAD + lines + "\n")
    unresolved = declared.contracts[0].unresolved
    assert fields <= unresolved
    assert {field for field in unresolved if field.startswith(("expected", "required", "optional"))} == fields


# --- contract files


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "train.contract.yaml",
            """\
            entry_point: train.py
            expected_input_paths: {train: /opt/ml/input/data/train}
            expected_output_paths: {model: /opt/ml/model}
            required_env_vars: [A]
            optional_env_vars: {B: "1"}
            expected_arguments: {epochs: "10"}
            """,
        ),
        (
            "train.contract.json",
            """\
            {"entry_point": "train.py",
             "expected_input_paths": {"train": "/opt/ml/input/data/train"},
             "expected_output_paths": {"model": "/opt/ml/model"},
             "required_env_vars": ["A"],
             "optional_env_vars": {"B": "1"},
             "expected_arguments": {"epochs": "10"}}
            """,
        ),
        (
            "train.contract.toml",
            """\
            entry_point = "train.py"
            required_env_vars = ["A"]
            optional_env_vars.B = "1"
            [expected_input_paths]
            train = "/opt/ml/input/data/train"
            [expected_output_paths]
            model = "/opt/ml/model"
            [expected_arguments]
            epochs = "10"
            """,
        ),
    ],
)
def test_the_three_formats_say_the_same(name: str, text: str) -> None:
    found = contract(name, text)
    assert found.name == "train"
    assert found.kind == "training"
    assert found.place.span.line == 1
    assert {key: entry.value for key, entry in found.inputs.items()} == {"train": "/opt/ml/input/data/train"}
    assert {key: entry.value for key, entry in found.outputs.items()} == {"model": "/opt/ml/model"}
    assert list(found.required_env) == ["A"]
    assert {key: entry.value for key, entry in found.optional_env.items()} == {"B": "1"}
    assert {key: entry.value for key, entry in found.arguments.items()} == {"epochs": "10"}
    assert check_contract(found.raw, found.kind) == []
    source = dedent(text).splitlines()
    place = found.inputs["train"].place.span
    assert (
        source[place.line - 1][place.column - 1 : place.end_column - 1].strip("'\"")
        == "/opt/ml/input/data/train"
    )


@pytest.mark.parametrize(
    ("name", "text", "line", "words"),
    [
        ("x.contract.yaml", "- a\n", 1, "a contract is a mapping of fields, this file holds a list"),
        ("x.contract.json", '"x"', 1, "this file holds the text 'x'"),
        ("x.contract.json", "", 1, "the file is empty"),
        ("x.contract.toml", "# later\n", 1, "'entry_point' is missing"),
        ("x.contract.yaml", "entry_point: x.py\nkind: batch\n", 2, "'kind' is 'training' or 'processing'"),
        (
            "x.contract.yaml",
            "entry_point: x.py\nframeworks: {}\n",
            2,
            "'frameworks' is not a field of a contract",
        ),
        ("x.contract.json", '{"entry_point": "x.py",\n"optional_env_vars": {"A": 1}}', 2, "put it in quotes"),
        (
            "x.contract.json",
            '{"entry_point": "x.py",\n"optional_env_vars": null}',
            2,
            "optional_env_vars is None",
        ),
        ("x.contract.toml", 'entry_point = "x.py"\noptional_env_vars = {A = 2024-01-31}', 2, "of type date"),
        (
            "x.contract.yaml",
            "entry_point: x.py\nexpected_input_paths: {a: [b]}\n",
            2,
            "is a list, not a string",
        ),
        (
            "x.contract.yaml",
            "entry_point: x.py\nrequired_env_vars: [A, {b: c}]\n",
            2,
            "has an item that is a mapping",
        ),
        ("x.contract.yaml", "entry_point: x.py\n a: b\n", 2, "not valid YAML"),
    ],
)
def test_every_mistake_in_a_contract_file_has_one_report_at_its_line(
    name: str, text: str, line: int, words: str
) -> None:
    told = complaints(name, text)
    assert len(told) == 1, told
    assert told[0][0] == line
    assert words in told[0][2]


def test_a_misspelled_field_calls_nothing_undeclared() -> None:
    found = contract(
        "x.contract.yaml", "entry_point: x.py\nexpected_inputs_paths: {a: /opt/ml/processing/input}\n"
    )
    assert found.unresolved == {"expected_input_paths"}
    assert set(found.field_places) == {"entry_point", "expected_inputs_paths"}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("contracts/any.yaml", STEP, "any"),
        ("contracts/any.json", '{"entry_point": "x.py"}', "any"),
        ("a.b.contract.yml", "entry_point: x.py", "a.b"),
        (".contract.yaml", "entry_point: x.py", ".contract.yaml"),
    ],
)
def test_files_that_the_configuration_names_need_no_telling_name(name: str, text: str, expected: str) -> None:
    assert contract(name, text).name == expected


# --- kinds


@pytest.mark.parametrize(
    ("paths", "explicit", "kind"),
    [
        ([], None, "processing"),
        (["/opt/ml/processing/input"], None, "processing"),
        (["/opt/ml/input/data/train", "/opt/ml/model"], None, "training"),
        (["/opt/ml/model/"], None, "training"),
        (["/opt/ml/checkpoints"], None, "training"),
        (["/opt/ml/processing", "/opt/ml/model"], None, "processing"),
        (["/opt/ml/processing_old", "/opt/ml/output/data"], None, "training"),
        (["/opt/ml/models"], None, "processing"),
        (["data"], None, "processing"),
        (["/opt/ml/model"], "processing", "processing"),
        ([], "training", "training"),
    ],
)
def test_the_kind_of_job_follows_from_the_paths(paths: list[str], explicit: object, kind: str) -> None:
    assert job_kind(paths, explicit) == kind  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["x.step.yaml", "x.contract.yaml"])
def test_a_file_may_name_the_kind(name: str) -> None:
    text = "entry_point: x.py\nkind: training\n"
    if "step" in name:
        text = "contract:\n" + "".join(f"  {line}\n" for line in text.splitlines())
    found = contract(name, text)
    assert found.kind == "training"
    assert "kind" not in found.raw


# --- any data


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        *(
            "entry_point",
            "inputs",
            "outputs",
            "arguments",
            "job_arguments",
            "env_vars",
            "kind",
            "description",
        ),
        *("required", "optional", "path", "flag", "channels", "imputs"),
        *("expected_input_paths", "required_env_vars"),
    ]
)


@given(
    st.dictionaries(
        KEYS, JSON | st.dictionaries(KEYS, JSON | st.dictionaries(KEYS, JSON, max_size=3), max_size=3)
    )
)
def test_whatever_the_shape_reading_reports_and_does_not_fail(section: dict[str, object]) -> None:
    for name, data in (("x.step.yaml", {"contract": section}), ("x.contract.json", section)):
        text = json.dumps(data)
        declared = contracts_in_document(Path("/project", name), text.encode())
        for problem in declared.unreadable:
            assert "\n" not in problem.reason
        for found in declared.contracts:
            check_contract(found.raw, found.kind)
            for field in found.raw:
                assert field in found.field_places
