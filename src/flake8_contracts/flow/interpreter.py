"""The abstract interpreter: runs a program on abstract values and records what it does.

It runs forwards from the first line of the module, with ``__name__ == "__main__"``, follows calls into the
project's functions one by one, and visits both arms of every condition that it cannot decide. Functions that
nothing calls are run last, with unknown arguments. Everything is bounded: recursion, loops, alternatives and the total
number of steps.
"""

from __future__ import annotations

import builtins
from itertools import count

import libcst as cst

from flake8_contracts.flow.calls import Calls
from flake8_contracts.flow.events import Event, Guard, Trace
from flake8_contracts.flow.expressions import Expressions
from flake8_contracts.flow.imports import Imports
from flake8_contracts.flow.loader import ModuleLoader
from flake8_contracts.flow.objects import Dict, Frame, Function, Module
from flake8_contracts.flow.statements import Statements
from flake8_contracts.flow.store import ROOT, Arm, BranchPath, Log, single
from flake8_contracts.flow.unreached import Unreached
from flake8_contracts.flow.values import External, Unknown, Value, text, union
from flake8_contracts.syntax.source import SourceModule

#: Statements and calls that one program may take. Real scripts of 3,000 lines take about 10,000.
STEP_LIMIT = 150_000

#: How often code in several loops may be run, one for each combination of their items.
MAX_ROUNDS = 2_000

BUILTIN_NAMES = frozenset(dir(builtins))


class StepLimitError(Exception):
    """The program is too large or too entangled to follow to its end."""


class Interpreter:
    """The state of one run, shared by its parts: expressions, statements, calls and imports."""

    def __init__(self, loader: ModuleLoader, step_limit: int = STEP_LIMIT) -> None:
        self.loader = loader
        self.trace = Trace()
        self.path: BranchPath = ROOT
        self.guards: frozenset[Guard] = frozenset()
        self.dead: dict[int, set[int]] = {}
        #: Names of the exceptions that the enclosing ``try`` statements handle.
        self.handled: list[frozenset[str]] = []
        self.prose = 0
        self.steps = 0
        #: How often the code in the loops that are being run item by item is run, all in all.
        self.rounds = 1
        #: Changes whenever a module-level variable is bound: remembered calls depend on it.
        self.globals_version = 0
        self.step_limit = step_limit
        self.environ = Dict(is_open=True, role="environment")
        self._branches = count(1)
        #: Where the iteration stands that is being evaluated, for events that have no call of their own.
        self.current_node: cst.CSTNode | None = None
        self.current_frame: Frame | None = None
        self.functions: list[Function] = []
        self.entered: set[int] = set()
        self.expressions = Expressions(self)
        self.statements = Statements(self)
        self.calls = Calls(self)
        self.imports = Imports(self)
        self.unreached = Unreached(self)

    # -- running -----------------------------------------------------------------------------------------

    def run_script(self, source: SourceModule) -> Trace:
        """Run ``source`` as the main program and return what it was seen to do."""
        try:
            frame = self.imports.run(source, "__main__")
            self.unreached.run(source, frame)
        except StepLimitError:
            self.trace.incomplete.append("the script is too entangled to follow to its end")
        except RecursionError:
            self.trace.incomplete.append("the code is nested too deeply to follow")
        return self.trace

    def run_module(self, source: SourceModule, name: str) -> Module | None:
        """Run ``source`` as an imported module and return its namespace; ``None`` when a bound was hit."""
        try:
            return Module(name, self.imports.run(source, name))
        except (StepLimitError, RecursionError):
            return None

    def unrolls(self, items: list[Value] | None, limit: int) -> bool:
        """Whether a loop over ``items`` is run item by item: all are known, and few, also with the loops around it."""
        return items is not None and len(items) <= limit and len(items) * self.rounds <= MAX_ROUNDS

    def step(self, units: int = 1) -> None:
        """Count work: a unit is about what a call costs, or twenty objects that are looked at."""
        self.steps += units
        if self.steps > self.step_limit:
            raise StepLimitError

    # -- control flow ------------------------------------------------------------------------------------

    def new_branch(self) -> int:
        return next(self._branches)

    def enter_arm(self, branch: int, index: int, arms: int) -> None:
        self.path = (*self.path, Arm(branch, index, arms))

    def catches(self, name: str) -> bool:
        """Whether an enclosing ``try`` handles the exception ``name`` and goes on."""
        return any(name in names for names in self.handled)

    # -- variables ---------------------------------------------------------------------------------------

    def read_log(self, log: Log) -> Value:
        path, value = log[-1]
        if not path or path is self.path:
            return value
        values, _ = log.read(self.path, self.dead)
        return values[0] if len(values) == 1 else union(values)

    def lookup(self, name: str, frame: Frame) -> Value:
        """The value of a variable."""
        current: Frame | None = frame
        while current is not None:
            log = current.locals.get(name)
            if log is not None and (current is frame or current.owner is None):
                return self.read_log(log)
            current = current.outer
        if name in BUILTIN_NAMES:
            return External("builtins." + name)
        if name == "__file__":
            return text(str(frame.source.path))
        return Unknown(f"the name {name!r} is not defined here")

    def assign(self, name: str, value: Value, frame: Frame) -> None:
        """Bind a variable in ``frame``, or where its ``global``/``nonlocal`` statement says."""
        target = frame
        if name in frame.globals:
            target = frame.module
        elif frame.local_names is not None and name in frame.local_names:  # nonlocal
            outer = frame.outer
            while outer is not None and name not in outer.locals:
                outer = outer.outer
            target = outer or frame
        if target.outer is None:
            self.globals_version += 1
        log = target.locals.get(name)
        if log is None:
            target.locals[name] = single(self.path, value)
        else:
            log.write(self.path, value)

    # -- events ------------------------------------------------------------------------------------------

    def record(self, event: Event) -> None:
        self.trace.events.append(event)

    @property
    def order(self) -> int:
        return len(self.trace.events)

    def where(
        self, node: cst.CSTNode, frame: Frame
    ) -> tuple[cst.CSTNode, SourceModule, Frame, int, BranchPath, frozenset[Guard]]:
        """The leading fields of an event at ``node``."""
        return node, frame.source, frame, len(self.trace.events), self.path, self.guards

    def note(self, reason: str) -> None:
        """Remember that the trace lacks something."""
        if reason not in self.trace.incomplete:
            self.trace.incomplete.append(reason)
