"""One more item between brackets: Python's and JSON's lists, dictionaries and calls, TOML's arrays, YAML's flow style.

The item is written as the others are: on a line of its own, with a comma after it or without.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

Piece = tuple[int, int, str]
"""Replace the text from an offset to another."""

_REST_OF_LINE = re.compile(r"[ \t]*(,?)[ \t]*((?:#|//)[^\r\n]*)?(?=[\r\n]|\Z)")


@dataclass(frozen=True)
class Brackets:
    """What stands between two brackets: ``start`` is behind the opening one, ``end`` at the closing one."""

    text: str
    start: int
    end: int
    items: Sequence[tuple[int, int]]

    def with_item(self, new: str, index: int) -> list[Piece]:
        """The pieces that make ``new`` the item number ``index``."""
        if not self.items:
            inner = self.text[self.start : self.end]
            return [] if inner.strip() else [(self.start, self.end, new)]
        if index < len(self.items):
            return self._before(self.items[index][0], new)
        return self._after(self.items[-1], new)

    def _before(self, start: int, new: str) -> list[Piece]:
        line = self._line_start(start)
        indent = self.text[line:start]
        if indent.strip():
            return [(start, start, f"{new}, ")]
        first = self._above_comments(line)
        return [(first, first, f"{indent}{new},\n")]

    def _above_comments(self, line: int) -> int:
        """The beginning of the comment lines that belong to the item on a line."""
        while line > self.start:
            above = self._line_start(line - 1)
            if above <= self.start or not self.text[above:line].lstrip().startswith("#"):
                return line
            line = above
        return line

    def _after(self, last: tuple[int, int], new: str) -> list[Piece]:
        start, end = last
        line = self._line_start(start)
        indent = self.text[line:start]
        if indent.strip() or line <= self.start:
            return [(end, end, f", {new}")]
        rest = _REST_OF_LINE.match(self.text, end)
        if rest is None:
            return [(end, end, f",\n{indent}{new}")]
        stop = rest.end()
        if rest[1]:
            return [(stop, stop, f"\n{indent}{new},")]
        if not rest[2]:
            return [(end, end, f",\n{indent}{new}")]
        return [(end, end, ","), (stop, stop, f"\n{indent}{new}")]

    def _line_start(self, offset: int) -> int:
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1


def place_for(keys: Sequence[str | None], new: str) -> int:
    """Where ``new`` belongs: into its place if the keys are sorted, else to the end."""
    known = [key for key in keys if key is not None]
    if len(known) == len(keys) and len(known) > 1 and known == sorted(known):
        return bisect_left(known, new)
    return len(keys)
