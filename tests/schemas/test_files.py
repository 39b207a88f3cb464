"""The JSON Schemas for editors: their files, and that they take everything that the linter takes."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from textwrap import dedent

import jsonschema
import pytest

from contracts_runtime.contract_checks import CONTRACT_FIELDS
from contracts_runtime.step_interfaces import CONTRACT_SECTION, STEP_KEYS
from flake8_contracts.catalog.documents import DocumentError, plain, read_document
from flake8_contracts.cli import cli
from flake8_contracts.rules import all_rules
from flake8_contracts.rules.documentation import contract_name
from flake8_contracts.rules.documentation import plain as without_markers

TOP = Path(__file__).resolve().parent.parent.parent
PAGES = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]
FENCE = re.compile(r"^```\w* (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FORMS = ("contract", "step")
FORM = re.compile(r"\.(contract|step)\.(?:yaml|yml|json|toml)$")


def parsed(path: Path) -> object:
    return plain(read_document(path, path.read_bytes()))


# --- the files ---


@pytest.mark.parametrize("form", FORMS)
def test_schemas_are_valid_in_every_draft_that_editors_know(schemas, form):
    for draft in (jsonschema.Draft202012Validator, jsonschema.Draft7Validator):
        draft.check_schema(schemas[form])
    assert schemas[form]["$schema"] == jsonschema.Draft202012Validator.META_SCHEMA["$id"]
    assert '"$ref"' not in json.dumps(schemas[form])  # beside which draft 7 reads nothing


def test_the_files_are_what_the_models_say(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(TOP / "tools")
    tool = importlib.import_module("declaration_schemas")
    assert tool.main(["--check"]) == 0
    monkeypatch.setattr(tool, "PACKAGE", tmp_path)
    assert tool.main(["--check"]) == 1
    assert "contract.schema.json is not what the models say, run 'make docs'" in capsys.readouterr().err
    assert tool.main([]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contract.schema.json", "step.schema.json"]
    assert tool.main(["--check"]) == 0


@pytest.mark.parametrize("form", FORMS)
def test_the_command_prints_them(schemas, runner, form):
    result = runner.invoke(cli, ["contracts", "--schema", form])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == schemas[form]


def test_a_schema_is_of_no_path(runner):
    result = runner.invoke(cli, ["contracts", "--schema", "step", "."])
    assert result.exit_code == 2
    assert "--schema takes no PATH" in result.stderr


def test_every_field_is_explained(schemas):
    contract = schemas["contract"]["properties"]
    assert list(contract) == ["$schema", *CONTRACT_FIELDS, "kind"]
    assert all(field["description"].endswith(".") for field in contract.values())
    assert contract["entry_point"]["description"] == "The script, relative to its source directory."
    step = schemas["step"]["properties"]
    assert set(STEP_KEYS) <= set(step)
    assert all(field["description"].endswith(".") for field in step.values())
    section = step["contract"]["else"]["properties"]
    assert list(section) == list(CONTRACT_SECTION)
    assert all(field["description"].endswith(".") for field in section.values())


# --- what is right ---

ON_PAGES = [
    pytest.param(name, text, id=f"{page.name}-{name}")
    for page in PAGES
    for name, text in FENCE.findall(page.read_text(encoding="utf-8"))
    if FORM.search(name)
]
OF_RULES = [
    pytest.param(contract_name(example, text), without_markers(text), id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(rule.examples)
    for text in ([example.good] if example.subject == "contract" else [example.contract])
    if text and FORM.search(contract_name(example, text))
]
IN_FIXTURES = [
    pytest.param(path, id=str(path.relative_to(TOP / "fixtures")))
    for path in sorted((TOP / "fixtures").rglob("*"))
    if FORM.search(path.name)
]


@pytest.mark.parametrize("path", [each for each in IN_FIXTURES if str(each.id).startswith("clean")])
def test_files_of_the_clean_project_are_taken(refused, path):
    assert refused(path.name, parsed(path)) == []


@pytest.mark.parametrize("path", IN_FIXTURES)
def test_nothing_is_refused_in_example_projects_that_is_not_reported(refused, reported, path, tmp_path):
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    try:
        data = parsed(copy)
    except DocumentError:
        return  # no editor gets as far as to a schema
    assert bool(reported(copy)) >= bool(refused(copy.name, data))


@pytest.mark.parametrize(("name", "text"), [*ON_PAGES, *OF_RULES])
def test_examples_of_the_documentation_are_taken(refused, reported, name, text, tmp_path):
    path = tmp_path / Path(name).name
    path.write_text(text, encoding="utf-8")
    is_wrong_on_purpose = "broken/" in name or "slips" in name
    assert is_wrong_on_purpose or refused(path.name, parsed(path)) == []
    assert bool(reported(path)) >= bool(refused(path.name, parsed(path)))


def test_there_are_examples_of_all_formats():
    names = [Path(str(each.values[0])).name for each in (*ON_PAGES, *OF_RULES, *IN_FIXTURES)]
    for ending in (".contract.yaml", ".contract.json", ".contract.toml", ".step.yaml"):
        assert any(name.endswith(ending) for name in names), ending
    assert len(ON_PAGES) > 3
    assert len(OF_RULES) > 20


LENIENT = {
    "empty sections": (
        "x.contract.yaml",
        """
        entry_point: x.py
        expected_input_paths:
        required_env_vars:
        optional_env_vars:
        description:
        """,
    ),
    "numbers for texts": (
        "x.contract.yaml",
        """
        entry_point: x.py
        optional_env_vars: {RATIO: 0.7, RATE: 5e-05}
        expected_arguments: {epochs: 10}
        framework_requirements: {python: 3.8}
        """,
    ),
    "other spellings of a path": (
        "x.contract.yaml",
        """
        entry_point: ./scripts//x.py
        expected_input_paths: {A: //opt/ml/./processing//input/a/, B: /opt/ml/processing/..b}
        expected_output_paths: {C: /opt/ml/processing/output/...}
        """,
    ),
    "everything that a training job is given": (
        "x.contract.yaml",
        """
        kind: training
        entry_point: x.py
        expected_input_paths: {ALL: /opt/ml/input/}
        expected_output_paths: {MODEL: /opt/ml/model}
        """,
    ),
    "a merge of mappings": (
        "x.step.yaml",
        """
        common: &port {path: /opt/ml/processing/input/a}
        contract:
          entry_point: x.py
          inputs:
            A: {<<: *port, required: false}
        """,
    ),
    "a step without a script": (
        "x.step.yaml",
        """
        step_type: Model
        node_type: source
        contract:
          entry_point: null
          inputs: nothing of that counts
        spec:
          dependencies: {}
          outputs: {MODEL: {type: model_artifacts}}
        """,
    ),
    "inputs that are mounted nowhere": (
        "x.step.yaml",
        """
        contract:
          entry_point: x.py
          inputs:
            A: {path: null, required: null, channels: null}
          outputs:
          env_vars: {required: , optional: }
          job_arguments:
        """,
    ),
    "keys of other tools": (
        "x.step.yaml",
        """
        step_type: X
        node_type: singular
        registry: {sagemaker_step_type: Processing}
        hyperparameters: {}
        contract:
          entry_point: x.py
          source_dir: scripts
          inputs:
            A: {path: /opt/ml/processing/a, mode: x}
        spec:
          notes: []
        """,
    ),
    "a file of another tool": (
        "x.step.yaml",
        """
        steps: [{run: make}]
        spec: [1, 2]
        node_type: pod
        """,
    ),
    "both a key and what is near it": (
        "x.step.yaml",
        """
        step_type: X
        node_type: source
        spec:
          outputs:
            A: {type: training_data, types: [x]}
          output: 1
        """,
    ),
}


@pytest.mark.parametrize(("name", "text"), LENIENT.values(), ids=LENIENT)
def test_what_the_linter_takes_is_taken(refused, reported, name, text, tmp_path):
    path = tmp_path / name
    path.write_text(dedent(text), encoding="utf-8")
    assert reported(path) == []
    assert refused(name, parsed(path)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.contract.json", '{"$schema": "contract.schema.json", "entry_point": "x.py"}'),
        ("x.contract.yaml", "$schema: contract.schema.json\nentry_point: x.py\n"),
        (
            "x.contract.toml",
            '#:schema contract.schema.json\n"$schema" = "contract.schema.json"\nentry_point = "x.py"\n',
        ),
        ("x.contract.yaml", "# yaml-language-server: $schema=contract.schema.json\nentry_point: x.py\n"),
        ("x.step.yaml", "$schema: step.schema.json\ncontract: {entry_point: x.py}\n"),
        ("x.step.yaml", "$schema: step.schema.json\nstep_type: X\nnode_type: singular\nspec: {}\n"),
    ],
)
def test_the_place_of_the_schema_is_no_field(refused, reported, refused_at_run_time, name, text, tmp_path):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert reported(path) == []
    assert not refused_at_run_time(path)
    assert refused(name, parsed(path)) == []
