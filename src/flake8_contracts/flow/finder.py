"""Where the modules of a project are: names of imports become files. Nothing is parsed here."""

from __future__ import annotations

import os
from pathlib import Path


class ModuleFinder:
    """Resolves import names to files of the project, the way scripts are really run.

    A script's folder is on ``sys.path`` when it runs, and packages are imported from the project root, its ``src``
    folder or any folder between the script and the root. The nearest match wins.
    """

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root)
        self._found: dict[tuple[str, str, bool], Path | None] = {}

    def find(self, name: str, importer: Path, level: int = 0) -> Path | None:
        """The file of module ``name`` as imported in the file ``importer`` with ``level`` leading dots."""
        folder = os.path.dirname(importer)
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        key = (folder, name, level > 0)
        if key not in self._found:
            found = _in_folder(folder, name) if level else self._search(folder, name)
            self._found[key] = Path(found) if found is not None else None
        return self._found[key]

    def _search(self, folder: str, name: str) -> str | None:
        while True:
            for base in (folder, os.path.join(folder, "src")):
                found = _in_folder(base, name)
                if found is not None:
                    return found
            above = os.path.dirname(folder)
            if folder in (self._root, above) or not _is_below(folder, self._root):
                return None
            folder = above


def _is_below(folder: str, root: str) -> bool:
    return folder.startswith(root if root.endswith(os.sep) else root + os.sep)


def _in_folder(folder: str, name: str) -> str | None:
    target = os.path.join(folder, *name.split(".")) if name else folder
    for candidate in (f"{target}.py",) * bool(name) + (os.path.join(target, "__init__.py"),):
        if os.path.isfile(candidate):
            return candidate
    return None
