"""Which kind of job a contract describes."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_contracts.catalog.model import JobKind

_PROCESSING = "/opt/ml/processing"
"""Everything that a processing job mounts is below it (API shape ``ProcessingS3Input.LocalPath``)."""

_TRAINING = ("/opt/ml/input", "/opt/ml/model", "/opt/ml/output", "/opt/ml/checkpoints")
"""What only a training job has (developer guide, "How Amazon SageMaker provides training information", and the API
shape ``CheckpointConfig.LocalPath``)."""


def job_kind(paths: Iterable[str], explicit: JobKind | None = None) -> JobKind:
    """The kind of job that has these container paths.

    What the declaration says itself (``explicit``) counts. Otherwise a contract describes a training job if one of its
    paths exists in training jobs only and none is a processing job's; in doubt it describes a processing job.
    """
    if explicit is not None:
        return explicit
    known = [path.rstrip("/") for path in paths]
    if any(_is_below(path, _PROCESSING) for path in known):
        return "processing"
    if any(_is_below(path, root) for path in known for root in _TRAINING):
        return "training"
    return "processing"


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")
