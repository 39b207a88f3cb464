"""Dictionaries into which a script copies environment variables, and values that reach nothing."""

from __future__ import annotations

from functools import cached_property

import libcst as cst

from flake8_contracts.flow.events import EnvironmentRead, Trace
from flake8_contracts.flow.names import walk
from flake8_contracts.flow.objects import Dict
from flake8_contracts.syntax.source import SourceModule


def is_indirect(event: EnvironmentRead) -> bool:
    """Whether the variable is looked up in a dictionary whose making is not known."""
    origin = event.origin
    return origin is not None and origin.role == "environment copy" and bool(origin.name)


class Harvests:
    """Tells which environment reads have no effect."""

    def __init__(self, source: SourceModule, trace: Trace) -> None:
        self.source = source
        self._sinks: dict[int, list[tuple[Dict, str]]] = {}
        for owner in trace.harvests:
            for key, reads in owner.reads.items():
                for read in reads:
                    self._sinks.setdefault(id(read), []).append((owner, str(key)))

    def why_ineffective(self, event: EnvironmentRead) -> str:
        """Why the value of a read reaches nothing; empty if it does, or may."""
        if event.how in ("in", "scan", "enforcer") or event.reused or event.source is not self.source:
            return ""
        sinks = self._sinks.get(id(event))
        if sinks:
            if all(_is_lost(owner, key) for owner, key in sinks):
                return f"nobody looks up {sinks[0][1]!r} in the dictionary that it is copied into"
            return ""
        if event.bound_to and event.bound_to in self._unused_names:
            return f"nobody uses the name {event.bound_to!r}"
        return ""

    @cached_property
    def _unused_names(self) -> set[str]:
        """Names that the script assigns and never uses in any other way."""
        assigned: dict[str, int] = {}
        seen: dict[str, int] = {}
        for node in walk(self.source.tree):
            if isinstance(node, cst.Name):
                seen[node.value] = seen.get(node.value, 0) + 1
            elif isinstance(node, cst.AssignTarget) and isinstance(node.target, cst.Name):
                assigned[node.target.value] = assigned.get(node.target.value, 0) + 1
        return {name for name, count in assigned.items() if seen.get(name, 0) == count}


def _is_lost(owner: Dict, key: str) -> bool:
    return (
        owner.role == "variables"
        and not owner.is_open
        and not owner.read_whole
        and key not in owner.read_keys
    )
