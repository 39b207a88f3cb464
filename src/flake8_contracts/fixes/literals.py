"""Another text or another constant in the place of one that is written out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

import libcst as cst

from flake8_contracts.catalog.documents import ScalarNode
from flake8_contracts.findings import Edit
from flake8_contracts.fixes.project_texts import Impossible, ProjectTexts
from flake8_contracts.fixes.python_text import PythonText, string_parts
from flake8_contracts.repairs import Respell, UseDefault
from flake8_contracts.syntax.source import NodePlace

_TRUE, _FALSE = frozenset({"true", "yes", "on", "1"}), frozenset({"false", "no", "off", "0", ""})


def respell(repair: Respell, texts: ProjectTexts) -> list[Edit]:
    """Another beginning of a text, or all of it."""
    if not isinstance(repair.place, NodePlace):
        return _respell_data(repair, texts)
    text, node = texts.node(repair.place)
    return [_respelt(text, node, repair.old, repair.new)]


def _respell_data(repair: Respell, texts: ProjectTexts) -> list[Edit]:
    document = texts.data(repair.place.path)
    found = document.at(repair.place.span)
    if found is None:
        raise Impossible
    scalar, is_key = found
    if not isinstance(scalar, ScalarNode) or not isinstance(scalar.value, str):
        raise Impossible
    if not _begins(scalar.value, repair.old):
        raise Impossible
    new = repair.new + scalar.value[len(repair.old) :]
    return [document.replace(scalar.span, document.respelt(scalar, new, is_key=is_key))]


def _begins(value: str, old: str) -> bool:
    return value == old or value.startswith(old.rstrip("/") + "/")


def _respelt(text: PythonText, node: cst.CSTNode, old: str, new: str) -> Edit:
    if isinstance(node, cst.SimpleString):
        return respelt_string(text, node, old, new)
    if isinstance(node, cst.FormattedString):
        first = node.parts[0] if node.parts else None
        if isinstance(first, cst.FormattedStringText) and _is_simple(new):
            start, end = text.range(first)
            if _begins(text.text[start:end], old):
                return text.edit(start, start + len(old), new)
    return _respelt_component(text, node, old, new)


def respelt_string(text: PythonText, node: cst.SimpleString, old: str, new: str) -> Edit:
    """The string literal with another beginning."""
    value = node.evaluated_value
    if not isinstance(value, str) or not _begins(value, old):
        raise Impossible
    prefix, quote, body = string_parts(node)
    start, _ = text.range(node)
    if body.startswith(old) and _is_simple(new):
        at = start + len(prefix) + len(quote)
        return text.edit(at, at + len(old), new)
    return text.replace(node, text.literal(new + value[len(old) :], node))


def _respelt_component(text: PythonText, node: cst.CSTNode, old: str, new: str) -> Edit:
    """The components of a joined path in which the new path differs, where they are written in one piece."""
    if not old.startswith("/") or not new.startswith("/"):
        raise Impossible
    was, becomes = _difference(old.split("/"), new.split("/"))
    if not was or not becomes or not _is_simple(was + becomes):
        raise Impossible
    found: list[tuple[int, int]] = []
    for start, end in _pieces(text, node):
        # A component is a whole one only between slashes, or at the end of the piece.
        matches = re.finditer(rf"(?<![^/]){re.escape(was)}(?![^/])", text.text[start:end])
        found.extend((start + match.start(), start + match.end()) for match in matches)
    if len(found) != 1:
        raise Impossible
    return text.edit(*found[0], becomes)


def _difference(old: list[str], new: list[str]) -> tuple[str, str]:
    """The components of both that lie between the ones that they have in common."""
    before = len(posixpath.commonprefix([old, new]))
    rest = min(len(old), len(new)) - before
    behind = next((count for count in range(rest) if old[-1 - count] != new[-1 - count]), rest)
    return "/".join(old[before : len(old) - behind]), "/".join(new[before : len(new) - behind])


def _pieces(text: PythonText, node: cst.CSTNode) -> Iterator[tuple[int, int]]:
    """The texts between quotation marks, and between the expressions of f-strings."""
    if isinstance(node, cst.SimpleString):
        prefix, quote, body = string_parts(node)
        if isinstance(node.evaluated_value, str):
            start = text.range(node)[0] + len(prefix) + len(quote)
            yield start, start + len(body)
    elif isinstance(node, cst.FormattedStringText):
        yield text.range(node)
    for child in node.children:
        yield from _pieces(text, child)


def _is_simple(value: str) -> bool:
    """Whether the text stands between any quotation marks as it is, also in an f-string."""
    return value.isprintable() and not set("'\"\\{}") & set(value)


def use_default(repair: UseDefault, texts: ProjectTexts) -> list[Edit]:
    """A constant of the same type with another meaning."""
    text, node = texts.node(repair.place)
    default = repair.default
    if isinstance(node, cst.SimpleString) and isinstance(node.evaluated_value, str):
        return [text.replace(node, text.literal(default, node))]
    if isinstance(node, cst.Name) and node.value in ("True", "False"):
        word = default.strip().lower()
        if word in _TRUE or word in _FALSE:
            return [text.replace(node, "True" if word in _TRUE else "False")]
    if isinstance(node, (cst.Integer, cst.Float, cst.UnaryOperation)):
        number = default.strip()
        convert = float if "Float" in type(_operand(node)).__name__ else int
        try:
            convert(number)
        except ValueError:
            raise Impossible from None
        if "n" in number.lower():
            raise Impossible  # nan and inf are no literals
        return [
            text.replace(node, f"{number}.0" if convert is float and number.lstrip("-").isdigit() else number)
        ]
    raise Impossible


def _operand(node: cst.CSTNode) -> cst.CSTNode:
    return node.expression if isinstance(node, cst.UnaryOperation) else node
