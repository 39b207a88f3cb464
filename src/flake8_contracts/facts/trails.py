"""The way of a value through the script, from where it is written to where it is used."""

from __future__ import annotations

import libcst as cst

from flake8_contracts.findings import Hint
from flake8_contracts.flow.events import Event
from flake8_contracts.flow.values import Text

#: Longer ways are shortened in the middle.
MAX_STEPS = 12


def trail(event: Event, value: Text | None) -> tuple[Hint, ...]:
    """The places that a value passed before ``event``: where it is written, joined, and handed from call to call."""
    steps: list[Hint] = []
    if value is not None:
        steps.extend(_making(value))
    steps.extend(_calls(event))
    if len(steps) > MAX_STEPS:
        half = MAX_STEPS // 2
        steps = [*steps[:half], *steps[-half:]]
    return tuple(steps)


def _making(value: Text) -> list[Hint]:
    steps: list[Hint] = []
    seen: set[int] = set()
    current: Text | None = value
    while current is not None:
        node, source = current.node, current.source
        if node is not None and source is not None and id(node) not in seen:
            seen.add(id(node))
            how = "written" if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)) else "made"
            through = f", taken out by {', '.join(current.via)}" if current.via else ""
            steps.append(Hint(source.place(node), f"'{current}' is {how} here{through}"))
        current = current.base
    return steps[::-1]


def _calls(event: Event) -> list[Hint]:
    """The calls of the project's functions that lead to the event, the outermost first."""
    steps: list[Hint] = []
    frame = event.frame
    while frame.caller is not None and frame.call is not None:
        if frame.function is not None:
            place = frame.caller.source.place(frame.call)
            steps.append(Hint(place, f"{frame.function.name}() is called here"))
        frame = frame.caller
    return steps[::-1]
