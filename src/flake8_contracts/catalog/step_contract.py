"""The ``contract`` section of a step interface, in terms of the contract's model.

Step interfaces also drive other tools, which keep their own keys beside the ones read here. So an unknown key is
reported only if it looks like a slip of a known one.
"""

from __future__ import annotations

from contracts_runtime.contract_checks import UNRESOLVED
from flake8_contracts.catalog.contract_draft import ContractDraft, MappingField, unknown_key
from flake8_contracts.catalog.documents import MappingNode, Member, ScalarNode, SequenceNode, plain
from flake8_contracts.catalog.model import CONTRACT_FIELDS
from flake8_contracts.catalog.nodes import DataNode, describe
from flake8_contracts.suggestions import nearest

STEP_KEYS = ("step_type", "node_type", "contract", "spec")
"""What a step interface consists of."""

_FIELDS = {
    "entry_point": "entry_point",
    "inputs": "expected_input_paths",
    "outputs": "expected_output_paths",
    "arguments": "expected_arguments",
    "framework_requirements": "framework_requirements",
    "description": "description",
}
STEP_CONTRACT_KEYS = (*_FIELDS, "job_arguments", "env_vars", "kind")
"""What the contract section of a step interface consists of."""

_VARIABLE_FIELDS = {"required": "required_env_vars", "optional": "optional_env_vars"}
STEP_SPELLING = {
    **{own: key for key, own in _FIELDS.items() if own != key},
    **{own: f"env_vars.{group}" for group, own in _VARIABLE_FIELDS.items()},
}
"""How a step interface spells the fields of the model, where that differs."""
_PORT_KEYS = {"inputs": ("path", "required", "channels"), "outputs": ("path",)}
MODEL_SPELLINGS = {
    "expected_input_paths": "inputs",
    "expected_output_paths": "outputs",
    "expected_arguments": "arguments",
    "required_env_vars": "env_vars: {required: [...]}",
    "optional_env_vars": "env_vars: {optional: {...}}",
}
"""Fields of the model that a step interface has under another name."""


def read_step_contract(draft: ContractDraft, section: MappingNode) -> bool:
    """Fill the draft from the section; ``False`` if the step runs no script and so has no contract."""
    entry_point = section.get("entry_point")
    if (
        entry_point is not None
        and isinstance(entry_point.value, ScalarNode)
        and entry_point.value.value is None
    ):
        return False  # `entry_point: null`: the step creates a model, say
    for member in section:
        _read_member(draft, member)
    return True


def _read_member(draft: ContractDraft, member: Member) -> None:
    key = member.key
    if key == "kind":
        draft.set_kind(member)
    elif key == "inputs":
        _read_ports(draft, member, "inputs", "expected_input_paths")
    elif key == "outputs":
        _read_ports(draft, member, "outputs", "expected_output_paths")
    elif key == "job_arguments":
        _read_job_arguments(draft, member)
    elif key == "env_vars":
        _read_variables(draft, member)
    elif key in _FIELDS:
        draft.set_field(_FIELDS[key], member)
    elif key in MODEL_SPELLINGS:
        draft.refuse(member.key_span, f"a step interface spells {key!r} as '{MODEL_SPELLINGS[key]}'")
        draft.leave_unresolved(key)
    else:
        _read_unknown(draft, member)


def _read_unknown(draft: ContractDraft, member: Member) -> None:
    meant = nearest(member.key, STEP_CONTRACT_KEYS)
    if meant is None:
        draft.set_other(member)
        return
    draft.set_unknown(member, STEP_CONTRACT_KEYS, "key of the contract of a step interface")
    affected = {
        "env_vars": ("required_env_vars", "optional_env_vars"),
        "job_arguments": ("expected_arguments",),
    }
    for field in affected.get(meant, (_FIELDS.get(meant, meant),)):
        draft.leave_unresolved(field)


def _is_nothing(node: DataNode) -> bool:
    return isinstance(node, ScalarNode) and node.value is None


# Inputs and outputs


def _read_ports(draft: ContractDraft, member: Member, key: str, field: MappingField) -> None:
    draft.locate(field, member)
    if _is_nothing(member.value):
        return
    if not isinstance(member.value, MappingNode):
        draft.refuse(
            member.value.span,
            f"'{key}' takes a mapping of names to {{path: ...}}, not {describe(member.value)}",
        )
        draft.leave_unresolved(field)
        return
    for port in member.value:
        _read_port(draft, port, key, field)


