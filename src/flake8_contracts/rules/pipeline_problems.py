"""The checks of pipelines, reported where the pipeline names the step, the edge or the dependency."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_runtime.pipeline_checks import PipelineStep, Wire, check_pipeline
from contracts_runtime.problems import Problem
from flake8_contracts.catalog.model import Edge, Member
from flake8_contracts.findings import Hint, Place, Report
from flake8_contracts.rules.base import PipelineCase, Rule
from flake8_contracts.rules.specification_problems import fields_of, kinds_of, spelled

_UNSATISFIED, _INCOMPATIBLE = "unsatisfied-dependency", "incompatible-source"
Found = tuple[Problem, Place]


def problems_of(case: PipelineCase) -> list[Found]:
    """All problems of a pipeline with their places, computed once for all rules."""
    known: list[Found] | None = case.shared.get("problems")
    if known is None:
        known = case.shared["problems"] = list(_Checked(case).problems())
    return known


class _Checked:
    def __init__(self, case: PipelineCase) -> None:
        pipeline = self.pipeline = case.pipeline
        self.members = {each.name: each for each in pipeline.members}
        self.steps = {
            each.name: PipelineStep(
                each.name,
                fields_of(each.specification),
                kinds_of(each.specification, case.catalog.contract_of(each.specification)),
            )
            for each in pipeline.members
        }

    def problems(self) -> Iterator[Found]:
        pipeline = self.pipeline
        wires = [_wire(edge) for edge in pipeline.edges]
        found = check_pipeline(self.steps.values(), wires, is_complete=pipeline.is_complete)
        missing = [problem for problem in found if problem.rule == _UNSATISFIED]
        for problem in found:
            # What is wrong with a connection is told for each of them below.
            is_told = problem.rule == _INCOMPATIBLE
            if not is_told and not (problem.rule == "ambiguous-dependency" and pipeline.is_alternative):
                yield self.explained(problem, missing)
        for edge in pipeline.edges:
            if edge.is_wire:
                yield from ((problem, edge.place) for problem in self.check(_wire(edge)))

    def check(self, wire: Wire) -> list[Problem]:
        """What is wrong with one connection."""
        ends = [self.steps[name] for name in (wire.producer, wire.consumer) if name in self.steps]
        if len(ends) < 2:
            return []
        return [
            each for each in check_pipeline(ends, [wire], is_complete=False) if each.rule == _INCOMPATIBLE
        ]

    def explained(self, problem: Problem, missing: list[Problem]) -> Found:
        """A dependency that gets nothing, and the one edge to its step that passes nothing on, are meant for each
        other."""
        edges = [edge for edge in self.pipeline.edges if edge.consumer == problem.step]
        if problem.rule == _UNSATISFIED:
            unknown = next((edge for edge in edges if edge.producer == problem.value), None)
            if unknown is not None:
                return problem, unknown.place
            idle = [edge for edge in edges if not edge.is_wire and self.check(_wire(edge))]
            if len(idle) == 1 and len([each for each in missing if each.step == problem.step]) == 1:
                wire = Wire(idle[0].producer, idle[0].consumer, dependency=str(problem.key))
                reasons = self.check(wire)
                if reasons:
                    return reasons[0], idle[0].place
        return problem, _place(problem, self.members[str(problem.step)])


def _wire(edge: Edge) -> Wire:
    return Wire(edge.producer, edge.consumer, edge.output, edge.dependency)


def _place(problem: Problem, member: Member) -> Place:
    """The step in the pipeline; where the pipeline is made of step interfaces, the dependency in the step's own."""
    specification = member.specification
    if member.place != specification.place:
        return member.place
    port = specification.dependencies.get(str(problem.key))
    if port is None:
        return specification.field_places.get("dependencies", member.place)
    return port.place(problem.part) if problem.part else port.name.place


class PipelineProblem(Rule):
    """A rule whose check is one of ``contracts_runtime.pipeline_checks``."""

    def check_pipeline(self, case: PipelineCase) -> Iterator[Report]:
        """The problems of this rule's kind."""
        members = {each.name: each.specification for each in case.pipeline.members}
        for problem, place in problems_of(case):
            if problem.rule != self.name:
                continue
            specification = members[str(problem.step)]
            port = specification.dependencies.get(str(problem.key))
            hints = (
                [Hint(port.name.place, f"the dependency {problem.key!r} is declared here")] if port else []
            )
            shown = [hint for hint in hints if hint.place != place]
            yield from self.report(place, spelled(problem.text, specification), *shown)
