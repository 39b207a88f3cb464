"""Step interfaces: what the sections of a ``*.step.yaml`` say, in terms of the models.

Step interfaces also drive other tools, which keep keys of their own beside the ones read here. So a key that is not
known is refused only where it looks like a slip of a known one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, FrozenSet, Iterator, List, Mapping, Sequence, Tuple

from contracts_runtime.platform_facts import KINDS
from contracts_runtime.problems import UNRESOLVED, Problem, closest, quoted, type_name
from contracts_runtime.specification_checks import DEPENDENCY_FIELDS, OUTPUT_FIELDS
from contracts_runtime.specification_fields import invalid

CONTRACT, SPEC = "contract", "spec"
KIND = "kind"

STEP_KEYS = ("step_type", "node_type", CONTRACT, SPEC)
"""What a step interface consists of."""
CONTRACT_KEYS = {
    "entry_point": "entry_point",
    "arguments": "expected_arguments",
    "framework_requirements": "framework_requirements",
    "description": "description",
}
PORTS = {"inputs": "expected_input_paths", "outputs": "expected_output_paths"}
VARIABLES = {"required": "required_env_vars", "optional": "optional_env_vars"}
"""Key of ``env_vars``: the field of the model. ``CONTRACT_KEYS`` and ``PORTS`` are the same for the section itself."""
# Key of the contract section: the fields of the model that it describes.
_MODEL_FIELDS: Mapping[str, Sequence[str]] = {
    **{key: (own,) for key, own in {**CONTRACT_KEYS, **PORTS}.items()},
    "env_vars": tuple(VARIABLES.values()),
    "job_arguments": ("expected_arguments",),
    KIND: (),
}
CONTRACT_SECTION = tuple(_MODEL_FIELDS)
"""What the contract section consists of."""
ITEM_FIELDS = {"dependencies": DEPENDENCY_FIELDS, "outputs": OUTPUT_FIELDS}
TYPE_FIELDS = {"dependencies": "dependency_type", "outputs": "output_type"}
"""What the models call the ``type`` of a dependency and of an output. All other fields keep their names."""
# How like a known key another one must be to be a slip of it: "step_name" is none of "step_type".
_SLIP = 0.75
PORT_KEYS = {"inputs": ("path", "required", "channels"), "outputs": ("path",)}
"""What is said of an input and of an output of the contract."""


class StepInterface:
    """The contract and the specification in a step interface, as plain data, and what has no place in them."""

    def __init__(self, data: Mapping[object, object]) -> None:
        self.problems: List[Problem] = list(_slips("", None, data, STEP_KEYS, "a step interface"))
        self.contract: Dict[str, object] | None = None
        """``None`` if the step runs no script."""
        self.contract_kind: str | None = None
        """The kind of job, where the file says it."""
        self.optional_inputs: FrozenSet[str] = frozenset()
        self.specification: Dict[str, object] | None = None
        section = self._section(data, CONTRACT)
        if section is not None and section.get("entry_point", "") is not None:
            self._read_contract(section)
        if SPEC in data or "step_type" in data:
            self.specification = self._specification(data)

    def _section(self, data: Mapping[object, object], name: str) -> Mapping[str, object] | None:
        section = data.get(name)
        if section is None or isinstance(section, dict):
            return section
        what = f"{name!r} is {type_name(section)}, not a mapping of its fields"
        self.problems.append(invalid(name, None, section, what, "write a mapping"))
        return None

    # --- contract ---

    def _read_contract(self, section: Mapping[str, object]) -> None:
        fields: Dict[str, object] = {
            own: section[key] for key, own in CONTRACT_KEYS.items() if section.get(key) is not None
        }
        for key, own in PORTS.items():
            ports = section.get(key) or {}
            fields[own] = self._paths(key, ports) if isinstance(ports, dict) else ports
        fields.update(self._variables(section.get("env_vars")))
        flags = section.get("job_arguments") or []
        arguments = fields.get("expected_arguments", {})
        if isinstance(flags, list) and isinstance(arguments, dict):
            # Their values come from the pipeline's configuration.
            given = {
                str(each["flag"]): UNRESOLVED for each in flags if isinstance(each, dict) and "flag" in each
            }
            fields["expected_arguments"] = {**given, **arguments}
        for slip in _slips(CONTRACT, None, section, CONTRACT_SECTION, "the contract of a step interface"):
            self.problems.append(slip)
            fields.update((own, UNRESOLVED) for own in _MODEL_FIELDS[str(slip.expected)])
        self.contract = fields
        self.optional_inputs = _optional_inputs(section)
        self._read_kind(section.get(KIND))

    def _read_kind(self, kind: object) -> None:
        if kind is None:
            return
        if isinstance(kind, str) and kind in KINDS:
            self.contract_kind = kind
            return
        remedy = f"write one of {', '.join(map(repr, KINDS))}"
        self.problems.append(invalid(KIND, None, kind, f"{KIND} is {quoted(kind)}", remedy))

    def _variables(self, variables: object) -> Iterator[Tuple[str, object]]:
        if variables is None:
            return
        if not isinstance(variables, dict):
            what = f"'env_vars' is {type_name(variables)}, not a mapping with 'required' and 'optional'"
            self.problems.append(invalid("env_vars", None, variables, what, "write a mapping"))
            return
        for slip in _slips("env_vars", None, variables, tuple(VARIABLES), "'env_vars'"):
            self.problems.append(slip)
            yield VARIABLES[str(slip.expected)], UNRESOLVED
        for key, own in VARIABLES.items():
            if variables.get(key) is not None:
                yield own, variables[key]

    def _paths(self, direction: str, ports: Mapping[object, object]) -> Dict[object, object]:
        return {name: self._path(direction, name, port) for name, port in ports.items()}

    def _path(self, direction: str, name: object, port: object) -> object:
        """Return the path of an input or output; what is mounted nowhere has none that could be wrong."""
        if not isinstance(port, dict):
            return UNRESOLVED if port is None else port
        what = "an input" if direction == "inputs" else "an output"
        slips = list(_slips(PORTS[direction], name, port, PORT_KEYS[direction], what))
        self.problems += slips
        if "path" not in port and not slips:
            message = f"{direction}[{quoted(name)}] has no 'path'"
            remedy = "add the container path, or 'path: null' for what is mounted nowhere"
            self.problems.append(invalid(PORTS[direction], name, None, message, remedy, "path"))
        path = port.get("path")
        return UNRESOLVED if path is None else path

    # --- specification ---

    def _specification(self, data: Mapping[object, object]) -> Dict[str, object]:
        fields: Dict[str, object] = {key: data[key] for key in ("step_type", "node_type") if key in data}
        spec: Mapping[Any, object] = self._section(data, SPEC) or {}
        for name in ITEM_FIELDS:
            fields[name] = self._items(name, spec.get(name))
        registry = data.get("registry")
        if isinstance(registry, dict) and isinstance(registry.get("sagemaker_step_type"), str):
            fields["sagemaker_step_type"] = registry["sagemaker_step_type"]
        for slip in _slips(SPEC, None, spec, tuple(ITEM_FIELDS), "the specification of a step interface"):
            self.problems.append(slip)
            fields[str(slip.expected)] = UNRESOLVED
        return fields

    def _items(self, name: str, items: object) -> object:
        if isinstance(items, dict):
            return {key: self._item(name, key, item) for key, item in items.items()}
        if items is None:
            return {}
        what = f"{name} is {type_name(items)}, not a mapping of names to {{type: ...}}"
        self.problems.append(invalid(name, None, items, what, "write a mapping"))
        return UNRESOLVED

    def _item(self, name: str, key: object, item: object) -> object:
        """Return the fields of a dependency or output, with its type under the model's name for it."""
        if not isinstance(item, dict):
            return item
        model_name = TYPE_FIELDS[name]
        known = {"type", *ITEM_FIELDS[name]} - {model_name}
        fields: Dict[str, object] = {
            model_name if given == "type" else given: value for given, value in item.items() if given in known
        }
        if model_name in item and "type" not in item:
            message = f"{name}[{quoted(key)}]: a step interface spells {model_name!r} as 'type'"
            self.problems.append(
                invalid(name, key, item[model_name], message, "write 'type'", model_name, "type")
            )
            fields[model_name] = UNRESOLVED
        for slip in _slips(name, key, item, sorted(known), "a step interface"):
            self.problems.append(slip)
            meant = str(slip.expected)
            fields.setdefault(model_name if meant == "type" else meant, UNRESOLVED)
        return fields


