"""Step specifications as they are read from Python modules and step interfaces; nothing of them is run."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contracts_runtime.problems import UNRESOLVED
from flake8_contracts.catalog.catalog import Catalog
from flake8_contracts.project import Project
from flake8_contracts.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flake8_contracts.catalog.model import DeclaredSpecification
    from flake8_contracts.findings import Finding

IMPORTS = """\
from contracts_runtime import (
    DependencySpec, DependencyType, NodeType, OutputSpec, ScriptContract, StepSpecification,
)
"""
CONTRACT = """\
from contracts_runtime import ScriptContract

FIT_CONTRACT = ScriptContract(
    entry_point="fit.py",
    expected_input_paths={"rows": "/opt/ml/processing/input/rows"},
    expected_output_paths={"model": "/opt/ml/processing/output/model"},
)
"""


def project(root: Path, files: Mapping[str, str]) -> Project:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text), encoding="utf-8")
    return Project(Settings(root=root, use_cache=False))


def catalog(root: Path, files: Mapping[str, str]) -> Catalog:
    return project(root, files).catalog


def specification(root: Path, text: str, **others: str) -> DeclaredSpecification:
    """The one specification that a module with this text declares."""
    modules = {f"{name}.py": other for name, other in others.items()}
    found = catalog(root, {"fit_spec.py": IMPORTS + textwrap.dedent(text), **modules})
    (only,) = found.by_file[root / "fit_spec.py"].specifications
    return only


def findings(root: Path, files: Mapping[str, str]) -> list[Finding]:
    checked = project(root, files)
    return [each for name in files for each in checked.check_file(root / name, display=name)]


def told(root: Path, files: Mapping[str, str]) -> list[str]:
    """File, line and code of everything that is reported."""
    return [f"{each.path}:{each.line} {each.code}" for each in findings(root, files)]


# In Python modules

WAYS = {
    "a list": """
        SPEC = StepSpecification(
            step_type="Fit_Training", node_type="internal",
            dependencies=[DependencySpec(logical_name="rows", dependency_type="training_data",
                                         compatible_sources=["Load"])],
            outputs=[OutputSpec(logical_name="model", output_type="model_artifacts", aliases=["m"])],
        )
        """,
    "a mapping": """
        SPEC = StepSpecification(
            step_type="Fit_Training", node_type=NodeType.INTERNAL,
            dependencies={"rows": DependencySpec(logical_name="rows", compatible_sources=["Load"],
                                                 dependency_type=DependencyType.TRAINING_DATA)},
            outputs={"model": OutputSpec(logical_name="model", output_type="model_artifacts", aliases=["m"])},
        )
        """,
    "constants and helpers": """
        def get_spec_step_type(name):
            return {"fit": "Fit"}[name]

        SOURCES = ("Load",)
        ROWS = DependencySpec("rows", DependencyType.TRAINING_DATA, compatible_sources=list(SOURCES)) if False else \\
            DependencySpec(logical_name="rows", dependency_type="training_data", compatible_sources=list(SOURCES))

        def _outputs(*aliases):
            return [OutputSpec(logical_name="model", output_type="model_artifacts", aliases=list(aliases))]

        SPEC = StepSpecification(
            step_type=get_spec_step_type("fit") + "_Training", node_type=NodeType("internal").value,
            dependencies=[ROWS], outputs=_outputs("m"),
        )
        """,
    "a comprehension": """
        SPEC = StepSpecification(
            step_type="_".join(["Fit", "Training"]), node_type=NodeType.INTERNAL,
            dependencies=[
                DependencySpec(logical_name=name, dependency_type="training_data", compatible_sources=["Load"])
                for name in ("rows",)
            ],
            outputs=[OutputSpec(logical_name=name, output_type="model_artifacts", aliases=[alias])
                     for name, alias in {"model": "m"}.items()],
        )
        """,
    "a factory": """
        def create_spec(job_type="Training"):
            return StepSpecification(
                step_type=f"Fit_{job_type}", node_type="internal",
                dependencies=[DependencySpec(logical_name="rows", dependency_type="training_data",
                                             compatible_sources=["Load"])],
                outputs=[OutputSpec(logical_name="model", output_type="model_artifacts", aliases=["m"])],
            )
        """,
    "plain mappings": """
        SPEC = StepSpecification(
            step_type="Fit_Training", node_type="internal",
            dependencies={"rows": {"dependency_type": "training_data", "compatible_sources": ["Load"]}},
            outputs={"model": {"output_type": "model_artifacts", "aliases": ["m"]}},
        )
        """,
}


@pytest.mark.parametrize("way", WAYS)
def test_however_it_is_written(tmp_path: Path, way: str) -> None:
    found = specification(tmp_path, WAYS[way])
    assert found.step_type is not None
    assert found.step_type.value == "Fit_Training"
    assert list(found.dependencies) == ["rows"]
    assert found.dependencies["rows"].raw["compatible_sources"] == ["Load"]
    assert list(found.outputs) == ["model"]
    assert found.outputs["model"].raw["aliases"] == ["m"]
    if way != "constants and helpers":
        assert not found.unresolved
        assert found.raw["node_type"] == "internal"


def test_places_are_those_of_the_values(tmp_path: Path) -> None:
    found = specification(
        tmp_path,
        """
        SPEC = StepSpecification(
            step_type="Fit",
            node_type="source",
            outputs=[
                OutputSpec(
                    logical_name="model",
                    output_type="model_artifacts",
                    aliases=[
                        "m",
                    ],
                    property_path="properties.ModelName",
                ),
            ],
        )
        """,
    )
    model = found.outputs["model"]
    first = found.place.span.line
    lines = {
        "step_type": found.step_type and found.step_type.place.span.line,
        "logical_name": model.name.place.span.line,
        "alias": model.place("aliases", "m").span.line,
        "property_path": model.place("property_path").span.line,
        "what is not there": model.place("description").span.line,
    }
    assert {name: line and line - first for name, line in lines.items()} == {
        "step_type": 1,
        "logical_name": 5,
        "alias": 8,
        "property_path": 10,
        "what is not there": 5,
    }


MODEL_ONLY = """\
FIT_CONTRACT = ScriptContract(
    entry_point="fit.py", expected_output_paths={"model": "/opt/ml/processing/output/model"}
)
"""
OPEN = {
    "a name from elsewhere": (
        "{'step_type'}", "SPEC = StepSpecification(step_type=NAME, node_type='singular'"
    ),
    "a call": ("{'outputs'}", "SPEC = StepSpecification(step_type='A', node_type='source', outputs=load()"),
    "an item": ("{'outputs'}", "SPEC = StepSpecification(step_type='A', node_type='source', outputs=[load()]"),
    "a key": (
        "{'dependencies'}",
        "SPEC = StepSpecification(step_type='A', node_type='sink', dependencies={load(): 1}",
    ),
    "a name of a dependency": (
        "{'dependencies'}",
        ("SPEC = StepSpecification(step_type='A', node_type='sink',"
        " dependencies=[DependencySpec(logical_name=NAME, dependency_type='training_data')]"),
    ),
    "more fields": (
        "{'dependencies', 'outputs'}", "SPEC = StepSpecification(step_type='A', node_type='internal', **MORE"
    ),
    "a loop over something": (
        "{'outputs'}",
        ("OUTPUTS = []\nfor name in load():\n"
        "    OUTPUTS.append(OutputSpec(logical_name=name, output_type='processing_output'))\n"
        "SPEC = StepSpecification(step_type='A', node_type='source', outputs=OUTPUTS"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", OPEN)
def test_what_is_not_known_is_open_and_never_reported(tmp_path: Path, what: str) -> None:
    names, text = OPEN[what]
    open_fields = ast.literal_eval(names)
    contract = CONTRACT if "dependencies" in open_fields else MODEL_ONLY
    imports = f"{IMPORTS}from elsewhere import MORE, NAME, load\n"
    files = {"fit_spec.py": f"{imports}{contract}{text}, script_contract=FIT_CONTRACT)\n", "fit.py": ""}
    (only,) = catalog(tmp_path, files).by_file[tmp_path / "fit_spec.py"].specifications
    assert only.unresolved >= open_fields
    assert [each for each in told(tmp_path, files) if each.startswith("fit_spec")] == []


CONTRACTS = {
    "a name": "from fit_contract import FIT_CONTRACT\n{spec}FIT_CONTRACT)",
    "a function": "def get():\n    from fit_contract import FIT_CONTRACT\n    return FIT_CONTRACT\n{spec}get)",
    "a call": "def get():\n    from fit_contract import FIT_CONTRACT\n    return FIT_CONTRACT\n{spec}get())",
    "a module's attribute": "import fit_contract\n{spec}fit_contract.FIT_CONTRACT)",
    "a file": "{spec}ScriptContract.from_file('contracts/fit.contract.json'))",
    "a file beside": (
        "from pathlib import Path\nHERE = Path(__file__).resolve().parent\n"
        "{spec}ScriptContract.from_file(HERE / 'contracts' / 'fit.contract.json'))"
    ),
}


@pytest.mark.parametrize("way", CONTRACTS)
def test_the_contract_is_found(tmp_path: Path, way: str) -> None:
    spec = "SPEC = StepSpecification(step_type='Fit', node_type='singular', script_contract="
    files = {
        "fit_spec.py": IMPORTS + CONTRACTS[way].format(spec=spec) + "\n",
        "fit_contract.py": CONTRACT,
        "contracts/fit.contract.json": (
            '{"entry_point": "fit.py", "expected_input_paths": {"rows": "/opt/ml/processing/input/rows"}}'
        ),
    }
    read = catalog(tmp_path, files)
    (only,) = read.by_file[tmp_path / "fit_spec.py"].specifications
    contract = read.contract_of(only)
    assert contract is not None
    assert list(contract.inputs) == ["rows"]


def test_two_files_of_one_name_are_no_contract(tmp_path: Path) -> None:
    spec = "SPEC = StepSpecification(step_type='Fit', node_type='singular', script_contract="
    contract = '{"entry_point": "fit.py"}'
    files = {
        "fit_spec.py": f"{IMPORTS}{spec}ScriptContract.from_file('fit.contract.json'))\n",
        "a/fit.contract.json": contract,
        "b/fit.contract.json": contract,
    }
    read = catalog(tmp_path, files)
    (only,) = read.by_file[tmp_path / "fit_spec.py"].specifications
    assert read.contract_of(only) is None


OWN_CLASSES = """
    from dataclasses import dataclass, field
    from enum import Enum


    class DependencyType(Enum):
        PROCESSING_OUTPUT = "processing_output"


    class NodeType(Enum):
        SOURCE = "source"
        INTERNAL = "internal"


    @dataclass
    class DependencySpec:
        logical_name: str
        dependency_type: DependencyType
        required: bool = True
        compatible_sources: list = field(default_factory=list)


    @dataclass
    class OutputSpec:
        logical_name: str
        output_type: DependencyType
        property_path: str = ""


    @dataclass
    class StepSpecification:
        step_type: str
        node_type: NodeType
        dependencies: list
        outputs: list
        script_contract: object = None
        owner: str = "us"
    """


def test_a_code_base_has_its_own_classes(tmp_path: Path) -> None:
    files = {
        "base.py": OWN_CLASSES,
        "fit_contract.py": CONTRACT,
        "fit.py": "",
        "fit_spec.py": """
            from base import DependencySpec, DependencyType, NodeType, OutputSpec, StepSpecification
            from fit_contract import FIT_CONTRACT

            SPEC = StepSpecification(
                "Fit",
                NodeType.SOURCE,
                [DependencySpec("row", DependencyType.PROCESSING_OUTPUT)],
                [OutputSpec("model", DependencyType.PROCESSING_OUTPUT)],
                FIT_CONTRACT,
            )
            """,
    }
    (only,) = catalog(tmp_path, files).by_file[tmp_path / "fit_spec.py"].specifications
    assert only.is_foreign
    assert only.raw["node_type"] == "source"
    assert only.dependencies["row"].raw["dependency_type"] == "processing_output"
    # Their own rules, such as what a source may have, are their own business.
    assert [each for each in told(tmp_path, files) if each.startswith("fit_spec")] == ["fit_spec.py:8 SMC501"]


def test_a_specification_in_a_function_of_a_library_is_not_of_this_module(tmp_path: Path) -> None:
    """One that a helper module makes belongs to the module whose code calls the helper."""
    files = {
        "helper.py": IMPORTS
        + "def make(name):\n    return StepSpecification(step_type=name, node_type='singular')\n",
        "fit_spec.py": "from helper import make\nFIT = make('Fit')\nSCORE = make('Score')  # StepSpecification(\n",
    }
    read = catalog(tmp_path, files)
    found = read.by_file[tmp_path / "fit_spec.py"].specifications
    assert [each.name for each in found] == ["FIT", "SCORE"]
    assert [each.place.span.line for each in found] == [2, 3]
    assert tmp_path / "helper.py" not in read.by_file


# In step interfaces

STEP = """\
step_type: Fit
node_type: internal
registry: {sagemaker_step_type: Training}
contract:
  entry_point: fit.py
  inputs:
    rows: {path: /opt/ml/input/data/rows}
    hints: {path: /opt/ml/input/data/hints, required: false}
  outputs:
    model: {path: /opt/ml/model}
