"""What keeps a step from being built."""

from __future__ import annotations

from typing import Iterable


class StepBuildError(ValueError):
    """A step cannot be built. Lists every problem at once, before anything is created or sent.

    ``subject`` says which step, ``problems`` holds one line per problem.
    """

    def __init__(self, subject: str, problems: Iterable[str]) -> None:
        self.subject = subject
        self.problems = list(problems)
        lines = "".join(f"\n- {problem}" for problem in self.problems)
        super().__init__(f"{subject} cannot be built:{lines}")

    def __reduce__(self) -> tuple[type[StepBuildError], tuple[str, list[str]]]:
        return type(self), (self.subject, self.problems)


def raise_if(subject: str, problems: Iterable[str]) -> None:
    """Raise :class:`StepBuildError` if there is a problem."""
    found = list(problems)
    if found:
        raise StepBuildError(subject, found)
