"""Write the JSON Schemas of contract files and step interfaces, by which editors complete, explain and check them.

Run as ``python tools/declaration_schemas.py``.

Fields, types, defaults and descriptions are those of the models, names and patterns those of the checks. A schema
refuses only what the linter reports, because a red line in an editor is a report, too: it takes whatever the linter
takes in one of the formats, such as an empty section or a number for a text in YAML.

Only keywords that mean the same in drafts 7 and 2020-12 are used, and no references: some editors read every schema by
draft 7. ``errorMessage``, ``patternErrorMessage`` and ``enumDescriptions`` are understood by the language servers for
JSON and YAML, and are annotations elsewhere. With ``--check`` nothing is written; the exit code says whether the files
are up to date.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from pydantic import BaseModel
from schema_parts import (
    Schema,
    argument_names,
    container_path,
    documented,
    entry_point,
    fields_of,
    highest_limit,
    logical_names,
    near_miss_pattern,
    near_misses,
    near_misses_of_absent,
    or_nothing,
    required,
    variable_names,
    without_near_miss,
)

from contracts_runtime import step_interfaces as step
from contracts_runtime.contract_checks import CONTRACT_FIELDS, ENTRY_POINT, EXAMPLES
from contracts_runtime.contracts import ScriptContract
from contracts_runtime.path_checks import INPUTS, OUTPUTS
from contracts_runtime.platform_facts import KINDS
from contracts_runtime.specification_checks import check_specification
from contracts_runtime.specification_fields import DEPENDENCY_TYPES, NODE_TYPE, NODE_TYPES, STEP_TYPE
from contracts_runtime.specifications import DependencySpec, NodeType, OutputSpec, StepSpecification
from contracts_runtime.step_kinds import STEP_KINDS
from flake8_contracts.catalog.contract_draft import NUMBERS_ARE_TEXT
from flake8_contracts.catalog.step_contract import MODEL_SPELLINGS

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "contracts_runtime"
_HEAD: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$comment": "Made from the models of contracts_runtime by 'make docs'.",
}
_SCHEMA_KEY: Schema = {"description": "Where editors find this JSON Schema."}
# What no field of a model is described by.
_TEXTS = {
    "kind": "The kind of job that runs the script. Without it the paths tell.",
    "contract": "What the step's script relies on and promises. Leave it out for a step that runs no script.",
    "null_entry_point": "Nothing ('null') for a step that runs no script.",
    "env_vars": "Environment variables.",
    "port_input": "An input: the directory where it is mounted.",
    "port_output": "An output: the directory that is uploaded.",
    "path": "The container path of the directory; 'null' for what is mounted nowhere.",
    "required": "Whether the script cannot run without it.",
    "channels": "The channels that a training job makes of it.",
    "job_arguments": "Command-line arguments whose values come from the pipeline's configuration.",
    "flag": "The argument, such as '--job-type'.",
    "source": "Where in the configuration its value is.",
    "spec": "What the step needs from other steps, and what it offers to them.",
    "registry": "What the pipeline's registry keeps of the step.",
}
_KIND: Schema = {"description": _TEXTS["kind"], "enum": [*KINDS, None]}

_MODELS: dict[str, type[BaseModel]] = {"dependencies": DependencySpec, "outputs": OutputSpec}
_CONTRACT = fields_of(ScriptContract)
_SPECIFICATION = fields_of(StepSpecification)
_ITEMS = {name: fields_of(model) for name, model in _MODELS.items()}


# --- contract files ---


def _contract_field(name: str) -> Schema:
    """Return the schema of a field of a contract, in the form that it has in a contract file."""
    schema = {**_CONTRACT[name], "examples": [ast.literal_eval(EXAMPLES[name])]}
    if name == ENTRY_POINT:
        return {**schema, **entry_point()}
    schema = or_nothing(schema)
    values: Schema = {"type": ["string", "number"] if name in NUMBERS_ARE_TEXT else "string"}
    if name in (INPUTS, OUTPUTS):
        return {**schema, "propertyNames": logical_names(), "additionalProperties": container_path(name)}
    if name == "required_env_vars":
        return {**schema, "items": {**values, **variable_names()}}
    if name == "optional_env_vars":
        values["maxLength"] = highest_limit("variable_value_length")
        most = {"maxProperties": highest_limit("variables")}
        return {**schema, "propertyNames": variable_names(), "additionalProperties": values, **most}
    if name == "expected_arguments":
        values["maxLength"] = highest_limit("argument_value_length")
        most = {"maxProperties": highest_limit("arguments")}
        return {**schema, "propertyNames": argument_names(), "additionalProperties": values, **most}
    if _CONTRACT[name]["type"] == "object":
        return {**schema, "additionalProperties": values}
    return schema


def contract_schema() -> Schema:
    """Return the schema of ``*.contract.{yaml,yml,json,toml}``."""
    return {
        **_HEAD,
        "title": "Contract of a SageMaker script",
        "description": "What a script run by a SageMaker job relies on and promises.",
        "type": "object",
        "properties": {
            "$schema": _SCHEMA_KEY,
            **{name: _contract_field(name) for name in CONTRACT_FIELDS},
            step.KIND: _KIND,
        },
        "required": [ENTRY_POINT],
        "additionalProperties": False,
    }


# --- step interfaces ---


def _ports(key: str) -> Schema:
    field = step.PORTS[key]
    keys: Schema = {"path": {"description": _TEXTS["path"], **or_nothing(container_path(field))}}
    if "required" in step.PORT_KEYS[key]:
        keys["required"] = {"description": _TEXTS["required"], "default": True, "type": ["boolean", "null"]}
    if "channels" in step.PORT_KEYS[key]:
        items = {"type": "string"}
        keys["channels"] = {"description": _TEXTS["channels"], "type": ["array", "null"], "items": items}
    assert tuple(keys) == step.PORT_KEYS[key]
    port = {
        "description": _TEXTS[f"port_{key.removesuffix('s')}"],
        "type": "object",
        "properties": keys,
        "allOf": [required("path", step.PORT_KEYS[key]), *near_misses(step.PORT_KEYS[key])],
    }
    kept = {name: value for name, value in _contract_field(field).items() if name != "examples"}
    return {**kept, "additionalProperties": port}


def _variable_groups() -> Schema:
    return {
        "description": _TEXTS["env_vars"],
        "type": ["object", "null"],
        "properties": {key: _contract_field(field) for key, field in step.VARIABLES.items()},
        "additionalProperties": False,
    }


def _job_arguments() -> Schema:
    flag = {"description": _TEXTS["flag"], "type": "string", **argument_names()}
    argument = {
        "type": "object",
        "properties": {"flag": flag, "source": {"description": _TEXTS["source"]}},
        "required": ["flag"],
    }
    return {"description": _TEXTS["job_arguments"], "type": ["array", "null"], "items": argument}


def _contract_section() -> Schema:
    properties = {
        **{key: _contract_field(field) for key, field in step.CONTRACT_KEYS.items()},
        **{key: _ports(key) for key in step.PORTS},
        "env_vars": _variable_groups(),
        "job_arguments": _job_arguments(),
        step.KIND: _KIND,
    }
    properties[ENTRY_POINT]["description"] += f" {_TEXTS['null_entry_point']}"
    misspelled = [
        {
            "patternProperties": {f"^{name}$": False},
            "errorMessage": f"a step interface spells this as '{key}'",
        }
        for name, key in MODEL_SPELLINGS.items()
    ]
    return {
        "description": _TEXTS["contract"],
        "type": ["object", "null"],
        # Of a step that runs no script nothing else is read.
        "if": {"properties": {ENTRY_POINT: {"type": "null"}}, "required": [ENTRY_POINT]},
        "else": {
            "properties": {key: properties[key] for key in step.CONTRACT_SECTION},
            "allOf": [
                required(ENTRY_POINT, step.CONTRACT_SECTION),
                *misspelled,
                *near_misses(step.CONTRACT_SECTION),
            ],
        },
    }


def _item_field(section: str, name: str) -> Schema:
    field = _ITEMS[section][name]
    if name == step.TYPE_FIELDS[section]:
        return {"description": field["description"], "enum": list(DEPENDENCY_TYPES)}
    lists = {"items": {"type": "string"}} if field["type"] == "array" else {}
    return {**or_nothing(field), **lists}


def _items(section: str) -> Schema:
    """Return the schema of the dependencies or of the outputs of a specification."""
    own_type = step.TYPE_FIELDS[section]
    names = [name for name in step.ITEM_FIELDS[section] if name not in (own_type, "logical_name")]
    keys = {"type": _item_field(section, own_type), **{name: _item_field(section, name) for name in names}}
    item = {
        "type": "object",
        "properties": keys,
        "allOf": [required("type", tuple(keys)), *near_misses_of_absent(tuple(keys))],
    }
    return {
        "description": _SPECIFICATION[section]["description"],
        "type": ["object", "null"],
        "propertyNames": logical_names(),
        "additionalProperties": item,
    }


def _section_of_specification() -> Schema:
    return {
        "description": _TEXTS["spec"],
        "type": ["object", "null"],
        "properties": {section: _items(section) for section in _MODELS},
        "allOf": near_misses_of_absent(tuple(step.ITEM_FIELDS)),
    }


_STEP_TYPE: Schema = {"description": _SPECIFICATION[STEP_TYPE]["description"]}
_NODE_TYPE: Schema = {
    "description": _SPECIFICATION[NODE_TYPE]["description"],
    "enum": list(NODE_TYPES),
    "enumDescriptions": [documented(NodeType)[NodeType(name).name] for name in NODE_TYPES],
}


def _fits_node_type() -> Iterator[Schema]:
    """Yield that a step's place in the graph is what its dependencies and outputs make of it."""
    for present in product((True, False), repeat=len(_MODELS)):
        found = dict(zip(_MODELS, present, strict=True))
        fitting = [name for name in NODE_TYPES if _fits(name, found)]
        words = " and ".join(f"{'with' if there else 'without'} {name}" for name, there in found.items())
        is_so = {"allOf": [_has(name) if there else _lacks(name) for name, there in found.items()]}
        message = f"a step {words} is {' or '.join(map(repr, fitting))}"
        yield {
            "if": {"properties": {step.SPEC: is_so}},
            "then": {"properties": {NODE_TYPE: {"enum": fitting, "errorMessage": message}}},
        }


