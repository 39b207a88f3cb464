"""What a script does with container paths, environment variables and arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from flake8_contracts.facts.effects.schema import Effect, Shape
from flake8_contracts.flow.events import Argument, Event, ParserRecord
from flake8_contracts.flow.values import Text, Value
from flake8_contracts.syntax.source import NodePlace, SourceModule


@dataclass(frozen=True)
class PathUse:
    """A path that reaches an operation.

    ``place`` is the operation, or, where it stands in another module, the call in the script that leads to it;
    ``real_place`` is the operation itself. ``tested``: the script makes sure that the path exists and goes on without
    it.
    """

    value: Text
    effect: Effect
    shape: Shape
    operation: str
    place: NodePlace | None
    real_place: NodePlace
    order: int
    tested: bool = False
    #: The script makes sure that the path is a file, no directory.
    known_file: bool = False
    #: What the interpreter saw, from which the path's way can be told.
    event: Event | None = field(default=None, compare=False, repr=False)


class UnresolvedUse(NamedTuple):
    """An operation on a path that cannot be told, and why not."""

    effect: Effect
    place: NodePlace
    operation: str
    reason: str


class PathMention(NamedTuple):
    """A literal in the script that looks like a container path. ``prose``: in a message, a help text or a
    comparison."""

    value: Text
    place: NodePlace
    prose: bool


@dataclass(frozen=True)
class VariableRead:
    """A read of an environment variable.

    ``name`` is ``None`` when it cannot be told; ``prefixes`` then lists the beginnings that it may have (empty: any
    name). ``how`` is ``item``, ``get``, ``in``, ``pop``, ``setdefault``, ``enforcer`` or ``scan``. ``defaults`` are the
    constants that the script uses when the variable is not set (``None``: they are not known; empty: it uses none).
    ``place`` is the name's literal in the script, ``read_place`` the read (or the call that leads to it); both are
    ``None`` outside the script's own calls.
    """

    name: str | None
    how: str
    place: NodePlace | None
    read_place: NodePlace | None
    default_place: NodePlace | None
    defaults: tuple[object, ...] | None = ()
    prefixes: tuple[str, ...] = ()
    handled: bool = False
    already_set: bool = False
    tested: bool = False
    folds_case: bool = False
    #: Read for a log or error message only.
    prose: bool = False
    #: Looked up in a dictionary of variables whose making is not known.
    indirect: bool = False
    #: Why the value has no effect; empty when it has, or may have.
    ineffective: str = ""
    order: int = 0
    event: Event | None = field(default=None, compare=False, repr=False)

    @property
    def has_default(self) -> bool:
        """Whether the script goes on with a value of its own when the variable is not set."""
        return self.defaults is None or any(value is not None for value in self.defaults)


@dataclass(frozen=True)
class LogicalLookup:
    """A path asked for by logical name.

    ``direction`` is ``input`` or ``output``. ``built_here``: the script itself fills the dictionary it asks,
    completely; ``present``: the name, or one that the script falls back to, may be in there. ``excused``: a failure is
    handled, or this look-up is the fall-back of another.
    """

    direction: str
    name: str
    how: str
    place: NodePlace | None
    built_here: bool
    present: bool
    excused: bool
    order: int = 0
    #: The keys that the dictionary has.
    keys: tuple[str, ...] = ()
    #: All names that are tried in turn, this one among them.
    alternatives: tuple[str, ...] = ()
    #: What the interpreter saw.
    event: Event | None = field(default=None, compare=False, repr=False)


class ContractNamed(NamedTuple):
    """The script names its contract: the value, and the place where it does."""

    value: Value
    place: NodePlace


@dataclass
class ScriptFacts:
    """Everything that is known of one script."""

    source: SourceModule
    paths: list[PathUse] = field(default_factory=list)
    mentions: list[PathMention] = field(default_factory=list)
    reads: list[VariableRead] = field(default_factory=list)
    lookups: list[LogicalLookup] = field(default_factory=list)
    #: Look-ups in dictionaries that the script fills from the environment; ``direction`` is ``variable``.
    variable_lookups: list[LogicalLookup] = field(default_factory=list)
    #: The arguments whose parsed value is read; ``None`` when all may be.
    used_arguments: set[str] | None = None
    contracts: list[ContractNamed] = field(default_factory=list)
    parsers: list[ParserRecord] = field(default_factory=list)
    #: Effects of operations whose path is not known.
    unresolved: list[UnresolvedUse] = field(default_factory=list)
    #: Why something may be missing here; not empty silences everything that reports an absence.
    incomplete: list[str] = field(default_factory=list)
    #: The script certainly raises an error somewhere: what it would do after that is not known.
    cut_short: bool = False
    #: The whole environment, or all arguments, are handed to another program.
    passes_environment: bool = False
    passes_arguments: bool = False
    #: A well-known tool is run, such as pip: it reads variables of its own, and no files of the job.
    runs_tools: bool = False
    #: Another program is run that may read and write anything in the container.
    runs_programs: bool = False
    libraries: frozenset[str] = frozenset()

    @property
    def arguments(self) -> list[Argument]:
        """All arguments that the script's parsers declare."""
        return [argument for parser in self.parsers for argument in parser.all_arguments()]
