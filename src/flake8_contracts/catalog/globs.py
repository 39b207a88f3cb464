"""Glob patterns over a project's files, and what is wrong with one that matches nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import takewhile

_MAGIC = re.compile(r"[*?\[]")
_STARS = re.compile(r"\*+")
_MAX_LOOSE_STARS = 2
_MAX_DOUBLE_STARS = 4


def glob_regex(pattern: str) -> str:
    """The regular expression for a glob, to be matched in full against a path relative to the project root.

    Paths have forward slashes. ``*`` and ``?`` match within one part of a path, ``**`` as a part any number of parts,
    ``[…]`` a character. A pattern without a slash, other than a final one, matches a file or directory of that name
    anywhere; one with a slash starts at the root. What matches a directory matches everything below it.
    """
    parts = _parts(pattern)
    expression = "" if _is_bound_to_root(pattern) else "(?:.*/)?"
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        if part == "**":
            expression += ".*" if is_last else "(?:.*/)?"
        else:
            expression += _part_regex(part) + ("" if is_last else "/")
    return f"(?:{expression})(?:/.*)?"


def takes_too_long(pattern: str) -> bool:
    """Whether a glob has so many stars that matching it may take for ever.

    The second star of a part, and each one after it, multiplies the ways to match by the length of a name; ``**``
    multiplies them by the depth of a path. Patterns in use have two or three (``*.py[cod]*``, ``**/logs/*.log*``).
    """
    parts = pattern.split("/")
    loose = sum(max(len(_STARS.findall(part)) - 1, 0) for part in parts)
    return loose > _MAX_LOOSE_STARS or parts.count("**") > _MAX_DOUBLE_STARS


def _part_regex(part: str) -> str:
    expression, position = "", 0
    while position < len(part):
        char = part[position]
        position += 1
        if char == "*":
            expression += "[^/]*"
        elif char == "?":
            expression += "[^/]"
        elif char == "[" and (end := part.find("]", position + 1)) > 0:
            expression += _character_class(part[position:end])
            position = end + 1
        else:
            expression += re.escape(char)
    return expression


def _character_class(body: str) -> str:
    """What stands between brackets; a range whose ends are in the wrong order has no characters, as for a shell."""
    negated = body[:1] in ("!", "^")
    body = body[negated:]
    members, position = "", 0
    while position < len(body):
        first = last = body[position]
        position += 1
        if body[position : position + 1] == "-" and position + 1 < len(body):
            last = body[position + 1]
            position += 2
        if first <= last:
            members += re.escape(first) if first == last else f"{re.escape(first)}-{re.escape(last)}"
    if negated:
        return f"[^/{members}]"
    return f"(?!/)[{members}]" if members else "(?!)"


def compile_globs(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """One regular expression for several globs, ``None`` for none."""
    expressions = [glob_regex(pattern) for pattern in patterns]
    return re.compile("|".join(expressions), re.DOTALL) if expressions else None


def _parts(pattern: str) -> list[str]:
    return pattern.removeprefix("./").strip("/").split("/")


def _is_bound_to_root(pattern: str) -> bool:
    return "/" in pattern.rstrip("/")


def literal_prefix(pattern: str) -> list[str]:
    """The parts of a pattern before its first wildcard; nothing for a pattern that is not bound to the root."""
    parts = _parts(pattern) if _is_bound_to_root(pattern) else []
    return list(takewhile(lambda part: not _MAGIC.search(part), parts))


def nearest_path(pattern: str, paths: Collection[str]) -> str | None:
    """The path of the project that comes closest to what a pattern without matches asks for.

    The pattern is followed from the root as far as it is right; its first part that is wrong is compared with the
    names that exist there. ``paths`` are files, relative to the root.
    """
    from flake8_contracts.suggestions import nearest

    directory, wrong, is_last = _first_wrong_part(pattern, paths)
    below = [path[len(directory) :] for path in paths if path.startswith(directory)]
    if is_last or _MAGIC.search(wrong):
        # Any file below may have been meant: compare names only.
        known = {path.rsplit("/", 1)[-1]: path for path in sorted(below, reverse=True)}
        wrong = _parts(pattern)[-1]
    else:
        known = {path.split("/", 1)[0]: path.split("/", 1)[0] for path in below}
    near = nearest(wrong, known, similarity=0.6)
    return directory + known[near] if near is not None else None


def _first_wrong_part(pattern: str, paths: Collection[str]) -> tuple[str, str, bool]:
    """The directory up to which a pattern is right, the part that follows, and whether that is its last one."""
    directory = ""
    parts = _parts(pattern)
    for part in parts[:-1]:
        inner = f"{directory}{part}/"
        if _MAGIC.search(part) or not any(path.startswith(inner) for path in paths):
            return directory, part, False
        directory = inner
    return directory, parts[-1], True
