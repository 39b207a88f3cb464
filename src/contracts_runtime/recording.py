"""Records of what Python code does with files and environment variables while it runs.

Python tells an audit hook about every file that Python itself opens (PEP 578, "Python Runtime Audit Hooks"; Python
library reference, "Audit events table"). It does not tell about the environment, so that reads are seen by standing
in for two methods of ``os.environ``'s class while there is something to record, and no longer.
"""

from __future__ import annotations

import collections.abc
import os
import sys
import threading
from functools import lru_cache
from types import FrameType
from typing import Any, Callable, Iterator, NamedTuple

_frame = sys._getframe  # noqa: SLF001 - documented, and what the standard library's own modules use

READ, WRITE, LIST, MAKE_DIRECTORY, DELETE = "read", "write", "list", "make directory", "delete"


class Place(NamedTuple):
    """A line of the script, or of a module that is no library's."""

    file: str
    line: int


class FileUse(NamedTuple):
    """What was done with one path, once for every effect, operation and line."""

    path: str
    effect: str
    operation: str
    place: Place | None


class VariableUse(NamedTuple):
    """One read of an environment variable; ``how`` is as in the linter's facts, ``name`` is empty for a scan."""

    name: str
    how: str
    place: Place | None


class Recorder:
    """Records what happens between :meth:`start` and :meth:`stop`, in every thread of the process.

    ``concerns`` decides, by its absolute path, whether a file matters. At most ``limit`` different uses are kept.
    Code that is written in C and opens files itself, and other processes, are not seen.
    """

    def __init__(self, concerns: Callable[[str], bool], limit: int = 10_000) -> None:
        self._concerns = concerns
        self._limit = limit
        self.files: dict[FileUse, None] = {}
        self.variables: dict[VariableUse, None] = {}
        self.truncated = False

    def start(self) -> None:
        """Begin to record."""
        with _lock:
            if not _recorders:
                _install()
            _recorders.append(self)

    def stop(self) -> None:
        """Record no more; does nothing if it is not recording."""
        with _lock:
            if self in _recorders:
                _recorders.remove(self)
                if not _recorders:
                    _restore()

    def add_variable(self, name: str, how: str, place: Place | None) -> None:
        """Record the read of a variable."""
        self._keep(self.variables, VariableUse(name, how, place))

    def _add_file(self, path: str, effect: str, operation: str) -> None:
        if self._concerns(path):
            place, is_concern = _place_in_script(_frame(1))
            if is_concern:
                self._keep(self.files, FileUse(path, effect, operation, place))

    def _keep(self, uses: dict[Any, None], use: object) -> None:
        if use in uses:
            return
        if len(uses) >= self._limit:
            self.truncated = True
        else:
            uses[use] = None


_recorders: list[Recorder] = []
_lock = threading.RLock()


# --- files ---


def _opened(path: object, mode: object, flags: object) -> Iterator[tuple[object, str]]:
    if mode is None and not _is_absolute(path):
        return  # by os.open, perhaps relative to an open directory
    if mode is None and isinstance(flags, int) and flags & getattr(os, "O_DIRECTORY", 0):
        return  # the directory's entries are listed by another event
    writes = isinstance(mode, str) and any(letter in mode for letter in "wax+")
    writes = writes or (isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR)))
    yield path, WRITE if writes else READ


def _first(effect: str) -> Callable[..., Iterator[tuple[object, str]]]:
    def events(path: object = None, *_: object) -> Iterator[tuple[object, str]]:
        yield path, effect

    return events


def _moved(source: object, target: object, *_: object) -> Iterator[tuple[object, str]]:
    yield source, DELETE
    yield target, WRITE


def _linked(_source: object, target: object, *_: object) -> Iterator[tuple[object, str]]:
    yield target, WRITE


def _deleted(path: object, *_: object) -> Iterator[tuple[object, str]]:
    if _is_absolute(path):  # else perhaps relative to an open directory
        yield path, DELETE


# Event: what it means for which of its arguments (Python library reference, "Audit events table").
_EVENTS: dict[str, Callable[..., Iterator[tuple[object, str]]]] = {
    "open": _opened,
    "os.listdir": _first(LIST),
    "os.scandir": _first(LIST),
    "os.mkdir": _first(MAKE_DIRECTORY),
    "os.remove": _deleted,
    "os.rmdir": _deleted,
    "shutil.rmtree": _first(DELETE),
    "os.rename": _moved,
    "os.link": _linked,
    "os.symlink": _linked,
    "os.truncate": _first(WRITE),
    "sqlite3.connect": _first(WRITE),
}


def _is_absolute(path: object) -> bool:
    return isinstance(path, (str, bytes, os.PathLike)) and os.path.isabs(path)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    """Python's audit hook: an exception in it would stop the operation, so that there is none."""
    if not _recorders:
        return
    meaning = _EVENTS.get(event)
    if meaning is None:
        return
    try:
        for path, effect in meaning(*arguments):
            if path is None or isinstance(path, int):
                continue  # the working directory, or something that is open already
            text = os.path.abspath(os.fsdecode(path))  # type: ignore[arg-type]
            for recorder in tuple(_recorders):
                recorder._add_file(text, effect, event)  # noqa: SLF001 - of this module
    except (OSError, TypeError, ValueError):
        return


