"""Step specifications and registries in Python modules, read by abstract interpretation like contracts.

What cannot be told without running the module is ``UNRESOLVED`` and never reported: the classes of a code base may
compute what they like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from contracts_runtime.problems import UNRESOLVED
from flake8_contracts.catalog.graphs import graphs_in
from flake8_contracts.catalog.model import (
    Declarations,
    DeclaredContract,
    DeclaredPort,
    DeclaredSpecification,
    Entry,
)
from flake8_contracts.catalog.python_contracts import (
    contracts_in_module,
    names_of_objects,
    read_contract,
)
from flake8_contracts.findings import Place
from flake8_contracts.flow.events import CallEvent, ContractMade, Event, RegistryUse, SpecificationMade
from flake8_contracts.flow.interpreter import Interpreter
from flake8_contracts.flow.models.specifications import is_registry
from flake8_contracts.flow.objects import Dict, Frame, Function, Instance, Sequence
from flake8_contracts.flow.store import BranchPath, reaches
from flake8_contracts.flow.values import UNKNOWN, Const, External, Text, Value, constant, options
from flake8_contracts.syntax.source import SourceModule

#: A member of one of the enumerations, of which only the name can be seen where the class is not in the project.
_ENUMERATION = re.compile(r"(?:^|\.)(?:DependencyType|NodeType)\.([A-Z][A-Z_]*)(?:\.value)?$")
_PORT_FIELDS = {"dependencies": "dependency", "outputs": "output"}
_LISTS = ("compatible_sources", "semantic_keywords", "aliases")


def declarations_in_module(source: SourceModule, interp: Interpreter) -> Declarations:
    """All that the module ``source`` declares. ``interp`` may have run other modules before."""
    declared = contracts_in_module(source, interp)
    frame = interp.imports.frames.get(source.path)
    if frame is None or (declared.unreadable and not declared.contracts):
        return declared
    declared.specifications.extend(SpecificationReader(interp).of_module(source))
    declared.in_pipelines = any(graphs_in(frame)) or any(
        _is_about_registry(event) and top_module(event) is source for event in interp.trace.events
    )
    return declared


def _is_about_registry(event: Event) -> bool:
    """Whether a registry is used or handed on."""
    if isinstance(event, CallEvent):
        given = (*event.args, *event.kwargs.values())
        return any(is_registry(way) for value in given for way in options(value))
    return isinstance(event, RegistryUse)


class SpecificationReader:
    """Turns the specification objects of one interpreter into declarations with places, each object once."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp
        events = interp.trace.events
        self.made = {
            id(event.specification): event for event in events if isinstance(event, SpecificationMade)
        }
        self._contracts = {id(event.contract): event for event in events if isinstance(event, ContractMade)}
        self._known: dict[int, DeclaredSpecification] = {}

    def of_module(self, source: SourceModule) -> list[DeclaredSpecification]:
        """The specifications that the top-level code of a module makes, itself or through helpers."""
        found: list[DeclaredSpecification] = []
        seen: set[tuple[object, ...]] = set()
        for event in self.made.values():
            if top_module(event) is not source:
                continue
            declared = self.read(event)
            key = (id(event.node), declared.name, repr(declared.raw))
            if key not in seen:
                seen.add(key)
                found.append(declared)
        return found

    def of_value(self, value: Value | None) -> DeclaredSpecification | None:
        """The specification that a value is, if it is certainly one."""
        event = self.made.get(id(value))
        return self.read(event) if event is not None else None

    def read(self, event: SpecificationMade) -> DeclaredSpecification:
        """What an object declares."""
        known = self._known.get(id(event.specification))
        if known is None:
            known = self._known[id(event.specification)] = _Reader(event, self).read()
        return known

    def called(self, value: Value | None, event: SpecificationMade) -> Value | None:
        """A contract that is given as a function that returns it."""
        if isinstance(value, Function):
            return self.interp.calls.call_function(value, (), {}, event.node, event.frame)
        return value

    def contract(self, value: Value | None) -> DeclaredContract | None:
        """The contract that a value is, if it is certainly one."""
        made = self._contracts.get(id(value))
        return read_contract(made) if made is not None else None


def _file_of(value: Value | None) -> str:
    """The file that a contract is loaded from."""
    if isinstance(value, External) and value.name.endswith("ScriptContract.from_file()"):
        given = value.args[0] if value.args else (value.kwargs or {}).get("path")
        if isinstance(given, Text) and given.exact is not None:
            return given.exact
    return ""


