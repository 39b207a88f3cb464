"""Which contracts a step of a definition may have to keep."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from flake8_contracts.catalog.catalog import is_suffix
from flake8_contracts.catalog.model import DeclaredContract, DeclaredSpecification
from flake8_contracts.definitions.comparison import Claim
from flake8_contracts.definitions.jobs import Job
from flake8_contracts.suggestions import did_you_mean

if TYPE_CHECKING:
    from flake8_contracts.catalog.catalog import Catalog

Declared = TypeVar("Declared", DeclaredContract, DeclaredSpecification)

# Where the SDK puts scripts (contracts_runtime/platform_paths.py names the sources).
_CODE = ("/opt/ml/processing/input/code/", "/opt/ml/processing/input/entrypoint/", "/opt/ml/code/")


class UnknownContractError(Exception):
    """A contract was named that does not exist, or for a step that does not."""


class Matcher:
    """Finds contracts: by the name that the user gave for a step, by the name under which a step is registered, by its
    type, and by the script that it runs.

    ``folder`` is where the definition comes from: of several projects in the project, its own is meant.
    """

    def __init__(self, catalog: Catalog, folder: Path, named: Mapping[str, str]) -> None:
        self._catalog = catalog
        self._project = catalog.project_of(folder / "definition.json")
        self._named = {step: self._contracts_called(name) for step, name in named.items()}

    def require_steps(self, steps: Iterable[str]) -> None:
        """Raise ``UnknownContractError`` if a contract was named for a step that does not exist."""
        known = list(steps)
        for step in self._named:
            if step not in known:
                raise UnknownContractError(
                    f"--contract: there is no step {step!r}{did_you_mean(step, known)}"
                )

    def claims(self, job: Job) -> list[Claim]:
        """Return the contracts of which the job has to keep one; none if it is not known which."""
        specifications = self.specifications(job.step.name)
        by_script = self._by_script(job.script) if job.script else []
        contracts = self._named.get(job.step.name)
        if contracts is None:
            own = [each for each in map(self._catalog.contract_of, specifications) if each is not None]
            # A step that runs another script than the one registered under its name is another step.
            contracts = [each for each in own if each in by_script or not job.script] or by_script
        return [self._claim(contract, specifications) for contract in contracts]

    def specifications(self, step: str) -> list[DeclaredSpecification]:
        """Return the specifications that are registered under the name of a step, else those of that step type."""
        registered = self._near(self._registered.get(step, ()))
        if registered:
            return registered
        return self._near(
            each
            for each in self._catalog.specifications
            if each.step_type is not None and each.step_type.value == step
        )

    @cached_property
    def _registered(self) -> dict[str, list[DeclaredSpecification]]:
        found: dict[str, list[DeclaredSpecification]] = {}
        for pipeline in self._catalog.pipelines.registered():
            for member in pipeline.members:
                known = found.setdefault(member.name, [])
                if member.specification not in known:
                    known.append(member.specification)
        return found

    def _claim(self, contract: DeclaredContract, named: list[DeclaredSpecification]) -> Claim:
        """A contract with what its specifications say of its inputs: of all, if none has the step's name."""
        own = [each for each in named if self._catalog.contract_of(each) == contract]
        every = own or [
            each for each in self._catalog.specifications if self._catalog.contract_of(each) == contract
        ]
        optional = {
            name
            for name in contract.inputs
            for each in every
            if "dependencies" in each.unresolved
            or ((port := each.dependencies.get(name)) is not None and not _is_required(port.raw))
        }
        return Claim(contract, every[0] if len(every) == 1 else None, frozenset(optional))

    def _contracts_called(self, name: str) -> list[DeclaredContract]:
        known = self._catalog.contracts
        found = [contract for contract in known if contract.name == name]
        if not found:
            near = did_you_mean(name, {contract.name for contract in known})
            raise UnknownContractError(f"--contract: there is no contract {name!r}{near}")
        return self._near(found)

    def _by_script(self, script: str) -> list[DeclaredContract]:
        below = next((script[len(code) :] for code in _CODE if script.startswith(code)), script).lstrip("/")
        named = self._catalog.by_script.get(posixpath.basename(script), ())
        return self._near(
            contract
            for contract in named
            if contract.entry_point is not None
            and contract.entry_point.value is not None
            and _is_same_script(contract.entry_point.value.removeprefix("./"), below)
        )

    def _near(self, found: Iterable[Declared]) -> list[Declared]:
        declared = list(found)
        near = [each for each in declared if self._catalog.project_of(each.source) == self._project]
        return near or declared


def _is_required(port: Mapping[str, object]) -> bool:
    return port.get("required", True) is True


def _is_same_script(entry_point: str, script: str) -> bool:
    """Whether both name the same file; a script may be uploaded without its folder, or with a folder more."""
    return is_suffix(entry_point, script) or is_suffix(script, entry_point)
