"""What a rule is: one object with its code, its documentation, its examples and its check."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal, NamedTuple

from flake8_contracts.catalog.binding import Binding
from flake8_contracts.catalog.catalog import Catalog
from flake8_contracts.catalog.model import (
    DeclaredContract,
    DeclaredPipeline,
    DeclaredSpecification,
    Unreadable,
)
from flake8_contracts.facts.model import ScriptFacts
from flake8_contracts.findings import FixedPlace, Hint, Place, Repair, Report


class Example(NamedTuple):
    """A script (or contract) that a rule reports, and how it should read instead.

    ``contract`` is the contract, as YAML, JSON or Python, that both scripts are checked against. With the subject
    ``contract`` the example is about contracts itself, and ``contract`` is another one of the same project, if there
    must be one. Lines of ``bad`` that are reported end with ``# expect: CODE``; ``good`` is clean under this rule. The
    texts may be indented with the code around them.

    ``fixed`` and ``fixed_contract`` are what the rule's fix makes of ``bad`` and of ``contract``, where it changes
    them; ``fixed_as_good`` says that it makes ``good`` of ``bad``, and that ``good`` goes with the fixed contract, if
    there is one. Without ``contract`` the fix writes ``fixed_contract`` as a new file.
    """

    bad: str
    good: str
    contract: str = ""
    subject: Literal["script", "contract"] = "script"
    fixed: str = ""
    fixed_contract: str = ""
    fixed_as_good: bool = False
    #: The fix of this example has to be asked for, although the rule's fix is safe elsewhere.
    unsafe: bool = False


class Rule:
    """Base of all rules. A rule overrides one of the ``check_…`` methods and yields reports."""

    code: ClassVar[str]
    name: ClassVar[str]
    #: What is reported: completes the sentence "Reports …".
    summary: ClassVar[str]
    #: Why it fails and what to do, in Markdown; may be indented with the code around it, as all longer texts here.
    explanation: ClassVar[str]
    #: What looks alike and is fine, or cannot be told.
    not_reported: ClassVar[str] = ""
    #: Reported by plain ``flake8``; otherwise opt-in.
    default: ClassVar[bool] = True
    fix: ClassVar[Literal["safe", "unsafe"] | None] = None
    examples: ClassVar[tuple[Example, ...]] = ()
    #: Facts about SageMaker that the rule rests on, with their source.
    sources: ClassVar[tuple[str, ...]] = ()

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        """Compare a script with its contracts."""
        return iter(())

    def check_contract(self, case: ContractCase) -> Iterator[Report]:
        """Check one declared contract."""
        return iter(())

    def check_specification(self, case: SpecificationCase) -> Iterator[Report]:
        """Check one step specification."""
        return iter(())

    def check_pipeline(self, case: PipelineCase) -> Iterator[Report]:
        """Check the steps of one pipeline against each other."""
        return iter(())

    def check_unreadable(self, problem: Unreadable) -> Iterator[Report]:
        """Report a declaration that cannot be read."""
        return iter(())

    def report(
        self, place: Place | None, message: str, *hints: Hint, repair: Repair | None = None
    ) -> Iterator[Report]:
        """One report, if there is a place for it in the file that is checked."""
        if place is not None:
            yield Report(self.code, place, message, hints, repair)


@dataclass
class ScriptCase:
    """A script, what it does, and the contracts that it should agree with."""

    facts: ScriptFacts
    binding: Binding
    catalog: Catalog
    #: Results that several rules share, by name.
    shared: dict[str, Any] = field(default_factory=dict)

    @property
    def contracts(self) -> tuple[DeclaredContract, ...]:
        """The contracts that the script is bound to."""
        return self.binding.contracts

    @cached_property
    def place(self) -> Place:
        """Where something is reported that the script lacks: its contract's name, else its first line."""
        if self.binding.place is not None and self.binding.place.path == self.facts.source.path:
            return self.binding.place
        return FixedPlace(self.facts.source.path)

    @property
    def is_training(self) -> bool:
        """Whether some contract of the script describes a training job."""
        return any(contract.kind == "training" for contract in self.contracts)

    @cached_property
    def runs_lost_modules(self) -> bool:
        """Whether the script imports what is not found from where it stands, although the project has such a file.

        A container is put together in its own way: the file may lie beside the script there, and do anything.
        """
        return any(
            self.catalog.scripts_named(name + end)
            for name in sorted(self.facts.libraries - sys.stdlib_module_names)
            for end in (".py", "/__init__.py")
        )

    def unresolved(self, *fields: str) -> bool:
        """Whether a field of some contract could not be read in full, so that nothing can be called undeclared."""
        return any(name in contract.unresolved for contract in self.contracts for name in fields)


@dataclass
class ContractCase:
    """A declared contract and the project around it."""

    contract: DeclaredContract
    catalog: Catalog
    shared: dict[str, Any] = field(default_factory=dict)


@dataclass
class SpecificationCase:
    """A step specification and the project around it."""

    specification: DeclaredSpecification
    catalog: Catalog
    shared: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def contract(self) -> DeclaredContract | None:
        """The contract of the step's script, if it is known."""
        return self.catalog.contract_of(self.specification)


@dataclass
class PipelineCase:
    """A pipeline and the project around it."""

    pipeline: DeclaredPipeline
    catalog: Catalog
    shared: dict[str, Any] = field(default_factory=dict)


def contract_names(contracts: tuple[DeclaredContract, ...]) -> str:
    """How messages name the contracts of a script."""
    names = list(dict.fromkeys(contract.name for contract in contracts))
    if len(names) == 1:
        return f"contract {names[0]}"
    return "contracts " + ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
