"""Tests of the step builders, with a real SageMaker SDK: ``make sdk`` runs them on v2 and on v3.

They need neither credentials nor a region nor a network, and make sure of it.
"""

from __future__ import annotations

import json
import os
import socket
import warnings
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import pytest

HAS_SDK = find_spec("sagemaker") is not None
collect_ignore_glob = [] if HAS_SDK else ["test_*.py"]

# The SDK v2 tells everybody that there is a v3.
os.environ["SAGEMAKER_SUPPRESS_V2_WARNING"] = "1"
for _name in list(os.environ):
    if _name.startswith("AWS_"):
        del os.environ[_name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull

ROLE = "arn:aws:iam::123456789012:role/pipeline"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/scripts:1"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a test of the step builders opens a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="session", autouse=True)
def sdk() -> Any:
    """The SDK that is installed."""
    from contracts_runtime.builders.installed import load_sdk

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # v3 imports modules of its own that it has moved
        return load_sdk()


@pytest.fixture(scope="session")
def session():
    from contracts_runtime.builders import offline_session

    return offline_session(bucket="default-bucket")


@pytest.fixture
def settings(session):
    """What every configuration of these tests has."""
    return {
        "role": ROLE,
        "image_uri": IMAGE,
        "output_location": "s3://results/run",
        "sagemaker_session": session,
    }


@pytest.fixture(scope="session")
def parameter(sdk):
    """Makes a pipeline parameter."""

    def make(name="Source", default="s3://bucket/in"):
        if sdk.major == 2:
            from sagemaker.workflow.parameters import ParameterString
        else:
            from sagemaker.core.workflow.parameters import ParameterString
        return ParameterString(name=name, default_value=default)

    return make


@pytest.fixture
def compiled(sdk, session):
    """Compiles steps and returns the definition."""

    def compile_steps(*steps, parameters=()):
        pipeline = sdk.pipeline("Tested", parameters, steps, session)
        return json.loads(pipeline.definition())

    return compile_steps


@pytest.fixture
def arguments(compiled):
    """Compiles one step and returns its arguments."""

    def arguments_of(step, parameters=()):
        return compiled(step, parameters=parameters)["Steps"][0]["Arguments"]

    return arguments_of


@pytest.fixture(scope="session")
def specs():
    """Specifications of a small pipeline: one of each kind of step."""
    from contracts_runtime import ScriptContract, StepSpecification, TrainingScriptContract

    def spec(**fields: Any) -> StepSpecification:
        return StepSpecification.model_validate(fields)

    def needs(name: str, kind: str, *, required: bool = True, sources: tuple[str, ...] = ()) -> Any:
        return {
            "logical_name": name,
            "dependency_type": kind,
            "required": required,
            "compatible_sources": list(sources),
        }

    def offers(name: str, kind: str, path: str) -> Any:
        return {"logical_name": name, "output_type": kind, "property_path": f"properties.{path}"}

    preprocess = spec(
        step_type="Preprocess",
        node_type="internal",
        dependencies=[
            needs("RAW", "processing_output"),
            needs("METADATA", "processing_output", required=False),
        ],
        outputs=[
            offers("FEATURES", "training_data", "ProcessingOutputConfig.Outputs['FEATURES'].S3Output.S3Uri")
        ],
        script_contract=ScriptContract(
            entry_point="preprocess.py",
            expected_input_paths={
                "RAW": "/opt/ml/processing/input/raw",
                "METADATA": "/opt/ml/processing/input/metadata",
            },
            expected_output_paths={"FEATURES": "/opt/ml/processing/output/features"},
            required_env_vars=["LABEL_FIELD"],
            optional_env_vars={"TRAIN_RATIO": "0.7"},
            expected_arguments={"job_type": "training"},
        ),
    )
    contract = TrainingScriptContract(
        entry_point="train.py",
        expected_input_paths={"FEATURES": "/opt/ml/input/data/train"},
        expected_output_paths={"MODEL": "/opt/ml/model"},
        required_env_vars=["LABEL_FIELD"],
        expected_arguments={"epochs": "10"},
    )
    train = spec(
        step_type="Train",
        node_type="internal",
        dependencies=[needs("FEATURES", "training_data", sources=("Preprocess",))],
        outputs=[offers("MODEL", "model_artifacts", "ModelArtifacts.S3ModelArtifacts")],
        script_contract=contract,
    )
    tune = spec(
        step_type="Tune",
        node_type="sink",
        dependencies=[needs("FEATURES", "training_data", sources=("Preprocess",))],
        script_contract=contract,
        sagemaker_step_type="Tuning",
    )
    model = spec(
        step_type="CreateModel",
        node_type="internal",
        dependencies=[needs("artifacts", "model_artifacts", sources=("Train",))],
        outputs=[offers("name", "custom_property", "ModelName")],
        sagemaker_step_type="Model",
    )
    transform = spec(
        step_type="Transform",
        node_type="internal",
        dependencies=[
            needs("model", "custom_property", sources=("CreateModel",)),
            needs("data", "processing_output", sources=("Preprocess",)),
        ],
        outputs=[offers("PREDICTIONS", "processing_output", "TransformOutput.S3OutputPath")],
        sagemaker_step_type="Transform",
    )
    register = spec(
        step_type="Register",
        node_type="sink",
        dependencies=[needs("artifacts", "model_artifacts", sources=("Train",))],
        sagemaker_step_type="RegisterModel",
    )
    return SimpleNamespace(
        preprocess=preprocess,
        train=train,
        tune=tune,
        model=model,
        transform=transform,
        register=register,
    )


@pytest.fixture
def configs(settings):
    """Configurations for the pipeline of these specifications, by step."""
    from contracts_runtime.builders import RegistrationConfig, StepConfig, TransformConfig, TuningConfig

    label = {"LABEL_FIELD": "y"}
    archive = "s3://code/sourcedir.tar.gz"
    return {
        "Preprocess": StepConfig("Preprocess", code="s3://code/preprocess.py", environment=label, **settings),
        "Train": StepConfig(
            "Train", code=archive, environment=label, hyperparameters={"rate": 0.1}, **settings
        ),
        "Tune": TuningConfig(
            "Tune",
            code=archive,
            environment=label,
            objective_metric="auc",
            metric_definitions={"auc": "auc=([0-9.]+)"},
            continuous_ranges={"rate": (0.01, 0.3)},
            integer_ranges={"depth": (2, 9)},
            categorical_ranges={"booster": ["gbtree", "dart"]},
            max_jobs=8,
            max_parallel_jobs=2,
            **settings,
        ),
        "CreateModel": StepConfig("CreateModel", **settings),
        "Transform": TransformConfig("Transform", content_type="text/csv", split_type="Line", **settings),
        "Register": RegistrationConfig(
            "Register",
            model_package_group_name="risk",
            inference_instances=["ml.m5.large"],
            **settings,
        ),
    }


@pytest.fixture
def builders(specs, configs):
    """A builder for each of these steps."""
    from contracts_runtime.builders import StepBuilder

    by_name = {
        "Preprocess": specs.preprocess,
        "Train": specs.train,
        "Tune": specs.tune,
        "CreateModel": specs.model,
        "Transform": specs.transform,
        "Register": specs.register,
    }
    return {name: StepBuilder(configs[name], spec) for name, spec in by_name.items()}


DAG = {
    "Preprocess": [],
    "Train": ["Preprocess"],
    "Tune": ["Preprocess"],
    "CreateModel": ["Train"],
    "Transform": ["CreateModel", "Preprocess"],
    "Register": ["Train", "Transform"],
}


@pytest.fixture
def assembler(specs, configs, session):
    """The pipeline of all of them."""
    from contracts_runtime import SpecificationRegistry
    from contracts_runtime.builders import PipelineAssembler

    registry = SpecificationRegistry("tested")
    for name, spec in zip(configs, vars(specs).values(), strict=True):
        registry.register(name, spec)

    def make(dag=None, **options):
        options.setdefault(
            "sources", {"Preprocess": {"RAW": "s3://bucket/raw"}, "Transform": {"data": "s3://b/d"}}
        )
        options.setdefault("configs", configs)
        return PipelineAssembler(dag or DAG, registry, sagemaker_session=session, **options)

    return make
