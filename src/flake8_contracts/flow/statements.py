"""Statements of the interpreted program."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Items
from typing import TYPE_CHECKING, Any

import libcst as cst

from flake8_contracts.flow.events import EnvironmentRead
from flake8_contracts.flow.handlers import CATCH_ALL, pattern_names, recovered
from flake8_contracts.flow.names import changing_names, loop_carried
from flake8_contracts.flow.objects import Dict, Frame
from flake8_contracts.flow.targets import Targets
from flake8_contracts.flow.values import (
    NONE,
    UNKNOWN,
    External,
    Unknown,
    constant,
    union,
)

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

#: How a block ends: it falls through, or control leaves it.
FALLS, RETURNS, RAISES, BREAKS, CONTINUES = range(5)

#: A loop over at most this many known items is run item by item.
UNROLL_LIMIT = 40


class Statements:
    """Runs blocks and statements; every method returns how the block ended."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp
        self.targets = Targets(interp)
        self.bind = self.targets.bind
        self._carried: dict[cst.CSTNode, bool] = {}
        self._changing: dict[cst.CSTNode, frozenset[str]] = {}
        self._run: dict[type, Callable[[Any, Frame], int]] = {
            cst.If: self.run_if,
            cst.For: self.run_for,
            cst.While: self.run_while,
            cst.Try: self.run_try,
            cst.TryStar: self.run_try,
            cst.With: self.run_with,
            cst.FunctionDef: self.run_function_def,
            cst.ClassDef: self.run_class_def,
            cst.Match: self.run_match,
        }
        self._small: dict[type, Callable[[Any, Frame], int]] = {
            cst.Expr: self.run_expr,
            cst.Assign: self.run_assign,
            cst.AnnAssign: self.run_ann_assign,
            cst.AugAssign: self.run_aug_assign,
            cst.Return: self.run_return,
            cst.Raise: self.run_raise,
            cst.Import: self.run_import,
            cst.ImportFrom: self.run_import_from,
            cst.Global: self.run_global,
            cst.Nonlocal: self.run_nonlocal,
            cst.Del: self.run_del,
            cst.Assert: self.run_assert,
            cst.Break: lambda node, frame: BREAKS,
            cst.Continue: lambda node, frame: CONTINUES,
            cst.Pass: lambda node, frame: FALLS,
        }

    # -- blocks ------------------------------------------------------------------------------------------

    def run_suite(self, suite: cst.BaseSuite, frame: Frame) -> int:
        if isinstance(suite, cst.IndentedBlock):
            return self.run_block(suite.body, frame)
        assert isinstance(suite, cst.SimpleStatementSuite)
        return self.run_small(suite.body, frame)

    def run_block(self, body: Items[cst.BaseStatement], frame: Frame) -> int:
        for statement in body:
            if type(statement) is cst.SimpleStatementLine:
                end = self.run_small(statement.body, frame)
            else:
                handler = self._run.get(type(statement))
                end = handler(statement, frame) if handler else FALLS
            if end:
                return end
        return FALLS

    def run_small(self, body: Items[cst.BaseSmallStatement], frame: Frame) -> int:
        self.interp.step()
        for small in body:
            handler = self._small.get(type(small))
            end = handler(small, frame) if handler else FALLS
            if end:
                return end
        return FALLS

    # -- branches ----------------------------------------------------------------------------------------

    def run_if(self, node: cst.If, frame: Frame) -> int:
        interp = self.interp
        truth, when_true, when_false = interp.expressions.condition(node.test, frame)
        guards = interp.guards
        if truth is not None:
            interp.guards = guards | (when_true if truth else when_false)
            end = self.run_suite(node.body, frame) if truth else self.run_else(node.orelse, frame)
            if not end:
                interp.guards = guards
            elif end == RAISES and frame.function is not None and not interp.path:
                interp.trace.cut_short = True
            return end
        branch = interp.new_branch()
        base = interp.path
        interp.enter_arm(branch, 0, 2)
        interp.guards = guards | when_true
        first = self.run_suite(node.body, frame)
        interp.path = base
        interp.enter_arm(branch, 1, 2)
        interp.guards = guards | when_false
        second = self.run_else(node.orelse, frame)
        interp.path = base
        interp.guards = guards
        if first and second:
            return min(first, second, key=(RETURNS, BREAKS, CONTINUES, RAISES).index)
        if first or second:
            # Only the other arm comes through here: what it found out holds from now on.
            leaving = 0 if first else 1
            learned = when_false if first else when_true
            if (first or second) == RAISES:
                # The program insists on the path: a test that fails loudly excuses nothing.
                learned = frozenset(fact for fact in learned if fact[0] != "exists")
            interp.guards = guards | learned
            if (first or second) == RAISES:
                interp.dead.setdefault(branch, set()).add(leaving)
            else:
                interp.enter_arm(branch, 1 - leaving, 2)
        return FALLS

    def run_else(self, node: cst.If | cst.Else | None, frame: Frame) -> int:
        if node is None:
            return FALLS
        if isinstance(node, cst.If):
            return self.run_if(node, frame)
        return self.run_suite(node.body, frame)

    def run_match(self, node: cst.Match, frame: Frame) -> int:
        interp = self.interp
        interp.expressions.eval(node.subject, frame)
        branch = interp.new_branch()
        base, guards = interp.path, interp.guards
        for index, case in enumerate(node.cases):
            interp.enter_arm(branch, index, len(node.cases) + 1)
            for name in pattern_names(case.pattern):
                interp.assign(name, UNKNOWN, frame)
            if case.guard is not None:
                interp.expressions.eval(case.guard, frame)
            self.run_suite(case.body, frame)
            interp.path, interp.guards = base, guards
        return FALLS

    # -- loops -------------------------------------------------------------------------------------------

    def run_for(self, node: cst.For, frame: Frame) -> int:
        interp = self.interp
        iterable = interp.expressions.eval(node.iter, frame)
        items = interp.expressions.iterate(iterable)
        base, guards = interp.path, interp.guards
        end = FALLS
        if items is not None and interp.unrolls(items, UNROLL_LIMIT):
            rounds = interp.rounds
            interp.rounds *= max(len(items), 1)
            for item in items:
                self.bind(node.target, item, frame)
                end = self.run_suite(node.body, frame)
                if end in (BREAKS, RETURNS, RAISES):
                    break
                interp.path, interp.guards = base, guards
            interp.rounds = rounds
            if end in (RETURNS, RAISES):
                return end
        else:
            interp.current_node, interp.current_frame = node.iter, frame
            self.widen(node, frame)
            element = interp.expressions.element(iterable)
            self.repeat(node, node.body, frame, lambda: self.bind(node.target, element, frame))
        interp.path, interp.guards = base, guards
        if node.orelse is not None and end != BREAKS:
            return self.run_suite(node.orelse.body, frame)
        return FALLS

    def run_while(self, node: cst.While, frame: Frame) -> int:
        interp = self.interp
        self.widen(node, frame)
        truth, when_true, _ = interp.expressions.condition(node.test, frame)
        if truth is False:
            return self.run_suite(node.orelse.body, frame) if node.orelse else FALLS
        base, guards = interp.path, interp.guards
        interp.guards = guards | when_true
        self.repeat(node, node.body, frame, lambda: None)
        interp.path, interp.guards = base, guards
        return self.run_suite(node.orelse.body, frame) if node.orelse else FALLS

    def widen(self, node: cst.For | cst.While, frame: Frame) -> None:
        """Counters and the like have any value in a loop that runs an unknown number of times."""
        names = self._changing.get(node)
        if names is None:
            names = self._changing[node] = changing_names(node.body)
        for name in names:
            if name in frame.locals:
                self.interp.assign(name, union([self.interp.lookup(name, frame), UNKNOWN]), frame)

    def repeat(
        self, node: cst.For | cst.While, body: cst.BaseSuite, frame: Frame, start: Callable[[], None]
    ) -> None:
        """Run a loop body that is executed an unknown number of times: once, and again if it reads its own results."""
        interp = self.interp
        base = interp.path
        interp.enter_arm(interp.new_branch(), 0, 2)
        inside = interp.path
        start()
        self.run_suite(body, frame)
        carried = self._carried.get(node)
        if carried is None:
            carried = self._carried[node] = loop_carried(node)
        if carried:
            interp.path = inside
            start()
            self.run_suite(body, frame)
        interp.path = base

    # -- exceptions and contexts -------------------------------------------------------------------------

    def run_try(self, node: cst.Try | cst.TryStar, frame: Frame) -> int:
        interp = self.interp
        base, guards = interp.path, interp.guards
        interp.handled.append(frozenset(name for handler in node.handlers for name in recovered(handler)))
        try:
            end = self.run_suite(node.body, frame)
        finally:
            interp.handled.pop()
        after_body = interp.path
        branch = interp.new_branch()
        ends = []
        handlers: list[cst.ExceptHandler | cst.ExceptStarHandler] = list(node.handlers)
        for index, handler in enumerate(handlers, 1):
            interp.path, interp.guards = base, guards
            interp.enter_arm(branch, index, len(node.handlers) + 1)
            if handler.name is not None and isinstance(handler.name.name, cst.Name):
                interp.assign(handler.name.name.value, Unknown("an exception"), frame)
            ends.append(self.run_suite(handler.body, frame))
        interp.path = after_body if not end or not ends else base
        if node.orelse is not None and not end:
            end = self.run_suite(node.orelse.body, frame)
        leaves = bool(end) and all(ends)
        if node.finalbody is not None:
            final = self.run_suite(node.finalbody.body, frame)
            if final:
                return final
        return end if leaves else FALLS

    def run_with(self, node: cst.With, frame: Frame) -> int:
        interp = self.interp
        suppresses = False
        for item in node.items:
            value = interp.expressions.eval(item.item, frame)
            if isinstance(value, External) and value.name == "contextlib.suppress()":
                suppresses = True
                names = frozenset(arg.last_name for arg in value.args if isinstance(arg, External))
                interp.handled.append(
                    names | (CATCH_ALL if names & {"Exception", "BaseException"} else frozenset())
                )
            if item.asname is not None:
                self.bind(item.asname.name, interp.calls.enter_context(value, item.item, frame), frame)
        base = interp.path
        if suppresses:
            interp.enter_arm(interp.new_branch(), 0, 2)
        end = self.run_suite(node.body, frame)
        if suppresses:
            interp.handled.pop()
            interp.path = base
            return FALLS
        return end

    # -- definitions -------------------------------------------------------------------------------------

    def run_function_def(self, node: cst.FunctionDef, frame: Frame) -> int:
        self.interp.calls.define_function(node, frame)
        return FALLS

    def run_class_def(self, node: cst.ClassDef, frame: Frame) -> int:
        self.interp.calls.define_class(node, frame)
        return FALLS

    # -- small statements --------------------------------------------------------------------------------

    def run_expr(self, node: cst.Expr, frame: Frame) -> int:
        value = node.value
        if type(value) is cst.SimpleString or type(value) is cst.ConcatenatedString:
            return FALLS  # a docstring
        result = self.interp.expressions.eval(value, frame)
        return RAISES if result is self.interp.calls.NEVER else FALLS

    def run_assign(self, node: cst.Assign, frame: Frame) -> int:
        before = len(self.interp.trace.events)
        value = self.interp.expressions.eval(node.value, frame)
        for target in node.targets:
            self.bind(target.target, value, frame)
        if len(self.interp.trace.events) > before:
            self.note_reads(node, before, frame)
        return FALLS

    def note_reads(self, node: cst.Assign, before: int, frame: Frame) -> None:
        """Remember where the values of the environment reads since event number ``before`` are stored."""
        expressions = self.interp.expressions
        reads = [event for event in self.interp.trace.events[before:] if isinstance(event, EnvironmentRead)]
        if not reads or len(node.targets) != 1:
            return
        target = node.targets[0].target
        if isinstance(target, cst.Name):
            for read in reads:
                read.bound_to = target.value
        elif isinstance(target, cst.Subscript) and isinstance(target.slice[0].slice, cst.Index):
            owner = expressions.eval(target.value, frame)
            key = constant(expressions.eval(target.slice[0].slice.value, frame))
            if isinstance(owner, Dict) and key is not None and isinstance(key[0], str):
                expressions.subscripts.harvested(owner, key[0], reads)

    def run_ann_assign(self, node: cst.AnnAssign, frame: Frame) -> int:
        if isinstance(node.target, cst.Name) and frame.owner is not None:
            frame.owner.fields.append(node.target.value)
        if node.value is not None:
            self.bind(node.target, self.interp.expressions.eval(node.value, frame), frame)
        return FALLS

    def run_aug_assign(self, node: cst.AugAssign, frame: Frame) -> int:
        self.bind(node.target, self.interp.expressions.augmented(node, frame), frame)
        return FALLS

    def run_return(self, node: cst.Return, frame: Frame) -> int:
        value = self.interp.expressions.eval(node.value, frame) if node.value is not None else NONE
        frame.returns.append(value)
        if self.interp.guards:
            frame.early.append((value, self.interp.guards))
        return RETURNS

    def run_raise(self, node: cst.Raise, frame: Frame) -> int:
        interp = self.interp
        interp.prose += 1
        for part in (node.exc, node.cause.item if node.cause else None):
            if part is not None:
                interp.expressions.eval(part, frame)
        interp.prose -= 1
        return RAISES

    def run_import(self, node: cst.Import, frame: Frame) -> int:
        self.interp.imports.import_names(node, frame)
        return FALLS

    def run_import_from(self, node: cst.ImportFrom, frame: Frame) -> int:
        self.interp.imports.import_from(node, frame)
        return FALLS

    def run_global(self, node: cst.Global, frame: Frame) -> int:
        frame.globals.update(item.name.value for item in node.names)
        return FALLS

    def run_nonlocal(self, node: cst.Nonlocal, frame: Frame) -> int:
        names = {item.name.value for item in node.names}
        frame.local_names = (frame.local_names or frozenset()) | names
        return FALLS

    def run_del(self, node: cst.Del, frame: Frame) -> int:
        target = node.target
        if isinstance(target, cst.Subscript):
            self.interp.expressions.eval(target.value, frame)
        return FALLS

    def run_assert(self, node: cst.Assert, frame: Frame) -> int:
        interp = self.interp
        _, when_true, _ = interp.expressions.condition(node.test, frame)
        if node.msg is not None:
            interp.prose += 1
            interp.expressions.eval(node.msg, frame)
            interp.prose -= 1
        interp.guards |= when_true
        return FALLS
