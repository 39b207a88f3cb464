"""From reports to findings: positions, messages that fit, and fixes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_contracts import faults
from flake8_contracts.findings import Finding, Fix, Place, Related, Report, Span, fitting

if TYPE_CHECKING:
    from flake8_contracts.fixes.project_texts import ProjectTexts


class Resolver:
    """Makes the findings of a project. A bug on the way is one more finding."""

    def __init__(
        self, root: Path, codes: Collection[str], texts: Callable[[], ProjectTexts] | None = None
    ) -> None:
        """Reports with other ``codes`` are dropped. Findings have no fixes without ``texts``."""
        self._root = root
        self._codes = codes
        self._texts = texts

    def findings(self, path: Path, reports: Iterable[Report], shown: str) -> list[Finding]:
        """The findings of one file, by position."""
        found: set[Finding] = set()
        for report in reports:
            if report.code not in self._codes:
                continue
            try:
                finding = self._finding(report, shown)
            except Exception as error:  # noqa: BLE001 - a bug of ours is a finding, never a crash
                found.update(self._fault(path, f"the position of {report.code}", error, shown))
                continue
            try:
                found.add(finding._replace(fix=self._fix(report)))
            except Exception as error:  # noqa: BLE001 - a bug of ours is a finding, never a crash
                found.add(finding)
                found.update(self._fault(path, f"the fix of {report.code}", error, shown))
        return sorted(found)

    def _fault(self, path: Path, what: str, error: Exception, shown: str) -> list[Finding]:
        if faults.CODE not in self._codes:
            return []
        return [faults.finding(faults.internal(path, what, faults.reason(error)), shown)]

    def _finding(self, report: Report, shown: str) -> Finding:
        related = tuple(
            Related(self._shown(hint.place), hint.place.span.line, hint.place.span.column, hint.message)
            for hint in report.hints
        )
        span = Span(*report.place.span)
        return Finding(shown, *span, report.code, fitting(report.message), None, related)

    def _fix(self, report: Report) -> Fix | None:
        if self._texts is None or report.repair is None:
            return None
        from flake8_contracts.fixes.making import make_fix

        return make_fix(report.repair, self._texts())

    def _shown(self, place: Place) -> str:
        try:
            return str(place.path.relative_to(self._root))
        except ValueError:
            return str(place.path)
