"""A directory of JSON files that are replaced whole. Nothing in it is trusted, and nothing in it is needed."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from pathlib import Path

from flake8_contracts.buffers import read_saved
from flake8_contracts.digests import digest

FORMAT = "v1"
"""The folder of the entries; another format of the entries gets another folder."""

TAG = b"""Signature: 8a477f597d28d172789f06886806bc55
# This directory holds results of flake8-contracts. It can be deleted at any time.
# For information about cache directory tags see https://bford.info/cachedir/
"""
_TAG_NAME = "CACHEDIR.TAG"
_OWN_NAMES = frozenset({_TAG_NAME, ".gitignore", FORMAT})
_TEMPORARY = ".tmp"
_DAY = 86_400
KEPT_DAYS = 30
"""Entries that were not written for so long are removed, whether they were used or not."""

KEPT_ENTRIES = 20_000
"""The oldest entries beyond that number are removed."""


class Store:
    """Entries by name, each a JSON value with a checksum.

    Several processes may read and write the same directory: an entry is replaced in one step, and a reader sees the old
    one or the new one. Whatever goes wrong with reading is "no entry", with writing "not kept".
    """

    def __init__(self, directory: Path) -> None:
        self._directory = os.fspath(directory)
        self._is_ready: bool | None = None

    def read(self, name: str) -> object:
        """The entry of that name; ``None`` if there is none that can be used."""
        try:
            checksum, _, body = read_saved(self._path(name)).partition(b"\n")
            if checksum.decode("ascii") != digest(body):
                return None
            value: object = json.loads(body)
        except (OSError, ValueError, RecursionError, MemoryError):
            return None
        return value

    def write(self, name: str, value: object) -> None:
        """Replace the entry of that name, if the directory can be written."""
        if self._is_ready is None:
            self._is_ready = self._prepare()
        if not self._is_ready:
            return
        body = json.dumps(value, separators=(",", ":")).encode("ascii")
        try:
            _replace(self._path(name), digest(body).encode("ascii") + b"\n" + body)
        except OSError:
            self._is_ready = False

    def _path(self, name: str) -> str:
        return os.path.join(self._directory, FORMAT, f"{name}.json")

    def _prepare(self) -> bool:
        """Make the directory; whether it can be used. One that holds anything else is not touched."""
        entries = os.path.join(self._directory, FORMAT)
        try:
            os.makedirs(self._directory, exist_ok=True)
            names = set(os.listdir(self._directory))
            if any(name not in _OWN_NAMES and not name.endswith(_TEMPORARY) for name in names):
                return False
            if _TAG_NAME not in names:
                _replace(os.path.join(self._directory, ".gitignore"), b"*\n")
                _replace(os.path.join(self._directory, _TAG_NAME), TAG)
            os.makedirs(entries, exist_ok=True)
            self._prune(entries)
        except (OSError, ValueError):  # there are no null bytes in paths
            return False
        return True

    def _prune(self, entries: str) -> None:
        """Once a day, remove what is old; the tag's time tells when that was done last."""
        now = time.time()
        tag = os.path.join(self._directory, _TAG_NAME)
        if abs(now - os.stat(tag).st_mtime) < _DAY:
            return
        os.utime(tag)
        with os.scandir(entries) as scan:
            found = sorted((entry.stat(follow_symlinks=False).st_mtime, entry.path) for entry in scan)
        surplus = len(found) - KEPT_ENTRIES
        for index, (written, path) in enumerate(found):
            if index < surplus or written < now - KEPT_DAYS * _DAY:
                with contextlib.suppress(OSError):
                    os.unlink(path)


def _replace(path: str, data: bytes) -> None:
    """Write a file in one step; a reader sees all of it, or what was there before."""
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), suffix=_TEMPORARY)
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
