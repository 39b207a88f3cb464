"""The ``spec`` section of a step interface, in terms of the specification's model.

Other tools keep their own keys beside the ones read here. So an unknown key is reported only if it looks like a slip
of a known one; what it was probably meant to be then counts as unknown.
"""

from __future__ import annotations

from pathlib import Path

from contracts_runtime.problems import UNRESOLVED
from flake8_contracts.catalog.contract_draft import unknown_key
from flake8_contracts.catalog.documents import DataNode, MappingNode, Member, ScalarNode, SequenceNode, plain
from flake8_contracts.catalog.model import (
    DeclaredContract,
    DeclaredPort,
    DeclaredSpecification,
    Entry,
    Unreadable,
)
from flake8_contracts.catalog.nodes import describe
from flake8_contracts.findings import FixedPlace, Place, Span
from flake8_contracts.suggestions import nearest

_KIND = "sagemaker_step_type"
_SECTIONS = ("dependencies", "outputs")
#: What a file calls the fields of a dependency and of an output, and what the model calls them.
_FIELDS = {
    "dependencies": {
        "type": "dependency_type",
        "required": "required",
        "compatible_sources": "compatible_sources",
        "semantic_keywords": "semantic_keywords",
        "data_type": "data_type",
        "description": "description",
    },
    "outputs": {
        "type": "output_type",
        "property_path": "property_path",
        "aliases": "aliases",
        "semantic_keywords": "semantic_keywords",
        "data_type": "data_type",
        "description": "description",
    },
}


def read_step_specification(
    path: Path, root: MappingNode, section: Member, name: str, contract: DeclaredContract | None
) -> tuple[DeclaredSpecification | None, list[Unreadable]]:
    """The specification in the ``spec`` section of a step interface, and what of it cannot be read."""
    return _Reader(path).read(root, section, name, contract)


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.unreadable: list[Unreadable] = []
        self.unresolved: set[str] = set()

    def read(
        self, root: MappingNode, section: Member, name: str, contract: DeclaredContract | None
    ) -> tuple[DeclaredSpecification | None, list[Unreadable]]:
        node = section.value
        if not isinstance(node, MappingNode):
            if plain(node) is not None:
                self.refuse(node.span, f"'spec' takes a mapping, not {describe(node)}")
            return None, self.unreadable
        self.look_for_slips(node, _SECTIONS, "'spec'")
        raw: dict[str, object] = {}
        places: dict[str, Place] = {}
        for key in ("step_type", "node_type"):
            member = root.get(key)
            if member is not None:
                raw[key] = plain(member.value)
                places[key] = self.place(member.value.span)
        # What other tools say of the step counts as evidence for its kind.
        registry = root.get("registry")
        kind = registry.value.get(_KIND) if registry and isinstance(registry.value, MappingNode) else None
        if kind is not None and isinstance(plain(kind.value), str):
            raw[_KIND] = plain(kind.value)
        ports = {key: self.ports(key, node.get(key), raw, places) for key in _SECTIONS}
        step_type = raw.get("step_type")
        type_place = places.get("step_type", self.place(section.key_span))
        declared = DeclaredSpecification(
            name=name,
            source=self.path,
            place=self.place(section.key_span),
            step_type=Entry(step_type if isinstance(step_type, str) else None, type_place, type_place),
            dependencies=ports["dependencies"],
            outputs=ports["outputs"],
            contract=contract,
            unresolved=frozenset(self.unresolved),
            raw=raw,
            field_places=places,
            is_step_file=True,
        )
        return declared, self.unreadable

    def place(self, span: Span) -> FixedPlace:
        return FixedPlace(self.path, span)

    def refuse(self, span: Span, reason: str) -> None:
        self.unreadable.append(Unreadable(self.place(span), reason, is_part=True))

    def look_for_slips(self, node: MappingNode, known: tuple[str, ...], where: str) -> set[str]:
        """Report keys that look like known ones; return what they were probably meant to be."""
        meant: set[str] = set()
        for member in node:
            near = None if member.key in known else nearest(member.key, known)
            if near is not None and node.get(near) is None:
                self.refuse(member.key_span, unknown_key(member, known, where))
                meant.add(near)
        if where == "'spec'":
            self.unresolved |= meant
        return meant

    def ports(
        self, section: str, member: Member | None, raw: dict[str, object], places: dict[str, Place]
    ) -> dict[str, DeclaredPort]:
        described: dict[object, object] = {UNRESOLVED: UNRESOLVED} if section in self.unresolved else {}
        found: dict[str, DeclaredPort] = {}
        if member is not None:
            places[section] = self.place(member.key_span)
            if isinstance(member.value, MappingNode):
                found = {port.key: self.port(section, port) for port in member.value}
            elif plain(member.value) is not None:
                self.refuse(
                    member.value.span,
                    f"'spec.{section}' takes a mapping of names to {{type: ...}}, not {describe(member.value)}",
                )
                self.unresolved.add(section)
                described[UNRESOLVED] = UNRESOLVED
        described.update({name: port.raw for name, port in found.items()})
        raw[section] = described
        return found

    def port(self, section: str, member: Member) -> DeclaredPort:
        place = self.place(member.key_span)
        raw: dict[str, object] = {"logical_name": member.key}
        places: dict[str, Place] = {}
        items: dict[str, dict[str, Place]] = {}
        fields = _FIELDS[section]
        what = f"the {'dependency' if section == 'dependencies' else 'output'} {member.key!r}"
        if isinstance(member.value, MappingNode):
            for slip in self.look_for_slips(member.value, tuple(fields), what):
                raw[fields[slip]] = UNRESOLVED
            for item in member.value:
                if item.key in fields and plain(item.value) is not None:
                    raw[fields[item.key]] = plain(item.value)
                    places[fields[item.key]] = self.place(item.value.span)
                    items[fields[item.key]] = self.items(item.value)
        else:
            span = member.key_span if plain(member.value) is None else member.value.span
            self.refuse(span, f"{what} takes a mapping such as {{type: ...}}, not {describe(member.value)}")
            raw.update(dict.fromkeys(fields.values(), UNRESOLVED))
        required = raw.get("required", True) is not False
        return DeclaredPort(Entry(member.key, place, place, required), raw, places, items)

    def items(self, node: DataNode) -> dict[str, Place]:
        if not isinstance(node, SequenceNode):
            return {}
        return {
            item.value: self.place(item.span)
            for item in node.items
            if isinstance(item, ScalarNode) and isinstance(item.value, str)
        }
