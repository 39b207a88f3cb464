"""Checks of a contract's paths: where they lie, whether they name directories, whether they overlap."""

from __future__ import annotations

import posixpath
import re
from typing import Iterator, Mapping, NamedTuple

from contracts_runtime.platform_facts import (
    CHANNEL_NAME_PATTERN,
    CHANNEL_ROOT,
    CHECKPOINT_DIRECTORY,
    CODE_DIRECTORY,
    CONTAINER_ROOT,
    LIMITS,
    MODEL_DIRECTORY,
    PROCESSING,
    PROCESSING_ROOT,
    TRAINING,
    find_platform_path,
    is_at_or_below,
    is_below,
    is_platform_file,
    names_a_file,
    normalise,
)
from contracts_runtime.problems import ERROR, WARNING, Problem, quoted

INPUTS = "expected_input_paths"
OUTPUTS = "expected_output_paths"

_OUTSIDE = "path-outside-container"
INPUT_DIRECTORY = "/opt/ml/input"
"""Where everything that a training job is given lies; a contract may have it as one input."""
# Code and checkpoints count as inputs of a training job: SageMaker puts them there before the script starts, and a
# source directory often carries files, such as hyperparameters, that the script reads like data.
TRAINING_INPUT_ROOTS = (CHANNEL_ROOT, "/opt/ml/input/config", CODE_DIRECTORY, CHECKPOINT_DIRECTORY)
"""What a training job provides."""
TRAINING_OUTPUT_ROOTS = (MODEL_DIRECTORY, "/opt/ml/output", CHECKPOINT_DIRECTORY)
"""What a training job uploads."""


class DeclaredPath(NamedTuple):
    """One path of a contract under its logical name, as declared."""

    field: str
    name: str
    text: str

    @property
    def path(self) -> str:
        """The path in its plainest spelling."""
        return normalise(self.text)

    @property
    def is_output(self) -> bool:
        """Whether the contract declares it as an output."""
        return self.field == OUTPUTS

    def __str__(self) -> str:
        return f"{self.field}[{quoted(self.name)}]"

    def problem(self, rule: str, severity: str, what: str, remedy: str) -> Problem:
        """Return a problem with this path: its place and value, then ``what`` is wrong with it."""
        message = f"{self} {quoted(self.text)} {what}"
        return Problem(rule, severity, self.field, self.name, self.text, message, remedy)


def check_paths(inputs: Mapping[str, str], outputs: Mapping[str, str], kind: str) -> Iterator[Problem]:
    """Yield what is wrong with the paths of a contract for jobs of ``kind``, in the order of declaration."""
    declared = [DeclaredPath(INPUTS, name, text) for name, text in inputs.items()]
    declared += [DeclaredPath(OUTPUTS, name, text) for name, text in outputs.items()]
    placed = []
    for path in declared:
        problem = _check_spelling(path, kind) or _check_place(path, kind) or _check_length(path, kind)
        if problem is None:
            placed.append(path)
            problem = _check_names_directory(path, kind)
        if problem is not None:
            yield problem
    yield from _check_overlaps(placed, kind)


def channel_of(path: str) -> str | None:
    """Return the training channel that ``path`` lies in, or ``None`` if it lies in none."""
    if not is_below(path, CHANNEL_ROOT):
        return None
    return normalise(path)[len(CHANNEL_ROOT) + 1 :].split("/", 1)[0]


# --- spelling ---


def _check_spelling(path: DeclaredPath, kind: str) -> Problem | None:
    """Refuse everything but an absolute POSIX path without detours."""
    text = path.text
    example = quoted(_example(path, kind))
    what = remedy = ""
    if not text:
        what, remedy = "is empty", f"give the absolute container path, such as {example}"
    elif "://" in text:
        what = "is a URI, not a path in the container"
        remedy = f"give the container path that it is mounted at, such as {example}"
    elif "\\" in text:
        what = "has backslashes, but the container is Linux: they would be part of a name"
        remedy = "write it with forward slashes"
    elif not text.startswith("/"):
        what = "is relative, so that it depends on the script's working directory"
        remedy = f"give the absolute container path, such as {example}"
    elif ".." in text.split("/"):
        what = "leaves a directory again with '..'"
        remedy = f"write it out as {quoted(path.path)}"
    return path.problem(_OUTSIDE, ERROR, what, remedy) if what else None


