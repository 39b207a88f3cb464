"""The linter says of a pipeline that it only reads what the registry says that runs it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_contracts.project import Project
from flake8_contracts.rules import all_rules
from flake8_contracts.settings import Settings

CODES = {rule.name: rule.code for rule in all_rules() if rule.code[3] in "56"}

#: So different that none of them looks like another one misspelt, which is told once and not twice.
NAMES = ("alpha", "zzzzzz", "QQQ", "k1")
STEP_TYPES = ("Load", "Wxyz", "Fit", "Fit_Training", "Fit_Training_Gpu")
TYPES = ("processing_output", "training_data", "model_artifacts", "custom_property")
SOURCES = (*STEP_TYPES, "External", "ProcessingStep", "Elsewhere")
PATHS = (
    None,
    "properties.ProcessingOutputConfig.Outputs['{own}'].S3Output.S3Uri",
    "properties.ProcessingOutputConfig.Outputs['alpha'].S3Output.S3Uri",
    "properties.ModelArtifacts.S3ModelArtifacts",
    "properties.Nothing",
)

names = st.sets(st.sampled_from(NAMES), max_size=3).map(sorted)


@st.composite
def dependencies(draw: st.DrawFn) -> list[str]:
    return [
        f"DependencySpec(logical_name={name!r}, dependency_type={draw(st.sampled_from(TYPES))!r},"
        f" required={draw(st.booleans())},"
        f" compatible_sources={draw(st.lists(st.sampled_from(SOURCES), max_size=2, unique=True))!r})"
        for name in draw(names)
    ]


@st.composite
def outputs(draw: st.DrawFn) -> list[str]:
    found = []
    for name in draw(names):
        path = draw(st.sampled_from(PATHS))
        given_path = "" if path is None else f", property_path={path.format(own=name)!r}"
        aliases = [f"{name}_{name}"] if draw(st.booleans()) else []
        kind = draw(st.sampled_from(TYPES))
        found.append(
            f"OutputSpec(logical_name={name!r}, output_type={kind!r}, aliases={aliases}{given_path})"
        )
    return found


@st.composite
def contracts(draw: st.DrawFn) -> str:
    is_training = draw(st.booleans())
    inputs, results = draw(names), draw(names)
    base = "/opt/ml/input/data" if is_training else "/opt/ml/processing/input"
    target = "/opt/ml/model" if is_training else "/opt/ml/processing/output"
    return (
        f"{'TrainingScriptContract' if is_training else 'ScriptContract'}(entry_point='a.py',"
        f" expected_input_paths={ {name: f'{base}/{name}' for name in inputs}!r},"
        f" expected_output_paths={ {name: f'{target}/{name}' for name in results}!r})"
    )


@st.composite
def pipelines(draw: st.DrawFn) -> str:
    """A module that declares steps, registers them, and connects some."""
    lines = [
        "from contracts_runtime import DependencySpec, OutputSpec, ScriptContract, SpecificationRegistry",
        "from contracts_runtime import StepSpecification, TrainingScriptContract",
        "REGISTRY = SpecificationRegistry('generated')",
    ]
    steps = draw(st.integers(1, 4))
    for number in range(steps):
        needs, gives = draw(dependencies()), draw(outputs())
        node_type = {
            (True, True): "internal", (True, False): "sink", (False, True): "source", (False, False): "singular"
        }[bool(needs), bool(gives)]  # fmt: skip
        contract = draw(st.none() | contracts())
        if contract is not None:
            lines.append(f"CONTRACT_{number} = {contract}")
        given_contract = "" if contract is None else f", script_contract=CONTRACT_{number}"
        lines += [
            (
                f"SPEC_{number} = StepSpecification(step_type={draw(st.sampled_from(STEP_TYPES))!r},"
                f" node_type={node_type!r}, dependencies=[{', '.join(needs)}], outputs=[{', '.join(gives)}]"
                f"{given_contract})"
            ),
            f"REGISTRY.register('step{number}', SPEC_{number})",
        ]
    optional_names = st.none() | st.sampled_from(NAMES)
    for _ in range(draw(st.integers(0, 2))):
        ends = [f"step{draw(st.integers(0, steps - 1))}" for _ in range(2)]
        output, dependency = draw(optional_names), draw(optional_names)
        lines.append(
            f"REGISTRY.connect({ends[0]!r}, {ends[1]!r}, output={output!r}, dependency={dependency!r})"
        )
    return "\n".join(lines) + "\n"


def told_at_run_time(module: str) -> set[tuple[str, str]]:
    variables: dict[str, Any] = {}
    exec(module, variables)  # it was made above
    return {(CODES[problem.rule], problem.text) for problem in variables["REGISTRY"].problems()}


def told_by_the_linter(module: str) -> set[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / "pipeline.py").write_text(module, encoding="utf-8")
        (root / "a.py").write_text("", encoding="utf-8")
        project = Project(Settings(root=root, use_cache=False, extend_select=("SMC5", "SMC6")))
        found = project.check_file(root / "pipeline.py")
    return {(each.code, each.message) for each in found if each.code[3] in "569"}


@settings(max_examples=150)
@given(pipelines())
def test_both_say_the_same(module: str) -> None:
    assert told_by_the_linter(module) == told_at_run_time(module)
