"""Near misses: which known name somebody probably meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from itertools import islice

# Below this similarity two names have little in common but their length: `env` is no slip for `spec`.
SIMILARITY = 0.75

MAX_KNOWN = 200
"""Among more names than that none is looked for: comparing a thousand with a thousand takes half a minute."""

_MAX_LIKELY = 20
_CODE = re.compile(r"(?P<group>[A-Z]+\d)(?P<number>\d\d)")


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


def did_you_mean_code(code: str, known: Iterable[str]) -> str:
    """The same for the code of a rule: if none is spelled like it, the two of its group that are next to it."""
    codes = sorted(known)
    near = did_you_mean(code, codes)
    wanted = _CODE.fullmatch(code.upper())
    if near or wanted is None:
        return near
    group, number = wanted["group"], int(wanted["number"])
    matches = filter(None, map(_CODE.fullmatch, codes))
    others = [match for match in matches if match["group"] == group]
    others.sort(key=lambda match: abs(int(match["number"]) - number))
    shown = " or ".join(repr(match.group()) for match in others[:2])
    return f"; did you mean {shown}?" if shown else ""


def close_match(name: str, known: Collection[str], similarity: float) -> str | None:
    """The known name that :func:`difflib.get_close_matches` finds, among at most :data:`MAX_KNOWN` of them."""
    if len(known) > MAX_KNOWN:
        return None
    from difflib import get_close_matches

    found = get_close_matches(name, known, 1, similarity)
    return found[0] if found else None


class ManyNames:
    """Names of which there may be tens of thousands: only those are compared that share what few names have."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_part: dict[str, list[str]] = {}
        for name in names:
            for part in _parts(name):
                self._by_part.setdefault(part, []).append(name)

    def close_match(self, name: str, similarity: float, accept: Callable[[str], bool]) -> str | None:
        """The accepted name that is most similar; see :func:`close_match`."""
        shared: Counter[str] = Counter()
        for part in sorted(_parts(name)):
            found = self._by_part.get(part, [])
            if len(found) <= MAX_KNOWN:
                shared.update(found)
        likely = filter(accept, (candidate for candidate, _ in shared.most_common()))
        return close_match(name, list(islice(likely, _MAX_LIKELY)), similarity)


def _parts(name: str) -> set[str]:
    """All groups of three characters."""
    return {name[start : start + 3] for start in range(max(len(name) - 2, 1))}
