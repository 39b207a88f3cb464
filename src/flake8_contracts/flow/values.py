"""Abstract values: what the interpreter knows of a run-time value.

Everything that cannot be known is :data:`UNKNOWN`, and an unknown value never leads to a report. Strings and paths keep
their known parts; an unknown part is a :class:`Hole`, which remembers where it comes from (an environment
variable, an argument, a logical name of a contract).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import libcst as cst

if TYPE_CHECKING:
    from flake8_contracts.syntax.source import SourceModule

HoleKind = Literal["unknown", "environment", "argument", "input", "output"]

#: More alternatives than this say nothing useful any more.
MAX_ALTERNATIVES = 48


class Value:
    """Base of all abstract values."""

    __slots__ = ()


class Unknown(Value):
    """Any value at all, with the reason why nothing is known, for ``flake8-contracts facts``."""

    __slots__ = ("reason",)

    def __init__(self, reason: str = "") -> None:
        self.reason = reason

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})" if self.reason else "Unknown()"


UNKNOWN = Unknown()


class Const(Value):
    """A number, a boolean, ``None``, bytes or ``...``, with the literal that it stands in, if any."""

    __slots__ = ("node", "source", "value")

    def __init__(
        self, value: object, node: cst.CSTNode | None = None, source: SourceModule | None = None
    ) -> None:
        self.value = value
        self.node = node
        self.source = source

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Const) and type(self.value) is type(other.value) and self.value == other.value
        )

    def __hash__(self) -> int:
        return hash((Const, type(self.value), self.value))

    def __repr__(self) -> str:
        return f"Const({self.value!r})"


NONE = Const(None)


class Hole:
    """An unknown part of a text.

    ``kind`` and ``name`` say what stands there at run time: the value of the environment variable or argument ``name``,
    or the path of the contract's input or output ``name``. ``ref`` is the read that produced it.
    """

    __slots__ = ("kind", "name", "ref")

    def __init__(self, kind: HoleKind = "unknown", name: str = "", ref: Any = None) -> None:
        self.kind = kind
        self.name = name
        self.ref = ref

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hole) and self.kind == other.kind and self.name == other.name

    def __hash__(self) -> int:
        return hash((self.kind, self.name))

    def __repr__(self) -> str:
        return f"<{self.kind}{' ' if self.name else ''}{self.name}>"


ANY = Hole()

Part = str | Hole


class Text(Value):
    """A string, or (``is_path``) a ``pathlib`` path, with known and unknown parts.

    ``node`` in ``source`` is the expression that made it; ``base`` is the text that it was derived from by joining or
    concatenating, so that the first step at which a path went wrong can be found. ``via`` is the trail
    of the value through dictionaries, for explanations.
    """

    __slots__ = ("base", "is_path", "node", "parts", "source", "via")

    def __init__(
        self,
        parts: tuple[Part, ...],
        *,
        is_path: bool = False,
        node: cst.CSTNode | None = None,
        source: SourceModule | None = None,
        base: Text | None = None,
        via: tuple[str, ...] = (),
    ) -> None:
        self.parts = parts
        self.is_path = is_path
        self.node = node
        self.source = source
        self.base = base
        self.via = via

    @property
    def exact(self) -> str | None:
        """The whole text when every part is known."""
        if len(self.parts) == 1 and isinstance(self.parts[0], str):
            return self.parts[0]
        return "" if not self.parts else None

    @property
    def prefix(self) -> str:
        """The known text before the first hole."""
        first = self.parts[0] if self.parts else ""
        return first if isinstance(first, str) else ""

    @property
    def may_be_unset(self) -> bool:
        """Whether this is the path of a platform variable, which only some jobs set."""
        return bool(self.via) and self.via[0].startswith("$")

    @property
    def holes(self) -> Iterator[Hole]:
        return (part for part in self.parts if isinstance(part, Hole))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.is_path == other.is_path and self.parts == other.parts

    def __hash__(self) -> int:
        return hash((self.parts, self.is_path))

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else f"{{{part.name or '?'}}}" for part in self.parts)

    def __repr__(self) -> str:
        return f"{'Path' if self.is_path else 'Text'}({str(self)!r})"


def text(
    value: str, node: cst.CSTNode | None = None, source: SourceModule | None = None, *, is_path: bool = False
) -> Text:
    """A fully known text."""
    return Text((value,) if value else (), node=node, source=source, is_path=is_path)


class External(Value):
    """Something of a library that is not part of the project, named by how it was reached.

    ``pandas.read_csv`` is the function, ``pandas.read_csv()`` what a call of it returned, and so on. ``args`` and
    ``kwargs`` are the arguments of that call; ``receiver`` is the object whose attribute this is.
    """

    __slots__ = ("args", "kwargs", "name", "node", "receiver", "source")

    def __init__(
        self,
        name: str,
        receiver: Value | None = None,
        args: tuple[Value, ...] = (),
        kwargs: dict[str, Value] | None = None,
        node: cst.CSTNode | None = None,
        source: SourceModule | None = None,
    ) -> None:
        self.name = name
        self.receiver = receiver
        self.args = args
        self.kwargs = kwargs
        self.node = node
        self.source = source

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not External or self.name != other.name or self.node is not other.node:
            return False
        # One call expression, run twice: only contracts made by a factory are told apart by their arguments.
        return not self.kwargs or "entry_point" not in self.kwargs or self.kwargs == other.kwargs

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"External({self.name})"

    @property
    def last_name(self) -> str:
        """The last component: ``read_csv`` of ``pandas.read_csv``."""
        return self.name.rpartition(".")[2]


class Union(Value):
    """One of several values. Never nested, never holding an :class:`Unknown` alone."""

    __slots__ = ("options",)

    def __init__(self, options: tuple[Value, ...]) -> None:
        self.options = options

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Union) and self.options == other.options

    def __hash__(self) -> int:
        return hash(self.options)

    def __repr__(self) -> str:
        return "Union(" + ", ".join(map(repr, self.options)) + ")"


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value: itself, or the members of a union."""
    return value.options if isinstance(value, Union) else (value,)


