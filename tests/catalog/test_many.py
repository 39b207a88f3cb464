"""Projects with more contracts than one program may import modules."""

from __future__ import annotations

from flake8_contracts.flow.imports import MODULE_LIMIT
from flake8_contracts.project import Project
from flake8_contracts.settings import Settings


def test_how_many_contracts_there_are_limits_none_of_them(write):
    files = {}
    for number in range(MODULE_LIMIT + 5):
        files[f"m{number:03}_paths.py"] = f"OUTPUT = '/opt/ml/processing/output/{number}'\n"
        files[f"m{number:03}_contract.py"] = (
            f"from contracts_runtime import ScriptContract\nfrom m{number:03}_paths import OUTPUT\n"
            f"ONE = ScriptContract(entry_point='s{number}.py', expected_output_paths={{'OUT': OUTPUT}})\n"
        )
    catalog = Project(Settings(root=write(files))).catalog
    assert catalog.unreadable == []
    assert {contract.outputs["OUT"].value for contract in catalog.contracts} == {
        f"/opt/ml/processing/output/{number}" for number in range(MODULE_LIMIT + 5)
    }
