"""References to what another step will produce, which exist only when the pipeline runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Tuple, Union

from contracts_runtime.problems import quoted
from contracts_runtime.property_paths import Member, Part, Subscript, expected_path, parse_path, render_path
from contracts_runtime.specifications import OutputSpec

ARCHIVE_SUFFIX = ".tar.gz"
"""What the name of a model archive ends with (API, ``ContainerDefinition.ModelDataUrl``: "a single gzip compressed
tar archive (.tar.gz suffix)")."""

# Properties that a definition refers to by another path (SageMaker SDK 2.257.7, workflow/lambda_step.py,
# callback_step.py, notebook_job_step.py). Each name belongs to these kinds of step alone.
_RENDERED: Mapping[str, str] = {
    "Outputs": "OutputParameters",
    "ComputingJobName": "TrainingJobName",
    "ComputingJobStatus": "TrainingJobStatus",
    "InputNotebookName": "Environment['SM_INPUT_NOTEBOOK_NAME']",
    "NotebookJobInputLocation": "InputDataConfig[0].DataSource.S3DataSource.S3Uri",
    "NotebookJobOutputLocationPrefix": "OutputDataConfig.S3OutputPath",
    "OutputNotebookName": "Environment['SM_OUTPUT_NOTEBOOK_NAME']",
}


@dataclass(frozen=True)
class PropertyReference:
    """An output of a step of a pipeline, before the pipeline runs.

    Its value has no text that could be tested for a suffix or joined with a file name. Raises ``ValueError`` for an
    empty step name and for an output without a property path that could be followed.
    """

    step_name: str
    output_spec: OutputSpec

    def __post_init__(self) -> None:
        if not self.step_name.strip():
            raise ValueError("a property reference needs the name of its step")
        self._parts  # noqa: B018 - raises what is wrong with the path

    @classmethod
    def to_output(cls, step_name: str, output_spec: OutputSpec, kind: str) -> PropertyReference:
        """Return the reference to an output of a step of this kind, at its usual path if it has none.

        Raises ``ValueError`` if that cannot be told; see
        :func:`contracts_runtime.property_paths.expected_path`.
        """
        if not output_spec.property_path:
            path = expected_path(output_spec.logical_name, output_spec.output_type.value, kind)
            output_spec = output_spec.model_copy(update={"property_path": path or ""})
        return cls(step_name, output_spec)

    @property
    def property_path(self) -> str:
        """Where the value is found, beginning with ``properties.``."""
        return f"properties.{render_path(self._parts)}"

    def to_sagemaker_property(self) -> Dict[str, str]:
        """Return the reference as a pipeline definition writes it: ``{"Get": "Steps.<step>.<path>"}``."""
        first, *rest = self._parts
        head = _RENDERED.get(render_path([first]))
        path = render_path(self._parts) if head is None else head + "".join(map(str, rest))
        return {"Get": f"Steps.{self.step_name}.{path}"}

    def to_runtime_property(self, steps: Any) -> Any:
        """Return the SDK's own property object, taken from the step's ``properties``.

        ``steps`` is the SDK's step, or a mapping of steps by name. Raises ``ValueError`` if the step is not
        there or its properties do not have the path.
        """
        step = steps
        if isinstance(steps, Mapping):
            if self.step_name not in steps:
                known = ", ".join(map(repr, steps)) or "none"
                raise ValueError(f"there is no step {quoted(self.step_name)}; the steps are {known}")
            step = steps[self.step_name]
        value = step.properties
        for part in self._parts:
            try:
                value = _take(value, part)
            except (AttributeError, IndexError, KeyError, TypeError) as error:
                raise ValueError(
                    f"the step {quoted(self.step_name)}, a {type(step).__name__}, has no property"
                    f" {quoted(self.property_path)}: there is no '{part}'; correct the property path of the output"
                    f" {quoted(self.output_spec.logical_name)}"
                ) from error
        return value

    @property
    def _parts(self) -> Tuple[Part, ...]:
        path = self.output_spec.property_path
        where = f"the output {quoted(self.output_spec.logical_name)} of the step {quoted(self.step_name)}"
        if not path:
            raise ValueError(f"{where} has no property path; give it one, or name the kind of step")
        try:
            return parse_path(path)
        except ValueError as error:
            raise ValueError(f"{where} has the property path {quoted(path)}: {error}") from error

    def __str__(self) -> str:
        return f"{self.step_name}.{self.output_spec.logical_name}"


def _take(value: Any, part: Part) -> Any:
    if isinstance(part, Subscript):
        return value[part.key]
    if part == Member("OutputParameters") and not hasattr(value, part.name):
        return value.Outputs  # as the SDK calls what a definition calls OutputParameters
    return getattr(value, part.name)


Source = Union[str, "os.PathLike[str]", PropertyReference, Mapping[str, object], object]


def accepts_archive(value: Source) -> bool:
    """Whether an input that must be a ``.tar.gz`` archive can take this value.

    A literal URI or path is accepted if it ends in ``.tar.gz``. What gets its value only when the pipeline runs has no
    text yet and is accepted: a :class:`PropertyReference`, a pipeline variable of the SDK (v2 or v3), and both
    as a definition writes them, such as ``{"Get": …}``. Of a join of such values the literal end is tested.
    Raises ``TypeError`` for anything else.
    """
    if isinstance(value, PropertyReference):
        return True
    expression = getattr(value, "expr", None)
    if isinstance(expression, Mapping):
        return _accepts_expression(expression)
    if isinstance(value, Mapping):
        return _accepts_expression(value)
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value).endswith(ARCHIVE_SUFFIX)
    raise TypeError(
        f"{quoted(value)} is neither a URI nor a pipeline variable, so that nobody can tell whether it is an archive"
    )


def _accepts_expression(expression: Mapping[Any, Any]) -> bool:
    """Judge an expression of a definition: ``{"Get": …}`` or ``{"Std:Join": {"On": …, "Values": […]}}``."""
    if len(expression) != 1:
        raise TypeError(f"{quoted(dict(expression))} is no expression of a pipeline definition")
    [(function, arguments)] = expression.items()
    values = arguments.get("Values") if isinstance(arguments, Mapping) else None
    if function != "Std:Join" or not isinstance(values, (list, tuple)) or not values:
        return True
    end = values[-1]
    if isinstance(end, str) and len(end) >= len(ARCHIVE_SUFFIX):
        return end.endswith(ARCHIVE_SUFFIX)
    if isinstance(end, str):
        return ARCHIVE_SUFFIX.endswith(end)
    return accepts_archive(end)
