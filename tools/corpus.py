"""Runs the engine and every rule over all Python files of some directories, and tells what went wrong.

    python tools/corpus.py [--alone | --follow] [--seconds N] [--sample N] [--seed N] [DIRECTORY…]

Without directories: the standard library and the packages of this environment. No file there has a contract, and
most are recognised by their text as being of no concern; here every one is run as a script, and checked against a
contract that declares an input and an output which no script knows. So the only findings that can be right are that
both are not used (SMC102, SMC103), and that variables are read and arguments required which it does not declare
(SMC201, SMC301); any other is printed to be read. Modules beside a file are followed, as for any script; with
``--follow`` all that it imports from there; with ``--alone`` nothing, which takes a tenth of the time or less. An
internal error, and a file that takes too long, make the exit code 1.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import sysconfig
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flake8_contracts.catalog.binding import Binding
from flake8_contracts.catalog.given import contract_of_fields
from flake8_contracts.collection import paused_collection
from flake8_contracts.project import Project
from flake8_contracts.rules import all_rules
from flake8_contracts.rules.base import ScriptCase
from flake8_contracts.settings import Settings
from flake8_contracts.syntax.decoding import UnparsableSource, decode_source

CONTRACT = {
    "expected_input_paths": {"input_that_nobody_knows": "/opt/ml/processing/input/that/nobody/knows"},
    "expected_output_paths": {"output_that_nobody_knows": "/opt/ml/processing/output/that/nobody/knows"},
}
#: What is right to say of a script that knows nothing of the contract.
RIGHT = frozenset({"SMC102", "SMC103", "SMC201", "SMC301"})
_SLOWEST = 5


class OutOfTimeError(BaseException):
    """The file took longer than it may; no ``Exception``, because those are caught and reported as findings."""


@dataclass
class Tally:
    """What was seen."""

    files: int = 0
    lines: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    cut_short: list[str] = field(default_factory=list)
    out_of_time: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    internal: list[str] = field(default_factory=list)
    times: list[tuple[float, str]] = field(default_factory=list)


def main() -> int:
    """Check the corpus; 1 if there was an internal error."""
    options = _options()
    started = time.monotonic()
    tally = Tally()
    for directory in options.directories:
        _check(directory, options, tally)
    _print(tally, time.monotonic() - started)
    return 1 if tally.internal or tally.out_of_time else 0


def _options() -> argparse.Namespace:
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument(
        "--seconds", type=float, default=60, help="processor time of one file (default: %(default)s)"
    )
    followed = parser.add_mutually_exclusive_group()
    followed.add_argument(
        "--alone", action="store_true", help="every file by itself, without the files beside it"
    )
    followed.add_argument(
        "--follow", action="store_true", help="into all that the files of a directory import there"
    )
    parser.add_argument(
        "--sample", type=int, default=0, help="so many files of each directory (default: all)"
    )
    parser.add_argument("--seed", type=int, default=0, help="which ones (default: %(default)s)")
    paths = sysconfig.get_paths()
    parser.add_argument(
        "directories", nargs="*", type=Path, default=[Path(paths["stdlib"]), Path(paths["purelib"])]
    )
    options: argparse.Namespace = parser.parse_args()
    return options


def _check(directory: Path, options: argparse.Namespace, tally: Tally) -> None:
    root = directory.resolve()
    found = root.rglob("*.py")
    files = sorted(path for path in found if "site-packages" not in path.relative_to(root).parts)
    if options.sample and options.sample < len(files):
        files = sorted(random.Random(options.seed).sample(files, options.sample))  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as elsewhere:
        empty = Path(elsewhere)
        project = Project(Settings(root=root if options.follow else empty, use_cache=False))
        _check_files(files, empty if options.alone else None, project, options.seconds, tally)


def _check_files(
    files: list[Path], folder: Path | None, project: Project, seconds: float, tally: Tally
) -> None:
    """Check the files where they are, or as if they were in ``folder``."""
    for path in files:
        before = time.process_time()
        try:
            with _at_most(seconds), paused_collection():
                _check_file(path, folder or path.parent, project, tally)
        except OutOfTimeError:
            tally.out_of_time.append(str(path))
        except (OSError, UnparsableSource) as error:
            tally.unread.append(f"{path}: {error}")
        except Exception:  # noqa: BLE001 - what went wrong is what is asked
            tally.internal.append(f"{path}:\n{traceback.format_exc()}")
        tally.files += 1
        tally.times.append((time.process_time() - before, str(path)))
        project.loader.forget_scripts()


def _check_file(path: Path, folder: Path, project: Project, tally: Tally) -> None:
    data = path.read_bytes()
    tally.lines += data.count(b"\n")
    contract = contract_of_fields({**CONTRACT, "entry_point": path.name}, "processing", path)
    facts = project.facts(folder / path.name, decode_source(path, data))
    tally.cut_short.extend(f"{path}: {reason}" for reason in facts.incomplete)
    case = ScriptCase(facts, Binding((contract,), "given"), project.catalog)
    for rule in all_rules():
        for report in rule.check_script(case):
            tally.codes[report.code] += 1
            line = report.place.span.line
            if report.code not in RIGHT:
                tally.findings.append(f"{path}:{line}: {report.code} {report.message}")


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise when the time is over, where the system can tell."""
    if not hasattr(signal, "ITIMER_PROF"):
        yield
        return

    def stop(*_: object) -> None:
        raise OutOfTimeError

    old = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, old)


def _print(tally: Tally, seconds: float) -> None:
    print(f"{tally.files} files, {tally.lines} lines, {seconds:.0f} s")
    print(", ".join(f"{code} {number}" for code, number in sorted(tally.codes.items())))
    for title, lines in (
        ("internal errors", tally.internal),
        ("out of time", tally.out_of_time),
        ("not parsed", tally.unread),
        ("not followed to their end", tally.cut_short),
        ("findings", tally.findings),
        (
            "slowest",
            [f"{taken:6.2f} s  {path}" for taken, path in sorted(tally.times, reverse=True)[:_SLOWEST]],
        ),
    ):
        print(f"\n{title}: {len(lines)}")
        for line in lines:
            print(f"  {line}")


if __name__ == "__main__":
    sys.exit(main())
