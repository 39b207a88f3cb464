"""The SageMaker SDK v2. Written against sagemaker 2.257.7."""

from __future__ import annotations

import warnings
from typing import Any, Mapping

import boto3
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.workflow._utils import _RegisterModelStep
from sagemaker.workflow.entities import PipelineVariable
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import Parameter, ParameterTypeEnum
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession, _StepArguments
from sagemaker.workflow.steps import CreateModelStep, ProcessingStep, TrainingStep, TransformStep, TuningStep

from contracts_runtime.builders.offline import OfflineUploads
from contracts_runtime.builders.sdk import Request, Sdk, SdkClasses
from contracts_runtime.step_kinds import (
    MODEL_STEP,
    PROCESSING_STEP,
    REGISTER_MODEL_STEP,
    TRAINING_STEP,
    TRANSFORM_STEP,
    TUNING_STEP,
)

# ModelStep adds "-CreateModel" and "-RegisterModel" to a step's name, and so hides which name a reference
# needs; the steps that it makes take the name as it is, and plain arguments.
_MODEL_STEPS = {MODEL_STEP: CreateModelStep, REGISTER_MODEL_STEP: _RegisterModelStep}


class OfflineSession(OfflineUploads, PipelineSession):  # type: ignore[misc] # the SDK may be missing
    """A session for pipelines that never calls AWS."""


class SdkV2(Sdk):
    """The SDK v2."""

    major = 2

    def processing_input(self, name: str, source: Any, path: str) -> Any:
        return ProcessingInput(source=source, destination=path, input_name=name)

    def processing_output(self, name: str, path: str, destination: Any) -> Any:
        return ProcessingOutput(source=path, destination=destination, output_name=name)

    def training_inputs(self, channels: Mapping[str, Any]) -> Any:
        return {name: TrainingInput(s3_data=source, input_mode="File") for name, source in channels.items()}

    def model_step(
        self, kind: str, name: str, request: Request, session: Any, options: Mapping[str, Any]
    ) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # CreateModelStep: "use the ModelStep"
            return _MODEL_STEPS[kind](name=name, step_args=request(), **options)


SDK = SdkV2(
    SdkClasses(
        variable=PipelineVariable,
        parameter=Parameter,
        string=ParameterTypeEnum.STRING,
        join=Join,
        session=PipelineSession,
        offline_session=OfflineSession,
        boto3=boto3,
        step_arguments=_StepArguments,
        job_steps={
            PROCESSING_STEP: (ProcessingStep, "process"),
            TRAINING_STEP: (TrainingStep, "train"),
            TRANSFORM_STEP: (TransformStep, "transform"),
            TUNING_STEP: (TuningStep, "create_tuning_job"),
        },
        pipeline=Pipeline,
    )
)
