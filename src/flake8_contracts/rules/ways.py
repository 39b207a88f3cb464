"""How a path came to an operation, for messages and related places."""

from __future__ import annotations

from flake8_contracts.facts.model import PathUse
from flake8_contracts.facts.trails import trail
from flake8_contracts.findings import Hint


def way(use: PathUse) -> tuple[Hint, ...]:
    """The places that the path passed on its way to the operation."""
    return trail(use.event, use.value) if use.event is not None else ()


def elsewhere(use: PathUse) -> str:
    """Where the operation stands, if that is not in the script itself: `` (in frames.py:25)``."""
    if use.place is None or use.real_place.path == use.place.path:
        return ""
    return f" (in {use.real_place.path.name}:{use.real_place.span.line})"
