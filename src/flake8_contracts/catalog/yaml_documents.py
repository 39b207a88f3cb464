"""YAML files as positioned trees.

The tree is built from the parser's events, so that nothing is ever constructed: a tag that asks for an object is an
error. Plain scalars are resolved by the core schema of YAML 1.2 (specification 1.2.2, section 10.3.2): ``yes``,
``010`` and ``2024-01-31`` are what they look like — text, the number ten, text. Merge keys (``<<``) belong to YAML 1.1
only, but are used so widely that they are understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from flake8_contracts.catalog.nodes import (
    MAX_DEPTH,
    MAX_NODES,
    DataNode,
    DocumentError,
    MappingNode,
    Member,
    ScalarNode,
    ScalarValue,
    SequenceNode,
    TextMap,
    duplicate_key,
    parse_integer,
    reject_half_characters,
)
from flake8_contracts.findings import START, Span

_TAG = "tag:yaml.org,2002:"
_SCALAR_TAGS = {_TAG + name: name for name in ("str", "int", "float", "bool", "null")}
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED_INTEGER = re.compile(r"0o(?P<octal>[0-7]+)|0x(?P<hexadecimal>[0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL_FLOAT = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_COLON = re.compile(r"[ \t]*:")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:[ \t\r\n]+|#[^\r\n]*)*)*")


def read_yaml(text: str) -> DataNode:
    """The tree of a YAML text that holds one document, or :class:`DocumentError`."""
    positions = TextMap(text)
    builder = _Builder(positions)
    for event in _events(positions):
        builder.feed(event)
    if builder.root is None:
        raise DocumentError(START, "the file is empty")
    return builder.root


def _events(positions: TextMap) -> Iterator[Any]:
    """The parser's events, with its errors turned into :class:`DocumentError`."""
    offset = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(positions.text):
            offset = event.start_mark.index
            yield event
    except ReaderError as error:
        # The position that the error carries is off by one: the parser counts the buffer's end mark.
        offset = next((i for i, char in enumerate(positions.text) if ord(char) == error.character), 0)
        raise DocumentError(
            positions.span(offset), f"not valid YAML: the character U+{error.character:04X} is not allowed"
        ) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = min(mark.index, len(positions.text)) if mark is not None else offset
        raise DocumentError(positions.span(offset), f"not valid YAML: {_problem(error)}") from error
    except (YAMLError, ValueError, OverflowError, AssertionError, AttributeError, IndexError) as error:
        # Escapes and directives beyond any reason make the parser itself stumble.
        reason = "not valid YAML: an escape or a directive from here on is beyond what can be read"
        raise DocumentError(positions.span(offset), reason) from error


def _problem(error: MarkedYAMLError) -> str:
    parts = [str(part) for part in (error.context, error.problem) if part]
    return " ".join(", ".join(parts).split()) or "the parser gives no reason"


@dataclass
class _Open:
    """A collection whose end has not been reached."""

    start: int
    anchor: str | None
    is_mapping: bool
    is_flow: bool
    children: list[DataNode] = field(default_factory=list)
    is_key_plain: list[bool] = field(default_factory=list)


@dataclass(frozen=True)
class _Extent:
    """How large a node is when every alias in it is replaced by a copy."""

    nodes: int = 1
    depth: int = 0


_SCALAR_EXTENT = _Extent()
_TOO_MANY = f"more than {MAX_NODES} values, counting what aliases repeat; write less"


