"""What SageMaker provides and allows: the limits of its API, and all other platform facts to import.

Facts about the API were read from the service model of botocore 1.44.5
(``sagemaker/2017-07-24/service-2.json``).
"""

from __future__ import annotations

from typing import NamedTuple

from contracts_runtime.container_paths import is_at_or_below, is_below, names_a_file, normalise
from contracts_runtime.platform_paths import (
    CHANNEL_ROOT,
    CHECKPOINT_DIRECTORY,
    CODE_DIRECTORY,
    CONTAINER_ROOT,
    KINDS,
    MODEL_DIRECTORY,
    OUTPUT_DATA_DIRECTORY,
    PLATFORM_PATHS,
    PROCESSING,
    PROCESSING_ROOT,
    TRAINING,
    PlatformPath,
    find_platform_path,
    is_platform_file,
    is_platform_path,
)
from contracts_runtime.platform_variables import (
    PLATFORM_VARIABLES,
    PlatformVariable,
    find_platform_variable,
    is_platform_variable,
    is_training_only_variable,
    path_of_variable,
)

__all__ = [
    "CHANNEL_NAME_PATTERN",
    "CHANNEL_ROOT",
    "CHECKPOINT_DIRECTORY",
    "CODE_DIRECTORY",
    "CONTAINER_ROOT",
    "ENVIRONMENT_NAME_PATTERN",
    "KINDS",
    "LIMITS",
    "MODEL_DIRECTORY",
    "OUTPUT_DATA_DIRECTORY",
    "PLATFORM_PATHS",
    "PLATFORM_VARIABLES",
    "PROCESSING",
    "PROCESSING_ROOT",
    "TRAINING",
    "JobLimits",
    "Limit",
    "PlatformPath",
    "PlatformVariable",
    "find_platform_path",
    "find_platform_variable",
    "is_at_or_below",
    "is_below",
    "is_platform_file",
    "is_platform_path",
    "is_platform_variable",
    "is_training_only_variable",
    "names_a_file",
    "normalise",
    "path_of_variable",
]

CHANNEL_NAME_PATTERN = r"[A-Za-z0-9.\-_]{1,64}"
"""What a training channel may be called (API, shape ``ChannelName``)."""
ENVIRONMENT_NAME_PATTERN = r"[a-zA-Z_][a-zA-Z0-9_]*"
"""What an environment variable may be called (API, shapes ``ProcessingEnvironmentKey``,
``TrainingEnvironmentKey``)."""


class Limit(NamedTuple):
    """The greatest number, or length in characters, that the API accepts, and the shape that says so."""

    value: int
    source: str


class JobLimits(NamedTuple):
    """The limits of one kind of job; ``None`` where the API has none."""

    inputs: Limit
    outputs: Limit | None
    path_length: Limit
    variables: Limit
    variable_name_length: Limit
    variable_value_length: Limit
    arguments: Limit
    argument_name_length: Limit
    argument_value_length: Limit


LIMITS = {
    PROCESSING: JobLimits(
        inputs=Limit(10, "ProcessingInputs"),
        outputs=Limit(10, "ProcessingOutputs"),
        path_length=Limit(256, "ProcessingLocalPath"),
        variables=Limit(100, "ProcessingEnvironmentMap"),
        variable_name_length=Limit(256, "ProcessingEnvironmentKey"),
        variable_value_length=Limit(256, "ProcessingEnvironmentValue"),
        arguments=Limit(100, "ContainerArguments"),
        argument_name_length=Limit(256, "ContainerArgument"),
        argument_value_length=Limit(256, "ContainerArgument"),
    ),
    # A training script gets its arguments from the job's hyperparameters (sagemaker-training 5.1.4,
    # to_cmd_args).
    TRAINING: JobLimits(
        inputs=Limit(20, "InputDataConfig"),
        outputs=None,
        path_length=Limit(4096, "DirectoryPath"),
        variables=Limit(100, "TrainingEnvironmentMap"),
        variable_name_length=Limit(512, "TrainingEnvironmentKey"),
        variable_value_length=Limit(512, "TrainingEnvironmentValue"),
        arguments=Limit(100, "HyperParameters"),
        argument_name_length=Limit(256, "HyperParameterKey"),
        argument_value_length=Limit(2500, "HyperParameterValue"),
    ),
}
"""The limits by kind of job."""