def _read_port(draft: ContractDraft, port: Member, key: str, field: MappingField) -> None:
    what = f"the {key.removesuffix('s')} {port.key!r}"
    if not isinstance(port.value, MappingNode):
        draft.refuse(
            port.key_span if _is_nothing(port.value) else port.value.span,
            f"{what} takes a mapping such as {{path: /opt/ml/processing/...}}, not {describe(port.value)}",
        )
        draft.declare(field, port, None)
        return
    slips = [
        item for item in port.value if item.key not in _PORT_KEYS[key] and nearest(item.key, _PORT_KEYS[key])
    ]
    for slip in slips:
        draft.refuse(slip.key_span, unknown_key(slip, _PORT_KEYS[key], what))
    required = _is_required(draft, port.value, what)
    _check_channels(draft, port.value, what)
    path = port.value.get("path")
    if path is None:
        if not slips:
            draft.refuse(port.key_span, f"{what} has no path; add 'path: /opt/ml/processing/...'")
        draft.declare(field, port, None, required=required)
    elif _is_nothing(path.value):
        draft.declare(field, port, None, required=required)  # mounted nowhere: a property of another step
    else:
        at_path = Member(port.key, port.key_span, path.value)
        draft.add_entry(field, at_path, plain(path.value), required=required)


def _is_required(draft: ContractDraft, port: MappingNode, what: str) -> bool:
    member = port.get("required")
    if member is None or _is_nothing(member.value):
        return True
    if isinstance(member.value, ScalarNode) and isinstance(member.value.value, bool):
        return member.value.value
    draft.refuse(member.value.span, f"'required' of {what} is true or false, not {describe(member.value)}")
    return False


def _check_channels(draft: ContractDraft, port: MappingNode, what: str) -> None:
    member = port.get("channels")
    if member is None or _is_nothing(member.value):
        return
    node = member.value
    if not isinstance(node, SequenceNode):
        draft.refuse(node.span, f"'channels' of {what} takes a list of names, not {describe(node)}")
        return
    for item in node.items:
        if not isinstance(item, ScalarNode) or not isinstance(item.value, str):
            draft.refuse(item.span, f"a channel of {what} is text, not {describe(item)}")


# Environment and arguments


def _read_variables(draft: ContractDraft, member: Member) -> None:
    if _is_nothing(member.value):
        return
    if not isinstance(member.value, MappingNode):
        draft.refuse(
            member.value.span,
            f"'env_vars' takes a mapping with 'required' and 'optional', not {describe(member.value)}",
        )
        for field in _VARIABLE_FIELDS.values():
            draft.leave_unresolved(field)
        return
    for group in member.value:
        if group.key in _VARIABLE_FIELDS:
            draft.set_field(_VARIABLE_FIELDS[group.key], group)
            continue
        draft.refuse(group.key_span, unknown_key(group, _VARIABLE_FIELDS, "'env_vars'"))
        meant = nearest(group.key, _VARIABLE_FIELDS)
        if meant is not None:
            draft.leave_unresolved(_VARIABLE_FIELDS[meant])


def _read_job_arguments(draft: ContractDraft, member: Member) -> None:
    """Arguments whose values the pipeline takes from its configuration: only their flags are known."""
    node = member.value
    if _is_nothing(node):
        return
    if not isinstance(node, SequenceNode):
        draft.refuse(node.span, f"'job_arguments' takes a list of {{flag, source}}, not {describe(node)}")
        draft.leave_unresolved("expected_arguments")
        return
    for item in node.items:
        flag = item.get("flag") if isinstance(item, MappingNode) else None
        if flag is None:
            draft.refuse(
                item.span, f"a job argument takes a mapping with 'flag' and 'source', not {_contents(item)}"
            )
            draft.leave_unresolved("expected_arguments")
        elif not isinstance(flag.value, ScalarNode) or not isinstance(flag.value.value, str):
            draft.refuse(flag.value.span, f"'flag' of a job argument is text, not {describe(flag.value)}")
            draft.leave_unresolved("expected_arguments")
        else:
            name = Member(flag.value.value, flag.value.span, flag.value)
            draft.add_entry("expected_arguments", name, UNRESOLVED)


def _contents(node: DataNode) -> str:
    if isinstance(node, MappingNode):
        return "a mapping without 'flag'"
    return describe(node)


assert set(_FIELDS.values()) <= set(CONTRACT_FIELDS), "a step interface maps to the model's fields"
