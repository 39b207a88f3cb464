"""Which contract a script has, and why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from flake8_contracts.catalog.catalog import Catalog, is_suffix
from flake8_contracts.catalog.limits import MAX_PATHS
from flake8_contracts.catalog.model import DeclaredContract
from flake8_contracts.facts.model import ContractNamed, ScriptFacts
from flake8_contracts.findings import Place
from flake8_contracts.flow.values import External, Text, options

#: What a file that runs as a script has somewhere, and a module of the same name that only describes the step has not.
_LOOKS_LIKE_SCRIPT = re.compile(
    r"/opt/ml|__main__|input_paths|output_paths|ContractEnforcer|get_script_contract|os\.environ|getenv|argparse|SM_"
)
_TEST_PARTS = frozenset({"tests", "test", "testing"})


class Binding(NamedTuple):
    """The contracts of one script. ``place`` is where the script names its contract, if it does."""

    contracts: tuple[DeclaredContract, ...] = ()
    reason: str = "no contract names this file"
    place: Place | None = None
    #: Contracts that the script names and that cannot be read.
    unknown: tuple[str, ...] = ()

    @property
    def excess(self) -> list[str]:
        """Which contracts are too large to be compared with the script."""
        counts = [(each.name, len(each.inputs) + len(each.outputs)) for each in self.contracts]
        return [
            f"contract {name} declares {count} paths, more than {MAX_PATHS}"
            for name, count in counts
            if count > MAX_PATHS
        ]


class Binder:
    """Binds scripts to contracts: what the script itself names wins, then what contracts say of their entry point."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def by_entry_point(self, path: Path, text: str) -> Binding:
        """The contracts whose entry point is the end of the script's path."""
        catalog = self.catalog
        relative = self.relative(path)
        named = [
            contract
            for contract in catalog.by_script.get(path.name, ())
            if contract.entry_point is not None
            and contract.entry_point.value is not None
            and is_suffix(contract.entry_point.value.removeprefix("./"), relative)
        ]
        if not named or not self._is_script(path, relative, text, named[0]):
            return Binding()
        here = catalog.project_of(path)
        near = [contract for contract in named if catalog.project_of(contract.source) == here]
        contracts = tuple(near or named)
        entry = contracts[0].entry_point
        assert entry is not None
        return Binding(contracts, f"entry_point {entry.value!r} is the end of its path")

    def by_name(self, facts: ScriptFacts, path: Path) -> Binding | None:
        """The contracts that the script itself names, or ``None`` if it names none."""
        found: list[DeclaredContract] = []
        place: Place | None = None
        unknown: list[str] = []
        for named in facts.contracts:
            contracts = self._declared(named)
            if contracts:
                found.extend(contract for contract in contracts if contract not in found)
                place = place or named.place
            else:
                unknown.append(repr(named.value))
        if found:
            return Binding(tuple(found), "the script names it", place)
        if unknown:
            return Binding(
                (),
                "the script names a contract that is not in the project",
                facts.contracts[0].place,
                tuple(unknown),
            )
        return None

    def bind(self, facts: ScriptFacts, path: Path, text: str) -> Binding:
        """The contracts of a script."""
        named = self.by_name(facts, path)
        if named is not None and named.contracts:
            return named
        found = self.by_entry_point(path, text)
        if found.contracts and named is not None:
            return Binding(found.contracts, found.reason, named.place)
        return found if found.contracts or named is None else named

    def relative(self, path: Path) -> str:
        """The path below the root, with slashes; a file elsewhere keeps its whole path."""
        try:
            return path.relative_to(self.catalog.root).as_posix()
        except ValueError:
            return path.as_posix().lstrip("/")

    def _declared(self, named: ContractNamed) -> list[DeclaredContract]:
        found: list[DeclaredContract] = []
        for value in options(named.value):
            node, source = getattr(value, "node", None), getattr(value, "source", None)
            if isinstance(value, Text) and value.exact is not None:
                found.extend(self._in_file(value.exact))
            elif node is not None and source is not None:
                declared = self.catalog.by_file.get(source.path)
                if declared is None:
                    continue
                span = source.place(node).span
                at = [contract for contract in declared.contracts if contract.place.span == span]
                fields = _fields(value)
                exact = [contract for contract in at if _same(contract, fields)]
                found.extend(exact or at)
        return found

    def _in_file(self, name: str) -> list[DeclaredContract]:
        """Contracts of the data file that the script loads: ``ContractEnforcer.from_file("payload.contract.json")``."""
        last = name.rpartition("/")[2]
        return [
            contract
            for path in self.catalog.by_file.named(last)
            for contract in self.catalog.by_file[path].contracts
        ]

    def _is_script(self, path: Path, relative: str, text: str, contract: DeclaredContract) -> bool:
        """Whether the file is the script, and not a contract, builder or test module of the same name."""
        entry = contract.entry_point
        assert entry is not None
        assert entry.value is not None
        if path == contract.source:
            return _LOOKS_LIKE_SCRIPT.search(text) is not None and "__main__" in text
        rivals = [
            other for other in self.catalog.scripts_named(entry.value.removeprefix("./")) if other != relative
        ]
        if _TEST_PARTS & set(relative.split("/")[:-1]) and rivals:
            return False
        if path in self.catalog.by_file and rivals:
            return "__main__" in text
        return not rivals or _LOOKS_LIKE_SCRIPT.search(text) is not None


def _fields(value: object) -> dict[str, object]:
    if isinstance(value, External):
        return {name: repr(field) for name, field in (value.kwargs or {}).items()}
    return {}


def _same(contract: DeclaredContract, fields: dict[str, object]) -> bool:
    """Whether a contract made several times at one place (a factory) is the one with these fields."""
    entry = fields.get("entry_point")
    paths = [fields.get("expected_input_paths", ""), fields.get("expected_output_paths", "")]
    if (
        entry is not None
        and contract.entry_point is not None
        and repr(contract.entry_point.value) not in str(entry)
    ):
        return False
    values = [item.value for item in (*contract.inputs.values(), *contract.outputs.values())]
    return all(value is None or any(value in str(path) for path in paths) for value in values)
