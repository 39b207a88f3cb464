"""Files that are opened at exactly the path of a directory which SageMaker makes."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.facts.model import PathUse
from flake8_contracts.rules.base import ScriptCase
from flake8_contracts.rules.coverage import Declared, Relation, uses_of

#: The directories that a training job has (developer guide, "Mapping of training storage paths"). At other paths it
#: makes nothing: a file may be written there.
_OF_TRAINING = frozenset(
    {
        "/opt/ml/model",
        "/opt/ml/output",
        "/opt/ml/output/data",
        "/opt/ml/output/intermediate",
        "/opt/ml/checkpoints",
    }
)


def is_made(declared: Declared) -> bool:
    """Whether SageMaker itself makes a directory at the declared path."""
    if declared.contract.kind == "processing":
        return declared.path.startswith("/opt/ml/processing/")
    return declared.path in _OF_TRAINING or declared.path.startswith("/opt/ml/input/data/")


def opened(case: ScriptCase, direction: str) -> Iterator[tuple[PathUse, Declared]]:
    """The uses that open a file at a directory of this direction, once for each place.

    Only where it is one under every contract of the script: otherwise it depends on the job whether it fails.
    """
    seen: set[object] = set()
    for contract in case.contracts:
        for use, declared, how in uses_of(case, contract):
            if declared.direction != direction or how is not Relation.EQUAL or not is_made(declared):
                continue
            if use.shape != "file" or use.known_file or use.effect not in (Effect.READ, Effect.WRITE):
                continue
            if use.place is not None and use.place not in seen and _everywhere(case, use, direction):
                seen.add(use.place)
                yield use, declared


def _everywhere(case: ScriptCase, use: PathUse, direction: str) -> bool:
    return all(
        any(
            item is use and declared.direction == direction and how is Relation.EQUAL
            for item, declared, how in uses_of(case, contract)
        )
        for contract in case.contracts
    )
