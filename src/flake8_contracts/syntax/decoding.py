"""From the bytes of a Python file to its text, without a parser."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path

from flake8_contracts.findings import Span


class UnparsableSource(Exception):  # noqa: N818 - what it is about, not what went wrong
    """A file that cannot be parsed. ``valid_python`` tells whether CPython itself accepts it."""

    def __init__(self, path: Path, line: int, column: int, reason: str, *, valid_python: bool) -> None:
        super().__init__(f"{path}:{line}:{column}: {reason}")
        self.path = path
        self.span = Span(line, column, line, column)
        self.reason = reason
        self.valid_python = valid_python


def decode_source(path: Path, data: bytes) -> str:
    """The text of a Python file as Python reads it: encoding cookie, byte order mark and line ends resolved."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, LookupError) as error:
        raise UnparsableSource(path, 1, 1, f"unknown source encoding ({error})", valid_python=False) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{data[error.start]:02x} is not {error.encoding}: save the file as UTF-8"
        raise UnparsableSource(path, line, 1, reason, valid_python=False) from None
    except UnicodeError as error:  # of codecs that are no character sets, such as "undefined"
        raise UnparsableSource(path, 1, 1, f"{error}: save the file as UTF-8", valid_python=False) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def fallback_text(data: bytes) -> str:
    """What flake8 takes a file for that Python cannot decode: Latin-1 (``FileProcessor.read_lines_from_filename``)."""
    text = data.decode("latin-1").removeprefix("\u00ef\u00bb\u00bf")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_anyway(path: Path, data: bytes) -> str:
    """The text of a Python file; one that Python cannot decode is taken for what flake8 takes it for."""
    try:
        return decode_source(path, data)
    except UnparsableSource:
        return fallback_text(data)


def is_fallback(path: Path, data: bytes, text: str) -> bool:
    """Whether ``text`` is what flake8 takes a file with this content for because Python cannot decode it."""
    try:
        decode_source(path, data)
    except UnparsableSource:
        return fallback_text(data) == text
    return False
