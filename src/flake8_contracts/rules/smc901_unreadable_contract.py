"""SMC901: a declaration that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.catalog.model import Unreadable
from flake8_contracts.findings import Report
from flake8_contracts.rules.base import Rule


class UnreadableContract(Rule):
    code = "SMC901"
    name = "unreadable-contract"
    summary = "a contract or specification that cannot be read"
    explanation = """
Contracts are read without executing anything. A file with a syntax or encoding error, a YAML error, or a value that only running the module
could tell is reported here; what depends on it is not checked, and the rest of the project is.
"""

    def check_unreadable(self, problem: Unreadable) -> Iterator[Report]:
        yield from self.report(
            problem.place,
            f"{problem.reason}: scripts are not checked against it; write the value as a constant or correct the file",
        )


RULE = UnreadableContract()
