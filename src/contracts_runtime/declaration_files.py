"""Contracts and step interfaces in files, as plain data for the checks.

``*.contract.{yaml,yml,json,toml}`` has the fields of a contract, and optionally ``kind``; ``*.step.{yaml,yml}``
describes a step whole, with its contract and its specification. Files are read, never run.
"""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Mapping, Sequence, Tuple

from contracts_runtime.contract_checks import check_contract, infer_kind
from contracts_runtime.declaration_lines import LineFinder
from contracts_runtime.platform_facts import KINDS
from contracts_runtime.problems import ERROR, Problem, quoted, type_name
from contracts_runtime.specification_checks import (
    check_contract_alignment,
    check_property_paths,
    check_specification,
)
from contracts_runtime.specification_fields import DEPENDENCIES, OUTPUTS, invalid
from contracts_runtime.step_interfaces import KIND, SPEC, StepInterface, spelled
from contracts_runtime.step_kinds import possible_kinds

_CONTRACT_ENDINGS = tuple(f".contract.{each}" for each in ("yaml", "yml", "json", "toml"))
_STEP_ENDINGS = (".step.yaml", ".step.yml")
# Directories that hold no sources of a project.
_SKIPPED = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages", "venv"})


class DeclarationError(ValueError):
    """A file cannot be read. The message begins with its path, and the line where one is known."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        super().__init__(f"{path}{'' if line is None else f':{line}'}: {reason}")
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class DeclaredStep:
    """What a file declares: a contract, a specification or both."""

    path: Path
    text: str = field(repr=False)
    contract: Mapping[str, object] | None = None
    contract_kind: str | None = None
    """The kind of job, where the file says it."""
    specification: Mapping[str, object] | None = None
    optional_inputs: FrozenSet[str] = frozenset()
    unplaced: Sequence[Problem] = ()
    """What has no place in a contract or a specification."""

    def without_specification(self) -> DeclaredStep:
        """Return what the file declares of a contract alone."""
        unplaced = [each for each in self.unplaced if each.field not in (SPEC, DEPENDENCIES, OUTPUTS)]
        return replace(self, specification=None, unplaced=unplaced)

    def refuse(self) -> None:
        """Raise :class:`DeclarationError` with everything that the models of contract and specification refuse."""
        refused = self.located(each for each in self._model_problems() if each.severity == ERROR)
        if refused:
            (line, first), *others = refused
            reasons = [first.text, *(at_line(number, problem.text) for number, problem in others)]
            raise DeclarationError(self.path, "; ".join(reasons), line)

    def check(self) -> List[Problem]:
        """Return everything that is wrong with the contract, the specification and their alignment."""
        found = self._model_problems()
        if self.specification is not None:
            kinds = possible_kinds(self.specification, self.contract, self.contract_kind)
            found += check_property_paths(self.specification, kinds)
            if self.contract is not None:
                found += check_contract_alignment(self.specification, self.contract, self.optional_inputs)
        return found

    def located(self, problems: Iterable[Problem]) -> List[Tuple[int | None, Problem]]:
        """Return problems with their lines in the file, ``None`` where one cannot be told, in order of lines."""
        is_step = self.path.name.lower().endswith(_STEP_ENDINGS)
        find = LineFinder(self.text, self.path.suffix.lower(), is_step=is_step)
        found = [(find.line_of(problem), problem) for problem in problems]
        return sorted(found, key=lambda pair: (pair[0] is None, pair[0] or 0))

    def _model_problems(self) -> List[Problem]:
        found = list(self.unplaced)
        if self.contract is not None:
            found += check_contract(self.contract, self.contract_kind or infer_kind(self.contract))
        if self.specification is not None:
            found += map(spelled, check_specification(self.specification))
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
    text = _text(path)
    data = _parsed(path, text)
    if not isinstance(data, dict):
        found = "is empty" if data is None else f"holds {type_name(data)}, not a mapping of fields"
        raise DeclarationError(path, f"the file {found}")
    # Editors find the JSON Schema by this key.
    data = {key: value for key, value in data.items() if key != "$schema"}
    if not path.name.lower().endswith(_STEP_ENDINGS):
        return _contract(path, text, data)
    step = StepInterface(data)
    return DeclaredStep(
        path, text, step.contract, step.contract_kind, step.specification, step.optional_inputs, step.problems
    )


def at_line(line: int | None, text: str) -> str:
    """Return ``text`` with its line in front, if one is known."""
    return text if line is None else f"line {line}: {text}"


def _contract(path: Path, text: str, data: Mapping[str, object]) -> DeclaredStep:
    kind = data.get(KIND)
    unplaced: List[Problem] = []
    if kind is not None and kind not in KINDS:
        remedy = f"write one of {', '.join(map(repr, KINDS))}"
        unplaced.append(invalid(KIND, None, kind, f"{KIND} is {quoted(kind)}", remedy))
    fields = {key: value for key, value in data.items() if key != KIND}
    return DeclaredStep(path, text, fields, kind if kind in KINDS else None, unplaced=unplaced)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DeclarationError(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise DeclarationError(path, f"not UTF-8 at byte {error.start}; save the file as UTF-8") from error


def _parsed(path: Path, text: str) -> Any:
    read = {".json": _read_json, ".toml": _read_toml}.get(path.suffix.lower(), _read_yaml)
    try:
        return read(path, text)
    except RecursionError as error:
        raise DeclarationError(path, "nested too deeply to be read; a contract has few levels") from error


def _read_json(path: Path, text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates)
    except json.JSONDecodeError as error:
        raise DeclarationError(path, f"not valid JSON: {error.msg}", error.lineno) from error
    except ValueError as error:
        raise DeclarationError(path, str(error)) from error


def _without_duplicates(pairs: List[Tuple[str, object]]) -> Dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(
            f"the key {quoted(twice)} is there twice, so that only one of them counts; remove one"
        )
    return fields


def _read_toml(path: Path, text: str) -> object:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Only Python 3.14 gives the place otherwise.
        place = re.search(r" \(at line ([0-9]+), column [0-9]+\)$", str(error))
        reason = str(error)[: place.start()] if place else str(error)
        raise DeclarationError(path, f"not valid TOML: {reason}", int(place[1]) if place else None) from error


def _read_yaml(path: Path, text: str) -> object:
    try:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError
    except ImportError as error:
        raise DeclarationError(
            path, "YAML needs ruamel.yaml, which is not installed; run 'pip install ruamel.yaml'"
        ) from error
    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(str(error.problem or error.context or "the parser gives no reason").split())
        raise DeclarationError(
            path, f"not valid YAML: {reason}", mark.line + 1 if mark is not None else None
        ) from error
    except (YAMLError, ValueError) as error:
        raise DeclarationError(path, f"not valid YAML: {' '.join(str(error).split())}") from error
