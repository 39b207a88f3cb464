"""The rules that the steps of a pipeline must satisfy together, on plain data: SMC601 to SMC604.

Both the registry and the linter use them. What is not known of a step, and a pipeline of which not every step is
known, silence what they could affect; see :mod:`contracts_runtime.specification_checks`.
"""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, List, Sequence

from contracts_runtime.compatibility import EXTERNAL_SOURCES
from contracts_runtime.offers import KnownStep, Offer, Offers, PipelineStep, Wire
from contracts_runtime.ordering import find_cycles
from contracts_runtime.problems import ERROR, WARNING, Problem, closest, listed, quoted
from contracts_runtime.ranking import best
from contracts_runtime.specification_fields import DEPENDENCIES, Dependency
from contracts_runtime.wire_checks import (
    check_pair,
    check_wire,
    nothing_to_pass_on,
    type_of,
    unknown_dependency,
)

__all__ = ["PipelineStep", "Wire", "check_pair", "check_pipeline"]

_LONGEST_CYCLE = 6


def check_pipeline(
    steps: Iterable[PipelineStep], wires: Iterable[Wire] = (), *, is_complete: bool = True
) -> list[Problem]:
    """Return what is wrong between the steps of one pipeline: SMC601 to SMC604.

    ``wires`` say which step gets what from which; dependencies that no wire names are matched by types and
    compatible sources. ``is_complete`` is false if there may be steps besides ``steps``. Each problem's ``step`` is
    the name of the consuming step, its ``key`` the dependency's logical name; ``key`` is ``None`` where a wire
    names none, and for a cycle.

    - ``unsatisfied-dependency`` (error): no other step has an output that a required dependency takes.
    - ``incompatible-source``: a wired producer is no compatible source, or has no output that fits; an error, for an
      optional dependency a warning.
    - ``ambiguous-dependency`` (warning): outputs of two other steps fit a required dependency equally well.
    - ``dependency-cycle`` (error): whichever outputs are chosen, some steps wait for each other. It is
      reported once, at the first of them.
    """
    pipeline = _Pipeline(Offers(steps), list(wires), is_complete)
    return [*pipeline.check_dependencies(), *pipeline.check_wires(), *pipeline.check_order()]


