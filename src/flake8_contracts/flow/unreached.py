"""The script's functions that nothing calls: they are run last, with unknown arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flake8_contracts.flow.events import Escape
from flake8_contracts.flow.names import referenced_names
from flake8_contracts.flow.objects import Dict, Frame, Function, Sequence, mark_whole
from flake8_contracts.flow.values import Text, Value, options

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter
    from flake8_contracts.syntax.source import SourceModule


class Unreached:
    """Runs what the program itself did not reach."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp

    def run(self, source: SourceModule, frame: Frame) -> None:
        """Run the script's functions that nothing called, with unknown arguments: callers before callees."""
        interp = self.interp
        waiting = _Waiting(interp.entered)
        seen = 0
        while True:
            waiting.drop_entered()
            waiting.add(
                function
                for function in interp.functions[seen:]
                if function.source is source and id(function.node) not in interp.entered
            )
            seen = len(interp.functions)
            functions = waiting.functions
            if not functions:
                return
            # Functions that call each other in a circle have no root: one of them has to be the first.
            for function in waiting.roots() or functions[:1]:
                if id(function.node) not in interp.entered:
                    self.run_root(function, frame)

    def run_root(self, function: Function, frame: Frame) -> None:
        interp = self.interp
        interp.entered.add(id(function.node))
        base, guards = interp.path, interp.guards
        interp.path, interp.guards = (), frozenset()
        interp.enter_arm(interp.new_branch(), 0, 2)
        if function.owner is not None and function.kind != "static":
            owner = function.owner
            receiver: Value = owner if function.kind == "class" else interp.calls.any_instance(owner, frame)
            function = function.bind(receiver)
        result = interp.calls.call_function(function, (), {}, function.node, frame)
        if any(isinstance(option, (Text, Dict, Sequence)) for option in options(result)):
            mark_whole(result)
            where = interp.where(function.node.body, frame)
            interp.record(Escape(*where, result, "returned to an unknown caller"))
        interp.path, interp.guards = base, guards


class _Waiting:
    """Functions that were not run so far, and how many of them use each name: kept, as there may be many rounds."""

    def __init__(self, entered: set[int]) -> None:
        self._entered = entered
        self._left: list[tuple[Function, set[str]]] = []
        self._users: Counter[str] = Counter()

    @property
    def functions(self) -> list[Function]:
        """All of them, in the order in which they are defined."""
        return [function for function, _ in self._left]

    def add(self, functions: Iterable[Function]) -> None:
        """Take in functions."""
        for function in functions:
            names = referenced_names(function.node.body)
            self._users.update(names)
            self._left.append((function, names))

    def drop_entered(self) -> None:
        """Leave out what was run meanwhile."""
        left = []
        for function, names in self._left:
            if id(function.node) in self._entered:
                self._users.subtract(names)
            else:
                left.append((function, names))
        self._left = left

    def roots(self) -> list[Function]:
        """The functions whose name occurs in none of the others."""
        users = self._users
        return [
            function for function, names in self._left if users[function.name] == (function.name in names)
        ]
