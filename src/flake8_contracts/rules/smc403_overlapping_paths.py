"""SMC403: two declared paths are equal or one lies inside the other."""

from __future__ import annotations

from flake8_contracts.rules.contract_problems import ContractProblem


class OverlappingPaths(ContractProblem):
    code = "SMC403"
    name = "overlapping-paths"
    summary = "two declared paths are equal or one lies inside the other"
    explanation = """
Nested outputs are uploaded twice. An input and an output at the same path are refused by SageMaker. Nested inputs depend on the order in
which they are downloaded.
"""
    sources = ("aws/sagemaker-python-sdk issue 1950: input and output of one job at the same local path are refused",)


RULE = OverlappingPaths()
