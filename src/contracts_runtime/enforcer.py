"""Enforcement of a contract where its script runs, with nothing but the standard library."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Mapping

from contracts_runtime.audit import Audit
from contracts_runtime.contract_checks import check_contract
from contracts_runtime.contract_fields import ContractFields
from contracts_runtime.contract_files import ContractFile
from contracts_runtime.errors import ContractViolation, UnknownNameError
from contracts_runtime.job_checks import (
    input_problem,
    output_failure,
    output_problem,
    reason_of,
    root_problem,
)
from contracts_runtime.job_results import JobResults
from contracts_runtime.local_root import ROOT_VARIABLE, LocalRoot
from contracts_runtime.path_checks import INPUTS, OUTPUTS
from contracts_runtime.problems import ERROR, Problem, closest, quoted

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["ROOT_VARIABLE", "ContractEnforcer", "ContractViolation", "UnknownNameError"]

_log = logging.getLogger(__name__)


class ContractEnforcer:
    """Context manager that holds a job to the contract of its script.

    On entry it checks the contract itself, the required environment variables, that every declared input is there and
    holds a file, and that the output directories can be made; it raises :class:`ContractViolation` with everything
    wrong at once, before anything is made, and else makes the directories. When the block ends without an exception,
    it verifies that every output holds a file: what is missing is logged as a warning, or raised with ``strict``. An
    exception inside the block is never swallowed or replaced, and the outputs are not verified then; ``sys.exit(0)``
    counts as a clean end, but what is missing is only logged.

    ``contract`` is a model, any object with a contract's fields, or a mapping of them. ``kind`` is the kind of job,
    by default what the contract says or its paths suggest. ``root`` is the directory to use instead of ``/opt/ml``,
    by default the environment variable ``CONTRACTS_RUNTIME_ROOT``, so that a script runs unchanged on a laptop and in
    tests. ``environ`` replaces the process's environment.

    ``strict`` also demands that nothing was written below an input: such files are not uploaded. ``optional_inputs``
    names inputs that may be missing or empty, as in a job that shares out the objects among its instances.

    ``audit`` records, inside the block, the files that are opened below the root and the environment variables that
    are read; see :mod:`contracts_runtime.audit`. At the end the report is one line of JSON on standard error, or,
    if ``audit`` is a path, in that file; it is also in :attr:`audit_report`.

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
        optional_inputs: Iterable[str] = (),
        audit: bool | str | os.PathLike[str] = False,
    ) -> None:
        self._file = contract if isinstance(contract, ContractFile) else None
        self._contract = ContractFields(
            contract.fields if isinstance(contract, ContractFile) else contract, kind
        )
        self._environ = os.environ if environ is None else environ
        self._root = LocalRoot(self._environ.get(ROOT_VARIABLE) if root is None else root)
        self.strict = strict
        self.optional_inputs = (
            (optional_inputs,) if isinstance(optional_inputs, str) else tuple(optional_inputs)
        )
        self.audit_report: dict[str, Any] | None = None
        """What was recorded with ``audit``, once the block has ended."""
        self._audit = Audit(self._contract, self._root, audit) if audit else None
        self._results = JobResults(self._contract, self._root)
        subject = f"the contract of {quoted(self._contract.entry_point)}"
        self._subject = subject if self._file is None else f"{self._file.path}: {subject}"

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        *,
        kind: str | None = None,
        root: str | os.PathLike[str] | None = None,
        strict: bool = False,
        environ: Mapping[str, str] | None = None,
        optional_inputs: Iterable[str] = (),
        audit: bool | str | os.PathLike[str] = False,
    ) -> Self:
        """Return the enforcer of the contract in the JSON file ``path``; the rest is as in the constructor.

        Raises ``OSError`` if the file cannot be read and :class:`ContractViolation`, with file and line, if it holds
        no contract. What is wrong with the contract itself is told on entry, with the line too.
        """
        return cls(
            ContractFile(path),
            kind=kind,
            root=root,
            strict=strict,
            environ=environ,
            optional_inputs=optional_inputs,
            audit=audit,
        )

    @property
    def kind(self) -> str:
        """The kind of job: "processing" or "training"."""
        return self._contract.kind

    @property
    def root(self) -> str:
        """The directory that is ``/opt/ml`` for this job."""
        return self._root.directory

    def __enter__(self) -> Self:
        """Check the job, then make the output directories. Raises :class:`ContractViolation`."""
        problems = list(self._problems()) or self._create_outputs()
        if problems:
            raise ContractViolation(problems, self._subject)
        if self.strict:
            self._results.note_inputs()
        parts = self._contract
        _log.info("%s holds: %d inputs, %d outputs", self._subject, len(parts.inputs), len(parts.outputs))
        if self._audit is not None:
            self._audit.start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Verify the outputs after a clean run. Raises :class:`ContractViolation` if ``strict``."""
        if self._audit is not None:
            self._end_audit(self._audit)
        exits_cleanly = isinstance(exception, SystemExit) and exception.code in (None, 0)
        if exception_type is not None and not exits_cleanly:
            return
        problems = self._results.empty_outputs() + self._results.written_inputs()
        if problems and self.strict and not exits_cleanly:
            raise ContractViolation(problems, self._subject)
        for problem in problems:
            _log.log(logging.ERROR if self.strict else logging.WARNING, "%s: %s", self._subject, problem)
        if not problems:
            _log.info("%s is fulfilled: %d outputs", self._subject, len(self._contract.outputs))

    # --- what scripts ask for ---

    def get_input_path(self, logical_name: str) -> str:
        """Return the directory of an input. Raises :class:`UnknownNameError` (also a ``KeyError``)."""
        inputs = self._contract.inputs
        if logical_name in inputs:
            return self._root.local(inputs[logical_name])
        raise self._unknown("input", logical_name, inputs, self._contract.outputs)

    def get_output_path(self, logical_name: str) -> str:
        """Return the directory of an output. Raises :class:`UnknownNameError` (also a ``KeyError``)."""
        outputs = self._contract.outputs
        if logical_name in outputs:
            return self._root.local(outputs[logical_name])
        raise self._unknown("output", logical_name, outputs, self._contract.inputs)

    def get_env(self, name: str) -> str:
        """Return an environment variable's value; the contract's default for an optional one that is not set.

        Raises :class:`UnknownNameError` if the contract does not declare it, :class:`ContractViolation` if it is
        required and not set.
        """
        if self._audit is not None:
            self._audit.asked_for(name)
        required, optional = self._contract.required, self._contract.optional
        if name in required:
            if name not in self._environ:
                raise ContractViolation(_not_set(name), self._subject)
            return self._environ[name]
        if name in optional:
            return self._environ.get(name, optional[name])
        raise self._unknown("environment variable", name, [*required, *optional])

    def _unknown(
        self, thing: str, name: str, known: Iterable[str], elsewhere: Iterable[str] = ()
    ) -> UnknownNameError:
        return UnknownNameError(_no_such(thing, name, list(known), elsewhere), self._subject)

    # --- checks ---

    def _problems(self) -> Iterator[str]:
        """Yield everything that is wrong before the script starts. Changes nothing."""
        parts = self._contract
        refused = set()
        for problem in check_contract(parts.raw, parts.kind):
            # The models accept a file as an output; here a directory is made.
            if problem.severity == ERROR or problem.rule == "output-path-is-file":
                refused.add((problem.field, problem.key))
                yield self._located(problem)
        for name in self.optional_inputs:
            if name not in parts.inputs:
                yield f"optional_inputs: {_no_such('input', name, list(parts.inputs), parts.outputs)}"
        yield from (_not_set(name) for name in parts.required if name not in self._environ)
        wrong_root = root_problem(self._root)
        if wrong_root:
            yield wrong_root
            return
        for name, path in parts.inputs.items():
            if (INPUTS, name) not in refused and name not in self.optional_inputs:
                yield from filter(None, [input_problem(name, path, parts.kind, self._root)])
        for name, path in self._results.directories():
            if (OUTPUTS, name) not in refused:
                yield from filter(None, [output_problem(name, path)])

    def _located(self, problem: Problem) -> str:
        line = None if self._file is None else self._file.line(problem.field, problem.key)
        return problem.text if line is None else f"line {line}: {problem.text}"

    def _create_outputs(self) -> list[str]:
        problems = []
        for name, path in self._results.directories():
            try:
                os.makedirs(path, exist_ok=True)
            except OSError as error:
                problems.append(output_failure(name, path, reason_of(error)))
        return problems

    def _end_audit(self, audit: Audit) -> None:
        """Tell what was recorded. Nothing that goes wrong with it may hide how the block ended."""
        self.audit_report = audit.stop()
        try:
            audit.write(self.audit_report)
        except OSError as error:
            _log.error("%s: the audit's report cannot be written: %s", self._subject, error)


def _not_set(name: str) -> str:
    return f"the required environment variable {quoted(name)} is not set"


def _no_such(thing: str, name: str, known: list[str], elsewhere: Iterable[str] = ()) -> str:
    near = closest(name, known)
    if name in elsewhere:
        hint = f"it is an {'output' if thing == 'input' else 'input'}"
    elif near is not None:
        hint = f"did you mean {quoted(near)}?"
    else:
        hint = f"declared are {', '.join(map(quoted, known))}" if known else "none is declared"
    return f"no {thing} {quoted(name)} is declared; {hint}"
