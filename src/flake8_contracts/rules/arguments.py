"""What rules on command-line arguments share."""

from __future__ import annotations

from flake8_contracts.flow.events import Argument, ParserRecord
from flake8_contracts.rules.base import ScriptCase


def parsers(case: ScriptCase) -> list[ParserRecord]:
    """The parsers that read the job's arguments; empty if one of them cannot be understood."""
    found = [
        parser
        for parser in case.facts.parsers
        if parser.parse_nodes and parser.source is case.facts.source and not parser.explicit
    ]
    if any(parser.dynamic or any(child.dynamic for child in parser.subparsers) for parser in found):
        return []
    return found


def spellings(argument: Argument) -> set[str]:
    """What a contract may call the argument: its flags, or its name."""
    names = set(argument.flags) or {argument.dest}
    return {normal(name) for name in names} | {normal(argument.dest)}


def normal(name: str) -> str:
    """A flag without leading dashes; ``-`` and ``_`` count as the same."""
    return name.lstrip("-").replace("-", "_")


def accepts(argument: Argument, key: str) -> bool:
    """Whether the contract's ``key`` names this argument. A key that is written as a flag must be that flag."""
    if key.startswith("-") and argument.flags:
        return key in argument.flags or any(
            flag.startswith("--") and flag.startswith(key) for flag in argument.flags
        )
    names = spellings(argument)
    # argparse takes an unambiguous beginning of a long option for the option.
    return normal(key) in names or bool(
        argument.flags and any(name.startswith(normal(key)) for name in names)
    )
