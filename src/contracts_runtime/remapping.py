"""Runs a script with ``/opt/ml`` mapped to another directory, in a process of its own; needs no privileges.

This file is run, not imported: ``python remapping.py JOB ARGUMENT...``, where JOB is a JSON document with ``script``,
``root`` and, for an audit, ``audit``. Python's own functions that open, look at and change files are replaced by ones
that translate paths at or below ``/opt/ml`` first. Errors tell the path that the script gave. What code written in C
opens by itself, and what other programs are given, is not translated.
"""

from __future__ import annotations

import functools
import io
import json
import os
import runpy
import sys
from types import BuiltinFunctionType
from typing import Any, Callable, Iterator

CONTAINER_ROOT = "/opt/ml"

# Functions of the module os, by the number of their first parameters that are paths; those that a platform has.
_ONE_PATH = (
    "access",
    "chdir",
    "chflags",
    "chmod",
    "chown",
    "getxattr",
    "lchmod",
    "lchown",
    "listdir",
    "listxattr",
    "lstat",
    "mkdir",
    "mkfifo",
    "mknod",
    "open",
    "pathconf",
    "remove",
    "removexattr",
    "rmdir",
    "setxattr",
    "stat",
    "statvfs",
    "truncate",
    "unlink",
    "utime",
)
_TWO_PATHS = ("link", "rename", "replace", "symlink")
_PATH_PARAMETERS = ("path", "src", "dst", "file")
_CAPABILITIES = ("supports_dir_fd", "supports_effective_ids", "supports_fd", "supports_follow_symlinks")


class PathMapping:
    """Translates paths: from the container's to the machine's, and back."""

    def __init__(self, root: str) -> None:
        self._root = root

    def local(self, path: Any) -> Any:
        """Return where ``path`` really is; what is no path at or below ``/opt/ml`` stays as it is."""
        text = os.fspath(path) if isinstance(path, os.PathLike) else path
        if isinstance(text, bytes):
            found = self.local(os.fsdecode(text))
            return text if found == os.fsdecode(text) else os.fsencode(found)
        if not isinstance(text, str) or not text.startswith("/"):
            return path
        plain = "/" + os.path.normpath(text).lstrip("/")
        if plain != CONTAINER_ROOT and not plain.startswith(CONTAINER_ROOT + "/"):
            return path
        # A final slash demands a directory.
        return self._root + plain[len(CONTAINER_ROOT) :] + ("/" if text.endswith("/") else "")

    def container(self, path: Any) -> Any:
        """Return the container path that stands for ``path``; what lies elsewhere stays as it is."""
        if isinstance(path, bytes):
            return os.fsencode(self.container(os.fsdecode(path)))
        if isinstance(path, str) and (path == self._root or path.startswith(self._root + "/")):
            return CONTAINER_ROOT + path[len(self._root) :]
        return path


class Translated:
    """A function whose paths are translated: its first ``paths`` arguments, and those that are named like paths.

    An object and no function, so that it does not become a method where a class keeps one of Python's own, as in
    ``pathlib`` before Python 3.10.
    """

    def __init__(self, function: Callable[..., Any], mapping: PathMapping, paths: int) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._mapping = mapping
        self._paths = paths

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the function with paths of this machine."""
        paths = [self._mapping.local(path) for path in arguments[: self._paths]]
        paths_by_name = {name: self._mapping.local(named[name]) for name in _PATH_PARAMETERS if name in named}
        try:
            return self._function(*paths, *arguments[self._paths :], **{**named, **paths_by_name})
        except OSError as error:
            # The path that the script gave is the one that it, and its reader, knows.
            self._tell_as_given(error, (*arguments[: self._paths], *(named[name] for name in paths_by_name)))
            raise

    def _tell_as_given(self, error: OSError, given: tuple[Any, ...]) -> None:
        texts = [os.fspath(path) for path in given if isinstance(path, (str, bytes, os.PathLike))]
        by_local = {self._mapping.local(path): path for path in texts}
        if error.filename in by_local:
            error.filename = by_local[error.filename]
        if error.filename2 is not None and error.filename2 in by_local:
            error.filename2 = by_local[error.filename2]


class Open(Translated):
    """``open``, whose files are named as the script has named them."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Return an open file."""
        opened = super().__call__(*arguments, **named)
        path: Any = arguments[0] if arguments else named.get("file")
        if self._mapping.local(path) is not path:
            buffer = getattr(opened, "buffer", opened)
            getattr(buffer, "raw", buffer).name = os.fspath(path)
        return opened


