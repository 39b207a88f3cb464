"""Python source files as LibCST trees."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import libcst as cst

from flake8_contracts.buffers import read_bytes
from flake8_contracts.collection import paused_collection
from flake8_contracts.findings import Span
from flake8_contracts.syntax.decoding import UnparsableSource, decode_source
from flake8_contracts.syntax.nesting import is_too_deep
from flake8_contracts.syntax.positions import PositionTable
from flake8_contracts.syntax.sections import Section, parse_sections
from flake8_contracts.syntax.size import MAX_TOKENS, has_long_row, is_too_large

__all__ = ["NodePlace", "SourceModule", "UnparsableSource", "decode_source", "parse_source", "read_source"]

_LIBCST_POSITION = re.compile(r"error at (\d+):(\d+)")
_USUAL_INDENT = " " * 4
_RECURSION_REASON = "the code is nested too deeply"
_SIZE_REASON = f"it has more than {MAX_TOKENS:,} names, numbers and signs; split it"


class NodePlace:
    """The place of a LibCST node; its position is computed when somebody asks for it."""

    __slots__ = ("node", "source")

    def __init__(self, source: SourceModule, node: cst.CSTNode) -> None:
        self.source = source
        self.node = node

    @property
    def path(self) -> Path:
        """The file."""
        return self.source.path

    @property
    def span(self) -> Span:
        """The node without surrounding whitespace."""
        return self.source.positions.span(self.node)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NodePlace) and self.node is other.node

    def __hash__(self) -> int:
        return id(self.node)

    def __repr__(self) -> str:
        return f"NodePlace({self.path.name}:{self.span.line}:{self.span.column})"


class SourceModule:
    """One parsed Python file."""

    __slots__ = ("body", "may_yield", "path", "positions", "sections", "text")

    def __init__(self, path: Path, text: str, sections: Sequence[Section]) -> None:
        self.path = path
        self.text = text
        self.sections = sections
        #: The module's statements.
        self.body = [statement for section in sections for statement in section.tree.body]
        #: Whether there may be generators: the text tells, for most scripts that there are none.
        self.may_yield = "yield" in text
        self.positions = PositionTable(sections, text)

    def place(self, node: cst.CSTNode) -> NodePlace:
        """A place for ``node``. Places made before the first position is asked for share passes over the file."""
        self.positions.want(node)
        return NodePlace(self, node)

    @property
    def top(self) -> cst.Module:
        """The node to point at where the file as a whole is meant; its docstring is the file's."""
        return self.sections[0].tree

    @property
    def default_indent(self) -> str:
        """What blocks are indented with: a section without blocks does not tell."""
        indents = (section.tree.default_indent for section in self.sections)
        return next((indent for indent in indents if indent != _USUAL_INDENT), _USUAL_INDENT)

    def code(self, node: cst.CSTNode) -> str:
        """The code of ``node``, as it is written but for the indentation of its first line."""
        return self.top.code_for_node(node)


def read_source(path: Path) -> SourceModule:
    """Parse the file at ``path``. Raises :class:`UnparsableSource` or :class:`OSError`."""
    return parse_source(path, decode_source(path, read_bytes(path)))


def parse_source(path: Path, text: str) -> SourceModule:
    """Parse ``text`` as the content of ``path``. Raises :class:`UnparsableSource`."""
    text = text.removeprefix("\ufeff")
    if is_too_large(text):
        raise UnparsableSource(path, 1, 1, _SIZE_REASON, valid_python=True)
    try:
        with paused_collection(), _unvalidated_nodes():
            sections = None if is_too_deep(text) else parse_sections(text)
    except RecursionError:
        raise UnparsableSource(path, 1, 1, _RECURSION_REASON, valid_python=True) from None
    except Exception as error:  # noqa: BLE001 - LibCST raises bare exceptions for odd but valid layouts
        raise _refused(path, text, str(error)) from None
    if sections is None:
        raise UnparsableSource(path, 1, 1, _RECURSION_REASON, valid_python=True)
    return SourceModule(path, text, sections)


@contextmanager
def _unvalidated_nodes() -> Iterator[None]:
    """LibCST checks every node that is made, also those that its parser makes: a tenth of the parser's time."""
    node_class: Any = cst.CSTNode
    validating = node_class.__post_init__
    node_class.__post_init__ = _accept
    try:
        yield
    finally:
        node_class.__post_init__ = validating


def _accept(node: cst.CSTNode) -> None:
    """What the parser has read is valid."""


def _refused(path: Path, text: str, said: str) -> UnparsableSource:
    """What LibCST refuses: Python says better where and why, unless it accepts the text."""
    refusal = _python_refusal(text)
    if isinstance(refusal, SyntaxError):
        line, column = max(refusal.lineno or 1, 1), max(refusal.offset or 1, 1)
        return UnparsableSource(path, line, column, refusal.msg, valid_python=False)
    if refusal is not None:
        return UnparsableSource(path, 1, 1, str(refusal), valid_python=False)
    # "parser error: error at 3:4: expected one of ...": the attributes of the exception name another line.
    at = _LIBCST_POSITION.search(said)
    line, column = (int(at[1]), int(at[2])) if at is not None else (1, 1)
    if at is not None and has_long_row(text, line):
        reason = _RECURSION_REASON
    else:
        reason = "it does not know the syntax here" if at is not None else " ".join(said.split())
    return UnparsableSource(path, line, max(column, 1), reason, valid_python=True)


def _python_refusal(text: str) -> Exception | None:
    """Why Python itself does not parse the text; ``None`` if it does, or gives up for want of memory."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError) as error:
        return error
    except (RecursionError, MemoryError):
        return ValueError(_RECURSION_REASON)
    return None
