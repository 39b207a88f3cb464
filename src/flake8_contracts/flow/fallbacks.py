"""Where values of environment variables go: into tests, comparisons and fall-backs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.events import EnvironmentRead, KeyLookup
from flake8_contracts.flow.values import Hole, Text, Value, options

if TYPE_CHECKING:
    from flake8_contracts.flow.events import Guard
    from flake8_contracts.flow.interpreter import Interpreter

#: How many events back the look-ups of one expression are searched.
_CHAIN = 16


class Fallbacks:
    """Notes on environment reads. The base of :class:`~flake8_contracts.flow.expressions.Expressions`."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp

    def note_fallback(self, value: Value, facts: Iterable[Guard], instead_of: Value | None = None) -> None:
        """``value`` is used where ``facts`` say that an environment read gave nothing: it is that read's default.

        With ``instead_of``, only if the read's own value is used in the other case.
        """
        if self.interp.prose:
            return
        for guard in facts:
            read = guard[1]
            if guard[0] != "unset" or not isinstance(read, EnvironmentRead):
                continue
            if instead_of is None or any(hole.ref is read for hole in _environment_holes(instead_of)):
                read.fallbacks.append(value)

    def note_guarded(self, value: Value, facts: Iterable[Guard], default: Value) -> None:
        """``default`` is used instead of ``value`` where ``facts``, that its variables are set, do not hold."""
        for hole in _environment_holes(value):
            if ("env", hole.name) in facts and not self.interp.prose:
                hole.ref.fallbacks.append(default)

    def note_chain(self, first: cst.CSTNode, *others: cst.CSTNode) -> None:
        """The look-ups ``others`` are the fall-backs of the look-up ``first``; all were evaluated just now."""
        recent = [event for event in self.interp.trace.events[-_CHAIN:] if isinstance(event, KeyLookup)]
        leading = next((event for event in reversed(recent) if event.site is first), None)
        if leading is not None:
            for event in recent:
                if event.site in others and event is not leading:
                    event.instead_of = leading

    def default_of_reads(self, value: Value, default: Value) -> None:
        """``default`` stands in for the environment reads in ``value`` when their variables are not set."""
        for hole in _environment_holes(value):
            hole.ref.fallbacks.append(default)

    def fold_case(self, value: Value) -> None:
        """The program changes the case of ``value``: environment reads in it are compared without regard to case."""
        for hole in _environment_holes(value):
            hole.ref.folds_case = True

    def tested(self, value: Value) -> None:
        """The program tests whether ``value`` is empty."""
        for hole in _environment_holes(value):
            hole.ref.tested = True

    def unset_guards(self, value: Value) -> frozenset[Guard]:
        """What holds where ``value`` turned out empty or ``None``."""
        return frozenset(("unset", hole.ref) for hole in _environment_holes(value))

    def set_guards(self, value: Value) -> frozenset[Guard]:
        """What holds where ``value`` turned out not empty."""
        return frozenset(("env", hole.name) for hole in _environment_holes(value) if hole.name)


def _environment_holes(value: Value) -> list[Hole]:
    return [
        part
        for option in options(value)
        if isinstance(option, Text)
        for part in option.parts
        if isinstance(part, Hole) and isinstance(part.ref, EnvironmentRead)
    ]
