"""Paths that SageMaker itself provides in a container, as data, each with where the fact comes from."""

from __future__ import annotations

from typing import NamedTuple

from contracts_runtime.container_paths import is_at_or_below, normalise

PROCESSING = "processing"
TRAINING = "training"
KINDS = (PROCESSING, TRAINING)
"""The kinds of job that run a script under a contract."""

CONTAINER_ROOT = "/opt/ml"
"""The directory below which SageMaker mounts everything."""
PROCESSING_ROOT = "/opt/ml/processing"
"""Where a processing job's inputs and outputs are mounted (developer guide, "How Amazon SageMaker Processing
Configures Input and Output For Your Processing Container": both "must begin with /opt/ml/processing/")."""
CHANNEL_ROOT = "/opt/ml/input/data"
"""Where a training job's channels are mounted, one directory each (developer guide, "Mapping of training
storage paths")."""
MODEL_DIRECTORY = "/opt/ml/model"
"""What a training job uploads as ``model.tar.gz`` (developer guide, "Mapping of training storage paths")."""
OUTPUT_DATA_DIRECTORY = "/opt/ml/output/data"
"""What a training job uploads as ``output.tar.gz`` (developer guide, "Mapping of training storage paths")."""
CHECKPOINT_DIRECTORY = "/opt/ml/checkpoints"
"""Copied from S3 when a training job starts and to S3 while it runs (developer guide, "Mapping of training
storage paths"; default of ``CheckpointConfig.LocalPath``, API)."""
CODE_DIRECTORY = "/opt/ml/code"
"""Where the training toolkit unpacks the user's code (sagemaker-training 5.1.4, ``environment.code_dir``)."""

_BOTH = frozenset(KINDS)
_PROCESSING = frozenset({PROCESSING})
_TRAINING = frozenset({TRAINING})

_PROCESSING_GUIDE = "developer guide, 'Build your own processing container'"
_TRAINING_GUIDE = "developer guide, 'How Amazon SageMaker provides training information'"
_STORAGE_GUIDE = "developer guide, 'Mapping of training storage paths managed by Amazon SageMaker AI'"
_TOOLKIT = "sagemaker-training 5.1.4, environment.py"
_PROCESSORS = "SageMaker SDK 2.257.7, processing.py, and sagemaker-core 2.27.0, core/processing.py"
_DRIVERS = "sagemaker-train 1.27.0, constants.py and container_drivers/scripts/environment.py"


class PlatformPath(NamedTuple):
    """A path that SageMaker provides, or gives a meaning of its own, in jobs of ``kinds``.

    ``covers_below`` tells whether everything inside it is the platform's as well; ``is_file`` that it is a
    file. ``holds_code`` marks directories into which the SDK itself mounts the script: a contract need not,
    and for outputs may not, declare them.
    """

    path: str
    kinds: frozenset[str]
    source: str
    covers_below: bool = True
    is_file: bool = False
    holds_code: bool = False


