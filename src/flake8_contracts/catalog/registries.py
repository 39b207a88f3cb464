"""Registries of steps, and what the modules of a project register in them.

Registries are told apart as objects of one interpreter, which has run all modules: whatever a registry is called
where it is used, it is the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from flake8_contracts.catalog.model import (
    DeclaredRegistry,
    DeclaredSpecification,
    Edge,
    Entry,
    Registration,
)
from flake8_contracts.catalog.python_contracts import names_of_objects
from flake8_contracts.catalog.python_specifications import SpecificationReader, node_in, top_module
from flake8_contracts.catalog.registry_code import only_asks, understands
from flake8_contracts.findings import Place
from flake8_contracts.flow.events import CallEvent, Escape, RegistryUse
from flake8_contracts.flow.interpreter import Interpreter
from flake8_contracts.flow.models.specifications import STEP_FILE, is_context, is_registry
from flake8_contracts.flow.objects import Dict, Instance, Sequence
from flake8_contracts.flow.store import newest
from flake8_contracts.flow.values import External, Text, Value, constant, options
from flake8_contracts.syntax.source import SourceModule

#: Methods after which everything that a registry holds has still been seen.
_KNOWN = frozenset({"register", "connect", "validate", "problems", "results", "find_compatible_outputs"})
#: Calls that a registry may be given to without being changed.
_HARMLESS = ("builtins.", "logging.", "contracts_runtime.", "pprint.")

#: How deep registries are looked for in what is handed on.
_DEPTH = 3

FindStep = Callable[[str], "DeclaredSpecification | None"]


class RegistryReader:
    """Collects the registries of one interpreter. ``step_file`` knows the specifications of step interfaces."""

    def __init__(self, interp: Interpreter, specifications: SpecificationReader, step_file: FindStep) -> None:
        self.interp = interp
        self.specifications = specifications
        self.step_file = step_file
        #: The uses of each registry, and the objects that may be changed where it cannot be seen, by identity.
        self.uses: dict[object, list[RegistryUse]] = {}
        self.changed_elsewhere: set[int] = set()
        self.loose: list[Registration] = []
        self._unseen: dict[Path, list[str]] = {}

    def read(self) -> tuple[list[DeclaredRegistry], list[Registration]]:
        """The registries, and the steps that are registered where it is not known in which one."""
        for event in self.interp.trace.events:
            if isinstance(event, RegistryUse):
                self._note(event)
            elif isinstance(event, CallEvent) and not event.name.startswith(_HARMLESS):
                for given in (*event.args, *event.kwargs.values()):
                    self.changed_elsewhere.update(_objects_in(given))
            elif isinstance(event, Escape):
                self.changed_elsewhere.update(_objects_in(event.value))
        found = [self._declared(uses) for uses in self.uses.values()]
        return [each for each in found if any(step.specification for step in each.registrations)], self.loose

    def _note(self, event: RegistryUse) -> None:
        key = _identity(event.registry)
        if key is not None:
            self.uses.setdefault(key, []).append(event)
            return
        if event.method == "register":
            self.loose.append(self._registration(event))
        self.changed_elsewhere.update(id(way) for way in options(event.registry))

    def _declared(self, uses: list[RegistryUse]) -> DeclaredRegistry:
        registry = uses[0].registry
        source, node = getattr(registry, "source", None), getattr(registry, "node", None)
        assert isinstance(source, SourceModule)
        assert node is not None
        registrations = [self._registration(use) for use in uses if use.method == "register"]
        wires = [self._wire(use) for use in uses if use.method == "connect"]
        objects = {id(use.registry) for use in uses}
        known_as = {
            path: name
            for path, frame in self.interp.imports.frames.items()
            for identity, name in names_of_objects(frame).items()
            if identity in objects
        }
        is_known = (
            all(use.method in _KNOWN or use.method.startswith(("get_", "list_", "__")) for use in uses)
            and all(each.specification is not None and each.step_name.value for each in registrations)
            and None not in wires
        )
        return DeclaredRegistry(
            place=source.place(node),
            known_as=known_as,
            registrations=tuple(registrations),
            wires=tuple(filter(None, wires)),
            is_open=not is_known
            or bool(objects & self.changed_elsewhere)
            or not self._is_seen(uses, objects, known_as),
        )

    def _is_seen(self, uses: list[RegistryUse], objects: set[int], known_as: Mapping[Path, str]) -> bool:
        """Whether everything can be seen that is done to a registry, by the modules and functions that name it."""
        if not known_as and not is_context(uses[0].registry) and not _is_local(uses, objects):
            return False  # whoever gets it may add steps
        functions = {
            (use.frame.source, use.frame.function.node, name)
            for use in uses
            if use.frame.function is not None
            for identity, name in names_of_objects(use.frame).items()
            if identity in objects
        }
        is_kept = bool(known_as)
        for source, node, name in functions:
            if not understands(source.code(node), name, may_return=is_kept):
                return False
        return all(
            understands(self.interp.imports.frames[path].source.text, name)
            and all(only_asks(code, name) for code in self._unseen_functions(path))
            for path, name in known_as.items()
        )

    def _unseen_functions(self, path: Path) -> list[str]:
        """The code of a module's functions that nothing is seen to call."""
        if path not in self._unseen:
            self._unseen[path] = [
                function.source.code(function.node)
                for function in self.interp.functions
                if function.source.path == path and id(function.node) not in self.interp.entered
            ]
        return self._unseen[path]

    def _registration(self, event: RegistryUse) -> Registration:
        name = event.argument(0, "step_name")
        text = _text(name)
        place = self._place(event, name)
        return Registration(
            Entry(text, place, place),
            self._specification(event.argument(1, "specification")),
            is_certain=not event.path,
        )

    def _specification(self, value: Value | None) -> DeclaredSpecification | None:
        if isinstance(value, Instance) and value.kind == STEP_FILE:
            paths = newest([value.attributes["path"]])
            text = paths[0].exact if isinstance(paths[0], Text) else None
            return self.step_file(text) if text is not None else None
        return self.specifications.of_value(value)

    def _wire(self, event: RegistryUse) -> Edge | None:
        names = ("producer", "consumer", "output", "dependency")
        values = [event.argument(index, name) for index, name in enumerate(names)]
        texts = [_text(value) for value in values]
        is_known = all(
            text is not None or value is None or constant(value) == (None,)
            for text, value in zip(texts, values, strict=True)
        )
        producer, consumer, output, dependency = texts
        if not is_known or producer is None or consumer is None or event.path:
            return None
        place = self._place(event, values[0])
        return Edge(producer, consumer, place, output, dependency, is_wire=True)

    def _place(self, event: RegistryUse, value: Value | None) -> Place:
        """Where a value is written, if that is in the module that runs the call; else the call."""
        source = top_module(event)
        node = getattr(value, "node", None)
        is_here = node is not None and getattr(value, "source", None) is source
        return source.place(node if is_here and node is not None else node_in(event, source))


