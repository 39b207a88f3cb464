"""One walk over a project's directories."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from flake8_contracts.catalog.globs import literal_prefix
from flake8_contracts.catalog.ignore_files import IGNORE_FILE, IgnoreRules

EXCLUDED_DIRECTORIES = frozenset(
    {
        # version control
        ".bzr",
        ".git",
        ".hg",
        ".svn",
        "CVS",
        # environments and installed packages
        ".direnv",
        ".nox",
        ".pixi",
        ".tox",
        ".venv",
        "__pypackages__",
        "node_modules",
        "site-packages",
        "venv",
        # what tools build and keep
        ".aws-sam",
        ".cache",
        ".eggs",
        ".flake8_contracts_cache",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".terraform",
        "__pycache__",
        "build",
        "cdk.out",
        "dist",
    }
)
"""Directories that are never entered, wherever they are; so are those whose name ends in ``.egg-info`` or ``.egg``."""

_EXCLUDED_ENDINGS = (".egg-info", ".egg")
_TEST_FOLDERS = frozenset({"test", "tests"})
_ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
"""A directory with one of these is a virtual environment, whatever its name (PEP 405; conda's environment layout)."""


def is_excluded_name(name: str) -> bool:
    """Whether directories of that name are never entered."""
    return name in EXCLUDED_DIRECTORIES or name.endswith(_EXCLUDED_ENDINGS)


class Walk:
    """What a walk found. Paths are relative to the root, with forward slashes, in alphabetical order.

    ``linked`` are the files that are symbolic links, ``dangling`` the links that lead to nothing, ``closed`` the
    directories that may not be listed.
    """

    def __init__(self) -> None:
        self.files: list[str] = []
        self.linked: list[str] = []
        self.dangling: list[str] = []
        self.closed: list[str] = []


def walk(
    root: Path, rules: IgnoreRules, *, skipped: Collection[Path] = (), wanted: Iterable[str] = ()
) -> Walk:
    """List the files below ``root``.

    Not entered are symbolic links to directories (what they lead to is found where it is, or lies outside), directories
    that are excluded by name, that the rules hide, that are virtual environments, and the ``skipped`` ones. A directory
    that leads to what one of the ``wanted`` globs names is entered nevertheless, on the straight way only. Raises
    :class:`OSError` only if the root itself cannot be listed.
    """
    return _Walker(root, rules, skipped, wanted).run()


class _Walker:
    def __init__(
        self, root: Path, rules: IgnoreRules, skipped: Collection[Path], wanted: Iterable[str]
    ) -> None:
        self._root = os.fspath(root)
        self._rules = rules
        self._skipped = {os.fspath(path) for path in skipped}
        self._targets = [prefix for prefix in map(literal_prefix, wanted) if prefix]
        self._found = Walk()

    def run(self) -> Walk:
        pending = [("", False)]
        while pending:
            directory, is_detour = pending.pop()
            try:
                with os.scandir(os.path.join(self._root, directory)) as scan:
                    entries = list(scan)
            except OSError:
                if not directory:
                    raise
                self._found.closed.append(directory.rstrip("/"))
                continue
            pending.extend(self._take(directory, entries, is_detour=is_detour))
        for paths in (self._found.files, self._found.linked, self._found.dangling, self._found.closed):
            paths.sort()
        return self._found

    def _take(
        self, directory: str, entries: list[os.DirEntry[str]], *, is_detour: bool
    ) -> list[tuple[str, bool]]:
        """Record the files of a directory; return the directories to enter, each with whether it is a detour:
        entered only because a wanted glob leads there.
        """
        names = {entry.name for entry in entries}
        if directory and names & _ENVIRONMENT_MARKS:
            if not self._leads_to_target(directory):
                return []
            is_detour = True
        if IGNORE_FILE in names:
            self._rules.add(directory, Path(self._root, directory, IGNORE_FILE))
        inner: list[tuple[str, bool]] = []
        takes_files = not is_detour or self._is_in_target(directory)
        for entry in entries:
            path = directory + entry.name
            if entry.is_dir(follow_symlinks=False):
                is_hidden = (is_detour and not takes_files) or self._is_hidden(entry, path)
                if not is_hidden or self._leads_to_target(f"{path}/"):
                    inner.append((f"{path}/", is_hidden))
            elif takes_files and _is_file(entry):
                self._found.files.append(path)
                if entry.is_symlink():
                    self._found.linked.append(path)
            elif takes_files and entry.is_symlink() and not os.path.exists(entry.path):
                self._found.dangling.append(path)
        return inner

    def _is_hidden(self, entry: os.DirEntry[str], path: str) -> bool:
        return is_excluded_name(entry.name) or entry.path in self._skipped or self._rules.hides(f"{path}/")

    def _leads_to_target(self, directory: str) -> bool:
        parts = directory.rstrip("/").split("/")
        return any(target[: len(parts)] == parts for target in self._targets)

    def _is_in_target(self, directory: str) -> bool:
        parts = directory.rstrip("/").split("/")
        return any(parts[: len(target)] == target for target in self._targets)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link into a directory that may not be entered
        return False


def is_test_code(path: str) -> bool:
    """Whether a file of a project, given relative to its root, belongs to the project's tests."""
    *folders, name = path.split("/")
    return name.startswith("test_") or name == "conftest.py" or not _TEST_FOLDERS.isdisjoint(folders)
