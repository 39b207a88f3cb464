"""What a library model is given: the call, with its evaluated arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import libcst as cst

from flake8_contracts.flow.objects import Dict, Frame, Instance, Sequence
from flake8_contracts.flow.values import UNKNOWN, Const, External, Text, Unknown, Value, options, union

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter
    from flake8_contracts.syntax.source import SourceModule


@dataclass(slots=True)
class CallSite:
    """One call of something that the interpreter does not enter."""

    interp: Interpreter
    name: str
    receiver: Value | None
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    node: cst.CSTNode
    frame: Frame
    starred: bool = False

    @property
    def source(self) -> SourceModule:
        return self.frame.source

    def arg(self, index: int, name: str = "") -> Value | None:
        """The argument at ``index`` or called ``name``; ``None`` when it is not given."""
        if index < len(self.args):
            return self.args[index]
        return self.kwargs.get(name) if name else None

    def record(self, result: Value | None = None, name: str = "") -> None:
        """Record the call as an event: it may touch files or hand a path on."""
        self.interp.calls.record(
            name or self.name,
            self.receiver,
            self.args,
            self.kwargs,
            self.node,
            self.frame,
            self.starred,
            result,
        )

    def generic(self) -> Value:
        """Record the call and return what is known of any library call: where its result came from."""
        result = External(
            shortened(self.name) + "()", self.receiver, self.args, self.kwargs, self.node, self.source
        )
        self.record(result)
        return result


Model = Callable[[CallSite], Value]
MODELS: dict[str, Model] = {}


def model(*names: str) -> Callable[[Model], Model]:
    """Register a function as the model of the library functions ``names``."""

    def register(function: Model) -> Model:
        for name in names:
            MODELS[name] = function
        return function

    return register


def each(function: Callable[..., Value], *values: Value, limit: int = 64) -> Value:
    """Apply ``function`` to every combination of alternatives."""
    ways = [options(value) for value in values]
    total = 1
    for way in ways:
        total *= len(way)
    if total == 1:
        return function(*values)
    if total > limit:
        return UNKNOWN
    return union(function(*combination) for combination in product(*ways))


def shortened(name: str) -> str:
    """A chain of library calls, kept readable: ``pandas.read_csv().merge().head()`` becomes ``pandas.?().head()``."""
    if name.count("()") < 2:
        return name
    head, _, rest = name.partition(".")
    return f"{head}.?(){name[name.rindex('()') + 2 :]}" if rest else name


_WITHOUT_TEXTS = frozenset({Const, External, Unknown})


def texts_in(value: Value, depth: int = 0) -> Iterator[Text]:
    """All texts inside a value, looking into containers."""
    if isinstance(value, Text):
        yield value
        return
    if depth > 3 or type(value) in _WITHOUT_TEXTS:
        return
    inner: Any = ()
    if isinstance(value, Sequence):
        inner = value.every()
    elif isinstance(value, Dict):
        inner = [entry for log in value.entries.values() for _, entry in log]
        if value.is_open:
            inner.append(value.rest)
    elif isinstance(value, Instance):
        inner = [entry for log in value.attributes.values() for _, entry in log]
    else:
        ways = options(value)
        if len(ways) > 1:
            inner = ways
    for item in inner:
        yield from texts_in(item, depth + 1)
