"""Contracts and specifications that are declared in YAML, JSON and TOML files.

Two forms exist. A *contract file* (``*.contract.{yaml,yml,json,toml}``) has the fields of the contract's model, and
optionally ``kind``. A *step interface* (``*.step.{yaml,yml}``) describes a step whole; its sections ``contract`` and
``spec`` are read.

What has the wrong type but a place in the model is passed on as it stands, for the checks that all contracts share;
what has no place in the model is reported as unreadable here. So every mistake has one report, at its own line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flake8_contracts.catalog.contract_draft import ContractDraft
from flake8_contracts.catalog.documents import (
    DataNode,
    DocumentError,
    MappingNode,
    Member,
    read_document,
)
from flake8_contracts.catalog.model import CONTRACT_FIELDS, Declarations, Unreadable
from flake8_contracts.catalog.nodes import describe, plain
from flake8_contracts.catalog.step_contract import STEP_KEYS, STEP_SPELLING, read_step_contract
from flake8_contracts.catalog.step_specification import read_step_specification
from flake8_contracts.findings import FixedPlace, Span
from flake8_contracts.suggestions import nearest

Form = Literal["contract", "step"]

_STEP_TRACES = (b"/opt/ml", b"entry_point", b"compatible_sources", b"property_path")


@dataclass(frozen=True)
class StepInterface:
    """A step interface file that could be read: the tree, and the sections that describe contract and specification."""

    path: Path
    root: MappingNode
    contract: Member | None
    spec: Member | None


def contracts_in_document(path: Path, data: bytes) -> Declarations:
    """The contracts that a data file declares. Whatever is wrong with the file is in the result, never raised."""
    form = _form_by_name(path)
    try:
        root = read_document(path, data)
    except DocumentError as error:
        if form == "step" and data.strip() and not any(trace in data for trace in _STEP_TRACES):
            # Other tools have files of that name, some of them templates and no YAML yet.
            return Declarations()
        return _unreadable(path, error.span, error.reason)
    if (form or _form_by_content(root)) == "step":
        return _step_declarations(path, root)
    return _contract_file(path, root)


def step_interface(path: Path, root: DataNode) -> StepInterface | None:
    """The sections of a step interface, or ``None`` for a file that is none: other tools use the name, too."""
    if not isinstance(root, MappingNode):
        return None
    contract, spec = root.get("contract"), root.get("spec")
    if contract is None and spec is None:
        return None
    return StepInterface(path, root, contract, spec)


def _form_by_name(path: Path) -> Form | None:
    kinds = path.name.lower().split(".")[1:-1]
    if "step" in kinds:
        return "step"
    return "contract" if "contract" in kinds else None


def _form_by_content(root: DataNode) -> Form:
    """The form of a file that the configuration names, but whose name tells nothing."""
    return (
        "step" if isinstance(root, MappingNode) and step_interface(Path(), root) is not None else "contract"
    )


def _unreadable(path: Path, span: Span, reason: str) -> Declarations:
    return Declarations(unreadable=[Unreadable(FixedPlace(path, span), reason)])


def _name(path: Path) -> str:
    """The name of the contract in a file: the file's name without what tells form and format."""
    stem = path.name.removesuffix(path.suffix)
    for form in (".contract", ".step"):
        stem = stem.removesuffix(form)
    return stem or path.name


# Contract files


def _contract_file(path: Path, root: DataNode) -> Declarations:
    if not isinstance(root, MappingNode):
        reason = f"a contract is a mapping of fields, this file holds {describe(root)}"
        return _unreadable(path, root.span, reason)
    draft = ContractDraft(path, _name(path))
    for member in root:
        if member.key == "kind":
            draft.set_kind(member)
        elif member.key in CONTRACT_FIELDS:
            draft.set_field(member.key, member)
        elif member.key != "$schema":  # by which editors find the JSON Schema
            draft.set_unknown(member, (*CONTRACT_FIELDS, "kind"), "field of a contract")
    return draft.finish()


# Step interfaces


def _step_declarations(path: Path, root: DataNode) -> Declarations:
    declared = _step_contracts(path, root)
    interface = step_interface(path, root)
    if interface is not None and interface.spec is not None and _describes_step(interface.root):
        contract = declared.contracts[0] if declared.contracts else None
        specification, unreadable = read_step_specification(
            path, interface.root, interface.spec, _name(path), contract
        )
        declared.unreadable.extend(unreadable)
        if specification is not None:
            declared.specifications.append(specification)
            declared.in_pipelines = True
    return declared


def _describes_step(root: MappingNode) -> bool:
    """Whether a file with a ``spec`` section is a step interface: many other files have one."""
    return root.get("step_type") is not None or root.get("contract") is not None


def _step_contracts(path: Path, root: DataNode) -> Declarations:
    interface = step_interface(path, root)
    if interface is None or interface.contract is None:
        return _misspelled_contract(path, root)
    place = FixedPlace(path, interface.contract.key_span)
    draft = ContractDraft(path, _name(path), place, STEP_SPELLING)
    section = interface.contract.value
    if not isinstance(section, MappingNode):
        if plain(section) is None:
            return Declarations()
        draft.refuse(section.span, f"'contract' takes a mapping, not {describe(section)}")
        return Declarations(unreadable=draft.unreadable)
    if not read_step_contract(draft, section):
        return Declarations(unreadable=draft.unreadable)
    for member in interface.root:
        if member.key not in STEP_KEYS and nearest(member.key, STEP_KEYS) is not None:
            draft.set_unknown(member, STEP_KEYS, "key of a step interface")
    return draft.finish()


def _misspelled_contract(path: Path, root: DataNode) -> Declarations:
    """A step without a contract needs none (it may run no script), unless a key was meant to be one."""
    for member in root if isinstance(root, MappingNode) else ():
        if nearest(member.key, ["contract"]) == "contract" and isinstance(member.value, MappingNode):
            reason = f"unknown key {member.key!r} of a step interface; did you mean 'contract'?"
            return _unreadable(path, member.key_span, reason)
    return Declarations()
