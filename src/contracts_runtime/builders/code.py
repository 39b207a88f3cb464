"""The script of a job: where it comes from, and how it gets to S3."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import posixpath
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Iterator

from contracts_runtime.problems import quoted, type_name

# Left by tools; never part of what a job runs.
_LEFT_OUT = {"__pycache__", ".git", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".ruff_cache"}


def is_remote(code: object) -> bool:
    """Whether the code is in S3 already."""
    return isinstance(code, str) and code.startswith("s3://")


def check_code(code: object, entry_point: str, *, is_training: bool) -> Iterator[str]:
    """Yield what keeps a job from running ``entry_point`` from ``code``."""
    if code is None:
        yield f"code is missing; set it to where {quoted(entry_point)} is, in S3 or on this machine"
    elif not isinstance(code, (str, os.PathLike)):
        yield f"code: {quoted(code)} is {type_name(code)}; give an S3 URI or a local path"
    elif is_remote(code):
        if is_training:
            if not str(code).endswith(".tar.gz"):
                yield f"code: {quoted(code)} is no '.tar.gz', which a training job unpacks; give one"
        elif str(code).endswith(".py") and posixpath.basename(str(code)) != posixpath.basename(entry_point):
            yield f"code: {quoted(code)} is not the contract's script {quoted(entry_point)}; give that one"
    else:
        yield from _check_local(Path(code), entry_point, is_training=is_training)


def _check_local(path: Path, entry_point: str, *, is_training: bool) -> Iterator[str]:
    if not path.exists():
        yield f"code: there is no file or directory {quoted(str(path))}; correct the path"
    elif path.is_dir():
        if not (path / entry_point).is_file():
            yield f"code: the directory {quoted(str(path))} has no file {quoted(entry_point)}; correct one of them"
    elif is_training:
        yield f"code: {quoted(str(path))} is a file; a training job takes the directory that holds it"
    elif path.name != posixpath.basename(entry_point):
        yield f"code: {quoted(str(path))} is not the contract's script {quoted(entry_point)}; give that one"


class Code:
    """The code of one step. Local code is uploaded when its place in S3 is first asked for."""

    def __init__(self, code: Any, entry_point: str, step_name: str) -> None:
        self._code = code
        self._entry_point = entry_point
        self._step_name = step_name
        self._uploaded: str | None = None

    @property
    def script(self) -> str:
        """The script below the directory that the code becomes in the container."""
        is_file = str(self._code).endswith(".py") if is_remote(self._code) else Path(self._code).is_file()
        return posixpath.basename(self._entry_point) if is_file else posixpath.normpath(self._entry_point)

    def uri(self, session: Any, *, as_archive: bool) -> str:
        """Return where the code is in S3. ``as_archive`` packs a directory, as training jobs want it.

        The place contains a hash of the content, so that a step whose code has not changed can be cached.
        """
        if is_remote(self._code):
            return str(self._code)
        if self._uploaded is None:
            upload = _upload_archive if as_archive else _upload
            self._uploaded = upload(session, Path(self._code), f"{self._step_name}/code")
        return self._uploaded


def _upload(session: Any, path: Path, prefix: str) -> str:
    prefix = f"{prefix}/{_digest(path)}"
    if path.is_file():
        return str(session.upload_data(str(path), bucket=session.default_bucket(), key_prefix=prefix))
    with tempfile.TemporaryDirectory() as folder:
        for file in files(path):
            target = Path(folder) / file.relative_to(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
        return str(session.upload_data(folder, bucket=session.default_bucket(), key_prefix=prefix))


def _upload_archive(session: Any, path: Path, prefix: str) -> str:
    prefix = f"{prefix}/{_digest(path)}"
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "sourcedir.tar.gz"
        archive.write_bytes(packed(path))
        return str(session.upload_data(str(archive), bucket=session.default_bucket(), key_prefix=prefix))


def packed(directory: Path) -> bytes:
    """Return the files of a directory as a ``.tar.gz``, the same bytes for the same files."""
    content = io.BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb", mtime=0) as stream, tarfile.open(
        fileobj=stream, mode="w"
    ) as archive:
        for file in files(directory):
            data = file.read_bytes()
            entry = tarfile.TarInfo(file.relative_to(directory).as_posix())
            entry.size, entry.mode = len(data), 0o755 if os.access(file, os.X_OK) else 0o644
            archive.addfile(entry, io.BytesIO(data))
    return content.getvalue()


def files(directory: Path) -> list[Path]:
    """Return the files of a directory that a job needs, in order."""
    return sorted(
        file
        for file in directory.rglob("*")
        if file.is_file() and _LEFT_OUT.isdisjoint(file.relative_to(directory).parts)
    )


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for file in [path] if path.is_file() else files(path):
        name = file.name if file == path else file.relative_to(path).as_posix()
        for part in (name.encode("utf-8", "surrogateescape"), file.read_bytes()):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()[:32]
