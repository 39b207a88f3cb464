"""``flake8-contracts contracts``: which contracts and specifications there are, and which script has which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flake8_contracts.buffers import real_path
from flake8_contracts.commands.console import write, write_bytes, write_json
from flake8_contracts.commands.errors import reported
from flake8_contracts.commands.options import project_options, settings_from
from flake8_contracts.commands.specifications import (
    ListedSpecification,
    listed_specifications,
    specification_document,
    specification_lines,
)
from flake8_contracts.output.paths import shown

if TYPE_CHECKING:
    from flake8_contracts.catalog.binding import Binding
    from flake8_contracts.catalog.model import DeclaredContract, DeclaredSpecification, Entry, Unreadable
    from flake8_contracts.project import Project

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Overview:
    """What the command tells, limited to what the user asked about.

    ``scripts`` holds the scripts that have a contract and, with the reason why they have none, those that were asked
    about by name.
    """

    root: Path
    contracts: Sequence[DeclaredContract]
    specifications: Sequence[ListedSpecification]
    scripts: Mapping[Path, Binding]
    unreadable: Sequence[Unreadable]

    def scripts_of(self, contract: DeclaredContract) -> list[Path]:
        """Return the scripts that have a contract."""
        return [script for script, binding in self.scripts.items() if contract in binding.contracts]


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--schema",
    type=click.Choice(["contract", "step"]),
    help="Print the JSON Schema of contract files or of step interfaces instead, for editors.",
)
@project_options
def contracts(paths: tuple[str, ...], *, output_format: str, schema: str | None, **settings: Any) -> None:
    """List the contracts of a project, where they stand, and which scripts have them, and why; then its step
    specifications, with their contracts and the places where pipelines name their steps.

    With PATH only the contracts that stand there, those of the scripts there, and the specifications that stand
    there or have one of these contracts.
    """
    if schema is not None:
        if paths:
            raise click.UsageError("--schema takes no PATH: the schema is the same for all projects")
        write_bytes(_schema(schema))
        return
    with reported():
        overview = overview_of(paths, settings)
    if output_format == "json":
        write_json(_document(overview))
    else:
        write("".join(f"{line}\n" for line in _lines(overview)))


def _schema(form: str) -> bytes:
    """Return the JSON Schema of "contract" files or of "step" interfaces. It comes with the models."""
    from importlib.resources import files

    return files("contracts_runtime").joinpath(f"{form}.schema.json").read_bytes()


def overview_of(paths: tuple[str, ...], settings: Mapping[str, Any], *, everything: bool = False) -> Overview:
    """Return the contracts at ``paths`` and of the scripts there; ``everything``: those of the whole project."""
    from flake8_contracts.flake8_config import file_options
    from flake8_contracts.project import Project
    from flake8_contracts.targets import require_existing, targets

    require_existing(paths)
    loaded = settings_from(paths or (".",), **settings)
    options = file_options(settings["config_file"], isolated=settings["isolated"])
    named = [each.path for each in targets(paths, (), options) if each.path.suffix == ".py"]
    places = [real_path(Path(path)) for path in paths if not everything] or [real_path(loaded.root)]
    project = Project(loaded)
    found = [each.path for each in targets((str(loaded.root),), (), options)]
    # One entry for each file, however it is spelled.
    files = {real_path(path): path for path in (*named, *found)}
    bindings = {path: _binding(project, path, asked=path in named) for path in sorted(files.values())}
    return _limited(project, loaded.root, bindings, places)


def _binding(project: Project, path: Path, *, asked: bool) -> Binding:
    """Bind a script. Files that cannot have a contract are not analysed, unless the user asks about them."""
    from flake8_contracts.catalog.binding import Binding
    from flake8_contracts.syntax.source import UnparsableSource

    try:
        if asked or project.concerns(path):
            with project.one_file():
                return project.binding(path)
    except (OSError, RecursionError, UnparsableSource) as error:
        return Binding((), f"the file cannot be analysed: {error}")
    return Binding()


def _limited(
    project: Project, root: Path, bindings: Mapping[Path, Binding], places: Sequence[Path]
) -> Overview:
    """Keep what lies at the places, and what is bound to something there."""
    asked = {script for script in bindings if real_path(script) in places}
    bound_there = [
        contract
        for script, binding in bindings.items()
        if _lies_in(script, places)
        for contract in binding.contracts
    ]
    listed = [
        contract
        for contract in project.catalog.contracts
        if contract in bound_there or _lies_in(contract.source, places)
    ]
    places_listed = {(contract.source, contract.place.span) for contract in listed}

    def is_listed(specification: DeclaredSpecification, contract: DeclaredContract | None) -> bool:
        has_listed = contract is not None and (contract.source, contract.place.span) in places_listed
        return has_listed or _lies_in(specification.source, places)

    specifications = listed_specifications(project.catalog, is_listed)
    asked -= {each.specification.source for each in specifications}  # they are no scripts
    return Overview(
        root=root,
        contracts=sorted(listed, key=lambda each: (each.source, each.place.span, each.name)),
        specifications=specifications,
        scripts={
            script: binding
            for script, binding in bindings.items()
            if script in asked or any(contract in listed for contract in binding.contracts)
        },
        unreadable=[each for each in project.catalog.unreadable if _lies_in(each.place.path, places)],
    )


def _lies_in(path: Path, places: Iterable[Path]) -> bool:
    resolved = real_path(path)
    return any(resolved.is_relative_to(place) for place in places)


def _lines(overview: Overview) -> Iterator[str]:
    for contract in overview.contracts:
        yield f"{shown(contract.source)}:{contract.place.span.line}: {_title(contract)}"
        scripts = overview.scripts_of(contract)
        for script in scripts:
            yield f"    {shown(script)}: {overview.scripts[script].reason}"
        if not scripts:
            yield "    no script"
    for script, binding in overview.scripts.items():
        if not binding.contracts:
            yield f"{shown(script)}: {binding.reason}"
    yield from specification_lines(overview.specifications)
    for each in overview.unreadable:
        yield f"{shown(each.place.path)}:{each.place.span.line}: cannot be read: {each.reason}"


def _title(contract: DeclaredContract) -> str:
    entry_point = _value(contract.entry_point)
    described = f"entry point {entry_point!r}" if entry_point is not None else "entry point unknown"
    return f"{contract.name} ({contract.kind}, {described})"


def _document(overview: Overview) -> dict[str, object]:
    return {
        "version": SCHEMA_VERSION,
        "root": str(overview.root),
        "contracts": [_contract(contract, overview.scripts_of(contract)) for contract in overview.contracts],
        "specifications": [specification_document(each) for each in overview.specifications],
        "scripts": [
            {
                "path": shown(script),
                "contracts": [
                    {"name": contract.name, "path": shown(contract.source)} for contract in binding.contracts
                ],
                "reason": binding.reason,
            }
            for script, binding in overview.scripts.items()
        ],
        "unreadable": [
            {
                "path": shown(each.place.path),
                "line": each.place.span.line,
                "column": each.place.span.column,
                "reason": each.reason,
            }
            for each in overview.unreadable
        ],
    }


def _contract(contract: DeclaredContract, scripts: Iterable[Path]) -> dict[str, object]:
    """Describe a contract by the fields of the model; a value that only running the code would tell is ``null``."""
    return {
        "name": contract.name,
        "path": shown(contract.source),
        "line": contract.place.span.line,
        "column": contract.place.span.column,
        "kind": contract.kind,
        "entry_point": _value(contract.entry_point),
        "expected_input_paths": _values(contract.inputs),
        "expected_output_paths": _values(contract.outputs),
        "required_env_vars": list(contract.required_env),
        "optional_env_vars": _values(contract.optional_env),
        "expected_arguments": _values(contract.arguments),
        "unresolved": sorted(contract.unresolved),
        "scripts": [shown(script) for script in scripts],
    }


def _values(entries: Mapping[str, Entry]) -> dict[str, str | None]:
    return {key: _value(entry) for key, entry in entries.items()}


def _value(entry: Entry | None) -> str | None:
    return entry.value if entry else None
