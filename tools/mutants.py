"""Mutation testing: puts single faults into the rules and the engine, and tells which of them no test notices.

    python tools/mutants.py [--sample N] [--seed N] [--list FILE] [PATTERN…]

The faults are thought out by mutmut (``make mutants`` installs it): another operator, another constant, an argument
left out, and so on. There are some 13,000, so a sample is drawn, the same for the same seed: half of it from the rules,
half from the engine, or all of it from the mutants that the patterns name.

The tests are collected once, and run once without a fault, to learn which lines each of them runs. For a fault this
process is forked: the child exchanges the code of one function and runs the tests that reach the changed lines, the
shortest first, until one fails. So a fault that is noticed costs a fraction of a second. Code that runs only while
modules are imported or tests collected is not judged this way, and neither are decorated functions, which mutmut leaves
alone.
"""

from __future__ import annotations

import argparse
import ast
import gc
import hashlib
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import zip_longest
from pathlib import Path
from types import FunctionType
from typing import NamedTuple

import pytest
from coverage import Coverage
from faults import Mutant, mutants_of

TOP = Path(__file__).resolve().parent.parent
SOURCE = TOP / "src"
ROOMS = ("flake8_contracts.rules", "flake8_contracts.flow")
#: Tests that call the rules and the engine in their own process; left out are those that measure time or run flake8.
TESTS = (
    "tests/rules",
    "tests/flow",
    "tests/facts/test_effects.py",
    "tests/fixes/test_new_contracts.py",
    "tests/test_fixtures.py",
    "--ignore=tests/flow/test_growth.py",
    "--ignore=tests/flow/test_robust.py",
    "--ignore=tests/rules/test_messages.py",
    "--ignore=tests/rules/test_pipelines_at_run_time.py",
    "--deselect=tests/test_fixtures.py::test_comments_silence_a_project",
    "--deselect=tests/test_fixtures.py::test_comments_with_other_codes_silence_nothing",
    "--deselect=tests/test_fixtures.py::test_comments_can_be_disregarded",
    "--deselect=tests/test_fixtures.py::test_comments_leave_the_code_as_it_is",
)
_MEMORY = 4 << 30
"""Bytes that a child may take."""


# -- tests in forks of this process --


class Reach(NamedTuple):
    """Which tests run which lines: a bit for each test, in the order of ``seconds``, which says how long they take."""

    tests: dict[tuple[Path, int], int]
    seconds: list[float]
    functions: dict[tuple[str, int], list[FunctionType]]
    """The functions that exist, by file and first line."""

    def of(self, path: Path, lines: Iterable[int]) -> list[int]:
        """The tests that run some of the lines, the shortest first."""
        bits = 0
        for line in lines:
            bits |= self.tests.get((path, line), 0)
        return sorted(
            (test for test in range(len(self.seconds)) if bits >> test & 1), key=self.seconds.__getitem__
        )


class Verdict(NamedTuple):
    """What became of a mutant: ``killed``, ``timeout``, ``survived``, ``no tests``, ``not tried``."""

    word: str
    tests: int
    seconds: float


def measure(session: pytest.Session, paths: set[Path]) -> Reach:
    """Run all tests once, in a child, so that this process keeps nothing of what they leave behind."""
    functions: dict[tuple[str, int], list[FunctionType]] = {}
    names = {str(path) for path in paths}
    for found in gc.get_objects():
        if isinstance(found, FunctionType) and found.__code__.co_filename in names:
            functions.setdefault((found.__code__.co_filename, found.__code__.co_firstlineno), []).append(
                found
            )
    gc.collect()
    gc.freeze()
    reader, writer = os.pipe()
    child = _fork(lambda: _measured(session, names, writer))
    os.close(writer)
    with open(reader, "rb") as stream:
        told = stream.read()
    status = os.waitpid(child, 0)[1]
    if status or not told:
        raise session.Interrupted("the tests fail without any fault")
    tests, seconds = pickle.loads(told)  # noqa: S301 - of our own child
    return Reach(tests, seconds, functions)


