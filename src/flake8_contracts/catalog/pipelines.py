"""The pipelines of a project, put together when somebody asks for those of a file.

Registries and graphs are read by running their modules once more, in an interpreter of their own: registries are told
apart as objects, and what is found must not depend on what else happened to be read before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_contracts.catalog.indexes import REGISTERED, Question
from flake8_contracts.catalog.model import DeclaredPipeline, DeclaredRegistry, DeclaredSpecification
from flake8_contracts.catalog.walk import is_test_code
from flake8_contracts.suggestions import did_you_mean

if TYPE_CHECKING:
    from flake8_contracts.catalog.catalog import Catalog
    from flake8_contracts.catalog.model import Registration
    from flake8_contracts.flow.interpreter import Interpreter

Answer = tuple[list[DeclaredPipeline], frozenset[Question]]
"""Pipelines, and what was asked of the catalogue to find them."""


class Pipelines:
    """The pipelines of registries and graphs, and those of the step interfaces of each project in the project."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[Question, Answer] = {}
        self._interp: Interpreter | None = None

    def of_file(self, path: Path) -> list[DeclaredPipeline]:
        """The pipelines of which something may be reported in a file."""
        found = self.registered() if path.suffix == ".py" else self._of_step_interface(path)
        return [pipeline for pipeline in found if path in pipeline.files]

    def registered(self) -> list[DeclaredPipeline]:
        """The pipelines of all registries."""
        return self._answer(REGISTERED, self._registered)

    def _of_step_interface(self, path: Path) -> list[DeclaredPipeline]:
        folder = self._catalog.project_of(path)
        return self._answer(("steps", str(folder)), lambda: self._of_step_interfaces(folder))

    def _answer(
        self, question: Question, find: Callable[[], list[DeclaredPipeline]]
    ) -> list[DeclaredPipeline]:
        """The answer to a question, which asks for all that it was found with."""
        if question not in self._known:
            with self._catalog.shelf.recording() as asked:
                found = find()
                self._known[question] = (found, frozenset({question, *asked}))
        found, questions = self._known[question]
        self._catalog.asked.update(questions)
        return found

    def forget(self, path: Path, *, is_new: bool) -> None:
        """Forget what depends on a file whose content was replaced; ``is_new``: it declares something, or did."""
        if path.suffix != ".py":
            if is_new:
                self._known.clear()
            return
        frame = self._interp.imports.frames.get(path) if self._interp is not None else None
        if frame is None:
            has_changed = path in self._catalog.shelf.in_pipelines
        else:
            has_changed = self._catalog.loader.known(path, frame.source.text) is not frame.source
        if has_changed:
            self._known.pop(REGISTERED, None)

    # -- registries --------------------------------------------------------------------------------------

    def require_registry(self) -> None:
        """Raise ``ConfigurationError`` if the registry does not exist that the configuration names."""
        self._wanted(self._registries()[0])

    def _wanted(self, registries: list[DeclaredRegistry]) -> list[DeclaredRegistry]:
        """The registries that the configuration names; without a name, all."""
        wanted = self._catalog.registry
        if wanted is None:
            return registries
        names = sorted(
            {each.known_as[wanted.module] for each in registries if wanted.module in each.known_as}
        )
        if wanted.name not in names:
            module = wanted.settings.registry and wanted.settings.registry.partition(":")[0]
            reason = f"the module {module!r} has no registry {wanted.name!r} in which steps are registered"
            raise wanted.settings.error("registry", reason + did_you_mean(wanted.name, names))
        return [each for each in registries if each.known_as.get(wanted.module) == wanted.name]

    def _registered(self) -> list[DeclaredPipeline]:
        files = self._modules()
        if not files:
            return []
        from flake8_contracts.catalog.graphs import graphs_in
        from flake8_contracts.catalog.wiring import registered_pipelines

        registries, loose = self._registries()
        assert self._interp is not None
        frames = self._interp.imports.frames
        graphs = [graph for path in files if path in frames for graph in graphs_in(frames[path])]
        found = registered_pipelines(self._wanted(registries), loose, graphs)
        return [self._with_contracts(pipeline) for pipeline in found]

    def _modules(self) -> list[Path]:
        """The modules that say which steps make up a pipeline. Those of tests may be wrong on purpose."""
        root = self._catalog.root
        found = [
            path
            for path in self._catalog.shelf.in_pipelines
            if path.suffix == ".py" and not is_test_code(path.relative_to(root).as_posix())
        ]
        wanted = self._catalog.registry
        if wanted is not None and wanted.module not in found:
            found.append(wanted.module)
        return sorted(found)

    def _registries(self) -> tuple[list[DeclaredRegistry], list[Registration]]:
        from flake8_contracts.catalog.python_contracts import run_declarations
        from flake8_contracts.catalog.python_specifications import SpecificationReader
        from flake8_contracts.catalog.registries import RegistryReader
        from flake8_contracts.flow.interpreter import Interpreter

        interp = self._interp = Interpreter(self._catalog.loader)
        for path in self._modules():
            source = self._catalog.loader.source(path)
            if source is not None:
                run_declarations(source, interp)
        return RegistryReader(interp, SpecificationReader(interp), self._specification_in).read()

    def _specification_in(self, path: str) -> DeclaredSpecification | None:
        """The specification of the step interface that a program loads from ``path``."""
        loaded = self._catalog.loaded_from(path)
        found = [specification for declared in loaded for specification in declared.specifications]
        return found[0] if len(found) == 1 else None

    # -- step interfaces ---------------------------------------------------------------------------------

    def _of_step_interfaces(self, folder: Path) -> list[DeclaredPipeline]:
        from flake8_contracts.catalog.wiring import pipeline_of_step_files

        catalog = self._catalog
        files = (path for path in catalog.shelf.in_pipelines if path.suffix != ".py")
        specifications: Iterable[DeclaredSpecification] = (
            specification
            for path in files
            if catalog.folder_of(path) == folder
            for specification in catalog.by_file[path].specifications
        )
        pipeline = pipeline_of_step_files(specifications)
        return [] if pipeline is None else [self._with_contracts(pipeline)]

    def _with_contracts(self, pipeline: DeclaredPipeline) -> DeclaredPipeline:
        """Put the contracts in that are loaded from files: the checks need not ask for them."""
        members = tuple(
            member._replace(
                specification=replace(
                    member.specification,
                    contract=self._catalog.contract_of(member.specification),
                    contract_file="",
                ),
            )
            for member in pipeline.members
        )
        return replace(pipeline, members=members)
