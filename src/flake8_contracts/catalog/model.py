"""What a project declares, read without running it, with the place of every key and value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

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


class Entry(NamedTuple):
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
    tells where a field's name stands. ``spelling`` is how the file spells the model's fields, where that differs;
    ``slips`` is what to say of the fields that the model does not have. ``kind_is_certain``: unless the kind was
    guessed from the paths of a code base's own class. ``others`` are fields that other tools may know.
    """

    name: str
    source: Path
    place: Place
    kind: JobKind = "processing"
    kind_is_certain: bool = True
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
    spelling: Mapping[str, str] = field(default_factory=dict)
    slips: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, object] = field(default_factory=dict)

    def declares_variable(self, name: str) -> bool:
        """Whether the contract names the environment variable, required or optional."""
        return name in self.required_env or name in self.optional_env

    def mentions(self, name: str) -> bool:
        """Whether a field that the model does not have names something, and so may declare it in its own way."""
        own = (value for field_name, value in self.raw.items() if field_name not in CONTRACT_FIELDS)
        return any(_mentions(value, name) for value in (*own, *self.others.values()))


def _mentions(value: object, name: str, depth: int = 5) -> bool:
    """Whether ``name`` is among the texts, items and keys of plain data."""
    if isinstance(value, str):
        return value == name
    if isinstance(value, Mapping):
        value = (*value.keys(), *value.values())
    if not isinstance(value, (list, tuple, set, frozenset)) or not depth:
        return False
    return any(_mentions(item, name, depth - 1) for item in value)


@dataclass(frozen=True)
class DeclaredPort:
    """A dependency or an output of a specification as it stands in a file.

    ``name`` is its logical name; its place is where the name is written. ``raw`` holds the fields as the model names
    them, with ``UNRESOLVED`` where a value is unknown. ``places`` tells where the value of a field stands, ``items``
    where each item of a list stands (``compatible_sources``, ``aliases``).
    """

    name: Entry
    raw: Mapping[str, object] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    items: Mapping[str, Mapping[str, Place]] = field(default_factory=dict)

    def place(self, field_name: str, item: object = None) -> Place:
        """Where an item of a field stands, else the field, else the logical name."""
        found = self.items.get(field_name, {}).get(item) if isinstance(item, str) else None
        return found or self.places.get(field_name) or self.name.place


@dataclass(frozen=True)
class DeclaredSpecification:
    """A step specification as it stands in a file.

    ``dependencies`` and ``outputs`` map logical names to what is declared; a field named in ``unresolved`` may have
    more of them. ``contract`` is the step's script contract; ``None`` if it has none or if it is not known which, and
    if it is loaded from the file ``contract_file``.
    ``raw`` holds the fields as plain data for the checks of ``contracts_runtime``, without the contract.
    ``is_foreign``: it is made by a code base's own class, which may have other fields and other rules.
    ``is_step_file``: the file is a step interface, which spells the fields in its own way.
    """

    name: str
    source: Path
    place: Place
    step_type: Entry | None = None
    dependencies: Mapping[str, DeclaredPort] = field(default_factory=dict)
    outputs: Mapping[str, DeclaredPort] = field(default_factory=dict)
    contract: DeclaredContract | None = None
    contract_file: str = ""
    unresolved: frozenset[str] = frozenset()
    raw: Mapping[str, object] = field(default_factory=dict)
    field_places: Mapping[str, Place] = field(default_factory=dict)
    is_foreign: bool = False
    is_step_file: bool = False


class Registration(NamedTuple):
    """A step that is registered: ``registry.register("Payload", PAYLOAD_SPEC)``.

    ``step_name`` has no value and ``specification`` is ``None`` where they are not known. ``is_certain``: no condition
    decides about it.
    """

    step_name: Entry
    specification: DeclaredSpecification | None
    is_certain: bool = True


@dataclass(frozen=True)
class DeclaredRegistry:
    """A registry of steps, and what all modules register in it.

    ``known_as`` are the module-level variables that hold it, by file. ``is_open``: other code may register more than
    can be seen.
    """

    place: Place
    known_as: Mapping[Path, str] = field(default_factory=dict)
    registrations: tuple[Registration, ...] = ()
    wires: tuple[Edge, ...] = ()
    is_open: bool = False


class Member(NamedTuple):
    """A step of a pipeline: its name there, and what it declares. ``place`` is where the pipeline names it."""

    name: str
    specification: DeclaredSpecification
    place: Place


class Edge(NamedTuple):
    """What connects two steps of a pipeline, by their names.

    ``is_wire``: data goes from one to the other, from this output to this dependency where they are named. An edge of a
    graph may be there for the order alone.
    """

    producer: str
    consumer: str
    place: Place
    output: str | None = None
    dependency: str | None = None
    is_wire: bool = False


@dataclass(frozen=True)
class DeclaredPipeline:
    """Steps that run together, as far as the project tells.

    ``is_complete``: there are no other steps. ``is_alternative``: not all of the steps need to run together, so that
    nothing can be said of two that offer the same.
    """

    members: tuple[Member, ...]
    edges: tuple[Edge, ...] = ()
    is_complete: bool = True
    is_alternative: bool = False

    @property
    def files(self) -> frozenset[Path]:
        """The files in which something may be reported."""
        places = [*(member.place for member in self.members), *(edge.place for edge in self.edges)]
        return frozenset(place.path for place in places)


class Unreadable(NamedTuple):
    """A declaration that cannot be read: the place and the reason, one line, becomes SMC901."""

    place: Place
    reason: str
    #: Whether the rest of the declaration is known, and checked.
    is_part: bool = False


def whole_file(path: Path) -> FixedPlace:
    """The place of a file as a whole: its first character."""
    return FixedPlace(path)


@dataclass
class Declarations:
    """Everything that one file declares.

    ``fault`` is why the reading itself failed: a bug of the tool. ``in_pipelines``: the file says which steps make up a
    pipeline, or is one of them: it registers steps, holds a graph of steps, or is a step interface.
    """

    contracts: list[DeclaredContract] = field(default_factory=list)
    specifications: list[DeclaredSpecification] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    fault: str | None = None
    in_pipelines: bool = False

    def __bool__(self) -> bool:
        """Whether the file declares anything, or should."""
        return self.in_pipelines or any((self.contracts, self.specifications, self.unreadable, self.fault))
