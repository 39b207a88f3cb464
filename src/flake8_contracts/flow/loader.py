"""Finds and parses the project's own modules. Nothing outside the project root is ever read."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from flake8_contracts.buffers import read_bytes
from flake8_contracts.digests import digest
from flake8_contracts.flow.finder import ModuleFinder
from flake8_contracts.syntax.source import SourceModule, UnparsableSource, decode_source, parse_source

RUNTIME = "contracts_runtime"
"""Known without its source: a copy beside the scripts is no part of the project."""


class ModuleLoader:
    """The project's modules, parsed when they are imported, and what was imported where."""

    def __init__(self, root: Path, finder: ModuleFinder | None = None) -> None:
        self.root = root
        self._finder = finder if finder is not None else ModuleFinder(root)
        self._sources: dict[Path, SourceModule | None] = {}
        #: Scripts that nothing has imported so far.
        self._scripts: set[Path] = set()
        #: What each module was seen to import (name and leading dots), and the file that this is.
        self.imports: dict[Path, dict[tuple[str, int], Path | None]] = {}
        #: What the files held when they were read; ``None`` for one that cannot be read.
        self.digests: dict[Path, str | None] = {}

    def source(self, path: Path) -> SourceModule | None:
        """The parsed module at ``path``; ``None`` when it cannot be read or parsed."""
        self._scripts.discard(path)
        if path not in self._sources:
            self._sources[path] = None
            self.digests[path] = None
            try:
                data = read_bytes(path)
                self.digests[path] = digest(data)
                self._sources[path] = parse_source(path, decode_source(path, data))
            except (UnparsableSource, OSError):
                pass
        return self._sources[path]

    def known(self, path: Path, text: str) -> SourceModule | None:
        """The module at ``path`` if it was already parsed with this text."""
        source = self._sources.get(path)
        return source if source is not None and source.text == text else None

    def take_over(self, other: ModuleLoader, changed: Container[Path]) -> None:
        """Use the modules that another loader has parsed, but for those that have changed since."""
        kept = {
            path: source
            for path, source in other._sources.items()
            if source is not None and path not in changed
        }
        self._sources.update(kept)
        self.digests.update((path, other.digests[path]) for path in kept if path in other.digests)

    def remember(self, source: SourceModule, *, for_now: bool = False) -> None:
        """Use ``source`` (an editor's unsaved text) wherever its file is imported.

        ``for_now``: only until :meth:`forget_scripts`, unless something imports it until then.
        """
        if for_now and source.path not in self._sources:
            self._scripts.add(source.path)
        self._sources[source.path] = source

    def forget_scripts(self) -> None:
        """Forget the scripts that were remembered for now: one tree at a time is in memory, not all of them."""
        for path in self._scripts:
            self._sources.pop(path, None)
        self._scripts.clear()

    def find(self, name: str, importer: Path, level: int = 0) -> Path | None:
        """The file of module ``name`` as imported in the file ``importer`` with ``level`` leading dots."""
        if not level and name.partition(".")[0] == RUNTIME:
            return None
        found = self._finder.find(name, importer, level)
        self.imports.setdefault(importer, {})[name, level] = found
        return found
