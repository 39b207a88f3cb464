"""Turns what the interpreter saw into facts: which call does what with which path."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from contracts_runtime.platform_facts import names_a_file
from flake8_contracts.facts import effects
from flake8_contracts.facts.effects.schema import Effect, PathArgument, Shape
from flake8_contracts.facts.model import (
    ContractNamed,
    LogicalLookup,
    PathMention,
    PathUse,
    ScriptFacts,
    VariableRead,
)
from flake8_contracts.flow.events import (
    CallEvent,
    ContractUse,
    EnvironmentRead,
    Escape,
    Event,
    KeyLookup,
    PathLiteral,
    Trace,
)
from flake8_contracts.flow.interpreter import Interpreter
from flake8_contracts.flow.loader import ModuleLoader
from flake8_contracts.flow.models.signature import texts_in
from flake8_contracts.flow.objects import Dict, Sequence
from flake8_contracts.flow.values import Const, External, Hole, Text, Unknown, Value, constant, options
from flake8_contracts.syntax.source import NodePlace, SourceModule

_RUNS_PROGRAMS = (
    "subprocess.",
    "os.system",
    "os.exec",
    "os.spawn",
    "os.popen",
    "runpy.",
    "pty.spawn",
    "os.posix_spawn",
)


#: Names of arguments and variables that may hold a path.
_PATH_NAME = re.compile(r"path|dir|file|folder|input|output|data|model|root|dest|src|source|target")
#: Names of parameters that take paths and open files only.
_PATH_PARAMETER = re.compile(
    r"path|dir|file|name|src|dst|^f$|fp$|target|root|folder|top|uri|destination|source"
)
#: Renaming a file over a directory fails; renaming a directory over an empty one does not.
_REPLACES = frozenset(
    {"os.replace", "os.rename", "os.renames", "pathlib.Path.replace", "pathlib.Path.rename"}
)
#: Commands that install or inspect, and touch nothing that a job declares.
_HARMLESS_COMMANDS = frozenset(
    {"pip", "pip3", "conda", "mamba", "uv", "apt-get", "apt", "yum", "dnf", "apk", "nvidia-smi", "git", "aws", "which", "uname",
     "free", "df", "nproc", "lscpu", "ldconfig", "whoami", "hostname", "java", "gcc", "dot"}
)  # fmt: skip


def facts_of(source: SourceModule, loader: ModuleLoader) -> ScriptFacts:
    """Run the script on abstract values and collect what it does."""
    loader.remember(source)
    return Builder(source, Interpreter(loader).run_script(source)).build()


class Builder:
    """Collects the facts of one trace."""

    def __init__(self, source: SourceModule, trace: Trace) -> None:
        self.source = source
        self.trace = trace
        self.facts = ScriptFacts(source, parsers=trace.parsers, incomplete=list(trace.incomplete))
        self._seen: set[object] = set()

    def build(self) -> ScriptFacts:
        facts = self.facts
        facts.libraries = frozenset(self.trace.libraries)
        facts.passes_arguments = self.trace.reads_argv
        for event in self.trace.events:
            if isinstance(event, CallEvent):
                self.call(event)
            elif isinstance(event, EnvironmentRead):
                self.read(event)
            elif isinstance(event, KeyLookup):
                self.lookup(event)
            elif isinstance(event, PathLiteral):
                self.literal(event)
            elif isinstance(event, Escape):
                self.handed_on(event, event.value, event.reason)
            elif isinstance(event, ContractUse) and event.source is self.source:
                facts.contracts.append(ContractNamed(event.contract, self.source.place(event.node)))
        return facts

    # -- places ------------------------------------------------------------------------------------------

    def place(self, event: Event) -> NodePlace | None:
        """Where the script itself does it: the event, or the call that leads to it; ``None`` while importing."""
        node: cst.CSTNode | None = event.node
        source = event.source
        frame = event.frame
        while source is not self.source:
            caller = frame.caller
            node = frame.call
            if caller is None or node is None or isinstance(node, (cst.Import, cst.ImportFrom)):
                return None
            source, frame = caller.source, caller
        return self.source.place(node) if node is not None else None

    def _first(self, *key: object) -> bool:
        """Whether this is the first time that ``key`` is met."""
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    # -- calls -------------------------------------------------------------------------------------------

    def call(self, event: CallEvent) -> None:
        name = event.name
        if name.startswith(_RUNS_PROGRAMS):
            self._runs_program(event)
        entry = effects.find(name)
        if entry is None:
            if not effects.is_harmless(name):
                for value in (*event.args, *event.kwargs.values()):
                    self.handed_on(event, value, name)
                if isinstance(event.receiver, Text):
                    self.handed_on(event, event.receiver, name)
            return
        for argument in entry.arguments:
            given = _argument(event, argument)
            if given is None:
                if event.starred:
                    self._unresolved(event, argument.effect)
                continue
            effect = _effect(event, argument)
            for option in _paths(given):
                if not isinstance(option, Text) and not _takes_only_paths(argument):
                    continue  # a table or an array where a path may stand too
                self.use(event, option, effect, self._shape(event, argument, option), name)

    def _shape(self, event: CallEvent, argument: PathArgument, path: Value) -> Shape:
        if event.name.startswith((".", "?")) and self.trace.libraries & effects.directory_writers:
            # ``frame.to_csv(path)`` of a frame that may be distributed: such libraries write directories.
            return "either"
        if event.name in _REPLACES and argument.effect is Effect.WRITE and _is_file(event):
            return "file"
        last = path.parts[-1] if isinstance(path, Text) and path.parts else None
        given = {
            name
            for name, value in event.kwargs.items()
            if not (isinstance(value, Const) and value.value is None)
        }
        return argument.shape_for(last if isinstance(last, str) else None, given)

    def use(self, event: Event, value: Value, effect: Effect, shape: Shape, operation: str) -> None:
        if not isinstance(value, Text):
            if not isinstance(value, (Const, External)) or (
                isinstance(value, External) and not value.name.startswith("builtins")
            ):
                self._unresolved(event, effect)
            return
        if _is_unknown(value):
            self._unresolved(event, effect)
            return
        if not _may_be_container_path(value):
            return
        if not self._first(id(event.node), value, id(value.node), effect):
            return
        self.facts.paths.append(
            PathUse(
                value,
                effect,
                shape,
                operation,
                self.place(event),
                event.source.place(event.node),
                event.order,
                _is_tested(event, value),
            )
        )

    def _unresolved(self, event: Event, effect: Effect) -> None:
        if self._first("unresolved", id(event.node), effect):
            name = event.name if isinstance(event, CallEvent) else ""
            self.facts.unresolved.append((effect, event.source.place(event.node), name))

    def handed_on(self, event: Event, value: Value, operation: str) -> None:
        for text in texts_in(value):
            first = text.parts[0] if len(text.parts) == 1 else ""
            if isinstance(first, Hole) and first.kind in ("argument", "environment"):
                if not _PATH_NAME.search(first.name.lower()):
                    continue  # most variables and arguments are no paths
            if _may_be_container_path(text) and not _is_unknown(text):
                self.use(event, text, Effect.HANDED_ON, "either", operation)

    def _runs_program(self, event: CallEvent) -> None:
        environment = event.kwargs.get("env")
        inherits = environment is None or (isinstance(environment, Const) and environment.value is None)
        if (
            inherits
            or (isinstance(environment, Dict) and environment.is_open)
            or isinstance(environment, Unknown)
        ):
            self.facts.passes_environment = True
        words = [text.exact for value in event.args[:1] for text in texts_in(value)]
        if not _HARMLESS_COMMANDS & {
            word for line in words if line for word in line.replace("/", " ").split()
        }:
            self.facts.runs_programs = True
        for value in event.args:
            if any(isinstance(item, External) and item.name.startswith("sys.argv") for item in _flat(value)):
                self.facts.passes_arguments = True
        for text in (text for value in event.args for text in texts_in(value)):
            if any(hole.kind == "argument" for hole in text.holes):
                self.facts.passes_arguments = True
            self.handed_on(event, text, event.name)

    # -- literals, variables, names ----------------------------------------------------------------------

    def literal(self, event: PathLiteral) -> None:
        value = event.value
        assert isinstance(value, Text)
        if event.source is not self.source or not self._first("literal", id(event.node), event.prose):
            return
        self.facts.mentions.append(
            PathMention(value, self.source.place(event.node), event.prose or _is_prose(value))
        )

    def read(self, event: EnvironmentRead) -> None:
        name = event.name if isinstance(event.name, Text) else None
        exact = name.exact if name is not None else None
        prefixes: tuple[str, ...] = ()
        if exact is None and name is not None and name.prefix:
            prefixes = (name.prefix,)
        elif event.how == "scan":
            prefixes = tuple(value.exact or "" for value in event.fallbacks if isinstance(value, Text))
        place = read_place = self.place(event)
        if place is not None and name is not None:
            place = self._name_place(event, name) or place
        if not self._first("read", exact, event.how, place, read_place, id(event.node)):
            return
        defaults, default_place = self._defaults(event)
        self.facts.reads.append(
            VariableRead(
                exact,
                event.how,
                place,
                read_place,
                default_place,
                defaults,
                prefixes,
                event.handled,
                event.already_set,
                event.tested,
                event.folds_case,
                event.prose,
                event.origin is not None
                and event.origin.role == "environment copy"
                and bool(event.origin.name),
                event.order,
            )
        )

    def _name_place(self, event: EnvironmentRead, name: Text) -> NodePlace | None:
        """Where the variable's name is written: its literal, or the call whose arguments make it up."""
        if name.node is None or name.source is not self.source:
            return None
        frame = event.frame
        if not isinstance(name.node, (cst.SimpleString, cst.ConcatenatedString)) and frame.caller is not None:
            given = [log[0][1] for log in frame.locals.values() if log]
            texts = [value.exact for value in given if isinstance(value, Text)]
            if any(text and text in (name.exact or "") for text in texts):
                caller = frame.caller
                if caller.source is self.source and frame.call is not None:
                    return self.source.place(frame.call)
        return self.source.place(name.node)

    def _defaults(self, event: EnvironmentRead) -> tuple[tuple[object, ...] | None, NodePlace | None]:
        """The constants that stand in for the variable, and where the first one stands."""
        values: list[Value] = []
        if event.how in ("get", "pop", "setdefault") and event.default is not None:
            known = constant(event.default)
            if known is None or known[0] is not None:
                values.append(event.default)
        if event.fallbacks and event.how != "scan" and all(_is_empty(value) for value in values):
            values = list(event.fallbacks)
        found: list[object] = []
        place: NodePlace | None = None
        for value in values:
            known = constant(value)
            if known is None:
                return None, None
            if known[0] is None and len(values) > 1:
                continue
            if known[0] not in found:
                found.append(known[0])
            node, source = getattr(value, "node", None), getattr(value, "source", None)
            if place is None and node is not None and source is self.source:
                place = self.source.place(node)
        return tuple(found), place

    def lookup(self, event: KeyLookup) -> None:
        role = event.container.role
        if role not in ("inputs", "outputs"):
            return
        place = self.source.place(event.node) if event.source is self.source else self.place(event)
        if not self._first("lookup", role, event.key, place, event.present):
            return
        built_here = not event.container.is_open and event.how != "enforcer"
        self.facts.lookups.append(
            LogicalLookup(
                "input" if role == "inputs" else "output",
                event.key,
                event.how,
                place,
                built_here,
                event.present,
                event.handled,
                event.order,
            )
        )


