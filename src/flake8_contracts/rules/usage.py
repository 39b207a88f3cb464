"""Whether a script uses what its contracts declare. Doubt counts as use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flake8_contracts.catalog.model import DeclaredContract
from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.flow.values import Hole, Part
from flake8_contracts.rules.base import ScriptCase
from flake8_contracts.rules.coverage import (
    MAY_WRITE,
    Declared,
    Relation,
    declared_in,
    relations,
    uses_of,
)

#: How a literal lies that names a directory; where an unknown part decides, a message names nothing.
_NAMING = (Relation.EQUAL, Relation.INSIDE, Relation.MAYBE)
#: A directory above the declared one is used by listing or walking it, or by handing it on.
_FROM_ABOVE = frozenset({Effect.LIST, Effect.HANDED_ON, Effect.EXTRACT, Effect.WRITE, Effect.READ})


def unused_everywhere(
    case: ScriptCase, direction: str, is_used: Callable[[Declared], bool]
) -> Iterator[Declared]:
    """The inputs or outputs that are unused under every contract that declares them."""
    if not case.contracts or case.facts.incomplete or case.facts.cut_short or case.facts.runs_programs:
        return
    verdicts: dict[str, tuple[bool, Declared]] = {}
    for contract in case.contracts:
        for declared in declared_in(contract):
            if declared.direction == direction:
                used, first = verdicts.get(declared.name, (False, declared))
                verdicts[declared.name] = (used or is_used(declared), first)
    for used, declared in verdicts.values():
        if not used and not case.runs_lost_modules:
            yield declared


def is_touched(case: ScriptCase, declared: Declared, effects: frozenset[Effect] | None = None) -> bool:
    """Whether some operation reaches the directory, in one of these ways."""
    for use, reached, how in uses_of(case, declared.contract):
        if not _is_same(reached, declared):
            continue
        counted = effects
        if how is Relation.ANCESTOR:
            counted = _FROM_ABOVE if effects is None else _FROM_ABOVE & (effects | {Effect.HANDED_ON})
        if counted is None or use.effect in counted:
            return True
    return False


def _is_same(one: Declared, other: Declared) -> bool:
    return one.direction == other.direction and one.name == other.name


def is_asked_for(case: ScriptCase, declared: Declared) -> bool:
    """Whether the script asks for the path by its logical name."""
    return any(
        lookup.direction == declared.direction and lookup.name == declared.name
        for lookup in case.facts.lookups
    )


def is_mentioned(case: ScriptCase, declared: Declared) -> bool:
    """Whether a literal in the script is the directory's path, or lies below it."""
    is_named = (declared.direction, declared.name) in _mentioned(case, declared.contract)
    return is_named or may_be_any(case, declared.direction)


def _mentioned(case: ScriptCase, contract: DeclaredContract) -> set[tuple[str, str]]:
    """The directories of a contract that literals in the script name, by direction and name."""
    key = f"mentioned {id(contract)}"
    known: set[tuple[str, str]] | None = case.shared.get(key)
    if known is None:
        known = case.shared[key] = {
            (reached.direction, reached.name)
            for mention in case.facts.mentions
            for reached, how in relations(mention.value, contract)
            if how in (_NAMING[:2] if mention.prose else _NAMING)
        }
    return known


def may_be_any(case: ScriptCase, direction: str) -> bool:
    """Whether the script handles all paths of this direction at once (``for name in
    contract.expected_input_paths``)."""
    return any(
        isinstance(use.value.parts[0], Hole)
        and use.value.parts[0].kind == direction
        and not use.value.parts[0].name
        for use in case.facts.paths
        if use.value.parts and (direction == "input" or use.effect in MAY_WRITE)
    )


def has_unknown_use(case: ScriptCase) -> bool:
    """Whether something is read, listed or handed on at a path that cannot be told."""
    effects = (Effect.READ, Effect.LIST, Effect.HANDED_ON)
    return any(use.effect in effects for use in case.facts.unresolved)


def has_unknown_write(case: ScriptCase) -> bool:
    """Whether something is written, or handed on, at a path that cannot be told."""
    return any(use.effect in MAY_WRITE for use in case.facts.unresolved)


def is_marker(parts: tuple[Part, ...]) -> bool:
    """Whether a file is a lock, a marker or hidden by its name: nobody wants it mounted or uploaded."""
    name = parts[-1].rpartition("/")[2] if parts and isinstance(parts[-1], str) else ""
    if name.startswith(".") or name.endswith((".lock", ".tmp", ".marker")):
        return True
    return len(parts) > 1 and "/." in str(parts[0])[-20:]  # a hidden file with a computed name
