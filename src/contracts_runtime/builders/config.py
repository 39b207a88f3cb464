"""What a step needs to know besides its specification and contract: where and on what it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence


@dataclass(frozen=True)
class StepConfig:
    """The settings of a step. The builders read attributes: any object that has them will do.

    Wherever a string is expected, so is a pipeline parameter or function of the SDK.
    """

    step_name: str
    """The step's name in the pipeline: at most 64 letters, digits, ``-`` and ``_``."""
    role: Any = None
    """ARN of the IAM role that the job runs as."""
    image_uri: Any = None
    """The container image."""
    instance_type: Any = "ml.m5.xlarge"
    """The kind of machine."""
    instance_count: Any = 1
    """The number of machines."""
    volume_size_gb: Any = 30
    """The size of each machine's volume, in gigabytes."""
    max_runtime_seconds: Any = None
    """After how many seconds the job is stopped; by default the service's own limit."""
    output_location: Any = None
    """The S3 prefix below which the step writes, at ``<output_location>/<step_name>/<logical_name>``."""
    code: Any = None
    """The script, or the directory that holds it as the contract's ``entry_point``: an S3 URI or a local path, which is
    uploaded when the pipeline is compiled. A training job takes a directory, or an S3 URI of a ``.tar.gz``."""
    command: Sequence[str] = ("python3",)
    """What runs the script of a processing job."""
    job_type: str | None = None
    """"training", "validation", "testing" or "calibration": selects the step's specification."""
    environment: Mapping[str, Any] = field(default_factory=dict)
    """Values of the contract's environment variables. One that is not here is taken from the attribute of the same
    name in lower case, if there is one, else from the contract's default."""
    extra_environment: Mapping[str, Any] = field(default_factory=dict)
    """Variables that no script reads itself, such as those of libraries; passed on unchecked."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """Values of the contract's arguments, where they differ from the contract's own."""
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)
    """Further hyperparameters of a training job."""
    channels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The channels of an input whose path is ``/opt/ml/input/data`` itself, by logical name. Each becomes a channel
    that gets the folder of its name below the input's source."""
    folders: Mapping[str, str] = field(default_factory=dict)
    """The folder below its source that an input gets, by logical name, such as "train" of an output that holds one
    folder per split."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """The logical name of the dependency that is the "model_data", "model_name", "data" or "payload" of a step
    without a script, where its name or type does not say it."""
    sagemaker_session: Any = None
    """A pipeline session; by default a new one."""
    request: Mapping[str, Any] = field(default_factory=dict)
    """Anything else that the service's Create request takes, merged into it last: VPC, tags, encryption, …"""
    step_options: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments of the SDK's step: ``cache_config``, ``retry_policies``, ``property_files``, …"""


@dataclass(frozen=True)
class TransformConfig(StepConfig):
    """The settings of a batch transform step."""

    content_type: Any = None
    """MIME type of the data."""
    accept: Any = None
    """MIME type of the results."""
    split_type: Any = None
    """How the data is split: "Line", "RecordIO", "TFRecord" or "None"."""
    assemble_with: Any = None
    """How results are put together: "Line" or "None"."""
    strategy: Any = None
    """"MultiRecord" or "SingleRecord"."""


@dataclass(frozen=True)
class TuningConfig(StepConfig):
    """The settings of a hyperparameter tuning step. Ranges are those of the API, by name."""

    objective_metric: Any = None
    """The metric's name."""
    objective_type: Any = "Maximize"
    """"Maximize" or "Minimize"."""
    metric_definitions: Mapping[str, str] = field(default_factory=dict)
    """The regular expression that finds each metric in the log."""
    continuous_ranges: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    """Smallest and greatest value of real hyperparameters."""
    integer_ranges: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    """Smallest and greatest value of integer hyperparameters."""
    categorical_ranges: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """The values of hyperparameters that are none of both."""
    strategy: Any = "Bayesian"
    """"Bayesian", "Random", "Hyperband" or "Grid"."""
    max_jobs: Any = 1
    """The number of training jobs."""
    max_parallel_jobs: Any = 1
    """The number of training jobs at a time."""


@dataclass(frozen=True)
class RegistrationConfig(StepConfig):
    """The settings of a step that registers a model package."""

    model_package_group_name: Any = None
    """The group that the package becomes a version of."""
    content_types: Sequence[Any] = ("text/csv",)
    """MIME types that the model takes."""
    response_types: Sequence[Any] = ("text/csv",)
    """MIME types that the model returns."""
    inference_instances: Sequence[Any] = ()
    """Kinds of machines that an endpoint may run on."""
    transform_instances: Sequence[Any] = ()
    """Kinds of machines that a batch transform may run on."""
    approval_status: Any = "PendingManualApproval"
    """"Approved", "Rejected" or "PendingManualApproval"."""
