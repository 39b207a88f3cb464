"""Step specifications: what a pipeline step needs from other steps and offers to them."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, FrozenSet, List, Mapping, Optional, Sequence, Union

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from contracts_runtime.contracts import ScriptContract, contract_in
from contracts_runtime.declaration_files import DeclarationError, DeclaredStep, read_declaration
from contracts_runtime.problems import ERROR, Problem
from contracts_runtime.results import ValidationResult
from contracts_runtime.specification_checks import (
    check_contract_alignment,
    check_property_paths,
    check_specification,
)
from contracts_runtime.step_kinds import possible_kinds

if TYPE_CHECKING:
    from typing_extensions import Self


class NodeType(str, Enum):
    """Where a step stands in the graph of a pipeline."""

    SOURCE = "source"
    """Has outputs and no dependencies."""
    INTERNAL = "internal"
    """Has both."""
    SINK = "sink"
    """Has dependencies and no outputs."""
    SINGULAR = "singular"
    """Has neither."""


class DependencyType(str, Enum):
    """What is passed from one step to another."""

    MODEL_ARTIFACTS = "model_artifacts"
    PROCESSING_OUTPUT = "processing_output"
    TRAINING_DATA = "training_data"
    HYPERPARAMETERS = "hyperparameters"
    PAYLOAD_SAMPLES = "payload_samples"
    CUSTOM_PROPERTY = "custom_property"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DependencySpec(_Model):
    """One thing that a step needs from other steps."""

    logical_name: str = Field(min_length=1)
    """The name of the input, which is also its name in the contract."""
    dependency_type: DependencyType
    """What it is; an output of this type satisfies it."""
    required: bool = True
    """Whether the step cannot run without it."""
    compatible_sources: List[str] = Field(default_factory=list)
    """The step types that may provide it; any, if there are none."""
    semantic_keywords: List[str] = Field(default_factory=list)
    """Words that a fitting output's name is likely to contain; they rank the candidates."""
    data_type: str = "S3Uri"
    """The type of the value that is passed on."""
    description: str = ""
    """What it is for, in a sentence."""

    def is_compatible_with_source(self, step_type: str) -> bool:
        """Whether a step of this type, or of one of its job types, may provide the dependency."""
        from contracts_runtime.compatibility import accepts_source

        return accepts_source(self.compatible_sources, step_type)


class OutputSpec(_Model):
    """One thing that a step offers to other steps."""

    logical_name: str = Field(min_length=1)
    """The name of the output, which is also its name in the contract."""
    aliases: List[str] = Field(default_factory=list)
    """Other names under which dependencies find it."""
    output_type: DependencyType
    """What it is."""
    property_path: str = ""
    """Where the running pipeline finds it, from the step's ``properties``, such as
    ``properties.ModelArtifacts.S3ModelArtifacts``."""
    data_type: str = "S3Uri"
    """The type of the value that is passed on."""
    semantic_keywords: List[str] = Field(default_factory=list)
    """Words that describe it; they rank the candidates of a dependency."""
    description: str = ""
    """What it is, in a sentence."""

    def matches(self, name_or_alias: str) -> bool:
        """Whether the output has this logical name or alias."""
        return name_or_alias == self.logical_name or name_or_alias in self.aliases


