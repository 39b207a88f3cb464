"""Changes as a unified diff, which ``patch`` and ``git apply`` understand."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from flake8_contracts.output.paths import shown


def render_diff(path: Path, before: bytes | None, after: bytes, name: str | None = None) -> str:
    """Return the diff of one file, or of a new one (``before`` is ``None``).

    Line ends are shown as they are; ``name`` is shown instead of the path.
    """
    name = name or shown(path).replace("\\", "/")
    old = "/dev/null" if before is None else name
    return "".join(_lines(_decoded(before or b""), _decoded(after), old, name))


def _lines(before: str, after: str, old: str, new: str) -> Iterator[str]:
    for line in unified_diff(_split(before), _split(after), old, new):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _split(text: str) -> list[str]:
    """Split at line feeds only: a carriage return is part of its line."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _decoded(data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode("utf-8" if encoding == "utf-8-sig" else encoding)
    except (SyntaxError, LookupError, UnicodeError):
        return data.decode("latin-1")
