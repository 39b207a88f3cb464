"""Expressions of the interpreted program."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import libcst as cst

from flake8_contracts.flow import textual
from flake8_contracts.flow.conditions import Conditions
from flake8_contracts.flow.displays import Displays
from flake8_contracts.flow.fallbacks import Fallbacks
from flake8_contracts.flow.formatting import percent
from flake8_contracts.flow.literals import Literals, piece
from flake8_contracts.flow.objects import Class, Dict, Frame, Function, Instance, Module, Sequence
from flake8_contracts.flow.subscripts import Subscripts
from flake8_contracts.flow.values import (
    UNKNOWN,
    Const,
    External,
    Text,
    Union,
    Unknown,
    Value,
    constant,
    options,
    union,
    without_none,
)

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

_NAMED_CONSTANTS = {"None": None, "True": True, "False": False}
_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    cst.Add: operator.add,
    cst.Subtract: operator.sub,
    cst.Multiply: operator.mul,
    cst.FloorDivide: operator.floordiv,
    cst.Divide: operator.truediv,
    cst.Modulo: operator.mod,
}
_AUGMENTED: dict[type, type] = {
    cst.AddAssign: cst.Add,
    cst.SubtractAssign: cst.Subtract,
    cst.MultiplyAssign: cst.Multiply,
    cst.DivideAssign: cst.Divide,
    cst.ModuloAssign: cst.Modulo,
    cst.BitOrAssign: cst.BitOr,
    cst.FloorDivideAssign: cst.FloorDivide,
}


class Expressions(Fallbacks):
    """Evaluates expressions to abstract values."""

    def __init__(self, interp: Interpreter) -> None:
        super().__init__(interp)
        self.conditions = Conditions(interp)
        self.subscripts = Subscripts(interp)
        self.displays = Displays(interp)
        self.literals = Literals(interp)
        self._constants: dict[cst.CSTNode, Const] = {}
        self._eval: dict[type, Callable[[Any, Frame], Value]] = {
            cst.Name: self.eval_name,
            cst.Attribute: self.eval_attribute,
            cst.Call: self.eval_call,
            cst.SimpleString: self.literals.eval_string,
            cst.ConcatenatedString: self.literals.eval_concatenated,
            cst.FormattedString: self.literals.eval_formatted,
            cst.Integer: self.literals.eval_number,
            cst.Float: self.literals.eval_number,
            cst.BinaryOperation: self.eval_binary,
            cst.BooleanOperation: self.eval_boolean,
            cst.UnaryOperation: self.eval_unary,
            cst.Comparison: self.eval_comparison,
            cst.IfExp: self.eval_conditional,
            cst.Dict: self.displays.eval_dict,
            cst.List: self.displays.eval_list,
            cst.Tuple: self.displays.eval_tuple,
            cst.Set: self.displays.eval_set,
            cst.Subscript: self.subscripts.eval,
            cst.ListComp: self.displays.eval_list_comp,
            cst.SetComp: self.displays.eval_list_comp,
            cst.GeneratorExp: self.displays.eval_list_comp,
            cst.DictComp: self.displays.eval_dict_comp,
            cst.Lambda: self.eval_lambda,
            cst.NamedExpr: self.eval_named,
            cst.Await: lambda node, frame: self.eval(node.expression, frame),
            cst.Yield: self.eval_yield,
            cst.Ellipsis: lambda node, frame: Const(...),
        }
        # Helpers that live in their own files but read as part of expressions.
        self.condition = self.conditions.decide
        self.comprehend = self.displays.comprehend
        self.store = self.subscripts.store
        self.iterate = self.subscripts.iterate
        self.element = self.subscripts.element

    def eval(self, node: cst.CSTNode, frame: Frame) -> Value:
        handler = self._eval.get(type(node))
        return handler(node, frame) if handler is not None else UNKNOWN

    # -- names -------------------------------------------------------------------------------------------

    def eval_name(self, node: cst.Name, frame: Frame) -> Value:
        name = node.value
        log = frame.locals.get(name)
        if log is not None:
            path, found = log[-1]
            if not path or path is self.interp.path:
                return found
        elif name in _NAMED_CONSTANTS:
            known = self._constants.get(node)
            if known is None:
                known = self._constants[node] = Const(_NAMED_CONSTANTS[name], node, frame.source)
            return known
        return self.interp.lookup(name, frame)

    def eval_attribute(self, node: cst.Attribute, frame: Frame) -> Value:
        owner = self.eval(node.value, frame)
        return self.attribute(owner, node.attr.value, node, frame)

    def attribute(self, owner: Value, name: str, node: cst.CSTNode, frame: Frame) -> Value:
        """``owner.name`` as a value (calls of methods go through ``calls.call_method``)."""
        interp = self.interp
        if isinstance(owner, External):
            return interp.calls.models.external_attribute(owner, name, node, frame)
        if isinstance(owner, Instance):
            return interp.calls.instance_attribute(owner, name, node, frame)
        if isinstance(owner, Module):
            return interp.imports.module_attribute(owner, name, node, frame)
        if isinstance(owner, Class):
            return interp.calls.class_attribute(owner, name)
        if isinstance(owner, Text):
            return interp.calls.models.text_attribute(owner, name, node, frame)
        if isinstance(owner, (Dict, Sequence)):
            return interp.calls.models.bound_method(owner, name)
        if isinstance(owner, Union):
            return union(self.attribute(option, name, node, frame) for option in owner.options)
        if isinstance(owner, Function) and name == "__name__":
            return textual.literal_text(owner.name, node, frame.source)
        if interp.calls.models.knows_method(owner, name):
            return interp.calls.models.bound_method(owner, name)
        return UNKNOWN

    # -- operators ---------------------------------------------------------------------------------------

    def eval_binary(self, node: cst.BinaryOperation, frame: Frame) -> Value:
        chain = [node]
        while isinstance(chain[-1].left, cst.BinaryOperation):  # ``a + b + c``: nested to the left
            chain.append(chain[-1].left)
        value = self.eval(chain[-1].left, frame)
        for operation in reversed(chain):
            right = self.eval(operation.right, frame)
            value = self.binary(type(operation.operator), value, right, operation, frame)
        return value

    def augmented(self, node: cst.AugAssign, frame: Frame) -> Value:
        left = self.eval(node.target, frame)
        right = self.eval(node.value, frame)
        kind = _AUGMENTED.get(type(node.operator))
        if kind is cst.Add and isinstance(left, Sequence):
            for item in self.iterate(right) or [self.element(right)]:
                left.add(item, certain=not self.interp.path)
            return left
        return self.binary(kind, left, right, node, frame) if kind else UNKNOWN

    def binary(self, kind: type, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> Value:
        ways = without_none(left)
        others = without_none(right)
        if len(ways) * len(others) > 1 or ways[0] is not left or others[0] is not right:
            if len(ways) * len(others) > 64:
                return UNKNOWN
            return union(self.binary(kind, a, b, node, frame) for a in ways for b in others)
        source = frame.source
        if kind is cst.Divide:
            if isinstance(left, Text) and left.is_path:
                return textual.join([left, piece(right)], node, source, is_path=True)
            if isinstance(right, Text) and right.is_path and isinstance(left, Text):
                return textual.join([left, textual.as_string(right)], node, source, is_path=True)
        elif kind is cst.Add:
            if isinstance(left, Text) or isinstance(right, Text):
                if isinstance(left, External) or isinstance(right, External):
                    return UNKNOWN
                return textual.concat([piece(left), piece(right)], node, source)
            if isinstance(left, Sequence) and isinstance(right, Sequence):
                joined = Sequence([*left.items, *right.items], left.kind)
                for side in (left, right):
                    if side.is_open:
                        joined.open_up(side.rest)
                return joined
        elif kind is cst.Modulo and isinstance(left, Text):
            return percent(left, right, node, source)
        elif kind is cst.BitOr and isinstance(left, Dict):
            return self.subscripts.merged([left, right], node, frame)
        first, second = constant(left), constant(right)
        if first and second and kind in _ARITHMETIC:
            return _compute(kind, first[0], second[0])
        return UNKNOWN

    def eval_boolean(self, node: cst.BooleanOperation, frame: Frame) -> Value:
        interp = self.interp
        left = self.eval(node.left, frame)
        truth, when_true, when_false = self.conditions.of_value(node.left, left, frame)
        is_or = isinstance(node.operator, cst.Or)
        if truth is not None and truth is is_or:
            return left
        guards = interp.guards
        interp.guards = guards | (when_false if is_or else when_true)
        right = self.eval(node.right, frame)
        if is_or:
            self.note_fallback(right, when_false)
            self.note_chain(_last_operand(node.left), node.right)
        interp.guards = guards
        if truth is not None:
            return right
        if is_or:
            kept = [option for option in options(left) if not _is_false(option)]
            return union([*kept, right])
        return union([left, right])

    def eval_unary(self, node: cst.UnaryOperation, frame: Frame) -> Value:
        if isinstance(node.operator, cst.Not):
            truth, _, _ = self.condition(node.expression, frame)
            return UNKNOWN if truth is None else Const(not truth)
        value = self.eval(node.expression, frame)
        if (
            isinstance(node.operator, cst.Minus)
            and isinstance(value, Const)
            and isinstance(value.value, (int, float))
        ):
            return Const(-value.value, node, frame.source)
        return UNKNOWN

    def eval_comparison(self, node: cst.Comparison, frame: Frame) -> Value:
        truth, _, _ = self.condition(node, frame)
        return UNKNOWN if truth is None else Const(truth)

    def eval_conditional(self, node: cst.IfExp, frame: Frame) -> Value:
        interp = self.interp
        truth, when_true, when_false = self.condition(node.test, frame)
        guards = interp.guards
        results = []
        for chosen, guard, branch in ((True, when_true, node.body), (False, when_false, node.orelse)):
            if truth is None or truth is chosen:
                interp.guards = guards | guard
                results.append(self.eval(branch, frame))
                interp.guards = guards
        if len(results) == 2:
            self.note_fallback(results[0], when_true, instead_of=results[1])
            self.note_fallback(results[1], when_false, instead_of=results[0])
            self.note_guarded(results[0], when_true, results[1])
            self.note_guarded(results[1], when_false, results[0])
        return union(results)

    def eval_named(self, node: cst.NamedExpr, frame: Frame) -> Value:
        value = self.eval(node.value, frame)
        self.interp.statements.bind(node.target, value, frame)
        return value

    # -- the rest ----------------------------------------------------------------------------------------

    def eval_lambda(self, node: cst.Lambda, frame: Frame) -> Value:
        return self.interp.calls.define_lambda(node, frame)

    def eval_yield(self, node: cst.Yield, frame: Frame) -> Value:
        yields = frame.yields
        if node.value is None:
            return UNKNOWN
        if isinstance(node.value, cst.From):
            value = self.eval(node.value.item, frame)
            if yields is not None:
                items = self.iterate(value)
                if items is None:
                    yields.open_up(self.element(value))
                for item in items or ():
                    yields.add(item, certain=self.interp.path == yields.birth)
            return UNKNOWN
        value = self.eval(node.value, frame)
        if yields is not None:
            yields.add(value, certain=self.interp.path == yields.birth)
        return UNKNOWN

    def eval_call(self, node: cst.Call, frame: Frame) -> Value:
        return self.interp.calls.eval_call(node, frame)


def _is_false(value: Value) -> bool:
    known = constant(value)
    return known is not None and not known[0]


def _compute(kind: type, left: object, right: object) -> Value:
    if isinstance(left, (str, bytes)) and isinstance(right, int) and right * len(left) > 10_000:
        return Unknown("too long a text")
    if isinstance(left, int) and isinstance(right, int) and max(abs(left), abs(right)) > 1 << 64:
        return UNKNOWN
    try:
        result = _ARITHMETIC[kind](left, right)
    except Exception:  # noqa: BLE001 - the program would fail here too
        return UNKNOWN
    return textual.literal_text(result, None, None) if isinstance(result, str) else Const(result)


def _last_operand(node: cst.BaseExpression) -> cst.BaseExpression:
    """What ``or`` tries just before its right side: ``b`` of ``a or b or c``, which is ``(a or b) or c``."""
    while isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.Or):
        node = node.right
    return node
