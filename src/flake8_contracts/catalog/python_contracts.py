"""Contracts declared in Python modules, read by abstract interpretation: nothing of the project is executed."""

from __future__ import annotations

import re

import libcst as cst

from contracts_runtime.contract_checks import UNRESOLVED
from flake8_contracts.catalog.kind import job_kind
from flake8_contracts.catalog.model import Declarations, DeclaredContract, Entry, JobKind, Unreadable
from flake8_contracts.findings import Place
from flake8_contracts.flow.events import ContractMade
from flake8_contracts.flow.imports import MODULE_LIMIT
from flake8_contracts.flow.interpreter import Interpreter
from flake8_contracts.flow.objects import Dict, Frame, Module, Sequence
from flake8_contracts.flow.values import External, Value, constant, options
from flake8_contracts.syntax.source import SourceModule

_MAKES_DECLARATIONS = re.compile(r"Contract|Specification|_SPEC\b|\.register\(")
_MAPPINGS = ("expected_input_paths", "expected_output_paths", "optional_env_vars", "expected_arguments")


def contracts_in_module(source: SourceModule, interp: Interpreter) -> Declarations:
    """The contracts that the module ``source`` makes. ``interp`` may have run other modules before."""
    module = run_declarations(source, interp)
    if module is None:
        return Declarations(
            unreadable=[Unreadable(source.place(source.top), "the module is too entangled to follow")]
        )
    names = names_of_objects(module.frame)
    result = Declarations()
    seen: set[tuple[object, ...]] = set()
    for event in interp.trace.events:
        if not isinstance(event, ContractMade) or event.source is not source:
            continue
        contract = _Reader(event, source, names.get(id(event.contract), ""), result.unreadable).read()
        key = (id(event.node), tuple(contract.inputs), tuple(contract.outputs), repr(contract.raw))
        if key not in seen:
            seen.add(key)
            result.contracts.append(contract)
    return result


def run_declarations(source: SourceModule, interp: Interpreter) -> Module | None:
    """Run a module and its functions that may declare something; ``None`` if it is too entangled to follow."""
    interp.steps = 0
    interp.imports.limit = len(interp.imports.frames) + MODULE_LIMIT
    module = interp.run_module(source, source.path.stem)
    if module is not None:
        _call_factories(interp, source, module.frame)
    return module


def _call_factories(interp: Interpreter, source: SourceModule, frame: Frame) -> None:
    """Functions without parameters that nothing calls may declare something: ``def get_script_contract()``."""
    for function in list(interp.functions):
        node = function.node
        if function.source is not source or id(node) in interp.entered or function.owner is not None:
            continue
        assert isinstance(node, cst.FunctionDef)
        params = node.params
        needs = [
            param
            for param in (*params.posonly_params, *params.params, *params.kwonly_params)
            if param.default is None
        ]
        if not needs and _MAKES_DECLARATIONS.search(source.code(node)):
            interp.calls.call_function(function, (), {}, node, frame)


def names_of_objects(frame: Frame) -> dict[int, str]:
    """The variable that holds each object of the module."""
    found: dict[int, str] = {}
    for name, log in frame.locals.items():
        for _, value in log:  # every arm of an "if" or "try" may write another one
            for option in options(value):
                found.setdefault(id(option), name)
    return found


def read_contract(event: ContractMade) -> DeclaredContract:
    """The contract that was made at an event, as its own module declares it."""
    name = names_of_objects(event.frame.module).get(id(event.contract), "")
    return _Reader(event, event.source, name, []).read()


