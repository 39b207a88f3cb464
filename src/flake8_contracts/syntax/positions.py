"""Positions of the few nodes that someone asks for.

LibCST trees carry no positions. ``PositionProvider`` computes them for every node, which costs more than parsing;
here one code-generation pass over the section of the file that holds a *wanted* node notes the token index at which
such nodes start and end, and only these are turned into lines and columns.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

from flake8_contracts.findings import Span
from flake8_contracts.syntax.nesting import MAX_LEVELS
from flake8_contracts.syntax.sections import Section
from flake8_contracts.syntax.walking import parts

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
    """The spans of one file's nodes.

    Sections are looked through for announced nodes until the one in question is found, and the code of its section is
    generated. Should a node not have been announced in time, all nodes of a section are noted, so that for no section
    code is generated more than twice.
    """

    def __init__(self, sections: Sequence[Section], text: str) -> None:
        self._sections = sections
        self._text = text
        # Nodes are kept alive by the trees, so their ids are stable keys.
        self._wanted: set[int] = set()
        self._holders: dict[int, int] = {}
        self._looked_through = 0
        self._generated: dict[int, _Generated] = {}
        self._complete: dict[int, _Generated] = {}

    def want(self, node: cst.CSTNode) -> None:
        """Announce that the position of ``node`` may be asked for."""
        self._wanted.add(id(node))

    def span(self, node: cst.CSTNode) -> Span:
        """The span of ``node`` without surrounding whitespace; the file's first character if it is not in the file."""
        key = id(node)
        self._wanted.add(key)
        while key not in self._holders and self._looked_through < len(self._sections):
            self._look_through(self._looked_through)
            self._looked_through += 1
        index = self._holders.get(key)
        if index is not None:
            generated = self._generated.get(index)
            if generated is None:
                generated = self._generated[index] = self._generate(index, frozenset(self._wanted))
            if key in generated.ranges:
                return generated.span(key)
        for index in range(len(self._sections)):
            generated = self._complete.get(index)
            if generated is None:
                generated = self._complete[index] = self._generate(index, _Everything())
            if key in generated.ranges:
                return generated.span(key)
        return Span(1, 1, 1, 1)

    def _look_through(self, index: int) -> None:
        """Note which of the wanted nodes are in a section."""
        wanted, holders = self._wanted, self._holders
        pending: list[cst.CSTNode] = [self._sections[index].tree]
        while pending:
            node = pending.pop()
            if id(node) in wanted:
                holders[id(node)] = index
            pending.extend(parts(node))

    def _generate(self, index: int, wanted: Container[int]) -> _Generated:
        section = self._sections[index]
        return _Generated(section, wanted, self._form_feeds)

    @cached_property
    def _form_feeds(self) -> dict[int, int]:
        """How many form feeds begin each line: LibCST drops them there."""
        if "\f" not in self._text:
            return {}
        return {
            number: len(line) - len(line.lstrip("\f"))
            for number, line in enumerate(self._text.split("\n"), 1)
            if line.startswith("\f")
        }


class _Generated:
    """The token ranges of a section's nodes, from one code-generation pass."""

    def __init__(self, section: Section, wanted: Container[int], form_feeds: dict[int, int]) -> None:
        recorder = _Recorder(section.tree, wanted)
        with _room_for_recursion():
            # LibCST offers no public way to generate code with a state of one's own.
            section.tree._codegen(recorder)  # noqa: SLF001
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
        self._before = section.line - 1
        self._form_feeds = form_feeds

    def span(self, key: int) -> Span:
        """The span of a node of which the range was noted."""
        start, end = self.ranges[key]
        line, column = self._locate(start)
        end_line, end_column = self._locate(end)
        return Span(line, column, end_line, end_column)

    def _locate(self, token: int) -> tuple[int, int]:
        offset = self._offsets[token]
        index = bisect_right(self._lines, offset)
        line = self._before + index
        return line, offset - self._lines[index - 1] + 1 + self._form_feeds.get(line, 0)


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
