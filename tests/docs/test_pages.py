"""Every example of the pages about the runtime, run as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
PAGES = ("enforcer.md", "shipping.md")
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language, the file that it is, and its text."""

    language: str
    file: str
    text: str


def blocks(page: str) -> Iterator[Block]:
    for match in FENCE.finditer((DOCS / page).read_text(encoding="utf-8")):
        yield Block(match[1], match[2] or "", match[3])


def commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output that the page shows."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def said_by(command: str, directory: Path) -> str:
    """What a command writes, errors included, in a shell that finds this Python's own commands first."""
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COVERAGE", "PYTHON", "CONTRACTS", "LABEL"))
    }
    environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", "")])
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=directory,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def is_as_shown(said: str, shown: str) -> bool:
    """Whether the output is what the page shows, where three dots stand for anything."""
    return re.fullmatch(".*".join(map(re.escape, shown.split("..."))), said, re.DOTALL) is not None


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_do_what_it_says(page: str, tmp_path: Path) -> None:
    ran = 0
    for block in blocks(page):
        if block.file:
            target = tmp_path / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
            if block.language == "python":
                compile(block.text, block.file, "exec")
        elif block.language == "console":
            for command, shown in commands(block.text):
                said = said_by(command, tmp_path)
                assert is_as_shown(said, shown), f"$ {command}\n{said}"
                ran += 1
    assert ran


@pytest.mark.parametrize("page", PAGES)
def test_no_example_is_left_out(page: str) -> None:
    """A block that is neither a file nor commands would not be run."""
    loose = [block.text for block in blocks(page) if not block.file and block.language != "console"]
    assert loose == []


def test_three_dots_stand_for_anything() -> None:
    assert is_as_shown("a\nb\nc\n", "a\n...c\n")
    assert not is_as_shown("a\nb\n", "a\n")
    assert list(commands("$ x\n1\n$ y\n")) == [("x", "1\n"), ("y", "")]
