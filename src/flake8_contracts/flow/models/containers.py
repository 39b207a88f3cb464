"""Methods of dictionaries and sequences."""

from __future__ import annotations

from flake8_contracts.flow.models import environment
from flake8_contracts.flow.models.signature import CallSite
from flake8_contracts.flow.objects import Dict, Sequence
from flake8_contracts.flow.values import NONE, UNKNOWN, Const, Text, Value, constant, union

_ENVIRONMENT = ("environment", "environment copy")


def dict_method(site: CallSite, receiver: Dict) -> Value:
    """``receiver.method(...)`` of a dictionary."""
    interp, name = site.interp, site.name
    subscripts = interp.expressions.subscripts
    if name == "get":
        wanted = site.arg(0, "key") or UNKNOWN
        return subscripts.look_up(
            receiver, wanted, "get", site.arg(1, "default") or NONE, site.node, site.frame
        )
    if name in ("pop", "setdefault"):
        wanted = site.arg(0) or UNKNOWN
        given = site.arg(1, "default")
        default = given if given is not None or name == "pop" else NONE
        how = name if default is not None else "item"
        result = subscripts.look_up(receiver, wanted, how, default, site.node, site.frame)
        if name == "setdefault" and given is not None:
            interp.expressions.store(receiver, wanted, result, site.node)
        return result
    if name in ("items", "keys", "values"):
        return _view(site, receiver)
    if name == "update":
        for other in site.args:
            subscripts.update(receiver, other)
        for key_name, value in site.kwargs.items():
            receiver.set(key_name, value, interp.path, site.node)
        if site.starred:
            receiver.open_up()
        return NONE
    if name == "copy":
        if receiver.role in _ENVIRONMENT:
            return environment_copy(site, receiver)
        return subscripts.merged([receiver], site.node, site.frame)
    if name == "__getitem__" and site.args:
        return subscripts.look_up(receiver, site.args[0], "item", None, site.node, site.frame)
    if name == "__contains__":
        subscripts.contains(receiver, site.arg(0) or UNKNOWN, site.node, site.frame)
        return UNKNOWN
    if name == "clear":
        receiver.open_up()
    return UNKNOWN


def environment_copy(site: CallSite, receiver: Dict) -> Dict:
    """A dictionary with everything that the environment holds; look-ups in it read variables."""
    result = Dict(is_open=True, role="environment copy", node=site.node, source=site.source)
    for key, log in receiver.entries.items():
        for path, value in log:
            result.set(key, value, path)
    return result


def _view(site: CallSite, receiver: Dict) -> Value:
    interp, name = site.interp, site.name
    subscripts = interp.expressions.subscripts
    if receiver.role in _ENVIRONMENT:
        interp.current_node, interp.current_frame = site.node, site.frame
        scanned = environment.scanned_name(interp, receiver)
        content: Value = Text((*scanned.parts,)) if isinstance(scanned, Text) else UNKNOWN
        item: Value = {"items": Sequence([scanned, content], "tuple"), "keys": scanned, "values": content}[
            name
        ]
        return Sequence(kind="iterator", is_open=True, rest=item)
    receiver.read_whole = True
    pairs: list[Value] = []
    for key in receiver.entries:
        values, _ = receiver.get(key, interp.path, interp.dead)
        if not values:
            continue
        shown: Value = subscripts.key_value(receiver, key)
        value = union(values)
        pairs.append({"items": Sequence([shown, value], "tuple"), "keys": shown, "values": value}[name])
    result = Sequence(pairs, "iterator")
    if receiver.is_open:
        rest: Value = receiver.rest
        if receiver.role in ("inputs", "outputs"):
            from flake8_contracts.flow.values import Hole

            rest = Text((Hole("input" if receiver.role == "inputs" else "output", ""),))
        result.open_up({"items": Sequence([UNKNOWN, rest], "tuple"), "keys": UNKNOWN, "values": rest}[name])
    return result


def sequence_method(site: CallSite, receiver: Sequence) -> Value:
    """``receiver.method(...)`` of a list, tuple or set."""
    name = site.name
    certain = not site.interp.path
    value = site.arg(0)
    if name in ("append", "add") and value is not None:
        receiver.add(value, certain=certain or _same_arm(site, receiver))
        return NONE
    if name in ("extend", "update") and value is not None:
        items = site.interp.expressions.iterate(value)
        if items is None or not (certain or _same_arm(site, receiver)):
            receiver.open_up(site.interp.expressions.element(value))
        else:
            for item in items:
                receiver.add(item, certain=True)
        return NONE
    if name == "insert" and len(site.args) == 2:
        receiver.open_up(site.args[1])
        return NONE
    if name in ("pop", "popleft", "__next__"):
        return union(receiver.every())
    if name == "copy":
        return Sequence(receiver.items, receiver.kind, is_open=receiver.is_open, rest=receiver.rest)
    if name == "index" and value is not None:
        known = constant(value)
        found = [constant(item) for item in receiver.items]
        if known is not None and known in found and None not in found and not receiver.is_open:
            return Const(found.index(known))
    if name in ("union", "intersection", "difference", "__add__"):
        result = Sequence(receiver.items, receiver.kind, is_open=receiver.is_open, rest=receiver.rest)
        for other in site.args:
            items = site.interp.expressions.iterate(other)
            if items is None:
                result.open_up(site.interp.expressions.element(other))
            for item in items or ():
                result.add(item, certain=True)
        return result
    return UNKNOWN


def _same_arm(site: CallSite, receiver: Sequence) -> bool:
    """Whether the list was made under the same conditions under which it is appended to now."""
    birth = receiver.birth
    return birth is not None and site.interp.path == birth
