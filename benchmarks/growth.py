"""How the linter's cost grows: with the lines of a script, the files of a project, and the contracts.

    python benchmarks/growth.py [--only lines|files|contracts] [--largest N]

Whole processes of ``flake8-contracts check``, which does what the plugin does and leaves out what flake8 does besides,
with results kept and without. Where a line, a file or a contract costs the same in each row, growth is linear; each row
is measured against a project of one small script, so that starting up is not counted.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from measure import Usage, Variant, compare  # noqa: E402 - a folder of programs, not a package
from projects import write_project  # noqa: E402

CACHE = ".flake8_contracts_cache"


class Sizes(NamedTuple):
    """A project: ``what`` grows in it; ``path`` is what is checked."""

    what: str
    number: int
    modules: int = 0
    scripts: int = 1
    lines: int = 100
    contracts: int = 0
    path: str = "scripts"


def rows() -> Iterator[Sizes]:
    """What is measured. One script is as long as scripts get; a million lines are many scripts."""
    for lines in (1_000, 4_000, 16_000, 64_000):
        yield Sizes("lines of one script", lines, lines=lines)
    for lines in (10_000, 100_000, 1_000_000):
        yield Sizes("lines in scripts of 1,000", lines, scripts=lines // 1000, lines=1000)
    for files in (500, 2_000, 8_000):
        yield Sizes("files that do not matter", files, modules=files, path=".")
    for contracts in (125, 500, 2_000):
        yield Sizes("contracts", contracts, contracts=contracts)


def measure(sizes: Sizes, directory: Path) -> dict[str, Usage]:
    """Check a new project without anything kept, and again."""
    root = directory / "project"
    shutil.rmtree(root, ignore_errors=True)
    write_project(
        root, modules=sizes.modules, scripts=sizes.scripts, lines=sizes.lines, contracts=sizes.contracts
    )
    command = (sys.executable, "-m", "flake8_contracts", "check", sizes.path)
    variants = {
        "cold": Variant(command, lambda: shutil.rmtree(root / CACHE, ignore_errors=True)),
        "warm": Variant(command),
    }
    return compare(variants, root, 1 if sizes.lines * sizes.scripts > 50_000 else 3)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=["lines", "files", "contracts"])
    parser.add_argument("--largest", type=int, default=1_000_000, help="leave out what is larger")
    options = parser.parse_args()
    print("| what grows | number | cold s | µs each | warm s | µs each | MB cold |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as directory:
        least = measure(Sizes("nothing", 1), Path(directory))
        for sizes in rows():
            if sizes.number > options.largest or not (options.only is None or options.only in sizes.what):
                continue
            found = measure(sizes, Path(directory))
            cells = []
            for name in ("cold", "warm"):
                seconds = found[name].processor
                each = (seconds - least[name].processor) / sizes.number * 1e6
                cells.append(f"{seconds:.2f} | {each:.0f}")
            memory = found["cold"].memory / 1e6
            print(f"| {sizes.what} | {sizes.number:,} | {' | '.join(cells)} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
