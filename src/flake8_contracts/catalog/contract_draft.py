"""A contract while it is being read from a data file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Literal, get_args

from contracts_runtime.problems import quoted
from flake8_contracts.catalog.documents import DataNode, MappingNode, Member, ScalarNode, SequenceNode, plain
from flake8_contracts.catalog.kind import job_kind
from flake8_contracts.catalog.model import Declarations, DeclaredContract, Entry, JobKind, Unreadable
from flake8_contracts.catalog.nodes import describe
from flake8_contracts.findings import FixedPlace, Place, Span
from flake8_contracts.suggestions import did_you_mean, nearest

MappingField = Literal[
    "expected_input_paths",
    "expected_output_paths",
    "optional_env_vars",
    "expected_arguments",
    "framework_requirements",
]

_MAPPING_FIELDS: tuple[MappingField, ...] = get_args(MappingField)
NUMBERS_ARE_TEXT = frozenset({"optional_env_vars", "expected_arguments", "framework_requirements"})
"""Fields in which a number in YAML is the text that spells it."""


class ContractDraft:
    """Collects fields, entries, places and what could not be read; :meth:`finish` makes the result."""

    def __init__(
        self,
        path: Path,
        name: str,
        place: Place | None = None,
        spelling: Mapping[str, str] | None = None,
    ) -> None:
        """``spelling`` is how the file spells the model's fields, where that differs."""
        self.unreadable: list[Unreadable] = []
        self._spelling = spelling or {}
        self._slips: dict[str, str] = {}
        self._others: dict[str, object] = {}
        self._path = path
        self._name = name
        self._place = place or FixedPlace(path)
        self._kind: JobKind | None = None
        self._raw: dict[str, object] = {}
        self._field_places: dict[str, Place] = {}
        self._unresolved: set[str] = set()
        self._entry_point: Entry | None = None
        self._entries: dict[str, dict[str, Entry]] = {field: {} for field in _MAPPING_FIELDS}
        self._required_env: dict[str, Entry] = {}

    def place(self, span: Span) -> FixedPlace:
        """A place in the file that is being read."""
        return FixedPlace(self._path, span)

    def refuse(self, span: Span, reason: str) -> None:
        """Report something that has no place in the model."""
        self.unreadable.append(Unreadable(self.place(span), reason, is_part=True))

    def set_kind(self, member: Member) -> None:
        """Take the job kind that the file names."""
        value = member.value.value if isinstance(member.value, ScalarNode) else None
        if value == "training":
            self._kind = "training"
        elif value == "processing":
            self._kind = "processing"
        else:
            self.refuse(
                member.value.span, f"'kind' is 'training' or 'processing', not {describe(member.value)}"
            )

    def set_unknown(self, member: Member, known: Collection[str], what: str) -> None:
        """Pass on a field that the model does not have; what it was probably meant to be counts as unknown.

        ``known`` are the names that may stand there, ``what`` is what they are.
        """
        self._raw[member.key] = plain(member.value)
        self._field_places[member.key] = self.place(member.key_span)
        meant = nearest(member.key, known)
        remedy = f"did you mean {meant!r}?" if meant is not None else f"there are {', '.join(known)}"
        self._slips[member.key] = f"{quoted(member.key)} is not a {what}; {remedy}"
        if meant is not None:
            self._unresolved.add(meant)

    def set_other(self, member: Member) -> None:
        """Take a field that is not the model's, nor meant to be."""
        self._others[member.key] = plain(member.value)

    def set_field(self, field: str, member: Member) -> None:
        """Take one of the model's fields; ``member`` is how the file spells it."""
        node = member.value
        self.locate(field, member)
        if field == "required_env_vars":
            self._set_required_variables(node)
        elif field in self._entries:
            self._set_mapping(field, node)
        else:
            self._raw[field] = "" if _is_left_out(node) and field == "description" else plain(node)
            if field == "entry_point" and isinstance(node, ScalarNode) and isinstance(node.value, str):
                self._entry_point = Entry(node.value, self.place(node.span), self.place(member.key_span))

    def locate(self, field: str, member: Member) -> None:
        """Remember where a field is named."""
        self._field_places[field] = self.place(member.key_span)

    def leave_unresolved(self, field: str) -> None:
        """Mark a field as not read in full, so that nothing is called undeclared because of it."""
        self._unresolved.add(field)

    def add_entry(self, field: MappingField, member: Member, value: object, *, required: bool = True) -> None:
        """Add one key of a mapping; ``value`` is what the checks see, also where it is of the wrong type."""
        raw = self._raw.setdefault(field, {})
        if isinstance(raw, dict):  # else it has another type, which the checks report
            raw[member.key] = value
        self.declare(field, member, value if isinstance(value, str) else None, required=required)

    def declare(
        self, field: MappingField, member: Member, value: str | None, *, required: bool = True
    ) -> None:
        """Add a key that exists although the checks have nothing to see of its value."""
        key_place = self.place(member.key_span)
        place = key_place if _is_left_out(member.value) else self.place(member.value.span)
        self._entries[field].setdefault(member.key, Entry(value, place, key_place, required))

    def _set_mapping(self, field: str, node: DataNode) -> None:
        assert field in _MAPPING_FIELDS
        if _is_left_out(node):
            self._raw[field] = {}
        elif isinstance(node, MappingNode):
            self._raw[field] = {}
            for member in node:
                self.add_entry(field, member, self._value(field, member.value))
        else:
            self._raw[field] = plain(node)
            self._unresolved.add(field)

    def _value(self, field: str, node: DataNode) -> object:
        """A mapping's value as the checks see it.

        YAML has several ideas of what a number is (``5e-05`` is text to some readers), and a variable or an argument
        arrives as text anyway: there, a number is taken as it is spelled.
        """
        if (
            field in NUMBERS_ARE_TEXT
            and self._path.suffix.lower() in (".yaml", ".yml")
            and isinstance(node, ScalarNode)
            and type(node.value) in (int, float)
        ):
            return node.text
        return plain(node)

    def _set_required_variables(self, node: DataNode) -> None:
        if _is_left_out(node):
            self._raw["required_env_vars"] = []
            return
        self._raw["required_env_vars"] = plain(node)
        if not isinstance(node, SequenceNode):
            self._unresolved.add("required_env_vars")
            return
        for item in node.items:
            if isinstance(item, ScalarNode) and isinstance(item.value, str):
                place = self.place(item.span)
                self._required_env.setdefault(item.value, Entry(item.value, place, place))

    def finish(self) -> Declarations:
        """The contract, and what could not be read."""
        inputs, outputs = self._entries["expected_input_paths"], self._entries["expected_output_paths"]
        paths = [entry.value for entry in (*inputs.values(), *outputs.values()) if entry.value is not None]
        contract = DeclaredContract(
            name=self._name,
            source=self._path,
            place=self._place,
            kind=job_kind(paths, self._kind),
            entry_point=self._entry_point,
            inputs=inputs,
            outputs=outputs,
            required_env=self._required_env,
            optional_env=self._entries["optional_env_vars"],
            arguments=self._entries["expected_arguments"],
            unresolved=frozenset(self._unresolved),
            raw=self._raw,
            field_places=self._field_places,
            spelling=self._spelling,
            slips=self._slips,
            others=self._others,
        )
        return Declarations([contract], unreadable=self.unreadable)


def unknown_key(member: Member, known: Iterable[str], where: str) -> str:
    """The message for a key that has no place in the model."""
    return f"unknown key {member.key!r} of {where}{did_you_mean(member.key, known)}"


def _is_left_out(node: DataNode) -> bool:
    """Whether nothing stands after the key, which YAML allows: an empty section."""
    return isinstance(node, ScalarNode) and node.value is None and not node.text
