"""How well an output fits a dependency, with the reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import FrozenSet, Iterable, List, Tuple

from contracts_runtime.compatibility import step_type_family
from contracts_runtime.offers import Offer
from contracts_runtime.specification_fields import Dependency, Output

# What each agreement is worth; together 1. A compatible source is what the author wrote about this very dependency,
# a name is what both authors chose, and keywords are hints.
_SOURCE, _VARIANT, _SOURCE_KIND = 0.4, 0.35, 0.25
_NAME, _ALIAS, _WORDS = 0.3, 0.25, 0.2
_TYPE = 0.15
_KEYWORDS = 0.1
_JOB_TYPE = 0.05

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@dataclass(frozen=True)
class Ranked:
    """An output that can satisfy a dependency: how well, from 0 to 1, and why."""

    offer: Offer
    score: float
    reasons: Tuple[str, ...]


def rank(dependency: Dependency, offers: Iterable[Offer], consumer_type: str | None = None) -> List[Ranked]:
    """Return the offers, the best first; equal ones stay in their order."""
    ranked = [_score(dependency, offer, consumer_type) for offer in offers]
    return sorted(ranked, key=lambda each: -each.score)


def _score(dependency: Dependency, offer: Offer, consumer_type: str | None) -> Ranked:
    step_type = offer.step.specification.step_type or ""
    parts = [
        _source(dependency, step_type),
        _name(dependency, offer.output),
        _type(dependency, offer.output),
        _keywords(dependency, offer.output),
        _job_type(step_type, consumer_type or ""),
    ]
    score = round(sum(points for points, _ in parts), 4)
    return Ranked(offer, score, tuple(reason for points, reason in parts if points))


def _source(dependency: Dependency, step_type: str) -> Tuple[float, str]:
    sources = dependency.sources or ()
    if step_type in sources:
        return _SOURCE, f"{step_type!r} is a compatible source"
    for base in step_type_family(step_type):
        if base in sources:
            return _VARIANT, f"{step_type!r} is a job-type variant of the compatible source {base!r}"
    for source in sources:
        if step_type in step_type_family(source):
            return _VARIANT, f"the compatible source {source!r} is a job-type variant of {step_type!r}"
    if sources:
        return _SOURCE_KIND, "its kind of step is a compatible source"
    return 0.0, ""


def _name(dependency: Dependency, output: Output) -> Tuple[float, str]:
    if dependency.name == output.name:
        return _NAME, f"the output is called {output.name!r} too"
    if dependency.name in (output.aliases or ()):
        return _ALIAS, f"the output has the alias {dependency.name!r}"
    wanted = words(dependency.name)
    shared, name = max(
        ((_overlap(wanted, words(each)), each) for each in output.names), key=lambda pair: pair[0]
    )
    return round(_WORDS * shared, 4), f"the output's name {name!r} is alike"


def _type(dependency: Dependency, output: Output) -> Tuple[float, str]:
    if dependency.type is not None and dependency.type == output.type:
        return _TYPE, f"the output is of the same type {output.type!r}"
    return 0.0, ""


def _keywords(dependency: Dependency, output: Output) -> Tuple[float, str]:
    if not dependency.keywords:
        return 0.0, ""
    offered = _all_words(output)
    shared = [each for each in dependency.keywords if words(each) and words(each) <= offered]
    points = round(_KEYWORDS * len(shared) / len(dependency.keywords), 4)
    return points, f"the output matches the keywords {', '.join(map(repr, shared))}"


def _job_type(step_type: str, consumer_type: str) -> Tuple[float, str]:
    job_type = step_type.rpartition("_")[2] if "_" in step_type else ""
    if job_type and consumer_type.endswith(f"_{job_type}"):
        return _JOB_TYPE, f"both steps have the job type {job_type!r}"
    return 0.0, ""


def _overlap(left: FrozenSet[str], right: FrozenSet[str]) -> float:
    together = len(left | right)
    return len(left & right) / together if together else 0.0


@lru_cache(maxsize=65536)
def words(name: str) -> FrozenSet[str]:
    """Return the words of a name in lower case: ``model_input`` and ``ModelInput`` have the same."""
    return frozenset(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=65536)
def _all_words(output: Output) -> FrozenSet[str]:
    return frozenset(word for name in (*output.names, *output.keywords) for word in words(name))
