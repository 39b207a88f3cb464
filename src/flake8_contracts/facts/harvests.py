"""Dictionaries into which a script copies environment variables, and values that reach nothing."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

import libcst as cst

from flake8_contracts.flow.events import EnvironmentRead, Trace
from flake8_contracts.flow.names import uses_of_names
from flake8_contracts.flow.objects import Dict, Frame
from flake8_contracts.flow.values import Text
from flake8_contracts.syntax.source import SourceModule


def is_indirect(event: EnvironmentRead) -> bool:
    """Whether the variable is looked up in a dictionary whose making is not known."""
    origin = event.origin
    return origin is not None and origin.role == "environment copy" and bool(origin.name)


class Harvests:
    """Tells which environment reads have no effect."""

    def __init__(self, source: SourceModule, trace: Trace) -> None:
        self.source = source
        self._trace = trace
        #: How often a function uses each name.
        self._uses: dict[cst.CSTNode, Counter[str]] = {}
        #: The same for the module's statements, all that were looked at so far; and the others.
        self._uses_in_module: Counter[str] = Counter()
        self._statements = iter(source.body)
        self._sinks: dict[int, list[tuple[Dict, str]]] = {}
        for owner in trace.harvests:
            for key, reads in owner.reads.items():
                for read in reads:
                    self._sinks.setdefault(id(read), []).append((owner, str(key)))

    def is_harvest(self, container: Dict) -> bool:
        """Whether the dictionary holds values of environment variables, put in directly or through names."""
        return bool(container.reads) or not self._names.isdisjoint(container.entries)

    @cached_property
    def _names(self) -> frozenset[object]:
        """The variables that the program reads."""
        reads = (event.name for event in self._trace.events if isinstance(event, EnvironmentRead))
        return frozenset(name.exact for name in reads if isinstance(name, Text) and name.exact)

    def why_ineffective(self, event: EnvironmentRead) -> str:
        """Why the value of a read reaches nothing; empty if it does, or may."""
        if event.how in ("in", "scan", "enforcer") or event.reused or event.source is not self.source:
            return ""
        sinks = self._sinks.get(id(event))
        if sinks:
            if all(_is_lost(owner, key) for owner, key in sinks):
                return f"nobody looks up {sinks[0][1]!r} in the dictionary that it is copied into"
            return ""
        if event.bound_to and not self._is_used(event.bound_to, event.frame):
            return f"nobody uses the name {event.bound_to!r}"
        return ""

    def _is_used(self, name: str, frame: Frame) -> bool:
        """Whether the script uses the name in any other way than assigning it."""
        # Nearly always the function itself uses the name: the rest of the script is seldom looked at.
        function = frame.function.node if frame.function is not None else None
        is_assigned = False
        if function is not None:
            uses = self._uses.get(function)
            if uses is None:
                uses = self._uses[function] = uses_of_names(function)
            if uses[name]:
                return True
            is_assigned = name in uses
        uses = self._uses_in_module
        while not uses[name]:
            statement = next(self._statements, None)
            if statement is None:
                return not (is_assigned or name in uses)
            for used, number in uses_of_names(statement).items():
                uses[used] += number
        return True


def _is_lost(owner: Dict, key: str) -> bool:
    return (
        owner.role == "variables"
        and not owner.is_open
        and not owner.read_whole
        and key not in owner.read_keys
    )
