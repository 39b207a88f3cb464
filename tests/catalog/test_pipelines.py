"""Which steps make up a pipeline, as it is read from registries, graphs and step interfaces."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from flake8_contracts.catalog.wiring import registered_pipelines
from flake8_contracts.project import Project
from flake8_contracts.settings import ConfigurationError, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from flake8_contracts.catalog.model import DeclaredPipeline

STEPS = """\
from contracts_runtime import DependencySpec, OutputSpec, StepSpecification

LOAD_SPEC = StepSpecification(
    step_type="Load", node_type="source",
    outputs=[OutputSpec(logical_name="rows", output_type="processing_output")],
)
SPLIT_SPEC = StepSpecification(
    step_type="Split", node_type="internal",
    dependencies=[DependencySpec(logical_name="rows", dependency_type="processing_output",
                                 compatible_sources=["Load"])],
    outputs=[OutputSpec(logical_name="train", output_type="training_data")],
)
FIT_SPEC = StepSpecification(
    step_type="Fit", node_type="sink",
    dependencies=[DependencySpec(logical_name="train", dependency_type="training_data",
                                 compatible_sources=["Split"])],
)
"""
REGISTRY = """\
from contracts_runtime import SpecificationRegistry
from steps import FIT_SPEC, LOAD_SPEC, SPLIT_SPEC

