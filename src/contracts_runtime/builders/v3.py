"""The SageMaker SDK v3. Written against sagemaker-core 2.27.0 and sagemaker-mlops 1.27.0 (sagemaker 3.27.0)."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Iterator, Mapping

import boto3

from contracts_runtime.builders.offline import OfflineUploads
from contracts_runtime.builders.producer import Producer
from contracts_runtime.builders.sdk import Request, Sdk, SdkClasses
from contracts_runtime.step_kinds import (
    MODEL_STEP,
    PROCESSING_STEP,
    TRAINING_STEP,
    TRANSFORM_STEP,
    TUNING_STEP,
)


@contextmanager
def _region(name: str = "us-east-1") -> Iterator[None]:
    """Let the SDK do what wants a region where none is configured, though it makes no use of it.

    sagemaker.mlops imports sagemaker.ai_registry, which makes a client while it is imported
    (sagemaker-train 1.27.0, ``ai_registry/air_hub.py``), and the steps for processing and transform jobs make a
    local session to know the name of one of its methods (sagemaker-mlops 1.27.0, ``mlops/workflow/steps.py``).
    """
    if boto3.session.Session().region_name:
        yield
        return
    default = boto3.DEFAULT_SESSION
    boto3.DEFAULT_SESSION = boto3.session.Session(region_name=name)
    os.environ["AWS_DEFAULT_REGION"] = name
    try:
        yield
    finally:
        del os.environ["AWS_DEFAULT_REGION"]
        boto3.DEFAULT_SESSION = default


with _region():
    from sagemaker.core.helper.pipeline_variable import PipelineVariable
    from sagemaker.core.shapes import (
        ProcessingInput,
        ProcessingOutput,
        ProcessingS3Input,
        ProcessingS3Output,
    )
    from sagemaker.core.training.configs import InputData
    from sagemaker.core.workflow.functions import Join
    from sagemaker.core.workflow.parameters import Parameter, ParameterTypeEnum
    from sagemaker.core.workflow.pipeline_context import PipelineSession, _ModelStepArguments, _StepArguments
    from sagemaker.mlops.workflow.model_step import ModelStep
    from sagemaker.mlops.workflow.pipeline import Pipeline
    from sagemaker.mlops.workflow.steps import ProcessingStep, TrainingStep, TransformStep, TuningStep


class OfflineSession(OfflineUploads, PipelineSession):  # type: ignore[misc] # the SDK may be missing
    """A session for pipelines that never calls AWS."""


class SdkV3(Sdk):
    """The SDK v3."""

    major = 3

    def processing_input(self, name: str, source: Any, path: str) -> Any:
        # The defaults are those of ProcessingInput in v2.
        place = ProcessingS3Input(
            s3_uri=source,
            local_path=path,
            s3_data_type="S3Prefix",
            s3_input_mode="File",
            s3_data_distribution_type="FullyReplicated",
            s3_compression_type="None",
        )
        return ProcessingInput(input_name=name, app_managed=False, s3_input=place)

    def processing_output(self, name: str, path: str, destination: Any) -> Any:
        place = ProcessingS3Output(s3_uri=destination, local_path=path, s3_upload_mode="EndOfJob")
        return ProcessingOutput(output_name=name, app_managed=False, s3_output=place)

    def training_inputs(self, channels: Mapping[str, Any]) -> Any:
        return [InputData(channel_name=name, data_source=source) for name, source in channels.items()]

    def surroundings(self, session: Any) -> AbstractContextManager[None]:
        return _region(session.boto_region_name)

    def model_step(
        self, kind: str, name: str, request: Request, session: Any, options: Mapping[str, Any]
    ) -> Any:
        made = _ModelStepArguments(Producer(session, kind, request))
        if kind == MODEL_STEP:
            made.caller_name, made.create_model_request = "create_model", request()
        else:
            made.caller_name = "create_model_package_from_containers"
            made.create_model_package_request = request()
        return ModelStep(name=name, step_args=made, **options)


SDK = SdkV3(
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
            PROCESSING_STEP: (ProcessingStep, "run"),
            TRAINING_STEP: (TrainingStep, "train"),
            TRANSFORM_STEP: (TransformStep, "transform"),
            TUNING_STEP: (TuningStep, "tune"),
        },
        pipeline=Pipeline,
    )
)
