"""The directories, files and environment variables that a SageMaker container has when its script starts."""

from __future__ import annotations

import json
import os
import shutil
from typing import Mapping, Sequence

from contracts_runtime.container_paths import names_a_file
from contracts_runtime.contract_fields import ContractFields
from contracts_runtime.local_root import LocalRoot
from contracts_runtime.path_checks import channel_of
from contracts_runtime.platform_paths import (
    CHANNEL_ROOT,
    CODE_DIRECTORY,
    MODEL_DIRECTORY,
    OUTPUT_DATA_DIRECTORY,
    TRAINING,
    is_platform_file,
)

HOST = "algo-1"
JOB_NAME = "emulated-job"
PROCESSING_CODE = "/opt/ml/processing/input/code"
"""Where the SDK mounts a processing job's script (SDK 2.257.7, ``processing.py``; sagemaker-core 2.27.0)."""

# What a job makes below /opt/ml.
_TOP_LEVEL = ("checkpoints", "code", "config", "input", "model", "output", "processing")
# A job starts with none of the developer's files beside the script.
_NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "*.egg-info", "node_modules")
# What a process needs of the machine to run at all; everything else comes from the job.
_OF_THE_MACHINE = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
)


class ContainerLayout:
    """One container's files, below ``root``."""

    def __init__(
        self, contract: ContractFields, root: LocalRoot, hyperparameters: Mapping[str, str] | None = None
    ) -> None:
        self.contract = contract
        self.root = root
        self.hyperparameters = dict(sorted((hyperparameters or {}).items()))
        self.is_training = contract.kind == TRAINING

    @property
    def code_directory(self) -> str:
        """Where the job's code is."""
        return self.root.local(CODE_DIRECTORY if self.is_training else PROCESSING_CODE)

    @staticmethod
    def leftovers(root: LocalRoot) -> list[str]:
        """Return what another job has left below ``root``."""
        paths = [os.path.join(root.directory, name) for name in _TOP_LEVEL]
        return [path for path in paths if os.path.lexists(path)]

    # --- files ---

    def make(self, code: str, inputs: Mapping[str, str]) -> None:
        """Copy code and inputs in, and create every output as a directory, whatever its name (API,
        ``ProcessingS3Output.LocalPath``: "This directory will be created by the platform").
        """
        if os.path.isdir(code):
            shutil.copytree(code, self.code_directory, ignore=self._not_shipped)
        else:
            os.makedirs(self.code_directory)
            shutil.copy2(code, self.code_directory)
        for name, source in inputs.items():
            self._mount(source, self.contract.inputs[name])
        directories = list(self.contract.outputs.values())
        if self.is_training:
            directories += [
                CHANNEL_ROOT,
                MODEL_DIRECTORY,
                OUTPUT_DATA_DIRECTORY,
                "/opt/ml/output/intermediate",
            ]
        for directory in directories:
            if not is_platform_file(directory):
                os.makedirs(self.root.local(directory), exist_ok=True)
        os.makedirs(self.root.local("/opt/ml/output"), exist_ok=True)

    def _not_shipped(self, directory: str, names: list[str]) -> set[str]:
        own = {name for name in names if os.path.join(directory, name) == self.root.directory}
        return own | set(_NOT_SHIPPED(directory, names))

    def _mount(self, source: str, declared: str) -> None:
        target = self.root.local(declared)
        if os.path.isdir(source):
            shutil.copytree(source, target, dirs_exist_ok=True)
            return
        # A training job's contract may name a file in its channel; anything else is a prefix, mounted as a directory.
        if self.is_training and names_a_file(declared):
            target = os.path.dirname(target)
        os.makedirs(target, exist_ok=True)
        shutil.copy2(source, target)

    def configure(self, environment: Mapping[str, str], arguments: Sequence[str]) -> None:
        """Write the configuration files (developer guide, "Build your own processing container" and "How Amazon
        SageMaker provides training information").
        """
        resources: dict[str, object] = {"current_host": HOST, "hosts": [HOST]}
        if not self.is_training:
            self._write("/opt/ml/config/resourceconfig.json", resources)
            self._write(
                "/opt/ml/config/processingjobconfig.json", self._processing_job(environment, arguments)
            )
            return
        resources["network_interface_name"] = "eth0"
        self._write("/opt/ml/input/config/resourceconfig.json", resources)
        # As the SDK sends them (2.257.7, estimator.py: _json_encode_hyperparameters).
        encoded = {name: json.dumps(value) for name, value in self.hyperparameters.items()}
        self._write("/opt/ml/input/config/hyperparameters.json", encoded)
        self._write("/opt/ml/input/config/inputdataconfig.json", self._channel_configuration())

    def _write(self, path: str, document: object) -> None:
        target = self.root.local(path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            json.dump(document, file)

    def _processing_job(self, environment: Mapping[str, str], arguments: Sequence[str]) -> dict[str, object]:
        """As in API, shape ``DescribeProcessingJobResponse``."""
        inputs = [
            {"InputName": name, "S3Input": {"LocalPath": path, "S3Uri": f"s3://emulated/{JOB_NAME}/{name}"}}
            for name, path in self.contract.inputs.items()
        ]
        outputs = [
            {"OutputName": name, "S3Output": {"LocalPath": path, "S3Uri": f"s3://emulated/{JOB_NAME}/{name}"}}
            for name, path in self.contract.outputs.items()
        ]
        return {
            "ProcessingJobName": JOB_NAME,
            "ProcessingInputs": inputs,
            "ProcessingOutputConfig": {"Outputs": outputs},
            "AppSpecification": {"ContainerArguments": list(arguments)},
            "Environment": dict(environment),
        }

    # --- a training job ---

    def _channels(self) -> list[str]:
        found = (channel_of(path) for path in self.contract.inputs.values())
        there = {name for name in found if name and os.path.isdir(self.root.local(f"{CHANNEL_ROOT}/{name}"))}
        return sorted(there)

    def _channel_configuration(self) -> dict[str, object]:
        mode = {
            "TrainingInputMode": "File",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": "None",
        }
        return dict.fromkeys(self._channels(), mode)

    def variables(self, script: str, arguments: Sequence[str]) -> dict[str, str]:
        """Return what the training toolkit sets (sagemaker-training 5.1.4, ``environment.py: to_env_vars``), with
        paths as they really are; nothing for a processing job.
        """
        if not self.is_training:
            return {}
        local, channels = self.root.local, self._channels()
        texts = {
            "CURRENT_HOST": HOST,
            "NETWORK_INTERFACE_NAME": "eth0",
            "USER_ENTRY_POINT": script,
            "MODULE_NAME": os.path.splitext(os.path.basename(script))[0],
            "MODULE_DIR": f"s3://emulated/{JOB_NAME}/source/sourcedir.tar.gz",
            "LOG_LEVEL": "20",
            "NUM_CPUS": str(os.cpu_count() or 1),
            "NUM_GPUS": "0",
            "NUM_NEURONS": "0",
            "INPUT_DIR": local("/opt/ml/input"),
            "INPUT_CONFIG_DIR": local("/opt/ml/input/config"),
            "MODEL_DIR": local(MODEL_DIRECTORY),
            "OUTPUT_DIR": local("/opt/ml/output"),
            "OUTPUT_DATA_DIR": local(OUTPUT_DATA_DIRECTORY),
            "OUTPUT_INTERMEDIATE_DIR": local("/opt/ml/output/intermediate"),
        }
        documents = {
            "HOSTS": [HOST],
            "CHANNELS": channels,
            "HPS": self.hyperparameters,
            "USER_ARGS": list(arguments),
            "FRAMEWORK_PARAMS": {},
            "INPUT_DATA_CONFIG": self._channel_configuration(),
            "RESOURCE_CONFIG": {"current_host": HOST, "hosts": [HOST], "network_interface_name": "eth0"},
        }
        texts.update({name: json.dumps(value) for name, value in documents.items()})
        texts.update({f"CHANNEL_{name}": local(f"{CHANNEL_ROOT}/{name}") for name in channels})
        texts.update({f"HP_{name}": value for name, value in self.hyperparameters.items()})
        variables = {f"SM_{name.upper()}": text for name, text in texts.items()}
        return {"TRAINING_JOB_NAME": JOB_NAME, **variables}


def variables_of_the_machine() -> dict[str, str]:
    """Return the variables that every process needs; none of the developer's own, and no credentials."""
    return {name: os.environ[name] for name in _OF_THE_MACHINE if name in os.environ}