def _argument(event: CallEvent, argument: PathArgument) -> Value | None:
    if argument.index == -1:
        return event.receiver
    if argument.index is not None and argument.index < len(event.args):
        return event.args[argument.index]
    return event.kwargs.get(argument.keyword) if argument.keyword else None


def _effect(event: CallEvent, argument: PathArgument) -> Effect:
    if argument.mode is None:
        return argument.effect
    index, keyword, default = argument.mode
    value = event.kwargs.get(keyword)
    if value is None and index is not None and index < len(event.args):
        value = event.args[index]
    if value is None:
        return argument.effect_for(default)
    found = {argument.effect_for(_mode(option)) for option in options(value)}
    if len(found) == 1:
        return found.pop()
    return Effect.WRITE if Effect.WRITE in found else Effect.HANDED_ON


def _mode(value: Value) -> str | None:
    known = constant(value)
    return known[0] if known is not None and isinstance(known[0], str) else None


def _is_file(event: CallEvent) -> bool:
    """Whether what is moved is a file, as its name tells: a directory cannot be replaced by one."""
    moved = event.receiver if event.name.startswith("pathlib") else (event.args or (None,))[0]
    return (
        isinstance(moved, Text)
        and isinstance(moved.parts[-1:][0] if moved.parts else None, str)
        and names_a_file("/" + str(moved.parts[-1]))
    )


