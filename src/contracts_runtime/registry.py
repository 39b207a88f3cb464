"""The steps of a pipeline by name, and what they can give each other."""

from __future__ import annotations

from typing import ClassVar, Dict, List, NamedTuple, Tuple

from contracts_runtime.offers import Offers, PipelineStep, Wire
from contracts_runtime.pipeline_checks import check_pipeline
from contracts_runtime.problems import Problem, quoted
from contracts_runtime.ranking import Ranked, rank
from contracts_runtime.results import ValidationResult
from contracts_runtime.specification_fields import Dependency
from contracts_runtime.specifications import DependencySpec, OutputSpec, StepSpecification


class CompatibleOutput(NamedTuple):
    """An output that can satisfy a dependency."""

    step_name: str
    output_name: str
    output_spec: OutputSpec
    score: float
    """How well it fits, from 0 to 1. Only comparable for the same dependency."""
    ranked: Ranked

    @property
    def reasons(self) -> Tuple[str, ...]:
        """What the score is made of, in words."""
        return self.ranked.reasons


class SpecificationRegistry:
    """The step specifications of one pipeline, by the names of its steps.

    Registries know nothing of each other; ``context_name`` says what one is for. :meth:`context` keeps one for
    each name, for code that registers and code that reads to meet.
    """

    _contexts: ClassVar[Dict[str, SpecificationRegistry]] = {}

    def __init__(self, context_name: str = "default") -> None:
        self.context_name = context_name
        self._specifications: Dict[str, StepSpecification] = {}
        self._wires: List[Wire] = []
        self._offers: Offers | None = None

    @classmethod
    def context(cls, name: str = "default") -> SpecificationRegistry:
        """Return the registry of this name, the same one for everybody in the process."""
        if name not in cls._contexts:
            cls._contexts[name] = cls(name)
        return cls._contexts[name]

    # --- steps ---

    def register(self, step_name: str, specification: StepSpecification) -> None:
        """Add a step.

        Raises ``TypeError`` for what is no specification, ``ValueError`` for an empty name, and for one that is
        registered with another specification.
        """
        if not isinstance(specification, StepSpecification):
            raise TypeError(
                f"the step {quoted(step_name)} is registered with {quoted(specification)}, which is no"
                " StepSpecification"
            )
        if not step_name.strip():
            raise ValueError(f"a step of the type {specification.step_type!r} is registered without a name")
        if self._specifications.setdefault(step_name, specification) != specification:
            raise ValueError(
                f"the step {quoted(step_name)} is already registered with another specification, of the type"
                f" {self._specifications[step_name].step_type!r}; choose another name"
            )
        self._offers = None

    def connect(
        self, producer: str, consumer: str, output: str | None = None, dependency: str | None = None
    ) -> None:
        """Say that one step gets its data from another.

        ``output`` (or an alias) and ``dependency`` are logical names; without them, something is passed on that
        fits. :meth:`validate` checks it, so that steps may be registered afterwards.
        """
        self._wires.append(Wire(producer, consumer, output, dependency))

    def get_specification(self, step_name: str) -> StepSpecification | None:
        """Return the specification of the step, or ``None``."""
        return self._specifications.get(step_name)

    def get_specifications_by_type(self, step_type: str) -> List[StepSpecification]:
        """Return the specifications of this step type and of its job-type variants, in order of registration."""
        names = {step.name for step in self._index.steps_of_type(step_type)}
        return [each for name, each in self._specifications.items() if name in names]

    def list_step_names(self) -> List[str]:
        """Return the names of all steps, in order of registration."""
        return list(self._specifications)

    def list_step_types(self) -> List[str]:
        """Return every step type once, in order of registration."""
        return list(dict.fromkeys(each.step_type for each in self._specifications.values()))

    def __len__(self) -> int:
        return len(self._specifications)

    def __contains__(self, step_name: object) -> bool:
        return step_name in self._specifications

    def __repr__(self) -> str:
        return f"SpecificationRegistry(context_name={self.context_name!r}, steps={len(self)})"

    # --- what they can give each other ---

    def find_compatible_outputs(
        self, dependency: DependencySpec, consumer: str | None = None
    ) -> List[CompatibleOutput]:
        """Return every output that can satisfy the dependency, the best first.

        An output can if its types fit and its step is a compatible source. It is ranked by how its step is named
        as a source, by its name, aliases and keywords, and by its type; equal ones stay in order of registration.
        ``consumer`` is the name of the step that has the dependency: it gets nothing from itself, and prefers steps
        of its own job type.
        """
        wanted = Dependency(
            name=dependency.logical_name,
            type=dependency.dependency_type.value,
            required=dependency.required,
            sources=tuple(dependency.compatible_sources),
            keywords=tuple(dependency.semantic_keywords),
            data_type=dependency.data_type,
        )
        offers = [each for each in self._index.candidates(wanted) if each.step.name != consumer]
        consumer_type = self._specifications[consumer].step_type if consumer in self._specifications else None
        return [self._compatible(each) for each in rank(wanted, offers, consumer_type)]

    def _compatible(self, ranked: Ranked) -> CompatibleOutput:
        step, output = ranked.offer.step.name, ranked.offer.output.name
        return CompatibleOutput(
            step, output, self._specifications[step].outputs[output], ranked.score, ranked
        )

    # --- validation ---

    def problems(self) -> List[Problem]:
        """Return everything that is wrong: with each step and its contract, then between the steps.

        The problem's ``step`` is the name of the step. A wire to a step that is not registered is reported at its
        other end.
        """
        found = [
            problem.at_step(name)
            for name, specification in self._specifications.items()
            for problem in specification.problems()
        ]
        return [*found, *check_pipeline(self._steps(), self._wires)]

    def results(self) -> Dict[str, ValidationResult]:
        """Return the result for each step by its name, in order of registration."""
        by_step: Dict[str, List[Problem]] = {name: [] for name in self._specifications}
        for problem in self.problems():
            by_step.setdefault(problem.step or "", []).append(problem)
        return {name: ValidationResult.of(problems) for name, problems in by_step.items()}

    def validate(self) -> ValidationResult:
        """Check every step against its contract, and the steps with each other, over the whole pipeline.

        Finds unsatisfied, incompatible, ambiguous (as warnings) and circular dependencies. Every message begins
        with the step's name.
        """
        return ValidationResult.combine(
            result.prefixed(f"{name}: ") for name, result in self.results().items()
        )

    @property
    def _index(self) -> Offers:
        if self._offers is None:
            self._offers = Offers(self._steps())
        return self._offers

    def _steps(self) -> List[PipelineStep]:
        return [
            PipelineStep(name, each.fields(), each.possible_kinds)
            for name, each in self._specifications.items()
        ]
