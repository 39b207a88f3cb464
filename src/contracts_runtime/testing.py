"""Run a script as a SageMaker job would, on this machine, in a process of its own.

The emulated container has the files, directories, arguments and environment that the contract promises, and nothing
else: inputs are copied in, *output paths are created as directories*, none of the developer's environment variables is
there. Scripts that write ``/opt/ml/...`` literally work too, without any privileges: see :func:`run_script`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping, Sequence

from contracts_runtime.container_layout import ContainerLayout, variables_of_the_machine
from contracts_runtime.emulated_job import EmulatedJob
from contracts_runtime.errors import ContractViolation
from contracts_runtime.job_results import JobResults
from contracts_runtime.local_root import ROOT_VARIABLE, LocalRoot
from contracts_runtime.platform_paths import MODEL_DIRECTORY, OUTPUT_DATA_DIRECTORY

__all__ = ["ContractViolation", "ScriptFailedError", "ScriptRun", "run_script"]

# What a training job uploads as one file.
_ARCHIVES = {MODEL_DIRECTORY: "model.tar.gz", OUTPUT_DATA_DIRECTORY: "output.tar.gz"}
_RUNNER = Path(__file__).with_name("remapping.py")
# How much of a failed script's last words an error repeats, in lines.
_LAST_WORDS = 20


class ScriptFailedError(RuntimeError):
    """A script has ended with another exit code than zero; :attr:`run` tells all about it."""

    def __init__(self, run: ScriptRun) -> None:
        self.run = run
        super().__init__(run)

    def __str__(self) -> str:
        lines = (self.run.stdout + self.run.stderr).splitlines()[-_LAST_WORDS:]
        return "\n".join([f"{self.run.script.name} ended with exit code {self.run.returncode}", *lines])


@dataclass(frozen=True)
class ScriptRun:
    """What a script did. ``outputs`` holds where each output of the contract is, by logical name."""

    script: Path
    returncode: int
    stdout: str
    stderr: str
    outputs: dict[str, Path]
    root: Path
    """The directory that was ``/opt/ml``."""
    failure: str = ""
    """The failure message that the script wrote where SageMaker looks for it."""
    problems: tuple[str, ...] = ()
    """What no job complains about and is lost all the same: outputs without a file, files written below inputs."""
    audit: dict[str, Any] | None = field(default=None, repr=False)
    """What the script did with paths and variables, if asked for; see :mod:`contracts_runtime.audit`."""

    def upload(self, logical_name: str, directory: str | os.PathLike[str]) -> Path:
        """Put what SageMaker would upload of an output into ``directory``, for the next job; return ``directory``.

        Of a training job ``/opt/ml/model`` is uploaded as ``model.tar.gz`` and ``/opt/ml/output/data`` as
        ``output.tar.gz`` (developer guide, "Mapping of training storage paths"); of other outputs the files, without
        symbolic links. Raises ``KeyError`` for an unknown output and ``FileExistsError`` if something is there.
        """
        source, target = self.outputs[logical_name], Path(directory)
        archive = _ARCHIVES.get(LocalRoot(self.root).container(str(source)) or "")
        if archive is None:
            shutil.copytree(source, target, ignore=_links)
            return target
        target.mkdir(parents=True)
        with tarfile.open(target / archive, "w:gz") as tar:
            tar.add(source, arcname=".")
        return target

    def check(self, *, strict: bool = False) -> ScriptRun:
        """Return the run itself. Raises :class:`ScriptFailedError` if the script failed.

        With ``strict`` raises :class:`ContractViolation` if there are :attr:`problems`.
        """
        if self.returncode:
            raise ScriptFailedError(self)
        if strict and self.problems:
            raise ContractViolation(self.problems, self.script.name)
        return self


def run_script(  # noqa: PLR0913 - everything that a job can be given
    script: str | os.PathLike[str],
    contract: object,
    *,
    inputs: Mapping[str, str | os.PathLike[str]] | None = None,
    environment: Mapping[str, str] | None = None,
    arguments: Mapping[str, str] | Sequence[str] | None = None,
    root: str | os.PathLike[str] | None = None,
    source_dir: str | os.PathLike[str] | None = None,
    kind: str | None = None,
    interpreter: str = sys.executable,
    audit: bool = False,
    timeout: float | None = None,
) -> ScriptRun:
    """Run ``script`` in an emulated container.

    ``contract`` is a model, a mapping of a contract's fields, or the path of a JSON file. ``inputs`` gives the file or
    directory to copy in for logical names; an input that is not given is not there. ``environment`` gives the
    variables of the job; optional ones that are not given get the contract's default. ``arguments`` gives values by
    name that differ from the contract's; for a processing job also the whole command line as a sequence. By default
    the contract's arguments are passed as ``--name value``, those with an empty value as ``--name``.

    ``root`` is the directory that is ``/opt/ml``: one without another job's files, by default a new temporary
    directory, which is the caller's to remove. ``CONTRACTS_RUNTIME_ROOT`` and the variables ``SM_...`` name it, and in
    the script's process Python's functions for files translate paths at or below ``/opt/ml``. Not translated are
    paths that code written in C opens by itself, and those that other programs are given: within a container
    ``root="/opt/ml"`` needs no translation. ``source_dir``, as in the SDK, is the directory of the
    job's code; without it the script comes alone, and finds no module beside it. The code's directory is the working
    directory. ``interpreter`` is the Python that runs the script, 3.8 or newer. With
    ``audit`` everything that the script does is recorded, from its first line. ``timeout`` is in seconds.

    Raises :class:`ContractViolation` with everything that is wrong, before anything is made; ``OSError`` if a file
    cannot be read or copied; ``TypeError`` if ``contract`` is none; ``subprocess.TimeoutExpired``. A script that fails
    raises nothing: see :meth:`ScriptRun.check`.
    """
    job = EmulatedJob(
        script,
        contract,
        inputs=inputs or {},
        environment=environment or {},
        arguments={} if arguments is None else arguments,
        source_directory=source_dir,
        kind=kind,
        interpreter=interpreter,
    )
    job.refuse(root)
    directory = tempfile.mkdtemp(prefix="opt-ml-") if root is None else os.fspath(root)
    layout = ContainerLayout(job.contract, LocalRoot(directory), job.hyperparameters)
    os.makedirs(layout.root.directory, exist_ok=True)
    layout.make(job.code, job.inputs)
    layout.configure(job.environment, job.arguments)
    return _Process(job, layout, audit=audit, timeout=timeout).run()


def _links(directory: str, names: list[str]) -> list[str]:
    return [name for name in names if os.path.islink(os.path.join(directory, name))]


class _Process:
    """The script's process, and what comes of it."""

    def __init__(
        self, job: EmulatedJob, layout: ContainerLayout, *, audit: bool, timeout: float | None
    ) -> None:
        self._job = job
        self._layout = layout
        self._audits = audit
        self._timeout = timeout

    def run(self) -> ScriptRun:
        results = JobResults(self._job.contract, self._layout.root)
        results.note_inputs()
        with tempfile.TemporaryDirectory() as scratch:
            report = Path(scratch, "audit.json")
            done = subprocess.run(  # noqa: S603 - the caller's own script
                self._command(str(report) if self._audits else ""),
                cwd=self._layout.code_directory,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self._timeout,
                check=False,
            )
            audit = json.loads(report.read_bytes()) if report.is_file() else None
        root = self._layout.root
        return ScriptRun(
            script=Path(self._job.script),
            returncode=done.returncode,
            stdout=done.stdout.decode("utf-8", "replace"),
            stderr=done.stderr.decode("utf-8", "replace"),
            outputs={name: Path(root.local(path)) for name, path in self._job.contract.outputs.items()},
            root=Path(root.directory),
            failure=self._failure(),
            problems=(*results.empty_outputs(), *results.written_inputs()),
            audit=audit,
        )

    def _command(self, report: str) -> list[str]:
        job: dict[str, object] = {
            "script": os.path.join(self._layout.code_directory, self._job.entry),
            "root": self._layout.root.directory,
            "audit": report,
        }
        if report:
            job.update(contract=self._job.contract.raw, kind=self._job.contract.kind)
        return [self._job.interpreter, str(_RUNNER), json.dumps(job), *self._job.arguments]

    def _environment(self) -> dict[str, str]:
        root = self._layout.root
        return {
            **variables_of_the_machine(),
            **self._layout.variables(self._job.entry, self._job.arguments),
            **({} if root.is_container else {ROOT_VARIABLE: root.directory}),
            "PYTHONUNBUFFERED": "1",
            **self._job.environment,
        }

    def _failure(self) -> str:
        """Return the message of a failed job (developer guide, "Build your own processing container": the file
        ``message``; "How Amazon SageMaker processes training output": the file ``failure``).
        """
        for name in ("failure", "message"):
            path = Path(self._layout.root.local(f"/opt/ml/output/{name}"))
            if path.is_file():
                return path.read_text(encoding="utf-8", errors="replace")
        return ""
