"""Where a job is more than the API takes, told before the service refuses it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from contracts_runtime.container_paths import is_at_or_below, normalise
from contracts_runtime.platform_facts import (
    CHANNEL_NAME_PATTERN,
    ENVIRONMENT_NAME_PATTERN,
    LIMITS,
    PROCESSING,
    Limit,
)
from contracts_runtime.problems import quoted
from flake8_contracts.definitions.document import Disagreement
from flake8_contracts.definitions.jobs import Job, Mount
from flake8_contracts.findings import Span

NAME = "over-limit"


def check_limits(job: Job) -> Iterator[Disagreement]:
    """Yield where a job breaks a limit of the API."""
    limits, where, span = LIMITS[job.kind], f"step {quoted(job.step.name)}", job.step.span
    yield from _number(where, span, "inputs", job.inputs, limits.inputs)
    if job.kind == PROCESSING and limits.outputs is not None:
        yield from _number(where, span, "outputs", job.outputs, limits.outputs)
        yield from _check_processing(job, where, limits.path_length)
    else:
        for mount in job.inputs:
            if mount.name is not None and not re.fullmatch(CHANNEL_NAME_PATTERN, mount.name):
                yield Disagreement(
                    mount.span,
                    NAME,
                    f"{where}: {quoted(mount.name)} is no name of a channel: 1 to 64 letters, digits, '.', '-' and"
                    " '_' (API, ChannelName)",
                )
        yield from _twice(where, "channel", job.inputs)
    yield from _check_environment(job, where)
    yield from _check_arguments(job, where)


def _check_processing(job: Job, where: str, longest: Limit) -> Iterator[Disagreement]:
    yield from _twice(where, "input", job.inputs)
    yield from _twice(where, "output", job.outputs)
    seen: dict[str, Mount] = {}
    for mount in (*job.inputs, *job.outputs):
        if mount.path is None:
            continue
        yield from _length(f"{where}: the path", mount.path, longest, mount.path_span)
        if not is_at_or_below(mount.path, "/opt/ml/processing"):
            yield Disagreement(
                mount.path_span,
                "path-outside-container",
                f"{where}: {quoted(mount.path)} is not below '/opt/ml/processing', where a processing job mounts"
                " everything (API, ProcessingS3Input.LocalPath); move it",
            )
        other = seen.setdefault(normalise(mount.path), mount)
        if other is not mount:
            yield Disagreement(
                mount.path_span,
                "overlapping-paths",
                f"{where}: {quoted(other.name)} and {quoted(mount.name)} are both at {quoted(mount.path)}, which"
                " SageMaker refuses; move one of them",
            )


def _twice(where: str, what: str, mounts: Collection[Mount]) -> Iterator[Disagreement]:
    seen: set[str] = set()
    for mount in mounts:
        if mount.name in seen:
            yield Disagreement(
                mount.span, NAME, f"{where} has two {what}s called {quoted(mount.name)}; rename one of them"
            )
        elif mount.name is not None:
            seen.add(mount.name)


def _check_environment(job: Job, where: str) -> Iterator[Disagreement]:
    limits = LIMITS[job.kind]
    if job.step.kind == "Tuning":
        return  # has limits of its own
    yield from _number(where, job.step.span, "environment variables", job.environment, limits.variables)
    for name, value in job.environment.items():
        if not re.fullmatch(ENVIRONMENT_NAME_PATTERN, name):
            yield Disagreement(
                value.span,
                NAME,
                f"{where}: {quoted(name)} is no name of a variable: letters, digits and '_' only; rename it",
            )
        yield from _length(f"{where}: the variable", name, limits.variable_name_length, value.span)
        yield from _length(
            f"{where}: the value of {quoted(name)}", value.text, limits.variable_value_length, value.span
        )


def _check_arguments(job: Job, where: str) -> Iterator[Disagreement]:
    limits = LIMITS[job.kind]
    for name, value in job.arguments.items():
        yield from _length(
            f"{where}: the value of the argument {quoted(name)}",
            value.text,
            limits.argument_value_length,
            value.span,
        )
    yield from _number(where, job.step.span, "arguments", range(job.argument_count), limits.arguments)


def _number(
    where: str, span: Span, what: str, found: Collection[object], limit: Limit
) -> Iterator[Disagreement]:
    if len(found) > limit.value:
        yield Disagreement(
            span,
            NAME,
            f"{where} has {len(found)} {what}, but the API takes at most {limit.value} ({limit.source}); remove some",
        )


def _length(what: str, text: str | None, limit: Limit, span: Span) -> Iterator[Disagreement]:
    if text is not None and len(text) > limit.value:
        yield Disagreement(
            span,
            NAME,
            f"{what} has {len(text)} characters, but the API takes at most {limit.value} ({limit.source}); shorten it",
        )
