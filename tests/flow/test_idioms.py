"""The ways in which scripts are written: small programs, each with everything that the engine must know of it.

The programs stand in ``idioms/*.toml``. ``facts`` is complete: what is not listed must not be found. ``unknown`` says
why a part of the program cannot, or need not, be known. ``files`` are other modules of the project.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flake8_contracts.facts.model import ScriptFacts, VariableRead
from flake8_contracts.flow.events import Argument
from flake8_contracts.flow.values import constant, options

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOP = Path(__file__).resolve().parents[2]
GROUPS = [
    tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).with_name("idioms").glob("*.toml"))
]
IDIOMS: list[dict[str, Any]] = [idiom for group in GROUPS for idiom in group["idiom"]]


@pytest.mark.parametrize("idiom", IDIOMS, ids=[idiom["name"] for idiom in IDIOMS])
def test_facts(idiom, write, analysed) -> None:
    root = write(idiom.get("files", {}))
    found = analysed(idiom["code"], root, idiom.get("script", "script.py"))
    assert sorted(described(found)) == sorted(idiom["facts"])


@pytest.mark.parametrize("idiom", IDIOMS, ids=[idiom["name"] for idiom in IDIOMS])
def test_program_is_valid(idiom) -> None:
    for name, code in {**idiom.get("files", {}), "script.py": idiom["code"]}.items():
        compile(code, name, "exec")


def test_names_are_unique() -> None:
    names = [idiom["name"] for idiom in IDIOMS]
    assert len(names) == len(set(names))


def test_page_is_up_to_date() -> None:
    tool = TOP / "tools" / "idiom_page.py"
    process = subprocess.run(
        [sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr


# -- facts in words --------------------------------------------------------------------------------------


def described(found: ScriptFacts) -> set[str]:
    """Everything that is known of a script, a line for each."""
    return {
        *(f"{use.effect.value} {use.value}" for use in found.paths),
        *(f"{use.effect.value} unknown" for use in found.unresolved),
        *(variable for read in found.reads for variable in described_reads(read)),
        *(f"{lookup.direction} {lookup.name}" for lookup in found.lookups),
        *(f"entry {lookup.name}" for lookup in found.variable_lookups),
        *(described_argument(argument) for argument in found.arguments),
        *("parser that is not known" for parser in found.parsers if parser.dynamic),
        *(["whole environment handed on"] if found.passes_environment else []),
        *(f"incomplete: {reason}" for reason in found.incomplete),
    }


def described_reads(read: VariableRead) -> Iterator[str]:
    default = " = ?" if read.defaults is None else ""
    if read.defaults:
        default = " = " + " or ".join(map(repr, read.defaults))
    marks = {", any case": read.folds_case, ", handled": read.handled, ", set before": read.already_set}
    for name in [read.name] if read.name else [f"{prefix}*" for prefix in read.prefixes or ("",)]:
        yield f"variable {name}{default}{''.join(mark for mark, is_so in marks.items() if is_so)}"


def described_argument(argument: Argument) -> str:
    default = ""
    if argument.default is not None:
        known = [constant(option) for option in options(argument.default)]
        values = [repr(value[0]) if value else "?" for value in known if value != (None,)]
        default = f" = {' or '.join(values)}" if values else ""
    required = ", required" if argument.required else ""
    return f"argument {', '.join(argument.flags) or argument.dest}{default}{required}"
