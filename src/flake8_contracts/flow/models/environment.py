"""Environment variables: ``os.environ`` and dictionaries taken from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from contracts_runtime.platform_facts import path_of_variable
from flake8_contracts.flow.events import EnvironmentRead
from flake8_contracts.flow.models.signature import CallSite, model
from flake8_contracts.flow.objects import Class, Dict, Frame, Instance, Sequence
from flake8_contracts.flow.values import ANY, NONE, UNKNOWN, External, Hole, Text, Value, options, union

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter


def read(
    interp: Interpreter,
    owner: Dict,
    key: Value,
    how: str,
    default: Value | None,
    node: cst.CSTNode,
    frame: Frame,
) -> Value:
    """A look-up of variable ``key``; ``default`` is ``None`` when the program gives none."""
    results: list[Value] = []
    for option in options(key):
        name = option if isinstance(option, Text) else Text((ANY,))
        results.extend(_read_one(interp, owner, name, how, default, node, frame))
    return union(results)


def _read_one(
    interp: Interpreter,
    owner: Dict,
    name: Text,
    how: str,
    default: Value | None,
    node: cst.CSTNode,
    frame: Frame,
) -> list[Value]:
    exact = name.exact
    values: list[Value] = []
    certain = False
    if len(name.parts) == 1 and any(_is_scanned(hole) for hole in name.holes):
        return [Text((ANY,)), *([default] if default is not None else [])]  # the scan has been recorded
    if exact is not None:
        values, certain = owner.get(exact, interp.path, interp.dead)
        if not certain and owner is not interp.environ and owner.role == "environment copy":
            more, certain = interp.environ.get(exact, interp.path, interp.dead)
            values.extend(more)
    event = EnvironmentRead(
        *interp.where(node, frame),
        name=name,
        how=how,
        default=default,
        handled=interp.catches("KeyError") or ("env", exact) in interp.guards,
        already_set=certain,
        origin=owner,
        prose=interp.prose > 0,
    )
    interp.record(event)
    if certain:
        return values
    platform_path = path_of_variable(exact) if exact else None
    if platform_path is not None:
        values.append(Text((platform_path,), node=name.node, source=name.source, via=(f"${exact}",)))
    else:
        values.append(Text((Hole("environment", exact or "", event),)))
    if how in ("get", "pop", "setdefault") and default is not None:
        values.append(default)
    return values


def scanned_name(interp: Interpreter, owner: Dict) -> Value:
    """Any variable's name, as an iteration over the environment yields it."""
    frame = interp.current_frame
    if frame is None:
        return Text((ANY,))
    node = interp.current_node or frame.source.top
    event = EnvironmentRead(*interp.where(node, frame), name=Text((ANY,)), how="scan", origin=owner)
    interp.record(event)
    return Text((Hole("unknown", "", event),))


def _is_scanned(hole: Hole) -> bool:
    """Whether the hole is a name that an iteration over the environment yields."""
    return isinstance(hole.ref, EnvironmentRead) and hole.ref.how == "scan"


def narrow(value: Text, prefix: str) -> None:
    """The program tests ``name.startswith(prefix)`` on a scanned name: only such variables matter to it."""
    for hole in value.holes:
        if _is_scanned(hole):
            hole.ref.fallbacks.append(Text((prefix,)))


def record_scan(site: CallSite, owner: Dict) -> None:
    """The whole environment is copied or handed on."""
    interp = site.interp
    interp.record(
        EnvironmentRead(*interp.where(site.node, site.frame), name=Text((ANY,)), how="scan", origin=owner)
    )


@model("os.getenv", "os.environ.get", "environ.get")
def getenv(site: CallSite) -> Value:
    key = site.arg(0, "key") or UNKNOWN
    default = site.arg(1, "default") or NONE
    return read(site.interp, site.interp.environ, key, "get", default, site.node, site.frame)


@model("os.putenv")
def putenv(site: CallSite) -> Value:
    key, value = site.arg(0) or UNKNOWN, site.arg(1) or UNKNOWN
    site.interp.expressions.store(site.interp.environ, key, value, site.node)
    return NONE


@model("dotenv.load_dotenv")
def load_dotenv(site: CallSite) -> Value:
    """Variables of a ``.env`` file: any variable may be set from then on."""
    site.record()
    site.interp.environ.open_up()
    return UNKNOWN


@model("dotenv.dotenv_values")
def dotenv_values(site: CallSite) -> Value:
    site.record()
    return Dict(is_open=True)


_SETTINGS_BASES = frozenset(
    {"pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.v1.BaseSettings"}
)


def settings_class(site: CallSite, cls: Class) -> Value | None:
    """A pydantic settings class: every field that is not given is read from the environment."""
    if not any(isinstance(base, External) and base.name in _SETTINGS_BASES for base in cls.outside_bases()):
        return None
    interp = site.interp
    prefix = _settings_prefix(site, cls)
    instance = Instance(cls, node=site.node, source=site.source, rest=UNKNOWN)
    for parent in reversed(cls.lineage()):
        for field in parent.fields:
            if field in site.kwargs or field == "model_config":
                continue
            default = interp.calls.class_attribute(parent, field)
            names, default_value = _field_names(default, prefix + field)
            node = _field_node(parent, field)
            values = [
                read(
                    interp,
                    interp.environ,
                    Text((name.upper(),), node=node, source=parent.source),
                    "get" if default_value is not None else "item",
                    default_value,
                    node,
                    site.frame,
                )
                for name in names
            ]
            instance.set(field, union(values), interp.path)
    for name, value in site.kwargs.items():
        instance.set(name, value, interp.path)
    return instance


def _settings_prefix(site: CallSite, cls: Class) -> str:
    for parent in cls.lineage():
        for holder in ("model_config", "Config"):
            log = parent.attributes.get(holder)
            if log is None:
                continue
            value = log[-1][1]
            found: Value | None = None
            if isinstance(value, External) and value.kwargs is not None:
                found = value.kwargs.get("env_prefix")
            elif isinstance(value, Dict) and "env_prefix" in value.entries:
                found = value.entries["env_prefix"][-1][1]
            elif isinstance(value, Class) and "env_prefix" in value.attributes:
                found = value.attributes["env_prefix"][-1][1]
            if isinstance(found, Text) and found.exact is not None:
                return found.exact
    return ""


def _field_names(default: Value, name: str) -> tuple[list[str], Value | None]:
    """The variable names of a settings field, and its default (``None``: required)."""
    names = [name]
    value: Value | None = default
    if isinstance(default, External) and default.kwargs is not None and default.last_name == "Field()":
        value = default.kwargs.get("default", default.args[0] if default.args else None)
        if "default_factory" in default.kwargs:
            value = UNKNOWN
        for keyword in ("validation_alias", "alias", "env"):
            alias = default.kwargs.get(keyword)
            if isinstance(alias, Text) and alias.exact is not None:
                names = [alias.exact]
                break
            if isinstance(alias, External) and alias.args:
                names = [arg.exact for arg in alias.args if isinstance(arg, Text) and arg.exact is not None]
                break
            if isinstance(alias, Sequence):
                names = [
                    item.exact for item in alias.items if isinstance(item, Text) and item.exact is not None
                ]
                break
    elif type(default).__name__ == "Unknown":
        value = None
    if type(getattr(value, "value", None)).__name__ == "ellipsis":
        value = None
    return names, value


def _field_node(cls: Class, field: str) -> cst.CSTNode:
    for statement in cls.node.body.body:
        if isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                target = small.target if isinstance(small, cst.AnnAssign) else None
                if isinstance(target, cst.Name) and target.value == field:
                    return target
    return cls.node.name
