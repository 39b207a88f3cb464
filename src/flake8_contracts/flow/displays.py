"""Displays and comprehensions of the interpreted program."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.events import EnvironmentRead
from flake8_contracts.flow.objects import Dict, Frame, Sequence
from flake8_contracts.flow.values import Value, constant

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

#: Comprehensions over at most this many known items are run item by item.
COMPREHENSION_LIMIT = 64


class Displays:
    """Makes dictionaries and sequences."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp

    def eval_dict(self, node: cst.Dict, frame: Frame) -> Value:
        expressions = self.interp.expressions
        result = Dict(node=node, source=frame.source)
        for element in node.elements:
            if isinstance(element, cst.DictElement):
                key = expressions.eval(element.key, frame)
                before = len(self.interp.trace.events)
                value = expressions.eval(element.value, frame)
                expressions.store(result, key, value, element.key)
                self.note_harvest(result, key, before)
            else:
                expressions.subscripts.update(result, expressions.eval(element.value, frame))
        return result

    def note_harvest(self, owner: Dict, key: Value, before: int) -> None:
        """What was read from the environment since event number ``before`` is stored under ``key``."""
        if len(self.interp.trace.events) == before:
            return
        known = constant(key)
        if known is not None and isinstance(known[0], str):
            reads = [
                event for event in self.interp.trace.events[before:] if isinstance(event, EnvironmentRead)
            ]
            self.interp.expressions.subscripts.harvested(owner, known[0], reads)

    def eval_list(self, node: cst.List, frame: Frame) -> Value:
        return self._sequence(node, frame, Sequence(kind="list"))

    def eval_tuple(self, node: cst.Tuple, frame: Frame) -> Value:
        return self._sequence(node, frame, Sequence(kind="tuple"))

    def eval_set(self, node: cst.Set, frame: Frame) -> Value:
        return self._sequence(node, frame, Sequence(kind="set"))

    def _sequence(self, node: cst.List | cst.Tuple | cst.Set, frame: Frame, result: Sequence) -> Sequence:
        expressions = self.interp.expressions
        result.birth = self.interp.path
        for element in node.elements:
            value = expressions.eval(element.value, frame)
            if isinstance(element, cst.StarredElement):
                items = expressions.iterate(value)
                if items is None:
                    result.open_up(expressions.element(value))
                for item in items or ():
                    result.add(item, certain=True)
            else:
                result.add(value, certain=True)
        return result

    def eval_list_comp(self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp, frame: Frame) -> Value:
        expressions = self.interp.expressions
        result = Sequence(kind="set" if isinstance(node, cst.SetComp) else "list")

        def collect(inner: Frame, certain: bool) -> None:
            result.add(expressions.eval(node.elt, inner), certain=certain)

        self.comprehend(node.for_in, frame.nested(), True, collect)
        return result

    def eval_dict_comp(self, node: cst.DictComp, frame: Frame) -> Value:
        expressions = self.interp.expressions
        result = Dict(node=node, source=frame.source)

        def collect(inner: Frame, certain: bool) -> None:
            key = expressions.eval(node.key, inner)
            before = len(self.interp.trace.events)
            value = expressions.eval(node.value, inner)
            self.note_harvest(result, key, before)
            expressions.subscripts.collect(result, key, value, node.key, certain)

        self.comprehend(node.for_in, frame.nested(), True, collect)
        return result

    def comprehend(
        self, clause: cst.CompFor, frame: Frame, certain: bool, collect: Callable[[Frame, bool], None]
    ) -> None:
        """Run the loops of a comprehension in ``frame``; ``collect`` takes each round, and whether it is certain."""
        interp = self.interp
        expressions = interp.expressions
        interp.step()
        iterable = expressions.eval(clause.iter, frame)
        items = expressions.iterate(iterable)
        if items is not None and interp.unrolls(items, COMPREHENSION_LIMIT):
            rounds = interp.rounds
            interp.rounds *= max(len(items), 1)
            for item in items:
                interp.statements.bind(clause.target, item, frame)
                self._filtered(clause, frame, certain, collect)
            interp.rounds = rounds
        else:
            base = interp.path
            interp.enter_arm(interp.new_branch(), 0, 2)
            interp.current_node, interp.current_frame = clause.iter, frame
            interp.statements.bind(clause.target, expressions.element(iterable), frame)
            self._filtered(clause, frame, False, collect)
            interp.path = base

    def _filtered(
        self, clause: cst.CompFor, frame: Frame, certain: bool, collect: Callable[[Frame, bool], None]
    ) -> None:
        interp = self.interp
        expressions = interp.expressions
        guards, base = interp.guards, interp.path
        for test in clause.ifs:
            truth, when_true, _ = expressions.condition(test.test, frame)
            if truth is False:
                interp.guards, interp.path = guards, base
                return
            if truth is None:
                certain = False
                interp.enter_arm(interp.new_branch(), 0, 2)
            interp.guards |= when_true
        if clause.inner_for_in is not None:
            self.comprehend(clause.inner_for_in, frame, certain, collect)
        else:
            collect(frame, certain)
        interp.guards, interp.path = guards, base
