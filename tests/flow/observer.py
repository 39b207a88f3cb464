"""Runs a script and writes down, as JSON, what it does below a directory and which variables it reads.

Usage: ``python observer.py SCRIPT ROOT REPORT [ARGUMENT…]``. Not a test: the tests run it in a process of its own.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: Events of one path, or of a source and a target.
EFFECTS = {
    "os.listdir": ("list",),
    "os.scandir": ("list",),
    "os.mkdir": ("make directory",),
    "os.remove": ("delete",),
    "os.rmdir": ("delete",),
    "os.rename": ("delete", "write"),
    "shutil.rmtree": ("delete",),
    "shutil.copyfile": ("read", "write"),
}

FORBIDDEN = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "socket.connect"}
)


class Observer:
    """Everything that was seen, each thing once."""

    def __init__(self, script: str, root: str) -> None:
        self.script = script
        self.root = root
        self.paths: set[tuple[str, str]] = set()
        self.variables: set[str] = set()

    def see(self, event: str, args: tuple[Any, ...]) -> None:
        """An audit event. Other programs are not started, and nothing is asked of the network."""
        if event in FORBIDDEN:
            raise PermissionError(event)
        if event == "open":
            path, mode, flags = args
            writes = any(letter in mode for letter in "wax+") if mode else flags & WRITES
            # What a directory is opened for is its names.
            reads = "list" if isinstance(path, (str, bytes)) and os.path.isdir(path) else "read"
            self.note(path, "write" if writes else reads)
        for path, effect in zip(args, EFFECTS.get(event, ()), strict=False):
            self.note(path, effect)

    def note(self, path: Any, effect: str) -> None:
        if isinstance(path, (str, bytes, os.PathLike)):
            name = os.path.normpath(os.fsdecode(path))
            if (name == self.root or name.startswith(self.root + os.sep)) and not in_enforcer():
                self.paths.add((effect, name))

    def read(self, name: object) -> None:
        """A variable is read: noted when it is the script that asks for it, not a library, and not for all of them."""
        frame = sys._getframe(2)
        while frame.f_back is not None and os.path.basename(frame.f_code.co_filename) in (
            "os.py",
            "<frozen os>",
            "_collections_abc.py",
            "<frozen _collections_abc>",
        ):
            if frame.f_code.co_name == "__iter__":
                return  # of ``items()`` or ``values()``
            frame = frame.f_back
        if frame.f_code.co_filename == self.script:
            self.variables.add(str(name))


def in_enforcer() -> bool:
    """Whether it is the enforcer that does it: it looks into inputs and makes outputs, the script does not."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        if os.path.basename(os.path.dirname(frame.f_code.co_filename)) == "contracts_runtime":
            return True
        frame = frame.f_back
    return False


def main(script: str, root: str, report: str, *arguments: str) -> None:
    """Run the script as the main program."""
    observer = Observer(script, root)

    class Recording(type(os.environ)):  # type: ignore[misc]
        def __getitem__(self, key: str) -> str:
            observer.read(key)
            return str(super().__getitem__(key))

        def __contains__(self, key: object) -> bool:
            observer.read(key)
            return bool(super().__contains__(key))

    os.environ.__class__ = Recording
    sys.addaudithook(observer.see)
    sys.argv = [script, *arguments]
    sys.path.insert(0, os.path.dirname(script))
    error = ""
    try:
        runpy.run_path(script, run_name="__main__")
    except BaseException as caught:  # noqa: BLE001 - whatever a script does, what it did before counts
        error = repr(caught)
    seen = {"paths": sorted(observer.paths), "variables": sorted(observer.variables), "error": error}
    with open(report, "w", encoding="utf-8") as file:
        json.dump(seen, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
