"""Reads YAML, JSON and TOML files into trees that know where everything stands.

Nothing is executed, constructed or looked up; whatever a file holds, reading it ends with a tree or with a
:class:`DocumentError` that says where and why, and takes time in proportion to the file.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from flake8_contracts.catalog.limits import MAX_BYTES
from flake8_contracts.catalog.nodes import (
    DataNode,
    DocumentError,
    MappingNode,
    Member,
    ScalarNode,
    SequenceNode,
    plain,
)
from flake8_contracts.findings import START, Span

__all__ = [
    "DATA_SUFFIXES",
    "DataNode",
    "DocumentError",
    "MappingNode",
    "Member",
    "ScalarNode",
    "SequenceNode",
    "decode",
    "plain",
    "read_document",
]

DATA_SUFFIXES = (".yaml", ".yml", ".json", ".toml")

_FOREIGN_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def read_document(path: Path, data: bytes) -> DataNode:
    """The tree of a data file; the suffix of ``path`` tells the format.

    Raises :class:`DocumentError` for content that cannot be read, and :class:`ValueError` for another suffix.
    """
    suffix = path.suffix.lower()
    if suffix not in DATA_SUFFIXES:
        raise ValueError(f"{path.name} is not a YAML, JSON or TOML file")
    text = decode(data)
    if not text.strip():
        raise DocumentError(START, "the file is empty")
    # The readers are imported when they are needed: most runs of flake8 meet one of the formats, or none.
    if suffix == ".json":
        from flake8_contracts.catalog.json_documents import read_json

        return read_json(text)
    if suffix == ".toml":
        from flake8_contracts.catalog.toml_documents import read_toml

        return read_toml(text)
    from flake8_contracts.catalog.yaml_documents import read_yaml

    return read_yaml(text)


def decode(data: bytes) -> str:
    """The text of a data file, without a byte order mark.

    All three formats are read as UTF-8: TOML and JSON require it (TOML 1.0 "Spec"; RFC 8259, section 8.1), and for
    YAML nothing else is in use.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError(
            START, f"the file is larger than {MAX_BYTES:,} bytes, so it is not read; a contract is small"
        )
    for mark, encoding in _FOREIGN_MARKS.items():
        if data.startswith(mark):
            raise DocumentError(START, f"the file is encoded in {encoding}; save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Of a file with a byte order mark, `error.object` and `error.start` leave out the mark.
        valid = bytes(error.object[: error.start]).decode("utf-8")
        line, column = valid.count("\n") + 1, len(valid) - valid.rfind("\n")
        byte = error.object[error.start]
        reason = f"the byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
        raise DocumentError(Span(line, column, line, column), reason) from error
