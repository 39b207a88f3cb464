"""Mutation testing: puts single faults into the rules and the engine, and tells which of them no test notices.

    python tools/mutants.py [--sample N] [--seed N] [PATTERN…]

The faults are made and tried by mutmut (``make mutants`` installs it), which ``[tool.mutmut]`` of pyproject.toml
configures. There are some 13,000, which take days. So a sample is drawn, the same for the same seed: half of it from
the rules, half from the engine, or all of it from the mutants that the patterns name. What has been tried once is kept
in ``mutants/`` and not tried again.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
ROOMS = ("flake8_contracts.rules.*", "flake8_contracts.flow.*")
#: What pytest's exit code says of a mutant; mutmut's own for those that no test reaches.
VERDICTS = {
    0: "survived",
    1: "killed",
    3: "killed",
    5: "no tests",
    33: "no tests",
    24: "timeout",
    36: "timeout",
}


def main() -> int:
    """Try a sample; 1 if it could not be tried."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sample", type=int, default=200, help="how many mutants (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="which ones (default: %(default)s)")
    parser.add_argument("patterns", nargs="*", default=ROOMS, help="names of mutants, with wildcards")
    options = parser.parse_args()
    if not known():
        # The mutants have to be made before a sample can be drawn: that is done before the first one is tried.
        _mutmut("flake8_contracts.rules.ways.*_1")
    names = sorted(known())
    wanted: list[str] = []
    for pattern in options.patterns:
        matching = [name for name in names if fnmatch(name, pattern)]
        number = min(len(matching), options.sample // len(options.patterns))
        wanted += random.Random(options.seed).sample(matching, number)  # noqa: S311 - no secret
    if not wanted:
        sys.exit("there is no such mutant")
    code = _mutmut(*wanted)
    results = known()
    verdicts = {name: _verdict(results[name]) for name in wanted}
    print(", ".join(f"{verdict} {number}" for verdict, number in Counter(verdicts.values()).most_common()))
    for name, verdict in verdicts.items():
        if verdict in ("survived", "no tests"):
            print(f"\n{name}: {verdict}\n{_difference(name)}")
    return code


def _verdict(code: int | None) -> str:
    return "not tried" if code is None else VERDICTS.get(code, "other")


def _difference(name: str) -> str:
    """The lines that the mutant changes."""
    command = [sys.executable, "-m", "mutmut", "show", name]
    shown = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False).stdout
    return "\n".join(
        line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    )


def known() -> dict[str, int | None]:
    """The exit code of the tests for every mutant that was made; ``None`` for one that was not tried."""
    found: dict[str, int | None] = {}
    for path in sorted((TOP / "mutants").glob("src/**/*.meta")):
        found.update(json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"])
    return found


def _mutmut(*names: str) -> int:
    return subprocess.run([sys.executable, "-m", "mutmut", "run", *names], cwd=TOP, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
