"""The rules that a contract itself must satisfy, on plain data.

Both the models and the linter use them: the models have the fields as Python values, the linter as far as it
could read them without running code, with :data:`UNRESOLVED` in place of the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Iterator, Mapping

from contracts_runtime.path_checks import INPUTS, OUTPUTS, channel_of, check_paths
from contracts_runtime.platform_facts import (
    CHANNEL_ROOT,
    CONTAINER_ROOT,
    ENVIRONMENT_NAME_PATTERN,
    KINDS,
    LIMITS,
    PROCESSING,
    PROCESSING_ROOT,
    TRAINING,
    Limit,
    is_at_or_below,
)
from contracts_runtime.problems import ERROR, UNRESOLVED, WARNING, Problem, closest, quoted, type_name

__all__ = [
    "CONTRACT_FIELDS",
    "ERROR",
    "UNRESOLVED",
    "WARNING",
    "Problem",
    "check_contract",
    "infer_kind",
]

ENTRY_POINT = "entry_point"
REQUIRED = "required_env_vars"
OPTIONAL = "optional_env_vars"
ARGUMENTS = "expected_arguments"

_TEXT, _LIST, _MAPPING = "a string", "a list of strings", "a mapping of strings to strings"
_SHAPES = {
    ENTRY_POINT: _TEXT,
    INPUTS: _MAPPING,
    OUTPUTS: _MAPPING,
    REQUIRED: _LIST,
    OPTIONAL: _MAPPING,
    ARGUMENTS: _MAPPING,
    "framework_requirements": _MAPPING,
    "description": _TEXT,
}
CONTRACT_FIELDS = tuple(_SHAPES)
"""The fields of a contract, in their customary order."""

EXAMPLES = {
    ENTRY_POINT: "'preprocess.py'",
    INPUTS: "{'DATA': '/opt/ml/processing/input/data'}",
    OUTPUTS: "{'RESULT': '/opt/ml/processing/output/result'}",
    REQUIRED: "['LABEL_FIELD']",
    OPTIONAL: "{'TRAIN_RATIO': '0.7'}",
    ARGUMENTS: "{'job_type': 'training'}",
    "framework_requirements": "{'pandas': '>=2.0'}",
    "description": "'Splits the data'",
}
"""One right value of each field, as Python would write it."""

# Characters that end a name in a property path: the SDK writes them as Outputs['name'] (SageMaker SDK
# 2.257.7, workflow/properties.py). The API itself accepts any string (shapes ProcessingInput.InputName,
# ProcessingOutput.OutputName).
BAD_IN_LOGICAL_NAME = re.compile(r"""['"\[\]\x00-\x1f\x7f]""")
"""A character that no logical name has."""


@dataclass
class _Resolved:
    """What is known of a contract: keys that are strings, with ``None`` for values that are not known."""

    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    mappings: dict[str, dict[str, str | None]] = field(default_factory=dict)

    def names(self, name: str) -> dict[str, str | None]:
        return self.mappings.get(name, {})

    def pairs(self, name: str) -> dict[str, str]:
        return {key: value for key, value in self.names(name).items() if value is not None}


def check_contract(fields: Mapping[str, object], kind: str) -> list[Problem]:
    """Return everything that is wrong with a contract for jobs of ``kind``, "processing" or "training".

    ``fields`` holds the contract's fields; a key that is ``UNRESOLVED`` means that there may be more of them. The
    order of the result depends on the order of entries only. Raises ``ValueError`` for another kind; whatever
    ``fields`` holds becomes problems, never an exception.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of job {kind!r}: expected one of {', '.join(map(repr, KINDS))}")
    resolved = _Resolved()
    problems = list(_check_shapes(fields, resolved))
    problems += _check_entry_point(resolved.texts.get(ENTRY_POINT))
    for direction in (INPUTS, OUTPUTS):
        problems += _check_logical_names(direction, resolved.names(direction))
    problems += check_paths(resolved.pairs(INPUTS), resolved.pairs(OUTPUTS), kind)
    problems += _check_number_of_paths(resolved, kind)
    problems += _check_variables(resolved, kind)
    problems += _check_arguments(resolved.names(ARGUMENTS), kind)
    return problems


def infer_kind(fields: Mapping[str, object]) -> str:
    """Return the kind of job that a contract's paths are made for, where nothing else tells it.

    "training" if there are paths and none of them lies below ``/opt/ml/processing``, though some below
    ``/opt/ml``.
    """
    paths = [
        path
        for direction in (INPUTS, OUTPUTS)
        for _, path in _pairs(fields.get(direction))
        if isinstance(path, str) and is_at_or_below(path, CONTAINER_ROOT)
    ]
    if not paths or any(is_at_or_below(path, PROCESSING_ROOT) for path in paths):
        return PROCESSING
    return TRAINING


def _pairs(mapping: object) -> list[tuple[object, object]]:
    """Return keys and values of a mapping that may hold anything; nothing for what is no mapping."""
    return list(mapping.items()) if isinstance(mapping, Mapping) else []


# --- types ---


def _invalid(name: str, key: object, value: object, message: str, remedy: str) -> Problem:
    return Problem("invalid-contract", ERROR, name, key, value, message, remedy)


def _check_shapes(fields: Mapping[str, object], resolved: _Resolved) -> Iterator[Problem]:
    """Yield wrong types, missing and unknown fields; fill ``resolved`` with what is right."""
    keys = [key for key, _ in _pairs(fields)]
    if ENTRY_POINT not in keys and UNRESOLVED not in keys:
        message = f"the field '{ENTRY_POINT}' is missing, so that no script can be bound to the contract"
        yield _invalid(ENTRY_POINT, None, None, message, "name the script, relative to its source directory")
    for name, shape in _SHAPES.items():
        value = fields.get(name, UNRESOLVED)
        if value is UNRESOLVED:
            continue
        if shape is _TEXT and isinstance(value, str):
            resolved.texts[name] = value
        elif shape is _LIST and isinstance(value, (list, tuple, set, frozenset)):
            yield from _check_items(name, value, resolved)
        elif shape is _MAPPING and isinstance(value, Mapping):
            yield from _check_entries(name, value, resolved)
        else:
            message = f"{name} is {type_name(value)}, not {shape}"
            yield _invalid(name, None, value, message, f"write it like {EXAMPLES[name]}")
    for key, value in _pairs(fields):
        if key not in _SHAPES and key is not UNRESOLVED:
            yield _unknown_field(key, value)


def _unknown_field(name: object, value: object) -> Problem:
    if not isinstance(name, str):
        message = f"a contract has no field whose name is {type_name(name)}"
        return _invalid("", name, value, message, f"the fields are {', '.join(_SHAPES)}")
    near = closest(name, _SHAPES)
    remedy = f"did you mean {near!r}?" if near else f"the fields are {', '.join(_SHAPES)}"
    return _invalid(name, None, value, f"{quoted(name)} is not a field of a contract", remedy)


def _check_items(
    name: str, items: list[object] | tuple[object, ...] | set[object] | frozenset[object], resolved: _Resolved
) -> Iterator[Problem]:
    known = resolved.lists[name] = []
    if isinstance(items, (set, frozenset)):
        items = sorted(item for item in items if isinstance(item, str)) + [
            item for item in items if not isinstance(item, str)
        ]
    for item in items:
        if isinstance(item, str):
            known.append(item)
        elif item is not UNRESOLVED:
            message = f"{name} has an item that is {type_name(item)}, not a string"
            yield _invalid(name, item, item, message, f"write it like {EXAMPLES[name]}")


def _check_entries(name: str, entries: Mapping[object, object], resolved: _Resolved) -> Iterator[Problem]:
    known = resolved.mappings[name] = {}
    for key, value in _pairs(entries):
        if key is UNRESOLVED:
            continue
        if not isinstance(key, str):
            message = f"{name} has a key that is {type_name(key)}, not a string"
            yield _invalid(name, key, value, message, f"write it like {EXAMPLES[name]}")
            continue
        known[key] = value if isinstance(value, str) else None
        if value is not UNRESOLVED and not isinstance(value, str):
            message = f"{name}[{quoted(key)}] is {type_name(value)}, not a string"
            scalar = isinstance(value, (bool, int, float))
            yield _invalid(name, key, value, message, "put it in quotes" if scalar else "write a string")


# --- fields ---


def _check_entry_point(entry_point: str | None) -> Iterator[Problem]:
    if entry_point is None:
        return
    what = remedy = ""
    example = "name the script relative to its source directory, such as 'scripts/preprocess.py'"
    if not entry_point.strip():
        what, remedy = "is empty, so that no script can be bound to the contract", example
    elif "\\" in entry_point:
        what = "has backslashes, but the container is Linux: they would be part of the name"
        remedy = f"write {quoted(entry_point.replace(chr(92), '/'))}"
    elif entry_point.startswith("/"):
        what, remedy = "is absolute, but a script is found relative to its source directory", example
    elif ".." in entry_point.split("/"):
        what, remedy = "leaves the source directory with '..': what lies outside is not uploaded", example
    elif entry_point.endswith("/"):
        what, remedy = "names a directory, not a script", example
    if what:
        yield _invalid(ENTRY_POINT, None, entry_point, f"{ENTRY_POINT} {quoted(entry_point)} {what}", remedy)


def _check_logical_names(direction: str, names: Mapping[str, object]) -> Iterator[Problem]:
    for name in names:
        what = ""
        if not name:
            what = "is empty"
        elif name != name.strip():
            what = "begins or ends with a blank, which no look-up by name will find"
        elif BAD_IN_LOGICAL_NAME.search(name):
            what = "has a quote, bracket or control character, which breaks property paths such as Outputs['name']"
        if what:
            message = f"{direction}: the logical name {quoted(name)} {what}"
            yield _invalid(direction, name, name, message, "use letters, digits, '-' and '_'")


def _check_number_of_paths(resolved: _Resolved, kind: str) -> Iterator[Problem]:
    limits = LIMITS[kind]
    inputs, outputs = resolved.names(INPUTS), resolved.names(OUTPUTS)
    if limits.outputs is None:  # a training job: it counts channels, and uploads its directories whole
        channels = {channel_of(path) for path in resolved.pairs(INPUTS).values()} - {None}
        yield from _too_many(INPUTS, len(channels), f"channels below '{CHANNEL_ROOT}'", limits.inputs)
        return
    note = ", and the SDK adds one for the script"
    yield from _too_many(INPUTS, len(inputs), "inputs", limits.inputs, note)
    yield from _too_many(OUTPUTS, len(outputs), "outputs", limits.outputs)


def _too_many(name: str, number: int, things: str, limit: Limit, note: str = "") -> Iterator[Problem]:
    if number > limit.value:
        message = f"{name} has {number} {things}, but SageMaker accepts at most {limit.value} ({limit.source}){note}"
        yield _invalid(name, None, number, message, "merge or remove some")


def _check_variables(resolved: _Resolved, kind: str) -> Iterator[Problem]:
    limits = LIMITS[kind]
    required, optional = resolved.lists.get(REQUIRED, []), resolved.names(OPTIONAL)
    for field_name, names in ((REQUIRED, list(dict.fromkeys(required))), (OPTIONAL, list(optional))):
        for name in names:
            if not re.fullmatch(ENVIRONMENT_NAME_PATTERN, name):
                message = (
                    f"{field_name}: {quoted(name)} cannot be the name of an environment variable:"
                    f" SageMaker accepts {ENVIRONMENT_NAME_PATTERN}"
                )
                yield _invalid(field_name, name, name, message, "rename the variable")
            else:
                yield from _too_long(field_name, name, "the name", name, limits.variable_name_length)
    for name, default in resolved.pairs(OPTIONAL).items():
        yield from _too_long(OPTIONAL, name, "the default", default, limits.variable_value_length)
    known = set(required)
    for name in optional:
        if name in known:
            message = f"{OPTIONAL}: {quoted(name)} is also in {REQUIRED}, so that its default is never used"
            remedy = f"remove it from {REQUIRED} or from {OPTIONAL}"
            yield Problem("env-var-declared-twice", ERROR, OPTIONAL, name, optional[name], message, remedy)
    together = len(known.union(optional))
    yield from _too_many(REQUIRED, together, f"variables together with {OPTIONAL}", limits.variables)


def _check_arguments(arguments: Mapping[str, str | None], kind: str) -> Iterator[Problem]:
    limits = LIMITS[kind]
    for name, value in arguments.items():
        if not name.strip():
            message = f"{ARGUMENTS}: the name {quoted(name)} is empty"
            yield _invalid(ARGUMENTS, name, name, message, "give the argument's name, with or without dashes")
        yield from _too_long(ARGUMENTS, name, "the name", name, limits.argument_name_length)
        if value is not None:
            yield from _too_long(ARGUMENTS, name, "the value", value, limits.argument_value_length)
    yield from _too_many(ARGUMENTS, len(arguments), "arguments", limits.arguments)


def _too_long(name: str, key: str, part: str, text: str, limit: Limit) -> Iterator[Problem]:
    if len(text) > limit.value:
        message = (
            f"{name}[{quoted(key)}]: {part} has {len(text)} characters,"
            f" but SageMaker accepts at most {limit.value} ({limit.source})"
        )
        yield _invalid(name, key, text, message, "shorten it")
