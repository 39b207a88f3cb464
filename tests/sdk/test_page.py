"""The page about the step builders: its examples are run with each SDK, as those of the other pages are without one."""

from __future__ import annotations

import runpy
from pathlib import Path

PAGES = runpy.run_path(str(Path(__file__).parents[1] / "docs" / "test_pages.py"))


def test_the_examples_do_what_the_page_says(tmp_path: Path) -> None:
    ran = 0
    for block in PAGES["blocks"]("docs/builders.md"):
        if block.file:
            PAGES["put"](block, tmp_path)
        for command, shown in PAGES["commands"](block.text) if block.text.startswith("$ ") else ():
            done = PAGES["run"](command, tmp_path)
            assert PAGES["is_as_shown"](done.stdout, shown), f"$ {command}\n{done.stdout}"
            ran += 1
    assert ran > 6
