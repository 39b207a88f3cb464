"""Every example of the README and of the pages in ``docs``, run as it stands there.

A fenced block is one of three things: a file (```` ```python scripts/job.py ````), commands with what they say
(```` ```console ````, with a prompt), or commands to choose from (```` ```console ````, without).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

TOP = Path(__file__).resolve().parent.parent.parent
DOCS = TOP / "docs"
# Made from programs and rules by tools, and run there: see tests/flow/test_idioms.py and tests/rules.
GENERATED = {"docs/idioms.md"}
PAGES = ["README.md", *sorted(f"docs/{page.name}" for page in DOCS.glob("*.md"))]
# Needs a SageMaker SDK: see tests/sdk/test_page.py.
WITH_SDK = {"docs/builders.md"}
COMPLETE = [page for page in PAGES if page not in GENERATED]
RUN = [page for page in COMPLETE if page not in WITH_SDK]
FENCE = re.compile(r"^```(\w*)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#([^)\s]+))?\)")
PAYLOAD = ("contracts/__init__.py", "contracts/payload_contract.py", "scripts/payload.py", "scripts/helpers")


class Block(NamedTuple):
    """A fenced block: its language, the file that it is, and its text."""

    language: str
    file: str
    text: str


def blocks(page: str) -> Iterator[Block]:
    for match in FENCE.finditer((TOP / page).read_text(encoding="utf-8")):
        yield Block(match[1], match[2] or "", match[3])


def commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output that the page shows."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def run(command: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """Run a command, its errors in its output, in a shell that finds this Python's own commands first."""
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COVERAGE", "PYTHON", "PYTEST", "CONTRACTS", "LABEL"))
    }
    environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", "")])
    return subprocess.run(
        ["sh", "-c", command],
        cwd=directory,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def is_as_shown(said: str, shown: str) -> bool:
    """Whether the output is what the page shows, where three dots stand for anything."""
    return re.fullmatch(".*".join(map(re.escape, shown.split("..."))), said, re.DOTALL) is not None


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What the README speaks of: the payload step of the example pipeline, as it was before it was mended."""
    directory = tmp_path / "project"
    for name in PAYLOAD:
        source, target = TOP / "fixtures/broken" / name, directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    shutil.copy(directory / "scripts/payload.py", directory / "buffer")
    (directory / "setup.cfg").write_text("[flake8]\nextend-ignore = E203\nmax-line-length = 120\n")
    return directory


@pytest.mark.parametrize("page", RUN)
def test_the_examples_of_a_page_do_what_it_says(page: str, project: Path, tmp_path: Path) -> None:
    directory = project if page in {"README.md", "docs/fixes.md"} else tmp_path / "empty"
    directory.mkdir(exist_ok=True)
    for block in blocks(page):
        if block.file:
            put(block, directory)
        elif block.text.startswith("$ "):
            for command, shown in commands(block.text):
                done = run(command, directory)
                assert is_as_shown(done.stdout, shown), f"$ {command}\n{done.stdout}"
        else:
            choose(block, directory, tmp_path / "chosen")


def put(block: Block, directory: Path) -> None:
    """Write a block to its file; what is to be set in a configuration file is added to it."""
    target = directory / block.file
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("a" if block.language == "toml" else "w", encoding="utf-8") as file:
        file.write(block.text)
    if block.language == "python":
        compile(block.text, block.file, "exec")
    elif block.language == "toml":
        done = run("flake8-contracts contracts", directory)
        assert done.returncode == 0, done.stdout


def choose(block: Block, directory: Path, scratch: Path) -> None:
    """Run every command of a block on a copy of the project; it may find something, and must not fail."""
    for line in block.text.splitlines():
        command = line.partition("#")[0].strip()
        if is_for_the_reader(command):
            continue
        shutil.copytree(directory, scratch)
        done = run(command, scratch)
        shutil.rmtree(scratch)
        assert done.returncode in {0, 1}, f"$ {command}\n{done.stdout}"
        assert "Traceback" not in done.stdout, f"$ {command}\n{done.stdout}"


def is_for_the_reader(command: str) -> bool:
    """Whether a command installs or builds, which no test repeats; what it names must be there."""
    program, _, rest = command.partition(" ")
    if program == "make":
        assert re.search(rf"^{re.escape(rest)}:", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        return True
    if command.startswith("pip install"):
        wanted = re.fullmatch(r"pip install '?([\w-]+)(?:\[([\w,]+)\])?'?", command)
        assert wanted is not None, command
        declared = (TOP / "pyproject.toml").read_text(encoding="utf-8")
        assert f'name = "{wanted[1]}"' in declared
        assert all(f"\n{extra} = [" in declared for extra in (wanted[2] or "").split(",") if extra)
        return True
    return False


@pytest.mark.parametrize("page", COMPLETE)
def test_no_example_is_left_out(page: str) -> None:
    """A block that is neither a file nor commands would not be run."""
    loose = [block.text for block in blocks(page) if not block.file and block.language != "console"]
    assert loose == []
    fences = re.findall(r"^\s*(?:```|~~~)", (TOP / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) == 2 * len(list(blocks(page)))


def test_what_contributors_are_told_to_make_can_be_made() -> None:
    targets = re.findall(r"`make (?:\w+=\S+ )?(\w+)", (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert {"check", "test"} <= set(targets)
    assert all(is_for_the_reader(f"make {target}") for target in targets)


def test_three_dots_stand_for_anything() -> None:
    assert is_as_shown("a\nb\nc\n", "a\n...c\n")
    assert not is_as_shown("a\nb\n", "a\n")
    assert list(commands("$ x\n1\n$ y\n")) == [("x", "1\n"), ("y", "")]


# --- links ---


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md"])
def test_links_lead_somewhere(page: str) -> None:
    text = FENCE.sub("", (TOP / page).read_text(encoding="utf-8"))
    for target, anchor in LINK.findall(text):
        if "://" in target:
            continue
        path = (TOP / page).parent / target
        assert path.exists(), f"{page}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_index_names_every_page() -> None:
    linked = {target for target, _ in LINK.findall((DOCS / "README.md").read_text(encoding="utf-8"))}
    assert {page.name for page in DOCS.glob("*.md")} - {"README.md"} <= linked
    assert "rules/README.md" in linked