class _Reader:
    """Turns the fields of one contract object into a declaration with places."""

    def __init__(
        self, event: ContractMade, source: SourceModule, name: str, unreadable: list[Unreadable]
    ) -> None:
        self.event = event
        self.source = source
        self.name = name
        self.unreadable = unreadable
        self.unresolved: set[str] = set()
        self.raw: dict[str, object] = {}
        self.place = source.place(event.node)

    def read(self) -> DeclaredContract:
        fields = self.event.fields
        mappings = {name: self.mapping(name, fields.get(name)) for name in _MAPPINGS}
        required = self.names("required_env_vars", fields.get("required_env_vars"))
        entry_point = self.scalar("entry_point", fields.get("entry_point"))
        for name, value in fields.items():
            if name not in self.raw:
                self.raw[name] = _plain(value)
        self.leave_unseen()
        paths = [
            entry.value
            for field in ("expected_input_paths", "expected_output_paths")
            for entry in mappings[field].values()
            if entry.value is not None
        ]
        explicit = _explicit_kind(self.event)
        return DeclaredContract(
            name=self.name or self.event.class_name,
            source=self.source.path,
            place=self.place,
            kind=job_kind(paths, explicit),
            kind_is_certain=explicit is not None,
            entry_point=entry_point,
            inputs=mappings["expected_input_paths"],
            outputs=mappings["expected_output_paths"],
            required_env=required,
            optional_env=mappings["optional_env_vars"],
            arguments=mappings["expected_arguments"],
            unresolved=frozenset(self.unresolved),
            raw=self.raw,
            field_places=self.field_places(),
            module=self.source.path.stem,
        )

    def leave_unseen(self) -> None:
        """Leave open what the contract may have been given beside the fields that are seen."""
        unseen = self.event.unseen
        self.unresolved |= unseen
        node = self.event.node
        is_spread = isinstance(node, cst.Call) and any(arg.star for arg in node.args)
        if "entry_point" in unseen:
            self.raw["entry_point"] = UNRESOLVED
        elif not unseen or not is_spread:
            return
        what = "some fields" if is_spread else f"what the constructor of {self.event.class_name!r} adds"
        self.unreadable.append(
            Unreadable(self.place, f"{what} cannot be resolved without running the module", is_part=True)
        )

    def field_places(self) -> dict[str, Place]:
        node = self.event.node
        if not isinstance(node, cst.Call):
            return {}
        return {
            arg.keyword.value: self.source.place(arg.keyword) for arg in node.args if arg.keyword is not None
        }

    def where(self, value: Value, otherwise: Place) -> Place:
        """Where a value is written, if that is in this module."""
        node, source = getattr(value, "node", None), getattr(value, "source", None)
        return self.source.place(node) if node is not None and source is self.source else otherwise

    def field_place(self, name: str) -> Place:
        return self.field_places().get(name, self.place)

    def give_up(self, name: str, place: Place, what: str) -> None:
        self.unresolved.add(name)
        reason = f"{what} cannot be resolved without running the module"
        self.unreadable.append(Unreadable(place, reason, is_part=True))

    def scalar(self, name: str, value: Value | None) -> Entry | None:
        if value is None:
            return None
        field = self.field_place(name)
        place = self.where(value, field)
        known = constant(value)
        if known is None:
            self.raw[name] = UNRESOLVED
            self.give_up(name, place, f"the value of {name!r}")
            return Entry(None, place, field)
        self.raw[name] = known[0]
        return Entry(known[0] if isinstance(known[0], str) else None, place, field)

    def mapping(self, name: str, value: Value | None) -> dict[str, Entry]:
        if value is None:
            return {}
        field = self.field_place(name)
        if not isinstance(value, Dict):
            plain = _plain(value)
            self.raw[name] = plain
            if plain is UNRESOLVED:
                self.give_up(name, self.where(value, field), f"the value of {name!r}")
            return {}
        result: dict[str, Entry] = {}
        raw: dict[object, object] = {}
        for key, log in value.entries.items():
            entry_value = log[-1][1]
            key_node = value.key_nodes.get(key)
            in_module = key_node is not None and value.source is self.source
            key_place = self.source.place(key_node) if in_module and key_node is not None else field
            place = self.where(entry_value, key_place)
            known = constant(entry_value)
            raw[key] = UNRESOLVED if known is None else known[0]
            if known is None:
                self.give_up(name, place, f"the value of {key!r} in {name!r}")
            if isinstance(key, str):
                text = known[0] if known is not None else None
                result[key] = Entry(text if isinstance(text, str) else None, place, key_place)
        if value.is_open:
            self.give_up(name, field, f"some keys of {name!r}")
        self.raw[name] = raw
        return result

    def names(self, name: str, value: Value | None) -> dict[str, Entry]:
        if value is None:
            return {}
        field = self.field_place(name)
        items: list[Value] | None = None
        if isinstance(value, Sequence) and not value.is_open:
            items = list(value.items)
        elif isinstance(value, Dict) and not value.is_open:
            # Wrong type; the model refuses it, and says so better than "cannot be resolved".
            self.raw[name] = {key: _plain(log[-1][1]) for key, log in value.entries.items()}
            return {}
        if items is None:
            self.raw[name] = _plain(value)
            if self.raw[name] is UNRESOLVED:
                self.give_up(name, self.where(value, field), f"the value of {name!r}")
            return {}
        result: dict[str, Entry] = {}
        raw: list[object] = []
        for item in items:
            known = constant(item)
            place = self.where(item, field)
            raw.append(UNRESOLVED if known is None else known[0])
            if known is None:
                self.give_up(name, place, f"an item of {name!r}")
            elif isinstance(known[0], str):
                result.setdefault(known[0], Entry(known[0], place, place))
        self.raw[name] = raw
        return result


def _explicit_kind(event: ContractMade) -> JobKind | None:
    """What the class says of the kind of job. A code base's own classes are judged by their paths."""
    if "Training" in event.class_name:
        return "training"
    made = event.contract
    if isinstance(made, External) and made.name.startswith("contracts_runtime."):
        return "processing"
    return None


def _plain(value: Value) -> object:
    """A value as plain data, for the model's own checks."""
    known = constant(value)
    if known is not None:
        return known[0]
    if isinstance(value, Sequence) and not value.is_open:
        return [_plain(item) for item in value.items]
    if isinstance(value, Dict) and not value.is_open:
        return {key: _plain(log[-1][1]) for key, log in value.entries.items()}
    return UNRESOLVED