spec:
  dependencies:
    rows:
      type: training_data
      compatible_sources: [Load, Split]
  outputs:
    model:
      type: model_artifacts
      property_path: properties.ModelArtifacts.S3ModelArtifacts
      aliases:
        - m
"""


def test_a_step_interface_is_a_specification(tmp_path: Path) -> None:
    read = catalog(tmp_path, {"fit.step.yaml": STEP})
    (only,) = read.by_file[tmp_path / "fit.step.yaml"].specifications
    assert (only.name, only.is_step_file, only.is_foreign) == ("fit", True, False)
    assert only.raw["sagemaker_step_type"] == "Training"
    assert only.dependencies["rows"].raw["dependency_type"] == "training_data"
    assert only.dependencies["rows"].place("compatible_sources", "Split").span.line == 15
    assert only.outputs["model"].place("aliases", "m").span.line == 21
    contract = read.contract_of(only)
    assert contract is not None
    assert list(contract.inputs) == ["rows", "hints"]


CHANGES = {
    "nothing": ("", "", []),
    "a dependency's name": ("    rows:\n      type", "    row:\n      type", ["fit.step.yaml:13 SMC501"]),
    "an optional dependency": (
        "      type: training_data\n",
        "      type: training_data\n      required: false\n",
        [],
    ),
    "an output's name": ("    model:\n      type", "    modell:\n      type", ["fit.step.yaml:17 SMC502"]),
    "the kind of path": (
        "properties.ModelArtifacts.S3ModelArtifacts",
        "properties.ProcessingOutputConfig.Outputs['model'].S3Output.S3Uri",
        ["fit.step.yaml:19 SMC506"],
    ),
    "the type of data": ("type: training_data", "type: rows", ["fit.step.yaml:14 SMC405"]),
    "a key": ("      aliases:", "      aliasses:", ["fit.step.yaml:20 SMC901"]),
    "a section": ("  dependencies:", "  dependancies:", ["fit.step.yaml:12 SMC901"]),
    "the node type": ("node_type: internal", "node_type: sink", ["fit.step.yaml:2 SMC405"]),
    "a list": ("      compatible_sources: [Load, Split]", "      compatible_sources: 3", ["fit.step.yaml:15 SMC405"]),
    "a port": ("    rows:\n      type: training_data\n      compatible_sources: [Load, Split]", "    rows: yes",
               ["fit.step.yaml:13 SMC901"]),
    "somebody else's keys": ("    rows:\n      type", "    rows:\n      owner: us\n      type", []),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_wrong_in_a_step_interface(tmp_path: Path, change: str) -> None:
    old, new, expected = CHANGES[change]
    assert old in STEP
    files = {
        "fit.step.yaml": STEP.replace(old, new) if old else STEP,
        "fit.py": "import os\nprint(os.listdir('/opt/ml/input/data/rows'), os.listdir('/opt/ml/input/data/hints'))\n"
        "open('/opt/ml/model/m', 'w')\n",
    }
    assert told(tmp_path, files) == expected


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nspec: {dependencies: {a: 1}, outputs: {b: 2}}\n",
        "spec: [a, b]\n",
        "spec:\n",
        "- spec\n",
    ],
)
def test_files_of_other_tools_are_left_alone(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, {"a.step.yaml": text}) == []


def test_the_fields_are_those_of_the_model(tmp_path: Path) -> None:
    """The linter's reading and the model's are the same, where everything is known."""
    from contracts_runtime import StepSpecification
    from flake8_contracts.rules.specification_problems import fields_of

    (only,) = catalog(tmp_path, {"fit.step.yaml": STEP}).by_file[tmp_path / "fit.step.yaml"].specifications
    fields = fields_of(only)
    assert UNRESOLVED not in fields.values()
    again = StepSpecification.model_validate(fields)
    assert again.fields() == StepSpecification.from_file(tmp_path / "fit.step.yaml").fields()
