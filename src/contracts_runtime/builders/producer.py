"""What stands in a step for the SDK's own job object."""

from __future__ import annotations

from typing import Any, Callable


class Producer:
    """Hands the request of a job to a pipeline session, as the SDK's processors, estimators and trainers do.

    A step of the SDK holds the function that makes its job and calls it when the pipeline is compiled; the
    session then records the request instead of sending it (SageMaker SDK 2.257.7,
    ``workflow/pipeline_context.py``; sagemaker-core 2.27.0, ``core/workflow/pipeline_context.py``: both
    ``PipelineSession._intercept_create_request``).
    """

    # What the SDK looks at to hash local code, which is uploaded under its hash already (v2 and v3:
    # get_code_hash in workflow/utilities.py).
    source_dir = None
    source_code = None
    dependencies = None
    entry_point = None

    def __init__(self, session: Any, caller: str, request: Callable[[], dict[str, Any]]) -> None:
        self.sagemaker_session = session
        self._caller = caller
        self._request = request

    def record(self) -> None:
        """Hand the request to the session."""
        intercept = self.sagemaker_session._intercept_create_request  # noqa: SLF001 - no public way
        intercept(self._request(), None, self._caller)
