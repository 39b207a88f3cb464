"""A contract that is given as values, not declared in a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from flake8_contracts.catalog.model import DeclaredContract, Entry, JobKind
from flake8_contracts.findings import FixedPlace


def contract_of_fields(fields: Mapping[str, object], kind: JobKind, script: Path) -> DeclaredContract:
    """The contract with these fields. It has no file of its own: its places are the script's first line."""
    place = FixedPlace(script)

    def entries(name: str) -> dict[str, Entry]:
        value = fields.get(name) or {}
        assert isinstance(value, Iterable)
        texts = value if isinstance(value, Mapping) else {str(item): None for item in value}
        return {
            str(key): Entry(None if text is None else str(text), place, place) for key, text in texts.items()
        }

    return DeclaredContract(
        name=str(fields.get("entry_point") or script.name),
        source=script,
        place=place,
        kind=kind,
        entry_point=Entry(str(fields.get("entry_point", "")), place, place),
        inputs=entries("expected_input_paths"),
        outputs=entries("expected_output_paths"),
        required_env=entries("required_env_vars"),
        optional_env=entries("optional_env_vars"),
        arguments=entries("expected_arguments"),
        raw=dict(fields),
    )
