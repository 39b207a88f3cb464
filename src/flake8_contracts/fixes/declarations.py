"""One more variable in a contract, wherever the contract is declared."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from flake8_contracts.catalog.documents import MappingNode, SequenceNode
from flake8_contracts.catalog.model import DeclaredContract
from flake8_contracts.findings import Edit
from flake8_contracts.fixes.data_text import DataText
from flake8_contracts.fixes.items import Brackets, place_for
from flake8_contracts.fixes.project_texts import Impossible, ProjectTexts
from flake8_contracts.fixes.python_text import PythonText
from flake8_contracts.repairs import DeclareVariable

_FIELDS = {"required": "required_env_vars", "optional": "optional_env_vars"}


def declare_variable(repair: DeclareVariable, texts: ProjectTexts) -> list[Edit]:
    """The variable in every one of the contracts, or in none."""
    edits: list[Edit] = []
    for contract in repair.contracts:
        if contract.source.suffix == ".py":
            require_own(contract, repair.contracts, texts)
            made = _in_python(contract, repair, texts)
        else:
            made = _in_data(texts.data(contract.source), repair)
        if not made:
            raise Impossible
        edits += made
    return edits


# -- Python ------------------------------------------------------------------------------------------------


def contract_call(contract: DeclaredContract, texts: ProjectTexts) -> tuple[PythonText, cst.Call]:
    """The call that makes a contract."""
    text, node = texts.node(contract.place)
    if not isinstance(node, cst.Call):
        raise Impossible
    return text, node


def require_own(contract: DeclaredContract, changed: Sequence[DeclaredContract], texts: ProjectTexts) -> None:
    """Raise :class:`Impossible` if the call in a function also makes contracts that are not to be changed."""
    span = contract.place.span
    for other in texts.project.catalog.by_file[contract.source].contracts:
        if other.place.span == span and other not in changed:
            raise Impossible


def argument(call: cst.Call, name: str) -> cst.Arg | None:
    """The keyword argument of a call."""
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)


def _in_python(contract: DeclaredContract, repair: DeclareVariable, texts: ProjectTexts) -> list[Edit]:
    text, call = contract_call(contract, texts)
    name = text.literal(repair.name)
    if repair.default is None:
        field, item, brackets, star = _FIELDS["required"], name, "[]", "*"
    else:
        field, item, brackets, star = (
            _FIELDS["optional"],
            f"{name}: {text.literal(repair.default)}",
            "{}",
            "**",
        )
    given = argument(call, field)
    if given is None:
        if any(arg.star for arg in call.args) or field in contract.unresolved:
            raise Impossible
        new = f"{field}={brackets[0]}{item}{brackets[1]}"
        after = _place_of_field(call, field)
        return _inside(text, call, _opening(text, call), [text.range(arg) for arg in call.args], new, after)
    value = given.value
    if isinstance(value, (cst.Name, cst.Attribute)):
        # Others may use the collection: it stays as it is.
        return [text.replace(value, f"{brackets[0]}{star}{text.code(value)}, {item}{brackets[1]}")]
    if isinstance(value, cst.List) and repair.default is None:
        keys = [_text(element.value) for element in value.elements]
    elif isinstance(value, cst.Dict) and repair.default is not None:
        keys = [_text(e.key) if isinstance(e, cst.DictElement) else None for e in value.elements]
    else:
        raise Impossible
    spans = [text.range(element) for element in value.elements]
    return _inside(text, value, text.range(value)[0] + 1, spans, item, place_for(keys, repair.name))


def _inside(
    text: PythonText, node: cst.CSTNode, start: int, spans: list[tuple[int, int]], new: str, index: int
) -> list[Edit]:
    brackets = Brackets(text.text, start, text.range(node)[1] - 1, spans)
    return [text.edit(*piece) for piece in brackets.with_item(new, index)]


def _opening(text: PythonText, call: cst.Call) -> int:
    return text.text.index("(", text.range(call.func)[1]) + 1


_ORDER = (
    "entry_point",
    "expected_input_paths",
    "expected_output_paths",
    "required_env_vars",
    "optional_env_vars",
)


def _place_of_field(call: cst.Call, field: str) -> int:
    """Behind the last of the fields that usually stand before this one."""
    before = _ORDER[: _ORDER.index(field)]
    behind = [
        number
        for number, arg in enumerate(call.args, 1)
        if arg.keyword is None or arg.keyword.value in before
    ]
    return max(behind, default=len(call.args))


def _text(node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.SimpleString) and isinstance(node.evaluated_value, str):
        return node.evaluated_value
    return None


# -- data --------------------------------------------------------------------------------------------------


def _in_data(document: DataText, repair: DeclareVariable) -> list[Edit]:
    group = "required" if repair.default is None else "optional"
    entry = repair.name if repair.default is None else (repair.name, repair.default)
    keys: tuple[str, ...] = (_FIELDS[group],)
    section = document.root.get("contract")
    if section is not None and isinstance(section.value, MappingNode):
        if document.get("contract", "env_vars") is None:
            return _new_group(document, group, entry)
        keys = ("contract", "env_vars", group)
    member = document.get(*keys)
    if member is None:
        return document.with_section(keys, entry)
    if isinstance(member.value, SequenceNode) and repair.default is None:
        return document.with_item(member.value, repair.name)
    if isinstance(member.value, MappingNode) and repair.default is not None:
        return document.with_member(member.value, repair.name, repair.default)
    return document.filled(member, entry)


def _new_group(document: DataText, group: str, entry: str | tuple[str, str]) -> list[Edit]:
    """A step interface that has no variables yet."""
    return document.with_group(("contract", "env_vars"), group, entry)
