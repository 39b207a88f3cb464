"""Replacing files: several at once or none, each atomically, with its permissions."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flake8_contracts.fixes.file_text import Refused


@dataclass(frozen=True)
class Change:
    """A file's content before (``None``: there is no such file) and after. ``path`` is the file itself, no link."""

    path: Path
    before: bytes | None
    after: bytes


def obstacle(path: Path, *, new: bool = False) -> str | None:
    """Why the file cannot be replaced, or made if it is ``new``, as far as that is known beforehand.

    Replacing a file asks for no right to write it, only for one to its folder. What is marked as read-only is left
    alone nevertheless.
    """
    if new:
        if os.path.lexists(path):
            return f"{path.name} exists already"
        return None if os.access(path.parent, os.W_OK) else f"the folder of {path.name} is read-only"
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"{path.name}: {(error.strerror or str(error)).lower()}"
    if not stat.S_ISREG(mode):
        return f"{path.name} is no regular file"
    if not mode & 0o222 or not os.access(path, os.W_OK):
        return f"{path.name} is read-only"
    if not os.access(path.parent, os.W_OK):
        return f"the folder of {path.name} is read-only"
    return None


def replace_all(changes: Sequence[Change]) -> None:
    """Write all changes, or none of them.

    Raises :class:`Refused` if a file is read-only, has vanished, or does not hold ``before`` any more; all files are
    then as they were.
    """
    with ExitStack() as stack:
        for folder in sorted({change.path.parent for change in changes}):
            stack.enter_context(_locked(folder))
        staged: list[tuple[Change, str]] = []
        try:
            for change in changes:
                _require_unchanged(change)
                staged.append((change, _stage(change.path, change.after)))
            _swap(staged)
        except OSError as error:
            name = Path(error.filename or changes[0].path).name
            raise Refused(f"{name} cannot be written: {(error.strerror or str(error)).lower()}") from error
        finally:
            for _, temporary in staged:
                with suppress(OSError):
                    os.unlink(temporary)


def _require_unchanged(change: Change) -> None:
    reason = obstacle(change.path, new=change.before is None)
    if reason is not None:
        raise Refused(reason)
    if change.before is not None and change.path.read_bytes() != change.before:
        raise Refused(f"{change.path.name} was changed by somebody else meanwhile")


def _stage(path: Path, content: bytes) -> str:
    """Write the content beside the file, with the file's permissions; return where."""
    known = path.stat() if path.exists() else None
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if known is None:
            os.chmod(temporary, 0o666 & ~_umask())
            return temporary
        made = os.stat(temporary)
        if hasattr(os, "chown") and (made.st_uid, made.st_gid) != (known.st_uid, known.st_gid):
            with suppress(OSError):
                os.chown(temporary, known.st_uid, known.st_gid)
        os.chmod(temporary, stat.S_IMODE(known.st_mode))
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    return temporary


def _swap(staged: Sequence[tuple[Change, str]]) -> None:
    done: list[Change] = []
    try:
        for change, temporary in staged:
            os.replace(temporary, change.path)
            done.append(change)
    except BaseException:
        for change in reversed(done):
            if change.before is None:
                os.unlink(change.path)
            else:
                os.replace(_stage(change.path, change.before), change.path)
        raise


def _umask() -> int:
    """What new files are not permitted; there is no way to ask without setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes of this program from replacing files in the folder. Where that is impossible, go on."""
    descriptor = -1
    try:
        # Windows has no such locks: there comparing before replacing has to do.
        with suppress(OSError, ImportError):
            import fcntl

            descriptor = os.open(folder, os.O_RDONLY)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        if descriptor >= 0:
            os.close(descriptor)
