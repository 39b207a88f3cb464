"""What the ``properties`` of each kind of step are made of.

Shapes of SageMaker's responses are data, ``property_shapes.json``, taken from botocore's service models by
``tools/property_shapes.py``; the few members that the SDK adds are here.
"""

from __future__ import annotations

import json
import pkgutil
from functools import lru_cache
from typing import Dict, List, Mapping, Tuple, Union, cast

Shape = Union[Mapping[str, str], List[str]]
"""A structure as a mapping of its members to the names of their shapes, a list as a list with the name of its item's
shape, a map as ``{"*": shape of a value}``. A scalar's shape has no name: ``""``."""

ANY_VALUE = "*"
"""The one key of a map's shape."""
ANYTHING = "sdk.Anything"
"""The shape of what has members that only the pipeline knows."""

# Which shapes the SDK gives to the properties of a step (SageMaker SDK 2.257.7, workflow/*_step.py and
# workflow/steps.py; sagemaker-mlops 1.27.0, the same names). A name with a service in front is that service's.
ROOT_SHAPES: Mapping[str, Tuple[str, ...]] = {
    "AutoML": ("DescribeAutoMLJobResponse", "sdk.AutoML"),
    "Callback": ("sdk.Outputs",),
    "ClarifyCheck": ("sdk.ClarifyCheck",),
    "Cleanup": (),
    "Condition": ("sdk.Condition",),
    "EMR": ("emr.Step", "sdk.EMR"),
    "EMRServerless": ("emr-serverless.GetJobRunResponse",),
    "Endpoint": ("DescribeEndpointOutput",),
    "EndpointConfig": ("DescribeEndpointConfigOutput",),
    "Fail": (),
    "ForEach": ("sdk.ForEach",),
    "InferenceComponent": ("DescribeInferenceComponentOutput",),
    "Job": ("DescribeJobResponse",),
    "Lambda": ("sdk.Outputs",),
    "Lineage": ("sdk.Lineage",),
    "Model": ("DescribeModelOutput",),
    "NotebookJob": ("sdk.NotebookJob",),
    "Processing": ("DescribeProcessingJobResponse",),
    "QualityCheck": ("sdk.QualityCheck",),
    "RegisterModel": ("DescribeModelPackageOutput",),
    "Training": ("DescribeTrainingJobResponse",),
    "Transform": ("DescribeTransformJobResponse",),
    "Tuning": (
        "DescribeHyperParameterTuningJobResponse",
        "ListTrainingJobsForHyperParameterTuningJobResponse",
    ),
}
"""Kind of step: the shapes whose members its ``properties`` have together. None: it has no properties."""


def _scalars(*names: str) -> Dict[str, str]:
    return dict.fromkeys(names, "")


_SDK_SHAPES: Mapping[str, Shape] = {
    ANYTHING: {},
    "sdk.AutoML": {"BestCandidateProperties": "sdk.BestCandidateProperties"},
    "sdk.BestCandidateProperties": _scalars("ModelInsightsJsonReportPath", "ExplainabilityJsonReportPath"),
    "sdk.ClarifyCheck": _scalars("CalculatedBaselineConstraints", "BaselineUsedForDriftCheckConstraints"),
    "sdk.Condition": _scalars("Outcome"),
    # Which of them exist depends on how the step was made.
    "sdk.EMR": _scalars("ClusterId", "ExecutionRoleArn"),
    "sdk.ForEach": {
        **_scalars(
            "FailedStepCount",
            "InputItemCount",
            "Status",
            "StoppedStepCount",
            "SucceededStepCount",
            "TotalStepCount",
        ),
        "IterationOutputs": ANYTHING,
        "Selected": ANYTHING,
    },
    "sdk.Lineage": {
        **dict.fromkeys(("ActionArns", "ArtifactArns", "ContextArns"), "sdk.Texts"),
        "Associations": "",
    },
    "sdk.NotebookJob": _scalars(
        "ComputingJobName",
        "ComputingJobStatus",
        "InputNotebookName",
        "NotebookJobInputLocation",
        "NotebookJobOutputLocationPrefix",
        "OutputNotebookName",
    ),
    # The properties are called Outputs; a definition refers to them as OutputParameters.
    "sdk.Outputs": {"Outputs": "sdk.Texts", "OutputParameters": "sdk.Texts"},
    "sdk.QualityCheck": _scalars(
        "BaselineUsedForDriftCheckConstraints",
        "BaselineUsedForDriftCheckStatistics",
        "CalculatedBaselineConstraints",
        "CalculatedBaselineStatistics",
    ),
    "sdk.Texts": {ANY_VALUE: ""},
}


@lru_cache(maxsize=None)
def shapes() -> Mapping[str, Shape]:
    """Return every shape by name. The data is read when it is first asked for."""
    data = pkgutil.get_data(__package__, "property_shapes.json")
    assert data is not None, "property_shapes.json is part of the package"
    return {**cast("Dict[str, Shape]", json.loads(data)["shapes"]), **_SDK_SHAPES}
