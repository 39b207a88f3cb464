"""Bytes in and out: the same on every platform and in every locale."""

from __future__ import annotations

import io
import json
import sys
import tokenize


def write(text: str, *, err: bool = False) -> None:
    r"""Write text to standard output (``err``: standard error) as UTF-8, as flake8 does.

    Characters of file names that are not Unicode become ``\udcXX``, which is also how JSON writes them.
    """
    stream = sys.stderr if err else sys.stdout
    stream.flush()
    stream.buffer.write(text.encode("utf-8", "backslashreplace"))
    stream.buffer.flush()


def write_json(document: object) -> None:
    """Write a JSON document."""
    write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def write_bytes(data: bytes) -> None:
    """Write to standard output as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def read_source(data: bytes) -> str:
    """The text of a file with the encoding that Python would use, line ends as line feeds."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (LookupError, SyntaxError, UnicodeError):
        text = data.decode("latin-1")
    return io.StringIO(text, newline=None).read()
