"""The script's functions that nothing calls: they are run last, with unknown arguments."""

from __future__ import annotations

from collections import Counter
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

        def waiting() -> list[Function]:
            return [
                function
                for function in interp.functions
                if function.source is source and id(function.node) not in interp.entered
            ]

        left = waiting()
        while left:
            # Functions that call each other in a circle have no root: one of them has to be the first.
            for function in _roots(left) or left[:1]:
                if id(function.node) not in interp.entered:
                    self.run_root(function, frame)
            left = waiting()

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


def _roots(functions: list[Function]) -> list[Function]:
    """The functions whose name occurs in none of the others."""
    names = [referenced_names(function.node.body) for function in functions]
    users = Counter(name for found in names for name in found)
    return [
        function
        for function, own in zip(functions, names, strict=True)
        if users[function.name] == (function.name in own)
    ]
