"""What flake8 costs with the linter: whole processes, cold and warm, as ratios of runs that take turns.

    python benchmarks/flake8_runs.py [--rounds N] [--only a|b|c] [--peer] [DIRECTORY]

Without a directory: (a) 1,000 Python files of which 50 are scripts, (b) scripts only, (c) one script of 2,500 lines,
checked as an editor does. ``floor`` is flake8 with a plugin that parses the same files with LibCST and does nothing.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from measure import Usage, Variant, compare  # noqa: E402 - a folder of programs, not a package
from projects import write_project  # noqa: E402

CACHE = ".flake8_contracts_cache"


@dataclass(frozen=True)
class Case:
    """A project, and what flake8 is given of it."""

    title: str
    root: Path
    paths: tuple[str, ...] = (".",)


def cases(directory: Path, only: str | None, scale: float) -> Iterator[Case]:
    """Write the three projects. ``scale`` makes them smaller, to try the benchmark itself."""

    def count(number: int) -> int:
        return max(1, int(number * scale))

    if only in (None, "a"):
        root = directory / "a"
        write_project(root, modules=count(900), scripts=count(50), lines=count(300))
        yield Case("(a) 1,000 Python files, 50 of them scripts", root)
    if only in (None, "b"):
        root = directory / "b"
        write_project(root, modules=0, scripts=count(50), lines=count(400))
        yield Case("(b) scripts only", root, ("scripts",))
    if only in (None, "c"):
        root = directory / "c"
        write_project(root, modules=0, scripts=1, lines=count(2500))
        yield Case("(c) one script of 2,500 lines", root, ("scripts/step_0.py",))


def measure(case: Case, rounds: int, jobs: int, with_peer: bool) -> dict[str, Usage]:
    """Run flake8 without plugins, with the floor, and with the linter cold and warm; flake8-async once."""

    def command(plugin: str) -> tuple[str, ...]:
        driver = str(HERE / "flake8_with.py")
        return (sys.executable, driver, plugin, "--isolated", f"-j{jobs}", "--exit-zero", *case.paths)

    def forget() -> None:
        shutil.rmtree(case.root / CACHE, ignore_errors=True)

    variants = {
        "plain": Variant(command("none")),
        "floor": Variant(command("floor")),
        "cold": Variant(command("contracts"), forget),
        "warm": Variant(command("contracts")),
    }
    if with_peer:
        variants["async"] = Variant(command("async"), at_most=1)
    return compare(variants, case.root, rounds)


def lines(case: Case, jobs: int, found: dict[str, Usage]) -> Iterator[str]:
    """The rows of the table."""
    plain, floor = found["plain"], found["floor"]
    for name, usage in found.items():
        yield (
            f"| {case.title} | {jobs} | {name} | {usage.processor:.2f} | {usage.processor / plain.processor:.3f}"
            f" | {usage.processor / floor.processor:.3f} | {usage.clock / plain.clock:.2f}"
            f" | {usage.memory / 1e6:.0f} | {usage.memory / plain.memory:.2f} |"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--only", choices=["a", "b", "c"])
    parser.add_argument("--scale", type=float, default=1.0, help="make the projects smaller")
    parser.add_argument(
        "--peer", action="store_true", help="run flake8-async as well, once: it takes its time"
    )
    options = parser.parse_args()
    if options.peer and importlib.util.find_spec("flake8_async") is None:
        parser.error("flake8-async is not installed")
    print("| project | -j | flake8 | CPU s | / plain | / floor | clock / plain | MB | MB / plain |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        chosen = (
            iter([Case(options.directory.name, options.directory.resolve())])
            if options.directory is not None
            else cases(Path(temporary), options.only, options.scale)
        )
        for case in chosen:
            for jobs in options.jobs:
                for line in lines(case, jobs, measure(case, options.rounds, jobs, options.peer)):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
