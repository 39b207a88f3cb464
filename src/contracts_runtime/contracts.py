"""The contract of a pipeline script: what a job gives the script, and what it expects back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from contracts_runtime.contract_checks import CONTRACT_FIELDS, check_contract, infer_kind
from contracts_runtime.platform_facts import PROCESSING, TRAINING
from contracts_runtime.problems import ERROR, UNRESOLVED, Problem, quoted
from contracts_runtime.results import ValidationResult

if TYPE_CHECKING:
    from contracts_runtime.declaration_files import DeclaredStep
    from contracts_runtime.enforcer import ContractEnforcer


class ScriptContract(BaseModel):
    """What a script run by a SageMaker processing job relies on and promises.

    Paths are container paths of directories, keyed by logical name. Construction raises ``ValueError``
    (pydantic's ``ValidationError``) that lists everything wrong at once, each with field, key, reason and
    remedy. What is merely doubtful, such as an output path that names a file, is accepted and listed by
    :meth:`problems`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    _kind: ClassVar[str] = PROCESSING

    entry_point: str
    """The script, relative to its source directory."""
    expected_input_paths: dict[str, str] = Field(default_factory=dict)
    """Logical name of each input and the directory where it is mounted."""
    expected_output_paths: dict[str, str] = Field(default_factory=dict)
    """Logical name of each output and the directory that is uploaded."""
    required_env_vars: list[str] = Field(default_factory=list)
    """Environment variables without which the script cannot run."""
    optional_env_vars: dict[str, str] = Field(default_factory=dict)
    """Environment variables that may be missing, with the default that then holds."""
    expected_arguments: dict[str, str] = Field(default_factory=dict)
    """Command-line arguments that the job passes, with their values."""
    framework_requirements: dict[str, str] = Field(default_factory=dict)
    """Distributions that the script imports, with their version specifiers."""
    description: str = ""
    """What the script does, in a sentence."""

    @model_validator(mode="before")
    @classmethod
    def _refuse_errors(cls, fields: object) -> object:
        if not isinstance(fields, dict):
            return fields
        errors = [each for each in check_contract(cls._checked(fields), cls._kind) if each.severity == ERROR]
        if errors:
            raise ValidationError.from_exception_data(cls.__name__, [_as_pydantic(error) for error in errors])
        return fields

    @classmethod
    def _checked(cls, fields: Mapping[str, object]) -> dict[str, object]:
        """Return ``fields`` with a subclass's defaults and without the fields that only a subclass has."""
        defaults = {
            name: info.get_default(call_default_factory=True)
            for name, info in cls.model_fields.items()
            if not info.is_required()
        }
        own = set(cls.model_fields).difference(CONTRACT_FIELDS)
        return {name: value for name, value in {**defaults, **fields}.items() if name not in own}

    @staticmethod
    def from_file(path: str | os.PathLike[str]) -> ScriptContract:
        """Return the contract in a ``*.contract`` or ``*.step.yaml`` file, a :class:`TrainingScriptContract` if the
        file, or else its paths, say that a training job runs the script.

        Arguments whose values come from the pipeline's configuration (``job_arguments``) and inputs that are mounted
        nowhere are left out. Raises ``ValueError`` that begins with the file, and the line where one is known, for a
        file that cannot be read or has no contract, and with everything that is wrong with one.
        """
        from contracts_runtime.declaration_files import DeclarationError, read_declaration

        declared = read_declaration(Path(path)).without_specification()
        declared.refuse()
        contract = contract_in(declared)
        if contract is None:
            raise DeclarationError(declared.path, "the step runs no script, so that it has no contract")
        return contract

    @property
    def kind(self) -> str:
        """The kind of job that runs the script: "processing" or "training"."""
        return self._kind

    def problems(self) -> list[Problem]:
        """Return everything that is wrong or doubtful with the contract itself."""
        return check_contract(self._fields(), self._kind)

    def _fields(self) -> dict[str, object]:
        return self.model_dump(include=set(CONTRACT_FIELDS))

    def enforce_at_runtime(self, **options: Any) -> ContractEnforcer:
        """Return a context manager that checks the contract where the script runs.

        ``options`` are those of :class:`contracts_runtime.enforcer.ContractEnforcer`.
        """
        from contracts_runtime.enforcer import ContractEnforcer

        return ContractEnforcer(self, **options)

    def validate_implementation(self, script_path: str | Path) -> ValidationResult:
        """Check the script at ``script_path`` against this contract, without running it.

        Every finding of the linter is an error. Raises ``ImportError`` where the linter is not installed.
        """
        check_script_against = _import_linter()
        if not Path(script_path).is_file():
            return ValidationResult.error(
                f"{str(script_path)!r} is not a file, so that no script can be checked"
            )
        findings = check_script_against(script_path, self._fields(), self._kind)
        errors = [f"{each.path}:{each.line}:{each.column}: {each.code} {each.message}" for each in findings]
        doubts = [problem.text for problem in self.problems()]
        return ValidationResult.error(errors, doubts) if errors else ValidationResult.success(doubts)


class TrainingScriptContract(ScriptContract):
    """What a script run by a SageMaker training job relies on and promises.

    Inputs lie in channels (``/opt/ml/input/data/<channel>``), with the code or at the checkpoints; outputs at
    or below ``/opt/ml/model``, ``/opt/ml/output`` or ``/opt/ml/checkpoints``.
    """

    _kind: ClassVar[str] = TRAINING


def contract_in(declared: DeclaredStep) -> ScriptContract | None:
    """Return the contract that a file declares, without what only the pipeline's configuration knows."""
    if declared.contract is None:
        return None
    fields = {
        name: {key: item for key, item in value.items() if item is not UNRESOLVED}
        if isinstance(value, Mapping)
        else value
        for name, value in declared.contract.items()
    }
    kind = declared.contract_kind or infer_kind(fields)
    return (TrainingScriptContract if kind == TRAINING else ScriptContract).model_validate(fields)


def _as_pydantic(problem: Problem) -> InitErrorDetails:
    location = [problem.field] if problem.key is None else [problem.field, _printable(problem.key)]
    error = PydanticCustomError(problem.rule, "{text}", {"text": problem.text})
    return InitErrorDetails(type=error, loc=tuple(location), input=problem.value)


def _printable(key: object) -> str:
    return key if isinstance(key, str) and key.isprintable() else quoted(key)


def _import_linter() -> Any:
    try:
        from flake8_contracts.api import check_script_against
    except ImportError as error:
        raise ImportError(
            "validate_implementation needs the linter, which cannot be imported here:"
            f" {error}; install it with 'pip install flake8-contracts'"
        ) from error
    return check_script_against
