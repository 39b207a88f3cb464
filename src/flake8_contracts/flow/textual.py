"""Operations on texts and paths with unknown parts. Container paths are POSIX, whatever machine lints."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

import libcst as cst

from flake8_contracts.flow.values import ANY, Part, Text
from flake8_contracts.syntax.source import SourceModule

#: Longer texts, and texts of more parts, are no paths: a program that doubles one over and over would use up all
#: memory.
MAX_LENGTH, MAX_PARTS = 200_000, 200


def normal(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts with neighbouring strings merged and empty ones dropped; one unknown part for what is too long."""
    result: list[Part] = []
    for part in parts:
        if part == "":
            continue
        if result and isinstance(part, str) and isinstance(result[-1], str):
            result[-1] += part
            if len(result[-1]) > MAX_LENGTH:
                return (ANY,)
        else:
            result.append(part)
    return tuple(result) if len(result) <= MAX_PARTS else (ANY,)


def concat(pieces: list[Text], node: cst.CSTNode | None, source: SourceModule | None) -> Text:
    """The texts one after the other; derived from the first one if that is where the path begins."""
    parts = normal(part for piece in pieces for part in piece.parts)
    base = pieces[0] if pieces and pieces[0].parts else None
    return Text(parts, node=node, source=source, base=base)


def join(
    pieces: list[Text], node: cst.CSTNode | None, source: SourceModule | None, *, is_path: bool = False
) -> Text:
    """``os.path.join`` and ``Path.joinpath``: a later absolute piece discards what stands before it."""
    parts: list[Part] = []
    for index, piece in enumerate(pieces):
        new = list(piece.parts)
        if not new and is_path:
            continue
        if piece.prefix.startswith("/") and index:
            parts = new
            continue
        if parts and not _ends_with_slash(parts):
            parts.append("/")
        elif parts and is_path and isinstance(new[0], str):
            new[0] = new[0].lstrip("/")
        parts.extend(new)
    result = normal(parts)
    if is_path:
        result = _tidy(result)
    base = pieces[0] if pieces else None
    return Text(result, is_path=is_path, node=node, source=source, base=base)


def as_path(value: Text, node: cst.CSTNode | None, source: SourceModule | None) -> Text:
    """``Path(value)``: the same path, its spelling tidied."""
    return Text(_tidy(value.parts), is_path=True, node=value.node or node, source=value.source or source,
                base=value.base, via=value.via)  # fmt: skip


def as_string(value: Text) -> Text:
    """``str(path)``."""
    if not value.is_path:
        return value
    return Text(value.parts, node=value.node, source=value.source, base=value.base, via=value.via)


def rewritten(
    value: Text, parts: Iterable[Part], node: cst.CSTNode | None, source: SourceModule | None
) -> Text:
    """A text made from ``value`` by changing its parts."""
    return Text(normal(parts), is_path=value.is_path, node=node, source=source, base=value)


def parent(value: Text, node: cst.CSTNode | None, source: SourceModule | None) -> Text | None:
    """``Path.parent`` and ``os.path.dirname``; ``None`` when the last component cannot be told.

    An unknown part is taken for a piece of one component: ``…/{name}``, ``…/part-{number}.csv``.
    """
    parts = list(value.parts)
    if not parts:
        return None
    if value.is_path and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip("/")
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if isinstance(part, str) and "/" in part:
            before = part.rpartition("/")[0].rstrip("/")
            return rewritten(value, [*parts[:index], before or ("" if index else "/")], node, source)
    return None


def basename(value: Text, node: cst.CSTNode | None, source: SourceModule | None) -> Text:
    """``Path.name`` and ``os.path.basename``."""
    last = value.parts[-1] if value.parts else ""
    if isinstance(last, str) and "/" in last.rstrip("/"):
        return Text((last.rstrip("/").rpartition("/")[2],), node=node, source=source)
    if len(value.parts) == 1 and isinstance(last, str):
        return Text(normal([last]), node=node, source=source)
    return Text((ANY,), node=node, source=source)


def normpath(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The path without ``.``, ``..`` and double slashes as far as the parts are known."""
    if len(parts) == 1 and isinstance(parts[0], str):
        return (posixpath.normpath(parts[0]),)
    result: list[Part] = []
    for index, part in enumerate(parts):
        if isinstance(part, str):
            while "//" in part:
                part = part.replace("//", "/")
            part = part.replace("/./", "/")
            if index == 0 and "/../" in part:
                closed, slash, rest = part.rpartition("/")
                part = posixpath.normpath(closed) + slash + rest
            if index == len(parts) - 1 and len(part) > 1:
                part = part.rstrip("/")
        result.append(part)
    return normal(result)


def literal_text(value: object, node: cst.CSTNode | None, source: SourceModule | None) -> Text:
    """``str(value)`` of a constant."""
    return Text(normal([str(value)]), node=node, source=source)


def _ends_with_slash(parts: list[Part]) -> bool:
    return bool(parts) and isinstance(parts[-1], str) and parts[-1].endswith("/")


def _tidy(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The spelling of ``pathlib``: no double slashes, no ``/.``, no trailing slash; ``..`` is kept."""
    result: list[Part] = []
    for index, part in enumerate(parts):
        if isinstance(part, str):
            while "//" in part:
                part = part.replace("//", "/")
            while "/./" in part:
                part = part.replace("/./", "/")
            if index == len(parts) - 1:
                part = part.removesuffix("/.")
                if index or len(part) > 1:
                    part = part.rstrip("/")
        result.append(part)
    return normal(result)
