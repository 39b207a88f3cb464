"""SMC408: a processing input's path that names a file: SageMaker makes a directory there."""

from __future__ import annotations

from flake8_contracts.rules.contract_problems import ContractProblem


class InputPathIsFile(ContractProblem):
    code = "SMC408"
    name = "input-path-is-file"
    summary = "a processing input's path that names a file: SageMaker makes a directory there"
    fix = "unsafe"
    explanation = """
SageMaker makes a directory at the local path of a processing input and downloads the object *into* it. With the path
`/opt/ml/processing/input/model/model.tar.gz` the file arrives as `…/model.tar.gz/model.tar.gz`. Declare the directory above it.
"""
    sources = ("SageMaker API, ProcessingS3Input.LocalPath",)


RULE = InputPathIsFile()
