"""``# noqa`` comments, for the command that runs without flake8.

The decision is flake8's own: its regular expressions are used as they are installed, and what belongs to a comment's
line is worked out as in ``flake8/processor.py``. A comment covers its physical line, all lines of a multi-line string
that ends on it, and all lines that backslashes join to it; it does not cover the other lines of a call. YAML and TOML
files have the same comments, each for its own line. JSON has no comments, so nothing is suppressed there.

Only files that have findings come here.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import Pattern
from typing import NamedTuple

from flake8_contracts.buffers import read_bytes
from flake8_contracts.findings import Finding

DATA_SUFFIXES = frozenset({".json", ".toml", ".yaml", ".yml"})
"""Files with these suffixes are data, not Python."""

_LAYOUT = (tokenize.ENDMARKER, tokenize.DEDENT)
_LINE_ENDS = (tokenize.NL, tokenize.NEWLINE)


class _Comments(NamedTuple):
    """The two regular expressions of flake8: for a line, and for a whole file."""

    line: Pattern[str]
    file: Pattern[str]


def not_suppressed(findings: Iterable[Finding], path: Path, text: str | None = None) -> list[Finding]:
    """Return those findings of one file that no ``# noqa`` comment in it suppresses.

    ``text`` is the file's text where it does not come from ``path``, such as standard input. A file that cannot be read
    suppresses nothing.
    """
    kept = list(findings)
    suffix = path.suffix.lower()
    if not kept or suffix == ".json":
        return kept
    is_data = suffix in DATA_SUFFIXES
    lines = _lines(path, text, is_data=is_data)
    comments = _comments()
    if any(comments.file.match(line) for line in lines):
        return []
    covered = {} if is_data else dict(_joined_lines(lines))
    return [finding for finding in kept if not _is_suppressed(finding, lines, covered, comments.line)]


def _comments() -> _Comments:
    from flake8 import defaults

    return _Comments(defaults.NOQA_INLINE_REGEXP, defaults.NOQA_FILE)


def _is_suppressed(
    finding: Finding, lines: list[str], covered: dict[int, str], comment: Pattern[str]
) -> bool:
    physical = lines[finding.line - 1] if finding.line <= len(lines) else ""
    match = comment.search(covered.get(finding.line, physical))
    if match is None:
        return False
    codes = match["codes"]
    if codes is None:
        return True
    return finding.code.startswith(tuple(codes.replace(",", " ").split()))


def _joined_lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield for every line number the text that is searched for a comment.

    That is the line itself, or all lines from the one where a token began that goes over several lines. Nothing is
    yielded for text that cannot be tokenized.
    """
    source = iter(lines)
    try:
        tokens = list(tokenize.generate_tokens(lambda: next(source)))
    except (tokenize.TokenError, SyntaxError):
        return
    first, last = len(lines) + 2, -1
    for token in tokens:
        if token.type in _LAYOUT:
            continue
        first, last = min(first, token.start[0]), max(last, token.end[0])
        if token.type in _LINE_ENDS:
            joined = "".join(lines[first - 1 : last])
            yield from ((number, joined) for number in range(first, last + 1))
            first, last = len(lines) + 2, -1


def _lines(path: Path, text: str | None, *, is_data: bool) -> list[str]:
    """Split into lines as flake8 does: at line feeds and carriage returns, not at form feeds."""
    if text is None:
        try:
            text = _read(path, is_data=is_data)
        except OSError:
            return []
    lines = list(io.StringIO(text, newline=None))
    if lines:
        lines[0] = lines[0].removeprefix("\ufeff").removeprefix("\u00ef\u00bb\u00bf")
    return lines


def _read(path: Path, *, is_data: bool) -> str:
    data = read_bytes(path)
    if is_data:
        return data.decode("utf-8-sig", "replace")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, LookupError, UnicodeError):
        return data.decode("latin-1")
