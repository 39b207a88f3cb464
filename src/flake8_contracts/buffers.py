"""Files as they are meant to be: texts that are not saved yet stand in for what is on disk.

Everything that reads a file of the project reads it here, so that a repair can be judged before anything is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_unsaved: ContextVar[Mapping[str, bytes] | None] = ContextVar("unsaved", default=None)


@contextmanager
def unsaved(contents: Mapping[Path, bytes]) -> Iterator[None]:
    """Read these contents instead of the files while the context lasts. A link stands for the file that it names."""
    token = _unsaved.set({os.path.realpath(path): data for path, data in contents.items()})
    try:
        yield
    finally:
        _unsaved.reset(token)


def held(path: str | os.PathLike[str]) -> bytes | None:
    """The content that stands in for the file at ``path``, if one does."""
    contents = _unsaved.get()
    return contents.get(os.path.realpath(path)) if contents else None


def held_paths() -> Iterator[Path]:
    """The files that contents stand in for; they need not be on the disk."""
    yield from map(Path, _unsaved.get() or ())


def read_bytes(path: Path) -> bytes:
    """What the file at ``path`` holds. Raises ``OSError``."""
    data = held(path)
    return path.read_bytes() if data is None else data
