"""A pipeline from a graph of step names: dependencies are found by the registry and wired by property references."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

from graphlib import CycleError, TopologicalSorter

from contracts_runtime.builders.errors import StepBuildError, raise_if
from contracts_runtime.builders.installed import load_sdk
from contracts_runtime.builders.limits import listed
from contracts_runtime.builders.step_builder import StepBuilder
from contracts_runtime.problems import closest, quoted
from contracts_runtime.property_references import PropertyReference
from contracts_runtime.registry import CompatibleOutput, SpecificationRegistry
from contracts_runtime.specifications import DependencySpec


class PipelineAssembler:
    """Makes the SDK's pipeline.

    ``dag`` maps every step's name to the names of the steps that it waits for; an object with ``nodes`` and ``edges``
    (pairs of producer and consumer) will do as well. ``registry`` holds the specification of each step by its name,
    ``configs`` its configuration. ``builders`` maps a step's name, or its step type, to the
    :class:`~contracts_runtime.builders.StepBuilder` to use. ``sources`` gives inputs that no step provides, by step and
    logical name. ``sagemaker_session`` is used by steps whose configuration has none.
    """

    def __init__(
        self,
        dag: Any,
        registry: SpecificationRegistry,
        configs: Mapping[str, Any],
        *,
        builders: Mapping[str, type[StepBuilder]] | None = None,
        sources: Mapping[str, Mapping[str, Any]] | None = None,
        sagemaker_session: Any = None,
    ) -> None:
        self._dag = _predecessors(dag)
        self._registry = registry
        self._configs = configs
        self._builders = builders or {}
        self._sources = sources or {}
        self._session = sagemaker_session
        self._references: dict[str, dict[str, PropertyReference]] | None = None
        self._made: dict[str, StepBuilder] = {}

    @property
    def references(self) -> dict[str, dict[str, PropertyReference]]:
        """What each step gets from which output of which other step, by logical name.

        Raises :class:`~contracts_runtime.builders.StepBuildError` with everything wrong.
        """
        if self._references is None:
            problems: list[str] = []
            found = self._resolve(problems)
            raise_if("the pipeline", problems)
            self._references = found
        return self._references

    def assemble(self, name: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the SDK's ``Pipeline`` of this name.

        Raises :class:`~contracts_runtime.builders.StepBuildError` with everything wrong with any step, before one is
        created.
        """
        references = self.references
        sdk = load_sdk()
        # Stands for what a reference will become once its step is there.
        variable = sdk.join(["s3:/", "reference"])
        problems: list[str] = []
        for step, builder in self._made.items():
            given = {**dict.fromkeys(references[step], variable), **self._sources.get(step, {})}
            problems += [f"{step}: {problem}" for problem in builder.check(given)]
        raise_if(f"the pipeline {quoted(name)}", problems)
        session = self._session if self._session is not None else next(iter(self._made.values())).session
        return sdk.pipeline(name, parameters, self._create_steps(references), session)

    # --- steps ---

    def _create_steps(self, references: Mapping[str, Mapping[str, PropertyReference]]) -> list[Any]:
        steps: dict[str, Any] = {}
        for name in TopologicalSorter(self._dag).static_order():
            builder = self._made[name]
            sources = {
                dependency: reference.to_runtime_property(steps)
                for dependency, reference in references[name].items()
            }
            steps[name] = builder.create_step(
                {**sources, **self._sources.get(name, {})}, **self._order(name, references[name], builder)
            )
        return list(steps.values())

    def _order(
        self, name: str, references: Mapping[str, PropertyReference], builder: StepBuilder
    ) -> dict[str, Any]:
        """Return what makes a step wait for those from which it gets nothing."""
        providers = {reference.step_name for reference in references.values()}
        given = (getattr(builder.config, "step_options", None) or {}).get("depends_on") or []
        waits = [*given, *(each for each in self._dag[name] if each not in providers and each not in given)]
        return {"depends_on": waits} if waits else {}

    def _resolve(self, problems: list[str]) -> dict[str, dict[str, PropertyReference]]:
        problems += self._unknown_names()
        try:
            TopologicalSorter(self._dag).prepare()
        except CycleError as error:
            problems.append(
                f"the steps {' → '.join(error.args[1])} wait for each other; remove one of the edges"
            )
        if problems:
            return {}
        for name in self._dag:
            self._make_builder(name, problems)
        if problems:
            return {}
        return {name: self._references_of(name, problems) for name in self._dag}

    def _unknown_names(self) -> Iterable[str]:
        known = self._registry.list_step_names()
        for what, names, among in (
            ("step", self._dag, known),
            ("configs: step", self._configs, self._dag),
            ("sources: step", self._sources, self._dag),
        ):
            for name in names:
                if name not in among:
                    near = closest(name, among)
                    where = "registered" if among is known else "in the graph"
                    remedy = f"did you mean {near!r}?" if near else f"the steps are {listed(among)}"
                    yield f"{what} {quoted(name)} is not {where}; {remedy}"
        for name in self._dag:
            if name not in self._configs:
                yield f"step {quoted(name)} has no configuration; add it to configs"

    def _make_builder(self, name: str, problems: list[str]) -> None:
        specification = self._registry.get_specification(name)
        assert specification is not None
        builder = self._builders.get(name) or self._builders.get(specification.step_type) or StepBuilder
        try:
            made = builder(self._configs[name], specification)
        except StepBuildError as error:
            problems += [f"{name}: {problem}" for problem in error.problems]
            return
        if made.name != name:
            problems.append(
                f"{name}: its configuration calls it {quoted(made.name)}; set step_name to {name!r}"
            )
        if self._session is not None and getattr(made.config, "sagemaker_session", None) is None:
            made.session = self._session
        self._made[name] = made

    # --- what they get ---

    def _references_of(self, name: str, problems: list[str]) -> dict[str, PropertyReference]:
        found: dict[str, PropertyReference] = {}
        for logical_name, dependency in self._made[name].spec.dependencies.items():
            if self._sources.get(name, {}).get(logical_name) is not None:
                continue
            offers = self._registry.find_compatible_outputs(dependency, consumer=name)
            best = self._choose(name, dependency, offers, problems)
            if best is None:
                continue
            kind = self._made[best.step_name].kind
            try:
                found[logical_name] = PropertyReference.to_output(best.step_name, best.output_spec, kind)
            except ValueError as error:
                problems.append(f"{name}: {logical_name}: {error}")
        return found

    def _choose(
        self, name: str, dependency: DependencySpec, offers: Sequence[CompatibleOutput], problems: list[str]
    ) -> CompatibleOutput | None:
        near = [offer for offer in offers if offer.step_name in self._dag[name]]
        if not dependency.required:
            near = [offer for offer in near if _is_meant(dependency, offer)]
        equal = [offer for offer in near if offer.score == near[0].score]
        what = (
            f"{name}: {'required' if dependency.required else 'optional'} input {dependency.logical_name!r}"
        )
        if len(equal) > 1:
            names = ", ".join(f"{offer.step_name}.{offer.output_name}" for offer in equal)
            problems.append(
                f"{what} may come from {names}, which fit equally well; narrow compatible_sources, or give sources"
            )
            return None
        if near:
            return near[0]
        if dependency.required:
            others = sorted({offer.step_name for offer in offers if offer.step_name in self._dag})
            remedy = (
                f"add the edge from {listed(others)}"
                if others
                else "add a step that provides it, or give its source in sources"
            )
            problems.append(f"{what} comes from no step that it waits for; {remedy}")
        return None


def _is_meant(dependency: DependencySpec, offer: CompatibleOutput) -> bool:
    """Whether the author of an optional dependency named the output's step, or the output itself."""
    return bool(dependency.compatible_sources) or offer.output_spec.matches(dependency.logical_name)


def _predecessors(dag: Any) -> dict[str, list[str]]:
    """Return a graph as a mapping of every step to those that it waits for."""
    if isinstance(dag, Mapping):
        found = {name: list(before) for name, before in dag.items()}
        for before in list(found.values()):
            for name in before:
                found.setdefault(name, [])
        return found
    found = {name: [] for name in dag.nodes}
    for producer, consumer in dag.edges:
        found.setdefault(producer, [])
        found.setdefault(consumer, []).append(producer)
    return found
