"""Abstract objects with identity: dictionaries, sequences, functions, classes, instances, modules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import TYPE_CHECKING, Literal

import libcst as cst

from flake8_contracts.flow.store import BranchPath, Log, newest, single
from flake8_contracts.flow.values import UNKNOWN, Const, External, Text, Union, Unknown, Value, union

if TYPE_CHECKING:
    from flake8_contracts.flow.events import EnvironmentRead
    from flake8_contracts.syntax.source import SourceModule

Dead = dict[int, set[int]]
Key = str | int | float | bool | None | bytes

_stamps = count(1)


def stamp() -> int:
    """A new number: objects that changed carry a new one, so that remembered calls know."""
    return next(_stamps)


Role = Literal["", "inputs", "outputs", "environment", "environment copy", "variables"]


class Dict(Value):
    """A dictionary. ``is_open``: it may hold other keys than those known, with the value ``rest``.

    ``role`` is what convention or origin say of its content: paths by logical name (``inputs``, ``outputs``), variables
    (``environment`` is ``os.environ`` itself, ``environment copy`` a dictionary taken from it, ``variables`` one that
    the script filled itself).
    """

    __slots__ = (
        "entries", "is_open", "key_nodes", "name", "node", "read_keys", "read_whole", "reads", "rest", "role", "source",
        "version",
    )  # fmt: skip

    def __init__(
        self,
        *,
        is_open: bool = False,
        rest: Value = UNKNOWN,
        role: Role = "",
        node: cst.CSTNode | None = None,
        source: SourceModule | None = None,
        name: str = "",
    ) -> None:
        self.entries: dict[Key, Log] = {}
        self.key_nodes: dict[Key, cst.CSTNode] = {}
        self.is_open = is_open
        self.rest = rest
        self.role: Role = role
        self.node = node
        self.source = source
        self.name = name
        self.version = 0
        #: The keys that the program looks up, and whether it also uses the dictionary as a whole.
        self.read_keys: set[Key] = set()
        self.read_whole = False
        #: The environment reads whose values are stored under a key.
        self.reads: dict[Key, list[EnvironmentRead]] = {}

    def set(self, key: Key, value: Value, path: BranchPath, key_node: cst.CSTNode | None = None) -> None:
        log = self.entries.get(key)
        if log is None:
            self.entries[key] = single(path, value)
        else:
            log.write(path, value)
        if key_node is not None:
            self.key_nodes[key] = key_node
        self.version = stamp()

    def get(self, key: Key, path: BranchPath, dead: Dead) -> tuple[list[Value], bool]:
        """The visible values under ``key`` and whether the key is certainly there."""
        log = self.entries.get(key)
        return log.read(path, dead) if log else ([], False)

    def open_up(self, value: Value = UNKNOWN) -> None:
        """Something unknown was stored under an unknown key."""
        self.rest = union([self.rest, value]) if self.is_open else value
        self.is_open = True
        self.version = stamp()

    def __repr__(self) -> str:
        shown = ", ".join(f"{key!r}: {newest([log])}" for key, log in self.entries.items())
        return f"Dict({{{shown}{', ...' if self.is_open else ''}}} {self.role})"


SequenceKind = Literal["list", "tuple", "set", "iterator"]


#: Of longer lists, nothing is known but what may be in them.
MAX_ITEMS = 20_000


class Sequence(Value):
    """A list, tuple, set or iterator. ``is_open``: it may hold more items than those known, each like ``rest``."""

    __slots__ = ("birth", "is_open", "items", "kind", "rest", "version")

    def __init__(
        self,
        items: Iterable[Value] = (),
        kind: SequenceKind = "list",
        *,
        is_open: bool = False,
        rest: Value = UNKNOWN,
    ) -> None:
        #: The branch path under which the program made the list, where it is known.
        self.birth: BranchPath | None = None
        self.items = list(items)
        self.kind: SequenceKind = kind
        self.is_open = is_open
        self.rest = rest
        self.version = 0
        if len(self.items) > MAX_ITEMS:
            self.open_up(union(self.items))
            self.items.clear()

    def add(self, value: Value, *, certain: bool) -> None:
        """Append; an item that may be missing makes the sequence open."""
        if certain and not self.is_open and len(self.items) < MAX_ITEMS:
            self.items.append(value)
        else:
            self.open_up(value)
        self.version = stamp()

    def open_up(self, value: Value = UNKNOWN) -> None:
        self.rest = union([self.rest, value]) if self.is_open else value
        self.is_open = True
        self.version = stamp()

    def every(self) -> list[Value]:
        """All values that an iteration may meet."""
        return [*self.items, *([self.rest] if self.is_open else [])]

    def __repr__(self) -> str:
        return f"{self.kind}({self.items!r}{', ...' if self.is_open else ''})"


class Frame:
    """The variables of one module, class body or function call."""

    __slots__ = ("call", "caller", "depth", "early", "function", "globals", "local_names", "locals", "outer", "owner",
                 "returns", "source", "yields")  # fmt: skip

    def __init__(
        self,
        source: SourceModule,
        *,
        outer: Frame | None = None,
        function: Function | None = None,
        caller: Frame | None = None,
        call: cst.CSTNode | None = None,
        owner: Class | None = None,
    ) -> None:
        self.source = source
        self.outer = outer
        self.function = function
        self.caller = caller
        self.call = call
        self.owner = owner
        self.locals: dict[str, Log] = {}
        self.globals: set[str] = set()
        self.local_names: frozenset[str] | None = None
        self.returns: list[Value] = []
        #: Returns under a condition, with what was known there.
        self.early: list[tuple[Value, frozenset[tuple[object, ...]]]] = []
        self.yields: Sequence | None = None
        self.depth: int = caller.depth + 1 if caller else 0

    def nested(self, owner: Class | None = None) -> Frame:
        """A scope inside this one and part of the same call: a comprehension, or the body of the class ``owner``."""
        return Frame(
            self.source, outer=self, function=self.function, caller=self.caller, call=self.call, owner=owner
        )

    @property
    def module(self) -> Frame:
        """The frame of the module in which this one is nested."""
        frame = self
        while frame.outer is not None:
            frame = frame.outer
        return frame


class Function(Value):
    """A function, lambda or method of the project, possibly bound to ``receiver``."""

    __slots__ = (
        "closure",
        "defaults",
        "kind",
        "name",
        "node",
        "owner",
        "passed",
        "receiver",
        "source",
        "wrapped",
    )

    def __init__(
        self,
        node: cst.FunctionDef | cst.Lambda,
        name: str,
        source: SourceModule,
        closure: Frame,
        *,
        defaults: dict[str, Value] | None = None,
        owner: Class | None = None,
        kind: Literal["function", "static", "class", "property"] = "function",
        receiver: Value | None = None,
        wrapped: str = "",
    ) -> None:
        self.node = node
        self.name = name
        self.source = source
        self.closure = closure
        self.defaults = defaults or {}
        self.owner = owner
        self.kind: Literal["function", "static", "class", "property"] = kind
        self.receiver = receiver
        #: The decorator that changes how the function is called (``click.command``), or "".
        self.wrapped = wrapped
        #: What a command-line decorator passes, by parameter, when the function is called without arguments.
        self.passed: dict[str, Value] | None = None

    def bind(self, receiver: Value) -> Function:
        bound = Function(
            self.node, self.name, self.source, self.closure, defaults=self.defaults, owner=self.owner,
            kind=self.kind, receiver=receiver, wrapped=self.wrapped,
        )  # fmt: skip
        bound.passed = self.passed
        return bound

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Function)
            and self.node is other.node
            and self.closure is other.closure
            and self.receiver is other.receiver
        )

    def __hash__(self) -> int:
        return hash((id(self.node), id(self.closure), id(self.receiver)))

    def __repr__(self) -> str:
        return f"Function({self.name})"


class Partial(Value):
    """``functools.partial(function, *args, **kwargs)``."""

    __slots__ = ("args", "function", "kwargs")

    def __init__(self, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
        self.function = function
        self.args = args
        self.kwargs = kwargs


class Native(Value):
    """A callable that the interpreter models itself, such as a method bound to its receiver."""

    __slots__ = ("call", "name")

    def __init__(self, name: str, call: Callable[..., Value]) -> None:
        self.name = name
        self.call = call


class Class(Value):
    """A class of the project."""

    __slots__ = ("attributes", "bases", "fields", "is_record", "name", "node", "source")

    def __init__(self, node: cst.ClassDef, name: str, source: SourceModule, bases: tuple[Value, ...]) -> None:
        self.node = node
        self.name = name
        self.source = source
        self.bases = bases
        self.attributes: dict[str, Log] = {}
        #: Annotated names in order, when the class makes its constructor from them (dataclass, pydantic, NamedTuple).
        self.fields: list[str] = []
        self.is_record = False

    def lineage(self) -> list[Class]:
        """The class and its project bases, nearest first (depth first, each once)."""
        found: dict[int, Class] = {}
        stack: list[Value] = [self]
        while stack:
            current = stack.pop()
            if isinstance(current, Class) and id(current) not in found:
                found[id(current)] = current
                stack.extend(reversed(current.bases))
        return list(found.values())

    def outside_bases(self) -> list[Value]:
        """Bases that are not part of the project: their attributes are unknown."""
        return [base for cls in self.lineage() for base in cls.bases if not isinstance(base, Class)]

    def __repr__(self) -> str:
        return f"Class({self.name})"


class Instance(Value):
    """An object of a project class, or a namespace (``cls`` is then ``None``)."""

    __slots__ = ("attributes", "cls", "kind", "node", "read_names", "read_whole", "rest", "source", "version")

    def __init__(
        self,
        cls: Class | None,
        *,
        kind: str = "",
        rest: Value | None = None,
        node: cst.CSTNode | None = None,
        source: SourceModule | None = None,
    ) -> None:
        self.cls = cls
        self.attributes: dict[str, Log] = {}
        self.kind = kind
        #: The value of attributes that are not known; ``None`` when there are no others.
        self.rest = rest
        self.node = node
        self.source = source
        self.version = 0
        #: The attributes that the program reads, and whether it also uses the object as a whole.
        self.read_names: set[str] = set()
        self.read_whole = False

    def set(self, name: str, value: Value, path: BranchPath) -> None:
        log = self.attributes.get(name)
        if log is None:
            self.attributes[name] = single(path, value)
        else:
            log.write(path, value)
        self.version = stamp()

    def __repr__(self) -> str:
        return f"Instance({self.cls.name if self.cls else self.kind})"


#: Values that hold no others.
_PLAIN = frozenset({Text, Const, External, Unknown})
#: How deep values lie in each other that are marked as used.
_MARKED_LEVELS = 4


def mark_whole(value: Value) -> int:
    """The program hands ``value`` to something unknown: everything in it may be used.

    Returns how many objects were looked at.
    """
    if type(value) in _PLAIN:
        return 0
    seen: set[int] = set()
    level: list[Value] = [value]
    for _ in range(_MARKED_LEVELS):
        found: list[Value] = []
        for each in level:
            if type(each) in _PLAIN or id(each) in seen:
                continue
            seen.add(id(each))
            if isinstance(each, (Dict, Instance)):
                each.read_whole = True
                found += newest(each.entries.values() if isinstance(each, Dict) else each.attributes.values())
            elif isinstance(each, Sequence):
                found += each.every()
            elif isinstance(each, Union):
                found += each.options
        level = found
    return len(seen)


class Module(Value):
    """A module of the project."""

    __slots__ = ("frame", "name")

    def __init__(self, name: str, frame: Frame) -> None:
        self.name = name
        self.frame = frame

    def __repr__(self) -> str:
        return f"Module({self.name})"
