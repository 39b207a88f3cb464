"""Reading a step specification given as plain data: what is known of it, and what has the wrong type.

The data may come from a model, a file or code that was read without running it, with
:data:`~contracts_runtime.problems.UNRESOLVED` in place of what is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Dict, FrozenSet, Iterator, List, Mapping, Sequence, Tuple

from contracts_runtime.problems import (
    ERROR,
    UNRESOLVED,
    Problem,
    closest,
    has_unresolved_key,
    quoted,
    type_name,
)

STEP_TYPE = "step_type"
NODE_TYPE = "node_type"
DEPENDENCIES = "dependencies"
OUTPUTS = "outputs"
SCRIPT_CONTRACT = "script_contract"
STEP_KIND = "sagemaker_step_type"
LOGICAL_NAME = "logical_name"
PROPERTY_PATH = "property_path"
S3_URI = "S3Uri"
"""The data type of what lies in S3, which almost everything that steps pass on does."""

SPECIFICATION_FIELDS = (STEP_TYPE, NODE_TYPE, DEPENDENCIES, OUTPUTS, SCRIPT_CONTRACT, STEP_KIND)
"""The fields of a step specification, in their customary order."""

NODE_TYPES = ("source", "internal", "sink", "singular")
DEPENDENCY_TYPES = (
    "model_artifacts",
    "processing_output",
    "training_data",
    "hyperparameters",
    "payload_samples",
    "custom_property",
)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_TEXT, _BOOLEAN, _LIST = "a string", "true or false", "a list of strings"
_DEPENDENCY_TYPE = "dependency type"

_DEPENDENCY_SHAPES = {
    LOGICAL_NAME: _TEXT,
    "dependency_type": _DEPENDENCY_TYPE,
    "required": _BOOLEAN,
    "compatible_sources": _LIST,
    "semantic_keywords": _LIST,
    "data_type": _TEXT,
    "description": _TEXT,
}
_OUTPUT_SHAPES = {
    LOGICAL_NAME: _TEXT,
    "aliases": _LIST,
    "output_type": _DEPENDENCY_TYPE,
    PROPERTY_PATH: _TEXT,
    "data_type": _TEXT,
    "semantic_keywords": _LIST,
    "description": _TEXT,
}
DEPENDENCY_FIELDS = tuple(_DEPENDENCY_SHAPES)
"""The fields of a dependency, in their customary order."""
OUTPUT_FIELDS = tuple(_OUTPUT_SHAPES)
"""The fields of an output, in their customary order."""

_TYPE_FIELDS = {DEPENDENCIES: "dependency_type", OUTPUTS: "output_type"}
_SHAPES = {DEPENDENCIES: _DEPENDENCY_SHAPES, OUTPUTS: _OUTPUT_SHAPES}
_WHAT = {DEPENDENCIES: "dependency", OUTPUTS: "output"}


@lru_cache(maxsize=65536)
def words(name: str) -> FrozenSet[str]:
    """Return the words of a name in lower case: ``model_input`` and ``ModelInput`` have the same."""
    return frozenset(word.lower() for word in _WORD.findall(name))


@dataclass(frozen=True)
class Dependency:
    """What is known of a dependency; ``None`` for a value that is not known."""

    name: str
    type: str | None = None
    required: bool | None = True
    sources: Tuple[str, ...] | None = ()
    keywords: Tuple[str, ...] = ()
    data_type: str | None = S3_URI


@dataclass(frozen=True)
class Output:
    """What is known of an output; ``None`` for a value that is not known."""

    name: str
    type: str | None = None
    aliases: Tuple[str, ...] | None = ()
    keywords: Tuple[str, ...] = ()
    data_type: str | None = S3_URI
    property_path: str | None = ""

    @cached_property
    def names(self) -> Tuple[str, ...]:
        """The logical name and the known aliases."""
        return (self.name, *(self.aliases or ()))

    @cached_property
    def words(self) -> FrozenSet[str]:
        """The words of its names and keywords."""
        return frozenset(word for name in (*self.names, *self.keywords) for word in words(name))


@dataclass
class Specification:
    """What is known of a step specification. ``is_open`` holds the fields that may have further entries."""

    step_type: str | None = None
    node_type: str | None = None
    dependencies: Dict[str, Dependency] = field(default_factory=dict)
    outputs: Dict[str, Output] = field(default_factory=dict)
    is_open: set[str] = field(default_factory=set)


def read_specification(fields: Mapping[str, object]) -> tuple[Specification, list[Problem]]:
    """Return what is known of a specification, and what breaks its model."""
    known = Specification()
    return known, list(_read(fields, known))


def _read(fields: Mapping[str, object], known: Specification) -> Iterator[Problem]:
    for name in (STEP_TYPE, NODE_TYPE):
        if name not in fields and not has_unresolved_key(fields):
            remedy = (
                f"write one of {', '.join(map(repr, NODE_TYPES))}" if name == NODE_TYPE else "name the type"
            )
            yield invalid(
                name, None, None, f"the field {name!r} is missing from the step specification", remedy
            )
    yield from _read_step_type(fields.get(STEP_TYPE, UNRESOLVED), known)
    yield from _read_node_type(fields.get(NODE_TYPE, UNRESOLVED), known)
    for name in (DEPENDENCIES, OUTPUTS):
        default: object = UNRESOLVED if has_unresolved_key(fields) else ()
        yield from _read_items(name, fields.get(name, default), known)
    keys: list[object] = list(fields)
    for key, value in zip(keys, fields.values()):
        if key not in SPECIFICATION_FIELDS and key is not UNRESOLVED:
            yield _unknown(str(key), None, None, value, SPECIFICATION_FIELDS, "a step specification")


def _read_step_type(value: object, known: Specification) -> Iterator[Problem]:
    if isinstance(value, str) and value.strip():
        known.step_type = value
    elif value is not UNRESOLVED:
        found = "is empty" if isinstance(value, str) else f"is {type_name(value)}, not a string"
        yield invalid(
            STEP_TYPE, None, value, f"{STEP_TYPE} {found}", "name the type, such as 'XGBoostTraining'"
        )


def _read_node_type(value: object, known: Specification) -> Iterator[Problem]:
    text = plain_text(value)
    if text in NODE_TYPES:
        known.node_type = text
    elif value is not UNRESOLVED:
        yield _not_one_of(NODE_TYPE, None, None, value, NODE_TYPES)


def _read_items(name: str, value: object, known: Specification) -> Iterator[Problem]:
    if value is UNRESOLVED or value is None:
        if value is UNRESOLVED:
            known.is_open.add(name)
        return
    if isinstance(value, Mapping):
        pairs: list[tuple[object, object]] = list(value.items())
    elif isinstance(value, (list, tuple)):
        pairs = [(_own_name(item), item) for item in value]
    else:
        what = f"{name} is {type_name(value)}, not a list or a mapping by logical name"
        yield invalid(name, None, value, what, "write a list or a mapping")
        known.is_open.add(name)
        return
    seen: set[str] = set()
    for key, item in pairs:
        if (key is UNRESOLVED or item is UNRESOLVED) and not isinstance(key, str):
            known.is_open.add(name)
            continue
        if not isinstance(key, str):
            what = f"{_WHAT[name]} without a logical name in {name}"
            yield invalid(name, key, item, f"a {what}" if name == DEPENDENCIES else f"an {what}", "name it")
            known.is_open.add(name)
            continue
        if key in seen:
            what = f"{name} has {quoted(key)} twice, so that only one of them counts"
            yield invalid(name, key, item, what, "rename or remove one")
        seen.add(key)
        yield from _read_item(name, key, item, known)


def _own_name(item: object) -> object:
    if item is UNRESOLVED:
        return UNRESOLVED
    if isinstance(item, Mapping):
        return item.get(LOGICAL_NAME, UNRESOLVED if UNRESOLVED in item else None)
    return None


def _read_item(name: str, key: str, item: object, known: Specification) -> Iterator[Problem]:
    fields: Mapping[object, object] = {UNRESOLVED: UNRESOLVED}
    if isinstance(item, Mapping):
        fields = item
    elif item is not UNRESOLVED:
        what = f"{name}[{quoted(key)}] is {type_name(item)}, not a mapping of its fields"
        yield invalid(name, key, item, what, f"write its fields, beginning with '{_TYPE_FIELDS[name]}'")
    yield from _check_logical_name(name, key, fields.get(LOGICAL_NAME, key))
    read = _Reader(name, key, fields)
    if name == DEPENDENCIES:
        known.dependencies[key] = Dependency(
            name=key,
            type=read.dependency_type(),
            required=read.boolean("required", True),
            sources=read.texts("compatible_sources"),
            keywords=read.texts("semantic_keywords") or (),
            data_type=read.text("data_type", S3_URI),
        )
        read.text("description", "")
    else:
        known.outputs[key] = Output(
            name=key,
            type=read.dependency_type(),
            aliases=read.texts("aliases"),
            keywords=read.texts("semantic_keywords") or (),
            data_type=read.text("data_type", S3_URI),
            property_path=read.text(PROPERTY_PATH, ""),
        )
        read.text("description", "")
    yield from read.problems
    yield from read.unknown_fields()


def _check_logical_name(name: str, key: str, given: object) -> Iterator[Problem]:
    what = ""
    if not key.strip():
        what = "is empty"
    elif key != key.strip():
        what = "begins or ends with a blank, which no look-up by name will find"
    elif any(character in "'\"[]" or not character.isprintable() for character in key):
        what = (
            "has a quote, bracket or control character, which breaks property paths such as Outputs['name']"
        )
    if what:
        message = f"{name}: the logical name {quoted(key)} {what}"
        yield invalid(name, key, key, message, "use letters, digits, '-' and '_'", LOGICAL_NAME)
    if given is not UNRESOLVED and given != key:
        message = f"{name}[{quoted(key)}] says that its logical name is {quoted(given)}, so that one of them is wrong"
        yield invalid(name, key, given, message, f"write {quoted(key)}", LOGICAL_NAME, key)


class _Reader:
    """The fields of one dependency or output."""

    def __init__(self, name: str, key: str, fields: Mapping[object, object]) -> None:
        self._name, self._key, self._fields = name, key, fields
        self.problems: List[Problem] = []

    def text(self, part: str, default: str) -> str | None:
        value = self._get(part, default)
        if isinstance(value, str) or value is None:
            return value
        self._wrong_type(part, value)
        return None

    def boolean(self, part: str, default: bool) -> bool | None:
        value = self._get(part, default)
        if isinstance(value, bool) or value is None:
            return value
        self._wrong_type(part, value)
        return None

    def texts(self, part: str) -> Tuple[str, ...] | None:
        value = self._get(part, ())
        if value is None:
            return None
        if not isinstance(value, (list, tuple, set, frozenset)):
            self._wrong_type(part, value)
            return None
        items = value if isinstance(value, (list, tuple)) else sorted(value, key=str)
        wrong = [item for item in items if not isinstance(item, str) and item is not UNRESOLVED]
        for item in wrong:
            self._wrong_type(part, item, "has an item that")
        texts = tuple(item for item in items if isinstance(item, str))
        return texts if len(texts) == len(items) else None

    def dependency_type(self) -> str | None:
        part = _TYPE_FIELDS[self._name]
        value = self._fields.get(part, UNRESOLVED)
        if part not in self._fields and UNRESOLVED not in self._fields:
            message = f"{self._where} has no {part}, so that nothing can be matched with it"
            remedy = f"write one of {', '.join(map(repr, DEPENDENCY_TYPES))}"
            self.problems.append(invalid(self._name, self._key, None, message, remedy, part))
        elif value is not UNRESOLVED:
            text = plain_text(value)
            if text in DEPENDENCY_TYPES:
                return text
            self.problems.append(_not_one_of(self._name, self._key, part, value, DEPENDENCY_TYPES))
        return None

    def unknown_fields(self) -> Iterator[Problem]:
        known = _SHAPES[self._name]
        for part, value in self._fields.items():
            if part is not UNRESOLVED and part not in known:
                article = "a" if self._name == DEPENDENCIES else "an"
                yield _unknown(
                    self._name, self._key, str(part), value, known, f"{article} {_WHAT[self._name]}"
                )

    @property
    def _where(self) -> str:
        return f"{self._name}[{quoted(self._key)}]"

    def _get(self, part: str, default: object) -> object:
        """The value, the default where it is not given, ``None`` where it is not known."""
        value = self._fields.get(part, UNRESOLVED if UNRESOLVED in self._fields else default)
        if value is UNRESOLVED:
            return None
        return default if value is None else value

    def _wrong_type(self, part: str, value: object, verb: str = "is") -> None:
        shape = _SHAPES[self._name][part]
        has_item = verb != "is"
        found = (
            f"{verb} is {type_name(value)}, not a string"
            if has_item
            else f"is {type_name(value)}, not {shape}"
        )
        message = f"{self._where}: {part} {found}"
        self.problems.append(invalid(self._name, self._key, value, message, f"write {shape}", part))


# --- words ---


def invalid(
    name: str,
    key: object,
    value: object,
    message: str,
    remedy: str,
    part: str | None = None,
    expected: object = None,
) -> Problem:
    """Return the problem of a declaration that breaks its model."""
    return Problem("invalid-contract", ERROR, name, key, value, message, remedy, expected, part)


def plain_text(value: object) -> object:
    """Return the text of a member of an enumeration, and everything else as it is."""
    inner = getattr(value, "value", value)
    return inner if isinstance(inner, str) else value


def _not_one_of(name: str, key: object, part: str | None, value: object, known: Sequence[str]) -> Problem:
    where = name if key is None else f"{name}[{quoted(key)}]: {part}"
    near = closest(value, known) if isinstance(value, str) else None
    remedy = f"did you mean {near!r}?" if near else f"write one of {', '.join(map(repr, known))}"
    found = quoted(value) if isinstance(value, (str, int)) else type_name(value)
    return invalid(name, key, value, f"{where} is {found}, which is no such type", remedy, part, near)


def _unknown(
    name: str,
    key: object,
    part: str | None,
    value: object,
    known: Sequence[str] | Mapping[str, str],
    what: str,
) -> Problem:
    given = part or name
    near = closest(given, known)
    remedy = f"did you mean {near!r}?" if near else f"the fields are {', '.join(known)}"
    where = f"{name}[{quoted(key)}]: " if key is not None else ""
    return invalid(name, key, value, f"{where}{quoted(given)} is not a field of {what}", remedy, part, near)
