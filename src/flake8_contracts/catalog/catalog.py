"""Everything that a project declares, indexed for scripts to find their contracts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from flake8_contracts.catalog.files import Candidate, ProjectFiles
from flake8_contracts.catalog.model import Declarations, DeclaredContract, Unreadable
from flake8_contracts.findings import FixedPlace, Span
from flake8_contracts.settings import Settings

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter
    from flake8_contracts.flow.loader import ModuleLoader
    from flake8_contracts.syntax.source import UnparsableSource

#: Files that make a folder a project of its own inside a larger repository.
PROJECT_MARKS = ("pyproject.toml", "setup.cfg", "setup.py")


class Catalog:
    """The contracts of a project and the files that declare them.

    The parser and the readers are imported when there is something to read: in most projects nothing declares
    contracts.
    """

    def __init__(self, settings: Settings, loader: Callable[[], ModuleLoader]) -> None:
        self.root = settings.root
        self._make_loader = loader
        self.files = ProjectFiles(settings.root, settings)
        self.by_file: dict[Path, Declarations] = {}
        self.by_script: dict[str, list[DeclaredContract]] = {}
        for candidate in self.files.declaration_candidates():
            self.add(candidate.path, self.read(candidate))

    @cached_property
    def loader(self) -> ModuleLoader:
        """The project's Python modules."""
        return self._make_loader()

    @cached_property
    def _interpreter(self) -> Interpreter:
        """One for all modules: what several of them import is run once."""
        from flake8_contracts.flow.interpreter import Interpreter

        return Interpreter(self.loader)

    @property
    def contracts(self) -> list[DeclaredContract]:
        """All contracts, file by file, in the order in which they stand there."""
        return [contract for declared in self.by_file.values() for contract in declared.contracts]

    @property
    def unreadable(self) -> list[Unreadable]:
        """All declarations that cannot be read."""
        found = [problem for declared in self.by_file.values() for problem in declared.unreadable]
        return [*self.files.unreadable, *found]

    def read(self, candidate: Candidate) -> Declarations:
        """What one file declares."""
        if candidate.path.suffix != ".py":
            from flake8_contracts.catalog.data_contracts import contracts_in_document

            return contracts_in_document(candidate.path, candidate.data)
        from flake8_contracts.syntax.source import UnparsableSource, decode_source

        try:
            text = decode_source(candidate.path, candidate.data)
        except UnparsableSource as error:
            return _unparsable(candidate.path, error)
        return self.read_module(candidate.path, text)

    def read_module(self, path: Path, text: str) -> Declarations:
        """What a Python module with this text declares."""
        from flake8_contracts.catalog.python_contracts import contracts_in_module
        from flake8_contracts.flow.interpreter import Interpreter
        from flake8_contracts.syntax.source import UnparsableSource, parse_source

        source = self.loader.known(path, text)
        if source is None:
            try:
                source = parse_source(path, text)
            except UnparsableSource as error:
                return _unparsable(path, error)
            self.loader.remember(source)
        seen = self._interpreter.imports.frames.get(path)
        stale = seen is not None and seen.source is not source
        return contracts_in_module(source, Interpreter(self.loader) if stale else self._interpreter)

    def add(self, path: Path, declared: Declarations) -> None:
        """Replace what ``path`` is known to declare."""
        for known in self.by_script.values():
            known[:] = [contract for contract in known if contract.source != path]
        if not declared.contracts and not declared.unreadable:
            self.by_file.pop(path, None)
            return
        self.by_file[path] = declared
        for contract in declared.contracts:
            entry = contract.entry_point
            if entry is not None and entry.value:
                name = PurePosixPath(entry.value).name
                self.by_script.setdefault(name, []).append(contract)

    # -- projects inside the project ---------------------------------------------------------------------

    def project_of(self, path: Path) -> Path:
        """The nearest folder above ``path``, within the root, that is a project of its own."""
        for folder in path.parents:
            if folder == self.root or self.root not in folder.parents:
                break
            if any((folder / mark).is_file() for mark in PROJECT_MARKS):
                return folder
        return self.root

    def scripts_named(self, entry_point: str) -> list[str]:
        """The project's files that ``entry_point`` may mean, relative to the root."""
        wanted = entry_point.removeprefix("./").strip("/")
        return [path for path in self.files.all_files if is_suffix(wanted, path)]


def is_suffix(entry_point: str, path: str) -> bool:
    """Whether ``entry_point`` names the file ``path``: its last components."""
    return path == entry_point or path.endswith("/" + entry_point)


def _unparsable(path: Path, error: UnparsableSource) -> Declarations:
    place = FixedPlace(path, Span(*error.span))
    reason = f"the module cannot be parsed: {error.reason}"
    return Declarations(unreadable=[Unreadable(place, reason)])
