"""A compiled definition against the contracts of a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contracts_runtime.problems import listed, quoted
from flake8_contracts.definitions.comparison import (
    Claim,
    check_suffixes,
    compare,
    misspelled_variables,
    undeclared_variables,
)
from flake8_contracts.definitions.document import Definition, Disagreement, read_definition
from flake8_contracts.definitions.form import check_form
from flake8_contracts.definitions.jobs import Job, jobs_of
from flake8_contracts.definitions.limits import check_limits
from flake8_contracts.definitions.matching import Matcher
from flake8_contracts.definitions.references import check_references
from flake8_contracts.definitions.wiring import check_wiring

if TYPE_CHECKING:
    from flake8_contracts.catalog.catalog import Catalog


@dataclass(frozen=True)
class Verification:
    """What was found. ``compared`` maps steps to the contracts that they were compared with; ``notes`` say what was
    not compared, and what is no error but worth a look.
    """

    disagreements: tuple[Disagreement, ...]
    compared: Mapping[str, str]
    notes: tuple[str, ...]


def verify(data: bytes, catalog: Catalog, folder: Path, named: Mapping[str, str]) -> Verification:
    """Compare a definition; ``folder`` is where it comes from, ``named`` names the contracts of steps.

    Raises ``DocumentError`` for what is no definition and ``UnknownContractError`` for a contract, or a step, that is
    named and does not exist.
    """
    definition = read_definition(data)
    matcher = Matcher(catalog, folder, named)
    matcher.require_steps(definition.by_name)
    found = [*check_form(definition), *check_references(definition)]
    notes: list[str] = []
    compared: list[tuple[Job, Claim]] = []
    for job in _jobs(definition):
        found += [*check_suffixes(job), *check_limits(job)]
        claims = matcher.claims(job)
        if not claims:
            notes.append(_not_compared(job))
            continue
        claim, wrong = _nearest(job, claims)
        compared.append((job, claim))
        found += wrong
        notes += _undeclared(job, claim)
    by_step = {job.step.name: claim for job, claim in compared}
    for job, claim in compared:
        found += check_wiring(job, claim, by_step)
    contracts = {step: claim.contract.name for step, claim in by_step.items()}
    return Verification(tuple(sorted(set(found))), contracts, tuple(notes))


def _jobs(definition: Definition) -> Iterator[Job]:
    for step in definition.steps:
        yield from jobs_of(step)


def _nearest(job: Job, claims: list[Claim]) -> tuple[Claim, list[Disagreement]]:
    """Return the contract that the job agrees with best: a script may have one for each job type."""
    return min(((claim, compare(job, claim)) for claim in claims), key=lambda each: len(each[1]))


def _undeclared(job: Job, claim: Claim) -> Iterator[str]:
    reported = misspelled_variables(job, claim.contract)
    others = [name for name in undeclared_variables(job, claim.contract) if name not in reported]
    if others:
        yield (
            f"step {quoted(job.step.name)} also sets {listed(others)}, which the contract"
            f" {quoted(claim.contract.name)} does not know"
        )


def _not_compared(job: Job) -> str:
    step = job.step.name
    reason = (
        f"no contract is for its script {quoted(job.script)}"
        if job.script
        else "it does not say which script it runs"
    )
    return (
        f"step {quoted(step)} was not compared with a contract: {reason}; name one by --contract {step}=NAME"
    )