def _takes_only_paths(argument: PathArgument) -> bool:
    """Whether the argument is always a path, so that an unknown value is an unknown path."""
    return (
        argument.index == -1
        or argument.keyword is None
        or _PATH_PARAMETER.search(argument.keyword) is not None
    )


def _paths(value: Value) -> Iterator[Value]:
    """The single paths in an argument: its alternatives, and the items of lists of paths."""
    for option in options(value):
        if isinstance(option, Sequence):
            yield from option.every()
        else:
            yield option


def _flat(value: Value) -> Iterator[Value]:
    for option in _paths(value):
        yield option
        if isinstance(option, External):
            yield from option.args


def _is_unknown(value: Text) -> bool:
    """Whether nothing is known of where the path begins."""
    first = value.parts[0] if value.parts else ""
    return isinstance(first, Hole) and not first.name


def _may_be_container_path(value: Text) -> bool:
    first = value.parts[0] if value.parts else ""
    if isinstance(first, Hole) or (value.base is not None and _may_be_container_path(value.base)):
        return True
    return first.startswith("/opt/ml") or (
        len(value.parts) > 1 and "/opt/ml".startswith(first) and first != ""
    )


def _is_prose(value: Text) -> bool:
    """A sentence that begins with a path."""
    return any(
        isinstance(part, str) and any(character.isspace() for character in part) for part in value.parts
    )


def _is_empty(value: Value) -> bool:
    known = constant(value)
    return known is not None and known[0] in (None, "")


def _is_tested(event: Event, value: Text) -> bool:
    """Whether the event happens only where this path, or a directory above it, is known to exist."""
    current: Text | None = value
    known = [guard[1] for guard in event.guards if guard[0] == "exists"]
    while current is not None and known:
        if current.parts in known:
            return True
        current = current.base
    return False
