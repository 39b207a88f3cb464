"""Calls of the interpreted program: the project's functions are entered, library calls are modelled or recorded."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow import callbacks
from flake8_contracts.flow.classes import Classes
from flake8_contracts.flow.events import CallEvent, EnvironmentRead
from flake8_contracts.flow.messages import MESSAGE_KEYWORDS, is_message_call, is_message_method
from flake8_contracts.flow.models import Models
from flake8_contracts.flow.models.paths import temporary_directory
from flake8_contracts.flow.models.signature import CallSite
from flake8_contracts.flow.models.specifications import is_registry, note_use
from flake8_contracts.flow.names import has_yield
from flake8_contracts.flow.objects import (
    Class,
    Dict,
    Frame,
    Function,
    Instance,
    Native,
    Partial,
    Sequence,
    mark_whole,
)
from flake8_contracts.flow.parameters import Parameters
from flake8_contracts.flow.statements import FALLS, RAISES
from flake8_contracts.flow.store import BranchPath, reaches
from flake8_contracts.flow.values import (
    NONE,
    UNKNOWN,
    Const,
    External,
    Text,
    Unknown,
    Value,
    options,
    union,
)

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

#: Context managers that are entered as the value that they are made of.
_TRANSPARENT = frozenset({"contextlib.nullcontext()", "contextlib.closing()"})
MAX_DEPTH = 40
#: A wrapper that reads variables makes a few events; of larger functions only the first are looked through again.
MAX_REMEMBERED_EVENTS = 20
#: Steps that one function may take in all its calls together.
FUNCTION_STEP_LIMIT = 30_000
MAX_RECURSION = 2


class Calls(Classes):
    """Calls and definitions."""

    def __init__(self, interp: Interpreter) -> None:
        super().__init__(interp)
        #: The value of a call that never returns.
        self.NEVER = Unknown("does not return")
        self.models = Models(interp)
        self.parameters = Parameters(interp)
        self._memo: dict[object, tuple[BranchPath, Value, bool, slice]] = {}
        self._active: list[cst.CSTNode] = []
        self._generators: dict[cst.CSTNode, bool] = {}
        #: Steps spent in each function so far.
        self._spent: dict[cst.CSTNode, int] = {}

    # -- call expressions --------------------------------------------------------------------------------

    def eval_call(self, node: cst.Call, frame: Frame) -> Value:
        interp = self.interp
        interp.step()
        function = node.func
        receiver: Value | None = None
        method = ""
        if type(function) is cst.Attribute:
            method = function.attr.value
            receiver = interp.expressions.eval(function.value, frame)
            prose = is_message_method(function, receiver)
            callee: Value | None = None
        else:
            callee = interp.expressions.eval(function, frame)
            prose = isinstance(callee, External) and is_message_call(callee.name)
        args, kwargs, starred = self.arguments(node, frame, prose)
        if receiver is None:
            assert callee is not None
            return self.call_value(callee, args, kwargs, node, frame, starred=starred)
        results = [
            self.call_method(option, method, args, kwargs, node, frame, starred=starred)
            for option in options(receiver)
        ]
        return (
            results[0]
            if len(results) == 1
            else union(result for result in results if result is not self.NEVER)
        )

    def arguments(
        self, node: cst.Call, frame: Frame, prose: bool
    ) -> tuple[tuple[Value, ...], dict[str, Value], bool]:
        """The evaluated arguments, and whether there may be more of them than are known."""
        interp = self.interp
        args: list[Value] = []
        kwargs: dict[str, Value] = {}
        starred = False
        interp.prose += prose
        for arg in node.args:
            if arg.keyword is not None:
                name = arg.keyword.value
                message = name in MESSAGE_KEYWORDS
                interp.prose += message
                kwargs[name] = interp.expressions.eval(arg.value, frame)
                interp.prose -= message
            elif arg.star == "*":
                value = interp.expressions.eval(arg.value, frame)
                items = interp.expressions.iterate(value)
                if items is None:
                    starred = True
                else:
                    args.extend(items)
            elif arg.star == "**":
                starred |= self.spread(interp.expressions.eval(arg.value, frame), kwargs)
            else:
                args.append(interp.expressions.eval(arg.value, frame))
        interp.prose -= prose
        return tuple(args), kwargs, starred

    def spread(self, value: Value, kwargs: dict[str, Value]) -> bool:
        """``**value``: whether there may be more keywords than are known."""
        if not isinstance(value, Dict):
            return True
        value.read_whole = True
        if value.role in ("environment", "environment copy"):
            self.models.scan_environment(value)
        for key in value.entries:
            values, _ = value.get(key, self.interp.path, self.interp.dead)
            if isinstance(key, str) and values:
                kwargs[key] = union(values)
        return value.is_open

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
        """Call any value."""
        if isinstance(callee, Function):
            return self.call_function(callee, args, kwargs, node, frame, starred=starred)
        if isinstance(callee, External):
            return self.call_external(
                callee.name, callee.receiver, args, kwargs, node, frame, starred=starred
            )
        if isinstance(callee, Class):
            return self.instantiate(callee, args, kwargs, node, frame, starred=starred)
        if isinstance(callee, Native):
            return callee.call(CallSite(self.interp, callee.name, None, args, kwargs, node, frame, starred))
        if isinstance(callee, Partial):
            return self.call_value(
                callee.function,
                (*callee.args, *args),
                {**callee.kwargs, **kwargs},
                node,
                frame,
                starred=starred,
            )
        if isinstance(callee, Instance):
            method = self.find_method(callee, "__call__")
            if method is not None:
                return self.call_value(method, args, kwargs, node, frame, starred=starred)
        ways = options(callee)
        if len(ways) > 1:
            return union(self.call_value(way, args, kwargs, node, frame, starred=starred) for way in ways)
        self.record(".?", None, args, kwargs, node, frame, starred)
        return UNKNOWN

    def call_method(
        self,
        receiver: Value,
        name: str,
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        node: cst.Call,
        frame: Frame,
        *,
        starred: bool,
    ) -> Value:
        """``receiver.name(...)``."""
        if name == "register" or is_registry(receiver):
            note_use(CallSite(self.interp, name, receiver, args, kwargs, node, frame, starred))
        if isinstance(receiver, External):
            attribute = self.models.external_attribute(receiver, name, node.func, frame)
            return self.call_value(attribute, args, kwargs, node, frame, starred=starred)
        if isinstance(receiver, (Text, Dict, Sequence)) or self.models.knows_method(receiver, name):
            site = CallSite(self.interp, name, receiver, args, kwargs, node, frame, starred)
            return self.models.call_method(site)
        if isinstance(receiver, (Unknown, Const)):
            self.record("." + name, receiver, args, kwargs, node, frame, starred)
            return (
                External("?." + name + "()") if isinstance(receiver, Unknown) and name == "open" else UNKNOWN
            )
        attribute = self.interp.expressions.attribute(receiver, name, node.func, frame)
        if isinstance(attribute, Unknown):
            self.record("." + name, receiver, args, kwargs, node, frame, starred)
            return UNKNOWN
        return self.call_value(attribute, args, kwargs, node, frame, starred=starred)

    def call_external(
        self,
        name: str,
        receiver: Value | None,
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        node: cst.CSTNode,
        frame: Frame,
        *,
        starred: bool = False,
    ) -> Value:
        site = CallSite(self.interp, name, receiver, args, kwargs, node, frame, starred)
        return self.models.call_external(site)

    def record(
        self,
        name: str,
        receiver: Value | None,
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        node: cst.CSTNode,
        frame: Frame,
        starred: bool = False,
        result: Value | None = None,
    ) -> None:
        """Record a call that leaves the project."""
        self.interp.record(
            CallEvent(*self.interp.where(node, frame), name, receiver, args, kwargs, result, starred)
        )
        if callbacks.call(self, name, args, kwargs, node, frame):
            return
        for given in (*args, *kwargs.values()):
            if isinstance(given, Function):
                # A function handed to a library is called by it, with arguments that nobody knows.
                if id(given.node) not in self.interp.entered:
                    self.call_function(given, (), {}, node, frame, starred=True)
            elif not self.interp.prose:
                self.interp.step(mark_whole(given) // 20)

    def enter_context(self, value: Value, node: cst.CSTNode, frame: Frame) -> Value:
        """The value that ``with value as …`` binds."""
        results: list[Value] = []
        for option in options(value):
            if isinstance(option, Instance):
                method = self.find_method(option, "__enter__")
                results.append(self.call_value(method, (), {}, node, frame) if method else option)
            elif isinstance(option, External) and option.name == "tempfile.TemporaryDirectory()":
                results.append(temporary_directory())
            elif isinstance(option, External) and option.name in _TRANSPARENT:
                results.append(option.args[0] if option.args else NONE)
            else:
                results.append(option)
        return union(results)

    # -- the project's functions -------------------------------------------------------------------------

    def call_function(
        self,
        function: Function,
        args: tuple[Value, ...],
        kwargs: dict[str, Value],
        node: cst.CSTNode,
        frame: Frame,
        *,
        starred: bool = False,
    ) -> Value:
        interp = self.interp
        key = self.memo_key(function, args, kwargs, starred)
        if key is not None and key in self._memo:
            path, known, shareable, events = self._memo[key]
            if shareable or reaches(path, interp.path):
                for event in interp.trace.events[events]:
                    if isinstance(event, EnvironmentRead):
                        event.reused = True
                return known
        if frame.depth >= MAX_DEPTH or self._active.count(function.node) >= MAX_RECURSION:
            return Unknown("recursion")
        if self._spent.get(function.node, 0) > FUNCTION_STEP_LIMIT:
            interp.note(f"the function {function.name} is called in too many ways to follow them all")
            return Unknown("called in too many ways")
        interp.entered.add(id(function.node))
        steps, first = interp.steps, len(interp.trace.events)
        inner = Frame(function.source, outer=function.closure, function=function, caller=frame, call=node)
        self.parameters.bind(function, args, kwargs, inner, starred)
        saved = interp.path, interp.guards
        prose, interp.prose = interp.prose, 0
        self._active.append(function.node)
        try:
            result = self.run_body(function, inner)
        finally:
            self._active.pop()
            self._spent[function.node] = self._spent.get(function.node, 0) + interp.steps - steps
            interp.path, interp.guards = saved
            interp.prose = prose
        if key is not None:
            # Objects were filled under the branch of this call and can only be seen from there on.
            shareable = all(
                isinstance(option, (Text, Const, Unknown, External)) for option in options(result)
            )
            events = slice(first, first + min(len(interp.trace.events) - first, MAX_REMEMBERED_EVENTS))
            self._memo[key] = (interp.path, result, shareable, events)
        return result

    def run_body(self, function: Function, inner: Frame) -> Value:
        interp = self.interp
        body = function.node.body
        if isinstance(function.node, cst.Lambda):
            assert isinstance(body, cst.BaseExpression)
            return interp.expressions.eval(body, inner)
        assert isinstance(body, cst.BaseSuite)
        generator = self._generators.get(function.node)
        if generator is None:
            generator = function.source.may_yield and has_yield(function.node)
            self._generators[function.node] = generator
        if generator:
            inner.yields = Sequence(kind="iterator", is_open=False)
            inner.yields.birth = interp.path
        end = interp.statements.run_suite(body, inner)
        if inner.yields is not None:
            if function.wrapped.endswith("contextmanager"):
                return union(inner.yields.every())
            return inner.yields
        if end == RAISES and not inner.returns:
            return self.NEVER
        if end == FALLS:
            inner.returns.append(NONE)
        result = union(inner.returns)
        for value, guards in inner.early:
            interp.expressions.note_fallback(value, guards, instead_of=result)
        return result

    def memo_key(
        self, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value], starred: bool
    ) -> object | None:
        """What a call's outcome depends on; ``None`` when that cannot be told cheaply."""
        if isinstance(function.node, cst.Lambda):
            return None
        interp = self.interp
        parts: list[object] = [
            id(function.node),
            id(function.closure),
            interp.globals_version,
            interp.environ.version,
            interp.guards,
            tuple(interp.handled),
            bool(interp.path),
            starred,
        ]
        if function.receiver is not None:
            parts.append(_value_key(function.receiver))
        parts.extend(map(_value_key, args))
        if kwargs:
            parts.extend([(name, _value_key(value)) for name, value in sorted(kwargs.items())])
        return tuple(parts)


def _value_key(value: Value, depth: int = 0) -> object:
    if isinstance(value, Text):
        return (value.parts, value.is_path, id(value.node))
    if type(value) in _CONTAINERS:
        return _container_key(value, depth)
    return None if isinstance(value, Unknown) else value


_CONTAINERS = frozenset({Dict, Sequence, Instance})


def _container_key(value: Value, depth: int) -> object:
    if isinstance(value, Dict):
        if depth > 2:
            return (id(value), value.version)
        nested = [_value_key(log[-1][1], depth + 1) for log in islice(value.entries.values(), 50) if log]
        return (id(value), value.version, *nested)
    if isinstance(value, Sequence):
        if depth > 2 or len(value.items) > 50:
            return (id(value), value.version)
        return (id(value), value.version, *[_value_key(item, depth + 1) for item in value.items])
    if isinstance(value, Instance):
        if depth > 2:
            return (id(value), value.version)
        nested = [_value_key(log[-1][1], depth + 1) for log in islice(value.attributes.values(), 50) if log]
        return (id(value), value.version, *nested)
    return value
