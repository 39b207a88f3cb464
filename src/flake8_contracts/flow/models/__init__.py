"""Models of the standard library and of the few libraries whose objects carry paths and variables.

Each file models one area. A model returns the value of a call; calls that touch files, and calls that nobody models,
are recorded as events, and the ``facts`` room decides what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.models import (  # noqa: F401  (importing a file registers its models)
    arguments,
    contracts,
    environment,
    functions,
    paths,
    records,
    specifications,
)
from flake8_contracts.flow.models.containers import dict_method, sequence_method
from flake8_contracts.flow.models.signature import MODELS, CallSite, shortened
from flake8_contracts.flow.models.strings import string_method
from flake8_contracts.flow.objects import Class, Dict, Frame, Function, Instance, Native, Sequence
from flake8_contracts.flow.values import External, Text, Unknown, Value

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

_ALIASES = {
    "posixpath": "os.path",
    "ntpath": "os.path",
    "pathlib.PosixPath": "pathlib.Path",
    "pathlib.PurePath": "pathlib.Path",
    "pathlib.PurePosixPath": "pathlib.Path",
    "pathlib.WindowsPath": "pathlib.Path",
    "pathlib2.Path": "pathlib.Path",
}
_CONSTANT_ATTRIBUTES = {
    "os.sep": "/",
    "os.path.sep": "/",
    "os.linesep": "\n",
    "os.curdir": ".",
    "os.pardir": "..",
}


class Models:
    """Finds the model of a call, a method or an attribute."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp

    # -- calls -------------------------------------------------------------------------------------------

    def call_external(self, site: CallSite) -> Value:
        name = site.name
        found = MODELS.get(name)
        if found is None:
            special = contracts.call(site) or specifications.call(site)
            if special is not None:
                return special
            return site.generic()
        return found(site)

    def call_method(self, site: CallSite) -> Value:
        """A method of a text, dictionary, sequence or modelled object."""
        receiver = site.receiver
        if isinstance(receiver, Text):
            return paths.path_method(site, receiver) if receiver.is_path else string_method(site, receiver)
        if isinstance(receiver, Dict):
            return dict_method(site, receiver)
        if isinstance(receiver, Sequence):
            return sequence_method(site, receiver)
        if isinstance(receiver, arguments.Parser):
            return arguments.parser_method(site, receiver)
        if isinstance(receiver, Instance) and records.knows(self.interp, receiver, site.name):
            return records.method(site)
        return contracts.method(site)

    def knows_method(self, receiver: Value, name: str) -> bool:
        return (
            isinstance(receiver, arguments.Parser)
            or contracts.knows(receiver, name)
            or records.knows(self.interp, receiver, name)
        )

    def bound_method(self, receiver: Value, name: str) -> Value:
        """A method that is not called at once: ``find = paths.get``."""

        def call(site: CallSite) -> Value:
            site.receiver, site.name = receiver, name
            return self.call_method(site)

        return Native(name, call)

    def instantiate(
        self,
        cls: Class,
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        node: cst.CSTNode,
        frame: Frame,
        *,
        starred: bool = False,
    ) -> Value | None:
        """The model of a project class, where convention says what it is."""
        site = CallSite(self.interp, cls.name, None, args, kwargs, node, frame, starred)
        return (
            contracts.instantiate(site, cls)
            or specifications.instantiate(site, cls)
            or environment.settings_class(site, cls)
        )

    def command(self, function: Function, decorators: list[Value], frame: Frame) -> None:
        """A function that click or typer turn into a command."""
        assert isinstance(function.node, cst.FunctionDef)
        record = arguments.command_record(self.interp, function.node, decorators, frame)
        if record is None:
            return
        if function.wrapped.startswith("typer"):
            arguments.typer_parameters(record, function)
        function.passed = {
            argument.dest: arguments.argument_value(self.interp, argument) for argument in record.arguments
        }

    def library_constructor(
        self,
        instance: Instance,
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        node: cst.CSTNode,
        frame: Frame,
    ) -> None:
        """A project class whose constructor is a library's: keep keyword arguments as attributes, record the call."""
        for name, value in kwargs.items():
            instance.set(name, value, self.interp.path)
        if instance.cls is not None:
            self.interp.calls.record(f".{instance.cls.name}", None, args, kwargs, node, frame)

    # -- attributes --------------------------------------------------------------------------------------

    def external_attribute(self, owner: External, name: str, node: cst.CSTNode, frame: Frame) -> Value:
        whole = f"{owner.name}.{name}"
        if whole in ("os.environ", "os.environb"):
            return self.interp.environ
        known = _CONSTANT_ATTRIBUTES.get(whole)
        if known is not None:
            return Text((known,))
        if name == "name" and owner.name.startswith("tempfile."):
            return paths.temporary_directory()
        if owner.kwargs is not None:
            carried = contracts.attribute(self.interp, owner, name, node, frame)
            if carried is not None:
                return carried
        return External(_ALIASES.get(whole, _ALIASES.get(owner.name, owner.name) + "." + name), owner)

    def external_item(self, owner: External, key: Value, node: cst.CSTNode, frame: Frame) -> Value:
        if owner.name == "sys.argv":
            if isinstance(key, Unknown):
                return External("sys.argv[]", owner)
            return arguments.program_argument(self.interp, key, node, frame)
        return External(shortened(owner.name + "[]"), owner.receiver)

    def text_attribute(self, owner: Text, name: str, node: cst.CSTNode, frame: Frame) -> Value:
        if owner.is_path:
            return paths.path_attribute(owner, name, node, frame)
        if name == "value":
            return owner  # of a member of an enumeration of strings
        return self.bound_method(owner, name)

    def instance_attribute(
        self, instance: Instance, name: str, node: cst.CSTNode, frame: Frame
    ) -> Value | None:
        return arguments.namespace_attribute(instance, name, node, frame)

    # -- the environment ---------------------------------------------------------------------------------

    def read_environment(
        self, owner: Dict, key: Value, how: str, default: Value | None, node: cst.CSTNode, frame: Frame
    ) -> Value:
        return environment.read(self.interp, owner, key, how, default, node, frame)

    def scan_environment(self, owner: Dict) -> Value:
        return environment.scanned_name(self.interp, owner)
