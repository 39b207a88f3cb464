"""What the step builders need of a SageMaker SDK; v2 and v3 each add what they do differently."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Sequence

from contracts_runtime.builders.producer import Producer

Request = Callable[[], "dict[str, Any]"]
"""Makes the arguments of a step: what the service's Create request takes."""


@dataclass(frozen=True)
class SdkClasses:
    """Classes that both SDKs have, in different modules. They are ``Any``: no SDK is there where types are checked."""

    variable: Any
    """``PipelineVariable``: what is known only when the pipeline runs."""
    parameter: Any
    string: Any
    """``ParameterTypeEnum.STRING``."""
    join: Any
    session: Any
    """``PipelineSession``, which records jobs instead of starting them."""
    offline_session: Any
    boto3: Any
    step_arguments: Any
    job_steps: Mapping[str, tuple[Any, str]]
    """The class of each kind of step that runs a job, and the name by which it knows who made its arguments."""
    pipeline: Any


class Sdk(ABC):
    """One major version of the SDK."""

    major: int

    def __init__(self, classes: SdkClasses) -> None:
        self.classes = classes

    # --- values ---

    def is_variable(self, value: object) -> bool:
        """Whether the value is known only when the pipeline runs: a parameter, a property, a function."""
        return isinstance(value, self.classes.variable)

    def as_text(self, variable: Any) -> Any:
        """Return a pipeline variable whose value is a string."""
        is_parameter = isinstance(variable, self.classes.parameter)
        is_number = is_parameter and variable.parameter_type != self.classes.string
        return variable.to_string() if is_number else variable

    def join(self, values: Sequence[Any]) -> Any:
        """Return the values joined by slashes when the pipeline runs.

        What is joined by slashes itself becomes part of it: the values of a ``Std:Join`` are texts and references
        (schema of pipeline definitions, ``JoinFunction``).
        """
        parts: list[Any] = []
        for value in values:
            is_joined = isinstance(value, self.classes.join) and value.on == "/"
            parts += value.values if is_joined else [value]
        return self.classes.join(on="/", values=parts)

    # --- sessions ---

    def is_session(self, value: object) -> bool:
        """Whether the value is a session for pipelines."""
        return isinstance(value, self.classes.session)

    def session(self) -> Any:
        """Return a new session for pipelines."""
        return self.classes.session()

    def offline_session(self, region: str, bucket: str) -> Any:
        """Return a session for pipelines that never calls AWS."""
        from contracts_runtime.builders.offline import local_boto_session

        return self.classes.offline_session(
            boto_session=local_boto_session(self.classes.boto3, region),
            default_bucket=bucket,
            sagemaker_config={"SchemaVersion": "1.0"},  # read no configuration files
        )

    # --- inputs and outputs ---

    @abstractmethod
    def processing_input(self, name: str, source: Any, path: str) -> Any:
        """Return the SDK's ``ProcessingInput``."""

    @abstractmethod
    def processing_output(self, name: str, path: str, destination: Any) -> Any:
        """Return the SDK's ``ProcessingOutput``."""

    @abstractmethod
    def training_inputs(self, channels: Mapping[str, Any]) -> Any:
        """Return what the SDK's training jobs take as their inputs."""

    # --- steps ---

    def step(self, kind: str, name: str, request: Request, session: Any, options: Mapping[str, Any]) -> Any:
        """Return the SDK's step of a kind, as named in a pipeline definition."""
        if kind not in self.classes.job_steps:
            return self.model_step(kind, name, request, session, options)
        step_class, caller = self.classes.job_steps[kind]
        arguments = self.classes.step_arguments(caller, Producer.record, Producer(session, caller, request))
        with self.surroundings(session):
            return step_class(name=name, step_args=arguments, **options)

    @abstractmethod
    def model_step(
        self, kind: str, name: str, request: Request, session: Any, options: Mapping[str, Any]
    ) -> Any:
        """Return the step that creates or registers a model."""

    def surroundings(self, session: Any) -> AbstractContextManager[None]:
        """Return what must hold while a step is made."""
        return nullcontext()

    def pipeline(self, name: str, parameters: Sequence[Any], steps: Sequence[Any], session: Any) -> Any:
        """Return the SDK's ``Pipeline``."""
        return self.classes.pipeline(
            name=name, parameters=list(parameters), steps=list(steps), sagemaker_session=session
        )
