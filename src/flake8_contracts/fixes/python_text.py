"""A Python file as text to edit: where nodes stand, what is around them, and how literals are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from flake8_contracts.catalog.nodes import TextMap
from flake8_contracts.findings import Edit
from flake8_contracts.syntax.source import SourceModule

_PREFIXED = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")")


class PythonText:
    """A parsed module and its text."""

    def __init__(self, source: SourceModule) -> None:
        self.source = source
        self.text = source.text
        self.map = TextMap(source.text)

    # -- positions ---------------------------------------------------------------------------------------

    def range(self, node: cst.CSTNode) -> tuple[int, int]:
        """The offsets of a node, without its own parentheses."""
        span = self.source.positions.span(node)
        return self.map.offset(span.line, span.column), self.map.offset(span.end_line, span.end_column)

    def code(self, node: cst.CSTNode) -> str:
        """How a node is written."""
        start, end = self.range(node)
        return self.text[start:end]

    def edit(self, start: int, end: int, replacement: str) -> Edit:
        """Replace ``text[start:end]``."""
        return Edit(self.source.path, self.map.span(start, end), replacement)

    def replace(self, node: cst.CSTNode, replacement: str) -> Edit:
        """Replace a node."""
        return self.edit(*self.range(node), replacement)

    def indentation(self, offset: int) -> str:
        """The white space at the beginning of the line of an offset."""
        start = self.text.rfind("\n", 0, offset) + 1
        line = self.text[start:]
        return line[: len(line) - len(line.lstrip(" \t"))]

    # -- surroundings ------------------------------------------------------------------------------------

    @cached_property
    def _parents(self) -> dict[int, cst.CSTNode]:
        found: dict[int, cst.CSTNode] = {}
        pending: list[cst.CSTNode] = [section.tree for section in self.source.sections]
        while pending:
            node = pending.pop()
            for child in node.children:
                found[id(child)] = node
                pending.append(child)
        return found

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around a node."""
        return self._parents.get(id(node))

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around a node, from the inside out."""
        current = self.parent(node)
        while current is not None:
            yield current
            current = self.parent(current)

    def holds(self, node: cst.CSTNode) -> bool:
        """Whether the node is one of this file's."""
        return id(node) in self._parents or any(node is section.tree for section in self.source.sections)

    # -- literals ----------------------------------------------------------------------------------------

    @cached_property
    def quote(self) -> str:
        """The quotation mark that the file uses most."""
        return "'" if self.text.count("'") > self.text.count('"') else '"'

    def literal(self, value: str, like: cst.BaseExpression | None = None) -> str:
        """A string literal in the style of the file, or in that of another literal."""
        quote = self.quote
        if isinstance(like, cst.SimpleString) and len(like.quote) == 1:
            quote = like.quote
        return quoted(value, quote)


def quoted(value: str, quote: str) -> str:
    """A string literal between these quotation marks, or between the others if that saves escapes."""
    other = '"' if quote == "'" else "'"
    if quote in value and other not in value:
        quote = other
    # With both marks in the text, `repr` chooses the single one and escapes it.
    body = repr("\"'" + value)[4:-1]
    if quote == '"':
        body = body.replace("\\'", "'").replace('"', '\\"')
    return f"{quote}{body}{quote}"


def string_parts(node: cst.SimpleString) -> tuple[str, str, str]:
    """Prefix, quotation mark and the text between."""
    match = _PREFIXED.match(node.value)
    assert match is not None, "a string literal has quotation marks"
    prefix, quote = match.groups()
    return prefix, quote, node.value[match.end() : -len(quote)]
