"""SMC402: a path that the job's kind cannot mount, a reserved platform path, or a relative path."""

from __future__ import annotations

from flake8_contracts.rules.contract_problems import ContractProblem


class PathOutsideContainer(ContractProblem):
    code = "SMC402"
    name = "path-outside-container"
    summary = "a path that the job's kind cannot mount, a reserved platform path, or a relative path"
    explanation = """
A processing job mounts inputs and outputs below `/opt/ml/processing`; a training job has its channels, the model and the output
directory. A path elsewhere, one that SageMaker keeps for itself, or one that is not absolute, is refused or never filled.
"""
    sources = ("SageMaker API, ProcessingS3Input.LocalPath", "developer guide: How Amazon SageMaker provides training information")


RULE = PathOutsideContainer()