def without_none(value: Value) -> tuple[Value, ...]:
    """The alternatives that are not ``None``, if there are any: where a text is made of it, ``None`` is not meant."""
    ways = options(value)
    if len(ways) == 1:
        return ways
    return tuple(way for way in ways if not (isinstance(way, Const) and way.value is None)) or ways


def union(values: Iterable[Value]) -> Value:
    """The value that is one of ``values``: flattened, without duplicates, bounded."""
    values = tuple(values)
    if len(values) == 1 or (len(values) == 2 and values[0] is values[1]):
        return values[0]
    seen: dict[Value, None] = {}
    for value in values:
        if isinstance(value, Union):
            for option in value.options:
                seen.setdefault(option)
        else:
            seen.setdefault(value)
    if not seen:
        return UNKNOWN
    if len(seen) == 1:
        return next(iter(seen))
    if len(seen) > MAX_ALTERNATIVES:
        return Unknown(f"more than {MAX_ALTERNATIVES} alternatives")
    unknown = [value for value in seen if type(value) is Unknown]
    for extra in unknown[1:]:
        del seen[extra]
    return Union(tuple(seen)) if len(seen) > 1 else next(iter(seen))


def known_texts(value: Value) -> list[Text]:
    """The alternatives that are texts."""
    return [option for option in options(value) if isinstance(option, Text)]


def constant(value: Value) -> tuple[object] | None:
    """The one Python value that ``value`` is, in a tuple, or ``None`` when it is not a single constant."""
    if isinstance(value, Const):
        return (value.value,)
    if isinstance(value, Text) and not value.is_path:
        exact = value.exact
        return None if exact is None else (exact,)
    return None