# Scripts that run in jobs of either kind look for the configuration files of both, as SageMaker's own Spark
# container does (sagemaker-spark-container, smspark/config_path_utils.py); hence the paths for both kinds.
PLATFORM_PATHS = (
    PlatformPath("/opt/ml/config", _BOTH, _PROCESSING_GUIDE),
    PlatformPath("/opt/ml/input/config", _BOTH, _TRAINING_GUIDE),
    PlatformPath("/opt/ml/output/message", _BOTH, _PROCESSING_GUIDE, is_file=True),
    PlatformPath("/opt/ml/output/failure", _BOTH, _TRAINING_GUIDE, is_file=True),
    PlatformPath(
        CODE_DIRECTORY, _BOTH, f"{_TOOLKIT} (code_dir); SAGEMAKER_SUBMIT_DIRECTORY in {_STORAGE_GUIDE}"
    ),
    PlatformPath("/opt/ml/metadata", _BOTH, "SageMaker SDK 2.257.7, local/utils.py (resource-metadata.json)"),
    PlatformPath(
        "/opt/ml/processing/input/code", _PROCESSING, f"{_PROCESSORS} (ScriptProcessor)", holds_code=True
    ),
    PlatformPath(
        "/opt/ml/processing/input/entrypoint",
        _PROCESSING,
        "SageMaker SDK 2.257.7, processing.py (FrameworkProcessor)",
        holds_code=True,
    ),
    PlatformPath(
        "/opt/ml/processing/input/aux",
        _PROCESSING,
        "sagemaker-core 2.27.0, core/processing.py (FrameworkProcessor._AUX_CONTAINER_DIR)",
    ),
    PlatformPath(
        "/opt/ml/processing/input/conf",
        _PROCESSING,
        "SageMaker SDK 2.257.7, spark/processing.py (configuration)",
    ),
    PlatformPath(
        "/opt/ml/processing/spark-events",
        _PROCESSING,
        "SageMaker SDK 2.257.7, spark/processing.py (event logs)",
    ),
    PlatformPath("/opt/ml/input", _TRAINING, f"{_TOOLKIT} (input_dir)", covers_below=False),
    PlatformPath(CHANNEL_ROOT, _TRAINING, _STORAGE_GUIDE, covers_below=False),
    PlatformPath("/opt/ml/input/data/code", _TRAINING, _DRIVERS),
    PlatformPath("/opt/ml/input/data/sm_drivers", _TRAINING, _DRIVERS),
    PlatformPath("/opt/ml/input/data/recipe/recipe.yaml", _TRAINING, _DRIVERS, is_file=True),
    PlatformPath("/opt/ml/input/sm_training.env", _TRAINING, _DRIVERS, is_file=True),
    PlatformPath(MODEL_DIRECTORY, _TRAINING, _STORAGE_GUIDE),
    PlatformPath("/opt/ml/output", _TRAINING, f"{_TOOLKIT} (output_dir)", covers_below=False),
    PlatformPath(OUTPUT_DATA_DIRECTORY, _TRAINING, _STORAGE_GUIDE),
    PlatformPath("/opt/ml/output/intermediate", _TRAINING, f"{_TOOLKIT} (output_intermediate_dir)"),
    PlatformPath("/opt/ml/output/success", _TRAINING, "sagemaker-training 5.1.4, files.py", is_file=True),
    PlatformPath("/opt/ml/output/tensors", _TRAINING, "API, DebugHookConfig.LocalPath (default)"),
    PlatformPath("/opt/ml/output/tensorboard", _TRAINING, "API, TensorBoardOutputConfig.LocalPath (default)"),
    PlatformPath(
        "/opt/ml/output/profiler", _TRAINING, "SageMaker SDK 2.257.7, debugger/profiler_constants.py"
    ),
    PlatformPath(CHECKPOINT_DIRECTORY, _TRAINING, "API, CheckpointConfig.LocalPath (default)"),
    PlatformPath(
        "/opt/ml/sagemaker/warmpoolcache",
        _TRAINING,
        "developer guide, 'SageMaker AI Managed Warm Pools' (SAGEMAKER_MANAGED_WARMPOOL_CACHE_DIRECTORY)",
    ),
)


def find_platform_path(path: str, kind: str | None = None) -> PlatformPath | None:
    """Return the fact about what ``path`` is, or lies below, in jobs of ``kind`` (``None``: of any kind)."""
    for fact in PLATFORM_PATHS:
        if kind is not None and kind not in fact.kinds:
            continue
        if normalise(path) == fact.path or (fact.covers_below and is_at_or_below(path, fact.path)):
            return fact
    return None


def is_platform_path(path: str, kind: str | None = None) -> bool:
    """Whether SageMaker itself provides ``path`` in jobs of ``kind`` (``None``: in jobs of any kind).

    A training channel counts only when a contract declares it: ``/opt/ml/input/data`` is the platform's, what
    lies below it is not.
    """
    return find_platform_path(path, kind) is not None


def is_platform_file(path: str) -> bool:
    """Whether SageMaker gives exactly ``path`` a meaning as a file, such as ``/opt/ml/output/failure``."""
    text = normalise(path)
    return any(fact.is_file and fact.path == text for fact in PLATFORM_PATHS)
