"""The specification of a step whose jobs differ by what they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Mapping

from contracts_runtime.problems import closest, quoted

if TYPE_CHECKING:
    from contracts_runtime.specifications import StepSpecification

JOB_TYPES = ("training", "validation", "testing", "calibration")
"""What a job may be for."""


def select_specification(
    specifications: Mapping[str, StepSpecification], job_type: str | None
) -> StepSpecification:
    """Return the specification for a job type, in whatever case it is written.

    Raises ``ValueError`` for a job type that is none, or that has no specification, ``TypeError`` for what is no text.
    """
    known = {name.lower(): specification for name, specification in specifications.items()}
    offered = ", ".join(map(repr, specifications)) or "none"
    if job_type is None:
        raise ValueError(f"the job type is missing; set job_type in the configuration to one of {offered}")
    if not isinstance(job_type, str):
        raise TypeError(f"the job type {quoted(job_type)} is not a string; give one of {offered}")
    if job_type.lower() in known:
        return known[job_type.lower()]
    near = closest(job_type, specifications)
    remedy = f"did you mean {near!r}?" if near else f"give one of {offered}"
    if job_type.lower() in JOB_TYPES:
        raise ValueError(f"there is no specification for the job type {quoted(job_type)}; {remedy}")
    raise ValueError(f"unknown job type {quoted(job_type)}; {remedy}")
