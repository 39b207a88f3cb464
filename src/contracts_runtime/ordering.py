"""Whether the steps of a pipeline can run in some order, and which wait for each other if they cannot."""

from __future__ import annotations

from typing import Dict, List, Mapping, Sequence, Set, Tuple

from contracts_runtime.compatibility import EXTERNAL_SOURCES
from contracts_runtime.offers import KnownStep, Offers, Wire


def find_cycles(offers: Offers, wires_to: Mapping[str, Sequence[Wire]], is_complete: bool) -> List[List[str]]:
    """Return circles of steps of which each needs an output of the next, whichever candidates are chosen.

    A required dependency that no wire names is met as soon as one of its candidates has run; where nothing can
    meet it, it holds nobody up. Steps that only wait for a circle are not part of it. Takes time linear in
    the number of steps and candidates.
    """
    needs = {
        step.name: _needs(step, offers, wires_to.get(step.name, ()), is_complete)
        for step in offers.steps.values()
    }
    waiting = _waiting(needs)
    return _circles({name: needs[name] for name in needs if name in waiting}, waiting)


# The steps of which one is needed: a need that several dependencies share is the same object.
_Need = Tuple[str, ...]


def _needs(step: KnownStep, offers: Offers, wires: Sequence[Wire], is_complete: bool) -> List[_Need]:
    needs: List[_Need] = [(wire.producer,) for wire in wires if wire.producer in offers.steps]
    if not is_complete:
        return needs
    wired = {wire.dependency for wire in wires}
    for dependency in step.specification.dependencies.values():
        is_external = EXTERNAL_SOURCES.intersection(dependency.sources or ())
        if dependency.required and dependency.name not in wired and not is_external:
            producers = offers.producers(dependency)
            if producers and producers != (step.name,):
                needs.append(producers)
    return needs


def _waiting(needs: Mapping[str, Sequence[_Need]]) -> Set[str]:
    """Return the steps that can never run."""
    missing: Dict[str, int] = {}
    dependants: Dict[_Need, List[str]] = {}
    for name, each in needs.items():
        missing[name] = len(each)
        for need in each:
            dependants.setdefault(need, []).append(name)
    met_by: Dict[str, List[_Need]] = {}
    for need in dependants:
        for producer in need:
            met_by.setdefault(producer, []).append(need)
    ready = [name for name, number in missing.items() if not number]
    met: Set[_Need] = set()
    while ready:
        for need in met_by.get(ready.pop(), ()):
            if need in met:
                continue
            met.add(need)
            for name in dependants[need]:
                missing[name] -= 1
                if not missing[name]:
                    ready.append(name)
    return {name for name, number in missing.items() if number}


def _circles(needs: Mapping[str, Sequence[_Need]], waiting: Set[str]) -> List[List[str]]:
    """Follow from each waiting step one need that is never met, until a step comes again."""
    after: Dict[str, str] = {}
    for name, each in needs.items():
        unmet = next(need for need in each if waiting.issuperset(need))
        after[name] = next((producer for producer in unmet if producer != name), name)
    circles: List[List[str]] = []
    seen: Set[str] = set()
    order = {name: position for position, name in enumerate(needs)}
    for start in needs:
        way: List[str] = []
        name = start
        while name not in seen:
            seen.add(name)
            way.append(name)
            name = after[name]
        if name in way:
            circle = way[way.index(name) :]
            first = circle.index(min(circle, key=order.__getitem__))
            circles.append(circle[first:] + circle[:first])
    return circles
