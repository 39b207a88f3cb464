"""Names and property paths of specifications become those of the contract."""

from __future__ import annotations

import pytest

from tests.fixes.conftest import require_kept_promises

PATH = "properties.ProcessingOutputConfig.Outputs['{}'].S3Output.S3Uri"
STEP = """\
step_type: Split
node_type: source
contract:
  entry_point: split.py
  outputs:
    train: {{path: /opt/ml/processing/train}}
spec:
  outputs:
    {name}:
      type: training_data
      property_path: {path}  # where
"""
MODULE = """\
from contracts_runtime import OutputSpec, ScriptContract, StepSpecification

SPLIT = StepSpecification(
    step_type="Split",
    node_type="source",
    outputs=[OutputSpec(logical_name="{name}", output_type="training_data", property_path="{path}")],
    script_contract=ScriptContract(
        entry_point="split.py", expected_output_paths={{"train": "/opt/ml/processing/train"}}
    ),
)
"""
SCRIPT = 'open("/opt/ml/processing/train/a.csv", "w").write("a")\n'
KINDS = pytest.mark.parametrize(
    ("file", "text"), [("split.step.yaml", STEP), ("split_spec.py", MODULE)], ids=["YAML", "Python"]
)


@KINDS
def test_a_property_path_of_another_output(tree, file, text):
    tree.write({file: text.format(name="train", path=PATH.format("test")), "split.py": SCRIPT})
    assert tree.codes() == ["SMC503"]
    require_kept_promises(tree, unsafe=False)
    assert tree.text(file) == text.format(name="train", path=PATH.format("train"))


@KINDS
def test_a_renamed_output_takes_its_property_path_with_it(tree, file, text):
    tree.write({file: text.format(name="trains", path=PATH.format("trains")), "split.py": SCRIPT})
    assert tree.codes() == ["SMC502"]
    assert tree.fix().fixed == [], "somebody has to judge"
    require_kept_promises(tree, unsafe=True)
    assert tree.text(file) == text.format(name="train", path=PATH.format("train"))


def test_a_dependency_that_is_nearly_an_input(tree):
    step = (
        "step_type: Register\nnode_type: sink\ncontract:\n  entry_point: register.py\n  inputs:\n"
        '    "model": {path: /opt/ml/processing/input/model}\nspec:\n  dependencies:\n'
        "    'models': {type: model_artifacts}  # which\n"
    )
    script = 'import os\n\nprint(os.listdir("/opt/ml/processing/input/model"))\n'
    tree.write({"register.step.yaml": step, "register.py": script})
    assert tree.codes() == ["SMC501"]
    require_kept_promises(tree, unsafe=True)
    assert tree.text("register.step.yaml") == step.replace("'models'", "'model'")
