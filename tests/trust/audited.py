"""Runs one of the two commands in this process, and writes down what an auditor of Python's own hooks saw.

    python audited.py REPORT ROOT MODULE:FUNCTION [ARGUMENT…]

Below ROOT nothing may be imported, compiled to be run, or run; nowhere may anything be unpickled, a process be started,
a connection be made, or a file be changed outside of the cache (PEP 578; the events are those of "Audit events table"
in the library reference).
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import CodeType
from typing import Any

FORBIDDEN = frozenset(
    {"pickle.find_class", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile",
     "pty.spawn", "socket.connect", "socket.bind", "socket.getaddrinfo", "urllib.Request", "ctypes.dlopen",
     "code.__new__", "shutil.rmtree", "shutil.move", "os.chmod", "os.chown", "os.link", "os.symlink", "os.truncate"}
)  # fmt: skip
CHANGING = frozenset({"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.utime", "tempfile.mkstemp"})
"""What is allowed in the cache."""


class Auditor:
    """Collects what must not happen."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root) + os.sep
        self.cache = os.path.join(self.root, ".flake8_contracts_cache")
        self.seen: list[str] = []
        self.is_on = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event in FORBIDDEN and not self.is_own_library(event):
            self.seen.append(f"{event} {arguments!r}")
        elif event in CHANGING:
            self.judge_change(event, arguments)
        elif event == "open":
            self.judge_open(*arguments)
        elif event == "exec":
            self.judge_code(arguments[0])
        elif event == "import" and self.is_below(arguments[1]):
            self.seen.append(f"import {arguments!r}")

    def is_own_library(self, event: str) -> bool:
        """Whether an extension module that a library brings is being loaded: it is imported, from where it lies."""
        return event == "ctypes.dlopen"

    def is_below(self, name: object) -> bool:
        if not isinstance(name, (str, bytes)) or not name or name[:1] in ("<", b"<"):
            return False
        return (os.path.realpath(os.fsdecode(name)) + os.sep).startswith(self.root)

    def judge_open(self, name: object, mode: str | None, flags: int) -> None:
        is_written = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        if is_written and isinstance(name, (str, bytes)) and self.is_outside(os.fsdecode(name)):
            self.seen.append(f"open {name!r} {mode} {flags:o}")

    def judge_change(self, event: str, arguments: tuple[Any, ...]) -> None:
        if isinstance(arguments[0], (str, bytes)) and self.is_outside(os.fsdecode(arguments[0])):
            self.seen.append(f"{event} {arguments!r}")

    def is_outside(self, path: str) -> bool:
        """Whether a path lies elsewhere than where results are kept. What coverage keeps is none of ours."""
        path = os.path.realpath(path)
        return not path.startswith(self.cache) and ".coverage" not in path and path != os.devnull

    def judge_code(self, code: CodeType) -> None:
        if self.is_below(code.co_filename):
            self.seen.append(f"exec {code!r}")


def main() -> None:
    report, root, command, *arguments = sys.argv[1:]
    sys.argv[1:] = arguments
    module, _, function = command.partition(":")
    # What belongs to this program itself must not count: its directory is no part of the path of a command.
    del sys.path[0]
    sys.dont_write_bytecode = True
    auditor = Auditor(root)
    sys.addaudithook(auditor)
    run = getattr(import_module(module), function)
    auditor.is_on = True
    code: object = 0
    try:
        code = run()
    except SystemExit as stop:
        code = stop.code
    auditor.is_on = False
    with open(report, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in auditor.seen)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
