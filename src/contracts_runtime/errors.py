"""What the enforcer raises."""

from __future__ import annotations

from typing import Sequence


class ContractViolation(RuntimeError):  # noqa: N818 - a violation is what it is, and the name is public
    """A job and its contract disagree. ``problems`` holds one line for everything that is wrong."""

    def __init__(self, problems: str | Sequence[str], subject: str = "contract violated") -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        self.subject = subject
        super().__init__(self.problems, subject)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return f"{self.subject}: {self.problems[0]}"
        return "\n".join(
            [f"{self.subject}: {len(self.problems)} problems", *(f"  - {each}" for each in self.problems)]
        )


class UnknownNameError(ContractViolation, KeyError):
    """The contract declares no input, output or environment variable of that name."""

    __str__ = ContractViolation.__str__