def _measured(session: pytest.Session, names: set[str], writer: int) -> int:
    coverage = Coverage(data_file=None, config_file=False, include=sorted(names), messages=False)
    coverage.start()
    seconds = []
    for number, item in enumerate(session.items):
        coverage.switch_context(str(number))
        seconds.append(_run(session, [item]))
        if session.testsfailed:
            print(f"{item.nodeid} fails", file=sys.stderr)
            os.dup2(2, 1)
            session.config.pluginmanager.getplugin("terminalreporter").summary_failures()
            sys.stdout.flush()
            return 1
    coverage.stop()
    tests: dict[tuple[Path, int], int] = {}
    data = coverage.get_data()
    for name in data.measured_files():
        for line, contexts in data.contexts_by_lineno(name).items():
            tests[Path(name), line] = sum(1 << int(context) for context in contexts if context)
    with open(writer, "wb") as stream:
        stream.write(pickle.dumps((tests, seconds)))
    return 0


def try_out(mutant: Mutant, session: pytest.Session, reach: Reach) -> Verdict:
    """Run the tests that reach a mutant, until one fails."""
    # Inner lines of texts, and defaults of parameters, are not run as lines of their own.
    chosen = reach.of(mutant.path, mutant.lines) or reach.of(mutant.path, mutant.function[1:])
    if not chosen:
        return Verdict("no tests", 0, 0.0)
    items = [session.items[number] for number in chosen]
    seconds = 5 + 3 * sum(reach.seconds[number] for number in chosen)
    started = time.monotonic()
    child = _fork(lambda: _tried(mutant, session, items, reach), seconds=int(seconds))
    _, status = os.waitpid(child, 0)
    taken = time.monotonic() - started
    if os.WIFSIGNALED(status):
        return Verdict("timeout", len(items), taken)
    word = {0: "survived", 1: "killed"}.get(os.WEXITSTATUS(status), "not tried")
    return Verdict(word, len(items), taken)


def _tried(mutant: Mutant, session: pytest.Session, items: list[pytest.Item], reach: Reach) -> int:
    functions = reach.functions.get((str(mutant.path), mutant.function.start), [])
    if not functions or not all(_exchange(function, mutant) for function in functions):
        return 2
    _run(session, items)
    return int(session.testsfailed > 0)


def _exchange(function: FunctionType, mutant: Mutant) -> bool:
    """Put the fault into a function that exists; whether that is possible."""
    code = mutant.code()
    if code.co_freevars != function.__code__.co_freevars:
        return False
    if code == function.__code__:
        defaults, by_name = mutant.defaults()
        function.__defaults__ = tuple(_value(node, function) for node in defaults) or None
        names = function.__code__.co_varnames[function.__code__.co_argcount :]
        values = {
            name: _value(node, function)
            for name, node in zip(names, by_name, strict=False)
            if node is not None
        }
        function.__kwdefaults__ = values or None
    function.__code__ = code
    return True


def _value(node: ast.expr, function: FunctionType) -> object:
    return eval(compile(ast.Expression(node), "default", "eval"), function.__globals__)  # noqa: S307 - our own source


def _run(session: pytest.Session, items: list[pytest.Item]) -> float:
    """Run tests, until one fails; return the processor time that they take, in seconds."""
    started = time.process_time()
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            break
    return time.process_time() - started


def _fork(work: Callable[[], int], seconds: int = 3_600) -> int:
    """A child that does some work, silently, and ends with what it returns."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    code = 3
    try:
        signal.alarm(30 * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 1)
        code = work()
    except BaseException:  # noqa: BLE001 - told, and the child ends in any case
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


# -- the trial --


class Trial:
    """A plugin of pytest that tries the mutants instead of running the tests that were collected."""

    def __init__(self, mutants: Sequence[Mutant], report: Callable[[str], None]) -> None:
        self.mutants = mutants
        self.report = report
        self.verdicts: dict[Mutant, Verdict] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self) -> None:
        """Set hypothesis up, which pytest must be the first to import."""
        from hypothesis import HealthCheck, Phase, settings

        # Without shrinking: that a test fails is enough.
        settings.register_profile(
            "mutants", deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
            suppress_health_check=[HealthCheck.too_slow],
        )  # fmt: skip

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try one mutant after the other."""
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        started = time.monotonic()
        reach = measure(session, {mutant.path for mutant in self.mutants})
        self.report(f"{len(session.items)} tests, run in {time.monotonic() - started:.0f} s")
        for number, mutant in enumerate(self.mutants, 1):
            verdict = self.verdicts[mutant] = try_out(mutant, session, reach)
            told = f"{verdict.word}, {verdict.tests} tests, {verdict.seconds:.1f} s"
            self.report(f"{number}/{len(self.mutants)} {mutant.name} {told}")
        return True