REGISTRY = SpecificationRegistry("train")
"""


def project(root: Path, files: Mapping[str, str], **options: object) -> Project:
    for name, text in {"steps.py": STEPS, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text), encoding="utf-8")
    return Project(Settings(root=root, use_cache=False, **options))  # type: ignore[arg-type]


def shown(pipeline: DeclaredPipeline) -> str:
    """What a pipeline has, and what may be missing: ``Load Fit; Load>Fit; open``."""
    edges = [f"{edge.producer}{'=>' if edge.is_wire else '>'}{edge.consumer}" for edge in pipeline.edges]
    marks = [] if pipeline.is_complete else ["open"]
    return "; ".join([" ".join(member.name for member in pipeline.members), *edges, *marks])


def pipelines(root: Path, files: Mapping[str, str], **options: object) -> list[str]:
    return [shown(each) for each in project(root, files, **options).catalog.pipelines.registered()]


def told(root: Path, files: Mapping[str, str], **options: object) -> list[str]:
    checked = project(root, files, **options)
    names = ["steps.py", *(name for name in files if name != "steps.py")]
    found = [each for name in names for each in checked.check_file(root / name, display=name)]
    return [f"{each.path}:{each.line} {each.code}" for each in found]


# Registries

WAYS = {
    "calls": (
        'REGISTRY.register("A", LOAD_SPEC)\nREGISTRY.register(step_name="B", specification=SPLIT_SPEC)\n',
        "A B",
    ),
    "a loop": ("for each in (LOAD_SPEC, SPLIT_SPEC):\n    REGISTRY.register(each.step_type, each)\n", "Load Split"),
    "a mapping": (
        'for name, spec in {"A": LOAD_SPEC, "B": SPLIT_SPEC}.items():\n    REGISTRY.register(name, spec)\n', "A B"
    ),
    "a function": (
        "def fill(registry):\n    registry.register('A', LOAD_SPEC)\n\nfill(REGISTRY)\n", "A"
    ),
    "a function that makes and keeps it": (
        ("def make():\n    registry = SpecificationRegistry('x')\n    registry.register('A', LOAD_SPEC)\n"
        "    return registry\nMADE = make()\n"),
        "A",
    ),
    "a context": (('SpecificationRegistry.context("x").register("A", LOAD_SPEC)\n'
                  'SpecificationRegistry.context("x").register("B", SPLIT_SPEC)\n'), "A B"),
    "an import inside": ("def fill():\n    from steps import FIT_SPEC as A\n    REGISTRY.register('C', A)\nfill()\n",
                         "C"),
    "the same twice": (('REGISTRY.register("A", LOAD_SPEC)\nREGISTRY.register("A", SPLIT_SPEC)\n'
                       'REGISTRY.register("B", FIT_SPEC)\n'), "B; open"),
    "wires": (('REGISTRY.register("A", LOAD_SPEC)\nREGISTRY.register("B", SPLIT_SPEC)\n'
              'REGISTRY.connect("A", "B", output="rows", dependency="rows")\n'), "A B; A=>B"),
    "questions": (('REGISTRY.register("A", LOAD_SPEC)\nprint(REGISTRY.list_step_names(), REGISTRY)\n'
                  "assert REGISTRY.validate()\n"), "A"),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_however_steps_are_registered(tmp_path: Path, way: str) -> None:
    text, expected = WAYS[way]
    assert pipelines(tmp_path, {"pipeline.py": REGISTRY + text}) == [expected]


OPEN = {
    "an unknown specification": 'REGISTRY.register("B", other.SPEC)\n',
    "an unknown name": 'REGISTRY.register(other.NAME, SPLIT_SPEC)\n',
    "a loop over something": "for name in other.NAMES:\n    REGISTRY.register(name, other.SPECS[name])\n",
    "other code": "other.fill(REGISTRY)\n",
    "other code with a keyword": "other.fill(registry=REGISTRY)\n",
    "another method": "REGISTRY.load_all()\n",
    "other code with a list of it": "other.fill([REGISTRY])\n",
    "other code that keeps it": "KEEPER = other.Keeper()\nKEEPER.registry = REGISTRY\nKEEPER.fill()\n",
    "a registry that is not known": 'other.registry().register("B", SPLIT_SPEC)\n',
    "a bound method": "reg = REGISTRY.register\nreg('B', SPLIT_SPEC)\n",
    "a method that is handed on": "list(map(REGISTRY.register, ['B'], [SPLIT_SPEC]))\n",
    "an attribute by its name": "getattr(REGISTRY, 'register')('B', SPLIT_SPEC)\n",
    "its own attributes": "REGISTRY.steps['B'] = SPLIT_SPEC\n",
    "another name": "OTHER = REGISTRY\n",
    "a function that others may call": "def add(flag):\n    REGISTRY.register('B', SPLIT_SPEC)\n",
    "a method that others may call": (
        "class Adder:\n    def add(self, flag):\n        REGISTRY.register('B', SPLIT_SPEC)\n"
    ),
    "an unknown wire": 'REGISTRY.connect(other.NAME, "A")\n',
}  # fmt: skip


@pytest.mark.parametrize("what", OPEN)
def test_a_pipeline_that_may_have_more_steps_is_open(tmp_path: Path, what: str) -> None:
    """Nothing is said about steps that seem to be missing."""
    text = f'import other\n{REGISTRY}REGISTRY.register("A", FIT_SPEC)\n{OPEN[what]}'
    (found,) = pipelines(tmp_path, {"pipeline.py": text})
    assert found.endswith("; open")
    assert told(tmp_path, {"pipeline.py": text}) == []


def test_a_registry_that_a_function_returns_is_open(tmp_path: Path) -> None:
    """Whoever calls it may add steps."""
    text = REGISTRY.replace("REGISTRY =", "OTHER =") + (
        "def make():\n    registry = SpecificationRegistry('x')\n    registry.register('A', FIT_SPEC)\n"
        "    return registry\n"
    )
    assert pipelines(tmp_path, {"pipeline.py": text}) == ["A; open"]


HARMLESS = {
    "nothing": "",
    "a check": "assert REGISTRY.validate()\n",
    "a function that checks": "def check(strict):\n    return REGISTRY.validate()\n",
    "a comment": "# REGISTRY.steps is not for us\n",
    "a text": "HELP = 'see REGISTRY.steps'\n",
}


@pytest.mark.parametrize("what", HARMLESS)
def test_questions_and_words_leave_it_closed(tmp_path: Path, what: str) -> None:
    text = f'{REGISTRY}REGISTRY.register("A", FIT_SPEC)\n{HARMLESS[what]}'
    assert pipelines(tmp_path, {"pipeline.py": text}) == ["A"]


@pytest.mark.parametrize("name", ["test_pipeline.py", "tests/pipelines.py", "conftest.py"])
def test_tests_may_register_what_is_wrong(tmp_path: Path, name: str) -> None:
    files = {name: f'{REGISTRY}REGISTRY.register("A", FIT_SPEC)\n'}
    assert pipelines(tmp_path, files) == []
    assert told(tmp_path, files) == []


def test_a_closed_one_is_reported(tmp_path: Path) -> None:
    text = f'{REGISTRY}REGISTRY.register("A", FIT_SPEC)\n'
    assert told(tmp_path, {"pipeline.py": text}) == ["pipeline.py:5 SMC601"]


def test_registries_know_nothing_of_each_other(tmp_path: Path) -> None:
    files = {
        "one.py": REGISTRY + 'REGISTRY.register("A", LOAD_SPEC)\nREGISTRY.register("B", SPLIT_SPEC)\n',
        "two.py": REGISTRY + 'REGISTRY.register("A", FIT_SPEC)\n',
    }
    assert pipelines(tmp_path, files) == ["A B", "A"]
    assert told(tmp_path, files) == ["two.py:5 SMC601"]


def test_modules_register_in_the_registry_of_another(tmp_path: Path) -> None:
    files = {
        "registry.py": 'from contracts_runtime import SpecificationRegistry\nREGISTRY = SpecificationRegistry("x")\n',
        "first.py": "from registry import REGISTRY\nfrom steps import LOAD_SPEC\nREGISTRY.register('A', LOAD_SPEC)\n",
        "second.py": "import registry\nfrom steps import SPLIT_SPEC as SPEC\nregistry.REGISTRY.register('B', SPEC)\n",
    }
    assert pipelines(tmp_path, files) == ["A B"]


@pytest.mark.parametrize("use", ["other.fill(REGISTRY)", "REGISTRY.register('B', other.make())"])
def test_a_module_that_imports_the_registry_may_add_steps(tmp_path: Path, use: str) -> None:
    files = {
        "pipeline.py": REGISTRY + 'REGISTRY.register("A", FIT_SPEC)\n',
        "main.py": f"import other\nfrom pipeline import REGISTRY\n{use}\n",
    }
    assert pipelines(tmp_path, files) == ["A; open"]
    assert told(tmp_path, files) == []


def test_a_condition_makes_steps_alternatives(tmp_path: Path) -> None:
    """Two steps that offer the same need not run together."""
    text = f"""{REGISTRY}import os
