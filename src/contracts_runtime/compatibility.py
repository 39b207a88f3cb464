"""Which outputs can satisfy which dependencies, and how well."""

from __future__ import annotations

from typing import Collection, Iterator

from contracts_runtime.step_kinds import STEP_KINDS, kind_named

# Names that code bases give to what comes from outside of the pipeline.
EXTERNAL_SOURCES = frozenset({"External", "ExternalSource", "S3Source", "UserProvided"})
"""Compatible sources that are no steps: what they provide need not come from a registered step."""

# What an output of a type may be taken for, besides the same type. The types "training_data", "hyperparameters"
# and "payload_samples" say what the data is, and "processing_output" where it comes from, so that both can hold;
# "custom_property" takes what no other type describes.
_ALSO_SATISFIED_BY = {
    "training_data": frozenset({"processing_output"}),
    "hyperparameters": frozenset({"processing_output", "custom_property"}),
    "payload_samples": frozenset({"processing_output"}),
    "processing_output": frozenset({"training_data", "hyperparameters", "payload_samples"}),
    "custom_property": frozenset(
        {"model_artifacts", "processing_output", "training_data", "hyperparameters", "payload_samples"}
    ),
    "model_artifacts": frozenset[str](),
}


def step_type_family(step_type: str) -> Iterator[str]:
    """Yield the step type, and those that it is a job-type variant of, from the nearest on.

    "TabularPreprocessing_Calibration" counts as "TabularPreprocessing".
    """
    yield step_type
    base, separator, _ = step_type.rpartition("_")
    while separator:
        if base:
            yield base
        base, separator, _ = base.rpartition("_")


def is_variant(step_type: str, other: str) -> bool:
    """Whether one of two step types is the other, or a job-type variant of it."""
    return other in step_type_family(step_type) or step_type in step_type_family(other)


def accepts_source(
    sources: Collection[str] | None, step_type: str | None, kinds: Collection[str] = STEP_KINDS
) -> bool:
    """Whether a dependency with these compatible sources may be provided by a step of this type.

    Without sources every step may. A job-type variant counts as its step type, and a step type as each of its
    variants. A source that names a kind of step, such as "ProcessingStep", accepts every step that may be of
    that kind. ``None`` means not known, which is never refused.
    """
    if not sources or step_type is None:
        return True
    return any(is_variant(step_type, source) or kind_named(source) in kinds for source in sources)


def accepts_type(wanted: str | None, offered: str | None) -> bool:
    """Whether an output of the type ``offered`` may satisfy a dependency of the type ``wanted``."""
    if wanted is None or offered is None or wanted == offered:
        return True
    return offered in _ALSO_SATISFIED_BY.get(wanted, ())


def accepts_data_type(wanted: str | None, offered: str | None) -> bool:
    """Whether the values have the same data type, in whatever case it is written."""
    return wanted is None or offered is None or wanted.lower() == offered.lower()
