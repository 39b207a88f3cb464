"""Conditions: whether they hold, and what is known in each arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.events import CallEvent
from flake8_contracts.flow.objects import Class, Dict, Frame, Function, Instance, Module, Sequence
from flake8_contracts.flow.values import Const, External, Text, Union, Value, constant, known_texts, options

if TYPE_CHECKING:
    from flake8_contracts.flow.events import Guard
    from flake8_contracts.flow.interpreter import Interpreter

_IS_FILE = frozenset({"os.path.isfile", "pathlib.Path.is_file"})
_IS_DIRECTORY = frozenset({"os.path.isdir", "pathlib.Path.is_dir"})
_EXISTENCE = frozenset(
    {"os.path.exists", "os.path.isfile", "os.path.isdir", "os.path.lexists", "os.path.getsize", "os.access",
     "pathlib.Path.exists", "pathlib.Path.is_file", "pathlib.Path.is_dir"}
)  # fmt: skip

_STRINGS = frozenset({cst.SimpleString, cst.ConcatenatedString, cst.FormattedString})
_CONDITIONS = frozenset({cst.Comparison, cst.UnaryOperation, cst.BooleanOperation, cst.Call})

Facts = frozenset["Guard"]
NOTHING: Facts = frozenset()
#: The truth of a condition (``None``: either), and what holds where it is true and where it is false.
Decision = tuple[bool | None, Facts, Facts]
UNDECIDED: Decision = (None, NOTHING, NOTHING)


class Conditions:
    """Decides conditions as far as they can be decided."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp

    def decide(self, node: cst.BaseExpression, frame: Frame) -> Decision:
        """Evaluate ``node`` as a condition."""
        # Checks of the plain type first: ``isinstance`` is slow for classes with an abstract base, as LibCST's have.
        if type(node) not in _CONDITIONS:
            return self.of_value(node, self.interp.expressions.eval(node, frame), frame)
        if isinstance(node, cst.Comparison):
            return self.comparison(node, frame)
        if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
            truth, when_true, when_false = self.decide(node.expression, frame)
            return (None if truth is None else not truth), when_false, when_true
        if isinstance(node, cst.BooleanOperation):
            return self.boolean(node, frame)
        if (
            isinstance(node, cst.Call)
            and isinstance(node.func, cst.Name)
            and node.func.value in ("all", "bool")
        ):
            return self.quantified(node, frame)
        if isinstance(node, cst.Call):
            return self.existence(node, frame)
        return self.of_value(node, self.interp.expressions.eval(node, frame), frame)

    def existence(self, node: cst.Call, frame: Frame) -> Decision:
        """``os.path.exists(p)`` and ``p.exists()``: where it is true, the path is known to be there."""
        interp = self.interp
        seen = len(interp.trace.events)
        truth, when_true, when_false = self.of_value(node, interp.expressions.eval(node, frame), frame)
        found: set[Guard] = set()
        no_directory: set[Guard] = set()
        for event in interp.trace.events[seen:]:
            if isinstance(event, CallEvent) and event.node is node and event.name in _EXISTENCE:
                value = event.receiver if event.name.startswith("pathlib") else (event.args or (None,))[0]
                texts = known_texts(value) if value is not None else []
                found.update(("exists", text.parts) for text in texts)
                if event.name in _IS_FILE:
                    found.update(("file", text.parts) for text in texts)
                elif event.name in _IS_DIRECTORY:
                    no_directory.update(("file", text.parts) for text in texts)
        return truth, when_true | found, when_false | no_directory

    def boolean(self, node: cst.BooleanOperation, frame: Frame) -> Decision:
        interp = self.interp
        left, left_true, left_false = self.decide(node.left, frame)
        is_and = isinstance(node.operator, cst.And)
        if left is not None and left is not is_and:
            return left, left_true, left_false
        guards = interp.guards
        interp.guards = guards | (left_true if is_and else left_false)
        right, right_true, right_false = self.decide(node.right, frame)
        interp.guards = guards
        if left is not None:
            return right, right_true | (left_true if is_and else NOTHING), right_false
        truth = right if right is not None and right is not is_and else None
        if is_and:
            return truth, left_true | right_true, left_false & right_false
        return truth, left_true & right_true, left_false | right_false

    def quantified(self, node: cst.Call, frame: Frame) -> Decision:
        """``all(name in os.environ for name in NAMES)``: every membership holds where it is true."""
        interp = self.interp
        argument = node.args[0].value if len(node.args) == 1 else None
        if not isinstance(argument, (cst.GeneratorExp, cst.ListComp)):
            return self.of_value(node, interp.expressions.eval(node, frame), frame)
        found: set[Guard] = set()

        def collect(inner: Frame, certain: bool) -> None:
            _, when_true, _ = self.decide(argument.elt, inner)
            found.update(when_true)

        interp.expressions.comprehend(argument.for_in, frame.nested(), True, collect)
        return None, frozenset(found), NOTHING

    def comparison(self, node: cst.Comparison, frame: Frame) -> Decision:
        interp = self.interp
        left = self.operand(node.left, frame)
        if len(node.comparisons) != 1:
            for part in node.comparisons:
                self.operand(part.comparator, frame)
            return UNDECIDED
        target = node.comparisons[0]
        right = self.operand(target.comparator, frame)
        kind = type(target.operator)
        if kind is cst.In or kind is cst.NotIn:
            decision = self.membership(left, right, node.left, frame)
        elif kind in (cst.Is, cst.Equal, cst.IsNot, cst.NotEqual):
            decision = self.equality(left, right)
        else:
            interp.expressions.tested(left)
            return UNDECIDED
        if kind in (cst.NotIn, cst.IsNot, cst.NotEqual):
            truth, when_true, when_false = decision
            return (None if truth is None else not truth), when_false, when_true
        return decision

    def operand(self, node: cst.BaseExpression, frame: Frame) -> Value:
        """An operand of a comparison: a literal path there is mentioned, not used."""
        is_literal = type(node) in _STRINGS
        self.interp.prose += is_literal
        value = self.interp.expressions.eval(node, frame)
        self.interp.prose -= is_literal
        return value

    def membership(self, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> Decision:
        facts: set[Guard] = set()
        truths: set[bool | None] = set()
        for container in options(right):
            if isinstance(container, Dict):
                truth, found = self.interp.expressions.subscripts.contains(container, left, node, frame)
                facts |= found
                truths.add(truth)
            else:
                if isinstance(container, External) and container.name.startswith("sys.argv"):
                    self.interp.trace.reads_argv = True
                truths.add(_in_sequence(left, container))
        truth = truths.pop() if len(truths) == 1 else None
        return truth, frozenset(facts), NOTHING

    def equality(self, left: Value, right: Value) -> Decision:
        expressions = self.interp.expressions
        for value, other in ((left, right), (right, left)):
            known = constant(other)
            if known is not None and (known[0] is None or known[0] == ""):
                expressions.tested(value)
                unset, is_set = expressions.unset_guards(value), expressions.set_guards(value)
                truth = _equal(left, right)
                return truth, unset, is_set
        return _equal(left, right), NOTHING, NOTHING

    def of_value(self, node: cst.CSTNode, value: Value, frame: Frame) -> Decision:
        """The decision of a plain value used as a condition."""
        expressions = self.interp.expressions
        expressions.tested(value)
        return truth_of(value), expressions.set_guards(value), expressions.unset_guards(value)


def truth_of(value: Value) -> bool | None:
    """``bool(value)`` where it is certain."""
    if isinstance(value, Const):
        return bool(value.value)
    if isinstance(value, Text):
        if value.may_be_unset:
            return None
        if value.is_path or any(isinstance(part, str) and part for part in value.parts):
            return True
        return None if value.parts else False
    if isinstance(value, Sequence):
        return True if value.items else (None if value.is_open else False)
    if isinstance(value, Dict):
        if value.is_open or any(len(log) != 1 or log[0][0] for log in value.entries.values()):
            return None
        return bool(value.entries)
    if isinstance(value, (Function, Class, Module)):
        return True
    if isinstance(value, Instance):
        return True if not value.kind else None
    if isinstance(value, Union):
        truths = {truth_of(option) for option in value.options}
        return truths.pop() if len(truths) == 1 else None
    return None


def _equal(left: Value, right: Value) -> bool | None:
    first, second = constant(left), constant(right)
    if first is not None and second is not None:
        return bool(first[0] == second[0])
    if isinstance(left, Const) and left.value is None:
        left, right = right, left
        second = constant(right)
    if second is not None and second[0] is None and isinstance(left, (Text, Dict, Sequence, Function, Class)):
        may_be_none = isinstance(left, Text) and (
            left.may_be_unset or any(hole.ref is not None for hole in left.holes)
        )
        return None if may_be_none else False
    return None


def _in_sequence(left: Value, container: Value) -> bool | None:
    known = constant(left)
    if known is None or not isinstance(container, Sequence) or container.is_open:
        return None
    items = [constant(item) for item in container.items]
    if any(item is not None and item[0] == known[0] for item in items):
        return True
    return None if None in items else False
