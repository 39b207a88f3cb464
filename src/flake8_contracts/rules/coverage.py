"""How a path of a script relates to the directories that its contracts declare."""

from __future__ import annotations

import difflib
import posixpath
from bisect import bisect_left
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from contracts_runtime.platform_facts import is_platform_path
from flake8_contracts.catalog.model import DeclaredContract, Entry
from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.facts.model import PathUse
from flake8_contracts.flow.values import Hole, Part, Text
from flake8_contracts.rules.arguments import accepts
from flake8_contracts.rules.base import ScriptCase

CONTAINER_ROOT = "/opt/ml"


class Relation(Enum):
    """Where a path stands as seen from a directory."""

    EQUAL = "equal"
    INSIDE = "inside"
    ANCESTOR = "ancestor"
    #: An unknown part decides.
    MAYBE = "maybe"
    OUTSIDE = "outside"


class Declared(NamedTuple):
    """A declared directory. ``direction`` is ``input`` or ``output``."""

    contract: DeclaredContract
    direction: str
    name: str
    entry: Entry
    path: str


def declared_in(contract: DeclaredContract) -> list[Declared]:
    """The directories that a contract declares."""
    return [
        Declared(contract, direction, name, entry, posixpath.normpath(entry.value))
        for direction, entries in (("input", contract.inputs), ("output", contract.outputs))
        for name, entry in entries.items()
        if entry.value and entry.value.startswith("/")
    ]


def relation(parts: tuple[Part, ...], directory: str) -> Relation:
    """How the path made of ``parts`` relates to ``directory`` (normalised)."""
    first = parts[0] if parts else ""
    if isinstance(first, Hole):
        return Relation.MAYBE
    if len(parts) == 1:
        path = posixpath.normpath(first)
        if path == directory:
            return Relation.EQUAL
        if path.startswith(directory + "/"):
            return Relation.INSIDE
        return Relation.ANCESTOR if directory.startswith(path.rstrip("/") + "/") else Relation.OUTSIDE
    known = _normal_prefix(first)
    if known.startswith(directory + "/"):
        return Relation.INSIDE
    if directory.startswith(known) or known == directory:
        return Relation.MAYBE
    return Relation.OUTSIDE


def _normal_prefix(prefix: str) -> str:
    """The known beginning of a path with its complete components normalised; ``/a/b{…}`` stays ``/a/b``."""
    folder, _, rest = prefix.rpartition("/")
    return posixpath.normpath(folder or "/").rstrip("/") + "/" + rest


def is_container_path(value: Text) -> bool:
    """Whether the path certainly lies at or below ``/opt/ml``."""
    prefix = value.prefix
    return (prefix == CONTAINER_ROOT and len(value.parts) == 1) or prefix.startswith(CONTAINER_ROOT + "/")


def resolved(value: Text, contract: DeclaredContract) -> tuple[Part, ...] | None:
    """The path with the contract's own value in place of a logical name or an argument; ``None`` when it has none."""
    first = value.parts[0] if value.parts else ""
    if not isinstance(first, Hole) or not first.name:
        return value.parts
    entry = _entry(first, contract)
    if entry is None or entry.value is None:
        return None
    rest = value.parts[1:]
    if rest and isinstance(rest[0], str):
        return (entry.value + rest[0], *rest[1:])
    return (entry.value, *rest)


def _entry(hole: Hole, contract: DeclaredContract) -> Entry | None:
    """What the contract puts where the hole is."""
    if hole.kind == "input":
        return contract.inputs.get(hole.name)
    if hole.kind == "output":
        return contract.outputs.get(hole.name)
    if hole.kind == "argument" and hole.ref is not None:
        return next((entry for key, entry in contract.arguments.items() if accepts(hole.ref, key)), None)
    return None


def _may_be_given(hole: Hole, contract: DeclaredContract) -> bool:
    """Whether a job with this contract may give the argument or variable any value at all."""
    if hole.kind == "argument":
        if "expected_arguments" in contract.unresolved or hole.ref is None:
            return True
        return hole.ref.required or hole.ref.default is None or _entry(hole, contract) is not None
    if hole.kind == "environment":
        fields = {"required_env_vars", "optional_env_vars"}
        return contract.declares_variable(hole.name) or bool(fields & contract.unresolved)
    return False


def relations(value: Text, contract: DeclaredContract) -> Iterator[tuple[Declared, Relation]]:
    """How a path relates to every directory of a contract."""
    first = value.parts[0] if value.parts else ""
    if isinstance(first, Hole) and first.kind in ("input", "output") and not first.name:
        # Some logical name of this direction: any of them.
        for declared in declared_in(contract):
            if declared.direction == first.kind:
                yield declared, Relation.MAYBE
        return
    parts = resolved(value, contract)
    if parts is None:
        if isinstance(first, Hole) and _may_be_given(first, contract):
            # Whatever the job passes: any directory.
            for declared in declared_in(contract):
                yield declared, Relation.MAYBE
        return
    for declared in declared_in(contract):
        yield declared, relation(parts, declared.path)


