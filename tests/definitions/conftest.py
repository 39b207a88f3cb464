"""A project with contracts, and a definition that agrees with them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flake8_contracts.definitions.verification import Verification, verify
from flake8_contracts.project import Project
from flake8_contracts.settings import load_settings

PREPROCESS = """\
entry_point: preprocess.py
expected_input_paths:
  RAW: /opt/ml/processing/input/raw
  RATES: /opt/ml/processing/input/rates
expected_output_paths:
  FEATURES: /opt/ml/processing/output/features
required_env_vars: [LABEL_FIELD]
optional_env_vars: {TRAIN_RATIO: "0.7"}
expected_arguments: {job_type: training}
"""
TRAIN = """\
entry_point: train.py
expected_input_paths:
  FEATURES: /opt/ml/input/data/train
  HELD_OUT: /opt/ml/input/data/validation
expected_output_paths:
  MODEL: /opt/ml/model
  REPORT: /opt/ml/output/data
required_env_vars: [LABEL_FIELD]
expected_arguments: {epochs: "10"}
"""
FEATURES = "Steps.Preprocess.ProcessingOutputConfig.Outputs['FEATURES'].S3Output.S3Uri"


def processing_input(name: str, uri: object, path: str) -> dict[str, Any]:
    return {"InputName": name, "S3Input": {"S3Uri": uri, "LocalPath": path, "S3DataType": "S3Prefix"}}


def channel(name: str, uri: object) -> dict[str, Any]:
    return {
        "ChannelName": name,
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}},
    }


DEFINITION: dict[str, Any] = {
    "Version": "2020-12-01",
    "Metadata": {},
    "Parameters": [
        {"Name": "Raw", "Type": "String", "DefaultValue": "s3://bucket/raw"},
        {"Name": "Count", "Type": "Integer", "DefaultValue": 1},
        {"Name": "Share", "Type": "Float", "DefaultValue": 1},
    ],
    "PipelineExperimentConfig": {
        "ExperimentName": {"Get": "Execution.PipelineName"},
        "TrialName": {"Get": "Execution.PipelineExecutionId"},
    },
    "Steps": [
        {
            "Name": "Preprocess",
            "Type": "Processing",
            "Arguments": {
                "AppSpecification": {
                    "ImageUri": "image",
                    "ContainerEntrypoint": ["python3", "/opt/ml/processing/input/code/preprocess.py"],
                    "ContainerArguments": ["--job_type", "training"],
                },
                "ProcessingInputs": [
                    processing_input("RAW", {"Get": "Parameters.Raw"}, "/opt/ml/processing/input/raw"),
                    processing_input("RATES", "s3://bucket/rates", "/opt/ml/processing/input/rates"),
                    processing_input("code", "s3://bucket/preprocess.py", "/opt/ml/processing/input/code"),
                ],
                "ProcessingOutputConfig": {
                    "Outputs": [
                        {
                            "OutputName": "FEATURES",
                            "S3Output": {
                                "S3Uri": {
                                    "Std:Join": {
                                        "On": "/",
                                        "Values": ["s3:/", {"Get": "Parameters.Raw"}, "x"],
                                    }
                                },
                                "LocalPath": "/opt/ml/processing/output/features",
                            },
                        }
                    ]
                },
                "Environment": {"LABEL_FIELD": "y", "AWS_REGION": "eu-west-1"},
            },
            "PropertyFiles": [
                {"PropertyFileName": "Counts", "OutputName": "FEATURES", "FilePath": "counts.json"}
            ],
        },
        {
            "Name": "Check",
            "Type": "Condition",
            "Arguments": {
                "Conditions": [
                    {
                        "Type": "GreaterThanOrEqualTo",
                        "LeftValue": {
                            "Std:JsonGet": {
                                "PropertyFile": {"Get": "Steps.Preprocess.PropertyFiles.Counts"},
                                "Path": "rows",
                            }
                        },
                        "RightValue": {"Get": "Parameters.Count"},
                    }
                ],
                "IfSteps": [
                    {
                        "Name": "Train",
                        "Type": "Training",
                        "Arguments": {
                            "HyperParameters": {
                                "sagemaker_program": '"train.py"',
                                "sagemaker_submit_directory": '"s3://bucket/code.tar.gz"',
                                "epochs": "10",
                                "depth": "3",
                            },
                            "InputDataConfig": [
                                channel("train", {"Get": FEATURES}),
                                channel("validation", "s3://bucket/v"),
                            ],
                            "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
                            "Environment": {"LABEL_FIELD": "y"},
                        },
                    }
                ],
                "ElseSteps": [
                    {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "too few rows"}}
                ],
            },
        },
        {
            "Name": "CreateModel",
            "Type": "Model",
            "Arguments": {
                "ExecutionRoleArn": "role",
                "PrimaryContainer": {"ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}},
            },
            "DependsOn": ["Check"],
        },
        {
            "Name": "Notify",
            "Type": "Lambda",
            "FunctionArn": "arn",
            "Arguments": {"model": {"Get": "Steps.CreateModel.ModelName"}},
            "OutputParameters": [{"OutputName": "ticket", "OutputType": "String"}],
        },
        {
            "Name": "Log",
            "Type": "Lambda",
            "FunctionArn": "arn",
            "Arguments": {"ticket": {"Get": "Steps.Notify.OutputParameters['ticket']"}},
        },
    ],
}


class Verified(NamedTuple):
    """What is wrong with a definition, and its text."""

    verification: Verification
    lines: list[str]

    @property
    def messages(self) -> list[str]:
        return [f"{each.name} {each.message}" for each in self.verification.disagreements]

    @property
    def places(self) -> list[str]:
        """The lines of which something is reported."""
        return [self.lines[each.span.line - 1].strip() for each in self.verification.disagreements]


@pytest.fixture
def definition() -> dict[str, Any]:
    return copy.deepcopy(DEFINITION)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "preprocess.contract.yaml").write_text(PREPROCESS)
    (tmp_path / "train.contract.yaml").write_text(TRAIN)
    return tmp_path


@pytest.fixture
def verified(project: Path) -> Callable[..., Verified]:
    """Verifies a definition in the project."""

    def verify_it(definition: object, **named: str) -> Verified:
        settings = load_settings([project], root=project, known_codes=(), overrides={"use_cache": False})
        text = json.dumps(definition, indent=1)
        found = verify(text.encode(), Project(settings).catalog, project, named)
        return Verified(found, text.split("\n"))

    return verify_it
