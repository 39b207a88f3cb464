"""What an emulated job is asked to do, and everything that is wrong with that."""

from __future__ import annotations

import os
import re
import shutil
from typing import Any, Iterable, Iterator, Mapping, Sequence

from contracts_runtime.container_layout import ContainerLayout
from contracts_runtime.contract_checks import check_contract
from contracts_runtime.contract_fields import ContractFields
from contracts_runtime.contract_files import ContractFile
from contracts_runtime.errors import ContractViolation
from contracts_runtime.local_root import LocalRoot
from contracts_runtime.platform_facts import ENVIRONMENT_NAME_PATTERN, LIMITS
from contracts_runtime.platform_paths import TRAINING
from contracts_runtime.problems import ERROR, closest, quoted


class EmulatedJob:
    """A script, its contract, and what the job gives it; nothing is made, and nothing checked before :meth:`refuse`.

    Raises ``OSError`` if the contract's file cannot be read, :class:`ContractViolation` if it holds none,
    ``TypeError`` if ``contract`` is none or ``arguments`` a string, and ``ValueError`` for an unknown ``kind``.
    """

    def __init__(  # noqa: PLR0913 - everything that a job can be given
        self,
        script: str | os.PathLike[str],
        contract: object,
        *,
        inputs: Mapping[str, str | os.PathLike[str]],
        environment: Mapping[str, str],
        arguments: Mapping[str, str] | Sequence[str],
        source_directory: str | os.PathLike[str] | None,
        kind: str | None,
        interpreter: str,
    ) -> None:
        if isinstance(arguments, str):
            raise TypeError(
                f"arguments are a mapping or a sequence of strings, not the string {quoted(arguments)}"
            )
        given = ContractFile(contract).fields if isinstance(contract, (str, os.PathLike)) else contract
        self.contract = ContractFields(given, kind)
        self.script = os.path.abspath(os.fspath(script))
        self.code = self.script if source_directory is None else os.path.abspath(os.fspath(source_directory))
        """What is copied as the job's code: a directory, or the script alone."""
        self.inputs = {name: os.path.abspath(os.fspath(path)) for name, path in inputs.items()}
        self.environment: dict[Any, Any] = {**self.contract.optional, **environment}
        self._interpreter = interpreter
        self._is_training = self.contract.kind == TRAINING
        self._given: Mapping[Any, Any] | None = arguments if isinstance(arguments, Mapping) else None
        own_names = {_plain(name): name for name in self.contract.arguments}
        replaced = {own_names.get(_plain(name), name): value for name, value in (self._given or {}).items()}
        values: dict[Any, Any] = {**self.contract.arguments, **replaced}
        self.hyperparameters = (
            {str(name).lstrip("-"): values[name] for name in values} if self._is_training else {}
        )
        """The arguments of a training job; empty for a processing job."""
        self.arguments: list[Any] = list(
            arguments if not isinstance(arguments, Mapping) else self._command_line(values)
        )

    def _command_line(self, values: Mapping[Any, Any]) -> Iterator[Any]:
        if self._is_training:
            # sagemaker-training 5.1.4, mapping.to_cmd_args
            for name, value in sorted(self.hyperparameters.items()):
                yield f"--{name}" if len(name) > 1 else f"-{name}"
                yield value
            return
        for name, value in values.items():
            yield name if str(name).startswith("-") else f"--{name}"
            if value != "":  # a flag
                yield value

    @property
    def interpreter(self) -> str:
        """Where the Python is that runs the script; empty if there is none."""
        found = shutil.which(self._interpreter)
        # A link stays one: by it Python finds its virtual environment.
        return os.path.abspath(found) if found else ""

    @property
    def entry(self) -> str:
        """The script's path within the directory of the job's code."""
        start = os.path.dirname(self.script) if self.code == self.script else self.code
        return os.path.relpath(self.script, start)

    def refuse(self, root: str | os.PathLike[str] | None) -> None:
        """Raise :class:`ContractViolation` if anything is wrong."""
        problems = [*self._contract_problems(), *self._source_problems(), *self._input_problems()]
        problems += [*self._environment_problems(), *self._argument_problems(), *_root_problems(root)]
        if problems:
            raise ContractViolation(
                problems, f"the job of {quoted(os.path.basename(self.script))} cannot be run"
            )

    def _contract_problems(self) -> Iterator[str]:
        # An output that names a file is what SageMaker accepts, and makes a directory of.
        checked = check_contract(self.contract.raw, self.contract.kind)
        return (problem.text for problem in checked if problem.severity == ERROR)

    def _source_problems(self) -> Iterator[str]:
        if not self.interpreter:
            yield f"there is no interpreter {quoted(self._interpreter)} that could be run"
        if not os.path.isfile(self.script):
            yield f"there is no script {quoted(self.script)}"
        elif self.entry.startswith(os.pardir) or os.path.isabs(self.entry):
            yield f"the script {quoted(self.script)} lies outside of source_dir {quoted(self.code)}"

    def _input_problems(self) -> Iterator[str]:
        for name, path in self.inputs.items():
            if name not in self.contract.inputs:
                yield _not_declared("input", name, self.contract.inputs)
            elif not os.path.exists(path):
                yield f"there is nothing at {quoted(path)} to be copied as input {quoted(name)}"

    def _environment_problems(self) -> Iterator[str]:
        limits = LIMITS[self.contract.kind]
        for name in self.contract.required:
            if name not in self.environment and not self._is_set_by_the_toolkit(name):
                yield f"the required environment variable {quoted(name)} is not given"
        for name, value in self.environment.items():
            if not isinstance(name, str) or not re.fullmatch(ENVIRONMENT_NAME_PATTERN, name):
                yield f"{quoted(name)} cannot be the name of an environment variable"
            elif not isinstance(value, str):
                yield f"environment variable {quoted(name)} is {quoted(value)}; give a string"
            elif len(value) > limits.variable_value_length.value:
                most = limits.variable_value_length
                yield (
                    f"environment variable {quoted(name)} has {len(value)} characters, but SageMaker accepts at most"
                    f" {most.value} ({most.source})"
                )
        if len(self.environment) > limits.variables.value:
            yield (
                f"there are {len(self.environment)} environment variables, but SageMaker accepts at most"
                f" {limits.variables.value} ({limits.variables.source})"
            )

    def _is_set_by_the_toolkit(self, name: str) -> bool:
        return self._is_training and name.startswith("SM_")

    def _argument_problems(self) -> Iterator[str]:
        if self._given is None and self._is_training:
            yield "a training job's arguments are its hyperparameters; give them by name, as a mapping"
            return
        known = {_plain(name) for name in self.contract.arguments}
        for name in self._given or ():
            # A training job may have further hyperparameters, beside those of the contract.
            if _plain(name) not in known and not self._is_training:
                yield _not_declared("argument", name, self.contract.arguments)
        most = LIMITS[self.contract.kind].argument_value_length
        for argument in self.arguments:
            if not isinstance(argument, str):
                yield f"argument {quoted(argument)} is no string"
            elif len(argument) > most.value:
                yield f"argument {quoted(argument)} is longer than {most.value} characters ({most.source})"


def _plain(name: object) -> str:
    """Return an argument's name as Python's parsers store it."""
    return str(name).lstrip("-").replace("-", "_")


def _not_declared(thing: str, name: object, known: Iterable[str]) -> str:
    near = closest(str(name), known)
    hint = (
        f"did you mean {quoted(near)}?" if near else f"declared are {', '.join(map(quoted, known)) or 'none'}"
    )
    return f"no {thing} {quoted(name)} is declared; {hint}"


def _root_problems(root: str | os.PathLike[str] | None) -> Iterator[str]:
    if root is None:
        return
    there = LocalRoot(root)
    if os.path.exists(there.directory) and not os.path.isdir(there.directory):
        yield f"the root {quoted(there.directory)} is a file; name a directory, or none"
    for path in ContainerLayout.leftovers(there):
        yield f"{quoted(path)} is there already, but a job starts in a fresh container"
