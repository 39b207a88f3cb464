"""From the paths that a user names to the files that are checked, each spelled as flake8 spells it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flake8_contracts.flake8_config import FileOptions


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


def targets(paths: Sequence[str], data_files: Iterable[Path], options: FileOptions) -> list[Target]:
    """Return the files to check, sorted by how they are shown.

    A file is taken as it is named. A directory stands for the Python files in it that flake8 would look at, and for
    those of ``data_files`` that lie below it. What flake8 is configured to exclude is left out.
    """
    if not paths:
        return []
    shown = list(_python_files(paths, options))
    declarations = [_real(file) for file in data_files]
    for directory in filter(os.path.isdir, paths):
        shown.extend(_data_files(directory, declarations, options))
    return [target(display) for display in sorted(shown)]


def _python_files(paths: Sequence[str], options: FileOptions) -> Iterator[str]:
    """Walk as flake8 does. It also yields files that are named themselves, whatever they are."""
    from flake8 import discover_files

    found: Iterator[str] = discover_files.expand_paths(
        paths=paths, stdin_display_name="stdin", filename_patterns=options.patterns, exclude=options.exclude
    )
    return found


def _data_files(directory: str, files: Iterable[Path], options: FileOptions) -> Iterator[str]:
    """Yield the files below a directory, unless they or a directory on the way to them are excluded."""
    top = Path(os.path.realpath(directory))
    if options.excludes(directory):
        return
    for file in files:
        if file.is_relative_to(top):
            relative = file.relative_to(top)
            ways = (*relative.parents, relative)
            if not any(options.excludes(os.path.join(directory, way)) for way in ways if way.name):
                yield os.path.join(directory, relative)


def _real(file: Path) -> Path:
    """Resolve links in the directory, so that paths can be compared, but not the file's own: its name counts."""
    return Path(os.path.realpath(file.parent), file.name)
