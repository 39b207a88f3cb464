"""Steps of SageMaker pipelines, built from their specifications and contracts with the SageMaker SDK.

Works with the SDK v2 and v3, whichever is installed. Importing the package imports no SDK; it raises
``ImportError``, which says what to install, where there is none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from contracts_runtime.builders.installed import require_sdk

if TYPE_CHECKING:
    from contracts_runtime.builders.assembler import PipelineAssembler as PipelineAssembler
    from contracts_runtime.builders.config import RegistrationConfig as RegistrationConfig
    from contracts_runtime.builders.config import StepConfig as StepConfig
    from contracts_runtime.builders.config import TransformConfig as TransformConfig
    from contracts_runtime.builders.config import TuningConfig as TuningConfig
    from contracts_runtime.builders.errors import StepBuildError as StepBuildError
    from contracts_runtime.builders.job_types import select_specification as select_specification
    from contracts_runtime.builders.offline import offline_session as offline_session
    from contracts_runtime.builders.step_builder import StepBuilder as StepBuilder

# Public name: the module that defines it. Type checkers read the same names above.
_EXPORTS = {
    "PipelineAssembler": "assembler",
    "RegistrationConfig": "config",
    "StepBuildError": "errors",
    "StepBuilder": "step_builder",
    "StepConfig": "config",
    "TransformConfig": "config",
    "TuningConfig": "config",
    "offline_session": "offline",
    "select_specification": "job_types",
}

__all__ = sorted(_EXPORTS)  # noqa: PLE0605 - computed, so that it cannot differ from what can be imported

require_sdk()


def __getattr__(name: str) -> object:
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
