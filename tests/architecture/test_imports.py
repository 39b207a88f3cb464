"""What the entry point of flake8 pulls in, beyond what import-linter can see: what is imported, and when."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent.parent / "src"
HEAVY = {
    "libcst",
    "pydantic",
    "ruamel",
    "yaml",
    "click",
    "pathspec",
    "boto3",
    "botocore",
    "sagemaker",
    "pandas",
    "numpy",
}


def imported_by(statement: str) -> set[str]:
    """The modules that there are after a statement, and were not before."""
    program = f"import sys; before = set(sys.modules)\n{statement}\nprint(*(set(sys.modules) - before))"
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(process.stdout.split())


def tops(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_flake8_loads_the_plugin_and_nothing_else_of_the_package():
    """flake8 does this in every project, also where there are no contracts."""
    modules = imported_by("import flake8_contracts.plugin")
    own = {name for name in modules if name.startswith(("flake8_contracts", "contracts_runtime"))}
    assert own == {"flake8_contracts", "flake8_contracts.plugin"}
    assert not tops(modules) & HEAVY


def test_the_plugin_needs_the_standard_library_only():
    modules = imported_by("import flake8_contracts.plugin")
    assert tops(modules) - set(sys.stdlib_module_names) == {"flake8_contracts"}


def test_options_are_read_without_the_engine():
    modules = imported_by("import flake8.main.application\nimport flake8_contracts.plugin_options")
    own = {name.split(".")[1] for name in modules if name.startswith("flake8_contracts.")}
    assert own <= {"buffers", "plugin_options", "rules", "selection", "settings", "suggestions", "findings"}
    assert {name for name in modules if name.startswith("flake8_contracts.rules")} == {
        "flake8_contracts.rules",
        "flake8_contracts.rules.codes",
    }
    assert not tops(modules) & HEAVY


@pytest.mark.parametrize("module", ["flake8_contracts.project", "flake8_contracts.catalog.catalog"])
def test_a_project_is_made_without_the_parser(module):
    modules = imported_by(f"import {module}")
    assert not tops(modules) & HEAVY


@pytest.mark.parametrize(
    "module", ["flake8_contracts.api", "flake8_contracts.rules.base", "flake8_contracts.facts.build"]
)
def test_the_engine_needs_no_models_and_no_command_line(module):
    """Of LibCST only what ``import libcst`` itself takes: its matchers and code modifications cost as much again."""
    added = imported_by(f"import {module}") - imported_by("import libcst")
    assert not tops(added) & HEAVY


def test_all_rules_cost_no_models():
    modules = imported_by("from flake8_contracts.rules import all_rules\nall_rules()")
    assert not tops(modules) & {"pydantic", "click", "boto3", "sagemaker", "ruamel"}
    assert "contracts_runtime.contracts" not in modules  # the model needs pydantic


# The emulated container: made to run scripts, by tests only. The linter cannot import it (see pyproject.toml).
RUNS_SCRIPTS = {SOURCE / "contracts_runtime" / name for name in ("remapping.py", "testing.py")}


@pytest.mark.parametrize(
    "path",
    sorted(set(SOURCE.rglob("*.py")) - RUNS_SCRIPTS),
    ids=lambda path: path.relative_to(SOURCE).as_posix(),
)
def test_nothing_of_a_project_can_be_executed(path):
    """What is read is never compiled to be run, evaluated, imported or unpickled."""
    forbidden = {"exec", "eval", "__import__", "execfile"}
    modules = {"pickle", "marshal", "runpy", "shelve", "dill", "joblib", "subprocess", "imp"}
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in forbidden, f"{path.name}:{node.lineno}"
        elif isinstance(node, ast.Import):
            assert not {alias.name.partition(".")[0] for alias in node.names} & modules, (
                f"{path.name}:{node.lineno}"
            )
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert (node.module or "").partition(".")[0] not in modules, f"{path.name}:{node.lineno}"