def top_module(event: Event) -> SourceModule:
    """The module whose top-level code leads to an event."""
    return _top_frame(event.frame).source


def _top_frame(frame: Frame) -> Frame:
    while frame.function is not None and frame.caller is not None:
        frame = frame.caller
    return frame.module


def node_in(event: Event, source: SourceModule) -> cst.CSTNode:
    """The node of an event in a module: itself, or the call there that leads to it."""
    node, frame = event.node, event.frame
    while frame.source is not source and frame.caller is not None and frame.call is not None:
        node, frame = frame.call, frame.caller
    return node


class _Reader:
    """Turns the fields of one specification object into a declaration."""

    def __init__(self, event: SpecificationMade, all_of_them: SpecificationReader) -> None:
        self.event = event
        self.readers = all_of_them
        self.source = top_module(event)
        self.node = node_in(event, self.source)
        self.place = self.source.place(self.node)
        self.keywords = keyword_places(self.node, self.source)
        self.unresolved: set[str] = set()

    def read(self) -> DeclaredSpecification:
        made = self.event.specification
        if self.event.starred:
            self.unresolved.update(("step_type", "node_type", "dependencies", "outputs"))
        raw: dict[str, object] = {}
        for name in made.attributes:
            value = self.field(made, name)
            if name not in (*_PORT_FIELDS, "script_contract") and not _is_left_out(value):
                raw[name] = self.plain(value)
        contract = self.readers.called(self.field(made, "script_contract"), self.event)
        ports = {name: self.ports(name, self.field(made, name), raw) for name in _PORT_FIELDS}
        step_type = raw.get("step_type")
        type_place = self.where(self.field(made, "step_type"), self.keywords.get("step_type", self.place))
        return DeclaredSpecification(
            name=names_of_objects(_top_frame(self.event.frame)).get(id(made), "")
            or self.event.class_name.rpartition(".")[2],
            source=self.source.path,
            place=self.place,
            step_type=Entry(
                step_type if isinstance(step_type, str) else None,
                type_place,
                self.keywords.get("step_type", self.place),
            ),
            dependencies=ports["dependencies"],
            outputs=ports["outputs"],
            contract=self.readers.contract(contract),
            contract_file=_file_of(contract),
            unresolved=frozenset({*self.unresolved, *(name for name in raw if raw[name] is UNRESOLVED)}),
            raw=raw,
            field_places=self.keywords,
            is_foreign=made.cls is not None or not self.event.class_name.startswith("contracts_runtime."),
        )

    # -- values ------------------------------------------------------------------------------------------

    def visible(self, log: list[tuple[BranchPath, Value]] | None) -> Value | None:
        """The one value that was certainly written; ``UNKNOWN`` if it may be another one."""
        if log is None:
            return None
        path, value = log[-1]
        return value if len(log) == 1 and reaches(path, self.event.path) else UNKNOWN

    def field(self, made: Instance, name: str) -> Value | None:
        return self.visible(made.attributes.get(name))

    def where(self, value: Value | None, otherwise: Place) -> Place:
        """Where a value is written, if that is in this module."""
        node, source = getattr(value, "node", None), getattr(value, "source", None)
        return self.source.place(node) if node is not None and source is self.source else otherwise

    def plain(self, value: Value | None) -> object:
        """A value as plain data, for the checks."""
        if value is None:
            return UNRESOLVED
        known = constant(value)
        if known is not None:
            return known[0]
        if isinstance(value, External):
            member = _ENUMERATION.search(value.name)
            return member[1].lower() if member else UNRESOLVED
        if isinstance(value, Sequence) and not value.is_open:
            return [self.plain(item) for item in value.items]
        if isinstance(value, Dict) and not value.is_open:
            return {key: self.plain(self.visible(log)) for key, log in value.entries.items()}
        if (
            isinstance(value, Instance)
            and value.cls is not None
            and self.readers.interp.calls.is_enum(value.cls)
        ):
            return self.plain(self.field(value, "value"))
        return UNRESOLVED

    # -- dependencies and outputs ------------------------------------------------------------------------

    def ports(self, name: str, value: Value | None, raw: dict[str, object]) -> dict[str, DeclaredPort]:
        found: dict[str, DeclaredPort] = {}
        described: list[object] = []
        if not _is_left_out(value) or name in self.unresolved:
            items = self.items(value)
            if items is None:
                self.unresolved.add(name)
            for key, key_place, item in items or ():
                port = self.port(name, key, key_place, item)
                if port is None:
                    self.unresolved.add(name)
                else:
                    described.append(port.raw)
                    found.setdefault(str(port.name.value), port)
        if name in self.unresolved:
            described.append(UNRESOLVED)
        raw[name] = described if isinstance(value, Sequence) else self.by_name(found, described)
        return found

    def by_name(self, found: dict[str, DeclaredPort], described: list[object]) -> dict[object, object]:
        """What is declared as a mapping, by its keys."""
        result: dict[object, object] = {key: port.raw for key, port in found.items()}
        if UNRESOLVED in described:
            result[UNRESOLVED] = UNRESOLVED
        return result

    def items(self, value: Value | None) -> list[tuple[str | None, Place | None, Value]] | None:
        """Key, place of the key, and value of each item of a list or mapping; ``None`` if they are not all known."""
        if isinstance(value, Sequence) and not value.is_open:
            return [(None, None, item) for item in value.items]
        if not isinstance(value, Dict) or value.is_open:
            return None
        result: list[tuple[str | None, Place | None, Value]] = []
        for key, log in value.entries.items():
            item = self.visible(log)
            if not isinstance(key, str) or item is None:
                return None
            node = value.key_nodes.get(key)
            place = self.source.place(node) if node is not None and value.source is self.source else None
            result.append((key, place, item))
        return result

    def port(self, name: str, key: str | None, key_place: Place | None, value: Value) -> DeclaredPort | None:
        given = self.given(name, value)
        if given is None:
            return None
        here = self.where(value, key_place or self.keywords.get(name, self.place))
        raw: dict[str, object] = {}
        places: dict[str, Place] = {}
        items: dict[str, dict[str, Place]] = {}
        for field_name, (field_place, field_value) in given.items():
            raw[field_name] = self.plain(field_value)
            places[field_name] = self.where(field_value, field_place or here)
            if field_name in _LISTS and isinstance(field_value, Sequence):
                items[field_name] = dict(self.texts(field_value, places[field_name]))
        logical_name = key if key is not None else raw.get("logical_name")
        if not isinstance(logical_name, str) or raw.get("logical_name") is UNRESOLVED:
            return None
        name_place = places.get("logical_name", key_place or here)
        entry = Entry(
            logical_name, name_place, key_place or name_place, raw.get("required", True) is not False
        )
        return DeclaredPort(entry, {"logical_name": logical_name, **raw}, places, items)

    def given(self, name: str, value: Value) -> dict[str, tuple[Place | None, Value]] | None:
        """The fields of a dependency or output with the places of their names; ``None`` if they are not known."""
        if isinstance(value, Dict) and not value.is_open:
            found: dict[str, tuple[Place | None, Value]] = {}
            for key, log in value.entries.items():
                node = value.key_nodes.get(key)
                place = self.source.place(node) if node is not None and value.source is self.source else None
                if isinstance(key, str):
                    found[key] = (place, self.visible(log) or UNKNOWN)
            return found
        if not isinstance(value, Instance) or value.kind != _PORT_FIELDS[name]:
            return None
        in_module = value.node is not None and value.source is self.source
        keywords = keyword_places(value.node, self.source) if in_module and value.node is not None else {}
        fields = {field_name: self.field(value, field_name) for field_name in value.attributes}
        return {
            field_name: (keywords.get(field_name), field_value or UNKNOWN)
            for field_name, field_value in fields.items()
            if not _is_left_out(field_value)
        }

    def texts(self, value: Sequence, otherwise: Place) -> Iterator[tuple[str, Place]]:
        for item in value.items:
            known = constant(item)
            if known is not None and isinstance(known[0], str):
                yield known[0], self.where(item, otherwise)


def keyword_places(node: cst.CSTNode, source: SourceModule) -> dict[str, Place]:
    """Where the keywords of a call stand."""
    if not isinstance(node, cst.Call):
        return {}
    return {arg.keyword.value: source.place(arg.keyword) for arg in node.args if arg.keyword is not None}


def _is_left_out(value: Value | None) -> bool:
    """Whether a field has no value: it is not given, or it is ``None`` or the ``...`` of a required field."""
    if value is None:
        return True
    return isinstance(value, Const) and value.value in (None, ...)
