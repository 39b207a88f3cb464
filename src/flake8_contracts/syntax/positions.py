"""Positions of the few nodes that someone asks for.

LibCST trees carry no positions. ``PositionProvider`` computes them for every node, which costs more than parsing;
here one code-generation pass notes the token index at which each *wanted* node starts and ends, and only these are
turned into lines and columns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

from flake8_contracts.findings import Span

_NOTHING: AbstractContextManager[None] = nullcontext()


class _Recorder(CodegenState):
    """Generates code and notes the token range of the wanted nodes, without surrounding whitespace."""

    def __init__(self, tree: cst.Module, wanted: set[int]) -> None:
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
    """The spans of one module's nodes, computed together when the first one is needed."""

    def __init__(self, tree: cst.Module, text: str) -> None:
        self._tree = tree
        self._text = text
        # Nodes are kept alive by the tree, so their ids are stable keys.
        self._wanted: set[int] = set()
        self._spans: dict[int, Span] = {}

    def want(self, node: cst.CSTNode) -> None:
        """Announce that the position of ``node`` may be asked for."""
        self._wanted.add(id(node))

    def span(self, node: cst.CSTNode) -> Span:
        """The span of ``node`` without surrounding whitespace."""
        key = id(node)
        if key not in self._spans:
            self._wanted.add(key)
            self._compute()
        return self._spans.get(key, Span(1, 1, 1, 1))

    def _compute(self) -> None:
        recorder = _Recorder(self._tree, self._wanted - self._spans.keys())
        # LibCST offers no public way to generate code with a state of one's own.
        self._tree._codegen(recorder)  # noqa: SLF001
        offsets = [0]
        for token in recorder.tokens:
            offsets.append(offsets[-1] + len(token))
        text = "".join(recorder.tokens)
        lines = [0]
        at = text.find("\n")
        while at >= 0:
            lines.append(at + 1)
            at = text.find("\n", at + 1)
        shifts = _form_feeds(self._text)
        for key, (start, end) in recorder.ranges.items():
            line, column = _locate(lines, offsets[start])
            end_line, end_column = _locate(lines, offsets[end])
            self._spans[key] = Span(
                line, column + shifts.get(line, 0), end_line, end_column + shifts.get(end_line, 0)
            )


def _form_feeds(text: str) -> dict[int, int]:
    """How many form feeds begin each line: LibCST drops them there."""
    if "\f" not in text:
        return {}
    return {
        number: len(line) - len(line.lstrip("\f"))
        for number, line in enumerate(text.split("\n"), 1)
        if line.startswith("\f")
    }


def _locate(lines: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(lines, offset) - 1
    return line + 1, offset - lines[line] + 1
