"""What the tests of the engine share: scripts analysed, and programs that are put together at random.

A random program takes one text, a container path or the name of a variable, through a chain of idioms to the
operation at its end. Each link writes some code and tells which texts may come out of it, so what the engine must find
is known exactly; and each program can be run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from flake8_contracts.facts.build import facts_of
from flake8_contracts.facts.model import ScriptFacts
from flake8_contracts.flow.loader import ModuleLoader
from flake8_contracts.syntax.source import parse_source

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PIECES: dict[str, list[Any]] = tomllib.loads(
    Path(__file__).with_name("chains.toml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="session")
def analysed() -> Callable[..., ScriptFacts]:
    """Analyses the text of a script that stands at ``name`` below ``root``, where its project is."""

    def analyse(code: str, root: Path = Path("/nowhere"), name: str = "script.py") -> ScriptFacts:
        return facts_of(parse_source(root / name, code), ModuleLoader(root))

    return analyse


@pytest.fixture(scope="session")
def path_programs() -> st.SearchStrategy[Program]:
    """Programs that do something with a path."""
    return _path_programs()


@pytest.fixture(scope="session")
def variable_programs() -> st.SearchStrategy[Program]:
    """Programs that read a variable."""
    return _variable_programs()


IMPORTS = """\
import argparse
import contextlib
import functools
import gzip
import json
import logging
import os
import shutil
import sys
from collections import namedtuple
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple
"""


@dataclass
class Program:
    """A program under construction. The text that it is about is the value of ``expression``.

    ``texts`` are the values that the text may have for all that can be decided; the first is the one that it has when
    the program runs without arguments and without variables.
    """

    expression: str
    texts: list[str]
    definitions: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    indent: str = ""
    in_function: bool = False
    #: What the engine must say: the effect on the path, or the defaults of the variable.
    effect: str = ""
    defaults: tuple[object, ...] = ()
    #: What must be there before the program runs: a ``file``, a ``directory``, ``nothing``, or the ``variable``.
    needs: str = ""
    count: int = 0

    def name(self, stem: str) -> str:
        """A name that is used nowhere else."""
        self.count += 1
        return f"{stem}_{self.count}"

    def define(self, code: str) -> None:
        self.definitions.append(code)

    def add(self, *lines: str) -> None:
        self.body.extend(self.indent + line for line in lines)

    def block(self, head: str) -> None:
        """Everything from now on stands inside a block."""
        self.add(head)
        self.indent += "    "

    def bind(self, expression: str) -> None:
        """Give a value a name, and go on with the name."""
        name = self.name("value")
        self.add(f"{name} = {expression}")
        self.expression = name

    def extend(self, suffix: str) -> None:
        self.texts = [text + suffix for text in self.texts]

    @property
    def exact(self) -> list[str]:
        return [text for text in self.texts if "{" not in text]

    @property
    def code(self) -> str:
        parts = [IMPORTS, *self.definitions]
        if self.in_function:
            parts.append("def main():\n" + "\n".join("    " + line for line in self.body))
            parts.append('if __name__ == "__main__":\n    main()')
        else:
            parts.append("\n".join(self.body))
        return "\n\n".join(parts) + "\n"


# -- links: ways in which a text goes from one place to another --------------------------------------------


def _link(draw: st.DrawFn, program: Program, *, is_path: bool) -> None:
    kinds = ["expression", "definition", "statement", "block", "global", "irrelevant"]
    kinds += ["path", "join", "alternative"] if is_path else ["suffix"]
    kind = draw(st.sampled_from(kinds))
    old = program.expression
    if kind == "expression":
        program.bind(draw(st.sampled_from(PIECES["expressions"])).format(old))
    elif kind == "path":
        is_exact = len(program.exact) == len(program.texts)
        usable = PIECES["path_expressions"] + (PIECES["exact_expressions"] if is_exact else [])
        program.bind(draw(st.sampled_from(usable)).format(old))
    elif kind in ("join", "suffix"):
        name = program.name("part")
        program.bind(
            draw(st.sampled_from(PIECES["joins" if kind == "join" else "suffixes"])).format(old, name)
        )
        program.extend(f"/{name}" if kind == "join" else name)
    elif kind == "definition":
        program.count += 1
        definition = draw(st.sampled_from(PIECES["definitions"]))
        program.define(definition["code"].format(n=program.count))
        program.bind(definition["use"].format(old, n=program.count))
    elif kind == "statement":
        name = program.name("value")
        program.add(*draw(st.sampled_from(PIECES["statements"])).format(old, v=name).split("\n"))
        program.expression = name
    elif kind == "global":
        name = program.name("GLOBAL")
        program.define(f"{name} = None\n\ndef set_{name}(item):\n    global {name}\n    {name} = item")
        program.add(f"set_{name}({old})")
        program.expression = name
    elif kind == "alternative" and len(program.texts) < 3:
        name = program.name("value")
        program.add(f"{name} = {old}", "if len(sys.argv) > 5:", f"    {name} = {old} + '/alternative'")
        program.texts += [text + "/alternative" for text in program.texts]
        program.expression = name
    elif kind == "block":
        program.block(draw(st.sampled_from(PIECES["blocks"])))
    else:
        program.add(*draw(st.sampled_from(PIECES["irrelevant"])).format(old, n=program.name("n")).split("\n"))


# -- beginnings and ends -----------------------------------------------------------------------------------

FOLDERS = (
    "/opt/ml/processing/input/data",
    "/opt/ml/processing/output",
    "/opt/ml/model",
    "/opt/ml/processing/x.d",
)


def _start(draw: st.DrawFn, values: Sequence[str]) -> Program:
    """A program whose text is a constant."""
    value = draw(st.sampled_from(values))
    constant = draw(st.sampled_from(PIECES["constants"]))
    program = Program(constant["use"], [value], in_function=draw(st.booleans()))
    program.define(constant["code"].format(repr(value)))
    return program


@st.composite
def _path_programs(draw: st.DrawFn) -> Program:
    program = _start(draw, FOLDERS)
    kind = draw(st.sampled_from(["constant", "constant", "variable", "argument"]))
    if kind == "variable":
        program.bind(f"os.environ.get('FOLDER', {program.expression})")
        program.texts.append("{FOLDER}")
    elif kind == "argument":
        program.add(
            "parser = argparse.ArgumentParser()",
            f"parser.add_argument('--folder', default={program.expression})",
        )
        program.bind(
            "parser.parse_args([]).folder" if draw(st.booleans()) else "parser.parse_known_args()[0].folder"
        )
        program.texts.append("{folder}")
    for _ in range(draw(st.integers(2, 6))):
        _link(draw, program, is_path=True)
    program.extend("/end")
    program.bind(f"os.path.join({program.expression}, 'end')")
    end = draw(st.sampled_from(PIECES["operations"]))
    operation, program.effect, program.needs = end["code"], end["effect"], end["needs"]
    if draw(st.booleans()):
        indented = operation.format("place").replace("\n", "\n    ")
        program.define(f"def finish(place, *rest):\n    {indented}")
        program.add(f"finish({program.expression}, 1)")
    else:
        program.add(*operation.format(program.expression).split("\n"))
    return program


@st.composite
def _variable_programs(draw: st.DrawFn) -> Program:
    program = _start(draw, ["LABEL", "TRAIN_RATIO"])
    for _ in range(draw(st.integers(2, 6))):
        _link(draw, program, is_path=False)
    read = draw(st.sampled_from(PIECES["reads"]))
    with_default = "{1}" in read["use"]
    program.definitions += [read["code"]] if read["code"] else []
    default = draw(st.sampled_from(["0.7", "yes", "a,b"]))
    given = repr(default)
    if with_default and draw(st.booleans()):
        program.define(f"DEFAULT = {given}")
        given = draw(st.sampled_from(PIECES["expressions"])).format("DEFAULT")
    program.defaults = (default,) if with_default else ()
    program.needs = "nothing" if with_default else "variable"
    program.bind(read["use"].format(program.expression, given))
    program.add(f"print({program.expression})")
    return program
