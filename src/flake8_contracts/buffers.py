"""Files as they are meant to be: texts that are not saved yet stand in for what is on disk.

Everything that reads a file of the project reads it here, so that a repair can be judged before anything is written.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

MAX_BYTES = 100_000_000
"""Larger files are not read: no program that somebody wrote is as long as that."""

_CHUNK = 1 << 16
# Opening a pipe waits for somebody who writes into it, unless one says otherwise. Windows would change line ends.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
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


def real_path(path: Path) -> Path:
    """The file itself where the path leads over links; a link that leads to itself is left as it is."""
    return Path(os.path.realpath(path))


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """What the file at ``path`` holds. Raises ``OSError`` like :func:`read_saved`."""
    data = held(path)
    return read_saved(path) if data is None else data


def read_saved(path: str | os.PathLike[str]) -> bytes:
    """What the file at ``path`` holds on the disk.

    Raises ``OSError``, also for pipes and devices, which may never end, and for files larger than :data:`MAX_BYTES`.
    """
    data = read_start(path, MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MAX_BYTES // 1_000_000} MB", os.fspath(path))
    return data


def read_start(path: str | os.PathLike[str], limit: int) -> bytes:
    """What a file holds; of one that is larger than ``limit`` one byte more than that. Raises ``OSError``."""
    # All files of a project are read in every run, and a file object would take three times as long as these calls.
    file = os.open(path, _READING)
    try:
        status = os.fstat(file)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device", os.fspath(path))
        data = os.read(file, min(status.st_size, limit) + 1)
        if len(data) in (status.st_size, limit + 1):
            return data
        # It changes while it is being read, or its size is not known before.
        parts = [data]
        missing = limit + 1 - len(data)
        while missing and (data := os.read(file, min(missing, _CHUNK))):
            parts.append(data)
            missing -= len(data)
        return b"".join(parts)
    finally:
        os.close(file)
