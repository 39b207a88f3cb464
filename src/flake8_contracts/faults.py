"""What is said of a file that could not be checked, or not in full: SMC900."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from flake8_contracts.findings import Finding, FixedPlace, Report, Span, fitting

CODE = "SMC900"
_BUG = "internal error: "


def internal(path: Path, what: str, reason: str) -> Report:
    """A bug of the tool: ``what`` failed on a file."""
    first = " ".join(reason.split())
    return Report(
        CODE,
        FixedPlace(path),
        f"{_BUG}{what} failed on {path.name} ({first}); the other checks went on; please report it with this file",
    )


def unparsable(path: Path, span: Span, reason: str) -> Report:
    """A file that is valid Python, and that LibCST does not parse."""
    return Report(
        CODE,
        FixedPlace(path, span),
        f"LibCST cannot parse this file, so nothing in it was checked ({reason})",
    )


def cut_short(path: Path, reasons: Sequence[str]) -> Report:
    """A script that was not followed to its end: only what was seen of it can be reported."""
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return Report(
        CODE,
        FixedPlace(path),
        f"this script was checked in part only: {reasons[0]}{more}; what seems unused or missing because of that is not"
        " reported; simplify or mend that part",
    )


def reason(error: BaseException) -> str:
    """What an exception says."""
    return f"{type(error).__name__}: {error}"


def finding(report: Report, shown: str) -> Finding:
    """A report of this module as a finding, without anything that could fail as well."""
    return Finding(shown, *report.place.span, report.code, fitting(report.message), None, ())


def has_bug(findings: Iterable[Finding]) -> bool:
    """Whether some finding speaks of a bug of the tool: another run may say something else."""
    return any(finding.code == CODE and finding.message.startswith(_BUG) for finding in findings)
