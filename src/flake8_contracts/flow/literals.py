"""Literals: numbers, strings in all their forms, and the container paths among them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow import textual
from flake8_contracts.flow.events import PathLiteral
from flake8_contracts.flow.formatting import format_fields
from flake8_contracts.flow.objects import Frame
from flake8_contracts.flow.values import ANY, UNKNOWN, Const, Text, Value, constant, union, without_none

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

CONTAINER_ROOT = "/opt/ml"


class Literals:
    """Evaluates literals, each of them once where its value is always the same."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp
        self._literals: dict[cst.CSTNode, Value] = {}

    def eval_number(self, node: cst.Integer | cst.Float, frame: Frame) -> Value:
        known = self._literals.get(node)
        if known is None:
            raw = node.value
            try:
                number = int(raw) if raw.isdecimal() else ast.literal_eval(raw)
                known = Const(number, node, frame.source)
            except (ValueError, SyntaxError):
                known = UNKNOWN
            self._literals[node] = known
        return known

    def eval_string(self, node: cst.SimpleString, frame: Frame) -> Value:
        known = self._literals.get(node)
        if known is None:
            known = self._literals[node] = self._string(node, frame)
        if isinstance(known, Text):
            first = known.parts[0] if known.parts else ""
            if isinstance(first, str) and first.startswith(CONTAINER_ROOT):
                self.literal(known, node, frame)
        return known

    def _string(self, node: cst.SimpleString, frame: Frame) -> Value:
        raw = node.value
        if "\\" not in raw and raw[0] in "'\"" and raw[:3] not in ('"""', "'''"):
            value: object = raw[1:-1]
        else:
            try:
                value = ast.literal_eval(raw)
            except (ValueError, SyntaxError):
                return UNKNOWN
        if isinstance(value, str):
            return Text((value,) if value else (), node=node, source=frame.source)
        return Const(value, node, frame.source)

    def literal(self, value: Text, node: cst.CSTNode, frame: Frame) -> None:
        """Record that a literal which looks like a container path was evaluated."""
        interp = self.interp
        interp.record(PathLiteral(*interp.where(node, frame), value, interp.prose > 0))

    def eval_concatenated(self, node: cst.ConcatenatedString, frame: Frame) -> Value:
        known = self._literals.get(node)
        if known is not None:
            return known
        parts: list[cst.BaseExpression] = []
        rest: cst.BaseExpression = node
        while isinstance(rest, cst.ConcatenatedString):  # nested to the right, one level for each literal
            parts.append(rest.left)
            rest = rest.right
        parts.append(rest)
        seen = self.interp.order
        pieces = [piece(self.interp.expressions.eval(part, frame)) for part in parts]
        result = textual.concat(pieces, node, frame.source)
        if all(type(part) is cst.SimpleString for part in parts) and seen == self.interp.order:
            self._literals[node] = result  # a long text in pieces, none of which is a path
        return result

    def eval_formatted(self, node: cst.FormattedString, frame: Frame) -> Value:
        alternatives: list[list[Text]] = [[]]
        for part in node.parts:
            if type(part) is cst.FormattedStringText:
                known = self._literals.get(part)
                if not isinstance(known, Text):
                    known = Text((_unescape(part.value, node.prefix),) if part.value else ())
                    self._literals[part] = known
                pieces = [known]
            else:
                assert isinstance(part, cst.FormattedStringExpression)
                value = self.interp.expressions.eval(part.expression, frame)
                if part.format_spec or part.conversion:
                    pieces = [_formatted(value, part)]
                else:
                    pieces = [piece(option) for option in without_none(value)]
            if len(pieces) * len(alternatives) > 24:
                pieces = [Text((ANY,))]
            alternatives = [[*done, piece] for done in alternatives for piece in pieces]
        results = [
            self._checked(textual.concat(pieces, node, frame.source), node, frame) for pieces in alternatives
        ]
        return union(results)

    def _checked(self, value: Text, node: cst.CSTNode, frame: Frame) -> Text:
        """A text made by an f-string, noted as a literal when its own text begins like a container path."""
        if value.prefix.startswith(CONTAINER_ROOT) and value.base is not None and value.base.node is None:
            value.base = None
            self.literal(value, node, frame)
        return value


def piece(value: Value) -> Text:
    """What ``value`` contributes to a string: its text, or a hole."""
    if isinstance(value, Text):
        return textual.as_string(value)
    if isinstance(value, Const) and value.value is not None:
        return textual.literal_text(value.value, None, None)
    return Text((ANY,))


def _formatted(value: Value, part: cst.FormattedStringExpression) -> Text:
    known = constant(value)
    spec = "".join(
        piece.value for piece in part.format_spec or () if isinstance(piece, cst.FormattedStringText)
    )
    simple = all(isinstance(piece, cst.FormattedStringText) for piece in part.format_spec or ())
    if known is None or not simple or len(spec) > 12:
        return Text((ANY,))
    return format_fields(known[0], spec, part.conversion)


def _unescape(raw: str, prefix: str) -> str:
    value = raw.replace("{{", "{").replace("}}", "}")
    if "\\" not in value or "r" in prefix.lower():
        return value
    try:
        result = ast.literal_eval('"""' + value.replace('"', '\\"') + '"""')
    except (ValueError, SyntaxError):
        return value
    return result if isinstance(result, str) else value
