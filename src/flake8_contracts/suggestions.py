"""Near misses: which known name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable

# Below this similarity two names have little in common but their length: `env` is no slip for `spec`.
SIMILARITY = 0.75


def nearest(name: str, known: Iterable[str], *, similarity: float = SIMILARITY) -> str | None:
    """The known name that looks most like ``name``, or ``None`` if none is close.

    ``similarity`` is the smallest accepted ratio of :class:`difflib.SequenceMatcher`, between 0 and 1. Letter case does
    not count; of two equally close names the first in alphabetical order is returned.
    """
    from difflib import SequenceMatcher  # not at the top: only wrong input needs it

    matcher = SequenceMatcher(b=name.casefold())
    best, found = similarity, None
    for candidate in sorted(set(known)):
        matcher.set_seq1(candidate.casefold())
        # The quick ratios are upper bounds, and spare most of the work where there are many candidates.
        if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue
        ratio = matcher.ratio()
        if ratio > best or (found is None and ratio == best):
            best, found = ratio, candidate
    return found


def did_you_mean(name: str, known: Iterable[str], *, similarity: float = SIMILARITY) -> str:
    """``; did you mean 'x'?`` to be appended to a message, or nothing."""
    near = nearest(name, known, similarity=similarity)
    return f"; did you mean {near!r}?" if near is not None else ""
