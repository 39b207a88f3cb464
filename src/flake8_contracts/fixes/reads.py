"""How a script reads the environment: with a default, without one, or through a dictionary that it fills."""

from __future__ import annotations

from itertools import chain

import libcst as cst

from flake8_contracts.findings import Edit
from flake8_contracts.fixes.items import Brackets, place_for
from flake8_contracts.fixes.project_texts import Impossible, ProjectTexts
from flake8_contracts.fixes.python_text import PythonText
from flake8_contracts.repairs import AddVariable, ReadWithDefault, ReadWithoutDefault

_LITERALS = (cst.SimpleString, cst.Integer, cst.Float)


def read_with_default(repair: ReadWithDefault, texts: ProjectTexts) -> list[Edit]:
    """``environ["X"]`` becomes ``environ.get("X", "default")``."""
    text, node = texts.node(repair.place)
    if not isinstance(node, cst.Subscript) or len(node.slice) != 1:
        raise Impossible
    index = node.slice[0].slice
    if not isinstance(index, cst.Index) or not _names(index.value, repair.name):
        raise Impossible
    (_, behind_value), (start, end), (_, behind) = (
        text.range(node.value),
        text.range(index.value),
        text.range(node),
    )
    if text.text[behind_value:start].strip() != "[" or text.text[end:behind].strip() != "]":
        raise Impossible
    like = index.value if isinstance(index.value, cst.SimpleString) else None
    return [
        text.edit(behind_value, start, ".get("),
        text.edit(end, behind, f", {text.literal(repair.default, like)})"),
    ]


def read_without_default(repair: ReadWithoutDefault, texts: ProjectTexts) -> list[Edit]:
    """``environ.get("X", "default")`` becomes ``environ["X"]``."""
    text, node = texts.node(repair.place)
    if not isinstance(node, cst.Call) or not 1 <= len(node.args) <= 2 or node.args[0].keyword is not None:
        raise Impossible
    name = node.args[0].value
    if not _names(name, repair.name) or not isinstance(node.func, cst.Attribute):
        raise Impossible
    called = node.func.attr.value
    owner = text.code(node.func.value)
    if called == "get":
        environ = owner
    elif called == "getenv" and owner == "os":
        environ = "os.environ"
    else:
        raise Impossible
    return [text.replace(node, f"{environ}[{text.code(name)}]")]


def _names(node: cst.BaseExpression, name: str) -> bool:
    """Whether the expression is the variable's name and no other: a literal, or a constant by its spelling."""
    if isinstance(node, cst.SimpleString):
        return node.evaluated_value == name
    return isinstance(node, cst.Name) and node.value.isupper()


def add_variable(repair: AddVariable, texts: ProjectTexts) -> list[Edit]:
    """One more entry in the dictionary, read as the others are."""
    text, node = texts.node(repair.dictionary)
    if not isinstance(node, cst.Dict):
        raise Impossible
    lookup_text, lookup = texts.node(repair.lookup)
    read = _read(text, node, repair.name, _default(lookup_text, lookup))
    spans = [text.range(element) for element in node.elements]
    keys = [_key(element) for element in node.elements]
    start, end = text.range(node)
    inside = Brackets(text.text, start + 1, end - 1, spans)
    entry = f"{text.literal(repair.name)}: {read}"
    return [text.edit(*piece) for piece in inside.with_item(entry, place_for(keys, repair.name))]


def _default(text: PythonText, lookup: cst.CSTNode) -> str | None:
    """What the look-up falls back to, as it is written: empty for nothing, ``None`` where it would fail."""
    for node in chain((lookup,), text.ancestors(lookup)):
        if isinstance(node, cst.Subscript):
            return None
        if isinstance(node, cst.Call):
            if len(node.args) < 2:
                return ""
            default = node.args[1].value
            if isinstance(default, _LITERALS) or (
                isinstance(default, cst.Name) and default.value in _CONSTANTS
            ):
                return text.code(default)
            break
        if isinstance(node, cst.BaseStatement):
            break
    raise Impossible


_CONSTANTS = ("None", "True", "False")


def _read(text: PythonText, node: cst.Dict, name: str, default: str | None) -> str:
    """A read of the variable, from what the other entries are read from."""
    key = text.literal(name)
    for element in node.elements:
        environ = _environ(text, element.value)
        if environ:
            if default is None:
                return f"{environ}[{key}]"
            return f"{environ}.get({key}, {default})" if default else f"{environ}.get({key})"
    raise Impossible


def _environ(text: PythonText, value: cst.BaseExpression) -> str:
    if isinstance(value, cst.Subscript):
        code = text.code(value.value)
    elif isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
        owner = text.code(value.func.value)
        code = owner if value.func.attr.value == "get" else f"{owner}.environ"
    else:
        return ""
    return code if code in ("os.environ", "environ") else ""


def _key(element: cst.BaseDictElement) -> str | None:
    if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
        value = element.key.evaluated_value
        return value if isinstance(value, str) else None
    return None
