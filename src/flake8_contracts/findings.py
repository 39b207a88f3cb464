"""Where things stand in files, and what the linter says about them.

These are the words that every room shares: a :class:`Place` is something that can be pointed at, a
:class:`Report` is what a rule says about a place, and a :class:`Finding` is a report with its position resolved, as
users see it. Positions are resolved late because only code that ends up in a finding should pay for them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple, Protocol


class Span(NamedTuple):
    """A range in a text. Lines and columns start at 1, columns count characters, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 1)


class Place(Protocol):
    """Something in a file that can be pointed at."""

    @property
    def path(self) -> Path:
        """The file, absolute."""

    @property
    def span(self) -> Span:
        """The range; may be computed on first access."""


class FixedPlace(NamedTuple):
    """A place whose position is already known: a key in a data file, a whole file, a parse error."""

    path: Path
    span: Span = START


Applicability = Literal["safe", "unsafe"]


class Edit(NamedTuple):
    """Replace the text of ``span`` in ``path`` by ``replacement``."""

    path: Path
    span: Span
    replacement: str


class Fix(NamedTuple):
    """A repair: all edits are applied, or none. ``creates`` are the edited files that must not exist before."""

    title: str
    applicability: Applicability
    edits: tuple[Edit, ...]
    creates: tuple[Path, ...] = ()


class Repair(Protocol):
    """What would repair a finding, but not how: the room ``fixes`` turns it into edits when somebody asks."""

    @property
    def title(self) -> str:
        """What is done, as an editor's menu offers it: one line, imperative."""

    @property
    def applicability(self) -> Applicability:
        """Whether the meaning is kept (or the old text could not work), or somebody has to judge."""


class Related(NamedTuple):
    """Another place that explains a finding, such as the contract that does not declare a path."""

    path: str
    line: int
    column: int
    message: str


class Hint(NamedTuple):
    """A related place before its position is resolved."""

    place: Place
    message: str


class Report(NamedTuple):
    """What a rule says about a place. ``message`` is one line without the code."""

    code: str
    place: Place
    message: str
    hints: tuple[Hint, ...] = ()
    repair: Repair | None = None


MAX_MESSAGE = 300
_SHORTEST_WORD = 24


def fitting(message: str) -> str:
    """The message in at most ``MAX_MESSAGE`` characters: its longest words, which are values, lose their middles."""
    if len(message) <= MAX_MESSAGE:
        return message
    words = message.split(" ")
    excess = len(message) - MAX_MESSAGE
    while excess > 0:
        index = max(range(len(words)), key=lambda number: len(words[number]))
        word = words[index]
        kept = max(len(word) - excess - 1, _SHORTEST_WORD)
        if kept + 1 >= len(word):
            return f"{' '.join(words)[: MAX_MESSAGE - 1]}…"
        words[index] = f"{word[: kept // 2]}…{word[len(word) - (kept - kept // 2) :]}"
        excess -= len(word) - len(words[index])
    return " ".join(words)


class Finding(NamedTuple):
    """One disagreement, as users and editors see it.

    ``path`` is the path as it was given on the command line (or relative to the working directory for files that
    were found), ``line`` and ``column`` start at 1 and columns count characters; the end is exclusive. Two findings
    are compared without their fixes and related places.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    message: str
    fix: Fix | None = None
    related: tuple[Related, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self[:_COMPARED] == other[:_COMPARED]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: tuple[object, ...]) -> bool:
        return self[:_COMPARED] < other[:_COMPARED]

    def __le__(self, other: tuple[object, ...]) -> bool:
        return self[:_COMPARED] <= other[:_COMPARED]

    def __gt__(self, other: tuple[object, ...]) -> bool:
        return self[:_COMPARED] > other[:_COMPARED]

    def __ge__(self, other: tuple[object, ...]) -> bool:
        return self[:_COMPARED] >= other[:_COMPARED]

    def __hash__(self) -> int:
        return hash(self[:_COMPARED])


_COMPARED = Finding._fields.index("fix")