class Scan(Translated):
    """``os.scandir``, whose entries tell paths of the container."""

    def __call__(self, path: Any = ".") -> Any:
        """Return the entries of a directory."""
        entries = super().__call__(path)
        return entries if self._mapping.local(path) is path else Entries(entries, path)


class ReadLink(Translated):
    """``os.readlink``, which tells paths of the container."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Return what a link points to."""
        return self._mapping.container(super().__call__(*arguments, **named))


class Entry:
    """An entry of a directory in the container: an ``os.DirEntry`` whose path is the container's."""

    def __init__(self, entry: Any, path: Any) -> None:
        self._entry = entry
        self.path = path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entry, name)

    def __fspath__(self) -> Any:
        return self.path

    def __repr__(self) -> str:
        return f"<DirEntry {self._entry.name!r}>"


class Entries:
    """What ``os.scandir`` returns for a directory in the container."""

    def __init__(self, entries: Any, directory: Any) -> None:
        self._entries = entries
        self._directory = directory

    def __iter__(self) -> Iterator[Entry]:
        return self

    def __next__(self) -> Entry:
        entry = next(self._entries)
        return Entry(entry, os.path.join(self._directory, entry.name))

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the iteration."""
        self._entries.close()


def _replacements(mapping: PathMapping) -> dict[Any, Any]:
    """Return what takes the place of which function."""
    replaced: dict[Any, Any] = {function: Open(function, mapping, 1) for function in (open, io.open_code)}
    for names, paths in ((_ONE_PATH, 1), (_TWO_PATHS, 2)):
        functions = filter(None, (getattr(os, name, None) for name in names))
        replaced.update({function: Translated(function, mapping, paths) for function in functions})
    replaced[os.scandir] = Scan(os.scandir, mapping, 1)
    replaced[os.readlink] = ReadLink(os.readlink, mapping, 1)
    return replaced


def remap(root: str) -> None:
    """Map ``/opt/ml`` to ``root`` in this process, for good."""
    replaced = _replacements(PathMapping(root))
    for name in _CAPABILITIES:
        functions = getattr(os, name)
        functions.update([after for before, after in replaced.items() if before in functions])
    for module in list(sys.modules.values()):
        if module is not sys.modules[__name__]:
            _replace_in(module, replaced)


def _replace_in(owner: Any, replaced: dict[Any, Any]) -> None:
    """Put the replacements wherever a module, or a class of it, has kept one of the functions."""
    for name, value in list(vars(owner).items()):
        function = value.__func__ if isinstance(value, staticmethod) else value
        if isinstance(function, BuiltinFunctionType) and function in replaced:
            setattr(owner, name, replaced[function])
        elif isinstance(value, type) and value.__module__ == getattr(owner, "__name__", None):
            _replace_in(value, replaced)


def _audit(job: dict[str, Any]) -> Callable[[], None]:
    """Begin to record; return what ends that and writes the report."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, package)
    from contracts_runtime.audit import Audit
    from contracts_runtime.contract_fields import ContractFields
    from contracts_runtime.local_root import LocalRoot

    sys.path.remove(package)
    contract = ContractFields(job["contract"], job["kind"])
    audit = Audit(contract, LocalRoot(job["root"]), job["audit"])
    audit.start()
    return lambda: audit.write(audit.stop())


def main() -> None:
    """Run the script as Python would: its folder comes first on the path, its arguments are the arguments."""
    job = json.loads(sys.argv[1])
    end_audit = _audit(job) if job.get("audit") else None
    if job["root"] != CONTAINER_ROOT:
        remap(job["root"])
    sys.argv[:] = [job["script"], *sys.argv[2:]]
    sys.path[0] = os.path.dirname(job["script"])
    try:
        runpy.run_path(job["script"], run_name="__main__")
    finally:
        if end_audit is not None:
            end_audit()


if __name__ == "__main__":
    main()
