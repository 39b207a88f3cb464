"""Turns what the interpreter saw into facts: which call does what with which path."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from flake8_contracts.facts import effects
from flake8_contracts.facts.chains import chains_of
from flake8_contracts.facts.effects.schema import Effect, Entry, PathArgument, Shape
from flake8_contracts.facts.harvests import Harvests, is_indirect
from flake8_contracts.facts.model import (
    ContractNamed,
    LogicalLookup,
    PathMention,
    PathUse,
    ScriptFacts,
    UnresolvedUse,
    VariableRead,
)
from flake8_contracts.facts.paths import (
    argument_of,
    effect_of,
    is_known_file,
    is_sentence,
    is_tested,
    is_unknown,
    may_be_container_path,
    paths_in,
    replaces_file,
    takes_only_paths,
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
from flake8_contracts.flow.objects import Dict
from flake8_contracts.flow.values import Const, External, Hole, Text, Unknown, Value, constant
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
#: Operations whose arguments cannot be open files.
_TAKES_PATHS_ONLY = ("builtins.open", "io.open", "os.", "shutil.", "pathlib.")
#: Names of arguments and variables that may hold a path.
_PATH_NAME = re.compile(r"path|dir|file|folder|input|output|data|model|root|dest|src|source|target")
#: Commands that install or inspect, and touch nothing that a job declares.
_HARMLESS_COMMANDS = frozenset(
    {"pip", "pip3", "conda", "mamba", "uv", "apt-get", "apt", "yum", "dnf", "apk", "nvidia-smi", "git", "aws", "which",
     "uname", "free", "df", "nproc", "lscpu", "ldconfig", "whoami", "hostname"}
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
        self.harvests = Harvests(source, trace)
        self._seen: set[object] = set()
        self._chains: dict[KeyLookup, list[KeyLookup]] = {}

    def build(self) -> ScriptFacts:
        """Go through the events in the order in which they happened."""
        facts = self.facts
        facts.libraries = frozenset(self.trace.libraries)
        facts.passes_arguments = self.trace.reads_argv
        facts.cut_short = self.trace.cut_short
        self._chains = chains_of(self.trace)
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
        facts.used_arguments = self.used_arguments()
        return facts

    def used_arguments(self) -> set[str] | None:
        """The attributes that are read of the parsed arguments."""
        namespaces = self.trace.namespaces
        if not namespaces or any(namespace.read_whole for namespace in namespaces):
            return None
        return {name for namespace in namespaces for name in namespace.read_names}

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
        """Take up what a library call does with its paths; an unknown function may do anything with them."""
        name = event.name
        if name.startswith(_RUNS_PROGRAMS):
            self._runs_program(event)
        entry = effects.find(name)
        if entry is not None:
            self._known_call(event, entry)
        elif not effects.is_harmless(name):
            for value in (*event.args, *event.kwargs.values()):
                self.handed_on(event, value, name)
            if isinstance(event.receiver, Text):
                self.handed_on(event, event.receiver, name)

    def _known_call(self, event: CallEvent, entry: Entry) -> None:
        for argument in entry.arguments:
            given = argument_of(event, argument)
            if given is None:
                if event.starred:
                    self._unresolved(event, argument.effect, "the arguments are not known")
                continue
            effect = effect_of(event, argument)
            for option in paths_in(given):
                if not isinstance(option, Text) and not takes_only_paths(argument):
                    continue  # a table or an array where a path may stand too
                self.use(event, option, effect, self._shape(event, argument, option), event.name)
        named = [
            given
            for given in (argument_of(event, argument) for argument in entry.arguments)
            if given is not None
        ]
        for value in (*event.args, *event.kwargs.values()):
            if not any(value is given for given in named):
                self.handed_on(event, value, event.name)

    def _shape(self, event: CallEvent, argument: PathArgument, path: Value) -> Shape:
        if event.name.startswith((".", "?")) and self.trace.libraries & effects.directory_writers:
            # ``frame.to_csv(path)`` of a frame that may be distributed: such libraries write directories.
            return "either"
        if replaces_file(event, argument.effect):
            return "file"
        last = path.parts[-1] if isinstance(path, Text) and path.parts else None
        given = {
            name
            for name, value in event.kwargs.items()
            if not (isinstance(value, Const) and value.value is None)
        }
        return argument.shape_for(last if isinstance(last, str) else None, given)

    def use(self, event: Event, value: Value, effect: Effect, shape: Shape, operation: str) -> None:
        """Note that ``value`` reaches an operation, if it may be a path that concerns the job."""
        if not isinstance(value, Text):
            if not isinstance(value, Const) and not _may_be_buffer(value, operation):
                self._unresolved(event, effect, getattr(value, "reason", ""))
            return
        if is_unknown(value):
            self._unresolved(event, effect, "where the path begins is not known")
            return
        if not may_be_container_path(value):
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
                is_tested(event, value),
                is_known_file(event, value),
                event,
            )
        )

    def _unresolved(self, event: Event, effect: Effect, reason: str = "") -> None:
        if self._first("unresolved", id(event.node), effect):
            name = event.name if isinstance(event, CallEvent) else ""
            place = event.source.place(event.node)
            self.facts.unresolved.append(
                UnresolvedUse(effect, place, name, reason or "the value is not known")
            )

    def handed_on(self, event: Event, value: Value, operation: str) -> None:
        """Note the paths in ``value``, which code that is not known gets."""
        if isinstance(value, Dict) and value.role in ("environment", "environment copy"):
            self.facts.passes_environment = True
        for text in texts_in(value):
            if not _may_hold_path(text):
                continue
            if may_be_container_path(text) and not is_unknown(text):
                self.use(event, text, Effect.HANDED_ON, "either", operation)

    def _runs_program(self, event: CallEvent) -> None:
        environment = event.kwargs.get("env")
        inherits = environment is None or (isinstance(environment, Const) and environment.value is None)
        is_open = environment.is_open if isinstance(environment, Dict) else isinstance(environment, Unknown)
        words = [text.exact for value in event.args[:1] for text in texts_in(value)]
        if _HARMLESS_COMMANDS & {word for line in words if line for word in line.replace("/", " ").split()}:
            self.facts.runs_tools = True
        else:
            self.facts.runs_programs = True
            self.facts.passes_environment = self.facts.passes_environment or inherits or is_open
        for value in event.args:
            if any(isinstance(item, External) and item.name.startswith("sys.argv") for item in _flat(value)):
                self.facts.passes_arguments = True
        for text in (text for value in event.args for text in texts_in(value)):
            if any(hole.kind == "argument" for hole in text.holes):
                self.facts.passes_arguments = True
            self.handed_on(event, text, event.name)

    # -- literals, variables, names ----------------------------------------------------------------------

    def literal(self, event: PathLiteral) -> None:
        """Note a literal that looks like a container path."""
        value = event.value
        assert isinstance(value, Text)
        if event.source is not self.source or not self._first("literal", id(event.node), event.prose):
            return
        self.facts.mentions.append(
            PathMention(value, self.source.place(event.node), event.prose or is_sentence(value))
        )

    def read(self, event: EnvironmentRead) -> None:
        """Note a read of environment variables, with what the script uses instead."""
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
                name=exact,
                how=event.how,
                place=place,
                read_place=read_place,
                default_place=default_place,
                defaults=defaults,
                prefixes=prefixes,
                handled=event.handled,
                already_set=event.already_set,
                tested=event.tested,
                folds_case=event.folds_case,
                prose=event.prose,
                indirect=is_indirect(event),
                ineffective=self.harvests.why_ineffective(event),
                order=event.order,
                event=event,
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
        """Note a path that is asked for by its logical name."""
        container = event.container
        role = container.role
        if not role or (role == "variables" and not self.harvests.is_harvest(container)):
            return
        place = self.source.place(event.node) if event.source is self.source else self.place(event)
        if not self._first("lookup", role, event.key, place, event.present):
            return
        built_here = not container.is_open and event.how != "enforcer"
        chain = self._chains.get(event, [event])
        found = self.facts.variable_lookups if role == "variables" else self.facts.lookups
        found.append(
            LogicalLookup(
                {"inputs": "input", "outputs": "output"}.get(role, "variable"),
                event.key,
                event.how,
                place,
                built_here,
                any(link.present for link in chain),
                event.handled or event is not chain[0],
                event.order,
                tuple(key for key in container.entries if isinstance(key, str)),
                tuple(link.key for link in chain),
                event,
            )
        )


def _flat(value: Value) -> Iterator[Value]:
    for option in paths_in(value):
        yield option
        if isinstance(option, External):
            yield from option.args


def _may_be_buffer(value: Value, operation: str) -> bool:
    """Whether the value is an open file, a buffer or an object of a library's own, rather than a path."""
    if not isinstance(value, External) or value.name.startswith("sys."):
        return isinstance(value, External)
    return not (operation.startswith(_TAKES_PATHS_ONLY) or value.name.endswith("[]"))


def _may_hold_path(value: Text) -> bool:
    """Whether a text that begins with a variable or an argument may be a path: most of these are none."""
    first = value.parts[0] if value.parts else ""
    if not isinstance(first, Hole) or first.kind not in ("argument", "environment"):
        return True
    if len(value.parts) > 1 and isinstance(value.parts[1], str) and value.parts[1].startswith("/"):
        return True
    return _PATH_NAME.search(first.name.lower()) is not None


def _is_empty(value: Value) -> bool:
    known = constant(value)
    return known is not None and known[0] in (None, "")
