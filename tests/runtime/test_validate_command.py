"""``python -m contracts_runtime validate``, as a pipeline's start-up and CI run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracts_runtime.__main__ import main

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
REGISTRY = """\
from contracts_runtime import DependencySpec, OutputSpec, SpecificationRegistry, StepSpecification

LOAD = StepSpecification(
    step_type="DataLoading",
    node_type="source",
    outputs=[OutputSpec(logical_name="DATA", output_type="processing_output")],
)


def use(source):
    needs = DependencySpec(
        logical_name="DATA", dependency_type="processing_output", compatible_sources=[source]
    )
    return StepSpecification(step_type="Use", node_type="sink", dependencies=[needs])


def make(source="DataLoading"):
    registry = SpecificationRegistry("made")
    registry.register("Load", LOAD)
    registry.register("Use", use(source))
    return registry


ALIGNED = make()
MISALIGNED = make("DataLoaded")
EMPTY = SpecificationRegistry("empty")
NUMBER = 3


class Holder:
    registry = ALIGNED


def fails():
    raise LookupError("no\\nway")
"""


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-m", "contracts_runtime", *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "pipe"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "steps.py").write_text(REGISTRY, encoding="utf-8")
    (package / "broken.py").write_text("x = 1\nimport nothing_of_that_name\n", encoding="utf-8")
    (package / "syntax.py").write_text("x = (\n", encoding="utf-8")
    (package / "leaves.py").write_text("raise SystemExit('bye')\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["ALIGNED", "make", "Holder.registry"])
def test_an_aligned_registry(project, name):
    done = run(project, "validate", "--registry", f"pipe.steps:{name}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Load: ok\nUse: ok\n", "")


def test_a_misaligned_registry_has_one_line_for_each_step(project):
    done = run(project, "validate", "--registry", "pipe.steps:MISALIGNED")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "Load: ok\n"
        "Use: 1 error: the step 'Use' requires 'DATA', but no other step of the types 'DataLoaded' is registered; did"
        " you mean 'DataLoading'?\n"
    )


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (
            "pipe.steps",
            "'pipe.steps' is not of the form MODULE:NAME, such as 'my_pipeline.registry:REGISTRY'",
        ),
        ("pipe/steps.py:ALIGNED", "is not of the form MODULE:NAME"),
        (":ALIGNED", "is not of the form MODULE:NAME"),
        ("pipe.steps:", "is not of the form MODULE:NAME"),
        ("pipe.stepz:ALIGNED", "there is no module 'pipe.stepz' in "),
        ("pip_e.steps:ALIGNED", "there is no module 'pip_e' in "),
        ("pipe.steps:ALLIGNED", "the module 'pipe.steps' has no 'ALLIGNED'; did you mean 'ALIGNED'?"),
        ("pipe.steps:NUMBER", "'pipe.steps:NUMBER' is of the type int, not a SpecificationRegistry"),
        ("pipe.steps:LOAD", "is of the type StepSpecification, not a SpecificationRegistry"),
        ("pipe.steps:Holder", "'pipe.steps:Holder' is of the type type, not a SpecificationRegistry"),
        ("pipe.steps:EMPTY", "the registry 'pipe.steps:EMPTY' has no steps, so that nothing can be checked"),
        ("pipe.steps:fails", "pipe.steps:fails() failed: LookupError: no way ("),
        ("pipe.steps:use", "pipe.steps:use() failed: TypeError: "),
        ("pipe.broken:X", "failed: ModuleNotFoundError: No module named 'nothing_of_that_name' ("),
        ("pipe.syntax:X", "failed: SyntaxError: "),
        ("pipe.leaves:X", "failed: SystemExit: bye ("),
    ],
)
def test_a_registry_that_cannot_be_had(project, reference, message):
    done = run(project, "validate", "--registry", reference)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("pipe.broken:X", "broken.py:2)"),
        ("pipe.syntax:X", "syntax.py:1"),
        ("pipe.steps:fails", "steps.py:35)"),
    ],
)
def test_the_place_of_the_mistake_is_named(project, reference, place):
    assert place in run(project, "validate", "--registry", reference).stderr


# --- folders ---


def test_a_folder_has_one_line_for_each_file():
    done = run(FIXTURES / "clean", "validate")
    assert (done.returncode, done.stderr) == (0, "")
    names = [
        path.relative_to(FIXTURES / "clean").as_posix()
        for path in [*(FIXTURES / "clean").rglob("*.step.yaml"), *(FIXTURES / "clean").rglob("*.contract.*")]
    ]
    assert sorted(done.stdout.splitlines()) == sorted(f"{name}: ok" for name in names)


def test_problems_are_on_the_line_of_their_file(tmp_path, capsys):
    (tmp_path / "a.step.yaml").write_text(
        "step_type: A\nnode_type: source\ncontract:\n  entry_point: a.py\n  outputs:\n"
        "    x: {path: /opt/ml/processing/output}\n    y: {path: /opt/ml/processing/output}\nspec:\n  outputs:\n"
        "    z: {type: processing_output}\n    x: {type: processing_output}\n",
        encoding="utf-8",
    )
    assert main(["validate", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    [line] = out.splitlines()
    assert line.startswith(
        "a.step.yaml: 1 error: line 10: the output 'z' is no output of the contract ('x', 'y')"
    )
    assert " | 2 warnings: line 7: expected_output_paths['y']" in line
    assert " | line 9: the specification ('z', 'x') does not publish the contract's output 'y'" in line


def test_warnings_alone_are_no_misalignment(tmp_path, capsys):
    (tmp_path / "a.contract.yaml").write_text(
        "entry_point: a.py\nexpected_output_paths: {x: /opt/ml/processing/output/x.csv}\n", encoding="utf-8"
    )
    assert main(["validate", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith(
        "a.contract.yaml: ok, 1 warning: line 2: expected_output_paths['x']"
    )


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.contract.json", b"{", "line 1: not valid JSON: "),
        (
            "a.contract.json",
            b'{"entry_point": "a.py",\n "entry_point": "b.py"}',
            "the key 'entry_point' is there twice",
        ),
        ("a.contract.json", b'{\n"entry_point": "a.py",\n"kind": "train"}', "line 3: kind is 'train'"),
        ("a.contract.json", b"[" * 100_000, "nested too deeply"),
        ("a.contract.toml", b"a = 1\nb = \n", "line 2: not valid TOML: "),
        (
            "a.contract.toml",
            b'entry_point = "a.py"\n[expected_input_paths]\n"x" = 3\n',
            "line 3: expected_input_paths['x'] is an integer",
        ),
        (
            "a.contract.toml",
            b'entry_point = "a.py"\nentry_pint = 1\n',
            "line 2: 'entry_pint' is not a field of a contract",
        ),
        ("a.contract.yaml", b"a: b: c\n", "line 1: not valid YAML: "),
        ("a.contract.yaml", b"\xff\xfe", "not UTF-8 at byte 0"),
        ("a.contract.yaml", b"", "the file is empty"),
        ("a.contract.yaml", b"text", "the file holds a string, not a mapping of fields"),
        (
            "a.contract.yaml",
            b"entry_point: a.py\nrequired_env_vars:\n- A B\n",
            "line 3: required_env_vars: 'A B'",
        ),
        (
            "a.step.yaml",
            b"step_typ: A\n",
            "line 1: 'step_typ' is no key of a step interface; did you mean 'step_type'?",
        ),
        (
            "a.step.yaml",
            b"contract:\n  entry_point: a.py\n  inptus: {}\n",
            "line 3: 'inptus' is no key of the contract of a step interface; did you mean 'inputs'?",
        ),
        (
            "a.step.yaml",
            b"contract:\n  entry_point: a.py\n  inputs:\n    x: {pth: /opt/ml/processing/x}\n",
            "line 4: expected_input_paths['x']: 'pth' is no key of an input; did you mean 'path'?",
        ),
        (
            "a.step.yaml",
            b"contract:\n  entry_point: a.py\n  outputs:\n    x: {}\n",
            "line 4: outputs['x'] has no 'path'; add the container path",
        ),
        (
            "a.step.yaml",
            b"contract:\n  entry_point: a.py\n  env_vars: [A]\n",
            "line 3: 'env_vars' is a list, not a mapping with 'required' and 'optional'",
        ),
        (
            "a.step.yaml",
            b"step_type: A\nnode_type: sink\nspec:\n  dependancies: {}\n",
            "line 4: 'dependancies' is no key of the specification of a step interface; did you mean 'dependencies'?",
        ),
        (
            "a.step.yaml",
            b"step_type: A\nnode_type: sink\nspec:\n  dependencies:\n  - logical_name: x\n",
            "line 4: dependencies is a list, not a mapping of names to {type: ...}; write a mapping",
        ),
        (
            "a.step.yaml",
            b"step_type: A\nnode_type: sink\nspec:\n  dependencies:\n    x:\n      type: y\n",
            "line 6: dependencies['x']: type is 'y', which is no such type",
        ),
        (
            "a.step.yaml",
            b"step_type: A\nnode_type: sink\nspec:\n  dependencies:\n    x: {}\n",
            "line 5: dependencies['x'] has no type, so that nothing can be matched with it",
        ),
        (
            "a.step.yaml",
            b"step_type: A\nnode_type: sink\nspec:\n  dependencies: {x: {dependency_type: y}}\n",
            "line 4: dependencies['x']: a step interface spells 'dependency_type' as 'type'; write 'type'",
        ),
    ],
)
def test_bad_files_are_told_with_their_line_and_the_others_are_checked(tmp_path, capsys, name, data, message):
    (tmp_path / name).write_bytes(data)
    (tmp_path / "z.contract.yaml").write_text("entry_point: z.py\n", encoding="utf-8")
    assert main(["validate", str(tmp_path)]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{name}: 1 error: {message}")
    assert second == "z.contract.yaml: ok"


def test_keys_of_other_tools_are_left_alone(tmp_path, capsys):
    (tmp_path / "a.step.yaml").write_text(
        "step_type: A\nnode_type: source\nstep_name: a\nregistry: {builder_step_name: B}\n"
        "contract: {entry_point: a.py, source_dir: x, outputs: {x: {path: /opt/ml/processing/output, format: csv}}}\n"
        "spec:\n  version: 1\n  outputs: {x: {type: processing_output, owner: me}}\n",
        encoding="utf-8",
    )
    (tmp_path / "b.contract.json").write_text('{"$schema": "x", "entry_point": "b.py"}', encoding="utf-8")
    assert main(["validate", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "a.step.yaml: ok\nb.contract.json: ok\n"


def test_a_folder_that_cannot_be_checked(tmp_path, capsys):
    for folder, reason in ((tmp_path / "none", "is not a folder"), (tmp_path, "there is no *.step.yaml")):
        assert main(["validate", str(folder)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("error: ")
        assert reason in err
        assert err.endswith("; name a folder, or a registry with --registry MODULE:NAME\n")


def test_wrong_arguments_end_with_2(capsys):
    for arguments in (
        [],
        ["validat"],
        ["validate", "steps", "--registry", "a:b"],
        ["validate", "--nonsense"],
    ):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    assert "usage: python -m contracts_runtime" in capsys.readouterr().err
