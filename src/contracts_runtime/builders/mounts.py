"""The directories of a job and what is in S3 for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Iterator, Mapping

from contracts_runtime.builders.limits import S3_URI_LENGTH, check_length, listed
from contracts_runtime.builders.sdk import Sdk
from contracts_runtime.contracts import ScriptContract
from contracts_runtime.platform_facts import (
    CHANNEL_NAME_PATTERN,
    CHANNEL_ROOT,
    is_below,
    names_a_file,
    normalise,
)
from contracts_runtime.problems import closest, quoted, type_name
from contracts_runtime.specifications import StepSpecification

_S3_URI = re.compile(r"s3://[^/]+(/.*)?", re.DOTALL)


@dataclass(frozen=True)
class Mount:
    """An input or output of a job: its logical name, its directory in the container and its place in S3."""

    name: str
    path: str
    uri: Any


def check_names(what: str, given: Mapping[str, object], known: Mapping[str, object]) -> Iterator[str]:
    """Yield a problem for every name that is not known."""
    for name in given:
        if name not in known:
            near = closest(str(name), known)
            remedy = f"did you mean {near!r}?" if near else f"known are {listed(known)}"
            yield f"{what} {quoted(name)} is unknown; {remedy}"


def check_uri(sdk: Sdk, what: str, uri: object) -> Iterator[str]:
    """Yield what keeps a value from being a place in S3 (API, shape ``S3Uri``)."""
    if sdk.is_variable(uri):
        return
    if not isinstance(uri, str):
        yield f"{what}: {quoted(uri)} is {type_name(uri)}; give an S3 URI or a pipeline variable"
    elif not _S3_URI.fullmatch(uri):
        yield f"{what}: {quoted(uri)} is no S3 URI; give 's3://bucket/prefix' or a pipeline variable"
    else:
        yield from check_length(f"{what}: the S3 URI", uri, S3_URI_LENGTH)


def input_names(spec: StepSpecification, contract: ScriptContract | None) -> dict[str, bool]:
    """Return the inputs by name, with whether each is required: the dependencies, then what else the script needs."""
    names = {name: dependency.required for name, dependency in spec.dependencies.items()}
    if contract is not None:
        names.update({name: True for name in contract.expected_input_paths if name not in names})
    return names


def given_sources(
    sdk: Sdk,
    sources: Mapping[str, object],
    spec: StepSpecification,
    contract: ScriptContract | None,
    problems: list[str],
) -> dict[str, Any]:
    """Return the sources that were given, in the specification's order; ``None`` counts as not given."""
    names = input_names(spec, contract)
    problems += check_names("input", sources, names)
    given = {name: sources[name] for name in names if sources.get(name) is not None}
    for name, required in names.items():
        if required and name not in given:
            problems.append(f"required input {quoted(name)} is missing; give its source")
    for name, source in given.items():
        if not isinstance(source, Mapping):
            problems += check_uri(sdk, f"input {quoted(name)}", source)
    return given


def input_mounts(given: Mapping[str, Any], contract: ScriptContract, problems: list[str]) -> list[Mount]:
    """Return the inputs of a processing job."""
    mounts = []
    for name, source in given.items():
        path = contract.expected_input_paths.get(name)
        if path is None:
            problems.append(
                f"input {quoted(name)} has no container path; declare it in the contract of"
                f" {quoted(contract.entry_point)}, or do not give it"
            )
        elif isinstance(source, Mapping):
            problems.append(f"input {quoted(name)}: a processing input has one source, not one per channel")
        else:
            mounts.append(Mount(name, normalise(path), source))
    return mounts


def output_mounts(
    sdk: Sdk,
    destinations: Mapping[str, object],
    spec: StepSpecification,
    contract: ScriptContract,
    step_destination: Any,
    problems: list[str],
) -> list[Mount]:
    """Return the outputs of a processing job: those of the specification, then what else the script writes."""
    paths = contract.expected_output_paths
    names = [
        *(name for name in spec.outputs if name in paths),
        *(name for name in paths if name not in spec.outputs),
    ]
    problems += check_names("output", destinations, dict.fromkeys(names))
    mounts = []
    for name in names:
        uri: Any = destinations.get(name)
        if uri is None:
            uri = below(sdk, step_destination, name) if step_destination is not None else None
        if uri is None:
            problems.append(f"output {quoted(name)} has no destination; set output_location, or give one")
            continue
        problems += check_uri(sdk, f"output {quoted(name)}", uri)
        if isinstance(uri, str) and names_a_file(uri):
            problems.append(
                f"output {quoted(name)}: {quoted(uri)} ends in a file name, but SageMaker uploads a directory to a"
                " prefix; remove the name"
            )
        mounts.append(Mount(name, normalise(paths[name]), uri))
    return mounts


def channels(
    sdk: Sdk,
    given: Mapping[str, Any],
    contract: ScriptContract | None,
    channel_names: Mapping[str, Any],
    problems: list[str],
) -> dict[str, Any]:
    """Return the channels of a training job, by name, with the source of each.

    An input at ``/opt/ml/input/data/<channel>`` is that channel. One at ``/opt/ml/input/data`` itself becomes the
    channels that its source, given as a mapping, or the configuration names. Without a contract every dependency is a
    channel of its own name.
    """
    found: dict[str, Any] = {}
    for name, source in given.items():
        path = None if contract is None else contract.expected_input_paths.get(name)
        if contract is not None and path is None:
            problems.append(
                f"input {quoted(name)} has no container path; declare it in the contract of"
                f" {quoted(contract.entry_point)}, or do not give it"
            )
            continue
        for channel, uri in _channels_of(sdk, name, path, source, channel_names, problems):
            if not re.fullmatch(CHANNEL_NAME_PATTERN, channel):
                problems.append(
                    f"input {quoted(name)}: {quoted(channel)} is no name of a channel; the API takes 1 to 64 letters,"
                    " digits, '.', '-' and '_'"
                )
            if channel in found:
                problems.append(
                    f"input {quoted(name)}: another input is the channel {quoted(channel)} already"
                )
            problems += check_uri(sdk, f"input {quoted(name)}, channel {quoted(channel)}", uri)
            found[channel] = uri
    return found


def _channels_of(
    sdk: Sdk, name: str, path: str | None, source: Any, channel_names: Mapping[str, Any], problems: list[str]
) -> Iterator[tuple[str, Any]]:
    if path is None:
        yield name, source
    elif normalise(path) == CHANNEL_ROOT:
        if isinstance(source, Mapping):
            yield from source.items()
        elif channel_names.get(name):
            for channel in channel_names[name]:
                yield channel, below(sdk, source, channel)
        else:
            problems.append(
                f"input {quoted(name)} is all of {CHANNEL_ROOT}, which is no channel; give a source for each channel,"
                f" or set channels={{{name!r}: ['train', …]}}"
            )
    elif is_below(path, CHANNEL_ROOT):
        channel = normalise(path)[len(CHANNEL_ROOT) + 1 :].split("/")[0]
        if isinstance(source, Mapping):
            problems.append(f"input {quoted(name)} is the channel {quoted(channel)}; give one source")
        else:
            yield channel, source
    else:
        problems.append(
            f"input {quoted(name)}: a training job mounts nothing at {quoted(path)}; declare a path below"
            f" {CHANNEL_ROOT}"
        )


def below(sdk: Sdk, place: Any, *parts: str) -> Any:
    """Return a place below another in S3; if that is a pipeline variable, so is the result."""
    if isinstance(place, str):
        return "/".join([place.rstrip("/"), *parts])
    return sdk.join([place, *parts])
