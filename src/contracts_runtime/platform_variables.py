"""Environment variables that a container has without any contract, as data, each with its source.

A processing job has no variables of its own that tell its name or ARN: SageMaker's SDK reads them from
``/opt/ml/config/processingjobconfig.json`` (2.257.7, ``experiments/_environment.py``).
"""

from __future__ import annotations

from itertools import chain
from typing import Iterable, Iterator, NamedTuple

from contracts_runtime.platform_paths import CHANNEL_ROOT, MODEL_DIRECTORY, OUTPUT_DATA_DIRECTORY

# Who sets a variable.
TOOLKIT = "training toolkit"
SAGEMAKER = "SageMaker"
AWS = "AWS"
OPERATING_SYSTEM = "operating system"
PYTHON = "Python"
IMAGE = "container image"
DISTRIBUTED = "distributed training"

_TOOLKIT_SOURCE = "sagemaker-training 5.1.4, environment.py (to_env_vars)"
_DRIVER_SOURCE = "sagemaker-train 1.27.0, container_drivers/scripts/environment.py (set_env)"
_IMAGE_SOURCE = "Dockerfiles of SageMaker's scikit-learn, XGBoost and deep learning images"
_SPARK_SOURCE = "Dockerfiles of SageMaker's Spark image"
_TORCH_SOURCE = "PyTorch documentation, 'torchrun (Elastic Launch)', environment variables"
_MPI_SOURCE = "sagemaker-training 5.1.4, mpi.py and smdataparallel.py"
_OS_SOURCE = "environ(7), bash(1), Docker run reference (HOME, HOSTNAME, PATH, TERM)"


class PlatformVariable(NamedTuple):
    """A variable, or with ``is_prefix`` every variable beginning so, that the platform sets.

    ``training_only`` marks what only a training job's container means by it: in a processing job it is not
    set, or, where an image sets it nevertheless, names a directory that only training jobs have. ``path`` is
    the container path that the value is.
    """

    name: str
    set_by: str
    source: str
    is_prefix: bool = False
    training_only: bool = False
    path: str | None = None

    def matches(self, name: str) -> bool:
        """Whether the environment variable ``name`` is this one."""
        return name.startswith(self.name) if self.is_prefix else name == self.name


def _variables(
    names: str, set_by: str, source: str, *, training_only: bool = False
) -> Iterator[PlatformVariable]:
    """Facts about the blank-separated ``names``; a name that ends in ``*`` is a prefix."""
    for name in names.split():
        yield PlatformVariable(name.rstrip("*"), set_by, source, name.endswith("*"), training_only)


def _paths(
    paths: dict[str, str], set_by: str, source: str, *, training_only: bool = False
) -> Iterator[PlatformVariable]:
    """Facts about variables whose values are container paths."""
    for name, path in paths.items():
        yield PlatformVariable(name, set_by, source, training_only=training_only, path=path)


def _training() -> Iterable[PlatformVariable]:
    return chain(
        _paths(
            {
                "SM_MODEL_DIR": MODEL_DIRECTORY,
                "SM_OUTPUT_DATA_DIR": OUTPUT_DATA_DIRECTORY,
                "SM_OUTPUT_DIR": "/opt/ml/output",
                "SM_OUTPUT_INTERMEDIATE_DIR": "/opt/ml/output/intermediate",
                "SM_INPUT_DIR": "/opt/ml/input",
                "SM_INPUT_CONFIG_DIR": "/opt/ml/input/config",
            },
            TOOLKIT,
            # The images named in _IMAGE_SOURCE set SM_MODEL_DIR too, in every kind of job.
            _TOOLKIT_SOURCE,
            training_only=True,
        ),
        _variables(
            "SM_HOSTS SM_NETWORK_INTERFACE_NAME SM_HPS SM_USER_ENTRY_POINT SM_FRAMEWORK_PARAMS"
            " SM_RESOURCE_CONFIG SM_INPUT_DATA_CONFIG SM_CHANNELS SM_CURRENT_HOST SM_CURRENT_INSTANCE_TYPE"
            " SM_CURRENT_INSTANCE_GROUP SM_CURRENT_INSTANCE_GROUP_HOSTS SM_INSTANCE_GROUPS"
            " SM_INSTANCE_GROUPS_DICT SM_DISTRIBUTION_INSTANCE_GROUPS SM_IS_HETERO SM_MODULE_NAME"
            " SM_LOG_LEVEL SM_FRAMEWORK_MODULE SM_NUM_CPUS SM_NUM_GPUS SM_NUM_NEURONS SM_MODULE_DIR"
            " SM_TRAINING_ENV SM_USER_ARGS SM_TOPOLOGY SM_CHANNEL_* SM_HP_*",
            TOOLKIT,
            _TOOLKIT_SOURCE,
            training_only=True,
        ),
        _paths(
            {
                "SM_INPUT_DATA_DIR": CHANNEL_ROOT,
                "SM_OUTPUT_FAILURE": "/opt/ml/output/failure",
                "SM_SOURCE_DIR": "/opt/ml/input/data/code",
                "SM_DISTRIBUTED_DRIVER_DIR": "/opt/ml/input/data/sm_drivers/distributed_drivers",
            },
            TOOLKIT,
            _DRIVER_SOURCE,
            training_only=True,
        ),
        _variables(
            "SM_MASTER_ADDR SM_MASTER_PORT SM_ENTRY_SCRIPT SM_DISTRIBUTED_CONFIG SM_HOST_COUNT SM_CURRENT_HOST_RANK",
            TOOLKIT,
            _DRIVER_SOURCE,
            training_only=True,
        ),
    )


