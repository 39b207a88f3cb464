"""flake8's default format, byte for byte: ``path:line:column: CODE message``.

Plain on purpose, also on a terminal: whoever compares the two commands, or parses the output with a pattern written for
flake8, gets the same bytes. Marks and a sum are added only for who asks about fixes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from flake8_contracts.findings import Applicability, Finding
from flake8_contracts.output.run import FixReport, Run


def render(run: Run) -> str:
    """Render one line for each finding, then the statistics if they are wanted."""
    marked = run.fixes.marked if run.fixes is not None else frozenset()
    lines = [_line(finding, marked) for finding in run.findings]
    if run.statistics:
        lines.extend(_statistics(run))
    if run.fixes is not None:
        lines.extend(fix_lines(run, run.fixes))
    return "".join(f"{line}\n" for line in lines)


def _line(finding: Finding, marked: frozenset[Applicability]) -> str:
    mark = "[*] " if finding.fix is not None and finding.fix.applicability in marked else ""
    return f"{finding.path}:{finding.line}:{finding.column}: {finding.code} {mark}{finding.message}"


def fix_lines(run: Run, fixes: FixReport) -> Iterator[str]:
    """Yield the list of what was fixed, if it is wanted, and the sum: ``3 fixed, 2 left (1 fixable with …)``."""
    if fixes.fixed is not None and fixes.listed:
        yield from _listed(run, fixes.fixed)
    hints = []
    if fixes.fixed is None and run.fixable("safe"):
        hints.append(f"{run.fixable('safe')} fixable with --fix")
    if run.fixable("unsafe") and (fixes.fixed is None or "unsafe" not in fixes.marked):
        more = "--fix --unsafe-fixes" if fixes.fixed is None else "--unsafe-fixes"
        hints.append(f"{run.fixable('unsafe')} fixable with {more}")
    hint = f" ({', '.join(hints)})" if hints else ""
    if fixes.fixed is None:
        yield f"{len(run.findings)} found{hint}"
    else:
        yield f"{len(fixes.fixed)} fixed, {len(run.findings)} left{hint}"


def _listed(run: Run, fixed: tuple[Finding, ...]) -> Iterator[str]:
    for path, group in groupby(fixed, lambda finding: finding.path):
        yield f"fixed in {path}:"
        for finding in group:
            title = finding.fix.title if finding.fix is not None else ""
            yield f"    {finding.code} {run.rule_name(finding.code)}: {title}"


def _statistics(run: Run) -> Iterator[str]:
    """Yield what ``flake8 --statistics`` prints: the count, the code, and the first message that has the code."""
    first: dict[str, str] = {}
    for finding in run.findings:
        first.setdefault(finding.code, finding.message)
    for code, count in run.count_by_code().items():
        yield f"{count:<5} {code} {first[code]}"
