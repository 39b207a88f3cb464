"""Contracts inside scripts: the enforcer's look-ups, and the fields of a contract object.

The interpreter knows no contract's content. What ``enforcer.get_input_path("DATA")`` returns stays a hole with the
logical name, and whoever knows the contract fills it in. Classes count by their name, so that an existing code base's
own ``ContractEnforcer`` is understood as well.
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.events import ContractMade, ContractUse, KeyLookup
from flake8_contracts.flow.models import environment
from flake8_contracts.flow.models.signature import CallSite
from flake8_contracts.flow.objects import Class, Dict, Frame, Function, Instance, Role
from flake8_contracts.flow.values import (
    UNKNOWN,
    External,
    Hole,
    HoleKind,
    Text,
    Unknown,
    Value,
    constant,
    options,
    union,
)

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

PATH_FIELDS: dict[str, Role] = {"expected_input_paths": "inputs", "expected_output_paths": "outputs"}
CONTRACT_FIELDS = frozenset(
    {*PATH_FIELDS, "required_env_vars", "optional_env_vars", "expected_arguments", "entry_point"}
)
_LOOKUPS: dict[str, HoleKind] = {"get_input_path": "input", "get_output_path": "output"}


class Enforcer(Value):
    """An object that hands out the paths of ``contract`` by logical name."""

    __slots__ = ("contract", "inputs", "outputs")

    def __init__(self, contract: Value) -> None:
        self.contract = contract
        self.inputs = Dict(is_open=True, role="inputs", name="enforcer")
        self.outputs = Dict(is_open=True, role="outputs", name="enforcer")


def is_contract_class(name: str) -> bool:
    """Whether a class of this name is a script contract."""
    return name.removesuffix("()").rpartition(".")[2].endswith("ScriptContract")


def call(site: CallSite) -> Value | None:
    """A call of something external that makes contracts or enforcers."""
    last = site.name.rpartition(".")[2]
    if last == "ContractEnforcer":
        return make_enforcer(site)
    if site.name.endswith("ContractEnforcer.from_file"):
        return make_enforcer(site)
    if is_contract_class(last) or _has_contract_fields(site.kwargs):
        made = External(site.name + "()", None, site.args, site.kwargs, site.node, site.source)
        _made(site, made, site.kwargs, last)
        return made
    if last == "enforce_at_runtime" and isinstance(site.receiver, External):
        return make_enforcer(site, site.receiver.receiver or site.receiver)
    return None


def instantiate(site: CallSite, cls: Class) -> Value | None:
    """A project class that is an enforcer by its name."""
    if cls.name.endswith("ContractEnforcer"):
        return make_enforcer(site)
    if not _is_contract_definition(cls):
        return None
    interp = site.interp
    contract = Instance(cls, kind="contract", node=site.node, source=site.source, rest=UNKNOWN)
    fields: dict[str, Value] = {}
    names = [name for parent in reversed(cls.lineage()) for name in parent.fields]
    for name in names:
        value = interp.calls.field_default(cls, name, contract, site.node, site.frame)
        if not isinstance(value, Unknown) and not (isinstance(value, External) and value.kwargs is None):
            fields[name] = value
    for parent in reversed(cls.lineage()):
        for name in CONTRACT_FIELDS & parent.attributes.keys():
            fields[name] = interp.calls.class_attribute(cls, name) if name not in fields else fields[name]
    fields.update(zip(names, site.args, strict=False))
    fields.update(site.kwargs)
    for name, value in fields.items():
        contract.set(name, value, ())
    # What a constructor of the project's own computes is not followed: what was given is kept, the rest is unknown.
    _made(site, contract, fields, cls.name, interp.calls.method_of(cls, "__init__"))
    return contract


def _made(
    site: CallSite,
    contract: Value,
    fields: dict[str, Value],
    class_name: str,
    constructor: Function | None = None,
) -> None:
    where = site.interp.where(site.node, site.frame)
    unseen: frozenset[str] = frozenset()
    if site.starred and isinstance(site.node, cst.Call):
        unseen = CONTRACT_FIELDS - fields.keys()
    elif constructor is not None:
        # It may set the fields that it names.
        code = constructor.source.code(constructor.node)
        unseen = frozenset(name for name in CONTRACT_FIELDS - fields.keys() if name in code)
    site.interp.record(ContractMade(*where, contract, fields, class_name, unseen))


def _has_contract_fields(names: Container[str]) -> bool:
    """Whether keyword arguments or annotations are those of a contract, whatever the class is called."""
    return "entry_point" in names and ("expected_input_paths" in names or "expected_output_paths" in names)


def _is_contract_definition(cls: Class) -> bool:
    if is_contract_class(cls.name) or any(is_contract_class(parent.name) for parent in cls.lineage()):
        return True
    if any(isinstance(base, External) and is_contract_class(base.name) for base in cls.outside_bases()):
        return True
    return _has_contract_fields({name for parent in cls.lineage() for name in parent.fields})


def make_enforcer(site: CallSite, contract: Value | None = None) -> Value:
    given = contract if contract is not None else (site.arg(0, "contract") or UNKNOWN)
    node: cst.CSTNode = site.node
    if contract is None and isinstance(node, cst.Call) and node.args:
        node = node.args[0].value
    site.interp.record(ContractUse(*site.interp.where(node, site.frame), given))
    return Enforcer(given)


def knows(receiver: Value, name: str) -> bool:
    return isinstance(receiver, Enforcer) or (name == "enforce_at_runtime" and _is_contract(receiver))


def _is_contract(value: Value) -> bool:
    if isinstance(value, External):
        return is_contract_class(value.name) and value.name.endswith("()")
    return isinstance(value, Instance) and value.kind == "contract"


def method(site: CallSite) -> Value:
    """A method of an enforcer or of a contract."""
    receiver = site.receiver
    if not isinstance(receiver, Enforcer):
        return make_enforcer(site, receiver)
    kind = _LOOKUPS.get(site.name)
    if kind is not None:
        owner = receiver.inputs if kind == "input" else receiver.outputs
        return union(
            _look_up(site, owner, kind, option) for option in options(site.arg(0, "logical_name") or UNKNOWN)
        )
    if site.name == "get_env":
        name = site.arg(0, "name") or UNKNOWN
        return environment.read(
            site.interp, site.interp.environ, name, "enforcer", None, site.node, site.frame
        )
    return UNKNOWN


def _look_up(site: CallSite, owner: Dict, kind: HoleKind, name: Value) -> Value:
    known = constant(name)
    if known is None or not isinstance(known[0], str):
        return Text((Hole(kind, ""),))
    result = Text((Hole(kind, known[0]),), node=site.node, source=site.source)
    node, source = site.node, site.source
    if isinstance(name, Text) and name.node is not None and name.source is site.source:
        node = name.node
    site.interp.record(
        KeyLookup(
            *site.interp.where(node, site.frame),
            container=owner,
            key=known[0],
            how="enforcer",
            default=None,
            present=True,
            handled=site.interp.catches("KeyError"),
            value=result,
        )
    )
    assert source is not None
    return result


def attribute(
    interp: Interpreter, owner: External, name: str, node: cst.CSTNode, frame: Frame
) -> Value | None:
    """A field of a contract that a library class made: the keyword argument it was given."""
    if name not in CONTRACT_FIELDS or not is_contract_class(owner.name) or owner.kwargs is None:
        return None
    interp.record(ContractUse(*interp.where(node, frame), owner))
    value = owner.kwargs.get(name)
    if value is None:
        return Dict() if name in PATH_FIELDS else UNKNOWN
    role = PATH_FIELDS.get(name)
    if role is not None and isinstance(value, Dict) and not value.role:
        value.role = role
    return value
