"""The package as scripts import it: lazy, and usable on old Pythons without anything installed."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import contracts_runtime

SOURCES = Path(contracts_runtime.__file__).parent
# Runs in a Python that has nothing but the standard library: a job under its contract, and what that imported.
JOB = """
import json, sys
before = set(sys.modules)
from contracts_runtime.enforcer import ContractEnforcer
from contracts_runtime import ContractViolation, ValidationResult
root = sys.argv[1]
with ContractEnforcer.from_file(sys.argv[2], root=root, strict=True, environ={"LABEL": "x"}) as enforcer:
    with open(enforcer.get_output_path("result") + "/data.csv", "w") as file:
        file.write(enforcer.get_env("RATIO"))
try:
    ContractEnforcer.from_file(sys.argv[2], root=root, environ={}).__enter__()
except ContractViolation as violation:
    problems = list(violation.problems)
try:
    enforcer.get_input_path("results")
except KeyError as error:
    problems.append(str(error))
assert ValidationResult.combine([ValidationResult.error("bad")]).errors == ["bad"]
imported = sorted({name.partition(".")[0] for name in set(sys.modules) - before})
print(json.dumps({"problems": problems, "imported": imported}))
"""


def run(interpreter: str, code: str, *arguments: str) -> str:
    """Run ``code`` in an interpreter that sees the package and otherwise only the standard library."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))
    }
    environ["PYTHONPATH"] = str(SOURCES.parent)
    command = [interpreter, "-S", "-B", "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_container_needs_nothing_but_python(interpreter: str, tmp_path: Path) -> None:
    contract = tmp_path / "job.contract.json"
    contract.write_text(
        json.dumps(
            {
                "entry_point": "job.py",
                "expected_output_paths": {"result": "/opt/ml/processing/output/result"},
                "required_env_vars": ["LABEL"],
                "optional_env_vars": {"RATIO": "0.7"},
            }
        )
    )
    answer = json.loads(run(interpreter, JOB, str(tmp_path), str(contract)))
    assert answer["problems"] == [
        "the required environment variable 'LABEL' is not set",
        f"{contract}: the contract of 'job.py': no input 'results' is declared; none is declared",
    ]
    assert (tmp_path / "processing/output/result/data.csv").read_text() == "0.7"
    foreign = set(answer["imported"]) - sys.stdlib_module_names - {"contracts_runtime"}
    assert {name for name in foreign if not name.startswith("_")} == set()


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import contracts_runtime; print(sorted(set(sys.modules) - before))"
    imported = ast.literal_eval(run(sys.executable, code))
    assert [name for name in imported if name.startswith("contracts_runtime")] == ["contracts_runtime"]
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names | {"contracts_runtime"}


def test_every_public_name_can_be_imported() -> None:
    for name in contracts_runtime.__all__:
        assert getattr(contracts_runtime, name).__name__ == name
    assert set(contracts_runtime.__all__) <= set(dir(contracts_runtime))
    with pytest.raises(AttributeError, match="module 'contracts_runtime' has no attribute 'Nonsense'"):
        contracts_runtime.Nonsense  # noqa: B018


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse((SOURCES / "__init__.py").read_text(encoding="utf-8"))
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    declared = [
        (alias.asname, node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    exports = {name: f"contracts_runtime.{module}" for name, module in contracts_runtime._EXPORTS.items()}
    assert dict(declared) == exports
    assert (SOURCES / "py.typed").is_file()
