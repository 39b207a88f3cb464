"""The work that a program makes grows with its length: twice the length, hardly more than twice the calls.

Calls of functions are counted, not seconds, so that the answer is the same on every machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flake8_contracts.facts.build import facts_of
from flake8_contracts.flow.loader import ModuleLoader
from flake8_contracts.syntax.source import SourceModule, parse_source

LENGTH = 160
MOST = 2.3
"""Some cost more the second time, such as a search in what is sorted."""


def repeated(line: str, head: str = "import os\n", last: str = "") -> Callable[[int], str]:
    """A program with ``line`` for each number; ``{n}`` is the number, ``{next}`` the next one in the circle."""
    return lambda length: (
        head + "".join(line.format(n=n, next=(n + 1) % length) for n in range(length)) + last
    )


GROWING = {
    "assignments": repeated("a{n} = '/opt/ml/processing/input/a{n}'\n"),
    "one name": repeated("path = '/opt/ml/processing/input/a{n}'\n", last="open(path)\n"),
    "operations": repeated("open('/opt/ml/processing/input/a{n}')\n"),
    "environment": repeated("v{n} = os.environ.get('V{n}', 'a')\n"),
    "functions": repeated("def f{n}(path):\n    return open(path)\nf{n}('/opt/ml/processing/input/a')\n"),
    "functions that nothing calls": repeated("def f{n}(path):\n    return open(path)\n"),
    "functions in a chain": repeated("def f{n}(path):\n    return f{next}(path)\n"),
    "methods in a circle": repeated(
        "    def m{n}(self, path):\n        self.a{n} = path\n        return self.m{next}(path)\n",
        head="class Job:\n",
        last="Job().m0('/opt/ml/processing/input/a')\n",
    ),
    "generators": repeated("def f{n}(paths):\n    yield from paths\nlist(f{n}(['/opt/ml/model']))\n"),
    "classes": repeated("class C{n}:\n    def run(self):\n        open(self.path)\nC{n}().path = 'a'\n"),
    "keys": repeated(
        "paths['a{n}'] = '/opt/ml/processing/input/a{n}'\nopen(paths['a{n}'])\n", head="paths = {{}}\n"
    ),
    "items": repeated(
        "paths.append('/opt/ml/processing/input/a{n}')\n", head="paths = []\n", last="open(paths[0])\n"
    ),
    "conditions": repeated("if os.path.exists('/opt/ml/a{n}'):\n    a{n} = open('/opt/ml/a{n}')\n"),
    "alternatives": repeated(
        "elif kind == {n}:\n    open('/opt/ml/processing/input/a{n}')\n",
        head="import sys\nkind = len(sys.argv)\nif kind:\n    pass\n",
    ),
    "loops": repeated("for x in ('a', 'b'):\n    open('/opt/ml/processing/input/' + x)\n"),
    "handlers": repeated("try:\n    v{n} = os.environ['V{n}']\nexcept KeyError:\n    v{n} = ''\n"),
    "long call": repeated("    a{n}='/opt/ml/processing/input/a{n}',\n", head="run(\n", last=")\n"),
    "arguments": repeated(
        "parser.add_argument('--a{n}', default='/opt/ml/processing/input/a{n}')\n",
        head="import argparse\nparser = argparse.ArgumentParser()\n",
        last="args = parser.parse_args()\n",
    ),
}


def calls(source: SourceModule) -> int:
    """How many functions are called to find out what a program does."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        if event in ("call", "c_call"):
            counted += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        facts = facts_of(source, ModuleLoader(source.path.parent))
    finally:
        sys.setprofile(before)
    assert facts.incomplete == []
    return counted


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_with_the_length(name):
    program = GROWING[name]
    path = Path("/nowhere/script.py")
    calls(parse_source(path, program(2)))  # imports and tables that are made once
    once, twice = (calls(parse_source(path, program(length))) for length in (LENGTH, 2 * LENGTH))
    assert twice <= MOST * once