# --- variables ---

_environment: Any = type(os.environ)
_WRAPPERS = (os.getenv.__code__.co_filename, collections.abc.Mapping.get.__code__.co_filename)
# Functions of the wrappers that read a variable by its name.
_NAMED = {
    "get": "get",
    "getenv": "get",
    "getenvb": "get",
    "__contains__": "in",
    "setdefault": "setdefault",
    "pop": "pop",
}
_scans = threading.local()


def _watched_item(original: Any) -> Any:
    def read_item(self: Any, key: Any) -> Any:
        if _recorders and _installed["__getitem__"] is read_item:
            _note_read(key, _frame(1))
        return original(self, key)

    return read_item


def _watched_names(original: Any) -> Any:
    def read_names(self: Any) -> Any:
        if _recorders and _installed["__iter__"] is read_names:
            frame, _ = _out_of_wrappers(_frame(1))
            # "dict(os.environ)" goes on to read every variable from the same instruction.
            _scans.last = None if frame is None else (frame.f_code, frame.f_lasti)
            _note("", "scan", frame)
        return original(self)

    return read_names


def _note_read(key: object, frame: FrameType | None) -> None:
    frame, how = _out_of_wrappers(frame)
    if how == "scan" or (
        frame is not None and getattr(_scans, "last", None) == (frame.f_code, frame.f_lasti)
    ):
        return
    if isinstance(key, (str, bytes)):
        _note(os.fsdecode(key), how, frame)


def _note(name: str, how: str, frame: FrameType | None) -> None:
    place = None
    if frame is not None:
        file = frame.f_code.co_filename
        if _is_own(file) and frame.f_code.co_name != "get_env":
            return  # the enforcer's own checks
        if _is_own(file):
            how, place = "enforcer", caller(frame)
        elif not _is_library(file):
            place = Place(file, frame.f_lineno)
    for recorder in tuple(_recorders):
        recorder.add_variable(name, how, place)


def _out_of_wrappers(frame: FrameType | None) -> tuple[FrameType | None, str]:
    """Return the frame that asks the environment, outside of the standard library's own helpers, and how it asks."""
    how = "item"
    while frame is not None and frame.f_code.co_filename in _WRAPPERS:
        function = frame.f_code.co_name
        how = _NAMED.get(function, "scan" if function in {"__iter__", "copy", "__repr__"} else how)
        frame = frame.f_back
    return frame, how


_WATCHED = {"__getitem__": _watched_item, "__iter__": _watched_names}
_originals: dict[str, Any] = {}
_installed: dict[str, Any] = {}


@lru_cache(maxsize=None)
def _add_hook() -> None:
    """Add the hook, once in a process: Python has no way to take it away."""
    sys.addaudithook(_hook)


def _install() -> None:
    _add_hook()
    for name, watched in _WATCHED.items():
        _originals[name] = getattr(_environment, name)
        _installed[name] = watched(_originals[name])
        setattr(_environment, name, _installed[name])


def _restore() -> None:
    for name in _WATCHED:
        # What somebody else has put there since is theirs, and calls on.
        if getattr(_environment, name) is _installed[name]:
            setattr(_environment, name, _originals[name])


# --- places ---

# What stands between the script and Python's own functions while they are watched or mapped.
_BETWEEN = ("recording.py", "remapping.py")
# As tracebacks spell it, which need not be absolute.
_HERE = os.path.dirname(_hook.__code__.co_filename)
_STANDARD_LIBRARY = os.path.dirname(os.path.abspath(os.__file__))


def caller(frame: FrameType | None = None) -> Place | None:
    """Return the line of the script that has called into this package; ``None`` if there is none."""
    frame = _frame(1) if frame is None else frame
    while frame is not None and _is_library(frame.f_code.co_filename):
        frame = frame.f_back
    return None if frame is None else Place(frame.f_code.co_filename, frame.f_lineno)


def _place_in_script(frame: FrameType | None) -> tuple[Place | None, bool]:
    """Return the innermost line that is no library's, and whether the use is the script's at all.

    It is not where Python imports a module, the enforcer looks at the job, or the script itself is read to be run.
    """
    while frame is not None:
        file, function = frame.f_code.co_filename, frame.f_code.co_name
        if file.startswith("<frozen importlib"):
            return None, False
        if _is_own(file) and (os.path.basename(file) not in _BETWEEN or function == "main"):
            return None, False
        if not _is_library(file):
            return Place(file, frame.f_lineno), True
        frame = frame.f_back
    return None, True


def _is_own(file: str) -> bool:
    """Whether a module is this package's, or of a copy beside the script."""
    return os.path.basename(os.path.dirname(file)) == os.path.basename(_HERE)


def _is_library(file: str) -> bool:
    if file.startswith("<frozen") or _is_own(file):
        return True
    parts = file.split(os.sep)
    return "site-packages" in parts or "dist-packages" in parts or file.startswith(_STANDARD_LIBRARY + os.sep)