def _example(path: DeclaredPath, kind: str) -> str:
    """Return a path at which a job of ``kind`` could have this input or output."""
    leaf = re.sub(r"[^A-Za-z0-9._-]", "_", path.name).strip(".")[:64] or "data"
    if kind == TRAINING:
        return MODEL_DIRECTORY if path.is_output else f"{CHANNEL_ROOT}/{leaf}"
    return f"{PROCESSING_ROOT}/{'output' if path.is_output else 'input'}/{leaf}"


def _check_length(path: DeclaredPath, kind: str) -> Problem | None:
    limit = LIMITS[kind].path_length
    if len(path.text) <= limit.value:
        return None
    what = f"has {len(path.text)} characters, but SageMaker accepts at most {limit.value} ({limit.source})"
    return path.problem("invalid-contract", ERROR, what, "shorten it")


# --- place ---


def _check_place(path: DeclaredPath, kind: str) -> Problem | None:
    return _check_place_in_training(path) if kind == TRAINING else _check_place_in_processing(path)


def _check_place_in_processing(path: DeclaredPath) -> Problem | None:
    """Refuse what a processing job does not mount.

    Inputs and outputs "must begin with /opt/ml/processing/" (developer guide, "How Amazon SageMaker Processing
    Configures Input and Output For Your Processing Container").
    """
    if is_at_or_below(path.path, PROCESSING_ROOT):
        return _check_code_directory(path)
    root = quoted(PROCESSING_ROOT)
    what = f"lies outside {root}, where a processing job mounts its inputs and outputs"
    if find_platform_path(path.path, PROCESSING) is not None:
        what = f"belongs to SageMaker itself: a processing job mounts its inputs and outputs below {root}"
    remedy = f"use a path such as {quoted(_example(path, PROCESSING))}"
    if _fits_training(path):
        remedy += ", or a TrainingScriptContract for a training job"
    return path.problem(_OUTSIDE, ERROR, what, remedy)


def _check_code_directory(path: DeclaredPath) -> Problem | None:
    """Refuse what collides with the directory where the SDK mounts the script.

    Further inputs *below* it are common and work. An output at or below it is refused, because the code is an input
    there; an input at it is refused unless it has the SDK's own name for it and so is that very input.
    """
    fact = find_platform_path(path.path, PROCESSING)
    if fact is None or not fact.holds_code:
        return None
    is_the_code = path.name == posixpath.basename(fact.path)
    if not path.is_output and (path.path != fact.path or is_the_code):
        return None
    what = f"is reserved: SageMaker's SDK mounts the script itself at {quoted(fact.path)}"
    return path.problem(_OUTSIDE, ERROR, what, f"use a path such as {quoted(_example(path, PROCESSING))}")


def _check_place_in_training(path: DeclaredPath) -> Problem | None:
    """Refuse what a training job neither provides nor uploads.

    Source: developer guide, "Mapping of training storage paths managed by Amazon SageMaker AI".
    """
    if not _fits_training(path):
        verb = "uploads" if path.is_output else "provides"
        roots = TRAINING_OUTPUT_ROOTS if path.is_output else TRAINING_INPUT_ROOTS
        what = f"is nothing that a training job {verb}: it {verb} {', '.join(map(quoted, roots))}"
        remedy = f"use a path such as {quoted(_example(path, TRAINING))}"
        if is_at_or_below(path.path, PROCESSING_ROOT):
            remedy += ", or a ScriptContract for a processing job"
        return path.problem(_OUTSIDE, ERROR, what, remedy)
    channel = None if path.is_output else channel_of(path.path)
    if channel is None or re.fullmatch(CHANNEL_NAME_PATTERN, channel):
        return None
    what = f"lies in a channel that cannot exist: the name {quoted(channel)} does not match {CHANNEL_NAME_PATTERN}"
    return path.problem("invalid-contract", ERROR, what, "rename the channel")


def _fits_training(path: DeclaredPath) -> bool:
    roots = TRAINING_OUTPUT_ROOTS if path.is_output else TRAINING_INPUT_ROOTS
    at_base = not path.is_output and path.path == INPUT_DIRECTORY
    return at_base or any(is_at_or_below(path.path, root) for root in roots)


