"""JSON files as positioned trees.

Python's own :mod:`json` decides what is valid; a second pass over a text that is known to be valid finds where its
values stand, and what :mod:`json` lets pass: duplicate keys, ``NaN``, numbers and nesting without limit.
"""

from __future__ import annotations

import json
import re

from flake8_contracts.catalog.nodes import (
    MAX_DEPTH,
    DataNode,
    DocumentError,
    MappingNode,
    Member,
    ScalarNode,
    SequenceNode,
    TextMap,
    duplicate_key,
    parse_integer,
    reject_half_characters,
)

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_SPACE = re.compile(r"[ \t\r\n]*")
_LEXEME = re.compile(rf"{_STRING}|[\[\]{{}}:,]|[^\s\[\]{{}}:,\"]+", re.DOTALL)
# A string that never ends counts up to the end of the text, or every quote in it would be tried as a beginning.
_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_LITERALS = {"true": True, "false": False, "null": None}


def read_json(text: str) -> DataNode:
    """The tree of a JSON text, or :class:`DocumentError`."""
    positions = TextMap(text)
    _check_depth(positions)
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        problem = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
        raise DocumentError(positions.span(error.pos), f"not valid JSON: {problem}") from error
    return _Scanner(positions).read()


def _check_depth(positions: TextMap) -> None:
    depth = 0
    for match in _BRACKETS.finditer(positions.text):
        bracket = match.group()
        if bracket in ("[", "{"):
            depth += 1
            if depth > MAX_DEPTH:
                raise DocumentError(
                    positions.span(match.start()),
                    f"nested more than {MAX_DEPTH} levels deep; flatten the data",
                )
        elif bracket in ("]", "}"):
            depth -= 1


class _Scanner:
    """Reads a text that is known to be valid JSON and not deeply nested."""

    def __init__(self, positions: TextMap) -> None:
        self._positions = positions
        self._text = positions.text
        self._offset = 0

    def read(self) -> DataNode:
        start, lexeme = self._next()
        if lexeme == "{":
            return self._mapping(start)
        if lexeme == "[":
            return self._sequence(start)
        return self._scalar(start, lexeme)

    def _next(self) -> tuple[int, str]:
        match = _LEXEME.match(self._text, self._after_space())
        assert match is not None, "the text is valid JSON"
        self._offset = match.end()
        return match.start(), match.group()

    def _after_space(self) -> int:
        space = _SPACE.match(self._text, self._offset)
        return space.end() if space else self._offset

    def _closes(self, bracket: str) -> bool:
        """Whether the closing bracket comes next; if so, step over it."""
        offset = self._after_space()
        if not self._text.startswith(bracket, offset):
            return False
        self._offset = offset + 1
        return True

    def _mapping(self, start: int) -> MappingNode:
        members: dict[str, Member] = {}
        closed = self._closes("}")
        while not closed:
            key_start, key_text = self._next()
            key_span = self._positions.span(key_start, self._offset)
            key = json.loads(key_text)
            reject_half_characters(key, key_span)
            if key in members:
                raise duplicate_key(key, members[key].key_span, key_span)
            self._next()  # the colon
            members[key] = Member(key, key_span, self.read())
            closed = self._next()[1] == "}"
        return MappingNode(tuple(members.values()), self._positions.span(start, self._offset))

    def _sequence(self, start: int) -> SequenceNode:
        items: list[DataNode] = []
        closed = self._closes("]")
        while not closed:
            items.append(self.read())
            closed = self._next()[1] == "]"
        return SequenceNode(tuple(items), self._positions.span(start, self._offset))

    def _scalar(self, start: int, lexeme: str) -> ScalarNode:
        span = self._positions.span(start, self._offset)
        if lexeme.startswith('"'):
            value = json.loads(lexeme)
            reject_half_characters(value, span)
            return ScalarNode(value, lexeme, span)
        if lexeme in _LITERALS:
            return ScalarNode(_LITERALS[lexeme], lexeme, span)
        if lexeme.lstrip("-") in ("NaN", "Infinity"):
            raise DocumentError(span, f"not valid JSON: {lexeme} is no JSON number")
        if lexeme.lstrip("-").isdigit():
            return ScalarNode(parse_integer(lexeme, span), lexeme, span)
        return ScalarNode(float(lexeme), lexeme, span)
