"""From the paths that a user names to the files that are checked, each spelled as flake8 spells it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


class MissingPathError(FileNotFoundError):
    """A path that the user named does not exist. The text is the message for the user."""


@dataclass(frozen=True)
class Target:
    """One file to check: where it is, how it is shown, and its text if that does not come from the file."""

    path: Path
    display: str
    text: str | None = None


def target(display: str, text: str | None = None) -> Target:
    """Return the target for a file as the user spells it, relative to the working directory."""
    return Target(Path(os.path.abspath(display)), display, text)


def require_existing(paths: Iterable[str]) -> None:
    """Raise :class:`MissingPathError` if a path does not exist; the error names all that do not."""
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        names = ", ".join(repr(path) for path in missing)
        raise MissingPathError(f"no such file or directory: {names}")


def targets(paths: Sequence[str], data_files: Iterable[Path]) -> list[Target]:
    """Return the files to check, sorted by how they are shown.

    A file is taken as it is named. A directory stands for the Python files in it that flake8 would look at, and for
    those of ``data_files`` that lie below it.
    """
    if not paths:
        return []
    declarations = [_real(file) for file in data_files]
    shown = list(_python_files(paths))
    for directory in filter(os.path.isdir, paths):
        shown.extend(_below(directory, declarations))
    return [target(display) for display in sorted(shown)]


def _python_files(paths: Sequence[str]) -> Iterator[str]:
    """Walk as flake8 does with its defaults: the same names, the same exclusions."""
    from flake8 import defaults, discover_files

    found: Iterator[str] = discover_files.expand_paths(
        paths=paths, stdin_display_name="stdin", filename_patterns=["*.py"], exclude=defaults.EXCLUDE
    )
    return found


def _below(directory: str, files: Iterable[Path]) -> Iterator[str]:
    top = Path(os.path.realpath(directory))
    for file in files:
        if file.is_relative_to(top):
            yield os.path.join(directory, file.relative_to(top))


def _real(file: Path) -> Path:
    """Resolve links in the directory, so that paths can be compared, but not the file's own: its name counts."""
    return Path(os.path.realpath(file.parent), file.name)
