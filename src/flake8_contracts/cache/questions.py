"""The answers to what a check asked about the project's declarations, short enough to be kept and compared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from flake8_contracts.cache.declarations import Declarations
from flake8_contracts.cache.imports import Files
from flake8_contracts.catalog.catalog import Catalog
from flake8_contracts.catalog.indexes import REGISTERED, Question
from flake8_contracts.digests import digest

_ABOUT_PATHS = frozenset({"declares", "declared", "project", "steps"})


class Answers:
    """Answers questions from the summaries of the declarations and the list of the files; nothing is parsed."""

    def __init__(self, catalog: Catalog, declarations: Declarations, files: Files) -> None:
        self._catalog = catalog
        self._declarations = declarations
        self._files = files

    def kept(self, question: Question) -> list[object]:
        """A question with its answer. Paths are relative to the root where they can be."""
        kind, about = question
        name = self._files.name(Path(about)) if kind in _ABOUT_PATHS else about
        return [kind, name, self.answer(kind, name)]

    def answer(self, kind: str, about: str) -> object:
        """The answer to a question. Raises ``KeyError`` for a kind of question that does not exist."""
        shelf = self._catalog.shelf
        if kind == "declares":
            return self._files.path(about) in shelf.summaries
        if kind == "declared":
            path = self._files.path(about)
            return self._declarations.digest(path) if path in shelf.summaries else None
        if kind == "script":
            return self._of(shelf.files_for(about))
        if kind == "called":
            return self._of(path for path in shelf.summaries if path.name == about)
        if kind == "files":
            return self._catalog.scripts_named(about)
        if kind == "project":
            return self._files.name(self._catalog.folder_of(self._files.path(about)))
        if kind in ("registered", "steps"):
            return self._steps.get((kind, about))
        if kind == "everything":
            return self._everything
        raise KeyError(kind)

    def _of(self, paths: Iterable[Path]) -> list[list[str | None]]:
        return [[self._files.name(path), self._declarations.digest(path)] for path in paths]

    @cached_property
    def _steps(self) -> dict[Question, str]:
        """What says which steps make up pipelines: modules, and the step interfaces of each project in the project."""
        groups: dict[Question, list[Path]] = {}
        for path in self._catalog.shelf.in_pipelines:
            is_module = path.suffix == ".py"
            folder = "" if is_module else self._files.name(self._catalog.folder_of(path))
            groups.setdefault(REGISTERED if is_module else ("steps", folder), []).append(path)
        return {question: digest(json.dumps(self._of(paths)).encode()) for question, paths in groups.items()}

    @cached_property
    def _everything(self) -> str:
        files = self._catalog.project_files
        parts = [
            self._of(self._catalog.shelf.summaries),
            files.all_files,
            files.closed_directories,
            [[self._files.name(problem.place.path), problem.reason] for problem in files.unreadable],
        ]
        return digest(json.dumps(parts).encode())
