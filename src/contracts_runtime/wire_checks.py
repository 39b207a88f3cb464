"""Whether one step can give another what it depends on."""

from __future__ import annotations

from typing import Iterator, List, Sequence

from contracts_runtime.offers import KnownStep, Offer, PipelineStep, Wire, known_step, may_provide, satisfies
from contracts_runtime.problems import ERROR, WARNING, Problem, closest, listed, quoted
from contracts_runtime.ranking import best
from contracts_runtime.specification_fields import DEPENDENCIES, Dependency, Output

_INCOMPATIBLE = "incompatible-source"
_AMBIGUOUS = "ambiguous-dependency"


def check_pair(producer: PipelineStep, consumer: PipelineStep) -> list[Problem]:
    """Return everything that keeps ``consumer`` from getting what it depends on from ``producer``.

    A dependency that names the producer's step type among its compatible sources, or is called like one of its
    outputs, must find an output of its type there: ``incompatible-source``, an error for a required dependency and a
    warning for an optional one. If nothing at all can be passed on, every dependency that refuses the producer is
    reported. ``ambiguous-dependency`` (a warning): two outputs fit equally well.
    """
    giver, taker = known_step(producer), known_step(consumer)
    outputs = list(giver.specification.outputs.values())
    problems: List[Problem] = []
    refused: List[Problem] = []
    is_fed = giver.may_offer_more or DEPENDENCIES in taker.specification.is_open
    for dependency in taker.specification.dependencies.values():
        fitting = [output for output in outputs if satisfies(dependency, output)]
        is_named = any(dependency.name in output.names for output in outputs)
        if not may_provide(dependency, giver):
            if fitting or is_named:
                refused.append(_no_source(taker, giver, dependency))
        elif fitting:
            is_fed = True
            problems += _check_ambiguous(taker, giver, dependency, fitting)
        elif (dependency.sources or is_named) and not giver.may_offer_more:
            problems.append(_no_fitting_output(taker, giver, dependency, outputs))
    if is_fed or problems:
        return problems
    return refused or [nothing_to_pass_on(taker, giver)]


def check_wire(
    consumer: KnownStep, producer: KnownStep, dependency: Dependency, output_name: str | None
) -> Iterator[Problem]:
    """Yield what keeps the consumer's dependency from being met by the producer, by this output if it has a name."""
    if not may_provide(dependency, producer):
        yield _no_source(consumer, producer, dependency)
    outputs = list(producer.specification.outputs.values())
    if output_name is not None:
        named = [each for each in outputs if output_name == each.name]
        outputs = named or [each for each in outputs if each.aliases is None or output_name in each.aliases]
        if not outputs and not producer.may_offer_more:
            yield _no_such_output(consumer, producer, dependency, output_name)
            return
    if any(satisfies(dependency, output) for output in outputs):
        return
    if not producer.may_offer_more or (output_name is not None and outputs):
        yield _no_fitting_output(consumer, producer, dependency, outputs)


def unknown_dependency(consumer: KnownStep, wire: Wire) -> Problem:
    """Return the problem of a wire to a dependency that the consumer has not."""
    names = consumer.specification.dependencies
    near = closest(wire.dependency or "", names)
    message = (
        f"the step {quoted(consumer.name)} is given {quoted(wire.dependency)} from {quoted(wire.producer)},"
        " but has no dependency of that name"
    )
    return Problem(
        rule=_INCOMPATIBLE,
        severity=ERROR,
        field=DEPENDENCIES,
        key=None,
        value=wire.dependency,
        message=message,
        remedy=f"did you mean {near!r}?" if near else f"its dependencies are {listed(names) or 'none'}",
        expected=near,
        step=consumer.name,
    )


