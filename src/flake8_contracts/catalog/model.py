"""What a project declares, read without running it, with the place of every key and value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from flake8_contracts.findings import FixedPlace, Place

JobKind = Literal["processing", "training"]

CONTRACT_FIELDS = (
    "entry_point",
    "expected_input_paths",
    "expected_output_paths",
    "required_env_vars",
    "optional_env_vars",
    "expected_arguments",
    "framework_requirements",
    "description",
)


@dataclass(frozen=True)
class Entry:
    """One declared value: where its key stands and where its value stands.

    ``value`` is ``None`` when the value could not be resolved without running code; rules that need it stay silent.
    For items of a list, ``key_place`` equals ``place``.
    """

    value: str | None
    place: Place
    key_place: Place
    required: bool = True


@dataclass(frozen=True)
class DeclaredContract:
    """A script contract as it stands in a file.

    ``inputs``, ``outputs``, ``optional_env`` and ``arguments`` map a key to its entry; ``required_env`` maps a
    variable's name to the entry of the list item. A field named in ``unresolved`` could not be read in full: nothing
    may be called undeclared because of it. ``raw`` holds the fields as plain data for
    ``contracts_runtime.contract_checks``, with its ``UNRESOLVED`` sentinel where a value is unknown; ``field_places``
    tells where a field's name stands.
    """

    name: str
    source: Path
    place: Place
    kind: JobKind = "processing"
    entry_point: Entry | None = None
    inputs: Mapping[str, Entry] = field(default_factory=dict)
    outputs: Mapping[str, Entry] = field(default_factory=dict)
    required_env: Mapping[str, Entry] = field(default_factory=dict)
    optional_env: Mapping[str, Entry] = field(default_factory=dict)
    arguments: Mapping[str, Entry] = field(default_factory=dict)
    unresolved: frozenset[str] = frozenset()
    raw: Mapping[str, object] = field(default_factory=dict)
    field_places: Mapping[str, Place] = field(default_factory=dict)
    module: str | None = None

    def declares_variable(self, name: str) -> bool:
        """Whether the contract names the environment variable, required or optional."""
        return name in self.required_env or name in self.optional_env


@dataclass(frozen=True)
class Unreadable:
    """A declaration that cannot be read: the place and the reason, one line, becomes SMC901."""

    place: Place
    reason: str


def whole_file(path: Path) -> FixedPlace:
    """The place of a file as a whole: its first character."""
    return FixedPlace(path)


@dataclass
class Declarations:
    """Everything that one file declares. ``fault`` is why the reading itself failed: a bug of the tool."""

    contracts: list[DeclaredContract] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    fault: str | None = None
