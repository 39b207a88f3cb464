"""Classes and functions of the interpreted program: definition, instantiation, attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import libcst as cst

from flake8_contracts.flow.objects import Class, Dict, Frame, Function, Instance
from flake8_contracts.flow.store import Log, single
from flake8_contracts.flow.values import UNKNOWN, External, Text, Unknown, Value, union

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter
    from flake8_contracts.flow.models import Models

_KINDS: dict[str, Literal["static", "class", "property"]] = {
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
    "builtins.property": "property",
    "functools.cached_property": "property",
}
_RECORD_DECORATORS = (
    "dataclasses.dataclass",
    "attr.s",
    "attr.attrs",
    "attrs.define",
    "attrs.frozen",
    "attr.define",
)
_RECORD_BASES = (
    "pydantic.BaseModel",
    "typing.NamedTuple",
    "pydantic_settings.BaseSettings",
    "pydantic.BaseSettings",
)


class Classes:
    """Definitions and objects. The base of :class:`~flake8_contracts.flow.calls.Calls`."""

    models: Models

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp
        self._any: dict[cst.CSTNode, Instance] = {}

    # Implemented by Calls; declared here so that both halves can be read on their own.
    def call_value(
        self,
        callee: Value,
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        node: cst.CSTNode,
        frame: Frame,
        *,
        starred: bool = False,
    ) -> Value:
        raise AssertionError("implemented by Calls")

    # -- definitions -------------------------------------------------------------------------------------

    def define_function(self, node: cst.FunctionDef, frame: Frame) -> None:
        interp = self.interp
        kind: Literal["function", "static", "class", "property"] = "function"
        wrapped = ""
        decorators = [interp.expressions.eval(decorator.decorator, frame) for decorator in node.decorators]
        for value in decorators:
            if isinstance(value, External):
                name = value.name.removesuffix("()")
                kind = _KINDS.get(name, kind)
                wrapped = wrapped or name
        owner = frame.owner
        function = Function(
            node,
            node.name.value,
            frame.source,
            frame.outer if owner is not None and frame.outer is not None else frame,
            defaults=self.defaults(node.params, frame),
            owner=owner,
            kind=kind,
            wrapped=wrapped,
        )
        if decorators:
            self.models.command(function, decorators, frame)
        interp.functions.append(function)
        if owner is not None:
            self.set_class_attribute(owner, function.name, function)
        interp.assign(function.name, function, frame)

    def define_lambda(self, node: cst.Lambda, frame: Frame) -> Function:
        return Function(node, "<lambda>", frame.source, frame, defaults=self.defaults(node.params, frame))

    def defaults(self, params: cst.Parameters, frame: Frame) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for param in (*params.posonly_params, *params.params, *params.kwonly_params):
            if param.default is not None:
                found[param.name.value] = self.interp.expressions.eval(param.default, frame)
        return found

    def define_class(self, node: cst.ClassDef, frame: Frame) -> None:
        interp = self.interp
        bases = tuple(interp.expressions.eval(base.value, frame) for base in node.bases)
        cls = Class(node, node.name.value, frame.source, bases)
        for decorator in node.decorators:
            value = interp.expressions.eval(decorator.decorator, frame)
            if isinstance(value, External) and value.name.removesuffix("()") in _RECORD_DECORATORS:
                cls.is_record = True
        if any(isinstance(base, External) and base.name in _RECORD_BASES for base in cls.outside_bases()):
            cls.is_record = True
        cls.is_record = cls.is_record or any(parent.is_record for parent in cls.lineage()[1:])
        interp.statements.run_suite(node.body, frame.nested(owner=cls))
        if frame.owner is not None:
            self.set_class_attribute(frame.owner, cls.name, cls)
        interp.assign(cls.name, cls, frame)

    def set_class_attribute(self, cls: Class, name: str, value: Value) -> None:
        log = cls.attributes.get(name)
        if log is None:
            cls.attributes[name] = single(self.interp.path, value)
        else:
            log.write(self.interp.path, value)

    # -- objects -----------------------------------------------------------------------------------------

    def instantiate(
        self,
        cls: Class,
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        node: cst.CSTNode,
        frame: Frame,
        *,
        starred: bool = False,
    ) -> Value:
        if self.is_enum(cls):
            return union(self.enum_members(cls)) if self.enum_members(cls) else UNKNOWN
        modelled = self.models.instantiate(cls, args, kwargs, node, frame, starred=starred)
        if modelled is not None:
            return modelled
        instance = Instance(cls, node=node, source=frame.source)
        if cls.outside_bases():
            instance.rest = UNKNOWN
        constructor = self.method_of(cls, "__init__")
        if constructor is not None:
            self.call_value(constructor.bind(instance), args, kwargs, node, frame, starred=starred)
        elif cls.is_record:
            self.fill_record(instance, cls, args, kwargs, node, frame, starred)
        elif any(isinstance(base, External) for base in cls.outside_bases()):
            # The constructor of a library class: what it does with its arguments is not known.
            self.models.library_constructor(instance, args, kwargs, node, frame)
        return instance

    def fill_record(
        self,
        instance: Instance,
        cls: Class,
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        node: cst.CSTNode,
        frame: Frame,
        starred: bool,
    ) -> None:
        """The constructor that a dataclass, a pydantic model or a named tuple gets from its annotated fields."""
        names: dict[str, Class] = {}
        for parent in reversed(cls.lineage()):
            for name in parent.fields:
                names[name] = parent
        given = list(args)
        rest = dict(kwargs)
        for name in names:
            if given:
                value = given.pop(0)
            elif name in rest:
                value = rest.pop(name)
            else:
                value = self.field_default(cls, name, instance, node, frame)
                if starred:
                    value = union([value, UNKNOWN])
            instance.set(name, value, self.interp.path)
        for name, value in rest.items():
            instance.set(name, value, self.interp.path)
        hook = self.method_of(cls, "__post_init__")
        if hook is not None:
            self.call_value(hook.bind(instance), (), {}, node, frame)

    def field_default(
        self, cls: Class, name: str, instance: Instance, node: cst.CSTNode, frame: Frame
    ) -> Value:
        value = self.class_attribute(cls, name)
        if (
            isinstance(value, External)
            and value.kwargs is not None
            and value.last_name in ("field()", "Field()", "ib()")
        ):
            if "default_factory" in value.kwargs:
                return self.call_value(value.kwargs["default_factory"], (), {}, node, frame)
            if "factory" in value.kwargs:
                return self.call_value(value.kwargs["factory"], (), {}, node, frame)
            if "default" in value.kwargs:
                return value.kwargs["default"]
            if value.args:
                return value.args[0]
            return Unknown(f"the field {name!r} has no default")
        return value

    def any_instance(self, cls: Class, frame: Frame) -> Instance:
        """An object of a class that the script never instantiates, made with unknown arguments."""
        instance = self._any.get(cls.node)
        if instance is None:
            made = self.instantiate(cls, (), {}, cls.node, frame, starred=True)
            instance = made if isinstance(made, Instance) else Instance(cls, rest=UNKNOWN)
            self._any[cls.node] = instance
        return instance

    # -- attributes --------------------------------------------------------------------------------------

    def method_of(self, cls: Class, name: str) -> Function | None:
        value = self.class_attribute(cls, name)
        return value if isinstance(value, Function) else None

    def find_method(self, instance: Instance, name: str) -> Function | None:
        if instance.cls is None:
            return None
        method = self.method_of(instance.cls, name)
        return method.bind(instance) if method is not None else None

    def class_attribute(self, cls: Class, name: str) -> Value:
        for parent in cls.lineage():
            log = parent.attributes.get(name)
            if log is not None:
                value = self._visible(log)
                if self.is_enum(cls) and not isinstance(value, Function):
                    return self.enum_member(cls, name, value)
                if isinstance(value, Function) and value.kind == "class":
                    return value.bind(cls)
                return value
        if name == "__name__":
            return Text((cls.name,))
        return Unknown(f"{cls.name} has no known attribute {name!r}")

    def instance_attribute(self, instance: Instance, name: str, node: cst.CSTNode, frame: Frame) -> Value:
        log = instance.attributes.get(name)
        instance.read_names.add(name)
        if log is not None:
            values, certain = log.read(self.interp.path, self.interp.dead)
            if values:
                if not certain and instance.cls is not None:
                    fallback = self.class_attribute(instance.cls, name)
                    if not isinstance(fallback, Unknown):
                        values.append(fallback)
                return union(values)
        if instance.cls is not None:
            value = self.class_attribute(instance.cls, name)
            if isinstance(value, Function):
                if value.kind in ("static", "class"):
                    return value
                bound = value.bind(instance)
                if value.kind == "property":
                    return self.call_value(bound, (), {}, node, frame)
                return bound
            if name == "__class__":
                return instance.cls
            if not isinstance(value, Unknown):
                return value
            if name == "__dict__":
                return self.as_dict(instance)
        modelled = self.models.instance_attribute(instance, name, node, frame)
        if modelled is not None:
            return modelled
        return instance.rest if instance.rest is not None else Unknown(f"no attribute {name!r} is known")

    def tuple_items(self, instance: Instance) -> list[Value] | None:
        """The items of a named tuple; ``None`` for other objects."""
        cls = instance.cls
        if cls is None or not any(
            isinstance(base, External) and base.name == "typing.NamedTuple" for base in cls.outside_bases()
        ):
            return None
        return [
            self._visible(instance.attributes[name])
            if name in instance.attributes
            else self.class_attribute(cls, name)
            for name in cls.fields
        ]

    def as_dict(self, instance: Instance) -> Dict:
        """``vars(instance)``."""
        instance.read_whole = True
        is_open = instance.rest is not None and self.tuple_items(instance) is None
        result = Dict(is_open=is_open, rest=instance.rest or UNKNOWN)
        for name, log in instance.attributes.items():
            values, _ = log.read(self.interp.path, self.interp.dead)
            if values:
                result.set(name, union(values), self.interp.path)
        return result

    def _visible(self, log: Log) -> Value:
        values, _ = log.read(self.interp.path, self.interp.dead)
        if not values:
            values = [value for _, value in log]
        return union(values)

    # -- enumerations ------------------------------------------------------------------------------------

    def is_enum(self, cls: Class) -> bool:
        return any(
            isinstance(base, External) and base.name.startswith("enum.") for base in cls.outside_bases()
        )

    def enum_member(self, cls: Class, name: str, value: Value) -> Value:
        """A member: it has ``name`` and ``value``, and is its value where the enumeration is one of strings."""
        if any(
            isinstance(base, External) and base.name in ("builtins.str", "enum.StrEnum")
            for base in cls.outside_bases()
        ):
            return value
        member = Instance(cls)
        member.set("value", value, ())
        member.set("name", Text((name,)), ())
        return member

    def enum_members(self, cls: Class) -> list[Value]:
        if not self.is_enum(cls):
            return []
        return [
            self.enum_member(cls, name, self._visible(log))
            for name, log in cls.attributes.items()
            if not name.startswith("_") and not isinstance(self._visible(log), Function)
        ]