OTHER_SPEC = LOAD_SPEC
if os.environ.get("BACKFILL"):
    REGISTRY.register("A", LOAD_SPEC)
else:
    REGISTRY.register("B", LOAD_SPEC)
REGISTRY.register("C", SPLIT_SPEC)
"""
    checked = project(tmp_path, {"pipeline.py": text}, extend_select=("SMC603",))
    (found,) = checked.catalog.pipelines.registered()
    assert found.is_alternative
    assert checked.check_file(tmp_path / "pipeline.py") == []


def test_a_registry_of_something_else_is_none(tmp_path: Path) -> None:
    text = """\
        from plugins import Registry

        SPEC = "plugin"
        REGISTRY = Registry()
        REGISTRY.register("A", SPEC)
        """
    files = {"pipeline.py": text}
    assert pipelines(tmp_path, files) == []
    assert told(tmp_path, files) == []


def test_a_registry_of_ones_own_class(tmp_path: Path) -> None:
    files = {
        "base.py": """
            class SpecificationRegistry:
                def __init__(self, name="default"):
                    self.steps = {}

                def register(self, step_name, specification):
                    self.steps[step_name] = specification
            """,
        "pipeline.py": REGISTRY.replace("contracts_runtime", "base") + 'REGISTRY.register("A", FIT_SPEC)\n',
    }
    assert pipelines(tmp_path, files) == ["A"]
    assert told(tmp_path, files) == ["pipeline.py:5 SMC601"]


# The registry that the configuration names


TWO = {
    "one.py": REGISTRY + 'REGISTRY.register("A", FIT_SPEC)\n',
    "sub/two.py": REGISTRY.replace("REGISTRY", "OTHER") + 'OTHER.register("B", FIT_SPEC)\n',
}


def test_only_the_registry_that_is_named(tmp_path: Path) -> None:
    assert pipelines(tmp_path, TWO, registry="sub.two:OTHER") == ["B"]
    assert told(tmp_path, TWO, registry="sub.two:OTHER") == ["sub/two.py:5 SMC601"]


def test_its_module_need_not_look_like_one(tmp_path: Path) -> None:
    files = {
        **TWO,
        "made.py": "from makers import make\nfrom steps import LOAD_SPEC as s\nSTEPS=make()\nSTEPS.register('L', s)\n",
        "makers.py": "import contracts_runtime as c\ndef make():\n    return c.SpecificationRegistry ('x')\n",
    }
    assert pipelines(tmp_path, files, registry="made:STEPS") == ["L"]


@pytest.mark.parametrize(
    ("registry", "reason"),
    [
        ("one:REGISTRI", "did you mean 'REGISTRY'"),
        ("steps:REGISTRY", "has no registry 'REGISTRY'"),
        ("onne:REGISTRY", "no module 'onne'"),
    ],
)
def test_a_registry_that_does_not_exist_is_an_error(tmp_path: Path, registry: str, reason: str) -> None:
    checked = project(tmp_path, TWO, registry=registry)
    with pytest.raises(ConfigurationError, match=reason):
        checked.catalog.declaring_files()


# Graphs


def test_a_graph_chooses_steps(tmp_path: Path) -> None:
    text = REGISTRY + textwrap.dedent("""\
        for each in (LOAD_SPEC, SPLIT_SPEC, FIT_SPEC):
            REGISTRY.register(each.step_type, each)

        FULL = {"nodes": ["Load", "Split", "Fit"], "edges": [("Load", "Split"), ("Split", "Fit")]}
        SHORT = {"nodes": ["Load", "Fit"], "edges": [("Load", "Fit")]}
        """)
    assert pipelines(tmp_path, {"pipeline.py": text}) == [
        "Load Split Fit; Load>Split; Split>Fit",
        "Load Fit; Load>Fit",
    ]
    assert told(tmp_path, {"pipeline.py": text}) == ["pipeline.py:9 SMC602"]


NO_GRAPHS = {
    "an unknown edge": '{"nodes": ["Load"], "edges": EDGES}',
    "an edge to nowhere": '{"nodes": ["Load"], "edges": [("Load", "Split")]}',
    "an unknown node": '{"nodes": ["Load", NAME], "edges": []}',
    "triples": '{"nodes": ["Load", "Fit"], "edges": [("Load", "Fit", 1)]}',
    "something else": '{"nodes": ["Fit", "Other"], "edges": [("Other", "Fit")]}',
    "no nodes": '{"nodes": [], "edges": []}',
}


@pytest.mark.parametrize("what", NO_GRAPHS)
def test_a_graph_that_is_not_known_in_full_is_none(tmp_path: Path, what: str) -> None:
    text = (
        f"from other import EDGES, NAME\n{REGISTRY}"
        f'REGISTRY.register("Load", LOAD_SPEC)\nREGISTRY.register("Split", SPLIT_SPEC)\nDAG = {NO_GRAPHS[what]}\n'
    )
    assert pipelines(tmp_path, {"pipeline.py": text}) == ["Load Split"]


def test_a_graph_belongs_to_the_registry_that_its_module_knows(tmp_path: Path) -> None:
    steps = "for each in (LOAD_SPEC, SPLIT_SPEC):\n    REGISTRY.register(each.step_type, each)\n"
    files = {
        "one.py": REGISTRY + steps,
        "two.py": REGISTRY + steps + 'DAG = {"nodes": ["Load"], "edges": []}\n',
    }
    assert pipelines(tmp_path, files) == ["Load", "Load Split"]


# Step interfaces


def step(step_type: str, sources: str = "", more: str = "") -> str:
    dependencies = f"rows: {{type: processing_output, compatible_sources: [{sources}]}}" if sources else ""
    return textwrap.dedent(f"""\
        step_type: {step_type}
        spec:
          dependencies: {{{dependencies}}}
          outputs: {{rows: {{type: processing_output}}{more}}}
        """)


def test_a_folder_of_step_interfaces_is_no_pipeline(tmp_path: Path) -> None:
    """What a step needs may come from a step that is described elsewhere, or from nowhere in this pipeline."""
    files = {
        "a.step.yaml": step("A", "B, Elsewhere"),
        "b.step.yaml": step("B", "A, C"),
        "c.step.yaml": step("C"),
    }
    assert not [each for each in told(tmp_path, files) if "SMC6" in each]


def test_steps_that_wait_for_each_other_whatever_the_pipeline(tmp_path: Path) -> None:
    files = {"a.step.yaml": step("A", "B"), "b.step.yaml": step("B", "A")}
    assert [each for each in told(tmp_path, files) if "SMC6" in each] == ["a.step.yaml:3 SMC604"]


def test_projects_in_the_project_are_pipelines_of_their_own(tmp_path: Path) -> None:
    files = {
        "one/pyproject.toml": "",
        "two/pyproject.toml": "",
        "one/a.step.yaml": step("A", "B"),
        "two/b.step.yaml": step("B", "A"),
    }
    assert not [each for each in told(tmp_path, files) if "SMC6" in each]


def test_a_source_without_an_output_of_the_type(tmp_path: Path) -> None:
    files = {
        "a.step.yaml": "step_type: A\nspec:\n  outputs: {model: {type: model_artifacts}}\n",
        "b.step.yaml": step("B", "A"),
    }
    assert [each for each in told(tmp_path, files) if "SMC6" in each] == ["b.step.yaml:3 SMC601"]


def test_the_same_type_twice_says_nothing(tmp_path: Path) -> None:
    files = {"a.step.yaml": step("A", "B"), "b.step.yaml": step("B", "A"), "c.step.yaml": step("B")}
    assert not [each for each in told(tmp_path, files) if "SMC6" in each]


# What is asked and what was replaced


def test_nothing_is_found_without_registries() -> None:
    assert list(registered_pipelines([], [], [])) == []


def test_an_unsaved_module_counts_for_all_files(tmp_path: Path) -> None:
    files = {"pipeline.py": REGISTRY + 'REGISTRY.register("A", FIT_SPEC)\n'}
    checked = project(tmp_path, files)
    assert [each.code for each in checked.check_file(tmp_path / "pipeline.py")] == ["SMC601"]
    checked.check_file(tmp_path / "steps.py", STEPS.replace('["Split"]', '["S3Source"]'))
    assert checked.check_file(tmp_path / "pipeline.py") == []
    checked.check_file(tmp_path / "steps.py", STEPS)
    assert [each.code for each in checked.check_file(tmp_path / "pipeline.py")] == ["SMC601"]
