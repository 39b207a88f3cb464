"""``flake8-contracts contracts`` on the example project: its specifications."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from flake8_contracts.cli import cli

CLEAN = Path(__file__).resolve().parent.parent / "fixtures" / "clean"


@pytest.fixture(autouse=True)
def _inside(monkeypatch):
    monkeypatch.chdir(CLEAN)


def listed(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["contracts", "--contracts-no-cache", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_script_has_its_contract_and_the_specification_of_its_step():
    assert listed("scripts/payload.py").splitlines() == [
        "contracts/payload_contract.py:6: PAYLOAD_CONTRACT (processing, entry point 'payload.py')",
        "    scripts/payload.py: entry_point 'payload.py' is the end of its path",
        "specs/delivery_specs.py:55: PAYLOAD_SPEC (step type 'Payload', internal)",
        "    contract PAYLOAD_CONTRACT, contracts/payload_contract.py:6",
        "    step 'Payload', pipelines/delivery_pipeline.py:13",
        "    step 'Payload', pipelines/end_to_end_pipeline.py:38",
        "    step 'Payload', pipelines/train_and_register.py:21",
    ]


def test_a_step_that_is_registered_from_its_interface():
    assert listed("steps/data_loading.step.yaml").splitlines()[-4:] == [
        "steps/data_loading.step.yaml:24: data_loading (step type 'DataLoading', source)",
        "    contract data_loading, steps/data_loading.step.yaml:5",
        "    step 'DataLoading', pipelines/load.py:10",
        "    step 'DataLoading', pipelines/pytorch_pipeline.py:14",
    ]


def test_only_what_lies_there():
    assert "(step type" not in listed("contracts/preprocessing/__init__.py")
    assert (
        listed("specs/lake_check_spec.py")
        .splitlines()[0]
        .startswith("specs/lake_check_spec.py:8: LAKE_CHECK_SPEC")
    )


def test_everything_that_is_known_as_json():
    document = json.loads(
        listed("specs/lake_check_spec.py", "specs/xgboost_training_spec.py", "--output-format", "json")
    )
    lake_check, training = document["specifications"]
    assert lake_check["node_type"] == "singular"
    assert lake_check["contract"] == {
        "name": "LAKE_CHECK_CONTRACT",
        "path": "contracts/lake_check_contract.py",
    }
    assert training["dependencies"]["val"] == {
        "dependency_type": "training_data",
        "compatible_sources": ["RiskTableMapping_Training"],
        "semantic_keywords": ["processed", "splits"],
    }
    assert training["outputs"]["model_output"]["aliases"] == ["model_input"]
    assert [(step["name"], Path(step["path"]).stem) for step in training["steps"]] == [
        ("Training", "end_to_end_pipeline"),
        ("Training", "train"),
        ("XGBoostTraining", "train_and_evaluate"),
        ("XGBoostTraining", "train_and_register"),
        ("Training", "xgboost_pipeline"),
    ]
    assert training["unresolved"] == []


def test_what_is_not_known_is_null(tmp_path, monkeypatch):
    (tmp_path / "spec.py").write_text(
        "from contracts_runtime import OutputSpec, StepSpecification\nfrom elsewhere import NAME, load\n"
        "SPEC = StepSpecification(step_type=NAME, node_type='source',\n"
        "    outputs=[load(), OutputSpec(logical_name='a', output_type=NAME, aliases=['b', NAME])])\n"
    )
    monkeypatch.chdir(tmp_path)
    assert listed() == "spec.py:3: SPEC (step type unknown, source)\n"
    (only,) = json.loads(listed("--output-format", "json"))["specifications"]
    assert only["step_type"] is None
    assert only["outputs"] == {"a": {"output_type": None, "aliases": ["b", None]}}
    assert only["unresolved"] == ["outputs", "step_type"]
    assert only["steps"] == []
