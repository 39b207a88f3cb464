"""TOML files as positioned trees.

Python's own :mod:`tomllib` decides what is valid and what a value is; a scanner over the text finds where keys and
values stand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from flake8_contracts.catalog.nodes import (
    MAX_DEPTH,
    DataNode,
    DocumentError,
    MappingNode,
    Member,
    ScalarNode,
    ScalarValue,
    SequenceNode,
    TextMap,
    duplicate_key,
)
from flake8_contracts.findings import START, Span

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_SPACE = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*")
_KEY = re.compile(r"""[^\s"'.=\[\]#]+|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'""")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*(?:"|\\?\Z)|'[^']*(?:'|\Z)""", re.DOTALL)
_BETWEEN_KEYS = re.compile(r"[\s=,#\[\]{}]+")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:[^"\\\r\n]|\\.)*"'
    r"|'[^'\r\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"\d{4}-\d\d-\d\d[ tT]\d\d:[^\s,\]}#]*|[^\s,\]}#]+")
_ERROR = re.compile(
    r"(?P<reason>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL
)


def read_toml(text: str) -> DataNode:
    """The tree of a TOML text, or :class:`DocumentError`."""
    positions = TextMap(text)
    _check_keys(positions)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        _explain_duplicate(positions)
        raise _syntax_error(positions, str(error)) from error
    except RecursionError as error:
        raise DocumentError(START, f"nested more than {MAX_DEPTH} levels deep; flatten the data") from error
    except ValueError as error:  # a number with more digits than Python converts
        raise DocumentError(START, "the file holds a number with too many digits to be read") from error
    return _Scanner(positions).read()


def _check_keys(positions: TextMap) -> None:
    """Refuse keys of absurdly many parts: :mod:`tomllib` takes time in proportion to the square of their number."""
    for number, line in enumerate(positions.text.split("\n"), start=1):
        if line.count(".") <= MAX_DEPTH:
            continue
        for word in _BETWEEN_KEYS.split(_DOT.sub(".", _QUOTED.sub("quoted", line))):
            parts = word.split(".")
            if len(parts) > MAX_DEPTH and all(parts[:MAX_DEPTH]):
                raise _too_deep(Span(number, 1, number, len(line) + 1))


def _syntax_error(positions: TextMap, message: str) -> DocumentError:
    match = _ERROR.fullmatch(message)
    if match is None:
        return DocumentError(START, f"not valid TOML: {message}")
    reason = match["reason"][:1].lower() + match["reason"][1:]
    if match["line"] is None:
        return DocumentError(
            positions.span(len(positions.text)), f"not valid TOML: {reason} at the end of the file"
        )
    line, column = int(match["line"]), int(match["column"])
    return DocumentError(Span(line, column, line, column), f"not valid TOML: {reason}")


def _explain_duplicate(positions: TextMap) -> None:
    """Raise the error that names both lines if a text is invalid because of a duplicate key."""
    try:
        _Scanner(positions).read()
    except _LostError:
        return


class _LostError(Exception):
    """The scanner met something that is no TOML."""


@dataclass
class _Table:
    """A table while it grows: headers and dotted keys may add to it from several places."""

    start: int
    end: int
    is_header: bool = False
    is_closed: bool = False
    members: dict[str, tuple[Span, _Value]] = field(default_factory=dict)

    def grow(self, end: int) -> None:
        self.end = max(self.end, end)


@dataclass
class _Tables:
    """An array of tables, made by ``[[headers]]``."""

    tables: list[_Table] = field(default_factory=list)


_Value = _Table | _Tables | ScalarNode | SequenceNode
_Reader = Callable[[int], _Value]


@dataclass(frozen=True)
class _Key:
    """One part of a possibly dotted key."""

    name: str
    start: int
    span: Span


