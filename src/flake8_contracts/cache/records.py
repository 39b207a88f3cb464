"""Findings as JSON values, and back."""

from __future__ import annotations

from typing import Any

from flake8_contracts.cache.imports import Files
from flake8_contracts.findings import Edit, Finding, Fix, Related, Span


def record_of(finding: Finding, files: Files) -> list[object]:
    """A finding without the path under which it is shown, which differs from run to run."""
    fix = finding.fix
    return [
        [finding.line, finding.column, finding.end_line, finding.end_column],
        finding.code,
        finding.message,
        [[related.path, related.line, related.column, related.message] for related in finding.related],
        fix
        and [
            fix.title,
            fix.applicability,
            [[files.name(edit.path), list(edit.span), edit.replacement] for edit in fix.edits],
        ],
    ]


def finding_of(record: Any, display: str, files: Files) -> Finding:
    """The finding of a record. Raises ``TypeError`` or ``ValueError`` for one that has another form."""
    span, code, message, related, fix = record
    return Finding(
        display,
        *Span(*map(int, span)),
        str(code),
        str(message),
        None if fix is None else _fix(fix, files),
        tuple(Related(str(path), int(line), int(column), str(text)) for path, line, column, text in related),
    )


def _fix(record: Any, files: Files) -> Fix:
    title, applicability, edits = record
    return Fix(
        str(title),
        "safe" if applicability == "safe" else "unsafe",
        tuple(Edit(files.path(str(name)), Span(*map(int, span)), str(text)) for name, span, text in edits),
    )
