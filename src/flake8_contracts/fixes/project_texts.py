"""The files of a project as texts to edit, and what the linter knows about them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import libcst as cst

from flake8_contracts.buffers import read_bytes
from flake8_contracts.catalog.binding import Binding
from flake8_contracts.catalog.catalog import Catalog
from flake8_contracts.catalog.documents import DocumentError
from flake8_contracts.facts.model import ScriptFacts
from flake8_contracts.findings import Place
from flake8_contracts.fixes.data_text import DataText
from flake8_contracts.fixes.python_text import PythonText
from flake8_contracts.flow.loader import ModuleLoader
from flake8_contracts.syntax.source import NodePlace, SourceModule


class Impossible(Exception):  # noqa: N818 - an answer, not an error of the program
    """The repair cannot be carried out here without guessing."""


class Knowledge(Protocol):
    """What is known about a project."""

    @property
    def catalog(self) -> Catalog:
        """What the project declares."""

    @property
    def loader(self) -> ModuleLoader:
        """The project's modules."""

    def facts(self, path: Path, text: str | None = None) -> ScriptFacts:
        """What a script does."""

    def binding(self, path: Path, text: str | None = None) -> Binding:
        """The contracts of a script."""


class ProjectTexts:
    """The texts of a project's files, each read once."""

    def __init__(self, project: Knowledge) -> None:
        self.project = project
        self._python: dict[int, PythonText] = {}
        self._data: dict[Path, DataText] = {}

    def python(self, source: SourceModule) -> PythonText:
        """A parsed Python file."""
        known = self._python.get(id(source))
        if known is None:
            known = self._python[id(source)] = PythonText(source)
        return known

    def node(self, place: Place) -> tuple[PythonText, cst.CSTNode]:
        """The node at a place of a Python file. Raises :class:`Impossible` for any other place."""
        if not isinstance(place, NodePlace):
            raise Impossible
        return self.python(place.source), place.node

    def data(self, path: Path) -> DataText:
        """A YAML, TOML or JSON file. Raises :class:`Impossible` if it cannot be read."""
        if path not in self._data:
            try:
                self._data[path] = DataText(path, read_bytes(path))
            except (OSError, DocumentError) as error:
                raise Impossible from error
        return self._data[path]
