"""Positions of the few nodes that someone asks for.

LibCST trees carry no positions. ``PositionProvider`` computes them for every node, which costs more than parsing;
here one code-generation pass notes the token index at which each *wanted* node starts and ends, and only these are
turned into lines and columns.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Container, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

from flake8_contracts.findings import Span
from flake8_contracts.syntax.nesting import MAX_LEVELS

_NOTHING: AbstractContextManager[None] = nullcontext()


class _Everything:
    """Contains every node."""

    def __contains__(self, key: object) -> bool:
        return True


class _Recorder(CodegenState):
    """Generates code and notes the token range of the wanted nodes, without surrounding whitespace."""

    def __init__(self, tree: cst.Module, wanted: Container[int]) -> None:
        super().__init__(tree.default_indent, tree.default_newline)
        self.wanted = wanted
        self.starts: dict[int, int] = {}
        self.ranges: dict[int, tuple[int, int]] = {}

    def before_codegen(self, node: cst.CSTNode) -> None:
        if id(node) in self.wanted:
            self.starts[id(node)] = len(self.tokens)

    def after_codegen(self, node: cst.CSTNode) -> None:
        key = id(node)
        if key in self.wanted and key not in self.ranges:
            self.ranges[key] = (self.starts[key], len(self.tokens))

    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> Any:
        return self._note(node) if id(node) in self.wanted else _NOTHING

    @contextmanager
    def _note(self, node: cst.CSTNode) -> Iterator[None]:
        start = len(self.tokens)
        yield
        self.ranges[id(node)] = (start, len(self.tokens))


class PositionTable:
    """The spans of one module's nodes.

    The first question is answered by a pass that notes the nodes that were announced; should that not have been all,
    the next pass notes every node, so that there is never a third.
    """

    def __init__(self, tree: cst.Module, text: str) -> None:
        self._tree = tree
        self._text = text
        # Nodes are kept alive by the tree, so their ids are stable keys.
        self._wanted: set[int] = set()
        self._generated: _Generated | None = None
        self._is_complete = False

    def want(self, node: cst.CSTNode) -> None:
        """Announce that the position of ``node`` may be asked for."""
        self._wanted.add(id(node))

    def span(self, node: cst.CSTNode) -> Span:
        """The span of ``node`` without surrounding whitespace."""
        key = id(node)
        self._wanted.add(key)
        generated = self._generated
        if generated is None:
            generated = self._generated = _Generated(self._tree, self._text, frozenset(self._wanted))
        if key not in generated.ranges and not self._is_complete:
            generated = self._generated = _Generated(self._tree, self._text, _Everything())
            self._is_complete = True
        return generated.span(key)


class _Generated:
    """The token ranges of nodes, from one code-generation pass."""

    def __init__(self, tree: cst.Module, text: str, wanted: Container[int]) -> None:
        recorder = _Recorder(tree, wanted)
        with _room_for_recursion():
            # LibCST offers no public way to generate code with a state of one's own.
            tree._codegen(recorder)  # noqa: SLF001
        self.ranges = recorder.ranges
        self._offsets = [0]
        for token in recorder.tokens:
            self._offsets.append(self._offsets[-1] + len(token))
        code = "".join(recorder.tokens)
        self._lines = [0]
        at = code.find("\n")
        while at >= 0:
            self._lines.append(at + 1)
            at = code.find("\n", at + 1)
        self._form_feeds = _form_feeds(text)

    def span(self, key: int) -> Span:
        """The span of the node with this id; the file's first character if the pass did not come by it."""
        if key not in self.ranges:
            return Span(1, 1, 1, 1)
        start, end = self.ranges[key]
        line, column = self._locate(start)
        end_line, end_column = self._locate(end)
        return Span(line, column, end_line, end_column)

    def _locate(self, token: int) -> tuple[int, int]:
        offset = self._offsets[token]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1 + self._form_feeds.get(line, 0)


@contextmanager
def _room_for_recursion() -> Iterator[None]:
    """Generating code takes up to six calls for a level of the tree, of which there may be :data:`MAX_LEVELS`.

    Since Python 3.11 calls between Python functions take no room on the stack of C; before, the usual limit has to do.
    """
    usual = sys.getrecursionlimit()
    if sys.version_info >= (3, 11):
        sys.setrecursionlimit(usual + 8 * MAX_LEVELS)
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)


def _form_feeds(text: str) -> dict[int, int]:
    """How many form feeds begin each line: LibCST drops them there."""
    if "\f" not in text:
        return {}
    return {
        number: len(line) - len(line.lstrip("\f"))
        for number, line in enumerate(text.split("\n"), 1)
        if line.startswith("\f")
    }