class StepSpecification(_Model):
    """What a step of a pipeline depends on and what it offers.

    ``dependencies`` and ``outputs`` are given as lists or as mappings by logical name, and held as mappings.
    Construction raises ``ValueError`` (pydantic's ``ValidationError``) that lists everything wrong at once,
    a node type that contradicts them included. Whether the specification agrees with its contract is asked by
    :meth:`validate_contract_alignment`.
    """

    step_type: str
    """The type of the step. One ending in ``_`` and a job type ("TabularPreprocessing_Calibration") is a
    variant of the type in front of it."""
    node_type: NodeType
    """Where the step stands in the graph."""
    dependencies: Dict[str, DependencySpec] = Field(default_factory=dict)
    """What the step needs, by logical name."""
    outputs: Dict[str, OutputSpec] = Field(default_factory=dict)
    """What the step offers, by logical name."""
    script_contract: Optional[ScriptContract] = None
    """The contract of the step's script, if it runs one."""
    sagemaker_step_type: Optional[str] = None
    """The kind of the SDK's step, as in a pipeline definition ("Processing", "Training", "Model", …). It
    decides which property paths exist; without it the contract tells as much as it can."""

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            step_type: str,
            node_type: Union[NodeType, str],
            dependencies: Union[Mapping[str, DependencySpec], Sequence[DependencySpec]] = (),
            outputs: Union[Mapping[str, OutputSpec], Sequence[OutputSpec]] = (),
            script_contract: Union[ScriptContract, Callable[[], ScriptContract], None] = None,
            sagemaker_step_type: Optional[str] = None,
        ) -> None: ...

    @model_validator(mode="before")
    @classmethod
    def _refuse_errors(cls, fields: object) -> object:
        if not isinstance(fields, dict):
            return fields
        plain = {
            name: _plain(value)
            for name, value in fields.items()
            if name in _CHECKED or not _is_own(cls, name)
        }
        errors = [each for each in check_specification(plain) if each.severity == ERROR]
        if errors:
            raise ValidationError.from_exception_data(cls.__name__, [_as_pydantic(each) for each in errors])
        return {
            **fields,
            **{name: _by_name(fields[name]) for name in ("dependencies", "outputs") if name in fields},
        }

    @field_validator("script_contract", mode="before")
    @classmethod
    def _call_contract(cls, value: object) -> object:
        """Accept a function that returns the contract, which breaks circular imports."""
        return value() if callable(value) else value

    # What a file says of the contract beyond what the model of a contract holds.
    _declared: Optional[DeclaredStep] = PrivateAttr(default=None)

    @classmethod
    def from_file(cls, path: Union[str, os.PathLike[str]]) -> Self:
        """Return the specification that a step interface (``*.step.yaml``) declares, with its contract.

        The contract is a :class:`TrainingScriptContract` if the file or its paths say that it is a training job's, and
        ``None`` if the step runs no script. Raises ``ValueError`` that begins with the file, and the line where
        one is known, for a file that cannot be read or declares no valid step.
        """
        declared = read_declaration(Path(path))
        if declared.specification is None:
            raise DeclarationError(
                declared.path, "there is no 'step_type', so that the file declares no step"
            )
        declared.refuse()
        contract = contract_in(declared)
        specification = cls.model_validate({**declared.specification, "script_contract": contract})
        specification._declared = declared  # noqa: SLF001 - its own
        return specification

    @property
    def possible_kinds(self) -> FrozenSet[str]:
        """Every kind of SDK step that this may be, as far as the specification and its contract tell."""
        contract = self.script_contract
        return possible_kinds(
            {} if self.sagemaker_step_type is None else {"sagemaker_step_type": self.sagemaker_step_type},
            None if contract is None else contract.model_dump(),
            None if contract is None else contract.kind,
        )

    def get_output(self, name_or_alias: str) -> OutputSpec | None:
        """Return the output with this logical name, else the one with this alias, else ``None``."""
        if name_or_alias in self.outputs:
            return self.outputs[name_or_alias]
        return next((output for output in self.outputs.values() if output.matches(name_or_alias)), None)

    def get_dependency(self, logical_name: str) -> DependencySpec | None:
        """Return the dependency with this logical name, or ``None``."""
        return self.dependencies.get(logical_name)

    def fields(self) -> dict[str, Any]:
        """Return the specification as the plain data that the checks read."""
        return self.model_dump(
            mode="json", include=set(_CHECKED), exclude={"script_contract"}, exclude_none=True
        )

    def problems(self) -> list[Problem]:
        """Return where the property paths are wrong, and where the specification and its contract disagree."""
        fields = self.fields()
        problems = check_property_paths(fields, self.possible_kinds)
        if self._declared is not None and self._declared.contract is not None:
            declared = self._declared
            problems += check_contract_alignment(fields, declared.contract or {}, declared.optional_inputs)
        elif self.script_contract is not None:
            problems += check_contract_alignment(fields, self.script_contract.model_dump())
        return problems

    def validate_contract_alignment(self) -> ValidationResult:
        """Check the property paths, and the specification against its contract, if it has one."""
        return ValidationResult.of(self.problems())


_CHECKED = ("step_type", "node_type", "dependencies", "outputs", "script_contract", "sagemaker_step_type")


def _is_own(cls: type[BaseModel], name: str) -> bool:
    """Whether only a subclass has the field."""
    return name in cls.model_fields and name not in _CHECKED


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


def _by_name(entries: object) -> object:
    """Return a list of entries as a mapping, and give each entry of a mapping its name."""
    if isinstance(entries, (list, tuple)):
        return {_name(entry): entry for entry in entries}
    if isinstance(entries, dict):
        return {
            name: {"logical_name": name, **entry} if isinstance(entry, dict) else entry
            for name, entry in entries.items()
        }
    return {} if entries is None else entries


def _name(entry: object) -> object:
    return entry.get("logical_name") if isinstance(entry, dict) else getattr(entry, "logical_name", None)


def _as_pydantic(problem: Problem) -> InitErrorDetails:
    parts = (problem.field, problem.key, problem.part)
    location = tuple(part for part in parts if isinstance(part, str) and part.isprintable())
    error = PydanticCustomError(problem.rule, "{text}", {"text": problem.text})
    return InitErrorDetails(type=error, loc=location, input=problem.value)
