"""SMC401: an output path that names a file: SageMaker creates a directory at exactly that path."""

from __future__ import annotations

from flake8_contracts.rules.contract_problems import ContractProblem


class OutputPathIsFile(ContractProblem):
    code = "SMC401"
    name = "output-path-is-file"
    summary = "an output path that names a file: SageMaker creates a directory at exactly that path"
    fix = "safe"
    explanation = """
The local path of an output is a directory: SageMaker creates it before the script starts, and uploads what is in it. A path such as
`/opt/ml/processing/output/payload.tar.gz` becomes a directory of that name, and the script that opens it as a file fails with
`[Errno 21] Is a directory`. Declare the directory above it, and write the file below.
"""
    sources = ("SageMaker API, ProcessingS3Output.LocalPath",)


RULE = OutputPathIsFile()
