"""Variables under uncertain control flow.

The interpreter runs a program forwards and visits both arms of a condition that it cannot decide. Instead of copying
and joining whole states, every variable keeps the short log of its writes, each with the *branch path* under which it
happened. A read at some branch path sees the writes that may reach it: a write whose path is a prefix of the reader's
certainly happened and hides everything before it; a write in a sibling arm of the same condition is not visible.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from flake8_contracts.flow.values import Value

#: A variable that is written under more conditions than this is summarised: nothing real needs more.
MAX_WRITES = 24


class Arm(NamedTuple):
    """One arm of one execution of a branching statement. ``arms`` is how many there are in all."""

    branch: int
    number: int
    arms: int


BranchPath = tuple[Arm, ...]
ROOT: BranchPath = ()
#: An arm of a condition that is met nowhere else.
_SOMETIMES = Arm(0, 0, 2)


def reaches(write: BranchPath, read: BranchPath) -> bool:
    """Whether a write at ``write`` certainly happened before a later read at ``read``."""
    if write is read:
        return True
    size = len(write)
    return size <= len(read) and read[:size] == write


def exclusive(one: BranchPath, other: BranchPath) -> bool:
    """Whether the two paths lie in different arms of the same condition."""
    for a, b in zip(one, other, strict=False):
        if a is not b and a != b:
            return a.branch == b.branch
    return False


class Log(list[tuple[BranchPath, "Value"]]):
    """The writes to one variable, attribute or dictionary key that may still be visible, oldest first."""

    __slots__ = ()

    def write(self, path: BranchPath, value: Value) -> None:
        """Record a write; it hides every earlier write that it certainly overwrites."""
        if not path:
            self.clear()
        elif self and (len(self) > 1 or len(self[0][0]) >= len(path)):
            if len(self) > MAX_WRITES:
                self._summarise()
            self[:] = [entry for entry in self if not reaches(path, entry[0])]
        self.append((path, value))

    def _summarise(self) -> None:
        """Replace the older writes by one that may have happened and may have written any of their values."""
        from flake8_contracts.flow.values import union

        old, recent = self[:-4], self[-4:]
        certain = next((path for path, _ in old if not path), None)
        path = ROOT if certain is not None else (_SOMETIMES,)
        self[:] = [(path, union(value for _, value in old)), *recent]

    def read(self, path: BranchPath, dead: dict[int, set[int]]) -> tuple[list[Value], bool]:
        """The values that may be visible at ``path``, newest first, and whether one certainly is.

        ``dead`` names the arms that never come back (they raise), by branch.
        """
        if not self:
            return [], False
        last_path, last = self[-1]
        if reaches(last_path, path):
            return [last], True
        values: list[Value] = []
        covered: dict[tuple[BranchPath, int], set[int]] = {}
        for written, value in reversed(self):
            if exclusive(written, path) or _is_dead(written, dead):
                continue
            values.append(value)
            if reaches(written, path) or _completes(written, path, covered, dead):
                return values, True
        return values, False


def _is_dead(path: BranchPath, dead: dict[int, set[int]]) -> bool:
    if dead:
        for arm in path:
            numbers = dead.get(arm.branch)
            if numbers is not None and arm.number in numbers:
                return True
    return False


def _completes(
    written: BranchPath,
    path: BranchPath,
    covered: dict[tuple[BranchPath, int], set[int]],
    dead: dict[int, set[int]],
) -> bool:
    """Whether this write completes writes in *all* arms of a condition, so that one of them certainly happened."""
    while not reaches(written, path):
        arm = written[-1]
        rest = written[:-1]
        arms = covered.setdefault((rest, arm.branch), set())
        arms.add(arm.number)
        if len(arms | dead.get(arm.branch, set())) < arm.arms:
            return False
        written = rest
    return True


def single(path: BranchPath, value: Value) -> Log:
    """A log with one write."""
    log = Log()
    log.append((path, value))
    return log


def newest(logs: Iterable[Log]) -> list[Value]:
    """The last write of each log, regardless of control flow."""
    return [log[-1][1] for log in logs if log]