class _Builder:
    """Builds the tree from events, without recursion."""

    def __init__(self, positions: TextMap) -> None:
        self.root: DataNode | None = None
        self._positions = positions
        self._has_document = False
        self._open: list[_Open] = []
        self._anchors: dict[str, DataNode | None] = {}
        self._extents: dict[int, _Extent] = {}
        self._merged = 0

    def feed(self, event: Any) -> None:
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._begin(event)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._end(event)
        elif isinstance(event, AliasEvent):
            self._add(self._aliased(event), is_plain=False)
        elif isinstance(event, DocumentStartEvent):
            if self._has_document:
                raise self._error(event, "a second document ('---') starts here; keep one document in a file")
            self._has_document = True

    def _error(self, event: Any, reason: str) -> DocumentError:
        return DocumentError(self._positions.span(event.start_mark.index, event.end_mark.index), reason)

    def _add(self, node: DataNode, *, is_plain: bool) -> None:
        if not self._open:
            # A file of nothing but comments or '---' has one empty scalar.
            self.root = None if isinstance(node, ScalarNode) and not node.text else node
            return
        collection = self._open[-1]
        if collection.is_mapping and len(collection.children) % 2 == 0:
            collection.is_key_plain.append(is_plain)
        collection.children.append(node)

    def _value_start(self, event: Any) -> int:
        """Where a node starts, after its anchor and tag."""
        start: int = event.start_mark.index
        if event.anchor is None and event.tag is None:
            return start
        properties = _PROPERTIES.match(self._positions.text, start, event.end_mark.index)
        return properties.end() if properties else start

    def _scalar(self, event: Any) -> None:
        text = self._positions.text
        start = self._value_start(event)
        end = max(start, event.end_mark.index)
        if event.style in ("|", ">"):  # a block scalar also takes the empty lines after it
            end = start + len(text[start:end].rstrip(" \t\r\n"))
        if start == end and event.anchor is None and event.tag is None:
            start = end = self._left_out_at(start)
        span = self._positions.span(start, end)
        is_plain = event.style is None and event.tag is None
        value = _resolved(event, span) if event.tag is not None or is_plain else event.value
        if isinstance(value, str):
            reject_half_characters(value, span)
        node = ScalarNode(value, text[start:end], span)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        self._add(node, is_plain=is_plain)

    def _left_out_at(self, start: int) -> int:
        """Where a value is missing: after its key's colon, not where the next thing happens to start."""
        collection = self._open[-1] if self._open else None
        if collection is None or not collection.is_mapping or len(collection.children) % 2 == 0:
            return start
        key = collection.children[-1].span
        colon = _COLON.match(self._positions.text, self._positions.offset(key.end_line, key.end_column))
        return colon.end() if colon and collection.start < colon.end() <= start else start

    def _begin(self, event: Any) -> None:
        is_mapping = isinstance(event, MappingStartEvent)
        if event.tag not in (None, "!", _TAG + ("map" if is_mapping else "seq")):
            raise self._error(event, _refused_tag(event.tag))
        if len(self._open) >= MAX_DEPTH:
            raise self._error(event, f"nested more than {MAX_DEPTH} levels deep; flatten the data")
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._open.append(_Open(self._value_start(event), event.anchor, is_mapping, bool(event.flow_style)))

    def _end(self, event: Any) -> None:
        collection = self._open.pop()
        span = self._span(collection, event)
        node: DataNode
        if collection.is_mapping:
            node = MappingNode(self._members(collection), span)
            children = [member.value for member in node.members]
        else:
            node = SequenceNode(tuple(collection.children), span)
            children = collection.children
        self._measure(node, children)
        if collection.anchor is not None:
            self._anchors[collection.anchor] = node
        self._add(node, is_plain=False)

    def _span(self, collection: _Open, event: Any) -> Span:
        """A block ends with its last value; the parser says that it ends where the next thing starts."""
        if collection.is_flow:
            return self._positions.span(collection.start, event.end_mark.index)
        for child in reversed(collection.children):
            end = self._positions.offset(child.span.end_line, child.span.end_column)
            if end >= collection.start:  # not an alias: those stand where their anchor stands
                return self._positions.span(collection.start, end)
        return self._positions.span(collection.start)

    def _measure(self, node: DataNode, children: list[DataNode]) -> None:
        extents = [self._extents.get(id(child), _SCALAR_EXTENT) for child in children]
        extent = _Extent(
            nodes=1 + sum(item.nodes for item in extents),
            depth=1 + max((item.depth for item in extents), default=0),
        )
        if extent.nodes > MAX_NODES:
            raise DocumentError(node.span, _TOO_MANY)
        if extent.depth > MAX_DEPTH:
            raise DocumentError(
                node.span, f"nested more than {MAX_DEPTH} levels deep, counting what aliases repeat"
            )
        self._extents[id(node)] = extent

    def _aliased(self, event: Any) -> DataNode:
        if event.anchor not in self._anchors:
            raise self._error(event, f"the alias '*{event.anchor}' has no anchor '&{event.anchor}' above it")
        node = self._anchors[event.anchor]
        if node is None:
            raise self._error(event, f"the alias '*{event.anchor}' stands inside of what it names")
        return node

    def _members(self, collection: _Open) -> tuple[Member, ...]:
        members: dict[str, Member] = {}
        merged: list[DataNode] = []
        pairs = zip(collection.children[::2], collection.children[1::2], collection.is_key_plain, strict=True)
        for key, value, is_plain in pairs:
            if not isinstance(key, ScalarNode):
                raise DocumentError(key.span, "a key must be text, not a list or a mapping")
            if key.text == "<<" and is_plain:
                merged.append(value)
                continue
            name = key.value if isinstance(key.value, str) else key.text
            if name in members:
                raise duplicate_key(name, members[name].key_span, key.span)
            members[name] = Member(name, key.span, value)
        for node in merged:
            for mapping in _mappings_to_merge(node):
                self._merged += len(mapping.members)
                if self._merged > MAX_NODES:
                    raise DocumentError(node.span, _TOO_MANY)
                for member in mapping.members:
                    members.setdefault(member.key, member)
        return tuple(members.values())


def _mappings_to_merge(node: DataNode) -> list[MappingNode]:
    """The mappings that a ``<<`` brings in; earlier ones win."""
    mappings = []
    for item in node.items if isinstance(node, SequenceNode) else (node,):
        if not isinstance(item, MappingNode):
            raise DocumentError(item.span, "'<<' takes a mapping or a list of mappings")
        mappings.append(item)
    return mappings


def _refused_tag(tag: str) -> str:
    name = tag.replace(_TAG, "!!")
    return f"the tag {name!r} asks for an object; only text, numbers, lists and mappings are read"


def _resolved(event: Any, span: Span) -> ScalarValue:
    """The value of a plain or tagged scalar."""
    text: str = event.value
    if event.tag is None:
        return _core_schema(text, span)
    kind = "str" if event.tag == "!" else _SCALAR_TAGS.get(event.tag)
    if kind is None:
        raise DocumentError(span, _refused_tag(event.tag))
    if kind == "str":
        return text
    value = _core_schema(text, span)
    if kind == "float" and type(value) is int:
        return float(value)
    expected = {"int": int, "float": float, "bool": bool, "null": type(None)}[kind]
    if type(value) is not expected:
        raise DocumentError(span, f"{text!r} is no value of the tag '!!{kind}'")
    return value


def _core_schema(text: str, span: Span) -> ScalarValue:
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return parse_integer(text, span)
    if based := _BASED_INTEGER.fullmatch(text):
        octal, hexadecimal = based.group("octal", "hexadecimal")
        return parse_integer(octal, span, 8) if octal else parse_integer(hexadecimal, span, 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL_FLOAT.fullmatch(text):
        return float(text.replace(".", ""))
    return text
