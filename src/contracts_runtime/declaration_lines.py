"""Where in a contract or step file a problem stands."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from contracts_runtime.problems import Problem

_Path = Tuple[str, ...]

# Where a step interface keeps what the models call otherwise.
_SECTIONS: Mapping[str, _Path] = {
    "entry_point": ("contract", "entry_point"),
    "expected_input_paths": ("contract", "inputs"),
    "expected_output_paths": ("contract", "outputs"),
    "expected_arguments": ("contract", "arguments"),
    "framework_requirements": ("contract", "framework_requirements"),
    "description": ("contract", "description"),
    "required_env_vars": ("contract", "env_vars", "required"),
    "optional_env_vars": ("contract", "env_vars", "optional"),
    "env_vars": ("contract", "env_vars"),
    "kind": ("contract", "kind"),
    "dependencies": ("spec", "dependencies"),
    "outputs": ("spec", "outputs"),
    "sagemaker_step_type": ("registry", "sagemaker_step_type"),
}
_TYPES = {"dependency_type": "type", "output_type": "type"}
_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"\\]*)"|'([^']*)'|([\w-]+))\s*=""")


class LineFinder:
    """Finds lines in a file with this text; ``suffix`` is the file's ending."""

    def __init__(self, text: str, suffix: str, *, is_step: bool) -> None:
        self._is_step = is_step
        self._find = _TomlKeys(text).line_of if suffix == ".toml" else _YamlKeys(text).line_of

    def line_of(self, problem: Problem) -> int | None:
        """Return the line, from 1 on, of what is wrong; ``None`` if it cannot be told.

        Where what is meant is missing, the line is that of what it is missing from.
        """
        place = _place(problem, self._is_step)
        while place:
            found = self._find(place)
            if found is not None:
                return found
            place.pop()
        return None


def _place(problem: Problem, is_step: bool) -> List[str]:
    """Return the keys that lead to what a problem is about."""
    place = [*_SECTIONS.get(problem.field, (problem.field,))] if is_step else [problem.field]
    if isinstance(problem.key, str):
        place.append(problem.key)
    if problem.part is not None and problem.part != "logical_name":
        place.append(_TYPES.get(problem.part, problem.part) if is_step else problem.part)
    elif is_step and problem.field in {"expected_input_paths", "expected_output_paths"}:
        place.append("path")
    return place


class _YamlKeys:
    """The keys of a YAML file, of which JSON is a part."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _root(self) -> Any:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        try:
            return YAML(typ="safe", pure=True).compose(self._text)
        except (YAMLError, ValueError, RecursionError):
            return None

    def line_of(self, wanted: Sequence[str]) -> int | None:
        line, node = None, self._root
        for key in wanted:
            found = _child(node, key)
            if found is None:
                return None
            line, node = found
        return line


def _child(node: Any, key: str) -> Tuple[int, Any] | None:
    """Return the line and the node of the entry ``key`` of a mapping, or of the item of a list that reads so."""
    kind = getattr(node, "id", None)
    if kind == "mapping":
        for name, value in node.value:
            if name.value == key:
                return name.start_mark.line + 1, value
    elif kind == "sequence":
        for item in node.value:
            if item.value == key:
                return item.start_mark.line + 1, item
    return None


class _TomlKeys:
    """The keys of a TOML file, by the look of its lines; where some may only look so, there are none."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _lines(self) -> Mapping[_Path, int]:
        lines: Dict[_Path, int] = {}
        if '"""' in self._text or "'''" in self._text:
            return lines
        table: _Path = ()
        for number, line in enumerate(self._text.splitlines(), 1):
            header, entry = _HEADER.match(line), _KEY.match(line)
            if header:
                table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
                lines.setdefault(table, number)
            elif entry:
                lines.setdefault((*table, entry[entry.lastindex or 0]), number)
        return lines

    def line_of(self, wanted: Sequence[str]) -> int | None:
        return self._lines.get(tuple(wanted))