class _Pipeline:
    def __init__(self, offers: Offers, wires: Sequence[Wire], is_complete: bool) -> None:
        self._offers = offers
        self._steps = offers.steps
        self._wires = wires
        self._is_complete = is_complete and not offers.may_be_more
        self._wires_to: Dict[str, List[Wire]] = {}
        for wire in wires:
            self._wires_to.setdefault(wire.consumer, []).append(wire)

    # --- dependencies that no wire names ---

    def check_dependencies(self) -> Iterator[Problem]:
        if not self._is_complete:
            return
        for step in self._steps.values():
            wired = {wire.dependency for wire in self._wires_to.get(step.name, ())}
            for dependency in step.specification.dependencies.values():
                if dependency.required and dependency.name not in wired:
                    yield from self._check_dependency(step, dependency)

    def _check_dependency(self, step: KnownStep, dependency: Dependency) -> Iterator[Problem]:
        offers = [each for each in self._offers.candidates(dependency) if each.step is not step]
        if len(offers) > 1:
            yield from self._check_ambiguous(step, dependency, offers)
        elif not offers and not EXTERNAL_SOURCES.intersection(dependency.sources or ()):
            message, remedy = self._why_unsatisfied(step, dependency)
            yield Problem(
                rule="unsatisfied-dependency",
                severity=ERROR,
                field=DEPENDENCIES,
                key=dependency.name,
                value=None,
                message=f"the step {quoted(step.name)} requires {quoted(dependency.name)}, but {message}",
                remedy=remedy,
                expected=dependency.sources or dependency.type,
                step=step.name,
            )

    def _why_unsatisfied(self, step: KnownStep, dependency: Dependency) -> tuple[str, str]:
        sources = [each.name for each in self._offers.sources_of(dependency) if each is not step]
        if sources:
            return (
                f"none of the steps {listed(sources)} has an output of its type ({type_of(dependency)})",
                "correct the type, or register a step that has one",
            )
        if not dependency.sources:
            return "no other step is registered", "register one that provides it"
        types = {each.specification.step_type for each in self._steps.values() if each is not step}
        known = [each for each in types if each is not None]
        near = next(filter(None, (closest(each, known) for each in dependency.sources)), None)
        return (
            f"no other step of the types {listed(dependency.sources)} is registered",
            f"did you mean {near!r}?" if near else "register one, or correct compatible_sources",
        )

    def _check_ambiguous(
        self, step: KnownStep, dependency: Dependency, offers: Sequence[Offer]
    ) -> Iterator[Problem]:
        wired = {wire.producer for wire in self._wires_to.get(step.name, ()) if wire.dependency is None}
        offers = [each for each in offers if each.step.name in wired] or offers
        equal = best(dependency, offers, step.specification.step_type)
        if len({offer.step.name for offer in equal}) > 1:
            names = [str(offer) for offer in equal]
            message = (
                f"the step {quoted(step.name)} requires {quoted(dependency.name)}, and {listed(names, 2)} satisfy it"
                " equally well, so that it may get the wrong one"
            )
            yield Problem(
                rule="ambiguous-dependency",
                severity=WARNING,
                field=DEPENDENCIES,
                key=dependency.name,
                value=tuple(names),
                message=message,
                remedy=f"narrow compatible_sources, or give the right one the alias {quoted(dependency.name)}",
                step=step.name,
            )

    # --- wires ---

    def check_wires(self) -> Iterator[Problem]:
        for wire in self._wires:
            consumer, producer = self._steps.get(wire.consumer), self._steps.get(wire.producer)
            if consumer is None or producer is None:
                if self._is_complete and (consumer or producer):
                    yield self._unregistered(wire, consumer or producer)
            elif wire.dependency is None:
                yield from _check_edge(consumer, producer)
            elif wire.dependency in consumer.specification.dependencies:
                dependency = consumer.specification.dependencies[wire.dependency]
                yield from check_wire(consumer, producer, dependency, wire.output)
            elif DEPENDENCIES not in consumer.specification.is_open:
                yield unknown_dependency(consumer, wire)

    def _unregistered(self, wire: Wire, known: KnownStep | None) -> Problem:
        """Return the problem of a wire that has only one end."""
        assert known is not None
        is_producer = known.name == wire.producer
        missing = wire.consumer if is_producer else wire.producer
        near = closest(missing, self._steps)
        way = "to" if is_producer else "from"
        return Problem(
            rule="unsatisfied-dependency",
            severity=ERROR,
            field=DEPENDENCIES,
            key=None if is_producer else wire.dependency,
            value=missing,
            message=f"the step {quoted(known.name)} is wired {way} the step {quoted(missing)}, which is not registered",
            remedy=f"did you mean {near!r}?" if near else "register it, or remove the wire",
            expected=near,
            step=known.name,
        )

    # --- order ---

    def check_order(self) -> Iterator[Problem]:
        for cycle in find_cycles(self._offers, self._wires_to, self._is_complete):
            shown = [*cycle, cycle[0]]
            way = " → ".join(map(quoted, shown[:_LONGEST_CYCLE])) + (
                " → …" if len(shown) > _LONGEST_CYCLE else ""
            )
            yield Problem(
                rule="dependency-cycle",
                severity=ERROR,
                field=DEPENDENCIES,
                key=None,
                value=tuple(cycle),
                message=f"steps wait for each other in a circle, each for an output of the next: {way}",
                remedy="remove one of these dependencies",
                step=cycle[0],
            )


def _check_edge(consumer: KnownStep, producer: KnownStep) -> Iterator[Problem]:
    """Check a wire that says no dependency: some dependency must take something from the producer."""
    if DEPENDENCIES in consumer.specification.is_open or producer.may_offer_more:
        return
    for dependency in consumer.specification.dependencies.values():
        if next(check_wire(consumer, producer, dependency, None), None) is None:
            return
    yield nothing_to_pass_on(consumer, producer)
