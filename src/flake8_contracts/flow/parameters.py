"""Parameters of the project's functions: which argument each one gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.objects import Dict, Frame, Function, Role, Sequence
from flake8_contracts.flow.values import UNKNOWN, Unknown, Value, options, union

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

#: What parameters of these names hold by convention.
ROLE_OF_PARAMETER: dict[str, Role] = {
    "input_paths": "inputs",
    "output_paths": "outputs",
    "environ_vars": "environment copy",
    "env_vars": "environment copy",
    "environment_vars": "environment copy",
}


class Parameters:
    """Binds the parameters of one call."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp

    def bind(
        self,
        function: Function,
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        inner: Frame,
        starred: bool,
    ) -> None:
        interp = self.interp
        params = function.node.params
        given = list(args)
        if function.receiver is not None and function.kind != "static":
            given.insert(0, function.receiver)
        rest = dict(kwargs)
        for param in (*params.posonly_params, *params.params):
            name = param.name.value
            if given:
                value = given.pop(0)
            elif name in rest:
                value = rest.pop(name)
            else:
                value = self.missing(function, name, starred)
            interp.assign(name, self.with_role(name, value), inner)
        if isinstance(params.star_arg, cst.Param):
            extra = Sequence(given, "tuple", is_open=starred)
            interp.assign(params.star_arg.name.value, extra, inner)
        for param in params.kwonly_params:
            name = param.name.value
            value = rest.pop(name) if name in rest else self.missing(function, name, starred)
            interp.assign(name, self.with_role(name, value), inner)
        if params.star_kwarg is not None:
            extra_dict = Dict(is_open=starred)
            for name, value in rest.items():
                extra_dict.set(name, value, interp.path)
            interp.assign(params.star_kwarg.name.value, extra_dict, inner)

    def missing(self, function: Function, name: str, starred: bool) -> Value:
        """The value of a parameter that the call does not give."""
        if function.passed is not None:
            return function.passed.get(name, UNKNOWN)
        default = function.defaults.get(name)
        if default is None:
            return Unknown(f"the argument {name!r} of {function.name} is not known")
        return union([default, UNKNOWN]) if starred else default

    def with_role(self, name: str, value: Value) -> Value:
        """Give a dictionary the meaning that its parameter's name has by convention."""
        role = ROLE_OF_PARAMETER.get(name)
        if role is None:
            return value
        ways = options(value)
        if all(isinstance(way, Unknown) for way in ways):
            return Dict(is_open=True, role=role, name=name)
        for way in ways:
            if isinstance(way, Dict) and not way.role:
                if role != "environment copy" or way.is_open:
                    way.role = role
                else:
                    way.role = "variables"
                way.name = name
        return value
