"""The arguments of steps: what the service's Create requests take, without the names of jobs.

Member names are those of the service model of botocore 1.44.5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Sequence

from contracts_runtime.builders.mounts import Mount
from contracts_runtime.step_kinds import (
    MODEL_STEP,
    PROCESSING_STEP,
    REGISTER_MODEL_STEP,
    TRAINING_STEP,
    TRANSFORM_STEP,
    TUNING_STEP,
)

_ONE_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Plan:
    """Everything that a step's request is made of, checked."""

    config: Any
    environment: Mapping[str, Any] = field(default_factory=dict)
    command: Sequence[str] = ()
    arguments: Sequence[Any] = ()
    inputs: Sequence[Mount] = ()
    outputs: Sequence[Mount] = ()
    channels: Mapping[str, Any] = field(default_factory=dict)
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)
    checkpoint: Mount | None = None
    destination: Any = None
    roles: Mapping[str, Any] = field(default_factory=dict)

    def option(self, name: str, default: Any = None) -> Any:
        """Return a setting."""
        value = getattr(self.config, name, None)
        return default if value is None else value


def make_request(kind: str, plan: Plan) -> dict[str, Any]:
    """Return the arguments of a step of a kind, with what the configuration adds."""
    request = _MAKERS[kind](plan)
    return _merged(request, plan.option("request", {}))


def _processing(plan: Plan) -> dict[str, Any]:
    application: dict[str, Any] = {"ImageUri": plan.option("image_uri")}
    if plan.arguments:
        application["ContainerArguments"] = list(plan.arguments)
    if plan.command:
        application["ContainerEntrypoint"] = list(plan.command)
    request: dict[str, Any] = {
        "ProcessingResources": {"ClusterConfig": _machines(plan)},
        "AppSpecification": application,
        "RoleArn": plan.option("role"),
        "ProcessingInputs": [_processing_input(mount) for mount in plan.inputs],
    }
    if plan.outputs:
        request["ProcessingOutputConfig"] = {"Outputs": [_processing_output(mount) for mount in plan.outputs]}
    if plan.environment:
        request["Environment"] = dict(plan.environment)
    if plan.option("max_runtime_seconds") is not None:
        request["StoppingCondition"] = {"MaxRuntimeInSeconds": plan.option("max_runtime_seconds")}
    return request


def _processing_input(mount: Mount) -> dict[str, Any]:
    return {
        "InputName": mount.name,
        "AppManaged": False,
        "S3Input": {
            "S3Uri": mount.uri,
            "LocalPath": mount.path,
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
            "S3DataDistributionType": "FullyReplicated",
            "S3CompressionType": "None",
        },
    }


def _processing_output(mount: Mount) -> dict[str, Any]:
    place = {"S3Uri": mount.uri, "LocalPath": mount.path, "S3UploadMode": "EndOfJob"}
    return {"OutputName": mount.name, "AppManaged": False, "S3Output": place}


def _machines(plan: Plan) -> dict[str, Any]:
    return {
        "InstanceType": plan.option("instance_type"),
        "InstanceCount": plan.option("instance_count", 1),
        "VolumeSizeInGB": plan.option("volume_size_gb", 30),
    }


def _training(plan: Plan) -> dict[str, Any]:
    request = _training_job(plan)
    request["AlgorithmSpecification"] = {
        "TrainingImage": plan.option("image_uri"),
        "TrainingInputMode": "File",
    }
    if plan.hyperparameters:
        request["HyperParameters"] = dict(plan.hyperparameters)
    return request


def _training_job(plan: Plan) -> dict[str, Any]:
    """Return what training jobs have in common with those that a tuning job starts."""
    request: dict[str, Any] = {
        "RoleArn": plan.option("role"),
        "OutputDataConfig": {"S3OutputPath": plan.destination},
        "ResourceConfig": _machines(plan),
        # The API wants one; the SDK's default (2.257.7, estimator.py: max_run).
        "StoppingCondition": {"MaxRuntimeInSeconds": plan.option("max_runtime_seconds", _ONE_DAY)},
    }
    if plan.channels:
        request["InputDataConfig"] = [_channel(name, uri) for name, uri in plan.channels.items()]
    if plan.checkpoint is not None:
        request["CheckpointConfig"] = {"S3Uri": plan.checkpoint.uri, "LocalPath": plan.checkpoint.path}
    if plan.environment:
        request["Environment"] = dict(plan.environment)
    return request


def _channel(name: str, uri: Any) -> dict[str, Any]:
    place = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": place}, "InputMode": "File"}


