"""What a container gets that has nothing installed: the enforcer's modules, and contracts as JSON."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_contracts import __version__
from flake8_contracts.buffers import real_path

if TYPE_CHECKING:
    from flake8_contracts.catalog.model import DeclaredContract

PACKAGE = "contracts_runtime"
SUFFIX = ".contract.json"

# The folder is told by this line from one that somebody else has written; flake8 leaves the modules alone.
_MARK = "# flake8: noqa"
_HEADER = (
    f"{_MARK}\n# Written by flake8-contracts {__version__}: 'flake8-contracts vendor' writes it again.\n"
)


class NotVendorableError(Exception):
    """A contract cannot be written as JSON, or would be refused where it is enforced; the message says why."""


# --- the enforcer ---


def package_files() -> dict[str, bytes]:
    """Return the enforcer's modules and all that they import of their package, by path below the target directory."""
    files = {
        f"{PACKAGE}/{name}.py": (_HEADER + _source(name)).encode()
        for name in sorted({"__init__", *_closure("enforcer")})
    }
    licence = _licence()
    if licence is not None:
        files[f"{PACKAGE}/LICENSE"] = licence.encode()
    return files


def is_own_package(directory: Path) -> bool:
    """Whether ``directory`` holds a package that was written here, or none."""
    package = directory / PACKAGE
    if not package.exists():
        return True
    try:
        return (package / "__init__.py").read_text(encoding="utf-8").startswith(_MARK)
    except (OSError, UnicodeDecodeError):
        return False


def _closure(module: str) -> set[str]:
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_imported(ast.parse(_source(name))))
    return found


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield the package's modules that a module imports when it is imported itself."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE}."):
            yield str(node.module).removeprefix(f"{PACKAGE}.")


def _source(module: str) -> str:
    return resources.files(PACKAGE).joinpath(f"{module}.py").read_text(encoding="utf-8")


def _licence() -> str | None:
    """Return the licence's text, which has to go with every copy; ``None`` where the distribution has lost it."""
    files = metadata.files("flake8-contracts") or ()
    return next((file.read_text("utf-8") for file in files if file.name == "LICENSE"), None)


# --- contracts ---


def contract_files(contracts: Iterable[DeclaredContract], directory: Path) -> dict[Path, DeclaredContract]:
    """Return where each contract is written: named after its script, or after itself where a script has several.

    Contracts that stand there already are left out.
    """
    by_stem: dict[str, list[DeclaredContract]] = {}
    for contract in contracts:
        entry = contract.entry_point.value if contract.entry_point is not None else None
        by_stem.setdefault(Path(entry or contract.name).stem, []).append(contract)
    targets = {}
    for stem, group in by_stem.items():
        originals = [each for each in group if not _is_copy(each, directory, group)]
        for contract in originals:
            name = stem if len(originals) == 1 else _stem_of_name(contract.name)
            target = directory / f"{name}{SUFFIX}"
            if real_path(contract.source) != real_path(target):
                targets[target] = contract
    return targets


def _is_copy(contract: DeclaredContract, directory: Path, group: list[DeclaredContract]) -> bool:
    """Whether the contract was written by an earlier run: it stands in the target, and another one does not."""
    return stands_in(contract, directory) and not all(stands_in(each, directory) for each in group)


def stands_in(contract: DeclaredContract, directory: Path) -> bool:
    """Whether a contract stands where one is written to."""
    return real_path(contract.source.parent) == real_path(directory) and contract.source.name.endswith(SUFFIX)


def _stem_of_name(name: str) -> str:
    return re.sub(r"\W+", "_", name).lower().removesuffix("_contract")


def contract_json(contract: DeclaredContract) -> bytes:
    """Return a contract as the JSON that the enforcer reads.

    Raises :class:`NotVendorableError` for one that cannot be told without running code, or is wrong in itself.
    """
    from contracts_runtime.contract_checks import CONTRACT_FIELDS, ERROR, check_contract
    from contracts_runtime.problems import UNRESOLVED

    fields = {name: value for name, value in contract.raw.items() if name not in _NOT_ENFORCED}
    for name in _NOT_ENFORCED & contract.raw.keys():
        known = _without(contract.raw[name], UNRESOLVED)
        if known:
            fields[name] = known
    unknown = {name for name, value in fields.items() if _without(value, UNRESOLVED) != value}
    unknown |= contract.unresolved - _NOT_ENFORCED
    if unknown:
        names = ", ".join(map(repr, sorted(unknown)))
        raise NotVendorableError(f"{names} cannot be told without running code")
    problems = [
        each.text
        for each in check_contract(fields, contract.kind)
        if each.severity == ERROR or each.rule == "output-path-is-file"
    ]
    if problems:
        raise NotVendorableError("; ".join(problems))
    document = {name: fields[name] for name in CONTRACT_FIELDS if fields.get(name)}
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


# What may be known in part only: nobody checks it where the script runs.
_NOT_ENFORCED = frozenset({"expected_arguments", "framework_requirements", "description"})


def _without(value: object, unknown: object) -> object:
    """Return plain data without the keys, values and items that are not known; ``None`` for one that is not."""
    if isinstance(value, dict):
        return {key: each for key, each in value.items() if unknown not in (key, each)}
    if isinstance(value, (list, tuple)):
        return [each for each in value if each is not unknown]
    return None if value is unknown else value
