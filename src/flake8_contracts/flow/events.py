"""What the interpreter saw a program do, in the order in which it happens."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from flake8_contracts.flow.objects import Dict, Frame, Instance
from flake8_contracts.flow.store import BranchPath
from flake8_contracts.flow.values import Value
from flake8_contracts.syntax.source import SourceModule

#: ("env", name): the variable is known to be set. ("key", dict id, key): the key is known to be there.
#: ("unset", read id): the value of that environment read is known to be missing or empty.
Guard = tuple[object, ...]


@dataclass(slots=True, eq=False)
class Event:
    """Something that happens at ``node``, in the call ``frame``, under the branch ``path``."""

    node: cst.CSTNode
    source: SourceModule
    frame: Frame
    order: int
    path: BranchPath
    guards: frozenset[Guard]


@dataclass(slots=True, eq=False)
class CallEvent(Event):
    """A call of something outside the project.

    ``name`` is the dotted name of the callee, or ``.method`` when the receiver is not known. ``receiver`` is the object
    whose method is called: a text for ``Path`` methods.
    """

    name: str
    receiver: Value | None
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    result: Value | None = None
    starred: bool = False


@dataclass(slots=True, eq=False)
class EnvironmentRead(Event):
    """A read of environment variables.

    ``name`` is the name as a value (usually a known text); ``how`` is ``item``, ``get``, ``in``, ``pop``,
    ``setdefault`` or ``scan``. ``default`` is what the program uses instead when the variable is not set, given at the
    read or by a later fall-back (``or``, a conditional expression, a test for ``None``). ``handled``: a ``KeyError`` is
    caught here. ``already_set``: the program itself has certainly set the variable before. ``tested``: the program
    tests whether the value is empty or missing. ``folds_case``: the value is compared without regard to case.
    ``prose``: it is read for a message only.
    """

    name: Value
    how: str
    default: Value | None = None
    handled: bool = False
    already_set: bool = False
    origin: Dict | None = None
    tested: bool = False
    folds_case: bool = False
    prose: bool = False
    #: The plain name that the value is assigned to, if it is.
    bound_to: str = ""
    #: Another call of the same wrapper uses the value too.
    reused: bool = False
    fallbacks: list[Value] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class KeyLookup(Event):
    """A look-up of ``key`` in a dictionary of paths or variables.

    ``present``: the key may be there. ``instead_of`` is the look-up that comes first, where this one is its fall-back:
    ``paths.get("data", paths.get("data_dir"))``, ``paths.get("data") or paths["data_dir"]``.
    """

    container: Dict
    key: str
    how: str
    default: Value | None
    present: bool
    handled: bool
    value: Value
    #: The whole expression, while ``node`` is what one would edit.
    site: cst.CSTNode | None = None
    instead_of: KeyLookup | None = None


@dataclass(slots=True, eq=False)
class PathLiteral(Event):
    """A text literal that looks like a container path. ``prose``: it stands in a message, a help text or a
    comparison."""

    value: Value
    prose: bool


@dataclass(slots=True, eq=False)
class Escape(Event):
    """A value leaves what is understood: stored in an unknown object, returned to an unknown caller, taken apart."""

    value: Value
    reason: str


@dataclass(slots=True, eq=False)
class ContractUse(Event):
    """The script names its contract: ``contract`` is the value given to the enforcer, or read for its paths."""

    contract: Value


@dataclass(slots=True, eq=False)
class ContractMade(Event):
    """A contract object is made: ``fields`` are the values given for its fields.

    ``unseen`` are fields that may have been given where that cannot be told: by ``**FIELDS``, or by a constructor of
    the project's own.
    """

    contract: Value
    fields: dict[str, Value]
    class_name: str
    unseen: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class SpecificationMade(Event):
    """A step specification is made. ``class_name`` is dotted for a library's class. ``starred``: it may have been given
    more than ``fields``."""

    specification: Instance
    fields: dict[str, Value]
    class_name: str
    starred: bool


@dataclass(slots=True, eq=False)
class RegistryUse(Event):
    """A method of a registry of steps is called."""

    registry: Value
    method: str
    args: tuple[Value, ...]
    kwargs: dict[str, Value]

    def argument(self, index: int, name: str) -> Value | None:
        """The argument at ``index`` or called ``name``; ``None`` when it is not given."""
        return self.args[index] if index < len(self.args) else self.kwargs.get(name)


@dataclass(slots=True)
class Argument:
    """One option or positional that a parser declares. ``flags`` is empty for positionals."""

    flags: tuple[str, ...]
    dest: str
    required: bool
    node: cst.CSTNode
    source: SourceModule
    default: Value | None = None
    type: Value | None = None
    choices: Value | None = None
    action: str = "store"
    nargs: object = None


@dataclass(slots=True)
class ParserRecord:
    """A command-line parser of the script: argparse, click or typer.

    ``dynamic``: arguments are declared in a way that is not understood. ``known_only``: it ignores what it does not
    know. ``explicit``: it parses a list that the program gives, not the job's arguments. ``parse_nodes``: where it is
    run.
    """

    node: cst.CSTNode
    source: SourceModule
    arguments: list[Argument] = field(default_factory=list)
    dynamic: bool = False
    known_only: bool = False
    explicit: bool = False
    parse_nodes: list[tuple[cst.CSTNode, SourceModule]] = field(default_factory=list)
    subparsers: list[ParserRecord] = field(default_factory=list)

    def all_arguments(self) -> list[Argument]:
        """The parser's own arguments and those of its subcommands."""
        return [
            *self.arguments,
            *(argument for child in self.subparsers for argument in child.all_arguments()),
        ]


@dataclass
class Trace:
    """Everything that one program was seen to do."""

    events: list[Event] = field(default_factory=list)
    #: Reasons why the trace may lack something: a bound was hit, a module could not be read.
    incomplete: list[str] = field(default_factory=list)
    parsers: list[ParserRecord] = field(default_factory=list)
    #: Top-level names of the libraries that the program imports.
    libraries: set[str] = field(default_factory=set)
    #: Dictionaries into which environment variables are copied.
    harvests: list[Dict] = field(default_factory=list)
    #: Namespaces of parsed arguments.
    namespaces: list[Instance] = field(default_factory=list)
    #: The program certainly raises an error somewhere, so that what follows there was not run.
    cut_short: bool = False
    #: The program reads ``sys.argv`` itself.
    reads_argv: bool = False
