"""Finds and parses the project's own modules. Nothing outside the project root is ever read."""

from __future__ import annotations

from pathlib import Path

from flake8_contracts.syntax.source import SourceModule, UnparsableSource, read_source


class ModuleLoader:
    """Resolves import names to files of the project, the way scripts are really run.

    A script's folder is on ``sys.path`` when it runs, and packages are imported from the project root, its ``src``
    folder or any folder between the script and the root. The nearest match wins.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._sources: dict[Path, SourceModule | None] = {}
        self._paths: dict[tuple[Path, str], Path | None] = {}

    def source(self, path: Path) -> SourceModule | None:
        """The parsed module at ``path``; ``None`` when it cannot be read or parsed."""
        if path not in self._sources:
            try:
                self._sources[path] = read_source(path)
            except (UnparsableSource, OSError):
                self._sources[path] = None
        return self._sources[path]

    def known(self, path: Path, text: str) -> SourceModule | None:
        """The module at ``path`` if it was already parsed with this text."""
        source = self._sources.get(path)
        return source if source is not None and source.text == text else None

    def remember(self, source: SourceModule) -> None:
        """Use ``source`` (an editor's unsaved text) wherever its file is imported."""
        self._sources[source.path] = source

    def find(self, name: str, importer: Path, level: int = 0) -> Path | None:
        """The file of module ``name`` as imported in the file ``importer`` with ``level`` leading dots."""
        folder = importer.parent
        if level:
            for _ in range(level - 1):
                folder = folder.parent
            return self._in_folder(folder, name)
        key = (folder, name)
        if key not in self._paths:
            self._paths[key] = self._search(folder, name)
        return self._paths[key]

    def _search(self, folder: Path, name: str) -> Path | None:
        while True:
            for base in (folder, folder / "src"):
                found = self._in_folder(base, name)
                if found is not None:
                    return found
            if folder in (self.root, folder.parent) or self.root not in folder.parents:
                return None
            folder = folder.parent

    def _in_folder(self, folder: Path, name: str) -> Path | None:
        target = folder.joinpath(*name.split(".")) if name else folder
        package = target / "__init__.py"
        if name:
            module = target.with_name(target.name + ".py")
            if module.is_file():
                return module
        if package.is_file():
            return package
        return None