# --- files ---


def _check_names_directory(path: DeclaredPath, kind: str) -> Problem | None:
    """Report a path that names a file where there will be a directory.

    SageMaker creates one at a processing job's inputs and outputs (API, ProcessingS3Output.LocalPath: "This directory
    will be created by the platform"), the enforcer at every output. A training job's inputs may be files in a channel.
    """
    if not names_a_file(path.text) or is_platform_file(path.path):
        return None
    parent, leaf = posixpath.split(path.path)
    if parent in {PROCESSING_ROOT, CONTAINER_ROOT}:
        parent = posixpath.dirname(_example(path, kind))
    remedy = f"declare the directory {quoted(parent)} and use the file {quoted(leaf)} below it"
    if path.is_output and kind == TRAINING:
        what = "names a file, but an output is a directory, created at exactly this path"
        return path.problem("output-path-is-file", WARNING, what, remedy)
    if path.is_output:
        what = "names a file, but SageMaker creates a directory at exactly this path: writing the file fails"
        return path.problem("output-path-is-file", WARNING, what, remedy)
    if kind == TRAINING:
        return None
    what = "names a file, but SageMaker makes a directory at exactly this path and puts the object into it"
    return path.problem("input-path-is-file", WARNING, what, remedy)


# --- overlaps ---


def _check_overlaps(placed: list[DeclaredPath], kind: str) -> Iterator[Problem]:
    """Yield at most one problem for every path that equals another one, lies inside it or contains it.

    A training job mounts whole channels and uploads whole directories: only equal paths are ambiguous there.
    """
    rank = {path: number for number, path in enumerate(placed)}
    relevant = [path for path in placed if not _may_overlap(path, kind)]
    first: dict[str, DeclaredPath] = {}
    for path in relevant:
        first.setdefault(path.path, path)
    found: dict[DeclaredPath, Problem] = {}
    for path in relevant:
        outer = _nearest_outer(path, first)
        if first[path.path] is not path:
            found[path] = _equal(path, first[path.path], kind)
        elif kind == PROCESSING and outer is not None:
            later = max(path, outer, key=rank.__getitem__)
            # A directory around many others is one mistake, not many.
            found.setdefault(later, _nested(path, outer, later))
    for path in sorted(found, key=rank.__getitem__):
        yield found[path]


def _may_overlap(path: DeclaredPath, kind: str) -> bool:
    """Whether overlaps are in order: checkpoints are read and written, helper code is mounted below the script's."""
    if kind == TRAINING:
        return is_at_or_below(path.path, CHECKPOINT_DIRECTORY)
    fact = find_platform_path(path.path, kind)
    return fact is not None and fact.holds_code


def _nearest_outer(path: DeclaredPath, first: Mapping[str, DeclaredPath]) -> DeclaredPath | None:
    directory = posixpath.dirname(path.path)
    while directory != "/":
        if directory in first:
            return first[directory]
        directory = posixpath.dirname(directory)
    return None


def _equal(path: DeclaredPath, other: DeclaredPath, kind: str) -> Problem:
    if kind == TRAINING:
        why = "they are two names for one directory"
    elif path.is_output and other.is_output:
        why = "its files are uploaded twice"
    else:
        # Input and output: aws/sagemaker-python-sdk issue 1950; two inputs: issue 4939.
        why = "SageMaker refuses a job that mounts two things at one place"
    what = f"is also the path of {other}: {why}"
    return path.problem("overlapping-paths", WARNING, what, "give each a directory of its own")


def _nested(inner: DeclaredPath, outer: DeclaredPath, later: DeclaredPath) -> Problem:
    if inner.is_output and outer.is_output:
        why = "the files of the inner one are uploaded twice"
    elif outer.is_output:
        why = "what the input brings is uploaded again with the output"
    elif inner.is_output:
        why = "reading the input also finds what the script writes"
    else:
        why = "listing the outer one also finds the files of the inner one"
    what = f"lies inside {outer} {quoted(outer.text)}: {why}"
    if later is outer:
        what = f"contains {inner} {quoted(inner.text)}: {why}"
    return later.problem("overlapping-paths", WARNING, what, "give each a directory of its own")
