"""What a job has given its script, looked at on the disk. Nothing here changes anything."""

from __future__ import annotations

import os
import stat
from typing import Iterable, Sequence

from contracts_runtime.container_paths import normalise
from contracts_runtime.local_root import ROOT_VARIABLE, LocalRoot
from contracts_runtime.path_checks import channel_of
from contracts_runtime.platform_paths import CHANNEL_ROOT, PROCESSING
from contracts_runtime.problems import closest, quoted

# Byte code that Python itself leaves beside modules that a script imports from an input.
_LEFT_BY_PYTHON = "__pycache__"


def root_problem(root: LocalRoot) -> str:
    """Return why ``root`` cannot stand for ``/opt/ml``; empty if it can."""
    if root.is_container or os.path.isdir(root.directory):
        return ""
    what = "is a file" if os.path.exists(root.directory) else "does not exist"
    return (
        f"the root {quoted(root.directory)}, which stands for '/opt/ml', {what};"
        f" name a directory by root= or {ROOT_VARIABLE}"
    )


# --- inputs ---


def input_problem(name: str, declared: str, kind: str, root: LocalRoot) -> str:
    """Return why the script cannot work with an input; empty if it can."""
    path = root.local(declared)
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:
        if _is_piped(path):
            return ""
        reason = f"{reason_of(error)}; {_remedy_for_missing(declared, kind, root)}"
    else:
        reason = _reason_not_to_work(path, declared, kind, is_directory=stat.S_ISDIR(mode))
    return f"input {quoted(name)} cannot be read at {quoted(path)}: {reason}" if reason else ""


def _reason_not_to_work(path: str, declared: str, kind: str, *, is_directory: bool) -> str:
    if not is_directory and _is_mount(declared, kind):
        return "it is a file, but SageMaker mounts a directory there; put the file below it"
    if not _is_allowed(path, os.R_OK | (os.X_OK if is_directory else 0)):
        return "Permission denied"
    if is_directory and not holds_a_file(path, links=True):
        return (
            "it is empty: there is no file below it; give the job a source that holds objects,"
            " or name the input in optional_inputs="
        )
    return ""


def _is_mount(declared: str, kind: str) -> bool:
    """Whether SageMaker itself makes what stands there; a training job's input may be a file in a channel."""
    return kind == PROCESSING or normalise(declared) == f"{CHANNEL_ROOT}/{channel_of(declared)}"


def _is_piped(path: str) -> bool:
    """Whether the channel at ``path`` is streamed: then it has a pipe for each epoch, and no directory.

    API, shape ``TrainingInputMode``; developer guide, "Access Training Data": ``/opt/ml/input/data/<channel>_<epoch>``.
    """
    try:
        return stat.S_ISFIFO(os.stat(f"{path}_0").st_mode)
    except (OSError, ValueError):
        return False


def _remedy_for_missing(declared: str, kind: str, root: LocalRoot) -> str:
    if not os.path.isdir(root.directory):
        return f"there is no {quoted(root.directory)} here: outside of a container, give root= or set {ROOT_VARIABLE}"
    channel = channel_of(declared)
    if kind == PROCESSING or channel is None:
        return f"give the job an input that is mounted at {quoted(normalise(declared))}"
    known = _channels(root)
    if channel in known:
        return f"the channel {quoted(channel)} is there, but the file is not in it"
    near = closest(channel, known)
    if near is not None:
        return f"the job has no channel {quoted(channel)}; did you mean {quoted(near)}?"
    have = f"it has {', '.join(map(quoted, known))}" if known else "it has none"
    return f"the job has no channel {quoted(channel)}; {have}"


def _channels(root: LocalRoot) -> list[str]:
    directory = root.local(CHANNEL_ROOT)
    try:
        return sorted(name for name in os.listdir(directory) if os.path.isdir(os.path.join(directory, name)))
    except OSError:
        return []


# --- outputs ---


def output_problem(name: str, path: str) -> str:
    """Return why the directory of an output cannot be made at ``path``; empty if it can, or is there."""
    reason = _reason_not_to_make(path)
    return output_failure(name, path, reason) if reason else ""


def output_failure(name: str, path: str, reason: str) -> str:
    """Return the message about an output directory that cannot be made."""
    return f"the directory of output {quoted(name)} cannot be made at {quoted(path)}: {reason}"


def _reason_not_to_make(path: str) -> str:
    current, mode = path, None
    while mode is None:
        try:
            mode = os.stat(current).st_mode
        except (FileNotFoundError, NotADirectoryError) as error:
            if os.path.islink(current):
                return f"{quoted(current)} is a link to nothing"
            if os.path.dirname(current) == current:
                return reason_of(error)
            current = os.path.dirname(current)
        except (OSError, ValueError) as error:
            return reason_of(error)
    if not stat.S_ISDIR(mode):
        if current != path:
            return f"{quoted(current)} is a file"
        return (
            "a file is in the way, where SageMaker makes a directory; remove it, or write below the directory"
        )
    if not _is_allowed(current, os.W_OK | os.X_OK):
        return f"{quoted(current)} is read-only"
    return ""


# --- files ---


def holds_a_file(directory: str, *, links: bool = False) -> bool:
    """Whether there is a file below ``directory``; symbolic links count only with ``links``.

    SageMaker does not upload links: "Symlinks are not followed when uploading output data" (developer guide, "How
    Amazon SageMaker Processing Configures Input and Output For Your Processing Container").
    """
    for folder, folders, names in os.walk(directory):
        if any(not os.path.islink(os.path.join(folder, name)) for name in names):
            return True
        # Links to directories are listed among the directories, and not followed.
        if links and (names or any(os.path.islink(os.path.join(folder, each)) for each in folders)):
            return True
    return False


def file_states(directory: str, excluded: Sequence[str] = ()) -> dict[str, tuple[int, int]]:
    """Return size in bytes and time of the last change in nanoseconds of every file below ``directory``.

    Nothing at or below the ``excluded`` directories counts, and no byte code that Python has left.
    """
    states = {}
    for folder, folders, names in os.walk(directory):
        folders[:] = [
            each for each in folders if each != _LEFT_BY_PYTHON and os.path.join(folder, each) not in excluded
        ]
        for name in names:
            path = os.path.join(folder, name)
            try:
                state = os.lstat(path)
            except OSError:
                continue
            states[path] = (state.st_size, state.st_mtime_ns)
    return states


def written_files(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> list[str]:
    """Return the files that are new or have changed, in alphabetical order."""
    return sorted(path for path, state in after.items() if before.get(path) != state)


def _is_allowed(path: str, mode: int) -> bool:
    """Whether the process may; by its effective user where the system can tell, as the operation itself will."""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def reason_of(error: Exception) -> str:
    """Return what an error says, without the path."""
    return str(getattr(error, "strerror", None) or error)


def first_few(names: Iterable[str], limit: int = 3) -> str:
    """Return some names as a message shows them."""
    listed = list(names)
    shown = ", ".join(map(quoted, listed[:limit]))
    return f"{shown} and {len(listed) - limit} more" if len(listed) > limit else shown