def _tuning(plan: Plan) -> dict[str, Any]:
    job = _training_job(plan)
    job["StaticHyperParameters"] = dict(plan.hyperparameters)
    job["AlgorithmSpecification"] = {
        "TrainingImage": plan.option("image_uri"),
        "TrainingInputMode": "File",
        "MetricDefinitions": [
            {"Name": name, "Regex": regex} for name, regex in plan.option("metric_definitions", {}).items()
        ],
    }
    ranges = {
        "IntegerParameterRanges": _ranges(plan.option("integer_ranges", {})),
        "ContinuousParameterRanges": _ranges(plan.option("continuous_ranges", {})),
        "CategoricalParameterRanges": [
            {"Name": name, "Values": [_value(each) for each in values]}
            for name, values in plan.option("categorical_ranges", {}).items()
        ],
    }
    limits = {
        "MaxNumberOfTrainingJobs": plan.option("max_jobs", 1),
        "MaxParallelTrainingJobs": plan.option("max_parallel_jobs", 1),
    }
    settings = {
        "Strategy": plan.option("strategy", "Bayesian"),
        "HyperParameterTuningJobObjective": {
            "Type": plan.option("objective_type", "Maximize"),
            "MetricName": plan.option("objective_metric"),
        },
        "ResourceLimits": limits,
        "ParameterRanges": ranges,
        "TrainingJobEarlyStoppingType": "Off",
    }
    return {"HyperParameterTuningJobConfig": settings, "TrainingJobDefinition": job}


def _ranges(ranges: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"Name": name, "MinValue": _value(low), "MaxValue": _value(high), "ScalingType": "Auto"}
        for name, (low, high) in ranges.items()
    ]


def _value(value: Any) -> Any:
    """Return a number as the API takes it in a range: as text."""
    return str(value) if isinstance(value, (int, float)) else value


def _transform(plan: Plan) -> dict[str, Any]:
    data: dict[str, Any] = {
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": plan.roles["data"]}},
        **_present(ContentType=plan.option("content_type"), SplitType=plan.option("split_type")),
    }
    request: dict[str, Any] = {
        "ModelName": plan.roles["model_name"],
        "TransformInput": data,
        "TransformOutput": {
            "S3OutputPath": plan.destination,
            **_present(Accept=plan.option("accept"), AssembleWith=plan.option("assemble_with")),
        },
        "TransformResources": {
            "InstanceCount": plan.option("instance_count", 1),
            "InstanceType": plan.option("instance_type"),
        },
        **_present(BatchStrategy=plan.option("strategy")),
    }
    if plan.environment:
        request["Environment"] = dict(plan.environment)
    return request


def _model(plan: Plan) -> dict[str, Any]:
    return {"ExecutionRoleArn": plan.option("role"), "PrimaryContainer": _container(plan)}


def _container(plan: Plan) -> dict[str, Any]:
    return {
        "Image": plan.option("image_uri"),
        "Environment": dict(plan.environment),
        "ModelDataUrl": plan.roles["model_data"],
    }


def _registration(plan: Plan) -> dict[str, Any]:
    inference: dict[str, Any] = {
        "Containers": [_container(plan)],
        "SupportedContentTypes": list(plan.option("content_types", ())),
        "SupportedResponseMIMETypes": list(plan.option("response_types", ())),
    }
    if plan.option("inference_instances"):
        inference["SupportedRealtimeInferenceInstanceTypes"] = list(plan.option("inference_instances"))
    if plan.option("transform_instances"):
        inference["SupportedTransformInstanceTypes"] = list(plan.option("transform_instances"))
    return {
        "ModelPackageGroupName": plan.option("model_package_group_name"),
        "InferenceSpecification": inference,
        "ModelApprovalStatus": plan.option("approval_status", "PendingManualApproval"),
        **_present(SamplePayloadUrl=plan.roles.get("payload")),
    }


def _present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _merged(request: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request with more members; structures are merged, everything else is replaced."""
    merged = dict(request)
    for name, value in more.items():
        known = merged.get(name)
        both = isinstance(known, dict) and isinstance(value, Mapping)
        merged[name] = _merged(known, value) if both else value  # type: ignore[arg-type] # known is a dict
    return merged


_MAKERS: Mapping[str, Callable[[Plan], dict[str, Any]]] = {
    PROCESSING_STEP: _processing,
    TRAINING_STEP: _training,
    TUNING_STEP: _tuning,
    TRANSFORM_STEP: _transform,
    MODEL_STEP: _model,
    REGISTER_MODEL_STEP: _registration,
}
SUPPORTED_KINDS = tuple(_MAKERS)
"""The kinds of step that can be built."""
