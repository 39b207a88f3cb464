"""What a fix may leave behind: a file that parses, with all its comments."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections import Counter
from pathlib import Path

from flake8_contracts.catalog.documents import DATA_SUFFIXES, DocumentError, read_document
from flake8_contracts.fixes.file_text import Refused
from flake8_contracts.syntax.source import UnparsableSource, decode_source, parse_source


def require_valid(path: Path, before: bytes, after: bytes) -> None:
    """Raise :class:`Refused` if the new content does not parse, or has lost a comment of the old one."""
    if path.suffix in DATA_SUFFIXES:
        _require_document(path, after)
        return
    try:
        source = parse_source(path, decode_source(path, after))
        if _is_python(before) and not _is_python(after):
            raise Refused(f"{path.name} would not be valid Python")
    except UnparsableSource as error:
        raise Refused(f"{path.name} would not be valid Python: {error.reason}") from error
    lost = _comments(before) - _comments(source.text.encode(), plain=True)
    if lost:
        raise Refused(f"{path.name} would lose the comment {next(iter(lost))!r}")


def _require_document(path: Path, data: bytes) -> None:
    try:
        read_document(path, data)
    except DocumentError as error:
        raise Refused(f"{path.name} could not be read any more: {error.reason}") from error


def _is_python(data: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _comments(data: bytes, *, plain: bool = False) -> Counter[str]:
    found: Counter[str] = Counter()
    try:
        tokens = (
            tokenize.generate_tokens(io.StringIO(data.decode()).readline)
            if plain
            else tokenize.tokenize(io.BytesIO(data).readline)
        )
        found.update(token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT)
    except (tokenize.TokenError, SyntaxError, UnicodeError):
        return Counter()
    return found
