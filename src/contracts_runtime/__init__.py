"""Contracts of Amazon SageMaker scripts, and their enforcement where the scripts run.

Importing the package imports nothing else: every public name loads its module when it is first used. In a
script's container, where pydantic may be missing, :class:`ContractEnforcer` and :class:`ContractViolation`
work with the standard library alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts_runtime.alignment import validate_all_contracts as validate_all_contracts
    from contracts_runtime.alignment import (
        validate_cross_step_compatibility as validate_cross_step_compatibility,
    )
    from contracts_runtime.alignment import validate_spec_against_contract as validate_spec_against_contract
    from contracts_runtime.contracts import ScriptContract as ScriptContract
    from contracts_runtime.contracts import TrainingScriptContract as TrainingScriptContract
    from contracts_runtime.enforcer import ContractEnforcer as ContractEnforcer
    from contracts_runtime.errors import ContractViolation as ContractViolation
    from contracts_runtime.property_references import PropertyReference as PropertyReference
    from contracts_runtime.property_references import accepts_archive as accepts_archive
    from contracts_runtime.registry import CompatibleOutput as CompatibleOutput
    from contracts_runtime.registry import SpecificationRegistry as SpecificationRegistry
    from contracts_runtime.results import ValidationResult as ValidationResult
    from contracts_runtime.specifications import DependencySpec as DependencySpec
    from contracts_runtime.specifications import DependencyType as DependencyType
    from contracts_runtime.specifications import NodeType as NodeType
    from contracts_runtime.specifications import OutputSpec as OutputSpec
    from contracts_runtime.specifications import StepSpecification as StepSpecification

# Public name: the module that defines it. Type checkers read the same names above.
_EXPORTS = {
    "CompatibleOutput": "registry",
    "ContractEnforcer": "enforcer",
    "ContractViolation": "errors",
    "DependencySpec": "specifications",
    "DependencyType": "specifications",
    "NodeType": "specifications",
    "OutputSpec": "specifications",
    "PropertyReference": "property_references",
    "ScriptContract": "contracts",
    "SpecificationRegistry": "registry",
    "StepSpecification": "specifications",
    "TrainingScriptContract": "contracts",
    "ValidationResult": "results",
    "accepts_archive": "property_references",
    "validate_all_contracts": "alignment",
    "validate_cross_step_compatibility": "alignment",
    "validate_spec_against_contract": "alignment",
}

__all__ = sorted(_EXPORTS)  # noqa: PLE0605 - computed, so that it cannot differ from what can be imported


def __getattr__(name: str) -> object:
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = f"{__name__}.{_EXPORTS[name]}"
    try:
        value: object = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise ImportError(
            f"{name} is not in this copy, which holds the enforcer only; install it with 'pip install flake8-contracts'"
        ) from error
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
