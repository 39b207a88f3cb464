"""Step specifications, the dependencies and outputs that they are made of, and registries of steps.

Classes count by their name, or by the fields that they are given, so that an existing code base's own classes are
understood as well. Nothing is computed here: a specification keeps the values that it was given.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from flake8_contracts.flow.events import RegistryUse, SpecificationMade
from flake8_contracts.flow.models.signature import CallSite
from flake8_contracts.flow.objects import Class, Instance
from flake8_contracts.flow.values import UNKNOWN, External, Value, options

Kind = Literal["specification", "dependency", "output"]

_CLASSES: dict[str, Kind] = {
    "StepSpecification": "specification",
    "DependencySpec": "dependency",
    "OutputSpec": "output",
}
_FIELDS: dict[Kind, tuple[str, ...]] = {
    "specification": ("step_type", "node_type", "dependencies", "outputs"),
    "dependency": ("logical_name", "dependency_type"),
    "output": ("logical_name", "output_type"),
}
_REGISTRY = "SpecificationRegistry"
STEP_FILE = "step file"
"""The kind of a specification that a program loads from the file in its attribute ``path``."""


def call(site: CallSite) -> Value | None:
    """A call of a library's class that makes a specification or a part of one."""
    if site.name.endswith("StepSpecification.from_file"):
        made = Instance(None, kind=STEP_FILE, node=site.node, source=site.source, rest=UNKNOWN)
        made.set("path", site.arg(0, "path") or UNKNOWN, ())
        return made
    kind = _kind(site.name.rpartition(".")[2], site.kwargs)
    return None if kind is None else _make(site, kind, None, dict(site.kwargs))


def instantiate(site: CallSite, cls: Class) -> Value | None:
    """A project class that is a specification, or a part of one, by its name or by its fields."""
    kind = _kind_of_class(cls)
    if kind is None:
        return None
    calls = site.interp.calls
    names = [name for parent in reversed(cls.lineage()) for name in parent.fields]
    blank = Instance(cls, kind=kind, node=site.node, source=site.source, rest=UNKNOWN)
    fields = {name: calls.field_default(cls, name, blank, site.node, site.frame) for name in names}
    constructor = calls.method_of(cls, "__init__")
    if constructor is None:
        fields.update(zip(names, site.args, strict=False))
    elif site.args:
        site.starred = True  # what its own constructor does with them is its own business
    return _make(site, kind, cls, {**fields, **site.kwargs})


def _make(site: CallSite, kind: Kind, cls: Class | None, fields: dict[str, Value]) -> Instance:
    made = Instance(cls, kind=kind, node=site.node, source=site.source, rest=UNKNOWN)
    if site.starred:
        fields = {name: fields.get(name, UNKNOWN) for name in (*fields, *_FIELDS[kind])}
    for name, value in fields.items():
        made.set(name, value, ())
    if kind == "specification":
        where = site.interp.where(site.node, site.frame)
        name = cls.name if cls is not None else site.name
        site.interp.record(SpecificationMade(*where, made, fields, name, site.starred))
    elif site.starred:
        made.kind = ""  # nobody knows what else it was given
    return made


def _kind(name: str, given: Iterable[str]) -> Kind | None:
    known = _CLASSES.get(name)
    if known is not None:
        return known
    names = set(given)
    return next((kind for kind, fields in _FIELDS.items() if names.issuperset(fields)), None)


def _kind_of_class(cls: Class) -> Kind | None:
    for parent in (*cls.lineage(), *cls.outside_bases()):
        name = parent.name.rpartition(".")[2] if isinstance(parent, (Class, External)) else ""
        if name in _CLASSES:
            return _CLASSES[name]
    return _kind("", {name for parent in cls.lineage() for name in parent.fields})


# -- registries --------------------------------------------------------------------------------------------


def is_registry(value: Value) -> bool:
    """Whether a value is a registry of steps, by the name of its class."""
    if isinstance(value, External):
        last = value.last_name
        return (last.endswith("Registry()") and last[0].isupper()) or is_context(value)
    if isinstance(value, Instance) and value.cls is not None and "Registry" in value.cls.name:
        return any(parent.name == _REGISTRY for parent in value.cls.lineage()) or any(
            isinstance(base, External) and base.last_name == _REGISTRY for base in value.cls.outside_bases()
        )
    return False


def is_context(value: Value) -> bool:
    """Whether a value is a registry that is looked up by its name: ``SpecificationRegistry.context("train")``."""
    return isinstance(value, External) and value.name.endswith(f"{_REGISTRY}.context()")


def note_use(site: CallSite) -> None:
    """Record a method call on a registry, or a ``register`` call that is given a specification."""
    receiver = site.receiver
    if receiver is not None and (
        is_registry(receiver) or (site.name == "register" and any(map(_is_specification, site.args)))
    ):
        where = site.interp.where(site.node, site.frame)
        site.interp.record(RegistryUse(*where, receiver, site.name, site.args, site.kwargs))


def _is_specification(value: Value) -> bool:
    return any(
        isinstance(way, Instance) and way.kind in ("specification", STEP_FILE) for way in options(value)
    )
