"""Where a container's paths really are: below ``/opt/ml``, or below the directory that stands for it."""

from __future__ import annotations

import os
import posixpath

from contracts_runtime.container_paths import is_at_or_below, normalise
from contracts_runtime.platform_paths import CONTAINER_ROOT

ROOT_VARIABLE = "CONTRACTS_RUNTIME_ROOT"
"""The environment variable that names the directory to use instead of ``/opt/ml``."""


class LocalRoot:
    """The directory that stands for ``/opt/ml``; ``None`` and the empty string mean ``/opt/ml`` itself.

    A relative directory is meant from where the process is now, and stays the same wherever it goes.
    """

    def __init__(self, directory: str | os.PathLike[str] | None = None) -> None:
        given = "" if directory is None else os.fspath(directory)
        self.directory = (
            os.path.abspath(given) if given and normalise(given) != CONTAINER_ROOT else CONTAINER_ROOT
        )

    @property
    def is_container(self) -> bool:
        """Whether nothing is mapped."""
        return self.directory == CONTAINER_ROOT

    def local(self, path: str) -> str:
        """Return where the container path ``path`` really is. Paths outside ``/opt/ml`` stay as they are."""
        text = normalise(path)
        if self.is_container or not is_at_or_below(text, CONTAINER_ROOT):
            return text
        if text == CONTAINER_ROOT:
            return self.directory
        return os.path.join(self.directory, *posixpath.relpath(text, CONTAINER_ROOT).split("/"))

    def container(self, path: str) -> str | None:
        """Return the container path that the absolute local ``path`` stands for; ``None`` if it lies elsewhere."""
        text = os.path.normpath(path)
        for root in (self.directory, os.path.realpath(self.directory)):
            if text == root:
                return CONTAINER_ROOT
            if text.startswith(root.rstrip(os.sep) + os.sep):
                return posixpath.join(CONTAINER_ROOT, *os.path.relpath(text, root).split(os.sep))
        return None
