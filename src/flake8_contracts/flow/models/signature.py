"""What a library model is given: the call, with its evaluated arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

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
_SEARCHED_LEVELS = 5


def texts_in(value: Value) -> Iterator[Text]:
    """All texts inside a value, looking into containers; each object is looked into once."""
    seen: set[int] = set()
    level = [value]
    for _ in range(_SEARCHED_LEVELS):
        found: list[Value] = []
        for each in level:
            if type(each) in _WITHOUT_TEXTS or id(each) in seen:
                continue
            seen.add(id(each))
            if isinstance(each, Text):
                yield each
            elif isinstance(each, Sequence):
                found += each.every()
            elif isinstance(each, Dict):
                found += (entry for log in each.entries.values() for _, entry in log)
                if each.is_open:
                    found.append(each.rest)
            elif isinstance(each, Instance):
                found += (entry for log in each.attributes.values() for _, entry in log)
            else:
                ways = options(each)
                if len(ways) > 1:
                    found += ways
        level = found
