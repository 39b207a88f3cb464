"""What can be wrong with a declaration: one value per problem, and the words that all messages share."""

from __future__ import annotations

import difflib
import enum
from dataclasses import dataclass, replace
from typing import Any, Collection, Iterable, Mapping

ERROR = "error"
"""The models refuse a contract with such a problem."""
WARNING = "warning"
"""The models accept it; the job may still fail, so the linter reports it."""

_LONGEST_QUOTE = 120


class Unresolved(enum.Enum):
    """The type of :data:`UNRESOLVED`; an enumeration, so that copies and pickles stay the same object."""

    UNRESOLVED = "unresolved"

    def __repr__(self) -> str:
        return "UNRESOLVED"


UNRESOLVED = Unresolved.UNRESOLVED
"""Stands for a value that is not known without running code. It never causes a problem."""


def has_unresolved_key(mapping: Mapping[Any, object]) -> bool:
    """Whether a mapping may have further entries."""
    return UNRESOLVED in mapping


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a contract, a step specification or a pipeline.

    ``rule`` is the name of the linter's rule. ``key`` is the mapping's key or the list's item that is meant,
    ``None`` for the field as a whole; ``part`` is the field of that item, such as "property_path", where one
    is meant; ``step`` is the step's name where there are several. ``value`` was found, and ``expected`` should
    have been, where one value can be named. ``message`` says what is wrong and why it fails, ``remedy`` what
    to do; both are one line.
    """

    rule: str
    severity: str
    field: str
    key: object
    value: object
    message: str
    remedy: str
    expected: object = None
    part: str | None = None
    step: str | None = None

    @property
    def text(self) -> str:
        """Message and remedy as one sentence."""
        return f"{self.message}; {self.remedy}"

    def at_step(self, step: str) -> Problem:
        """Return the same problem of the pipeline's step of this name."""
        return replace(self, step=step)

    def __str__(self) -> str:
        return f"{self.text} [{self.rule}]"


def quoted(value: object) -> str:
    """Return ``value`` as a message shows it: strings in quotes, on one line and not endlessly long."""
    try:
        text = repr(value)
    except ValueError:  # an integer with more digits than Python prints
        text = f"<{type(value).__name__}>"
    if len(text) <= _LONGEST_QUOTE:
        return text
    middle = "…"
    half = (_LONGEST_QUOTE - len(middle)) // 2
    return text[:half] + middle + text[-half:]


def type_name(value: object) -> str:
    """How a message calls the type of ``value``."""
    if value is None:
        return "None"
    names = {
        str: "a string",
        bool: "a boolean",
        int: "an integer",
        float: "a float",
        list: "a list",
        dict: "a mapping",
    }
    return names.get(type(value), f"of type {type(value).__name__}")


def closest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the one of ``known`` that ``name`` was probably meant to be, or ``None``.

    ``likeness`` is the least ratio of shared characters, from 0 to 1 (see ``difflib.SequenceMatcher.ratio``).
    """
    candidates = sorted(known)
    folded = {candidate.lower(): candidate for candidate in reversed(candidates)}
    if name.lower() in folded:
        return folded[name.lower()]
    matches = difflib.get_close_matches(name.lower(), sorted(folded), n=1, cutoff=likeness)
    return folded[matches[0]] if matches else None


def listed(names: Collection[str], most: int = 4) -> str:
    """Return names as a message shows them: quoted, in their order, and only the first few."""
    shown = [quoted(name) for name in list(names)[:most]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