def _is_local(uses: list[RegistryUse], objects: set[int]) -> bool:
    """Whether a registry never leaves the function that makes it, as far as its uses tell."""
    return all(
        use.frame.function is not None and objects & names_of_objects(use.frame).keys() for use in uses
    )


def _objects_in(value: Value, depth: int = _DEPTH) -> Iterator[int]:
    """The identities of a value and of what it holds."""
    for way in options(value):
        yield id(way)
        held: Iterable[Value] = ()
        if isinstance(way, Sequence):
            held = way.items
        elif isinstance(way, Dict):
            held = (item for log in way.entries.values() for _, item in log)
        elif isinstance(way, Instance):
            held = (item for log in way.attributes.values() for _, item in log)
        if depth:
            for item in held:
                yield from _objects_in(item, depth - 1)


def _text(value: Value | None) -> str | None:
    known = constant(value) if value is not None else None
    return known[0] if known is not None and isinstance(known[0], str) else None


def _identity(registry: Value) -> object:
    """What tells a registry that the project makes from others; ``None`` for one whose origin is not known."""
    if is_context(registry):
        assert isinstance(registry, External)
        given = registry.args[0] if registry.args else (registry.kwargs or {}).get("name")
        name = "default" if given is None else _text(given)
        return None if name is None else ("context", name)
    if isinstance(registry, External):
        is_made = registry.node is not None and registry.name.endswith("()") and is_registry(registry)
        return id(registry) if is_made else None
    return id(registry) if isinstance(registry, Instance) and registry.node is not None else None
