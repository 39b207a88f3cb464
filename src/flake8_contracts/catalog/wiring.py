"""Which steps make up a pipeline, as far as a project tells.

There are three ways to tell: a registry, into which the steps of one pipeline are registered; graphs of steps, which
choose from the steps of a registry; and step interfaces whose dependencies name their sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from flake8_contracts.catalog.graphs import Graph
from flake8_contracts.catalog.model import (
    DeclaredPipeline,
    DeclaredRegistry,
    DeclaredSpecification,
    Member,
    Registration,
)


def registered_pipelines(
    registries: Iterable[DeclaredRegistry], loose: Iterable[Registration], graphs: Iterable[Graph]
) -> Iterator[DeclaredPipeline]:
    """The pipelines of registries.

    A graph of which every node is a step of exactly one registry is a pipeline of that registry; if it fits several, of
    the one that the graph's module knows. Without any graph, all steps of a registry are one pipeline. Steps that are
    registered it is not known where (``loose``) may belong to any registry.
    """
    registries, graphs = list(registries), list(graphs)
    is_open = bool(list(loose))
    members = [_members(registry) for registry in registries]
    chosen: set[int] = set()
    for graph in graphs:
        fitting = [number for number, known in enumerate(members) if graph.nodes.keys() <= known.keys()]
        if len(fitting) > 1:
            fitting = [number for number in fitting if graph.path in registries[number].known_as]
        if len(fitting) == 1:
            chosen.add(fitting[0])
            known = members[fitting[0]]
            steps = (Member(name, known[name].specification, place) for name, place in graph.nodes.items())
            wires = [
                wire
                for wire in registries[fitting[0]].wires
                if {wire.producer, wire.consumer} <= graph.nodes.keys()
            ]
            yield DeclaredPipeline(tuple(steps), (*graph.edges, *wires))
    for number, registry in enumerate(registries):
        if number not in chosen:
            yield DeclaredPipeline(
                tuple(members[number].values()),
                registry.wires,
                is_complete=not registry.is_open
                and not is_open
                and len(members[number]) == len(registry.registrations),
                is_alternative=not all(each.is_certain for each in registry.registrations),
            )


def _members(registry: DeclaredRegistry) -> dict[str, Member]:
    """The steps that are known, by name. Of two with one name nothing is known."""
    found: dict[str, Member] = {}
    twice: set[str] = set()
    for each in registry.registrations:
        name = each.step_name.value
        if name is None or each.specification is None:
            continue
        if name in found:
            twice.add(name)
        found[name] = Member(name, each.specification, each.step_name.place)
    return {name: member for name, member in found.items() if name not in twice}


def pipeline_of_step_files(specifications: Iterable[DeclaredSpecification]) -> DeclaredPipeline | None:
    """What the step interfaces of one project say about each other.

    A folder of step interfaces is a stock from which pipelines are made, so that nothing follows from a step that is
    not there. Only a dependency whose sources are all there is kept: whatever pipeline it is in, it gets its value from
    one of them.
    """
    declared = [each for each in specifications if each.step_type is not None and each.step_type.value]
    types = {str(each.step_type.value) for each in declared if each.step_type is not None}
    if len(types) != len(declared):
        return None  # the same type twice: it is not known which one is meant
    members = tuple(
        Member(str(each.step_type.value), _with_wired_dependencies(each, types), each.place)
        for each in declared
        if each.step_type is not None
    )
    return DeclaredPipeline(members, is_alternative=True) if members else None


def _with_wired_dependencies(declared: DeclaredSpecification, types: set[str]) -> DeclaredSpecification:
    wired = {
        name: port
        for name, port in declared.dependencies.items()
        if _are_known(port.raw.get("compatible_sources"), types)
    }
    raw = {**declared.raw, "dependencies": {name: port.raw for name, port in wired.items()}}
    return replace(declared, dependencies=wired, raw=raw)


def _are_known(sources: object, types: set[str]) -> bool:
    return (
        isinstance(sources, list)
        and bool(sources)
        and all(isinstance(source, str) and source in types for source in sources)
    )