class Verdict(Enum):
    """What can be said of a path under all contracts of a script."""

    UNDECLARED = "undeclared"
    #: Declared, a base directory, a platform path, or a path that cannot be told.
    FINE = "fine"
    #: Not a container path at all.
    ELSEWHERE = "elsewhere"


def verdict(value: Text, case: ScriptCase) -> Verdict:
    """Whether some contract of the script declares the path. Undeclared only if no contract may cover it."""
    if value.parts and isinstance(value.parts[0], Hole):
        return Verdict.FINE
    if not is_container_path(value):
        return Verdict.ELSEWHERE
    if case.unresolved("expected_input_paths", "expected_output_paths"):
        return Verdict.FINE
    for contract in case.contracts:
        if is_platform(value, contract.kind):
            return Verdict.FINE
        if any(how is not Relation.OUTSIDE for _, how in relations(value, contract)):
            return Verdict.FINE
    return Verdict.UNDECLARED


def is_platform(value: Text, kind: str) -> bool:
    """Whether SageMaker itself provides the path."""
    prefix = value.prefix
    if len(value.parts) > 1:
        prefix = prefix.rpartition("/")[0] or "/"
    path = posixpath.normpath(prefix)
    return path == CONTAINER_ROOT or is_platform_path(path, kind)


def derivation(value: Text) -> list[Text]:
    """The texts from which ``value`` was made, the first one first."""
    steps: list[Text] = []
    current: Text | None = value
    while current is not None and len(steps) < 50:
        steps.append(current)
        current = current.base
    return steps[::-1]


def uses_of(case: ScriptCase, contract: DeclaredContract) -> list[tuple[PathUse, Declared, Relation]]:
    """Every use of a path that touches, or may touch, a directory of ``contract``."""
    key = f"uses:{id(contract)}"
    known: list[tuple[PathUse, Declared, Relation]] | None = case.shared.get(key)
    if known is None:
        known = [
            (use, declared, how)
            for use in case.facts.paths
            for declared, how in relations(use.value, contract)
            if how is not Relation.OUTSIDE
        ]
        case.shared[key] = known
    return known


def uses_below(directory: str, case: ScriptCase) -> list[PathUse]:
    """The uses of paths that certainly are, or lie in, the directory (normalised), in the order of their paths."""
    known: list[tuple[str, int]] | None = case.shared.get("ordered")
    if known is None:
        starts = ((use.value.parts, number) for number, use in enumerate(case.facts.paths))
        known = case.shared["ordered"] = sorted(
            (posixpath.normpath(parts[0]) + "/" if len(parts) == 1 else _normal_prefix(parts[0]), number)
            for parts, number in starts
            if parts and isinstance(parts[0], str)
        )
    first = bisect_left(known, (directory + "/",))
    last = bisect_left(known, (directory + chr(ord("/") + 1),))
    return [case.facts.paths[number] for _, number in known[first:last]]


def closest(path: str, case: ScriptCase) -> Declared | None:
    """The declared directory whose spelling is nearest, if one is near."""
    candidates = {
        declared.path: declared for contract in case.contracts for declared in declared_in(contract)
    }
    heads = [path]
    while "/" in path.strip("/") and path.count("/") > 3:
        path = path.rpartition("/")[0]
        heads.append(path)
    scored = [(_likeness(head, candidate), candidate) for head in heads for candidate in candidates]
    score, best = max(scored, default=(0.0, ""))
    return candidates[best] if score >= 0.75 else None


def _likeness(path: str, other: str) -> float:
    """How alike two paths are, from 0 to 1, where they differ: most of them begin alike."""
    mine, theirs = path.lower().split("/"), other.lower().split("/")
    while mine and theirs and mine[0] == theirs[0]:
        del mine[0], theirs[0]
    while mine and theirs and mine[-1] == theirs[-1]:
        del mine[-1], theirs[-1]
    if not mine or not theirs:
        # A component too many or too few in the middle; at the end, it is another directory.
        inside = path.rpartition("/")[2].lower() == other.rpartition("/")[2].lower()
        return 0.9 if len(mine) + len(theirs) == 1 and inside else float(not mine and not theirs)
    return difflib.SequenceMatcher(None, "/".join(mine), "/".join(theirs)).ratio()


WRITING = frozenset({Effect.WRITE, Effect.EXTRACT})
#: Effects that may write: what is handed on may be written by whoever gets it.
MAY_WRITE = WRITING | {Effect.HANDED_ON}


def innermost(found: list[tuple[Declared, Relation]]) -> tuple[Declared, Relation] | None:
    """The most specific declared directory that certainly covers a path."""
    sure = [pair for pair in found if pair[1] in (Relation.EQUAL, Relation.INSIDE)]
    return max(sure, key=lambda pair: len(pair[0].path)) if sure else None


def certainly_below(value: Text, case: ScriptCase, direction: str) -> Declared | None:
    """The input or output (``direction``) at or below which the path certainly lies under every contract.

    It is the first contract's; ``None`` when some contract says otherwise, or nothing.
    """
    first: Declared | None = None
    for contract in case.contracts:
        found = innermost(list(relations(value, contract)))
        if found is None or found[0].direction != direction:
            return None
        first = first or found[0]
    return first
