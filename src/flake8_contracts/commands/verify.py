"""``flake8-contracts verify``: a compiled pipeline definition against the contracts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flake8_contracts.commands.console import write, write_json
from flake8_contracts.commands.errors import FINDINGS, CannotRunError, reported
from flake8_contracts.commands.options import project_options, settings_from

if TYPE_CHECKING:
    from flake8_contracts.definitions.verification import Verification

SCHEMA_VERSION = 1
STDIN = "-"


@click.command()
@click.argument("definitions", nargs=-1, required=True, metavar="DEFINITION...")
@click.option(
    "--contract",
    "contracts",
    multiple=True,
    metavar="STEP=NAME",
    help="The contract of a step that does not say which script it runs. May be given several times.",
)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@project_options
@click.pass_context
def verify(
    context: click.Context,
    /,
    definitions: tuple[str, ...],
    *,
    contracts: tuple[str, ...],
    output_format: str,
    **settings: Any,
) -> None:
    """Compare compiled pipeline definitions with the contracts of the project.

    DEFINITION is a JSON file as Pipeline.definition() returns it; "-" is standard input. Every container path, name,
    variable, argument and reference is compared, whoever has written the pipeline. What could not be compared is told
    on standard error. Exit codes: 0 everything agrees, 1 disagreements, 2 could not run.
    """
    with reported():
        found = _verify_all(definitions, _named(contracts), settings)
    if output_format == "json":
        write_json(_document(found))
    else:
        for path, verification in found.items():
            write("".join(f"{line}\n" for line in _lines(path, verification)))
            for note in verification.notes:
                click.echo(f"{path}: note: {note}", err=True)
    context.exit(FINDINGS if any(each.disagreements for each in found.values()) else 0)


def _named(given: Sequence[str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for each in given:
        step, equals, name = each.partition("=")
        if not (step and equals and name):
            raise click.BadParameter(f"{each!r} is not STEP=NAME", param_hint="--contract")
        if named.setdefault(step, name) != name:
            raise click.BadParameter(f"the step {step!r} is named twice", param_hint="--contract")
    return named


def _verify_all(
    definitions: Sequence[str], named: Mapping[str, str], settings: Mapping[str, Any]
) -> dict[str, Verification]:
    from flake8_contracts.catalog.nodes import DocumentError
    from flake8_contracts.definitions.matching import UnknownContractError
    from flake8_contracts.definitions.verification import verify as verified
    from flake8_contracts.project import Project

    contents = {name: _content(name) for name in definitions}
    # The contracts are those of the working directory: definitions may be written to anywhere.
    catalog = Project(settings_from((".",), **settings)).catalog
    found = {}
    for name, data in contents.items():
        folder = Path.cwd() if name == STDIN else Path(name).absolute().parent
        try:
            found[name] = verified(data, catalog, folder, named)
        except DocumentError as error:
            place = f"{name}:{error.span.line}:{error.span.column}"
            raise CannotRunError(f"{place}: not a pipeline definition: {error.reason}") from error
        except UnknownContractError as error:
            raise CannotRunError(str(error)) from error
    return found


def _content(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        raise CannotRunError(f"{name}: {error.strerror or error}") from error


def _lines(path: str, verification: Verification) -> list[str]:
    return [
        f"{path}:{each.span.line}:{each.span.column}: {each.name} {each.message}"
        for each in verification.disagreements
    ]


def _document(found: Mapping[str, Verification]) -> dict[str, object]:
    return {
        "schema_version": SCHEMA_VERSION,
        "definitions": [
            {
                "path": path,
                "disagreements": [
                    {
                        "line": each.span.line,
                        "column": each.span.column,
                        "end_line": each.span.end_line,
                        "end_column": each.span.end_column,
                        "name": each.name,
                        "message": each.message,
                    }
                    for each in verification.disagreements
                ],
                "compared": dict(verification.compared),
                "notes": list(verification.notes),
            }
            for path, verification in found.items()
        ],
    }
