"""flake8's default format, byte for byte: ``path:line:column: CODE message``.

Plain on purpose, also on a terminal: whoever compares the two commands, or parses the output with a pattern written for
flake8, gets the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Finding
from flake8_contracts.output.run import Run


def render(run: Run) -> str:
    """Render one line for each finding, then the statistics if they are wanted."""
    lines = [_line(finding) for finding in run.findings]
    if run.statistics:
        lines.extend(_statistics(run))
    return "".join(f"{line}\n" for line in lines)


def _line(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}:{finding.column}: {finding.code} {finding.message}"


def _statistics(run: Run) -> Iterator[str]:
    """Yield what ``flake8 --statistics`` prints: the count, the code, and the first message that has the code."""
    first: dict[str, str] = {}
    for finding in run.findings:
        first.setdefault(finding.code, finding.message)
    for code, count in run.count_by_code().items():
        yield f"{count:<5} {code} {first[code]}"
