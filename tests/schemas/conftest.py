"""What the tests of the JSON Schemas share: a whole declaration of each form, and what is said of a file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from contracts_runtime.declaration_files import DeclarationError, read_declaration
from flake8_contracts import check_paths
from flake8_contracts.settings import Settings

FORM = re.compile(r"\.(contract|step)\.(?:yaml|yml|json|toml)$")
# By which editors read a schema, whatever it says itself.
DRAFTS = (jsonschema.Draft202012Validator, jsonschema.Draft7Validator)
SCHEMAS = {
    form: json.loads(files("contracts_runtime").joinpath(f"{form}.schema.json").read_bytes())
    for form in ("contract", "step")
}
# What a schema is about: that a file can be read, its model and its paths. No schema knows the project's scripts.
ABOUT_THE_FILE = {"SMC402", "SMC405", "SMC901"}
CONTRACT: dict[str, Any] = {
    "kind": "processing",
    "entry_point": "scripts/split.py",
    "expected_input_paths": {"DATA": "/opt/ml/processing/input/data"},
    "expected_output_paths": {"TRAIN": "/opt/ml/processing/output/train"},
    "required_env_vars": ["LABEL_FIELD"],
    "optional_env_vars": {"RATIO": "0.7"},
    "expected_arguments": {"job-type": "training"},
    "framework_requirements": {"pandas": ">=2"},
    "description": "Splits",
}
STEP: dict[str, Any] = {
    "step_type": "Split",
    "node_type": "internal",
    "contract": {
        "kind": "processing",
        "entry_point": "split.py",
        "inputs": {
            "data": {"path": "/opt/ml/processing/input/data", "required": True, "channels": ["train"]}
        },
        "outputs": {"train": {"path": "/opt/ml/processing/output/train"}},
        "arguments": {"job-type": "training"},
        "job_arguments": [{"flag": "--region", "source": "region"}],
        "env_vars": {"required": ["LABEL_FIELD"], "optional": {"RATIO": "0.7"}},
        "framework_requirements": {"pandas": ">=2"},
        "description": "Splits",
    },
    "spec": {
        "dependencies": {
            "data": {
                "type": "training_data",
                "required": True,
                "compatible_sources": ["Load"],
                "semantic_keywords": ["table"],
                "data_type": "S3Uri",
                "description": "What is split",
            }
        },
        "outputs": {
            "train": {
                "type": "training_data",
                "aliases": ["rows"],
                "property_path": "properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri",
                "semantic_keywords": ["table"],
                "data_type": "S3Uri",
                "description": "What is left",
            }
        },
    },
}
WHOLE = {"x.contract.json": CONTRACT, "x.step.yaml": STEP}


@pytest.fixture(scope="session")
def schemas() -> dict[str, Any]:
    """The schemas by the form that they are of."""
    return SCHEMAS


@pytest.fixture(scope="session")
def whole() -> dict[str, Any]:
    """The name of a file and what it holds: everything that may stand there, and nothing wrong."""
    return deepcopy(WHOLE)


@pytest.fixture(scope="session")
def refused() -> Callable[[str, object], list[str]]:
    """Returns the places in the data of a file of this name that its schema refuses."""

    def validate(name: str, data: object) -> list[str]:
        form = FORM.search(name)
        assert form is not None
        found = [[each.json_path for each in draft(SCHEMAS[form[1]]).iter_errors(data)] for draft in DRAFTS]
        assert found[0] == found[1]
        return found[0]

    return validate


@pytest.fixture(scope="session")
def reported() -> Callable[[Path], list[str]]:
    """Returns what the linter reports of a file alone."""

    def lint(path: Path) -> list[str]:
        found = check_paths([path], Settings(root=path.parent, use_cache=False))
        return [str(each) for each in found if each.code in ABOUT_THE_FILE]

    return lint


@pytest.fixture(scope="session")
def refused_at_run_time() -> Callable[[Path], bool]:
    """Tells whether the models do not take what a file declares."""

    def validate(path: Path) -> bool:
        try:
            return bool(read_declaration(path).check())
        except DeclarationError:
            return True

    return validate
