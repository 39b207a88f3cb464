"""What a result depends on through imports: the modules of the project that were reached, and where they were found."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from flake8_contracts.buffers import read_saved
from flake8_contracts.digests import digest
from flake8_contracts.flow.finder import ModuleFinder

Reached = Mapping[Path, Mapping[tuple[str, int], Path | None]]
"""Of each module its imports, by name and leading dots, with the file that was found."""


class Files:
    """The project's files as they are now, each read at most once."""

    def __init__(self, root: Path, finder: ModuleFinder) -> None:
        self.root = root
        self.finder = finder
        self._prefix = os.path.join(root, "")
        self._digests: dict[Path, str | None] = {}
        self._paths: dict[str, Path] = {}

    def digest(self, path: Path) -> str | None:
        """What a file holds; ``None`` if it cannot be read."""
        if path not in self._digests:
            try:
                self._digests[path] = digest(read_saved(path))
            except OSError:
                self._digests[path] = None
        return self._digests[path]

    def know(self, path: Path, content: str) -> None:
        """Take over what was read elsewhere."""
        self._digests.setdefault(path, content)

    def name(self, path: Path) -> str:
        """A path as it is kept: relative to the root if it is below it."""
        text = os.fspath(path)
        if text.startswith(self._prefix):
            return text[len(self._prefix) :].replace(os.sep, "/")
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)

    def path(self, name: str) -> Path:
        """The path of a name."""
        known = self._paths.get(name)
        if known is None:
            known = self._paths[name] = self.root / name
        return known


def dependencies(
    start: Path, reached: Reached, read: Mapping[Path, str | None], files: Files
) -> dict[str, Any]:
    """What ``start`` depends on: the content of all modules that it reaches, and what each of them imports.

    ``read`` tells what the modules held when they were read.
    """
    imports: dict[str, list[list[object]]] = {}
    texts: dict[str, str | None] = {}
    pending, seen = [start], {start}
    while pending:
        module = pending.pop()
        if module != start:
            texts[files.name(module)] = read[module] if module in read else files.digest(module)
        found = reached.get(module)
        if not found:
            continue
        imports[files.name(module)] = sorted(
            [name, level, None if path is None else files.name(path)] for (name, level), path in found.items()
        )
        fresh = {path for path in found.values() if path is not None} - seen
        seen |= fresh
        pending.extend(fresh)
    return {"texts": texts, "imports": imports}


def are_unchanged(kept: Mapping[str, Any], files: Files) -> bool:
    """Whether the modules hold what they held, and the same modules are found."""
    return all(files.digest(files.path(name)) == content for name, content in kept["texts"].items()) and all(
        _found(files, files.path(importer), names) == [found for _, _, found in names]
        for importer, names in kept["imports"].items()
    )


def _found(files: Files, importer: Path, names: Iterable[tuple[str, int, object]]) -> list[str | None]:
    paths = [files.finder.find(str(name), importer, int(level)) for name, level, _ in names]
    return [None if path is None else files.name(path) for path in paths]
