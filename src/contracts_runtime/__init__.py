"""Contracts of Amazon SageMaker scripts, and their enforcement where the scripts run.

Importing the package imports nothing else: every public name loads its module when it is first used. In a
script's container, where pydantic may be missing, :class:`ContractEnforcer` and :class:`ContractViolation`
work with the standard library alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts_runtime.contracts import ScriptContract as ScriptContract
    from contracts_runtime.contracts import TrainingScriptContract as TrainingScriptContract
    from contracts_runtime.enforcer import ContractEnforcer as ContractEnforcer
    from contracts_runtime.errors import ContractViolation as ContractViolation
    from contracts_runtime.results import ValidationResult as ValidationResult
    from contracts_runtime.specifications import DependencySpec as DependencySpec
    from contracts_runtime.specifications import DependencyType as DependencyType
    from contracts_runtime.specifications import NodeType as NodeType
    from contracts_runtime.specifications import OutputSpec as OutputSpec
    from contracts_runtime.specifications import StepSpecification as StepSpecification

# Public name: the module that defines it. Type checkers read the same names above.
_EXPORTS = {
    "ContractEnforcer": "enforcer",
    "ContractViolation": "errors",
    "DependencySpec": "specifications",
    "DependencyType": "specifications",
    "NodeType": "specifications",
    "OutputSpec": "specifications",
    "ScriptContract": "contracts",
    "StepSpecification": "specifications",
    "TrainingScriptContract": "contracts",
    "ValidationResult": "results",
}

__all__ = sorted(_EXPORTS)  # noqa: PLE0605 - computed, so that it cannot differ from what can be imported


def __getattr__(name: str) -> object:
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
