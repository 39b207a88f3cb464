"""Contracts in JSON files, read with nothing but the standard library."""

from __future__ import annotations

import json
import os
import re

from contracts_runtime.errors import ContractViolation
from contracts_runtime.problems import quoted


class ContractFile:
    """The contract in a JSON file: its fields, and the lines where they stand.

    Raises ``OSError`` if the file cannot be read and :class:`ContractViolation`, with file and line, if it holds no
    contract.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        with open(self.path, "rb") as file:
            data = file.read()
        try:
            fields = json.loads(data, object_pairs_hook=_refuse_duplicates)
        except (ValueError, RecursionError) as error:
            raise ContractViolation(f"no contract can be read: {error}", self.path) from error
        if not isinstance(fields, dict):
            problem = f"no contract can be read: expected an object, found a {type(fields).__name__}"
            raise ContractViolation(problem, self.path)
        # Editors find the JSON Schema by this key.
        fields.pop("$schema", None)
        self.fields: dict[str, object] = fields
        self._text = data.decode(json.detect_encoding(data), "replace")

    def line(self, field: str, key: object = None) -> int | None:
        """Return the line of a field, or of the key or item in it that reads ``key``; ``None`` if there is none."""
        start = re.compile(rf"{re.escape(json.dumps(field))}\s*:").search(self._text)
        if start is None:
            return None
        place = start.start()
        if isinstance(key, str) and key != field:
            inner = self._text.find(json.dumps(key, ensure_ascii=False), start.end())
            place = inner if inner >= 0 else place
        return self._text.count("\n", 0, place) + 1


def _refuse_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for key, value in pairs:
        if key in fields:
            raise ValueError(f"the key {quoted(key)} is there twice")
        fields[key] = value
    return fields
