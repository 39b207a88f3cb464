"""Runs the rules. One that fails is a finding, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from flake8_contracts import faults
from flake8_contracts.catalog.catalog import Catalog
from flake8_contracts.catalog.model import Unreadable
from flake8_contracts.findings import Report
from flake8_contracts.rules.base import ContractCase, PipelineCase, Rule, ScriptCase, SpecificationCase

Subject = TypeVar("Subject")


class Checks:
    """The rules of a run, for one project."""

    def __init__(self, rules: Callable[[], Sequence[Rule]], catalog: Catalog) -> None:
        """``rules`` are asked for when there is something to check: they take time to import."""
        self._rules = rules
        self._catalog = catalog
        #: The cases of pipelines, which are checked in each of their files, by identity.
        self._pipelines: dict[int, PipelineCase] = {}

    def script(self, path: Path, case: ScriptCase) -> Iterator[Report]:
        """What the rules say of a script."""
        for rule in self._rules():
            yield from self._run(rule, path, rule.check_script, case)

    def unreadable(self, path: Path, problems: Iterable[Unreadable]) -> Iterator[Report]:
        """What the rules say of declarations that cannot be read."""
        for problem in problems:
            for rule in self._rules():
                yield from self._run(rule, path, rule.check_unreadable, problem)

    def declarations(self, path: Path) -> Iterator[Report]:
        """What the rules say of everything that a file declares."""
        declared = self._catalog.by_file.get(path)
        if declared is None:
            return
        if declared.fault is not None:
            yield faults.internal(path, "reading the declarations", declared.fault)
        for contract in declared.contracts:
            case = ContractCase(contract, self._catalog)
            for rule in self._rules():
                yield from self._run(rule, path, rule.check_contract, case)
        for specification in declared.specifications:
            subject = SpecificationCase(specification, self._catalog)
            for rule in self._rules():
                yield from self._run(rule, path, rule.check_specification, subject)
        if declared.in_pipelines:
            yield from self._of_pipelines(path)
        yield from self.unreadable(path, declared.unreadable)

    def _of_pipelines(self, path: Path) -> Iterator[Report]:
        """What is reported in one file of the pipelines of which something stands there."""
        for pipeline in self._catalog.pipelines.of_file(path):
            case = self._pipelines.setdefault(id(pipeline), PipelineCase(pipeline, self._catalog))
            for rule in self._rules():
                for report in self._run(rule, path, rule.check_pipeline, case):
                    if report.place.path == path:
                        yield report

    def _run(
        self, rule: Rule, path: Path, check: Callable[[Subject], Iterator[Report]], subject: Subject
    ) -> Iterator[Report]:
        try:
            yield from check(subject)
        except Exception as error:  # noqa: BLE001 - a bug of ours is a finding, never a crash
            yield faults.internal(path, f"rule {rule.code}", faults.reason(error))
