"""The result of a validation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable

from contracts_runtime.problems import ERROR, Problem


@dataclass(frozen=True)
class ValidationResult:
    """Whether something is valid, and what was found.

    Errors make it invalid, warnings do not. Raises ``ValueError`` for a result that claims to be valid and
    has errors.
    """

    is_valid: bool
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.is_valid and self.errors:
            raise ValueError(f"a valid result cannot have errors: {self.errors}")

    @classmethod
    def success(cls, warnings: str | Iterable[str] = ()) -> ValidationResult:
        """Return a valid result."""
        return cls(True, [], _messages(warnings))

    @classmethod
    def error(cls, errors: str | Iterable[str], warnings: str | Iterable[str] = ()) -> ValidationResult:
        """Return an invalid result with one error or several. Raises ``ValueError`` if there is none."""
        messages = _messages(errors)
        if not messages:
            raise ValueError("an invalid result needs at least one error")
        return cls(False, messages, _messages(warnings))

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> ValidationResult:
        """Return the result that these problems make: those that are errors, and the others as warnings."""
        found = list(problems)
        errors = [problem.text for problem in found if problem.severity == ERROR]
        warnings = [problem.text for problem in found if problem.severity != ERROR]
        return cls(not errors, errors, warnings)

    def prefixed(self, prefix: str) -> ValidationResult:
        """Return the result with every message beginning with ``prefix``."""
        return ValidationResult(
            self.is_valid, [prefix + each for each in self.errors], [prefix + each for each in self.warnings]
        )

    @classmethod
    def combine(cls, results: Iterable[ValidationResult]) -> ValidationResult:
        """Return one result with all errors and warnings, valid if all of ``results`` are."""
        parts = list(results)
        errors = [message for part in parts for message in part.errors]
        warnings = [message for part in parts for message in part.warnings]
        return cls(all(part.is_valid for part in parts), errors, warnings)


def _messages(messages: str | Iterable[str]) -> list[str]:
    return [messages] if isinstance(messages, str) else list(messages)
