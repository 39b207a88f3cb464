"""A file is parsed in sections, each of them some whole statements of the module.

LibCST's parser remembers what it tried at every place of its text. Several short texts take it a seventh less time than
one long text, and less memory; and the position of a node costs no more than a pass over its section.

A section begins at a line that looks like a definition of the module. A line within a string or brackets may look so
too; then what is before it ends in an open string or bracket, and cannot be parsed. So sections that can be parsed are
right, and a file with one that cannot be is parsed as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

#: Characters. Every call of the parser costs about as much as a line.
_SHORTEST = 1_500
#: Not after a backslash, which continues the line: ``a \``, ``@ b``.
_DEFINITION = re.compile(r"(?<!\\\n)^(?:(@)|(?:def|class|async[ \t]+def)\b)", re.MULTILINE)


class Section(NamedTuple):
    """Some statements of a module: a module of its own that begins at ``line`` of the file."""

    line: int
    tree: cst.Module


def parse_sections(text: str) -> tuple[Section, ...]:
    """Parse a file; at least one section. Raises what :func:`libcst.parse_module` raises for the whole file."""
    try:
        return tuple(_sections(text))
    except Exception:  # noqa: BLE001 - LibCST raises bare exceptions too
        return (Section(1, cst.parse_module(text)),)


def _sections(text: str) -> Iterator[Section]:
    line = 1
    for start, end in _ranges(text):
        code = text[start:end]
        yield Section(line, cst.parse_module(code))
        line += code.count("\n")


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    """Where sections begin and end, as far as the beginnings of lines tell."""
    start, is_decorated = 0, False
    for match in _DEFINITION.finditer(text):
        decorates = match[1] is not None
        if not is_decorated and match.start() - start >= _SHORTEST:
            yield start, match.start()
            start = match.start()
        is_decorated = decorates
    yield start, len(text)
