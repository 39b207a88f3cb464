"""Runs whole processes and tells what they took.

The time is that of the processors (user and system, with all child processes): unlike the clock it hardly depends on
what else the machine does. Variants are run in turn, and of each the least is taken: every disturbance only adds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """What a process took: seconds of processor time, seconds by the clock, and bytes of memory at its peak."""

    processor: float
    clock: float
    memory: int

    def least(self, other: Usage | None) -> Usage:
        """The lesser of each."""
        if other is None:
            return self
        return Usage(
            min(self.processor, other.processor),
            min(self.clock, other.clock),
            min(self.memory, other.memory),
        )


@dataclass(frozen=True)
class Variant:
    """A command, what is to be done before each of its runs, and how often it is run at most."""

    command: Sequence[str]
    prepare: Callable[[], object] = lambda: None
    at_most: int = sys.maxsize


def run(command: Sequence[str], cwd: Path) -> Usage:
    """Run a command. Raises ``RuntimeError`` if it fails; 1 is how a linter says that it found something."""
    # Users have compiled modules; an environment that writes none would measure the compiler in every run.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    clock = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1) or errors:
        message = f"{' '.join(command)} ended with {process.returncode}: {errors.decode()}"
        raise RuntimeError(message)
    unit = 1 if sys.platform == "darwin" else 1024
    return Usage(used.ru_utime + used.ru_stime, clock, used.ru_maxrss * unit)


def compare(variants: Mapping[str, Variant], cwd: Path, rounds: int) -> dict[str, Usage]:
    """Run all variants in turn, several times; return the least of each."""
    least: dict[str, Usage] = {}
    for variant in variants.values():  # the first run of each compiles modules and fills the system's caches
        if rounds > 1 and variant.at_most > 1:
            variant.prepare()
            run(variant.command, cwd)
    for number in range(rounds):
        for name, variant in variants.items():
            if number < variant.at_most:
                variant.prepare()
                least[name] = run(variant.command, cwd).least(least.get(name))
    return least
