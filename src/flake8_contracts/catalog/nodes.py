"""Data files as trees whose every key and value knows where it stands.

The readers of the single formats build these trees; nothing here depends on a format.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from flake8_contracts.findings import Span

MAX_DEPTH = 64
"""Deeper nesting is refused, so that code that walks a tree may recurse."""

MAX_NODES = 50_000
"""Trees with more nodes, every alias counted as a copy of what it names, are refused."""

ScalarValue = str | int | float | bool | dt.date | dt.time | None


class DocumentError(Exception):
    """A data file that cannot be read: where the reading ended, and why. The reason is one line without a full stop."""

    def __init__(self, span: Span, reason: str) -> None:
        super().__init__(reason)
        self.span = span
        self.reason = reason


class ScalarNode(NamedTuple):
    """A single value. ``text`` is how the file spells it, including quotes; empty for a value that was left out."""

    value: ScalarValue
    text: str
    span: Span


class SequenceNode(NamedTuple):
    """A list."""

    items: tuple[DataNode, ...]
    span: Span


class Member(NamedTuple):
    """A key of a mapping, where it stands, and its value."""

    key: str
    key_span: Span
    value: DataNode


@dataclass(frozen=True)
class MappingNode:
    """A mapping in the order of the file. No two members have the same key."""

    members: tuple[Member, ...]
    span: Span

    def get(self, key: str) -> Member | None:
        """The member with that key, or ``None``."""
        return next((member for member in self.members if member.key == key), None)

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)


DataNode = ScalarNode | SequenceNode | MappingNode


def plain(node: DataNode) -> object:
    """The same data as plain dictionaries, lists and values."""
    if isinstance(node, MappingNode):
        return {member.key: plain(member.value) for member in node.members}
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return node.value


def describe(node: DataNode) -> str:
    """What a node is, for messages: ``a list``, ``the number 7``, ``nothing``."""
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    if node.value is None:
        return "nothing"
    if isinstance(node.value, str):
        return f"the text {_shortened(node.value)!r}"
    kind = "value" if isinstance(node.value, (bool, dt.date, dt.time)) else "number"
    return f"the {kind} {_shortened(node.text)}"


def _shortened(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def reject_half_characters(value: str, span: Span) -> None:
    """Raise if an escape sequence left half of a surrogate pair, which no file or terminal can hold."""
    if _SURROGATE.search(value):
        raise DocumentError(span, "a '\\u' escape names half a character; write the character itself")


_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_integer(digits: str, span: Span, base: int = 10) -> int:
    """Like ``int``, with an error for a number beyond Python's limit of digits."""
    try:
        return int(digits, base)
    except ValueError as error:
        raise DocumentError(span, f"a number of {len(digits)} digits is too long to be read") from error


class TextMap:
    """Where the offsets of a text stand.

    A line ends with a line feed, a carriage return, or both, as editors count them; columns count characters. The
    other characters that some standards call line ends (form feed, U+2028, …) are characters of their line.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of the character at an offset, both starting at 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int | None = None) -> Span:
        """The span of ``text[start:end]``; without ``end`` an empty span."""
        return Span(*self.position(start), *self.position(start if end is None else end))

    def offset(self, line: int, column: int) -> int:
        """The offset of a position, cut to the text."""
        start = self._starts[min(line, len(self._starts)) - 1]
        return min(start + column - 1, len(self.text))

    def slice(self, span: Span) -> str:
        """The text of a span."""
        return self.text[self.offset(span.line, span.column) : self.offset(span.end_line, span.end_column)]


_LINE_END = re.compile(r"\r\n|\r|\n")


def duplicate_key(key: str, first: Span, again: Span) -> DocumentError:
    """The error for a key that a mapping has twice."""
    where = f"on line {first.line}" if first.line != again.line else f"at column {first.column} of this line"
    return DocumentError(
        again, f"the key {key!r} stands here and {where}; only one of them can hold, so remove the other"
    )
