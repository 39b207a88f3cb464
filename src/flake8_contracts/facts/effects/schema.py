"""The form of the effect catalogue: which argument of which call touches the file system, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal


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


#: ``file``: the call fails when a directory stands at the path. ``directory``: it works on a directory. ``into``: a file path, or a
#: directory into which the file is put under its own name (``shutil.copy``). ``either``: both work.
Shape = Literal["file", "directory", "into", "either"]


@dataclass(frozen=True)
class PathArgument:
    """One argument that is a path.

    ``index`` is its position (``None``: keyword only; ``-1``: the receiver of the method), ``keyword`` its name (``None``: positional only).
    ``mode`` names the argument that holds an open mode (position, keyword, default): it decides between reading and writing.
    """

    effect: Effect
    index: int | None
    keyword: str | None = None
    shape: Shape = "file"
    mode: tuple[int | None, str, str] | None = None


@dataclass(frozen=True)
class Entry:
    """What is known of one function or method, with where that knowledge comes from."""

    arguments: tuple[PathArgument, ...]
    source: str
