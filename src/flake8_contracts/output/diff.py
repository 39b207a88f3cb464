"""Changes as a unified diff, which ``patch`` and ``git apply`` understand."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from flake8_contracts.output.paths import shown


def render_diff(path: Path, before: bytes, after: bytes, name: str | None = None) -> str:
    """Return the diff of one file. Line ends are shown as they are; ``name`` is shown instead of the path."""
    name = name or shown(path).replace("\\", "/")
    return "".join(_lines(_decoded(before), _decoded(after), name))


def _lines(before: str, after: str, name: str) -> Iterator[str]:
    for line in unified_diff(_split(before), _split(after), name, name):
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
