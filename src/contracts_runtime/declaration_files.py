"""Contracts and step interfaces in files, as plain data for the checks.

``*.contract.{yaml,yml,json,toml}`` has the fields of a contract, and optionally ``kind``; ``*.step.{yaml,yml}``
describes a step whole, with its contract and its specification. Files are read, never run.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, FrozenSet, Iterator, List, Mapping

from contracts_runtime.contract_checks import check_contract, infer_kind
from contracts_runtime.platform_facts import KINDS
from contracts_runtime.problems import UNRESOLVED, Problem, closest, quoted, type_name
from contracts_runtime.specification_checks import (
    DEPENDENCY_FIELDS,
    OUTPUT_FIELDS,
    check_contract_alignment,
    check_property_paths,
    check_specification,
)
from contracts_runtime.specification_fields import invalid
from contracts_runtime.step_kinds import possible_kinds

_CONTRACT_ENDINGS = tuple(f".contract.{each}" for each in ("yaml", "yml", "json", "toml"))
_STEP_ENDINGS = (".step.yaml", ".step.yml")
# Directories that hold no sources of a project.
_SKIPPED = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages", "venv"})

_CONTRACT_KEYS = {
    "entry_point": "entry_point",
    "arguments": "expected_arguments",
    "framework_requirements": "framework_requirements",
    "description": "description",
}
_PORTS = {"inputs": "expected_input_paths", "outputs": "expected_output_paths"}
_VARIABLES = {"required": "required_env_vars", "optional": "optional_env_vars"}
_ITEM_FIELDS = {"dependencies": DEPENDENCY_FIELDS, "outputs": OUTPUT_FIELDS}
_TYPE_FIELDS = {"dependencies": "dependency_type", "outputs": "output_type"}


class DeclarationError(ValueError):
    """A file cannot be read; the message begins with its path, and the line where one is known."""


@dataclass(frozen=True)
class DeclaredStep:
    """What a file declares: a contract, a specification or both."""

    path: Path
    contract: Mapping[str, object] | None = None
    contract_kind: str | None = None
    """The kind of job, where the file says it."""
    specification: Mapping[str, object] | None = None
    optional_inputs: FrozenSet[str] = frozenset()
    problems: List[Problem] = field(default_factory=list)
    """What has no place in a contract or a specification."""

    def check(self) -> List[Problem]:
        """Return everything that is wrong with the contract, the specification and their alignment."""
        found = list(self.problems)
        if self.contract is not None:
            found += check_contract(self.contract, self.contract_kind or infer_kind(self.contract))
        if self.specification is not None:
            found += check_specification(self.specification)
            kinds = possible_kinds(self.specification, self.contract, self.contract_kind)
            found += check_property_paths(self.specification, kinds)
            if self.contract is not None:
                found += check_contract_alignment(self.specification, self.contract, self.optional_inputs)
        return found


def declaration_files(folder: Path) -> Iterator[Path]:
    """Yield the contract and step files at and below ``folder``, in order of their paths."""
    for directory, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(_CONTRACT_ENDINGS + _STEP_ENDINGS):
                yield Path(directory, name)


def read_declaration(path: Path) -> DeclaredStep:
    """Return what a contract or step file declares. Raises :class:`DeclarationError` if it cannot be read."""
    data = _read(path)
    if not isinstance(data, dict):
        raise DeclarationError(f"{path}: the file holds {type_name(data)}, not a mapping of fields")
    if path.name.lower().endswith(_STEP_ENDINGS):
        return _step(path, data)
    fields = {str(key): value for key, value in data.items() if key != "kind"}
    kind = data.get("kind")
    if kind is not None and kind not in KINDS:
        raise DeclarationError(f"{path}: kind is {quoted(kind)}; write one of {', '.join(map(repr, KINDS))}")
    return DeclaredStep(path, fields, kind)


def _read(path: Path) -> object:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DeclarationError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DeclarationError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    if path.suffix.lower() == ".json":
        return _read_json(path, text)
    if path.suffix.lower() == ".toml":
        return _read_toml(path, text)
    return _read_yaml(path, text)


def _read_json(path: Path, text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DeclarationError(f"{path}:{error.lineno}: not valid JSON: {error.msg}") from error


def _read_toml(path: Path, text: str) -> object:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(f"{path}: not valid TOML: {error}") from error


def _read_yaml(path: Path, text: str) -> object:
    try:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError
    except ImportError as error:
        raise DeclarationError(
            f"{path}: YAML needs ruamel.yaml, which is not installed; run 'pip install ruamel.yaml'"
        ) from error
    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark is not None else ""
        reason = " ".join(str(error.problem or error.context or "the parser gives no reason").split())
        raise DeclarationError(f"{path}{line}: not valid YAML: {reason}") from error
    except (YAMLError, ValueError) as error:
        raise DeclarationError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error


# --- step interfaces ---


def _step(path: Path, data: Mapping[object, object]) -> DeclaredStep:
    problems: List[Problem] = []
    section = data.get("contract")
    contract = None
    optional: FrozenSet[str] = frozenset()
    if isinstance(section, dict) and section.get("entry_point", "") is not None:
        contract, optional = _step_contract(section), _optional_inputs(section)
    specification = None
    if "spec" in data or "step_type" in data:
        specification = _specification(data, problems)
    kind = section.get("kind") if isinstance(section, dict) else None
    return DeclaredStep(path, contract, kind if kind in KINDS else None, specification, optional, problems)


def _step_contract(section: Mapping[str, object]) -> Dict[str, object]:
    fields: Dict[str, object] = {
        own: section[key] for key, own in _CONTRACT_KEYS.items() if section.get(key) is not None
    }
    for key, own in _PORTS.items():
        ports = section.get(key) or {}
        fields[own] = (
            {name: _path(port) for name, port in ports.items()} if isinstance(ports, dict) else ports
        )
    variables = section.get("env_vars") or {}
    if isinstance(variables, dict):
        fields.update(
            {own: variables[key] for key, own in _VARIABLES.items() if variables.get(key) is not None}
        )
    flags = section.get("job_arguments") or []
    arguments = fields.get("expected_arguments", {})
    if isinstance(flags, list) and isinstance(arguments, dict):
        # Their values come from the pipeline's configuration.
        given = {str(each["flag"]): UNRESOLVED for each in flags if isinstance(each, dict) and "flag" in each}
        fields["expected_arguments"] = {**given, **arguments}
    return fields


def _path(port: object) -> object:
    """Return the path of an input or output; what is mounted nowhere has none that could be wrong."""
    path = port.get("path") if isinstance(port, dict) else port
    return UNRESOLVED if path is None else path


def _optional_inputs(section: Mapping[str, object]) -> FrozenSet[str]:
    ports = section.get("inputs")
    if not isinstance(ports, dict):
        return frozenset()
    return frozenset(
        name for name, port in ports.items() if isinstance(port, dict) and port.get("required") is False
    )


def _specification(data: Mapping[object, object], problems: List[Problem]) -> Dict[str, object]:
    fields: Dict[str, object] = {key: data[key] for key in ("step_type", "node_type") if key in data}
    spec = data.get("spec") or {}
    if not isinstance(spec, dict):
        problems.append(
            invalid("spec", None, spec, f"'spec' is {type_name(spec)}, not a mapping", "write its fields")
        )
        spec = {}
    for name in ("dependencies", "outputs"):
        items = spec.get(name)
        fields[name] = _items(name, items, problems) if isinstance(items, dict) else items or {}
    registry = data.get("registry")
    if isinstance(registry, dict) and isinstance(registry.get("sagemaker_step_type"), str):
        fields["sagemaker_step_type"] = registry["sagemaker_step_type"]
    return fields


def _items(name: str, items: Mapping[object, object], problems: List[Problem]) -> Dict[object, object]:
    return {key: _item(name, key, item, problems) for key, item in items.items()}


def _item(name: str, key: object, item: object, problems: List[Problem]) -> object:
    """Return the fields of a dependency or output; other tools may keep keys of their own in it."""
    if not isinstance(item, dict):
        return item
    known = {"type", *_ITEM_FIELDS[name]} - {_TYPE_FIELDS[name]}
    fields: Dict[str, object] = {}
    for given, value in item.items():
        if given in known:
            fields[_TYPE_FIELDS[name] if given == "type" else given] = value
            continue
        near = closest(str(given), known)
        if near is not None:
            what = f"{name}[{quoted(key)}]: {quoted(given)} is no key of a step interface"
            problems.append(invalid(name, key, value, what, f"did you mean {near!r}?", str(given), near))
            fields[_TYPE_FIELDS[name] if near == "type" else near] = UNRESOLVED
    return fields
