"""What the steps of a definition tell the scripts that they run, and where they mount what.

Members are those of the service's Create requests (botocore 1.44.5); what an SDK adds by itself is marked with the
source.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from contracts_runtime.platform_paths import (
    CHANNEL_ROOT,
    CHECKPOINT_DIRECTORY,
    MODEL_DIRECTORY,
    OUTPUT_DATA_DIRECTORY,
)
from contracts_runtime.step_kinds import PROCESSING_STEP, TRAINING_STEP, TUNING_STEP
from flake8_contracts.catalog.documents import DataNode, MappingNode, ScalarNode, SequenceNode
from flake8_contracts.catalog.model import JobKind
from flake8_contracts.definitions.document import (
    Step,
    at,
    is_reference,
    items,
    references_in,
    step_of,
    text,
    text_at,
)
from flake8_contracts.findings import Span

# Hyperparameters that the SDK itself adds: names in sagemaker 2.257.7, model.py and estimator.py (``sagemaker_…``),
# tuner.py (``_tuning_objective_metric``).
_OWN_HYPERPARAMETERS = ("sagemaker_", "_tuning_")
# Channels that the SDK v3 adds (sagemaker-train 1.27.0, constants.py).
_OWN_CHANNELS = frozenset({"code", "sm_code", "sm_drivers", "recipe"})


@dataclass(frozen=True)
class Mount:
    """An input or output of a job; ``name``, ``path`` and ``uri`` are ``None`` where they are not known.

    ``source`` is the reference to another step that the place in S3 is made of, such as ``Steps.Train.ModelName``.
    """

    name: str | None
    path: str | None
    uri: str | None
    span: Span
    path_span: Span
    uri_span: Span
    source: str | None = None


@dataclass(frozen=True)
class Value:
    """A value that a script gets; ``text`` is ``None`` where it is known only when the pipeline runs."""

    text: str | None
    span: Span


@dataclass(frozen=True)
class Job:
    """What one step runs.

    ``script`` is the path of the script in the container, or below its code; ``None`` where the step does not say it.
    ``argument_count`` is the number of words of the command line, or of hyperparameters. What ``open`` names ("inputs",
    "outputs", "environment", "arguments") may have more than is listed.
    """

    step: Step
    kind: JobKind
    script: str | None
    inputs: tuple[Mount, ...] = ()
    outputs: tuple[Mount, ...] = ()
    environment: Mapping[str, Value] = field(default_factory=dict)
    arguments: Mapping[str, Value] = field(default_factory=dict)
    argument_count: int = 0
    open: frozenset[str] = frozenset()


def jobs_of(step: Step) -> Iterator[Job]:
    """Yield the jobs with a script of its own that a step runs: one, or several of a tuning step."""
    if step.kind == PROCESSING_STEP:
        yield _processing(step)
    elif step.kind == TRAINING_STEP:
        yield _training(step, step.arguments, "HyperParameters")
    elif step.kind == TUNING_STEP:
        definitions = [
            at(step.arguments, "TrainingJobDefinition"),
            *items(step.arguments, "TrainingJobDefinitions"),
        ]
        for definition in definitions:
            if isinstance(definition, MappingNode):
                yield _training(step, definition, "StaticHyperParameters")


# --- processing ---


def _processing(step: Step) -> Job:
    arguments = step.arguments
    container = at(arguments, "AppSpecification", "ContainerEntrypoint")
    line = at(arguments, "AppSpecification", "ContainerArguments")
    inputs = [_mount(node, "InputName", "S3Input") for node in items(arguments, "ProcessingInputs")]
    outputs = [
        _mount(node, "OutputName", "S3Output")
        for node in items(arguments, "ProcessingOutputConfig", "Outputs")
    ]
    script, rest = _command(items(container), items(line))
    given, is_open = _parsed(rest)
    unknown = {
        "inputs": _is_no_list(at(arguments, "ProcessingInputs")) or any(each.path is None for each in inputs),
        "outputs": _is_no_list(at(arguments, "ProcessingOutputConfig", "Outputs"))
        or any(each.path is None for each in outputs),
        "environment": _is_no_mapping(at(arguments, "Environment")),
        "arguments": is_open or _is_no_list(line) or _is_no_list(container),
    }
    return Job(
        step,
        "processing",
        script,
        tuple(inputs),
        tuple(outputs),
        _values(at(arguments, "Environment")),
        given,
        len(list(items(line))),
        frozenset(name for name, is_unknown in unknown.items() if is_unknown),
    )


def _mount(node: DataNode, name: str, place: str) -> Mount:
    where = at(node, place)
    # Data sets of Athena, Redshift and the Feature Store have their path elsewhere.
    path = at(where, "LocalPath") or at(node, "DatasetDefinition", "LocalPath")
    uri = at(where, "S3Uri")
    named = at(node, name)
    return Mount(
        text(named),
        text(path),
        text(uri),
        (node if named is None else named).span,
        (node if path is None else path).span,
        (node if uri is None else uri).span,
        _source(uri),
    )


def _source(uri: DataNode | None) -> str | None:
    found = [] if uri is None else [taken for _, taken in references_in(uri) if step_of(taken)]
    return found[0] if len(found) == 1 else None


def _command(container: Iterator[DataNode], line: Iterator[DataNode]) -> tuple[str | None, list[DataNode]]:
    """Return the script that a command runs, and what the script gets on its command line."""
    words = [*container, *line]
    for position, node in enumerate(words):
        word = text(node)
        if word is None:
            return None, words[position:]
        # "python3 script.py --flag", also in one word for a shell.
        for part in word.split():
            if part.endswith(".py") and not part.startswith("-"):
                return posixpath.normpath(part), words[position + 1 :]
    return None, words


def _parsed(words: list[DataNode]) -> tuple[dict[str, Value], bool]:
    """Return the options of a command line, and whether there may be more than can be told."""
    found: dict[str, Value] = {}
    is_open = False
    position = 0
    while position < len(words):
        node = words[position]
        word = text(node)
        position += 1
        if word is None or not word.startswith("-"):
            is_open = True  # a positional argument, or something that only the pipeline knows
            continue
        name, equals, value = word.partition("=")
        following = words[position] if position < len(words) else None
        if equals:
            found[name.lstrip("-")] = Value(value, node.span)
        elif following is None or (text(following) or "").startswith("--"):
            found[name.lstrip("-")] = Value("", node.span)
        else:
            found[name.lstrip("-")] = Value(text(following), node.span)
            position += 1
    return found, is_open


# --- training ---


def _training(step: Step, node: MappingNode, hyperparameters: str) -> Job:
    environment = at(node, "Environment") or at(step.arguments, "Environment")
    parameters = at(node, hyperparameters)
    values = _values(parameters)
    tuned = {
        name: Value(None, each.span)
        for ranges in _ranges(step, node)
        for kind in ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges")
        for each in items(ranges, kind)
        if (name := text_at(each, "Name"))
    }
    given = {
        name: _decoded(value) for name, value in values.items() if not name.startswith(_OWN_HYPERPARAMETERS)
    }
    program = values.get("sagemaker_program")
    unknown = {
        "inputs": _is_no_list(at(node, "InputDataConfig")),
        "environment": _is_no_mapping(environment),
        "arguments": _is_no_mapping(parameters),
    }
    channels = [_channel(each) for each in items(node, "InputDataConfig")]
    return Job(
        step,
        "training",
        None if program is None else _decoded(program).text,
        tuple(channel for channel in channels if channel.name not in _OWN_CHANNELS),
        tuple(_training_outputs(node)),
        _values(environment),
        {**given, **tuned},
        len(values),
        frozenset(name for name, is_unknown in unknown.items() if is_unknown)
        | ({"inputs"} if any(channel.name is None for channel in channels) else set()),
    )


def _ranges(step: Step, node: MappingNode) -> Iterator[DataNode | None]:
    yield at(node, "HyperParameterRanges")
    yield at(step.arguments, "HyperParameterTuningJobConfig", "ParameterRanges")


def _channel(node: DataNode) -> Mount:
    named = at(node, "ChannelName")
    name = text(named)
    uri = at(node, "DataSource", "S3DataSource", "S3Uri")
    span = (node if named is None else named).span
    path = None if name is None else f"{CHANNEL_ROOT}/{name}"
    return Mount(name, path, text(uri), span, span, span if uri is None else uri.span, _source(uri))


def _training_outputs(node: MappingNode) -> Iterator[Mount]:
    """Yield what a training job uploads: always the model and the output data, checkpoints if it says so."""
    for path in (MODEL_DIRECTORY, OUTPUT_DATA_DIRECTORY):
        yield Mount(None, path, None, node.span, node.span, node.span)
    checkpoint = at(node, "CheckpointConfig")
    if checkpoint is not None:
        place = at(checkpoint, "LocalPath")
        local = CHECKPOINT_DIRECTORY if place is None else text(place)
        span = (checkpoint if place is None else place).span
        yield Mount(None, local, text_at(checkpoint, "S3Uri"), checkpoint.span, span, checkpoint.span)


def _decoded(value: Value) -> Value:
    """Return a hyperparameter as the toolkit gives it to the script: the SDK writes JSON (2.257.7, estimator.py)."""
    if value.text is not None:
        try:
            decoded = json.loads(value.text)
        except ValueError:
            return value
        if isinstance(decoded, str):
            return Value(decoded, value.span)
    return value


# --- both ---


def _values(node: DataNode | None) -> dict[str, Value]:
    if not isinstance(node, MappingNode) or is_reference(node):
        return {}
    return {member.key: Value(_scalar(member.value), member.key_span) for member in node}


def _scalar(node: DataNode) -> str | None:
    if not isinstance(node, ScalarNode) or node.value is None:
        return None
    return node.value if isinstance(node.value, str) else node.text


def _is_no_list(node: DataNode | None) -> bool:
    return node is not None and not isinstance(node, SequenceNode)


def _is_no_mapping(node: DataNode | None) -> bool:
    return node is not None and (not isinstance(node, MappingNode) or is_reference(node))
