"""What the linter's parts cost on scripts: microseconds a line, and the whole against parsing alone.

    python benchmarks/engine.py [--rounds N] [FILE_OR_DIRECTORY...]

Without arguments: generated scripts of 100 to 50,000 lines, and the scripts of the fixtures. The interpreter needs no
index of its own: names are resolved while it runs, so there are four parts. ``parse`` is ``libcst.parse_module`` as it
is; ``read`` is parsing as the linter does it, ``evaluate`` the run on abstract values, ``facts`` what is made of it,
``positions`` those of the nodes that facts point at.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import libcst

from flake8_contracts.facts.build import Builder
from flake8_contracts.flow.interpreter import Interpreter
from flake8_contracts.flow.loader import ModuleLoader
from flake8_contracts.syntax.decoding import decode_source
from flake8_contracts.syntax.source import parse_source

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from projects import script  # noqa: E402 - a folder of programs, not a package

LENGTHS = (100, 300, 1000, 2000, 3000, 10_000, 50_000)


class Parts(NamedTuple):
    """Seconds of processor time."""

    parse: float
    read: float
    evaluate: float
    facts: float
    positions: float

    @property
    def ratio(self) -> float:
        """The whole against parsing alone."""
        return sum(self[1:]) / self.parse


def measure(path: Path, text: str, root: Path, rounds: int) -> Parts:
    """The least that each part took. Modules that the script imports are parsed before."""
    found: list[Parts] = []
    loader = ModuleLoader(root)
    gc.disable()
    for _ in range(rounds):
        gc.collect()
        marks = [time.process_time()]

        def mark(marks: list[float] = marks) -> None:
            marks.append(time.process_time())

        libcst.parse_module(text)
        mark()
        source = parse_source(path, text)
        mark()
        loader.remember(source)
        trace = Interpreter(loader).run_script(source)
        mark()
        facts = Builder(source, trace).build()
        mark()
        places = [use.real_place.span for use in facts.paths] + [read.place.span for read in facts.reads]
        mark()
        del source, trace, facts, places
        found.append(Parts(*(after - before for before, after in pairwise(marks))))
    gc.enable()
    return Parts(*(min(values) for values in zip(*found, strict=True)))


def inputs(names: list[Path]) -> Iterator[tuple[str, Path, str, Path]]:
    """A title, a path, a text and the project's root for everything that is measured."""
    if not names:
        for length in LENGTHS:
            yield f"generated, {length:,} lines", HERE / "step_0.py", script(0, length), HERE
        names = [HERE.parent / "fixtures"]
    for name in names:
        files = sorted(name.rglob("*.py")) if name.is_dir() else [name]
        for path in files:
            text = decode_source(path, path.read_bytes())
            if "/opt/ml" in text:
                yield path.name, path.resolve(), text, path.resolve().parent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--longest", type=int, default=LENGTHS[-1], help="leave out what is longer")
    options = parser.parse_args()
    print("| script | lines | parse µs | read µs | evaluate µs | facts µs | positions µs | whole / parse |")
    print("|---|---|---|---|---|---|---|---|")
    for title, path, text, root in inputs(options.names):
        lines = max(1, text.count("\n"))
        if lines <= options.longest:
            parts = measure(path, text, root, 2 if lines > 5000 else options.rounds)
            shown = " | ".join(f"{part / lines * 1e6:.1f}" for part in parts)
            print(f"| {title} | {lines} | {shown} | {parts.ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
