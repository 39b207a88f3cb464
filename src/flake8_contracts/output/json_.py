"""A JSON document for programs. Its schema is ``findings.schema.json`` in this package.

Lines and columns start at 1, columns count characters, ends are exclusive. Fields are only ever added within a
``version``.
"""

from __future__ import annotations

import json

from flake8_contracts import __version__
from flake8_contracts.findings import Edit, Finding, Fix, Related
from flake8_contracts.output.paths import shown
from flake8_contracts.output.run import Run

SCHEMA_VERSION = 1


def render(run: Run) -> str:
    """Render one document with every finding and a summary."""
    document = {
        "version": SCHEMA_VERSION,
        "tool": {"name": "flake8-contracts", "version": __version__},
        "findings": [_finding(finding, run.rule_name(finding.code)) for finding in run.findings],
        "summary": _summary(run),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _summary(run: Run) -> dict[str, object]:
    summary: dict[str, object] = {
        "files": run.files,
        "findings": len(run.findings),
        "fixable": {"safe": run.fixable("safe"), "unsafe": run.fixable("unsafe")},
        "by_code": run.count_by_code(),
    }
    if run.fixes is not None and run.fixes.fixed is not None:
        summary["fixed"] = len(run.fixes.fixed)
    return summary


def _finding(finding: Finding, name: str | None) -> dict[str, object]:
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "code": finding.code,
        "name": name,
        "message": finding.message,
        "fix": _fix(finding.fix) if finding.fix else None,
        "related": [_related(related) for related in finding.related],
    }


def _fix(fix: Fix) -> dict[str, object]:
    document: dict[str, object] = {
        "title": fix.title,
        "applicability": fix.applicability,
        "edits": [_edit(edit) for edit in fix.edits],
    }
    if fix.creates:
        document["creates"] = [shown(path) for path in fix.creates]
    return document


def _edit(edit: Edit) -> dict[str, object]:
    return {"path": shown(edit.path), **edit.span._asdict(), "replacement": edit.replacement}


def _related(related: Related) -> dict[str, object]:
    return {
        "path": related.path,
        "line": related.line,
        "column": related.column,
        "message": related.message,
    }
