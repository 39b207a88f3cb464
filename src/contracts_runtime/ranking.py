"""How well an output fits a dependency, with the reasons."""

from __future__ import annotations

from operator import itemgetter
from typing import FrozenSet, Iterable, List, NamedTuple, Sequence, Tuple

from contracts_runtime.compatibility import step_type_family
from contracts_runtime.offers import Offer
from contracts_runtime.specification_fields import Dependency, Output, words

# What each agreement is worth; together 1. A compatible source is what the author wrote about this very dependency, a
# name is what both authors chose; the words of names, keywords and job types are hints. A name outweighs an alias with
# all hints, and an alias all hints together.
_SOURCE, _VARIANT, _SOURCE_KIND = 0.4, 0.35, 0.25
_NAME, _ALIAS, _WORDS = 0.35, 0.24, 0.1
_TYPE = 0.15
_KEYWORDS = 0.05
_JOB_TYPE = 0.05
_DIGITS = 4


class Ranked(NamedTuple):
    """An output that can satisfy a dependency, and how well, from 0 to 1."""

    offer: Offer
    score: float
    wish: Wish

    @property
    def reasons(self) -> Tuple[str, ...]:
        """What the score is made of, in words."""
        return self.wish.reasons(self.offer)


def rank(dependency: Dependency, offers: Iterable[Offer], consumer_type: str | None = None) -> List[Ranked]:
    """Return the offers, the best first; equal ones stay in their order."""
    wish = Wish(dependency, consumer_type)
    ranked = [Ranked(offer, wish.score(offer), wish) for offer in offers]
    ranked.sort(key=itemgetter(1), reverse=True)
    return ranked


def best(dependency: Dependency, offers: Sequence[Offer], consumer_type: str | None = None) -> List[Offer]:
    """Return the offers that share the highest score, in their order.

    Where an output has the dependency's name and type, no other needs to be looked at: hints cannot outweigh that.
    """
    wish = Wish(dependency, consumer_type)
    namesakes = [offer for offer in offers if dependency.name in offer.output.names]
    if not dependency.sources and any(offer.output.type == dependency.type for offer in namesakes):
        offers = namesakes
    scores = [wish.score(offer) for offer in offers]
    highest = max(scores, default=0.0)
    return [offer for offer, score in zip(offers, scores) if score == highest]


class Wish:
    """A dependency, prepared to be compared with many outputs."""

    def __init__(self, dependency: Dependency, consumer_type: str | None = None) -> None:
        self._dependency = dependency
        self._sources = frozenset(dependency.sources or ())
        self._words = words(dependency.name)
        keywords = [(keyword, words(keyword)) for keyword in dependency.keywords]
        self._keywords = [(keyword, parts) for keyword, parts in keywords if parts]
        self._hints = frozenset(word for _, parts in self._keywords for word in parts)
        self._job_type = (consumer_type or "").rpartition("_")[2] if "_" in (consumer_type or "") else None

    def score(self, offer: Offer) -> float:
        """Return how well the output fits, from 0 to 1."""
        output, step_type = offer.output, offer.step.specification.step_type or ""
        name = self._dependency.name
        points = self._source(step_type) if self._sources else 0.0
        if name == output.name:
            points += _NAME
        elif output.aliases and name in output.aliases:
            points += _ALIAS
        elif not self._words.isdisjoint(output.words):
            points += _WORDS * max(_overlap(self._words, words(each)) for each in output.names)
        if self._dependency.type == output.type and output.type is not None:
            points += _TYPE
        if not self._hints.isdisjoint(output.words):
            points += _KEYWORDS * len(self._matching(output)) / len(self._dependency.keywords)
        if self._has_job_type_of(step_type):
            points += _JOB_TYPE
        return round(points, _DIGITS)

    def reasons(self, offer: Offer) -> Tuple[str, ...]:
        """Return what the score is made of, in words."""
        output, step_type = offer.output, offer.step.specification.step_type or ""
        found: List[str] = []
        if self._sources:
            found.append(self._why_source(step_type))
        if self._dependency.name == output.name:
            found.append(f"the output is called {output.name!r} too")
        elif self._dependency.name in (output.aliases or ()):
            found.append(f"the output has the alias {self._dependency.name!r}")
        else:
            alike = max(output.names, key=lambda each: _overlap(self._words, words(each)))
            if _overlap(self._words, words(alike)):
                found.append(f"the output's name {alike!r} is alike")
        if self._dependency.type == output.type and output.type is not None:
            found.append(f"the output is of the same type {output.type!r}")
        matching = self._matching(output)
        if matching:
            found.append(f"the output matches the keywords {', '.join(map(repr, matching))}")
        if self._has_job_type_of(step_type):
            found.append(f"both steps have the job type {self._job_type!r}")
        return tuple(found)

    def _source(self, step_type: str) -> float:
        if step_type in self._sources:
            return _SOURCE
        return _VARIANT if self._related(step_type) is not None else _SOURCE_KIND

    def _why_source(self, step_type: str) -> str:
        if step_type in self._sources:
            return f"{step_type!r} is a compatible source"
        source = self._related(step_type)
        if source is None:
            return "its kind of step is a compatible source"
        variant, base = (source, step_type) if step_type in step_type_family(source) else (step_type, source)
        return f"{variant!r} is a job-type variant of {base!r}, and {source!r} a compatible source"

    def _related(self, step_type: str) -> str | None:
        """Return the compatible source of which the step type is a variant, or which is a variant of it."""
        for base in step_type_family(step_type):
            if base in self._sources:
                return base
        for source in self._dependency.sources or ():
            if step_type in step_type_family(source):
                return source
        return None

    def _matching(self, output: Output) -> List[str]:
        """Return the keywords whose words all occur in the output's names and keywords."""
        offered = output.words
        return [keyword for keyword, parts in self._keywords if parts <= offered]

    def _has_job_type_of(self, step_type: str) -> bool:
        return bool(self._job_type) and step_type.endswith(f"_{self._job_type}")


def _overlap(left: FrozenSet[str], right: FrozenSet[str]) -> float:
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared) if shared else 0.0
