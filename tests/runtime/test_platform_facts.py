"""What SageMaker provides and allows."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from contracts_runtime import platform_facts as facts


@pytest.mark.parametrize(
    "path",
    [
        "/opt/ml/config/processingjobconfig.json",
        "/opt/ml/config/resourceconfig.json",
        "/opt/ml/processing/input/code",
        "/opt/ml/processing/input/code/helpers/io.py",
        "/opt/ml/processing/input/entrypoint/runproc.sh",
        "/opt/ml/processing/input/conf/configuration.json",
        "/opt/ml/processing/spark-events/",
        "/opt/ml/output/message",
    ],
)
def test_a_processing_job_is_provided_with(path: str) -> None:
    assert facts.is_platform_path(path, "processing")
    assert facts.is_platform_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "/opt/ml/input/config/hyperparameters.json",
        "/opt/ml/input",
        "/opt/ml/input/data",
        "/opt/ml/input/data/",
        "/opt/ml/code/train.py",
        "/opt/ml/model",
        "/opt/ml/model/xgboost-model",
        "/opt/ml/output/data/metrics.json",
        "/opt/ml/output/failure",
        "/opt/ml/output/intermediate",
        "/opt/ml/output/tensors/events",
        "/opt/ml/checkpoints/epoch-1",
    ],
)
def test_a_training_job_is_provided_with(path: str) -> None:
    assert facts.is_platform_path(path, "training")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        # A channel is there only if the job has it, which the contract tells.
        ("/opt/ml/input/data/train", "training"),
        ("/opt/ml/input/data/train", None),
        ("/opt/ml/processing/input/data", "processing"),
        ("/opt/ml/processing/input", "processing"),
        ("/opt/ml/processing/input/codes", "processing"),
        ("/opt/ml/output/report", "training"),
        ("/opt/ml/model", "processing"),
        ("/opt/ml/processing/input/code", "training"),
        ("/opt/ml/config/../processing/output", None),
        ("/tmp/model", None),
    ],
)
def test_the_platform_does_not_provide(path: str, kind: str | None) -> None:
    assert not facts.is_platform_path(path, kind)


def test_files_that_sagemaker_defines_are_no_directories() -> None:
    assert facts.is_platform_file("/opt/ml/output/failure")
    assert not facts.is_platform_file("/opt/ml/output/data")
    assert not facts.is_platform_file("/opt/ml/output/failure/x")


CONTAINER_VARIABLES = (
    "PATH HOME LC_ALL TMPDIR PYTHONPATH AWS_REGION SAGEMAKER_PROGRAM TRAINING_JOB_NAME SM_HP_ETA SM_CHANNEL_TRAIN RANK"
    " MASTER_ADDR NCCL_DEBUG CUDA_VISIBLE_DEVICES SPARK_HOME"
)


@pytest.mark.parametrize("name", CONTAINER_VARIABLES.split())
def test_variables_that_a_container_has_anyway(name: str) -> None:
    assert facts.is_platform_variable(name)


@pytest.mark.parametrize(
    "name", ["LABEL_FIELD", "PATHS", "MY_AWS_REGION", "path", "HOMEPAGE", "SMOKE_TEST", ""]
)
def test_variables_that_somebody_must_set(name: str) -> None:
    assert not facts.is_platform_variable(name)


@pytest.mark.parametrize(
    "name", ["SM_MODEL_DIR", "SM_CHANNEL_TRAIN", "SM_HP_ETA", "SM_NUM_GPUS", "SM_CURRENT_HOST"]
)
def test_variables_of_training_jobs_only(name: str) -> None:
    assert facts.is_training_only_variable(name)


# Images of SageMaker set SM_INPUT in every kind of job; SM_SOMETHING may be the user's own.
@pytest.mark.parametrize(
    "name", ["PATH", "AWS_REGION", "SAGEMAKER_PROGRAM", "SM_INPUT", "SM_SOMETHING", "LABEL_FIELD"]
)
def test_variables_of_any_job(name: str) -> None:
    assert not facts.is_training_only_variable(name)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("SM_MODEL_DIR", "/opt/ml/model"),
        ("SM_OUTPUT_DATA_DIR", "/opt/ml/output/data"),
        ("SM_OUTPUT_DIR", "/opt/ml/output"),
        ("SM_OUTPUT_INTERMEDIATE_DIR", "/opt/ml/output/intermediate"),
        ("SM_INPUT_DIR", "/opt/ml/input"),
        ("SM_INPUT_CONFIG_DIR", "/opt/ml/input/config"),
        ("SM_CHANNEL_TRAIN", "/opt/ml/input/data/train"),
        ("SM_CHANNEL_HOLD_OUT", "/opt/ml/input/data/hold_out"),
        ("SM_CHANNELS", None),
        ("SM_CHANNEL_", None),
        ("SM_NUM_GPUS", None),
        # A hyperparameter may be a path, but nobody knows which.
        ("SM_HP_MODEL_DIR", None),
        ("LABEL_FIELD", None),
    ],
)
def test_variables_that_stand_for_a_path(name: str, path: str | None) -> None:
    assert facts.path_of_variable(name) == path


@pytest.mark.parametrize(
    "path",
    [
        "/x/data.csv",
        "payload.tar.gz",
        "/x/part-0.snappy.parquet",
        "/x/model.PKL",
        "a.b.json",
        "/x/xgb.model",
        "/x/m.pt",
    ],
)
def test_paths_that_name_a_file(path: str) -> None:
    assert facts.names_a_file(path)


@pytest.mark.parametrize(
    "path",
    [
        "/x/v1.0",
        "/x/data.v2",
        "/x/model",
        "/x/2024.01.31",
        "/x/.json",
        "/x/data.csv/",
        "/x/csv",
        "/x/a.zarr",
        "",
        "/",
    ],
)
def test_paths_that_name_a_directory(path: str) -> None:
    assert not facts.names_a_file(path)


@pytest.mark.parametrize(
    ("path", "normal"),
    [
        ("/opt//ml/./model/", "/opt/ml/model"),
        ("//opt/ml", "/opt/ml"),
        ("/opt/ml/a/../b", "/opt/ml/b"),
        ("", "."),
    ],
)
def test_spellings_of_one_path(path: str, normal: str) -> None:
    assert facts.normalise(path) == normal


def test_below_is_decided_by_components() -> None:
    assert facts.is_at_or_below("/opt/ml/model/x", "/opt/ml/model/")
    assert facts.is_at_or_below("/opt/ml/model", "/opt/ml/model")
    assert not facts.is_at_or_below("/opt/ml/models", "/opt/ml/model")
    assert facts.is_below("/opt", "/")
    assert not facts.is_below("/opt/ml/model/", "/opt/ml/model")


def test_every_fact_has_a_source_and_stands_once() -> None:
    assert all(fact.source for fact in facts.PLATFORM_PATHS)
    assert all(fact.source for fact in facts.PLATFORM_VARIABLES)
    paths = [fact.path for fact in facts.PLATFORM_PATHS]
    names = [(fact.name, fact.is_prefix) for fact in facts.PLATFORM_VARIABLES]
    assert len(set(paths)) == len(paths)
    assert len(set(names)) == len(names)
    assert all(facts.normalise(path) == path for path in paths)


def test_limits_are_those_of_the_service_model() -> None:
    botocore = pytest.importorskip("botocore", reason="the service model to compare with comes with botocore")
    [model] = Path(botocore.__file__).parent.glob("data/sagemaker/2017-07-24/service-2.json*")
    text = gzip.decompress(model.read_bytes()) if model.suffix == ".gz" else model.read_bytes()
    shapes = json.loads(text)["shapes"]
    for limits in facts.LIMITS.values():
        for limit in limits:
            assert limit is None or shapes[limit.source]["max"] == limit.value
    assert shapes["ChannelName"]["max"] == 64
    assert shapes["ChannelName"]["pattern"].replace("\\.", ".") == r"[A-Za-z0-9.\-_]+"
    assert shapes["ProcessingEnvironmentKey"]["pattern"] == facts.ENVIRONMENT_NAME_PATTERN
    assert shapes["TrainingEnvironmentKey"]["pattern"] == facts.ENVIRONMENT_NAME_PATTERN