class _Scanner:
    """Finds the positions in a text. Lenient: whether it is valid was decided before."""

    def __init__(self, positions: TextMap) -> None:
        self._positions = positions
        self._text = positions.text
        self._offset = 0
        self._depth = 0
        self._root = _Table(0, 0)

    def read(self) -> MappingNode:
        table, path = self._root, [self._root]
        self._skip(_SPACE)
        while self._offset < len(self._text):
            if self._text.startswith("[", self._offset):
                path = self._header()
                table = path[-1]
            else:
                self._member(table)
            for grown in path:
                grown.grow(self._offset)
            self._skip(_SPACE)
        return self._frozen_table(self._root, 0)

    # Moving through the text

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._offset)
        if match:
            self._offset = match.end()

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._offset)
        if match is None:
            raise _LostError
        self._offset = match.end()
        return match.group()

    def _at(self, text: str) -> bool:
        """Whether ``text`` comes next; if so, step over it."""
        if not self._text.startswith(text, self._offset):
            return False
        self._offset += len(text)
        return True

    def _span(self, start: int) -> Span:
        return self._positions.span(start, self._offset)

    # Keys and tables

    def _keys(self) -> list[_Key]:
        keys = []
        while True:
            start = self._offset
            text = self._take(_KEY)
            name = text if text[0] not in "\"'" else str(_converted(text))
            keys.append(_Key(name, start, self._span(start)))
            if _DOT.match(self._text, self._offset) is None:
                return keys
            self._skip(_DOT)

    def _header(self) -> list[_Table]:
        start = self._offset
        is_array = self._at("[[")
        if not is_array:
            self._at("[")
        self._skip(_SPACE)
        keys = self._keys()
        self._skip(_SPACE)
        if not self._at("]]" if is_array else "]"):
            raise _LostError
        path = [self._root]
        for key in keys[:-1]:
            path.append(self._inner_table(path[-1], key, start))
        path.append(self._declared(path[-1], keys[-1], start, is_array=is_array))
        return path

    def _declared(self, parent: _Table, key: _Key, start: int, *, is_array: bool) -> _Table:
        table = _Table(start, self._offset, is_header=True)
        first_span, existing = parent.members.setdefault(
            key.name, (key.span, _Tables() if is_array else table)
        )
        if is_array and isinstance(existing, _Tables):
            existing.tables.append(table)
            return table
        if existing is table:
            return table
        if is_array or not isinstance(existing, _Table) or existing.is_header or existing.is_closed:
            raise duplicate_key(key.name, first_span, key.span)
        existing.is_header = True
        return existing

    def _inner_table(self, parent: _Table, key: _Key, start: int) -> _Table:
        """The table that a key names on the way to another, made if it is new."""
        first_span, existing = parent.members.setdefault(key.name, (key.span, _Table(start, self._offset)))
        if isinstance(existing, _Tables):
            return existing.tables[-1]
        if not isinstance(existing, _Table) or existing.is_closed:
            raise duplicate_key(key.name, first_span, key.span)
        return existing

    def _member(self, table: _Table) -> None:
        keys = self._keys()
        self._take(_EQUALS)
        value = self._value()
        path = [table]
        for key in keys[:-1]:
            path.append(self._inner_table(path[-1], key, key.start))
        last = keys[-1]
        if last.name in path[-1].members:
            raise duplicate_key(last.name, path[-1].members[last.name][0], last.span)
        path[-1].members[last.name] = (last.span, value)
        for grown in path:
            grown.grow(self._offset)

    # Values

    def _value(self) -> _Value:
        start = self._offset
        if self._at("["):
            return self._nested(start, self._array)
        if self._at("{"):
            return self._nested(start, self._inline_table)
        pattern = _STRING if self._text[start : start + 1] in ("'", '"') else _BARE
        text = self._take(pattern)
        return ScalarNode(_converted(text), text, self._span(start))

    def _nested(self, start: int, read: _Reader) -> _Value:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _too_deep(self._span(start))
        value = read(start)
        self._depth -= 1
        return value

    def _array(self, start: int) -> _Value:
        items: list[DataNode] = []
        self._skip(_SPACE)
        while not self._at("]"):
            items.append(self._frozen(self._value(), self._depth))
            self._skip(_SPACE)
            self._at(",")
            self._skip(_SPACE)
        return SequenceNode(tuple(items), self._span(start))

    def _inline_table(self, start: int) -> _Value:
        table = _Table(start, start)
        self._skip(_SPACE)
        while not self._at("}"):
            self._member(table)
            self._skip(_SPACE)
            self._at(",")
            self._skip(_SPACE)
        table.grow(self._offset)
        table.is_closed = True
        return table

    # The finished tree

    def _frozen(self, value: _Value, depth: int) -> DataNode:
        if isinstance(value, _Table):
            return self._frozen_table(value, depth)
        if isinstance(value, _Tables):
            tables = tuple(self._frozen_table(table, depth + 1) for table in value.tables)
            return SequenceNode(tables, self._positions.span(value.tables[0].start, value.tables[-1].end))
        return value

    def _frozen_table(self, table: _Table, depth: int) -> MappingNode:
        if depth > MAX_DEPTH:
            raise _too_deep(self._positions.span(table.start, table.end))
        members = tuple(
            Member(name, key_span, self._frozen(value, depth + 1))
            for name, (key_span, value) in table.members.items()
        )
        return MappingNode(members, self._positions.span(table.start, table.end))


def _too_deep(span: Span) -> DocumentError:
    return DocumentError(span, f"nested more than {MAX_DEPTH} levels deep; flatten the data")


def _converted(text: str) -> ScalarValue:
    """The value of one key or scalar, as Python's own reader sees it."""
    try:
        value: ScalarValue = tomllib.loads(f"value = {text}")["value"]
    except ValueError as error:
        raise _LostError from error
    return value