def nothing_to_pass_on(consumer: KnownStep, producer: KnownStep) -> Problem:
    """Return the problem of two steps of which the one takes nothing from the other."""
    sources = [each for one in consumer.specification.dependencies.values() for each in one.sources or ()]
    step_type = producer.specification.step_type
    message = (
        f"no dependency of the step {quoted(consumer.name)} takes an output of {quoted(producer.name)}, of the type"
        f" {quoted(step_type)}"
    )
    return Problem(
        rule=_INCOMPATIBLE,
        severity=ERROR,
        field=DEPENDENCIES,
        key=None,
        value=step_type,
        message=message,
        remedy="add the type to the compatible_sources of the one that should, or use another step",
        expected=tuple(dict.fromkeys(sources)) or None,
        step=consumer.name,
    )


def type_of(item: Dependency | Output) -> str:
    """How a message calls the types of a dependency or an output."""
    return f"{item.type or 'any type'}, {item.data_type or 'any data type'}"


def _no_source(consumer: KnownStep, producer: KnownStep, dependency: Dependency) -> Problem:
    step_type = producer.specification.step_type
    sources = dependency.sources or ()
    near = closest(step_type, sources) if step_type is not None else None
    message = (
        f"{_gets(consumer, producer, dependency)}, of the type {quoted(step_type)}, which is none of its compatible"
        f" sources {listed(sources)}"
    )
    meant = (
        f"write {quoted(step_type)} for {quoted(near)} there" if near else f"add {quoted(step_type)} to them"
    )
    return Problem(
        rule=_INCOMPATIBLE,
        severity=ERROR if dependency.required else WARNING,
        field=DEPENDENCIES,
        key=dependency.name,
        value=step_type,
        message=message,
        remedy=f"{meant}, or use another step",
        expected=sources,
        part="compatible_sources",
        step=consumer.name,
    )


def _no_such_output(
    consumer: KnownStep, producer: KnownStep, dependency: Dependency, output_name: str
) -> Problem:
    names = [name for output in producer.specification.outputs.values() for name in output.names]
    near = closest(output_name, names)
    message = f"{_gets(consumer, producer, dependency)}, which has no output {quoted(output_name)}"
    return Problem(
        rule=_INCOMPATIBLE,
        severity=ERROR,
        field=DEPENDENCIES,
        key=dependency.name,
        value=output_name,
        message=message,
        remedy=f"did you mean {near!r}?" if near else f"its outputs are {listed(names) or 'none'}",
        expected=near,
        step=consumer.name,
    )


def _no_fitting_output(
    consumer: KnownStep, producer: KnownStep, dependency: Dependency, outputs: Sequence[Output]
) -> Problem:
    named = [output for output in outputs if dependency.name in output.names] or outputs
    found = "; ".join(f"{quoted(output.name)} is {type_of(output)}" for output in named[:_MOST_OUTPUTS])
    message = (
        f"{_gets(consumer, producer, dependency)} and takes {type_of(dependency)}, but there"
        f" {found or 'is no output'}"
    )
    return Problem(
        rule=_INCOMPATIBLE,
        severity=ERROR if dependency.required else WARNING,
        field=DEPENDENCIES,
        key=dependency.name,
        value=named[0].type if named else None,
        message=message,
        remedy="correct one of the types, or use another step",
        expected=dependency.type,
        part="dependency_type",
        step=consumer.name,
    )


_MOST_OUTPUTS = 3


def _check_ambiguous(
    consumer: KnownStep, producer: KnownStep, dependency: Dependency, fitting: Sequence[Output]
) -> Iterator[Problem]:
    equal = [each.output.name for each in best(dependency, [Offer(producer, output) for output in fitting])]
    if len(equal) > 1:
        yield Problem(
            rule=_AMBIGUOUS,
            severity=WARNING,
            field=DEPENDENCIES,
            key=dependency.name,
            value=tuple(equal),
            message=f"{_gets(consumer, producer, dependency)}, where {listed(equal)} fit equally well",
            remedy=f"give the right one the alias {quoted(dependency.name)}",
            step=consumer.name,
        )


def _gets(consumer: KnownStep, producer: KnownStep, dependency: Dependency) -> str:
    return f"the step {quoted(consumer.name)} gets {quoted(dependency.name)} from {quoted(producer.name)}"
