"""``flake8-contracts vendor``: the enforcer and contracts for containers that have nothing installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flake8_contracts.buffers import real_path
from flake8_contracts.commands.console import write
from flake8_contracts.commands.contracts import overview_of
from flake8_contracts.commands.errors import FINDINGS, CannotRunError, reported
from flake8_contracts.commands.options import project_options
from flake8_contracts.output.paths import shown
from flake8_contracts.suggestions import did_you_mean

if TYPE_CHECKING:
    from flake8_contracts.catalog.model import DeclaredContract


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]...")
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if something would be written."
)
@project_options
@click.pass_context
def vendor(
    context: click.Context,
    /,
    directory: Path,
    *,
    contracts: tuple[str, ...],
    only_check: bool,
    **settings: Any,
) -> None:
    """Write the enforcer and contracts into DIR, for a container that has nothing installed.

    The enforcer becomes the folder DIR/contracts_runtime, which needs Python 3.8 and nothing else; each contract
    becomes DIR/SCRIPT.contract.json. CONTRACT is a contract's name, or a file that declares contracts; without any,
    the contracts of the scripts in DIR are written.
    """
    from flake8_contracts.commands.vendored import contract_files, is_own_package, package_files

    with reported():
        chosen = _chosen(directory, contracts, settings)
    if not is_own_package(directory):
        raise CannotRunError(
            f"{shown(directory / 'contracts_runtime')} was not written by this command; move it away, or name another"
            " directory"
        )
    files = {directory / name: content for name, content in package_files().items()}
    files.update(_as_json(contract_files(chosen, directory)))
    stale = [path for path in (directory / "contracts_runtime").glob("*.py") if path not in files]
    changed = [path for path, content in files.items() if not _is_written(path, content)]
    if only_check:
        write("".join(f"{shown(path)}: {_state(path)}\n" for path in sorted([*changed, *stale])))
        if changed or stale:
            write("the same command without --check writes what it takes\n", err=True)
        context.exit(FINDINGS if changed or stale else 0)
    _write_all({path: files[path] for path in changed}, stale)
    write("".join(f"{shown(path)}: written\n" for path in changed))
    write("".join(f"{shown(path)}: removed\n" for path in stale))


def _state(path: Path) -> str:
    return "out of date" if path.exists() else "missing"


def _is_written(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _write_all(files: Mapping[Path, bytes], stale: Sequence[Path]) -> None:
    try:
        for path, content in files.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        for path in stale:
            path.unlink()
    except OSError as error:
        raise CannotRunError(str(error)) from error


def _as_json(contracts: Mapping[Path, DeclaredContract]) -> dict[Path, bytes]:
    from flake8_contracts.commands.vendored import NotVendorableError, contract_json

    files, refused = {}, []
    for target, contract in contracts.items():
        try:
            files[target] = contract_json(contract)
        except NotVendorableError as error:
            place = f"{shown(contract.source)}:{contract.place.span.line}"
            refused.append(f"{place}: contract {contract.name!r} cannot be vendored: {error}")
    if refused:
        raise CannotRunError("\n".join(refused))
    return files


def _chosen(directory: Path, names: Sequence[str], settings: Mapping[str, Any]) -> list[DeclaredContract]:
    overview = overview_of((str(directory),), settings, everything=True)
    every = overview.contracts
    if not names:
        inside = [path for path in overview.scripts if real_path(path).is_relative_to(real_path(directory))]
        found = [each for path in inside for each in overview.scripts[path].contracts]
        if not found:
            raise CannotRunError(
                f"no script in {shown(directory)} has a contract; name the contracts to write"
            )
        return _each_once([*found, *_originals(found, every, directory)])
    chosen: list[DeclaredContract] = []
    for name in names:
        chosen += _of_file(name, settings) if Path(name).is_file() else _named(name, every)
    return _each_once(chosen)


def _originals(
    found: Sequence[DeclaredContract], every: Sequence[DeclaredContract], directory: Path
) -> list[DeclaredContract]:
    """Return what copies in ``directory`` were made from: a script that reads its copy names that one only."""
    from flake8_contracts.commands.vendored import stands_in

    entries = {_entry(each) for each in found if stands_in(each, directory)} - {None}
    return [each for each in every if _entry(each) in entries]


def _entry(contract: DeclaredContract) -> str | None:
    return None if contract.entry_point is None else contract.entry_point.value


def _of_file(name: str, settings: Mapping[str, Any]) -> list[DeclaredContract]:
    found = list(overview_of((name,), settings).contracts)
    if not found:
        raise CannotRunError(f"{name} declares no contract, and is no script that has one")
    return found


def _named(name: str, every: Sequence[DeclaredContract]) -> list[DeclaredContract]:
    found = [contract for contract in every if contract.name == name]
    if not found:
        near = did_you_mean(name, [contract.name for contract in every])
        raise CannotRunError(f"there is no file and no contract {name!r}{near}")
    return found


def _each_once(contracts: Sequence[DeclaredContract]) -> list[DeclaredContract]:
    return [each for number, each in enumerate(contracts) if each not in contracts[:number]]
