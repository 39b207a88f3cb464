"""What a step gets from another step, against the specifications of both."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_runtime.container_paths import is_at_or_below
from contracts_runtime.pipeline_checks import PipelineStep, Wire, check_pipeline
from contracts_runtime.platform_paths import PROCESSING
from contracts_runtime.property_paths import named_output, parse_path
from flake8_contracts.definitions.comparison import Claim
from flake8_contracts.definitions.document import Disagreement, step_of
from flake8_contracts.definitions.jobs import Job, Mount
from flake8_contracts.rules.specification_problems import fields_of, kinds_of

NAME = "incompatible-source"


def check_wiring(job: Job, claim: Claim, others: dict[str, Claim]) -> Iterator[Disagreement]:
    """Yield the inputs that come from a step, or an output, that the specification does not take them from.

    ``others`` are the claims of all steps by name.
    """
    consumer = _known(job.step.name, claim)
    for mount in job.inputs if consumer is not None else ():
        name = step_of(mount.source) if mount.source else None
        producer = _known(name, others[name]) if name in others and name is not None else None
        dependency = _dependency(job, claim, mount)
        if consumer is None or producer is None or dependency is None or mount.source is None:
            continue
        wire = Wire(producer.name, consumer.name, _output(mount.source, producer.name), dependency)
        for problem in check_pipeline([consumer, producer], [wire], is_complete=False):
            if problem.rule == NAME:
                yield Disagreement(mount.uri_span, NAME, problem.text)


def _known(name: str | None, claim: Claim) -> PipelineStep | None:
    if claim.specification is None or name is None:
        return None
    specification = claim.specification
    return PipelineStep(name, fields_of(specification), kinds_of(specification, claim.contract))


def _dependency(job: Job, claim: Claim, mount: Mount) -> str | None:
    """Return the dependency that an input is for; a channel belongs to the input that has its path."""
    assert claim.specification is not None
    if job.kind == PROCESSING:
        name = mount.name
    else:
        name = next(
            (
                name
                for name, entry in claim.contract.inputs.items()
                if entry.value is not None
                and mount.path is not None
                and is_at_or_below(mount.path, entry.value)
            ),
            None,
        )
    return name if name in claim.specification.dependencies else None


def _output(source: str, step: str) -> str | None:
    try:
        return named_output(parse_path(source[len(f"Steps.{step}.") :]))
    except ValueError:
        return None
