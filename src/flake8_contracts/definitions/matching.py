"""Which contracts a step of a definition may have to keep."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_contracts.catalog.catalog import is_suffix
from flake8_contracts.catalog.model import DeclaredContract
from flake8_contracts.definitions.comparison import Claim
from flake8_contracts.definitions.jobs import Job
from flake8_contracts.suggestions import did_you_mean

if TYPE_CHECKING:
    from flake8_contracts.catalog.catalog import Catalog

# Where the SDK puts scripts (contracts_runtime/platform_paths.py names the sources).
_CODE = ("/opt/ml/processing/input/code/", "/opt/ml/processing/input/entrypoint/", "/opt/ml/code/")


class UnknownContractError(Exception):
    """A contract was named that does not exist, or for a step that does not."""


class Matcher:
    """Finds contracts: by the name that the user gave for a step, else by the script that the step runs.

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
        contracts = self._named.get(job.step.name)
        if contracts is None:
            contracts = self._by_script(job.script) if job.script else []
        return [Claim(contract) for contract in contracts]

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
        found = [
            contract
            for contract in named
            if contract.entry_point is not None
            and contract.entry_point.value is not None
            and _is_same_script(contract.entry_point.value.removeprefix("./"), below)
        ]
        return self._near(found)

    def _near(self, found: Iterable[DeclaredContract]) -> list[DeclaredContract]:
        contracts = list(found)
        near = [each for each in contracts if self._catalog.project_of(each.source) == self._project]
        return near or contracts


def _is_same_script(entry_point: str, script: str) -> bool:
    """Whether both name the same file; a script may be uploaded without its folder, or with a folder more."""
    return is_suffix(entry_point, script) or is_suffix(script, entry_point)
