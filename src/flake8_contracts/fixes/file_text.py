"""A file as text that is edited without touching a byte outside of the edits."""

from __future__ import annotations

import codecs
import io
import tokenize
from collections.abc import Iterable
from pathlib import Path

from flake8_contracts.catalog.nodes import TextMap
from flake8_contracts.findings import Edit, Span


class Refused(Exception):  # noqa: N818 - an answer, not an error of the program
    """A fix cannot be applied. The text says why, one line, without a full stop."""


class FileText:
    """The text of a file, without its byte order mark, with the line ends that it has."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self._mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        content = data[len(self._mark) :]
        self._encoding = _encoding(path, data)
        try:
            self.text = content.decode(self._encoding)
        except UnicodeError as error:
            raise Refused(f"{path.name} cannot be read as {self._encoding}") from error
        if self.text.encode(self._encoding) != content:
            raise Refused(f"{path.name} would not keep its bytes in the encoding {self._encoding}")
        self._map = TextMap(self.text)

    def range(self, span: Span) -> tuple[int, int]:
        """The offsets of a span. Raises :class:`Refused` for one that the text has not."""
        start = self._map.offset(span.line, span.column)
        end = self._map.offset(span.end_line, span.end_column)
        if self._map.span(start, end) != span or end < start:
            raise Refused(f"{self.path.name} has no text at line {span.line}, column {span.column}")
        return start, end

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The file's bytes with these edits, which must not overlap. Raises :class:`Refused`."""
        pieces: list[str] = []
        at = 0
        for start, end, replacement in sorted((*self.range(edit.span), edit.replacement) for edit in edits):
            if start < at:
                raise Refused("the edits overlap")
            pieces += [self.text[at:start], self._with_line_ends(replacement, start)]
            at = end
        pieces.append(self.text[at:])
        try:
            return self._mark + "".join(pieces).encode(self._encoding)
        except UnicodeError as error:
            raise Refused(
                f"{self.path.name} is encoded in {self._encoding}, which lacks a character"
            ) from error

    def _with_line_ends(self, replacement: str, offset: int) -> str:
        """The replacement with the line ends of its surroundings."""
        if "\n" not in replacement:
            return replacement
        return replacement.replace("\n", self._line_end(offset))

    def _line_end(self, offset: int) -> str:
        for at in (self._first_end(offset), self._first_end(0)):
            if at is not None:
                return "\r\n" if self.text.startswith("\r\n", at) else self.text[at]
        return "\n"

    def _first_end(self, offset: int) -> int | None:
        found = [at for at in (self.text.find("\r", offset), self.text.find("\n", offset)) if at >= 0]
        return min(found) if found else None


def _encoding(path: Path, data: bytes) -> str:
    """What Python would read the file with; data files are UTF-8."""
    if path.suffix in (".yaml", ".yml", ".json", ".toml"):
        return "utf-8"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except (SyntaxError, LookupError) as error:
        raise Refused(f"{path.name} has an unknown encoding") from error
    return "utf-8" if encoding == "utf-8-sig" else encoding