def _sagemaker() -> Iterable[PlatformVariable]:
    return chain(
        _paths(
            {
                "SM_INPUT": "/opt/ml/input",
                "SM_INPUT_TRAINING_CONFIG_FILE": "/opt/ml/input/config/hyperparameters.json",
                "SM_INPUT_DATA_CONFIG_FILE": "/opt/ml/input/config/inputdataconfig.json",
                "SM_CHECKPOINT_CONFIG_FILE": "/opt/ml/input/config/checkpointconfig.json",
            },
            IMAGE,
            _IMAGE_SOURCE,
        ),
        _paths(
            {"SAGEMAKER_MANAGED_WARMPOOL_CACHE_DIRECTORY": "/opt/ml/sagemaker/warmpoolcache"},
            SAGEMAKER,
            "developer guide, 'SageMaker AI Managed Warm Pools'",
        ),
        _variables("SM_*", TOOLKIT, "sagemaker-training 5.1.4, mapping.py (to_env_vars prefixes every key)"),
        _variables("SAGEMAKER_* CURRENT_HOST", SAGEMAKER, "sagemaker-training 5.1.4, params.py"),
        _variables(
            "TRAINING_JOB_NAME TRAINING_JOB_ARN TRANSFORM_JOB_ARN",
            SAGEMAKER,
            "SageMaker SDK 2.257.7, experiments/_environment.py; sagemaker-training 5.1.4, params.py",
        ),
        _variables("AWS_*", AWS, "AWS SDKs and Tools reference guide, 'Environment variables'"),
    )


def _system() -> Iterable[PlatformVariable]:
    return chain(
        _variables(
            "PATH HOME HOSTNAME TERM USER LOGNAME SHELL PWD OLDPWD SHLVL _ LANG PAGER EDITOR",
            OPERATING_SYSTEM,
            _OS_SOURCE,
        ),
        _variables("LANGUAGE LC_*", OPERATING_SYSTEM, "locale(7)"),
        _variables(
            "TZ TMPDIR COLUMNS LINES", OPERATING_SYSTEM, "POSIX.1-2017, 8.3 'Other Environment Variables'"
        ),
        _variables("TEMP DEBIAN_FRONTEND", IMAGE, _IMAGE_SOURCE),
        _variables("TMP", PYTHON, "Python library reference, tempfile.gettempdir"),
        _variables("PYTHON*", PYTHON, "Python documentation, 'Command line and environment'"),
        _variables("LD_LIBRARY_PATH LD_PRELOAD", OPERATING_SYSTEM, "ld.so(8)"),
        _variables(
            "CONDA_PREFIX CONDA_DEFAULT_ENV VIRTUAL_ENV PIP_ROOT_USER_ACTION DLC_CONTAINER_TYPE"
            " OPEN_MPI_PATH EFA_PATH KMP_AFFINITY KMP_BLOCKTIME KMP_SETTINGS SKLEARN_MMS_CONFIG"
            " XGBOOST_MMS_CONFIG HF_HOME TORCH_HOME HUGGINGFACE_HUB_CACHE",
            IMAGE,
            _IMAGE_SOURCE,
        ),
        _variables(
            "SPARK_HOME SPARK_NO_DAEMONIZE PYSPARK_PYTHON HADOOP_HOME HADOOP_CONF_DIR JAVA_HOME"
            " PIPENV_PIPFILE PIP_DISABLE_PIP_VERSION_CHECK YARN_RESOURCEMANAGER_USER YARN_NODEMANAGER_USER"
            " HDFS_NAMENODE_USER HDFS_DATANODE_USER HDFS_SECONDARYNAMENODE_USER",
            IMAGE,
            _SPARK_SOURCE,
        ),
        _variables(
            "CUDA_*", IMAGE, "CUDA C++ programming guide, 'CUDA Environment Variables'; NVIDIA's CUDA images"
        ),
        _variables("NVIDIA_*", IMAGE, "NVIDIA Container Toolkit user guide, 'Environment variables'"),
    )


