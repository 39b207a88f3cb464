"""What the API accepts of each kind of step, checked before anything is sent.

Read from the service model of botocore 1.44.5 (``sagemaker/2017-07-24/service-2.json``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Iterable, Iterator, Mapping, Sequence

from contracts_runtime.builders.sdk import Sdk
from contracts_runtime.platform_facts import ENVIRONMENT_NAME_PATTERN, LIMITS, PROCESSING, TRAINING, Limit
from contracts_runtime.problems import quoted, type_name
from contracts_runtime.step_kinds import (
    MODEL_STEP,
    PROCESSING_STEP,
    REGISTER_MODEL_STEP,
    TRAINING_STEP,
    TRANSFORM_STEP,
    TUNING_STEP,
)

S3_URI_LENGTH = Limit(1024, "S3Uri")
ENTRYPOINT_LENGTH = Limit(256, "ContainerEntrypointString")

_STEP_NAME = re.compile(r"[A-Za-z0-9\-_]{1,64}")


@dataclass(frozen=True)
class VariableLimits:
    """The limits of a kind's environment map."""

    variables: Limit
    name_length: Limit
    value_length: Limit


_PROCESSING, _TRAINING = LIMITS[PROCESSING], LIMITS[TRAINING]
_CONTAINER = VariableLimits(
    Limit(100, "EnvironmentMap"), Limit(1024, "EnvironmentKey"), Limit(1024, "EnvironmentValue")
)
VARIABLE_LIMITS = {
    PROCESSING_STEP: VariableLimits(
        _PROCESSING.variables, _PROCESSING.variable_name_length, _PROCESSING.variable_value_length
    ),
    TRAINING_STEP: VariableLimits(
        _TRAINING.variables, _TRAINING.variable_name_length, _TRAINING.variable_value_length
    ),
    TUNING_STEP: VariableLimits(
        Limit(48, "HyperParameterTrainingJobEnvironmentMap"),
        Limit(512, "HyperParameterTrainingJobEnvironmentKey"),
        Limit(512, "HyperParameterTrainingJobEnvironmentValue"),
    ),
    TRANSFORM_STEP: VariableLimits(
        Limit(16, "TransformEnvironmentMap"),
        Limit(1024, "TransformEnvironmentKey"),
        Limit(10240, "TransformEnvironmentValue"),
    ),
    MODEL_STEP: _CONTAINER,
    REGISTER_MODEL_STEP: _CONTAINER,
}
"""The limits by kind of step."""


def check_step_name(name: object) -> Iterator[str]:
    """Yield what is wrong with a step's name (pipeline definition, schema 2020-12-01: ``StepName``)."""
    if not isinstance(name, str) or not _STEP_NAME.fullmatch(name):
        yield (
            f"step_name {quoted(name)} is no name of a step: a pipeline definition takes 1 to 64 letters, digits,"
            " '-' and '_'; rename the step"
        )


def check_number(what: str, items: Sequence[object] | Mapping[str, object], limit: Limit) -> Iterator[str]:
    """Yield a problem if there are more items than the API takes."""
    if len(items) > limit.value:
        yield f"{len(items)} {what}, but the API takes at most {limit.value} ({limit.source}); remove some"


def check_length(what: str, text: object, limit: Limit) -> Iterator[str]:
    """Yield a problem for a text that is longer than the API takes; the value of a variable is not known."""
    if isinstance(text, str) and len(text) > limit.value:
        yield (
            f"{what} has {len(text)} characters, but the API takes at most {limit.value} ({limit.source});"
            " shorten it"
        )


def check_environment(environment: Mapping[str, Any], limits: VariableLimits) -> Iterator[str]:
    """Yield where an environment is not what the API takes."""
    yield from check_number("environment variables", environment, limits.variables)
    for name, value in environment.items():
        if not re.fullmatch(ENVIRONMENT_NAME_PATTERN, name):
            yield f"environment variable {quoted(name)}: the API takes letters, digits and '_' only; rename it"
        yield from check_length(f"environment variable {quoted(name)}", name, limits.name_length)
        yield from check_length(f"the value of {quoted(name)}", value, limits.value_length)


def check_arguments(arguments: Sequence[Any]) -> Iterator[str]:
    """Yield where a processing job's arguments are not what the API takes."""
    yield from check_number("container arguments", arguments, _PROCESSING.arguments)
    for argument in arguments:
        yield from check_length(
            f"the argument {quoted(argument)}" if isinstance(argument, str) else "an argument",
            argument,
            _PROCESSING.argument_value_length,
        )


def check_hyperparameters(hyperparameters: Mapping[str, Any]) -> Iterator[str]:
    """Yield where a training job's hyperparameters are not what the API takes."""
    yield from check_number("hyperparameters", hyperparameters, _TRAINING.arguments)
    for name, value in hyperparameters.items():
        yield from check_length(f"hyperparameter {quoted(name)}", name, _TRAINING.argument_name_length)
        yield from check_length(
            f"the value of hyperparameter {quoted(name)}", value, _TRAINING.argument_value_length
        )


def as_text(sdk: Sdk, value: object) -> Any:
    """Return a value as the API takes it: a string, or a pipeline variable that becomes one.

    Booleans become "true" and "false". Raises ``TypeError`` for what is neither text, number, boolean nor pipeline
    variable.
    """
    if sdk.is_variable(value):
        return sdk.as_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise TypeError(
        f"{quoted(value)} is {type_name(value)}; give a string, a number, a boolean or a pipeline variable"
    )


def each_text(sdk: Sdk, what: str, values: Mapping[str, object], problems: list[str]) -> dict[str, Any]:
    """Return the values as :func:`as_text` does, and add a problem for each that cannot be one."""
    texts: dict[str, Any] = {}
    for name, value in values.items():
        try:
            texts[name] = as_text(sdk, value)
        except TypeError as error:
            problems.append(f"{what} {quoted(name)}: {error}")
    return texts


def listed(names: Iterable[str]) -> str:
    """Return names as a message shows them."""
    return ", ".join(map(repr, names)) or "none"
