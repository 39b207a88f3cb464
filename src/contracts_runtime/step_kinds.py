"""Kinds of pipeline steps, by the names that a compiled pipeline definition gives them.

A step of a definition has a ``Type``; its values are those of ``StepTypeEnum`` (SageMaker SDK 2.257.7,
``workflow/steps.py``, and sagemaker-mlops 1.27.0, ``workflow/steps.py``). A notebook job is a "Training" step there,
with properties of its own, so that it counts as a kind here.
"""

from __future__ import annotations

from typing import Collection, FrozenSet, Mapping

from contracts_runtime.platform_facts import CONTAINER_ROOT, PROCESSING_ROOT, TRAINING, is_at_or_below

PROCESSING_STEP = "Processing"
TRAINING_STEP = "Training"
TUNING_STEP = "Tuning"
TRANSFORM_STEP = "Transform"
MODEL_STEP = "Model"
REGISTER_MODEL_STEP = "RegisterModel"

STEP_KINDS: FrozenSet[str] = frozenset(
    {
        PROCESSING_STEP,
        TRAINING_STEP,
        TUNING_STEP,
        TRANSFORM_STEP,
        MODEL_STEP,
        REGISTER_MODEL_STEP,
        "AutoML",
        "Callback",
        "ClarifyCheck",
        "Cleanup",
        "Condition",
        "EMR",
        "EMRServerless",
        "Endpoint",
        "EndpointConfig",
        "Fail",
        "ForEach",
        "InferenceComponent",
        "Job",
        "Lambda",
        "Lineage",
        "NotebookJob",
        "QualityCheck",
    }
)
"""Every kind of step. Where nothing tells a step's kind, it may be any of them."""

# Other names that the SDK and its users give to the same kinds.
_SYNONYMS = {
    "createmodel": MODEL_STEP,
    "modelpackage": REGISTER_MODEL_STEP,
    "modelregistration": REGISTER_MODEL_STEP,
    "registration": REGISTER_MODEL_STEP,
    "batchtransform": TRANSFORM_STEP,
    "hyperparametertuning": TUNING_STEP,
    "monitorbatchtransform": TRANSFORM_STEP,
    **{kind.lower(): kind for kind in STEP_KINDS},
}


def kind_named(name: str) -> str | None:
    """Return the kind that ``name`` means, ``None`` if it means none.

    Understands a definition's ``Type`` ("Processing"), the SDK's classes ("ProcessingStep", "CreateModelStep")
    and both in other case.
    """
    folded = name.strip().lower()
    return _SYNONYMS.get(folded) or _SYNONYMS.get(folded[: -len("step")] if folded.endswith("step") else "")


def kinds_of_contract(paths: Collection[object], kind: str | None = None) -> FrozenSet[str]:
    """Return the kinds of step that a contract with these container paths may belong to.

    ``kind`` is "training" where the contract says so itself. Only a processing job mounts directories at
    ``/opt/ml/processing``; a script that knows other directories below ``/opt/ml`` may train, or serve a
    model. Without any container path nothing is known.
    """
    if kind == TRAINING:
        return frozenset({TRAINING_STEP, TUNING_STEP})
    texts = [path for path in paths if isinstance(path, str) and is_at_or_below(path, CONTAINER_ROOT)]
    if any(is_at_or_below(path, PROCESSING_ROOT) for path in texts):
        return frozenset({PROCESSING_STEP})
    if texts:
        return frozenset({TRAINING_STEP, TUNING_STEP, MODEL_STEP, REGISTER_MODEL_STEP, TRANSFORM_STEP})
    return STEP_KINDS


def possible_kinds(
    specification: Mapping[str, object],
    contract: Mapping[str, object] | None,
    contract_kind: str | None = None,
) -> FrozenSet[str]:
    """Return every kind that the step of a specification may be; never none.

    ``sagemaker_step_type`` decides, if the specification has one that is known; else the contract, given as
    the fields of a script contract, narrows it. The text of ``step_type`` is no evidence: a step type called
    "TabularPreprocessing_Training" is processing.
    """
    named = specification.get("sagemaker_step_type")
    if isinstance(named, str):
        kind = kind_named(named)
        return frozenset({kind}) if kind else STEP_KINDS
    if contract is None or named is not None:
        return STEP_KINDS
    paths: list[object] = []
    for field in ("expected_input_paths", "expected_output_paths"):
        declared = contract.get(field)
        if isinstance(declared, Mapping):
            paths += declared.values()
    return kinds_of_contract(paths, contract_kind)
