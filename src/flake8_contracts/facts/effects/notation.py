"""The words in which the catalogue is written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from flake8_contracts.facts.effects.schema import Effect, Entry, PathArgument, Shape

#: What a table says of one call: an argument, or several.
Paths = PathArgument | tuple[PathArgument, ...]

# Most arguments are like many others.
_argument = cache(PathArgument)


def reads(
    index: int | None,
    keyword: str | None = None,
    shape: Shape = "file",
    suffixes: tuple[str, ...] = (),
    unless: tuple[str, ...] = (),
) -> PathArgument:
    """Files are read."""
    return _argument(Effect.READ, index, keyword, shape, None, suffixes, unless)


def writes(
    index: int | None,
    keyword: str | None = None,
    shape: Shape = "file",
    suffixes: tuple[str, ...] = (),
    unless: tuple[str, ...] = (),
) -> PathArgument:
    """Files are written or replaced."""
    return _argument(Effect.WRITE, index, keyword, shape, None, suffixes, unless)


def opens(
    index: int | None,
    keyword: str | None,
    mode: tuple[int | None, str, str] = (1, "mode", "r"),
    effect: Effect = Effect.READ,
    shape: Shape = "file",
) -> PathArgument:
    """A file is opened under a mode (position, keyword, default); ``effect``: what the default does."""
    return _argument(effect, index, keyword, shape, mode)


def extracts(index: int | None, keyword: str | None = None) -> PathArgument:
    """An archive is unpacked below the directory."""
    return _argument(Effect.EXTRACT, index, keyword, "directory")


def lists(index: int | None, keyword: str | None = None) -> PathArgument:
    """The directory's entries are listed."""
    return _argument(Effect.LIST, index, keyword, "directory")


def makes(index: int | None, keyword: str | None = None) -> PathArgument:
    """The directory is made."""
    return _argument(Effect.MAKE_DIRECTORY, index, keyword, "directory")


def deletes(index: int | None, keyword: str | None = None, shape: Shape = "file") -> PathArgument:
    """What stands at the path is deleted."""
    return _argument(Effect.DELETE, index, keyword, shape)


def looks_at(index: int | None, keyword: str | None = None) -> PathArgument:
    """Existence or metadata is looked at or set."""
    return _argument(Effect.TEST, index, keyword, "either")


def hands_on(index: int | None, keyword: str | None = None, shape: Shape = "either") -> PathArgument:
    """Another program, or a later call, does something with the path."""
    return _argument(Effect.HANDED_ON, index, keyword, shape)


def documented(source: str, calls: Mapping[str, Paths]) -> dict[str, Entry]:
    """The entries of several calls that one source describes, by name."""
    return {
        name: Entry(paths if isinstance(paths, tuple) else (paths,), source) for name, paths in calls.items()
    }


def methods(root: str, source: str, calls: Mapping[str, Paths]) -> dict[tuple[str, str], Entry]:
    """The same for methods of objects that come from the library ``root``."""
    return {
        (root, name): Entry(paths if isinstance(paths, tuple) else (paths,), source)
        for name, paths in calls.items()
    }
