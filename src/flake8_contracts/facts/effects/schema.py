"""The form of the effect catalogue: which argument of which call touches the file system, and how."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Literal, get_args


class Effect(Enum):
    """What is done with a path."""

    READ = "read"
    WRITE = "write"
    #: Files are unpacked below the directory.
    EXTRACT = "extract"
    LIST = "list"
    MAKE_DIRECTORY = "make directory"
    DELETE = "delete"
    #: Existence or metadata is looked at.
    TEST = "test"
    #: Passed to something unknown: counts as used, in any way.
    HANDED_ON = "handed on"
    #: Joined, compared or printed only.
    NONE = "none"


#: ``file``: the call fails when a directory stands at the path. ``directory``: it works on a directory. ``into``: a
#: file path, or a directory into which the file is put under its own name (``shutil.copy``). ``either``: both work, or
#: nobody can tell.
Shape = Literal["file", "directory", "into", "either"]
SHAPES: tuple[str, ...] = get_args(Shape)

#: In :attr:`PathArgument.suffixes`: any suffix will do.
ANY_SUFFIX = "."


@dataclass(frozen=True, slots=True)
class PathArgument:
    """One argument that is a path, or a list of paths.

    ``index`` is its position (``None``: keyword only; ``-1``: the receiver of the method), ``keyword`` its name
    (``None``: positional only). ``mode`` names the argument that holds an open mode (position, keyword, default): it
    decides between reading and writing, and ``effect`` is what happens when it is not given.

    ``shape`` is certain only for paths that end in one of ``suffixes`` (empty: for all paths), because the library adds
    a suffix to the others or takes them for something else, and only when none of the arguments ``unless`` is given.
    """

    effect: Effect
    index: int | None
    keyword: str | None = None
    shape: Shape = "file"
    mode: tuple[int | None, str, str] | None = None
    suffixes: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def effect_for(self, mode: str | None) -> Effect:
        """The effect under the open mode ``mode``, the default or another; ``None``: it is given, but not known."""
        if self.mode is None or mode == self.mode[2]:
            return self.effect
        return effect_of_mode(mode)

    def shape_for(self, path: str | None, given: Collection[str] = ()) -> Shape:
        """The shape that this path must have, when the arguments ``given`` are passed by keyword.

        ``path`` is the path's text or the known end of it (``None``: nothing is known).
        """
        if not self.suffixes and not self.unless:
            return self.shape
        if any(name in given for name in self.unless) or not self._ends_well(path or ""):
            return "either"
        return self.shape

    def _ends_well(self, path: str) -> bool:
        if not self.suffixes:
            return True
        name = path.rpartition("/")[2]
        stem, dot, suffix = name.rpartition(".")
        if ANY_SUFFIX in self.suffixes:
            return bool(stem.strip(".") and dot and suffix)
        return name.endswith(self.suffixes)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one function or method, with where that knowledge comes from."""

    arguments: tuple[PathArgument, ...]
    source: str


def effect_of_mode(mode: str | None) -> Effect:
    """What an open mode does with a file: ``rb``, ``w``, ``a+``, ``r:xz``, ``w|gz``, ``n`` (dbm).

    What both reads and writes, or may, is handed on: ``r+``, ``c`` (dbm: opened, and created where it is missing).
    """
    if mode is None:
        return Effect.HANDED_ON
    kind = mode.partition(":")[0].partition("|")[0]
    letters = set(kind)
    if letters <= set("rbtU"):
        return Effect.READ
    if letters & set("waxn") and letters <= set("waxnrbt+-0123456789"):
        return Effect.WRITE
    return Effect.HANDED_ON
