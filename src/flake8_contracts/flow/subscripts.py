"""Dictionaries and sequences: look-up, storing, iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.events import KeyLookup
from flake8_contracts.flow.objects import Class, Dict, Frame, Instance, Key, Sequence
from flake8_contracts.flow.values import (
    ANY,
    NONE,
    UNKNOWN,
    Const,
    External,
    Hole,
    Text,
    Unknown,
    Value,
    constant,
    options,
    text,
    union,
)

if TYPE_CHECKING:
    from flake8_contracts.flow.events import EnvironmentRead, Guard
    from flake8_contracts.flow.interpreter import Interpreter

#: Dictionaries with more keys than this are treated as open.
MAX_KEYS = 5_000


class Subscripts:
    """Containers of the interpreted program."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp

    # -- reading -----------------------------------------------------------------------------------------

    def eval(self, node: cst.Subscript, frame: Frame) -> Value:
        interp = self.interp
        owner = interp.expressions.eval(node.value, frame)
        if len(node.slice) != 1:
            for element in node.slice:
                if isinstance(element.slice, cst.Index):
                    interp.expressions.eval(element.slice.value, frame)
            return UNKNOWN
        part = node.slice[0].slice
        if isinstance(part, cst.Slice):
            bounds = [
                interp.expressions.eval(bound, frame) if bound else NONE for bound in (part.lower, part.upper)
            ]
            return union(self.sliced(option, bounds, node, frame) for option in options(owner))
        assert isinstance(part, cst.Index)
        key = interp.expressions.eval(part.value, frame)
        return union(self.item(option, key, node, frame) for option in options(owner))

    def item(self, owner: Value, key: Value, node: cst.CSTNode, frame: Frame) -> Value:
        """``owner[key]``."""
        if isinstance(owner, Dict):
            return self.look_up(owner, key, "item", None, node, frame)
        if isinstance(owner, Sequence):
            known = constant(key)
            if known and isinstance(known[0], int) and not owner.is_open:
                try:
                    return owner.items[known[0]]
                except IndexError:
                    return UNKNOWN
            return union(owner.every())
        if isinstance(owner, External):
            return self.interp.calls.models.external_item(owner, key, node, frame)
        if isinstance(owner, Instance):
            method = self.interp.calls.find_method(owner, "__getitem__")
            if method is not None:
                return self.interp.calls.call_value(method, (key,), {}, node, frame)
            known = constant(key)
            if owner.kind and known and isinstance(known[0], str):
                return self.interp.calls.instance_attribute(owner, known[0], node, frame)
            items = self.interp.calls.tuple_items(owner)
            return self.item(Sequence(items, "tuple"), key, node, frame) if items else UNKNOWN
        if isinstance(owner, Class):
            known = constant(key)
            if known and isinstance(known[0], str) and self.interp.calls.is_enum(owner):
                return self.interp.calls.class_attribute(owner, known[0])
            return owner
        if isinstance(owner, Text):
            known, exact = constant(key), owner.exact
            if (
                known
                and isinstance(known[0], int)
                and exact is not None
                and -len(exact) <= known[0] < len(exact)
            ):
                return text(exact[known[0]])
            return Text((ANY,))
        return UNKNOWN

    def sliced(self, owner: Value, bounds: list[Value], node: cst.CSTNode, frame: Frame) -> Value:
        known = [constant(bound) for bound in bounds]
        if isinstance(owner, External):
            return self.interp.calls.models.external_item(owner, UNKNOWN, node, frame)
        if isinstance(owner, Sequence) and not owner.is_open and None not in known:
            low, high = (bound[0] for bound in known if bound is not None)
            if isinstance(low, (int, type(None))) and isinstance(high, (int, type(None))):
                return Sequence(owner.items[low:high], owner.kind)
        if isinstance(owner, Sequence):
            return Sequence(kind=owner.kind, is_open=True, rest=union(owner.every()))
        if isinstance(owner, Text):
            exact = owner.exact
            if exact is not None and None not in known:
                low, high = (bound[0] for bound in known if bound is not None)
                if isinstance(low, (int, type(None))) and isinstance(high, (int, type(None))):
                    return text(exact[low:high], node, frame.source)
            return Text((ANY,))
        return UNKNOWN

    def look_up(
        self, owner: Dict, key: Value, how: str, default: Value | None, node: cst.CSTNode, frame: Frame
    ) -> Value:
        """``owner[key]`` or ``owner.get(key, default)``; ``default`` is ``None`` for ``[]``."""
        interp = self.interp
        if owner.role in ("environment", "environment copy"):
            return interp.calls.models.read_environment(owner, key, how, default, node, frame)
        self.mark_read(owner, key)
        results: list[Value] = []
        for option in options(key):
            known = constant(option)
            if known is None or not isinstance(known[0], (str, int, float, bool, type(None), bytes)):
                results.extend(self.all_values(owner))
                if owner.is_open or not owner.entries:
                    results.append(owner.rest if owner.is_open else UNKNOWN)
                if default is not None:
                    results.append(default)
                continue
            results.append(self._entry(owner, known[0], option, how, default, node, frame))
        return union(results)

    def _entry(
        self,
        owner: Dict,
        key: Key,
        key_value: Value,
        how: str,
        default: Value | None,
        node: cst.CSTNode,
        frame: Frame,
    ) -> Value:
        interp = self.interp
        values, certain = owner.get(key, interp.path, interp.dead)
        present = bool(values)
        if not certain and owner.is_open:
            values.append(_refined(owner, key))
            present = True
        if not certain and default is not None:
            # What was harvested only where a variable is set: the default of the look-up stands in for it.
            for value in values if owner.role == "variables" and not self.interp.prose else ():
                self.interp.expressions.default_of_reads(value, default)
            values.append(default)
        result = union(_through(value, key) for value in values) if values else Unknown(f"no key {key!r}")
        if owner.role and isinstance(key, str):
            place = key_value.node if isinstance(key_value, Text) and key_value.node else node
            source = key_value.source if isinstance(key_value, Text) and key_value.source else frame.source
            event = KeyLookup(
                *interp.where(node, frame),
                container=owner,
                key=key,
                how=how,
                default=default,
                present=present,
                handled=interp.catches("KeyError") or ("key", id(owner), key) in interp.guards,
                value=result,
                site=node,
            )
            if source is frame.source:
                event.node = place
            interp.record(event)
            if default is not None and isinstance(node, cst.Call):
                interp.expressions.note_chain(node, *(argument.value for argument in node.args[1:]))
        return result

    def contains(
        self, owner: Dict, key: Value, node: cst.CSTNode, frame: Frame
    ) -> tuple[bool | None, set[Guard]]:
        """``key in owner``: whether it holds, and what is known where it does."""
        interp = self.interp
        if owner.role in ("environment", "environment copy"):
            interp.calls.models.read_environment(owner, key, "in", None, node, frame)
            names = [constant(option) for option in options(key)]
            if len(names) == 1 and names[0] is not None:
                return None, {("env", names[0][0])}
            return None, set()
        known = constant(key)
        self.mark_read(owner, key)
        if known is None or not isinstance(known[0], (str, int, float, bool, type(None))):
            return None, set()
        values, certain = owner.get(known[0], interp.path, interp.dead)
        truth = True if certain else (None if values or owner.is_open else False)
        return truth, {("key", id(owner), known[0])}

    def mark_read(self, owner: Dict, key: Value) -> None:
        """The program looks ``key`` up in ``owner``, or asks whether it is there."""
        for option in options(key):
            known = constant(option)
            if known is not None and isinstance(known[0], str):
                owner.read_keys.add(known[0])
            else:
                owner.read_whole = True

    def harvested(self, owner: Dict, key: Key, reads: list[EnvironmentRead]) -> None:
        """The values of environment reads are stored under ``key``."""
        if reads:
            if not owner.reads:
                self.interp.trace.harvests.append(owner)
            owner.reads.setdefault(key, []).extend(reads)

    def all_values(self, owner: Dict) -> list[Value]:
        found: list[Value] = []
        for key in owner.entries:
            values, _ = owner.get(key, self.interp.path, self.interp.dead)
            found.extend(values)
        return found

    # -- writing -----------------------------------------------------------------------------------------

    def store(self, owner: Dict, key: Value, value: Value, node: cst.CSTNode) -> None:
        """``owner[key] = value``. ``node`` is the key's expression, or the whole target."""
        ways = options(key)
        for option in ways:
            known = constant(option)
            if (
                known is None
                or not isinstance(known[0], (str, int, float, bool, type(None), bytes))
                or len(ways) > 1
                or len(owner.entries) >= MAX_KEYS
            ):
                owner.open_up(value)
            else:
                owner.set(known[0], value, self.interp.path, node)

    def collect(self, owner: Dict, key: Value, value: Value, node: cst.CSTNode, certain: bool) -> None:
        """An entry that a comprehension makes."""
        if isinstance(key, Text) and any(hole.ref is not None for hole in key.holes):
            # Keys that come from a scan of the environment: the result is a copy of it.
            owner.role = "environment copy"
        self.store(owner, key, value, node)

    def update(self, owner: Dict, other: Value) -> None:
        """``owner.update(other)``."""
        for option in options(other):
            if isinstance(option, Dict):
                option.read_whole = True
                for key in option.entries:
                    values, certain = option.get(key, self.interp.path, self.interp.dead)
                    if values and (certain or key not in owner.entries):
                        owner.set(key, union(values), self.interp.path, option.key_nodes.get(key))
                if option.is_open:
                    owner.open_up(option.rest)
                    if option.role and not owner.role:
                        owner.role = "environment copy" if option.role == "environment" else option.role
            elif isinstance(option, Sequence) and not option.is_open:
                for pair in option.items:
                    items = self.iterate(pair)
                    if items is not None and len(items) == 2:
                        self.store(owner, items[0], items[1], owner.node or cst.Pass())
                    else:
                        owner.open_up()
            elif not (isinstance(option, Const) and option.value is None):
                owner.open_up()

    def merged(self, others: list[Value], node: cst.CSTNode, frame: Frame) -> Dict:
        """A new dictionary with the entries of ``others``, later ones winning."""
        result = Dict(node=node, source=frame.source)
        for other in others:
            self.update(result, other)
        return result

    # -- iterating ---------------------------------------------------------------------------------------

    def iterate(self, value: Value) -> list[Value] | None:
        """The items that an iteration over ``value`` yields, or ``None`` when they are not all known."""
        if isinstance(value, Sequence):
            return None if value.is_open else list(value.items)
        if isinstance(value, Dict):
            value.read_whole = True
            if value.is_open:
                return None
            return [self.key_value(value, key) for key in value.entries]
        if isinstance(value, Text) and not value.is_path:
            exact = value.exact
            return (
                [text(character) for character in exact] if exact is not None and len(exact) <= 64 else None
            )
        if isinstance(value, Class):
            members = self.interp.calls.enum_members(value)
            return members or None
        return self.interp.calls.tuple_items(value) if isinstance(value, Instance) else None

    def key_value(self, owner: Dict, key: Key) -> Value:
        """A key as a value that remembers where it was written."""
        if isinstance(key, str):
            return text(key, owner.key_nodes.get(key), owner.source)
        return Const(key)

    def element(self, value: Value) -> Value:
        """Any one item of an iteration over ``value``."""
        found: list[Value] = []
        for option in options(value):
            if isinstance(option, Sequence):
                found.extend(option.every())
            elif isinstance(option, Dict):
                option.read_whole = True
                if option.role in ("environment", "environment copy"):
                    found.append(self.interp.calls.models.scan_environment(option))
                elif option.role in ("inputs", "outputs") and option.is_open:
                    found.append(Text((ANY,)))
                else:
                    found.extend(self.key_value(option, key) for key in option.entries)
                    if option.is_open:
                        found.append(UNKNOWN)
            elif isinstance(option, Text):
                found.append(Text((ANY,)))
            elif isinstance(option, External):
                if option.name.startswith("sys.argv"):
                    self.interp.trace.reads_argv = True
                found.append(External(option.name + "[]", option.receiver))
            else:
                found.append(UNKNOWN)
        return union(found)


def _refined(owner: Dict, key: Key) -> Value:
    """The value under ``key`` of an open dictionary: a path of the contract in dictionaries of paths."""
    if owner.role == "inputs" and isinstance(key, str):
        return Text((Hole("input", key),))
    if owner.role == "outputs" and isinstance(key, str):
        return Text((Hole("output", key),))
    return owner.rest


def _through(value: Value, key: Key) -> Value:
    """``value`` with a note that it came out of a dictionary under ``key``."""
    if isinstance(value, Text) and value.parts and (value.prefix.startswith("/") or not value.prefix):
        return Text(
            value.parts,
            is_path=value.is_path,
            node=value.node,
            source=value.source,
            base=value.base,
            via=(*value.via, f"key {key!r}"),
        )
    return value
