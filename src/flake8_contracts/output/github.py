"""Annotations on GitHub's pages: workflow commands that a job prints.

The form of a command and the escapes are those of the ``@actions/core`` package (``command.ts``): in a message ``%``,
carriage return and line feed are percent-encoded, in a property also ``:`` and ``,``.
"""

from __future__ import annotations

from pathlib import PurePath

from flake8_contracts.findings import Finding
from flake8_contracts.output.run import Run

_MESSAGE_ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY_ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(run: Run) -> str:
    """Render one ``::error`` command for each finding."""
    return "".join(f"{_command(finding, run.rule_name(finding.code))}\n" for finding in run.findings)


def _command(finding: Finding, name: str | None) -> str:
    properties = {
        # GitHub matches annotations to the files of a change by their path from the top of the repository.
        "file": PurePath(finding.path).as_posix(),
        "line": str(finding.line),
        "endLine": str(finding.end_line),
        "title": f"{finding.code} {name}" if name else finding.code,
    }
    if finding.line == finding.end_line:
        # Columns are allowed on a single line only.
        properties["col"] = str(finding.column)
        properties["endColumn"] = str(finding.end_column)
    listed = ",".join(f"{key}={value.translate(_PROPERTY_ESCAPES)}" for key, value in properties.items())
    return f"::error {listed}::{finding.message.translate(_MESSAGE_ESCAPES)}"
