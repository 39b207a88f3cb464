"""The rules that the steps of a pipeline must satisfy together, on plain data: SMC601 to SMC604.

Both the registry and the linter use them. What is not known of a step, and a pipeline of which not every step is
known, silence what they could affect; see :mod:`contracts_runtime.specification_checks`.
"""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, List, Sequence

from contracts_runtime.compatibility import EXTERNAL_SOURCES
from contracts_runtime.offers import KnownStep, Offer, Offers, PipelineStep, Wire, may_provide, satisfies
from contracts_runtime.ordering import find_cycles
from contracts_runtime.problems import ERROR, WARNING, Problem, closest, listed, quoted
from contracts_runtime.ranking import rank
from contracts_runtime.specification_fields import DEPENDENCIES, Dependency

__all__ = ["PipelineStep", "Wire", "check_pipeline"]


def check_pipeline(
    steps: Iterable[PipelineStep], wires: Iterable[Wire] = (), *, is_complete: bool = True
) -> list[Problem]:
    """Return what is wrong between the steps of one pipeline: SMC601 to SMC604.

    ``wires`` say which step gets what from which; dependencies that no wire names are matched by types and
    compatible sources. ``is_complete`` is false if there may be steps besides ``steps``. Each problem's ``step`` is
    the name of the consuming step, its ``key`` the dependency's logical name; ``key`` is ``None`` where a wire
    names none, and for a cycle.

    - ``unsatisfied-dependency`` (error): no other step has an output that a required dependency takes.
    - ``incompatible-source`` (error): a wired producer is no compatible source, or has no output that fits.
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
            for dependency in self._unwired(step):
                offers = [each for each in self._offers.candidates(dependency) if each.step is not step]
                if not offers:
                    if not EXTERNAL_SOURCES.intersection(dependency.sources or ()):
                        yield self._unsatisfied(step, dependency)
                elif len(offers) > 1:
                    yield from self._check_ambiguous(step, dependency, offers)

    def _unwired(self, step: KnownStep) -> Iterator[Dependency]:
        """Yield the required dependencies that no wire names."""
        wired = {wire.dependency for wire in self._wires_to.get(step.name, ())}
        for dependency in step.specification.dependencies.values():
            if dependency.required and dependency.name not in wired:
                yield dependency

    def _unsatisfied(self, step: KnownStep, dependency: Dependency) -> Problem:
        sources = [each for each in self._offers.sources_of(dependency) if each is not step]
        what = f"the step {quoted(step.name)} requires {quoted(dependency.name)}"
        known = {each.specification.step_type: each.name for each in self._steps.values() if each is not step}
        if sources:
            found = listed([each.name for each in sources])
            message = f"{what} ({_type_of(dependency)}), but no output of its sources {found} has that type"
            remedy = "correct the type, or add the output"
        else:
            wanted = listed(dependency.sources or ())
            message = f"{what}, but no other registered step is one of its compatible sources {wanted}"
            types = [each for each in known if each is not None]
            near = next(filter(None, (closest(each, types) for each in dependency.sources or ())), None)
            remedy = f"did you mean {near!r}?" if near else "register one, or correct compatible_sources"
            if not dependency.sources:
                message = f"{what}, but there is no other registered step"
                remedy = "register one that provides it"
        return _problem("unsatisfied-dependency", ERROR, step, dependency.name, None, message, remedy)

    def _check_ambiguous(
        self, step: KnownStep, dependency: Dependency, offers: Sequence[Offer]
    ) -> Iterator[Problem]:
        wired = {wire.producer for wire in self._wires_to.get(step.name, ()) if wire.dependency is None}
        offers = [each for each in offers if each.step.name in wired] or offers
        best = rank(dependency, offers, step.specification.step_type)
        equal = [each.offer for each in best if each.score == best[0].score]
        if len({offer.step.name for offer in equal}) > 1:
            names = listed([str(offer) for offer in equal])
            message = (
                f"the step {quoted(step.name)} requires {quoted(dependency.name)}, and {names} satisfy it equally"
                " well, so that it may get the wrong one"
            )
            remedy = "narrow compatible_sources, or give one output that name as an alias"
            yield _problem("ambiguous-dependency", WARNING, step, dependency.name, None, message, remedy)

    # --- wires ---

    def check_wires(self) -> Iterator[Problem]:
        for wire in self._wires:
            consumer, producer = self._steps.get(wire.consumer), self._steps.get(wire.producer)
            if consumer is None:
                continue
            if producer is None:
                if self._is_complete:
                    yield self._unknown_producer(consumer, wire)
            elif wire.dependency is None:
                yield from self._check_edge(consumer, producer)
            elif wire.dependency in consumer.specification.dependencies:
                dependency = consumer.specification.dependencies[wire.dependency]
                yield from _check_wire(consumer, producer, dependency, wire.output)
            elif DEPENDENCIES not in consumer.specification.is_open:
                yield _unknown_dependency(consumer, wire)

    def _unknown_producer(self, consumer: KnownStep, wire: Wire) -> Problem:
        near = closest(wire.producer, self._steps)
        message = (
            f"the step {quoted(consumer.name)} is wired to the step {quoted(wire.producer)}, which is not"
            " registered"
        )
        remedy = f"did you mean {near!r}?" if near else "register it"
        return _problem(
            "unsatisfied-dependency", ERROR, consumer, wire.dependency, wire.producer, message, remedy, near
        )

    def _check_edge(self, consumer: KnownStep, producer: KnownStep) -> Iterator[Problem]:
        """Check a wire that says no dependency: some dependency must take something from the producer."""
        known = consumer.specification
        if DEPENDENCIES in known.is_open or producer.may_offer_more:
            return
        for dependency in known.dependencies.values():
            if next(_check_wire(consumer, producer, dependency, None), None) is None:
                return
        sources = sorted({each for one in known.dependencies.values() for each in one.sources or ()})
        message = (
            f"the step {quoted(consumer.name)} is wired to {quoted(producer.name)}, of the type"
            f" {quoted(producer.specification.step_type)}, but no dependency of it takes an output of that step"
        )
        remedy = "add the type to compatible_sources, or remove the wire"
        yield _problem(
            "incompatible-source", ERROR, consumer, None, producer.name, message, remedy, sources or None
        )

    # --- order ---

    def check_order(self) -> Iterator[Problem]:
        for cycle in find_cycles(self._offers, self._wires_to, self._is_complete):
            first = cycle[0]
            way = " → ".join(quoted(name) for name in [*cycle, first][:_LONGEST_CYCLE])
            more = " → …" if len(cycle) >= _LONGEST_CYCLE else ""
            message = f"steps wait for each other in a circle: {way}{more} (each needs an output of the next)"
            yield _problem(
                "dependency-cycle",
                ERROR,
                self._steps[first],
                None,
                cycle,
                message,
                "remove one of the dependencies",
            )


_LONGEST_CYCLE = 6


def _check_wire(
    consumer: KnownStep, producer: KnownStep, dependency: Dependency, output_name: str | None
) -> Iterator[Problem]:
    what = f"the step {quoted(consumer.name)} gets {quoted(dependency.name)} from {quoted(producer.name)}"
    if not may_provide(dependency, producer):
        step_type = producer.specification.step_type
        message = f"{what}, of the type {quoted(step_type)}, which is none of its compatible sources"
        message += f" {listed(dependency.sources or ())}"
        remedy = f"add {quoted(step_type)} to compatible_sources, or wire another step"
        yield _problem(
            "incompatible-source",
            ERROR,
            consumer,
            dependency.name,
            step_type,
            message,
            remedy,
            dependency.sources,
            "compatible_sources",
        )
        return
    outputs = list(producer.specification.outputs.values())
    if output_name is not None:
        outputs = [each for each in outputs if each.name == output_name] or [
            each for each in outputs if each.aliases is None or output_name in each.aliases
        ]
    if any(satisfies(dependency, output) for output in outputs) or producer.may_offer_more:
        return
    if not outputs:
        missing = f"output {quoted(output_name)}" if output_name is not None else "output"
        names = [name for each in producer.specification.outputs.values() for name in each.names]
        near = closest(output_name, names) if output_name is not None else None
        remedy = f"did you mean {near!r}?" if near else f"its outputs are {listed(names) or 'none'}"
        message = f"{what}, which has no {missing}"
        yield _problem(
            "incompatible-source", ERROR, consumer, dependency.name, output_name, message, remedy, near
        )
        return
    found = listed([f"{each.name}: {each.type}, {each.data_type}" for each in outputs])
    message = f"{what}, but it takes {_type_of(dependency)}, and the output is {found}"
    yield _problem(
        "incompatible-source",
        ERROR,
        consumer,
        dependency.name,
        outputs[0].type,
        message,
        "correct one of the types, or wire another output",
        dependency.type,
        "dependency_type",
    )


def _unknown_dependency(consumer: KnownStep, wire: Wire) -> Problem:
    names = consumer.specification.dependencies
    near = closest(wire.dependency or "", names)
    message = (
        f"the step {quoted(consumer.name)} is given {quoted(wire.dependency)} from {quoted(wire.producer)},"
        " but has no dependency of that name"
    )
    remedy = f"did you mean {near!r}?" if near else f"its dependencies are {listed(names) or 'none'}"
    return _problem("incompatible-source", ERROR, consumer, None, wire.dependency, message, remedy, near)


def _type_of(dependency: Dependency) -> str:
    return f"{dependency.type or 'any type'}, {dependency.data_type or 'any data type'}"


def _problem(  # noqa: PLR0913, PLR0917 - the fields of a problem
    rule: str,
    severity: str,
    step: KnownStep,
    key: str | None,
    value: object,
    message: str,
    remedy: str,
    expected: object = None,
    part: str | None = None,
) -> Problem:
    return Problem(rule, severity, DEPENDENCIES, key, value, message, remedy, expected, part, step.name)