def _distributed() -> Iterable[PlatformVariable]:
    return chain(
        _variables(
            "MASTER_ADDR MASTER_PORT RANK LOCAL_RANK WORLD_SIZE LOCAL_WORLD_SIZE GROUP_RANK"
            " GROUP_WORLD_SIZE ROLE_RANK ROLE_WORLD_SIZE ROLE_NAME TORCHELASTIC_*",
            DISTRIBUTED,
            _TORCH_SOURCE,
        ),
        _variables(
            "OMP_*", DISTRIBUTED, "OpenMP API specification, 'Environment Variables'; set by torchrun"
        ),
        _variables(
            "NCCL_*", DISTRIBUTED, "NCCL user guide, 'Environment Variables'; sagemaker-training 5.1.4"
        ),
        _variables(
            "OMPI_*", DISTRIBUTED, "Open MPI documentation, 'Environment variables set for MPI applications'"
        ),
        _variables(
            "FI_PROVIDER FI_EFA_USE_DEVICE_RDMA RDMAV_FORK_SAFE SMDATAPARALLEL_*", DISTRIBUTED, _MPI_SOURCE
        ),
        _variables(
            "XRT_HOST_ORDINAL XRT_SHARD_WORLD_SIZE XRT_WORKERS GPU_NUM_DEVICES OFI_NCCL_NIC_DUP_CONNS",
            DISTRIBUTED,
            "sagemaker-training 5.1.4, pytorch_xla.py",
        ),
        _variables("TF_CONFIG", DISTRIBUTED, "SageMaker TensorFlow training toolkit, training.py"),
    )


PLATFORM_VARIABLES = tuple(chain(_training(), _sagemaker(), _system(), _distributed()))
"""Every fact; where several match a name, the first one is the most specific."""

_EXACT = {fact.name: fact for fact in reversed(PLATFORM_VARIABLES) if not fact.is_prefix}
_PREFIXES = tuple(fact for fact in PLATFORM_VARIABLES if fact.is_prefix)
_CHANNEL_PREFIX = "SM_CHANNEL_"


def find_platform_variable(name: str) -> PlatformVariable | None:
    """Return the fact about the environment variable ``name``; ``None`` if the platform does not set it."""
    exact = _EXACT.get(name)
    if exact is not None:
        return exact
    return next((fact for fact in _PREFIXES if fact.matches(name)), None)


def is_platform_variable(name: str) -> bool:
    """Whether SageMaker, its toolkits and images, AWS or the operating system set the variable ``name``."""
    return find_platform_variable(name) is not None


def is_training_only_variable(name: str) -> bool:
    """Whether the variable ``name`` means something in training jobs only, such as ``SM_CHANNEL_TRAIN``."""
    fact = find_platform_variable(name)
    return fact is not None and fact.training_only


def path_of_variable(name: str) -> str | None:
    """Return the container path that is the value of the platform variable ``name``, or ``None``.

    The toolkit upper-cases a channel's name; channels are taken to be named in lower case, as nearly all are.
    """
    if name.startswith(_CHANNEL_PREFIX) and name != _CHANNEL_PREFIX:
        return f"{CHANNEL_ROOT}/{name[len(_CHANNEL_PREFIX) :].lower()}"
    fact = find_platform_variable(name)
    return None if fact is None else fact.path
