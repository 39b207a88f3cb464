"""Enforcement of a contract where its script runs, with nothing but the standard library."""

from __future__ import annotations

import json
import logging
import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Iterable, Mapping

from contracts_runtime.contract_checks import CONTRACT_FIELDS, check_contract, infer_kind
from contracts_runtime.errors import ContractViolation, UnknownNameError
from contracts_runtime.platform_facts import (
    CONTAINER_ROOT,
    KINDS,
    is_at_or_below,
    is_platform_file,
    normalise,
)
from contracts_runtime.problems import ERROR, UNRESOLVED, closest, quoted

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["ROOT_VARIABLE", "ContractEnforcer", "ContractViolation", "UnknownNameError"]

ROOT_VARIABLE = "CONTRACTS_RUNTIME_ROOT"
"""The environment variable that names the directory to use instead of ``/opt/ml``."""

_log = logging.getLogger(__name__)


class ContractEnforcer:
    """Context manager that holds a job to the contract of its script.

    On entry it checks the contract itself, the required environment variables and the declared inputs, creates the
    output directories, and raises :class:`ContractViolation` with everything wrong at once. When the block ends
    without an exception, it verifies that every output holds a file: what is missing is logged as a warning, or raised
    with ``strict``. An exception inside the block is never swallowed or replaced, and the outputs are not verified
    then; ``sys.exit(0)`` counts as a clean end, but what is missing is only logged.

    ``contract`` is a model, any object with a contract's fields, or a mapping of them. ``kind`` is the kind of job,
    by default what the contract says or its paths suggest. ``root`` is the directory to use instead of ``/opt/ml``,
    by default the environment variable ``CONTRACTS_RUNTIME_ROOT``, so that a script runs unchanged on a laptop and in
    tests. ``environ`` replaces the process's environment.

    Raises ``TypeError`` if ``contract`` is none, ``ValueError`` for an unknown ``kind``.
    """

    def __init__(
        self,
        contract: object,
        *,
        kind: str | None = None,
        root: str | os.PathLike[str] | None = None,
        strict: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._fields = _fields_of(contract)
        self._environ = os.environ if environ is None else environ
        self.kind = kind or _kind_of(contract) or infer_kind(self._fields)
        if self.kind not in KINDS:
            known = ", ".join(map(repr, KINDS))
            raise ValueError(f"unknown kind of job {self.kind!r}: expected one of {known}")
        self.strict = strict
        given = self._environ.get(ROOT_VARIABLE) if root is None else os.fspath(root)
        self.root = given or CONTAINER_ROOT
        self._subject = f"the contract of {quoted(self._fields.get('entry_point'))}"

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        *,
        kind: str | None = None,
        root: str | os.PathLike[str] | None = None,
        strict: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> Self:
        """Return the enforcer of the contract in the JSON file ``path``.

        Raises ``OSError`` if the file cannot be read and :class:`ContractViolation`, with file and line, if it holds
        no contract.
        """
        return cls(_read_contract(Path(path)), kind=kind, root=root, strict=strict, environ=environ)

    def __enter__(self) -> Self:
        """Check the job. Raises :class:`ContractViolation`."""
        problems = self._contract_problems()
        if not problems:
            problems = [*self._missing_variables(), *self._missing_inputs(), *self._create_outputs()]
        if problems:
            raise ContractViolation(problems, self._subject)
        _log.info("%s holds: %d inputs, %d outputs", self._subject, len(self._inputs), len(self._outputs))
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Verify the outputs after a clean run. Raises :class:`ContractViolation` if ``strict``."""
        exits_cleanly = isinstance(exception, SystemExit) and exception.code in (None, 0)
        if exception_type is not None and not exits_cleanly:
            return
        problems = self._missing_outputs()
        if problems and self.strict and not exits_cleanly:
            raise ContractViolation(problems, self._subject)
        for problem in problems:
            _log.log(logging.ERROR if self.strict else logging.WARNING, "%s: %s", self._subject, problem)
        if not problems:
            _log.info("%s is fulfilled: %d outputs", self._subject, len(self._outputs))

    # --- what scripts ask for ---

    def get_input_path(self, logical_name: str) -> str:
        """Return the directory of an input. Raises :class:`UnknownNameError` (also a ``KeyError``)."""
        if logical_name in self._inputs:
            return self._local(self._inputs[logical_name])
        raise self._unknown("input", logical_name, self._inputs, self._outputs)

    def get_output_path(self, logical_name: str) -> str:
        """Return the directory of an output. Raises :class:`UnknownNameError` (also a ``KeyError``)."""
        if logical_name in self._outputs:
            return self._local(self._outputs[logical_name])
        raise self._unknown("output", logical_name, self._outputs, self._inputs)

    def get_env(self, name: str) -> str:
        """Return an environment variable's value; the contract's default for an optional one that is not set.

        Raises :class:`UnknownNameError` if the contract does not declare it, :class:`ContractViolation` if it is
        required and not set.
        """
        if name in self._required:
            if name not in self._environ:
                raise ContractViolation(_not_set(name), self._subject)
            return self._environ[name]
        if name in self._optional:
            return self._environ.get(name, self._optional[name])
        raise self._unknown("environment variable", name, [*self._required, *self._optional])

    def _unknown(
        self, thing: str, name: str, known: Iterable[str], elsewhere: Iterable[str] = ()
    ) -> UnknownNameError:
        names = list(known)
        near = closest(name, names)
        if name in elsewhere:
            hint = f"it is an {'output' if thing == 'input' else 'input'}"
        elif near is not None:
            hint = f"did you mean {quoted(near)}?"
        else:
            hint = f"declared are {', '.join(map(quoted, names))}" if names else "none is declared"
        return UnknownNameError(f"no {thing} {quoted(name)} is declared; {hint}", self._subject)

    # --- the contract's parts ---

    @property
    def _inputs(self) -> dict[str, str]:
        return self._entries("expected_input_paths")

    @property
    def _outputs(self) -> dict[str, str]:
        return self._entries("expected_output_paths")

    @property
    def _optional(self) -> dict[str, str]:
        return self._entries("optional_env_vars")

    @property
    def _required(self) -> list[str]:
        names = self._fields.get("required_env_vars")
        return [str(name) for name in names] if isinstance(names, (list, tuple, set, frozenset)) else []

    def _entries(self, field: str) -> dict[str, str]:
        entries = self._fields.get(field)
        return dict(entries) if isinstance(entries, Mapping) else {}

    def _local(self, path: str) -> str:
        """Return where ``path`` really is: below the root instead of ``/opt/ml``."""
        text = normalise(path)
        if self.root == CONTAINER_ROOT or not is_at_or_below(text, CONTAINER_ROOT):
            return text
        return os.path.join(self.root, *posixpath.relpath(text, CONTAINER_ROOT).split("/"))

    # --- checks ---

    def _contract_problems(self) -> list[str]:
        """Return what makes the contract unusable; a file as an output does, because a directory is created."""
        return [
            problem.text
            for problem in check_contract(self._fields, self.kind)
            if problem.severity == ERROR or problem.rule == "output-path-is-file"
        ]

    def _missing_variables(self) -> list[str]:
        return [_not_set(name) for name in self._required if name not in self._environ]

    def _missing_inputs(self) -> list[str]:
        problems = []
        for name, declared in self._inputs.items():
            path = self._local(declared)
            reason = _reason_to_fail(path)
            if reason:
                problems.append(f"input {quoted(name)} cannot be read at {quoted(path)}: {reason}")
        return problems

    def _create_outputs(self) -> list[str]:
        problems = []
        for name, path in self._directories():
            reason = _make_directory(path)
            if reason:
                problems.append(
                    f"the directory of output {quoted(name)} cannot be made at {quoted(path)}: {reason}"
                )
        return problems

    def _missing_outputs(self) -> list[str]:
        return [
            f"output {quoted(name)} is empty: there is no file below {quoted(path)}, so that nothing is uploaded"
            for name, path in self._directories()
            if not _holds_a_file(path)
        ]

    def _directories(self) -> list[tuple[str, str]]:
        """Return name and place of the outputs that are directories: all but files that SageMaker defines."""
        outputs = self._outputs.items()
        return [(name, self._local(path)) for name, path in outputs if not is_platform_file(path)]


def _reason_to_fail(path: str) -> str:
    """Return why ``path`` cannot be seen; empty if it can."""
    try:
        Path(path).stat()
    except OSError as error:
        return str(error.strerror or error)
    return ""


def _make_directory(path: str) -> str:
    """Create the directory ``path`` where it does not exist yet; return why that failed, empty if it did not."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return str(error.strerror or error)
    return ""


def _holds_a_file(directory: str) -> bool:
    """Whether anything in ``directory`` would be uploaded.

    Links are not: "Symlinks are not followed when uploading output data" (developer guide, "How Amazon SageMaker
    Processing Configures Input and Output For Your Processing Container").
    """
    files = (Path(folder, name) for folder, _, names in os.walk(directory) for name in names)
    return any(not file.is_symlink() for file in files)


def _not_set(name: str) -> str:
    return f"the required environment variable {quoted(name)} is not set"


def _kind_of(contract: object) -> str | None:
    kind = getattr(contract, "kind", None)
    return kind if kind in KINDS else None


def _fields_of(contract: object) -> dict[str, object]:
    """Return a contract's fields as plain data. Raises ``TypeError`` if ``contract`` is none."""
    if isinstance(contract, Mapping):
        return dict(contract)
    found = {name: getattr(contract, name, UNRESOLVED) for name in CONTRACT_FIELDS}
    fields = {name: value for name, value in found.items() if value is not UNRESOLVED and value is not None}
    if "entry_point" not in fields:
        raise TypeError(f"expected a contract or a mapping of its fields, not {type(contract).__name__}")
    return fields


def _read_contract(path: Path) -> dict[str, object]:
    try:
        fields = json.loads(path.read_bytes(), object_pairs_hook=_refuse_duplicates)
    except ValueError as error:
        raise ContractViolation(f"no contract can be read: {error}", str(path)) from error
    if not isinstance(fields, dict):
        problem = f"no contract can be read: expected an object, found a {type(fields).__name__}"
        raise ContractViolation(problem, str(path))
    # Editors find the JSON Schema by this key.
    fields.pop("$schema", None)
    return fields


def _refuse_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for key, value in pairs:
        if key in fields:
            raise ValueError(f"the key {quoted(key)} is there twice")
        fields[key] = value
    return fields