def main() -> int:
    """Try a sample; 1 if it could not be tried."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sample", type=int, default=200, help="how many mutants (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="which ones (default: %(default)s)")
    parser.add_argument(
        "--list", type=Path, help="a file with names of mutants, one in each line, instead of a sample"
    )
    parser.add_argument(
        "patterns", nargs="*", default=[f"{room}.*" for room in ROOMS], help="names, with wildcards"
    )
    options = parser.parse_args()
    if options.list:
        lines = options.list.read_text(encoding="utf-8").splitlines()
        names = [line.split()[0] for line in lines if line.strip()]
        known = {mutant.name: mutant for mutant in _all_mutants(tuple(names))}
        wanted = [known[name] for name in names if name in known]
    else:
        known = {mutant.name: mutant for mutant in _all_mutants()}
        share = options.sample // len(options.patterns)
        drawn = [_drawn(known, pattern, share, options.seed) for pattern in options.patterns]
        # In turns, and in the order of the lots: what is tried when somebody loses patience is a sample, too.
        wanted = [mutant for mutants in zip_longest(*drawn) for mutant in mutants if mutant]
    if not wanted:
        sys.exit("there is no such mutant")
    _say(f"{len(wanted)} of {len(known)} mutants")
    trial = Trial(wanted, _say)
    code = _pytest(trial)
    _print(trial.verdicts)
    return 0 if len(trial.verdicts) == len(wanted) else int(code) or 1


def _all_mutants(names: tuple[str, ...] = ("",)) -> Iterator[Mutant]:
    """The mutants of all modules that are named."""
    for room in ROOMS:
        for path in sorted((SOURCE / room.replace(".", "/")).rglob("*.py")):
            module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
            if names == ("",) or any(name.startswith(f"{module}.") for name in names):
                yield from mutants_of(path, module)


def _drawn(known: dict[str, Mutant], pattern: str, number: int, seed: int) -> list[Mutant]:
    """So many of the mutants that a pattern names. A change of the code exchanges few of them for others."""

    def lot(name: str) -> bytes:
        return hashlib.sha256(f"{seed} {name}".encode()).digest()

    names = sorted((name for name in known if fnmatchcase(name, pattern)), key=lot)[:number]
    return [known[name] for name in names]


def _pytest(trial: Trial) -> int:
    with tempfile.TemporaryDirectory() as directory:
        options = [
            "-q",
            "-s",
            "--hypothesis-profile=mutants",
            f"--basetemp={directory}/runs",
            f"--rootdir={TOP}",
        ]
        without = ["-p", "no:cacheprovider", "-p", "no:xdist"]
        return pytest.main([*options, *without, *(_absolute(test) for test in TESTS)], plugins=[trial])


def _absolute(test: str) -> str:
    option, separator, path = test.rpartition("=")
    return test if option == "--deselect" else f"{option}{separator}{TOP / path}"


def _print(verdicts: dict[Mutant, Verdict]) -> None:
    for room in ROOMS:
        words = Counter(
            verdict.word for mutant, verdict in verdicts.items() if mutant.name.startswith(f"{room}.")
        )
        if words:
            noticed = sum(words[word] for word in ("killed", "timeout"))
            counts = ", ".join(f"{word} {number}" for word, number in words.most_common())
            print(f"{room}: {noticed} of {words.total()} noticed ({counts})")
    for mutant, verdict in verdicts.items():
        if verdict.word not in ("killed", "timeout"):
            place = f"{mutant.path.relative_to(TOP)}:{mutant.lines.start}"
            print(f"\n{mutant.name} {verdict.word} ({place}, {verdict.tests} tests)\n{mutant.difference()}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