def spelled(problem: Problem) -> Problem:
    """Return a problem of a specification in the words of a step interface."""
    model_name = TYPE_FIELDS.get(problem.field)
    if model_name is None or problem.part != model_name or problem.expected == "type":
        return problem
    message = problem.message
    for before, after in ((": ", " is "), (" has no ", ",")):
        message = message.replace(f"{before}{model_name}{after}", f"{before}type{after}", 1)
    return replace(problem, message=message)


def _slips(
    field: str, key: object, given: Mapping[Any, object], known: Sequence[str], what: str
) -> Iterator[Problem]:
    """Yield a problem for each key that looks like a slip of a known one."""
    for name, value in given.items():
        near = None if name in known else closest(str(name), known, _SLIP)
        if near is not None and near not in given:
            where = f"{field}[{quoted(key)}]: " if key is not None else ""
            message = f"{where}{quoted(name)} is no key of {what}"
            yield invalid(field or str(name), key, value, message, f"did you mean {near!r}?", str(name), near)


def _optional_inputs(section: Mapping[str, object]) -> FrozenSet[str]:
    ports = section.get("inputs")
    if not isinstance(ports, dict):
        return frozenset()
    return frozenset(
        name for name, port in ports.items() if isinstance(port, dict) and port.get("required") is False
    )
