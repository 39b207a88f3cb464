"""What the steps of a pipeline offer, indexed so that a dependency finds its candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, FrozenSet, Iterable, List, Mapping, Sequence, Tuple

from contracts_runtime.compatibility import accepts_data_type, accepts_source, accepts_type, step_type_family
from contracts_runtime.specification_fields import (
    OUTPUTS,
    Dependency,
    Output,
    Specification,
    read_specification,
)
from contracts_runtime.step_kinds import STEP_KINDS, kind_named


@dataclass(frozen=True)
class PipelineStep:
    """A step of a pipeline: its name there, and its specification as plain data.

    ``kinds`` are the kinds of step that it may be, see
    :func:`contracts_runtime.step_kinds.possible_kinds`.
    """

    name: str
    fields: Mapping[str, object]
    kinds: FrozenSet[str] = STEP_KINDS


@dataclass(frozen=True)
class Wire:
    """Data that goes from one step to another, by the names of the steps.

    ``output`` and ``dependency`` are logical names, or an alias of the output; ``None`` where the pipeline does
    not say them. What only orders two steps is no wire.
    """

    producer: str
    consumer: str
    output: str | None = None
    dependency: str | None = None


@dataclass(frozen=True, eq=False)
class KnownStep:
    """What is known of a step."""

    name: str
    specification: Specification
    kinds: FrozenSet[str]

    @property
    def may_offer_more(self) -> bool:
        """Whether it may have outputs that are not known."""
        return OUTPUTS in self.specification.is_open


@dataclass(frozen=True, eq=False)
class Offer:
    """One output of one step."""

    step: KnownStep
    output: Output

    def __str__(self) -> str:
        return f"{self.step.name}.{self.output.name}"


def known_step(step: PipelineStep) -> KnownStep:
    """Read the specification of a step."""
    specification, _ = read_specification(step.fields)
    return KnownStep(step.name, specification, step.kinds)


class Offers:
    """All outputs of a pipeline's steps.

    A dependency's candidates are kept by what they depend on (types and sources), so that the many dependencies of
    a large pipeline that ask for the same share one search.
    """

    def __init__(self, steps: Iterable[PipelineStep]) -> None:
        self.steps: Dict[str, KnownStep] = {}
        for step in steps:
            self.steps[step.name] = known_step(step)
        self._by_type: Dict[str, List[KnownStep]] = {}
        self._by_family: Dict[str, List[KnownStep]] = {}
        self._by_kind: Dict[str, List[KnownStep]] = {}
        self._untyped: List[KnownStep] = []
        for each in self.steps.values():
            self._add(each)
        self._candidates: Dict[object, Tuple[Offer, ...]] = {}
        self._producers: Dict[object, Tuple[str, ...]] = {}

    def _add(self, step: KnownStep) -> None:
        step_type = step.specification.step_type
        if step_type is None:
            self._untyped.append(step)
            return
        self._by_type.setdefault(step_type, []).append(step)
        for each in step_type_family(step_type):
            self._by_family.setdefault(each, []).append(step)
        for kind in step.kinds:
            self._by_kind.setdefault(kind, []).append(step)

    @property
    def may_be_more(self) -> bool:
        """Whether some step may have outputs that are not known."""
        return any(step.may_offer_more for step in self.steps.values())

    def steps_of_type(self, step_type: str) -> Sequence[KnownStep]:
        """Return the steps of this type and of its job-type variants, in order of registration."""
        return self._by_family.get(step_type, ())

    def sources_of(self, dependency: Dependency) -> List[KnownStep]:
        """Return the steps that may provide the dependency by their step type, in order of registration."""
        if not dependency.sources:
            return list(self.steps.values())
        found: Dict[str, KnownStep] = {}
        for source in dependency.sources:
            for step in self._by_family.get(source, ()):
                found[step.name] = step
            for base in step_type_family(source):
                for step in self._by_type.get(base, ()):
                    found[step.name] = step
            kind = kind_named(source)
            for step in self._by_kind.get(kind, ()) if kind else ():
                found[step.name] = step
        found.update((step.name, step) for step in self._untyped)
        return [step for name, step in self.steps.items() if name in found] if found else []

    def candidates(self, dependency: Dependency) -> Tuple[Offer, ...]:
        """Return every output that can satisfy the dependency, in order of registration."""
        key = (dependency.type, dependency.data_type, dependency.sources)
        if key not in self._candidates:
            self._candidates[key] = tuple(
                Offer(step, output)
                for step in self.sources_of(dependency)
                for output in step.specification.outputs.values()
                if satisfies(dependency, output)
            )
        return self._candidates[key]

    def producers(self, dependency: Dependency) -> Tuple[str, ...]:
        """Return the names of the steps that have a candidate, in order of registration."""
        key = (dependency.type, dependency.data_type, dependency.sources)
        if key not in self._producers:
            self._producers[key] = tuple(
                dict.fromkeys(each.step.name for each in self.candidates(dependency))
            )
        return self._producers[key]


def satisfies(dependency: Dependency, output: Output) -> bool:
    """Whether the output is of a type that the dependency takes."""
    return accepts_type(dependency.type, output.type) and accepts_data_type(
        dependency.data_type, output.data_type
    )


def may_provide(dependency: Dependency, step: KnownStep) -> bool:
    """Whether the step is one of the dependency's compatible sources."""
    return accepts_source(dependency.sources, step.specification.step_type, step.kinds)
