"""What can be wrong with a contract: one value per problem, and the words that all messages share."""

from __future__ import annotations

import difflib
import enum
from dataclasses import dataclass
from typing import Iterable

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


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a contract.

    ``rule`` is the name of the linter's rule. ``key`` is the mapping's key or the list's item that is meant,
    ``None`` for the field as a whole. ``message`` says what is wrong and why it fails, ``remedy`` what to do;
    both are one line.
    """

    rule: str
    severity: str
    field: str
    key: object
    value: object
    message: str
    remedy: str

    @property
    def text(self) -> str:
        """Message and remedy as one sentence."""
        return f"{self.message}; {self.remedy}"

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


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the one of ``known`` that ``name`` was probably meant to be, or ``None``."""
    candidates = sorted(known)
    folded = {candidate.lower(): candidate for candidate in reversed(candidates)}
    if name.lower() in folded:
        return folded[name.lower()]
    matches = difflib.get_close_matches(name.lower(), sorted(folded), n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None
