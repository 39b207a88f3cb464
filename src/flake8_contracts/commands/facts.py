"""``flake8-contracts facts``: what the engine knows of a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flake8_contracts.commands.console import write, write_json
from flake8_contracts.commands.errors import reported
from flake8_contracts.commands.options import project_options, settings_from
from flake8_contracts.output.paths import shown

if TYPE_CHECKING:
    from flake8_contracts.facts.model import PathUse, ScriptFacts, VariableRead
    from flake8_contracts.findings import Hint, Place

SCHEMA_VERSION = 1


@click.command()
@click.argument("script", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@project_options
def facts(script: Path, *, output_format: str, **settings: Any) -> None:
    """Show what is known of SCRIPT: its paths, variables and arguments, and what could not be told.

    Every path comes with its effect and with the way that it took: where it is written, and the calls that it was
    handed through.
    """
    from flake8_contracts.project import Project
    from flake8_contracts.syntax.source import UnparsableSource

    with reported():
        try:
            found = Project(settings_from((str(script),), **settings)).facts(script.absolute())
        except UnparsableSource as error:
            raise click.ClickException(str(error)) from error
    if output_format == "json":
        write_json(_document(found))
    else:
        write("".join(f"{line}\n" for line in _lines(found)))


def _lines(found: ScriptFacts) -> Iterator[str]:
    yield f"{shown(found.source.path)}"
    yield from _section("paths", [line for use in found.paths for line in _path_lines(use)])
    yield from _section("variables", [line for read in found.reads for line in _read_lines(read)])
    yield from _section(
        "logical names",
        [
            f"{_at(lookup.place)}  {lookup.direction} {lookup.name!r} by {lookup.how}"
            for lookup in found.lookups
        ],
    )
    yield from _section("arguments", [_argument_line(found, index) for index in range(len(found.arguments))])
    unresolved = [
        f"{_at(use.place)}  {use.effect.value} by {use.operation.lstrip('.')}: {use.reason}"
        for use in found.unresolved
    ]
    nameless = [f"{_at(read.read_place)}  a variable whose name is not known" for read in _nameless(found)]
    yield from _section("not resolved", [*unresolved, *nameless, *found.incomplete])


def _nameless(found: ScriptFacts) -> list[VariableRead]:
    return [read for read in found.reads if read.name is None and read.how != "scan"]


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title} ({sum(not line.startswith(' ' * 6) for line in lines)})"
        yield from (f"  {line}" for line in lines)


def _path_lines(use: PathUse) -> Iterator[str]:
    notes = [note for note in ("only if it exists" if use.tested else "",) if note]
    yield f"{_at(use.real_place)}  {use.effect.value}  {use.value}  by {use.operation.lstrip('.')}" + "".join(
        f"  ({note})" for note in notes
    )
    yield from _trail_lines(use)


def _trail_lines(use: PathUse) -> Iterator[str]:
    for hint in _trail(use):
        yield f"      {_at(hint.place)}  {hint.message}"


def _trail(use: PathUse) -> tuple[Hint, ...]:
    from flake8_contracts.facts.trails import trail

    return trail(use.event, use.value) if use.event is not None else ()


def _read_lines(read: VariableRead) -> Iterator[str]:
    if read.name is None and read.how != "scan":
        return
    name = read.name if read.name is not None else ("*".join((*read.prefixes, "")) or "*")
    parts = [f"{_at(read.place or read.read_place)}  {name}  by {read.how}"]
    if read.defaults is None:
        parts.append("default not known")
    elif read.defaults:
        parts.append("default " + " or ".join(repr(value) for value in read.defaults))
    parts.extend(
        note
        for note, holds in (
            ("KeyError handled", read.handled),
            ("set by the script before", read.already_set),
            ("for a message only", read.prose),
            (read.ineffective, bool(read.ineffective)),
        )
        if holds
    )
    yield ", ".join(parts)


def _argument_line(found: ScriptFacts, index: int) -> str:
    argument = found.arguments[index]
    names = ", ".join(argument.flags) or argument.dest
    place = argument.source.place(argument.node)
    return f"{_at(place)}  {names}" + ("  required" if argument.required else "")


def _at(place: Place | None) -> str:
    return f"{shown(place.path)}:{place.span.line}" if place is not None else "(imported)"


def _document(found: ScriptFacts) -> dict[str, Any]:
    return {
        "version": SCHEMA_VERSION,
        "script": shown(found.source.path),
        "paths": [
            {
                "path": str(use.value),
                "exact": use.value.exact is not None,
                "effect": use.effect.value,
                "operation": use.operation,
                "tested": use.tested,
                **_position(use.real_place),
                "trail": [{**_position(hint.place), "message": hint.message} for hint in _trail(use)],
            }
            for use in found.paths
        ],
        "variables": [
            {
                "name": read.name,
                "prefixes": list(read.prefixes),
                "how": read.how,
                "defaults": None if read.defaults is None else [_plain(value) for value in read.defaults],
                "handled": read.handled,
                "already_set": read.already_set,
                "ineffective": read.ineffective,
                **_position(read.place or read.read_place),
            }
            for read in found.reads
        ],
        "logical_names": [
            {"direction": lookup.direction, "name": lookup.name, "how": lookup.how, **_position(lookup.place)}
            for lookup in found.lookups
        ],
        "arguments": [
            {
                "names": list(argument.flags) or [argument.dest],
                "dest": argument.dest,
                "required": argument.required,
                **_position(argument.source.place(argument.node)),
            }
            for argument in found.arguments
        ],
        "unresolved": [
            {
                "effect": use.effect.value,
                "operation": use.operation,
                "reason": use.reason,
                **_position(use.place),
            }
            for use in found.unresolved
        ],
        "incomplete": list(found.incomplete),
    }


def _position(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"file": None, "line": None, "column": None}
    return {"file": shown(place.path), "line": place.span.line, "column": place.span.column}


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)
