"""Specifications, registries and step interfaces: what each change checks anew, and that nothing else is."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cache.conftest import findings

CONTRACTS = """\
from contracts_runtime import ScriptContract
LOAD = ScriptContract(entry_point="load.py", expected_output_paths={"rows": "/opt/ml/processing/output/rows"})
"""
LOAD = """\
from contracts import LOAD
from contracts_runtime import OutputSpec, StepSpecification
LOAD_SPEC = StepSpecification(step_type="Load", node_type="source", script_contract=LOAD,
                              outputs=[OutputSpec(logical_name="rows", output_type="processing_output")])
"""
FIT = """\
from contracts_runtime import DependencySpec, StepSpecification
FIT_SPEC = StepSpecification(step_type="Fit", node_type="sink", dependencies=[
    DependencySpec(logical_name="rows", dependency_type="training_data", compatible_sources=["Load"])])
"""
PIPELINE = """\
from contracts_runtime import SpecificationRegistry, StepSpecification
from fit_spec import FIT_SPEC
from load_spec import LOAD_SPEC
REGISTRY = SpecificationRegistry("train")
REGISTRY.register("Load", LOAD_SPEC)
REGISTRY.register("Fit", FIT_SPEC)
"""
SCORE = """\
from contracts_runtime import SpecificationRegistry, StepSpecification
REGISTRY = SpecificationRegistry("score")
REGISTRY.register("Score", StepSpecification.from_file("steps/score.step.yaml"))
"""


def step(step_type: str, source: str) -> str:
    return (
        f"step_type: {step_type}\nspec:\n"
        f"  dependencies: {{rows: {{type: training_data, compatible_sources: [{source}]}}}}\n"
        "  outputs: {rows: {type: training_data}}\n"
    )


PROJECT = {
    "pyproject.toml": "",
    "contracts.py": CONTRACTS,
    "load.py": "open('/opt/ml/processing/output/rows/a.csv', 'w')\n",
    "load_spec.py": LOAD,
    "fit_spec.py": FIT,
    "pipeline.py": PIPELINE,
    "score.py": SCORE,
    "steps/score.step.yaml": step("Score", "External"),
    "steps/clean.step.yaml": step("Clean", "Score"),
    "other/pyproject.toml": "",
    "other/a.step.yaml": step("A", "B"),
    "other/b.step.yaml": step("B", "A"),
}


@pytest.fixture
def project(write) -> Path:
    return write(PROJECT)


def test_there_is_something_to_keep(project):
    codes = [each.split("code='")[1][:6] for each in findings(project)]
    assert codes.count("SMC604") == 1
    (project / "fit_spec.py").write_text(FIT.replace('"Load"', '"Split"'))
    assert any("SMC601" in each and "pipeline.py" in each for each in findings(project))


CHANGES = {
    "a specification": ("fit_spec.py", '"Load"', '"Split"', {"fit_spec.py", "pipeline.py", "score.py"}),
    "a contract of a specification": (
        "contracts.py", '{"rows"', '{"row"', {"contracts.py", "load.py", "load_spec.py", "pipeline.py", "score.py"}
    ),
    "a registry": ("pipeline.py", 'register("Fit"', 'register("F"', {"pipeline.py", "score.py"}),
    "a step interface that a registry loads": (
        "steps/score.step.yaml", "External", "Load", {"score.step.yaml", "clean.step.yaml", "pipeline.py", "score.py"}
    ),
    "a step interface": ("steps/clean.step.yaml", "Score", "Clean", {"score.step.yaml", "clean.step.yaml"}),
    "a step interface of another project": ("other/b.step.yaml", "[A]", "[C]", {"a.step.yaml", "b.step.yaml"}),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_checks_what_depends_on_it(project, checked, change):
    name, old, new, anew = CHANGES[change]
    checked(project)
    assert checked(project) == set()
    text = (project / name).read_text()
    assert old in text
    (project / name).write_text(text.replace(old, new))
    assert checked(project) == anew
    assert checked(project) == set()


def test_a_module_that_begins_to_register_is_noticed(project, checked):
    (project / "more.py").write_text("from pipeline import PIPELINE\n")
    checked(project)
    (project / "more.py").write_text(
        "from pipeline import REGISTRY\nfrom steps import SPEC\nREGISTRY.register('More', SPEC)\n"
    )
    assert "pipeline.py" in checked(project)


def test_a_project_that_appears_in_the_project_is_noticed(project, checked):
    checked(project)
    (project / "steps" / "pyproject.toml").write_text("")
    assert checked(project) == {"score.step.yaml", "clean.step.yaml"}


SNIPPETS = (
    "",
    "# a comment\n",
    "def broken(:\n",
    "from load_spec import LOAD_SPEC\nfrom pipeline import REGISTRY\nREGISTRY.register('Again', LOAD_SPEC)\n",
    "from pipeline import REGISTRY\nimport elsewhere\nelsewhere.fill(REGISTRY)\n",
    "from contracts_runtime import *\nLOAD_SPEC = StepSpecification(step_type='L', node_type='source')\n",
    "DAG = {'nodes': ['Load', 'Fit'], 'edges': [('Fit', 'Load')]}\n",
    "REGISTRY.connect('Fit', 'Load')\n",
)
DATA = (
    step("Score", "Clean"),
    step("Clean", "Elsewhere"),
    "step_type: [broken\n",
    "step_type: Load\ncontract: {entry_point: load.py, outputs: {row: {path: /opt/ml/processing/output/r}}}\n",
)
MODULES = [name for name in PROJECT if name.endswith(".py")]
DOCUMENTS = [name for name in PROJECT if name.endswith(".yaml")]


@st.composite
def edits(draw):
    """An edit: the name of a file, and what becomes of what it holds (``None``: it is removed)."""
    kind = draw(st.sampled_from(("append", "append", "replace", "document", "restore", "remove", "mark")))
    if kind == "mark":
        return draw(st.sampled_from(["steps/setup.py", "steps/pyproject.toml"])), ""
    if kind == "document":
        return draw(st.sampled_from(DOCUMENTS)), draw(st.sampled_from(DATA))
    name = draw(st.sampled_from([*MODULES, *DOCUMENTS] if kind in ("remove", "restore") else MODULES))
    if kind == "remove":
        return name, None
    before = PROJECT[name]
    if kind == "restore":
        return name, before
    snippet = draw(st.sampled_from(SNIPPETS))
    return name, before + snippet if kind == "append" else snippet


@settings(max_examples=25)
@given(st.lists(edits(), min_size=1, max_size=5))
def test_kept_results_change_nothing(changes):
    root = Path(tempfile.mkdtemp())
    try:
        for name, content in PROJECT.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(content)
        for name, content in [("pyproject.toml", ""), *changes]:
            if content is None:
                (root / name).unlink(missing_ok=True)
            else:
                (root / name).write_text(content)
            assert findings(root) == findings(root, use_cache=False)
    finally:
        shutil.rmtree(root)
