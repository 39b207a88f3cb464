"""What a format gets to render, in the order in which flake8 would report it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flake8_contracts.findings import Applicability, Finding


@dataclass(frozen=True)
class RuleInfo:
    """What a format may say about a rule."""

    code: str
    name: str
    summary: str


@dataclass(frozen=True)
class FixReport:
    """What is said about fixes: which kinds are marked as fixable, what was fixed, and whether to list that.

    ``fixed`` is ``None`` if nothing was to be fixed.
    """

    marked: frozenset[Applicability]
    fixed: tuple[Finding, ...] | None = None
    listed: bool = False


@dataclass(frozen=True)
class Run:
    """The outcome of a run.

    ``findings`` are in flake8's order (:func:`in_flake8_order`), ``files`` is the number of files that were looked at,
    and ``statistics`` asks text formats to append the number of findings of each code. ``fixes`` is there if the user
    asked about fixes.
    """

    findings: tuple[Finding, ...]
    files: int
    rules: Mapping[str, RuleInfo] = field(default_factory=dict)
    statistics: bool = False
    fixes: FixReport | None = None

    def rule_name(self, code: str) -> str | None:
        """Return the name of the rule behind a code, or ``None`` for a code that has no documented rule."""
        rule = self.rules.get(code)
        return rule.name if rule else None

    def fixable(self, applicability: Applicability) -> int:
        """Return how many findings have a fix of this kind."""
        return sum(finding.fix.applicability == applicability for finding in self.findings if finding.fix)

    def count_by_code(self) -> dict[str, int]:
        """Return how many findings each code has, sorted by code."""
        return dict(sorted(Counter(finding.code for finding in self.findings).items()))


def in_flake8_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort as flake8 reports: files by name, inside a file by line and column.

    Findings at one position keep the order in which they were found, as they do in flake8 (``Manager.report`` in
    ``flake8/checker.py``, the same from 6.0 to 7.5).
    """
    return tuple(sorted(findings, key=lambda finding: (finding.path, finding.line, finding.column)))
