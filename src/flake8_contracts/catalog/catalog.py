"""Everything that a project declares, indexed for scripts to find their contracts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, Protocol

from flake8_contracts.buffers import read_bytes
from flake8_contracts.catalog.files import Candidate, ProjectFiles
from flake8_contracts.catalog.indexes import EVERYTHING, ByFile, ByScript, Question, Shelf, Summary
from flake8_contracts.digests import digest
from flake8_contracts.findings import FixedPlace, Span
from flake8_contracts.flow.finder import ModuleFinder
from flake8_contracts.settings import ConfigurationError, Settings
from flake8_contracts.suggestions import ManyNames

if TYPE_CHECKING:
    from flake8_contracts.catalog.model import (
        Declarations,
        DeclaredContract,
        DeclaredSpecification,
        Unreadable,
    )
    from flake8_contracts.catalog.pipelines import Pipelines
    from flake8_contracts.flow.interpreter import Interpreter
    from flake8_contracts.flow.loader import ModuleLoader
    from flake8_contracts.syntax.decoding import UnparsableSource

#: Files that make a folder a project of its own inside a larger repository.
PROJECT_MARKS = ("pyproject.toml", "setup.cfg", "setup.py")


class KeptSummaries(Protocol):
    """What is known from earlier runs of files that may declare contracts."""

    def summary(self, candidate: Candidate) -> Summary | None:
        """The summary of a file that has not changed, nor anything that its declarations depend on."""

    def keep(self, candidate: Candidate, summary: Summary) -> None:
        """Take note of what was read."""


class NamedRegistry(NamedTuple):
    """The registry that the configuration names: a variable of a module."""

    module: Path
    name: str
    settings: Settings


class Catalog:
    """The contracts of a project and the files that declare them.

    The parser and the readers are imported when there is something to read: in most projects nothing declares
    contracts. A file that is known from an earlier run is read when somebody asks for what it declares.

    ``has_news`` tells whether any file was not known from earlier runs. ``asked`` are the questions so far; whoever
    keeps results empties it before each. What is indexed over all files besides ``by_file`` and ``by_script`` has to
    ask for :data:`~flake8_contracts.catalog.indexes.EVERYTHING`.
    """

    def __init__(
        self, settings: Settings, loader: Callable[[], ModuleLoader], kept: KeptSummaries | None = None
    ) -> None:
        self.root = settings.root
        self._make_loader = loader
        self.project_files = ProjectFiles(settings.root, settings)
        self.shelf = Shelf(self._read_again)
        self.by_file = ByFile(self.shelf)
        self.by_script = ByScript(self.shelf)
        self._folders: dict[Path, Path] = {}
        self._candidates = {each.path: each for each in self.project_files.declaration_candidates()}
        self.registry = self._find_registry(settings)
        self.has_news = False
        is_registry_new = False
        for candidate in self._candidates.values():
            summary = kept.summary(candidate) if kept is not None else None
            if summary is not None:
                self.shelf.put(candidate.path, summary)
                continue
            self.has_news = True
            is_registry_new |= self.registry is not None and candidate.path == self.registry.module
            declared = self.read(candidate)
            summary = Summary.of(declared)
            self.shelf.put(candidate.path, summary, declared)
            if kept is not None and declared.fault is None:
                kept.keep(candidate, summary)
        if is_registry_new:
            self.pipelines.require_registry()

    def _find_registry(self, settings: Settings) -> NamedRegistry | None:
        """The registry that the configuration names. Its module is read even if it does not look like one."""
        if settings.registry is None:
            return None
        module, _, name = settings.registry.partition(":")
        path = ModuleFinder(self.root).find(module, self.root / "any.py")
        if path is None:
            raise settings.error("registry", f"the project has no module {module!r}")
        if path not in self._candidates:
            relative = path.relative_to(self.root).as_posix()
            try:
                self._candidates[path] = Candidate(path, relative, read_bytes(path))
            except OSError as error:
                reason = f"the module {module!r} cannot be read: {error.strerror or error}"
                raise settings.error("registry", reason) from error
        return NamedRegistry(path, name, settings)

    @property
    def asked(self) -> set[Question]:
        """The questions so far."""
        return self.shelf.asked

    @property
    def files(self) -> ProjectFiles:
        """All files of the project."""
        self.asked.add(EVERYTHING)
        return self.project_files

    def unreadable_at(self, path: Path) -> list[Unreadable]:
        """Why a file cannot be read that is configured to declare contracts."""
        return [problem for problem in self.project_files.unreadable if problem.place.path == path]

    def may_concern(self, path: str) -> bool:
        """Whether a file may declare something, or be a script that contracts name, judged by its name alone."""
        return (
            os.path.basename(path) in self.shelf.names
            or not path.endswith(".py")
            or bool(self.project_files.unreadable)
        )

    def declaring_files(self) -> list[Path]:
        """The files that declare something, or should; nothing is read for it."""
        found = {*self.shelf.summaries, *(problem.place.path for problem in self.project_files.unreadable)}
        return sorted(found)

    def _read_again(self, path: Path) -> Declarations:
        return self.read(self._candidates[path])

    @cached_property
    def loader(self) -> ModuleLoader:
        """The project's Python modules."""
        return self._make_loader()

    @cached_property
    def _interpreter(self) -> Interpreter:
        """One for all modules: what several of them import is run once."""
        from flake8_contracts.flow.interpreter import Interpreter

        return Interpreter(self.loader)

    @cached_property
    def pipelines(self) -> Pipelines:
        """The pipelines that the project tells of."""
        from flake8_contracts.catalog.pipelines import Pipelines

        return Pipelines(self)

    def contract_of(self, specification: DeclaredSpecification) -> DeclaredContract | None:
        """The contract of a step's script, if it is known."""
        if not specification.contract_file:
            return specification.contract
        loaded = self.loaded_from(specification.contract_file)
        found = [contract for declared in loaded for contract in declared.contracts]
        return found[0] if len(found) == 1 else None

    def loaded_from(self, path: str) -> list[Declarations]:
        """What is declared in the file that a program means by ``path``, which need not be absolute."""
        end = "/" + path.removeprefix("./").lstrip("/")
        return [
            self.by_file[file]
            for file in self.by_file.named(PurePosixPath(path).name)
            if file.as_posix() == path or (not path.startswith("/") and file.as_posix().endswith(end))
        ]

    @property
    def specifications(self) -> list[DeclaredSpecification]:
        """All specifications, file by file, in the order in which they stand there."""
        return [each for declared in self.by_file.values() for each in declared.specifications]

    @property
    def contracts(self) -> list[DeclaredContract]:
        """All contracts, file by file, in the order in which they stand there."""
        return [contract for declared in self.by_file.values() for contract in declared.contracts]

    @property
    def unreadable(self) -> list[Unreadable]:
        """All declarations that cannot be read."""
        found = [problem for declared in self.by_file.values() for problem in declared.unreadable]
        return [*self.project_files.unreadable, *found]

    def read(self, candidate: Candidate) -> Declarations:
        """What one file declares. A bug of the tool is the result's ``fault``, never raised."""
        return _guarded(lambda: self._read(candidate))

    def update(self, path: Path, text: str) -> None:
        """Take over what a file declares with this text, which may not be saved yet.

        A file that the configuration excludes declares nothing, and one that flake8 read as Latin-1, because Python
        cannot decode it, keeps its problem.
        """
        data = text.encode(errors="replace")
        if not self.project_files.takes(path, data) or self._is_fallback(path, text):
            return
        if path.suffix == ".py":
            declared = _guarded(lambda: self.read_module(path, text))
        else:
            declared = self.read(Candidate(path, path.name, data))
        self.add(path, declared)

    def _is_fallback(self, path: Path, text: str) -> bool:
        from flake8_contracts.syntax.decoding import is_fallback

        candidate = self._candidates.get(path)
        return candidate is not None and is_fallback(path, candidate.data, text)

    def _read(self, candidate: Candidate) -> Declarations:
        if candidate.path.suffix != ".py":
            from flake8_contracts.catalog.data_contracts import contracts_in_document

            return contracts_in_document(candidate.path, candidate.data)
        from flake8_contracts.syntax.decoding import UnparsableSource, decode_source

        try:
            text = decode_source(candidate.path, candidate.data)
        except UnparsableSource as error:
            return _unparsable(candidate.path, error)
        self.loader.digests[candidate.path] = digest(candidate.data)
        return self.read_module(candidate.path, text)

    def read_module(self, path: Path, text: str) -> Declarations:
        """What a Python module with this text declares."""
        from flake8_contracts.catalog.python_specifications import declarations_in_module
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
        is_stale = seen is not None and seen.source is not source
        return declarations_in_module(source, Interpreter(self.loader) if is_stale else self._interpreter)

    def add(self, path: Path, declared: Declarations) -> None:
        """Replace what ``path`` is known to declare."""
        is_new = bool(declared) or path in self.shelf.summaries
        self.shelf.put(path, Summary.of(declared), declared)
        if "pipelines" in self.__dict__:
            self.pipelines.forget(path, is_new=is_new)

    # -- projects inside the project ---------------------------------------------------------------------

    def project_of(self, path: Path) -> Path:
        """The nearest folder above ``path``, within the root, that is a project of its own."""
        self.asked.add(("project", str(path)))
        return self.folder_of(path)

    def folder_of(self, path: Path) -> Path:
        """The same, where another question stands for it."""
        known = self._folders.get(path.parent)
        if known is None:
            known = self._folders[path.parent] = self._nearest_folder(path)
        return known

    def _nearest_folder(self, path: Path) -> Path:
        for folder in path.parents:
            if folder == self.root or self.root not in folder.parents:
                break
            if any((folder / mark).is_file() for mark in PROJECT_MARKS):
                return folder
        return self.root

    def scripts_named(self, entry_point: str) -> list[str]:
        """The project's files that ``entry_point`` may mean, relative to the root."""
        self.asked.add(("files", entry_point))
        wanted = entry_point.removeprefix("./").strip("/")
        named = self._files_by_name.get(wanted.rpartition("/")[2], ())
        return [path for path in named if is_suffix(wanted, path)]

    def files_called(self, name: str) -> Sequence[str]:
        """The project's files of that name, relative to the root."""
        self.asked.add(EVERYTHING)
        return self._files_by_name.get(name, ())

    @cached_property
    def file_names(self) -> ManyNames:
        """The names of the project's files, to suggest one of them."""
        return ManyNames(self._files_by_name)

    @cached_property
    def _files_by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.project_files.all_files:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found


def is_suffix(entry_point: str, path: str) -> bool:
    """Whether ``entry_point`` names the file ``path``: its last components."""
    return path == entry_point or path.endswith("/" + entry_point)


def _guarded(read: Callable[[], Declarations]) -> Declarations:
    from flake8_contracts.catalog.model import Declarations

    try:
        return read()
    except RecursionError:
        return Declarations(fault="what it declares is nested too deeply")
    except ConfigurationError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug of ours is a finding, never a crash
        return Declarations(fault=f"{type(error).__name__}: {error}")


def _unparsable(path: Path, error: UnparsableSource) -> Declarations:
    from flake8_contracts.catalog.model import Declarations, Unreadable

    place = FixedPlace(path, Span(*error.span))
    reason = f"the module cannot be parsed: {error.reason}"
    return Declarations(unreadable=[Unreadable(place, reason)])