def _fits(node_type: str, found: dict[str, bool]) -> bool:
    items = {
        section: {"NAME": {step.TYPE_FIELDS[section]: DEPENDENCY_TYPES[0]}} if there else {}
        for section, there in found.items()
    }
    return not check_specification({STEP_TYPE: "Type", NODE_TYPE: node_type, **items})


def _has(section: str) -> Schema:
    return {"properties": {section: {"type": "object", "minProperties": 1}}, "required": [section]}


def _lacks(section: str) -> Schema:
    return {
        "properties": {section: {"type": ["object", "null"], "maxProperties": 0}},
        **without_near_miss(section, tuple(_MODELS)),
    }


def step_schema() -> Schema:
    """Return the schema of ``*.step.{yaml,yml}``, a name that other tools use, too: what is none is not refused."""
    has_script = {
        "properties": {
            step.CONTRACT: {
                "type": "object",
                "not": {"properties": {ENTRY_POINT: {"type": "null"}}, "required": [ENTRY_POINT]},
            }
        },
        "required": [step.CONTRACT],
    }
    describes_step = {"anyOf": [{"required": [STEP_TYPE]}, {"required": [step.CONTRACT]}]}
    specifies = {
        "properties": {step.SPEC: {"type": "object"}},
        "required": [step.SPEC],
        **describes_step,
    }
    # Other tools may have a text or a list of such a name.
    misspelled = {
        "type": ["array", "boolean", "null", "number", "string"],
        "errorMessage": f"did you mean '{step.CONTRACT}'?",
    }
    return {
        **_HEAD,
        "title": "Interface of a step of a SageMaker pipeline",
        "description": "A step whole: the contract of its script, and what it needs from other steps and offers them.",
        "properties": {
            "$schema": _SCHEMA_KEY,
            STEP_TYPE: _STEP_TYPE,
            NODE_TYPE: {"description": _NODE_TYPE["description"], "examples": list(NODE_TYPES)},
            step.CONTRACT: _contract_section(),
            step.SPEC: {"description": _TEXTS["spec"]},
            "registry": {
                "description": _TEXTS["registry"],
                "properties": {
                    "sagemaker_step_type": {
                        "description": _SPECIFICATION["sagemaker_step_type"]["description"],
                        "examples": sorted(STEP_KINDS),
                    }
                },
            },
        },
        "allOf": [
            {"if": describes_step, "then": {"properties": {step.SPEC: _section_of_specification()}}},
            {
                "if": specifies,
                "then": {
                    "properties": {
                        STEP_TYPE: {**_STEP_TYPE, "type": "string", "pattern": "[^ ]"},
                        NODE_TYPE: _NODE_TYPE,
                    },
                    "required": [STEP_TYPE, NODE_TYPE],
                    "allOf": list(_fits_node_type()),
                },
            },
            {"if": has_script, "then": {"allOf": near_misses(step.STEP_KEYS)}},
            {
                "if": {"required": [step.CONTRACT]},
                "else": {
                    "patternProperties": {near_miss_pattern(step.CONTRACT, (step.CONTRACT,)): misspelled}
                },
            },
        ],
    }


# --- files ---


def texts() -> dict[str, str]:
    """Return the text of each file."""
    made = {"contract.schema.json": contract_schema(), "step.schema.json": step_schema()}
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in made.items()}


def main(arguments: list[str]) -> int:
    """Write or check the files; return the exit code."""
    for name, text in texts().items():
        path = PACKAGE / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in arguments:
            print(f"{name} is not what the models say, run 'make docs'", file=sys.stderr)
            return 1
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
