"""Objects that are little more than their fields: dataclasses, named tuples, pydantic models, namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.models.signature import CallSite, model
from flake8_contracts.flow.objects import Class, Dict, Instance
from flake8_contracts.flow.store import Log
from flake8_contracts.flow.values import UNKNOWN, External, Value, constant, union

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

_AS_DICT = frozenset({"_asdict", "model_dump", "dict"})
_COPY = frozenset({"_replace", "model_copy", "copy"})


def knows(interp: Interpreter, receiver: Value, name: str) -> bool:
    """Whether ``name`` is a method that the base of a record class gives it."""
    return (
        isinstance(receiver, Instance)
        and receiver.cls is not None
        and receiver.cls.is_record
        and (name in _AS_DICT or name in _COPY)
        and interp.calls.find_method(receiver, name) is None
    )


def method(site: CallSite) -> Value:
    """``record._asdict()``, ``record._replace(field=value)``, ``record.model_copy(update={…})``."""
    record = site.receiver
    assert isinstance(record, Instance)
    if site.name in _AS_DICT:
        return site.interp.calls.as_dict(record)
    update = site.kwargs.pop("update", None)
    changes = {} if site.name != "_replace" else site.kwargs
    if isinstance(update, Dict):
        for key in update.entries:
            values, _ = update.get(key, site.interp.path, site.interp.dead)
            if isinstance(key, str) and values:
                changes[key] = union(values)
    return _changed(site, record, changes)


@model("dataclasses.asdict", "dataclasses.astuple")
def as_dict(site: CallSite) -> Value:
    if site.args and isinstance(site.args[0], Instance):
        return site.interp.calls.as_dict(site.args[0])
    return UNKNOWN


@model("dataclasses.replace", "copy.replace", "attrs.evolve", "attr.evolve")
def replaced(site: CallSite) -> Value:
    """A copy of an object with other values in some fields."""
    original = site.args[0] if site.args else UNKNOWN
    if not isinstance(original, Instance):
        return site.generic()
    result = _changed(site, original, site.kwargs)
    hook = site.interp.calls.find_method(result, "__post_init__")
    if hook is not None:
        site.interp.calls.call_value(hook, (), {}, site.node, site.frame)
    return result


@model("collections.namedtuple")
def named_tuple(site: CallSite) -> Value:
    """``namedtuple("Name", "field field", defaults=…)``: a class with these fields."""
    name, given = constant(site.arg(0, "typename") or UNKNOWN), site.arg(1, "field_names") or UNKNOWN
    fields = constant(given)
    names = (
        str(fields[0]).replace(",", " ").split() if fields else _exact(site.interp.expressions.iterate(given))
    )
    if name is None or not names or not str(name[0]).isidentifier():
        return site.generic()
    node = cst.ClassDef(cst.Name(str(name[0])), cst.IndentedBlock(()))
    cls = Class(node, str(name[0]), site.source, (External("typing.NamedTuple"),))
    cls.fields, cls.is_record = names, True
    defaults = site.interp.expressions.iterate(site.kwargs.get("defaults", UNKNOWN)) or []
    for field, value in zip(reversed(names), reversed(defaults), strict=False):
        site.interp.calls.set_class_attribute(cls, field, value)
    return cls


def _exact(items: list[Value] | None) -> list[str]:
    """The texts in a list; nothing unless all are known."""
    known = [constant(item) for item in items or ()]
    return [] if None in known else [str(item[0]) for item in known if item is not None]


@model("types.SimpleNamespace", "argparse.Namespace")
def simple_namespace(site: CallSite) -> Value:
    result = Instance(
        None, kind="namespace", rest=UNKNOWN if site.starred else None, node=site.node, source=site.source
    )
    for name, value in site.kwargs.items():
        result.set(name, value, site.interp.path)
    return result


def _changed(site: CallSite, original: Instance, changes: dict[str, Value]) -> Instance:
    result = Instance(
        original.cls, kind=original.kind, rest=original.rest, node=site.node, source=site.source
    )
    result.attributes = {name: Log(log) for name, log in original.attributes.items()}
    for name, value in changes.items():
        result.set(name, value, site.interp.path)
    return result
