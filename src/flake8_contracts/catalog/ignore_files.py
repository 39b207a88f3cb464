"""What ``.gitignore`` files hide. Git itself is never run: it may be missing, and runs what a repository configures."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flake8_contracts.buffers import read_saved
from flake8_contracts.catalog.globs import takes_too_long

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".gitignore"

_MAX_LINES = 5_000
_MAX_LENGTH = 1_000


class _Scope(NamedTuple):
    """One ``.gitignore``: it speaks about paths below ``directory``, which is relative to the project root.

    A file above the root has an empty ``directory`` and a ``prefix``, which leads from there to the root.
    """

    directory: str
    prefix: str
    spec: GitIgnoreSpec


class IgnoreRules:
    """All ``.gitignore`` files that have been met, the outermost first; the innermost rule that speaks decides."""

    def __init__(self, root: Path) -> None:
        self._scopes: list[_Scope] = []
        self._read_above(root)

    def _read_above(self, root: Path) -> None:
        """Read the files between the repository's top and the root, unless they hide the root itself."""
        absolute = root.absolute()
        top = next((place for place in (absolute, *absolute.parents) if (place / ".git").exists()), None)
        if top is None or top == absolute:
            return
        above = [place for place in reversed(absolute.parents) if place == top or top in place.parents]
        for place in above:
            self._add("", f"{absolute.relative_to(place).as_posix()}/", place / IGNORE_FILE)
        if self._hides_root():
            self._scopes.clear()

    def _hides_root(self) -> bool:
        for scope in self._scopes:
            parts = scope.prefix.rstrip("/").split("/")
            if any(
                scope.spec.match_file("/".join(parts[:depth]) + "/") for depth in range(1, len(parts) + 1)
            ):
                return True
        return False

    def add(self, directory: str, path: Path) -> None:
        """Read the ``.gitignore`` of a directory, which is relative to the root: empty, or with a final slash."""
        self._add(directory, "", path)

    def _add(self, directory: str, prefix: str, path: Path) -> None:
        try:
            text = read_saved(path).decode("utf-8-sig", "surrogateescape")
        except OSError:
            return  # git does not read it either
        # Whoever wrote the project could otherwise stop the run of whoever lints it.
        lines = [
            line
            for line in text.splitlines()[:_MAX_LINES]
            if len(line) < _MAX_LENGTH and not takes_too_long(line)
        ]
        if not any(line.strip() and not line.startswith("#") for line in lines):
            return
        self._scopes.append(_Scope(directory, prefix, _compiled(lines)))

    def hides(self, path: str) -> bool:
        """Whether a path is ignored: relative to the root, a directory with a final slash.

        The directories above it are not considered; the caller does not enter those that are hidden.
        """
        for scope in reversed(self._scopes):
            if not path.startswith(scope.directory):
                continue
            include = scope.spec.check_file(scope.prefix + path[len(scope.directory) :]).include
            if include is not None:
                return include
        return False


def _compiled(lines: list[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # takes 30 ms to import: only where there is something to match

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the regular expressions that brackets become
        try:
            return GitIgnoreSpec.from_lines(lines)
        except ValueError:  # some line is no pattern; git passes over it
            return GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
