"""What is wrong with a contract is told in the words of the file that it stands in."""

from __future__ import annotations

import pytest

STEP = """\
step_type: Job
node_type: singular
contract:
  entry_point: job.py
"""
IN_STEP_FILES = {
    "a path": (
        "  outputs: {r: {path: /opt/ml/processing/output/r.csv}}",
        "SMC401 outputs['r'] '/opt/ml/processing/output/r.csv' names a file",
    ),
    "paths that overlap": (
        "  inputs: {a: {path: /opt/ml/processing/a}}\n  outputs: {a: {path: /opt/ml/processing/a}}",
        "SMC403 outputs['a'] '/opt/ml/processing/a' is also the path of inputs['a']",
    ),
    "a path that is none": ("  inputs: {a: {path: 5}}", "SMC405 inputs['a'] is an integer, not a string"),
    "a variable": (
        "  env_vars: {required: [A-B]}",
        "SMC405 env_vars.required: 'A-B' cannot be the name of an environment variable",
    ),
    "a variable that is there twice": (
        "  env_vars: {required: [A], optional: {A: x}}",
        "SMC406 env_vars.optional: 'A' is also in env_vars.required, so that its default is never used; remove it",
    ),
    "variables that are no list": (
        "  env_vars: {required: A}",
        "SMC405 env_vars.required is a string, not a list of strings",
    ),
    "arguments": ("  arguments: 5", "SMC405 arguments is an integer, not a mapping of strings to strings"),
    "a slip": (
        "  input: {}",
        "SMC405 'input' is not a key of the contract of a step interface; did you mean 'inputs'?",
    ),
    "a slip beside the contract": (
        "node_typ: x",
        "SMC405 'node_typ' is not a key of a step interface; did you mean 'node_type'?",
    ),
    "what somebody else calls so": (
        "  env_vars: {required: [required_env_vars.x]}",
        "SMC405 env_vars.required: 'required_env_vars.x' cannot be the name of an environment variable",
    ),
}


@pytest.mark.parametrize("problem", IN_STEP_FILES)
def test_step_files(report_on, problem):
    lines, message = IN_STEP_FILES[problem]
    said = report_on({"job.step.yaml": f"{STEP}{lines}\n", "job.py": "print()\n"})
    told = [f"{line.code} {line.message}" for line in said if line.path == "job.step.yaml"]
    assert len(told) == 1
    assert told[0].startswith(message)


@pytest.mark.parametrize(
    ("field", "remedy"),
    [
        ("expected_input_path", "did you mean 'expected_input_paths'?"),
        ("knd", "did you mean 'kind'?"),
        ("outlets", "there are entry_point, expected_input_paths, expected_output_paths, required_env_vars,"),
    ],
)
def test_contract_files(report_on, field, remedy):
    (line,) = report_on({"job.contract.yaml": f"entry_point: job.py\n{field}: {{}}\n", "job.py": "print()\n"})
    assert (line.line, line.column, line.code) == (2, 1, "SMC405")
    assert line.message.startswith(f"{field!r} is not a field of a contract; {remedy}")


@pytest.mark.parametrize(
    "arms", ["if len(__file__) > 5:\n    {}\nelse:\n    {}\n", "try:\n    {}\nexcept ImportError:\n    {}\n"]
)
def test_a_contract_has_the_name_of_its_variable_in_every_arm(report_on, arms):
    made = "JOB = ScriptContract(entry_point='job.py', required_env_vars=['{}'])"
    contract = "from contracts_runtime import ScriptContract\n" + arms.format(
        made.format("A"), made.format("B")
    )
    said = report_on({"job_contract.py": contract, "job.py": "print()\n"})
    assert [line.message[:63] for line in said] == [
        f"required environment variable {name!r} of contract JOB is never read"[:63] for name in "AB"
    ]


READS = 'import os\n\nprint(os.environ["TOKEN"])\n'


@pytest.mark.parametrize(
    ("field", "silenced"),
    [
        ("secrets: [TOKEN]", True),
        ("secrets: {TOKEN: from the vault}", True),
        ("secrets: {names: [[TOKEN]]}", True),
        ("secrets: TOKEN", True),
        ("secrets: [TOKENS]", False),
        ("secrets: a TOKEN is needed", False),
        ("description: TOKEN", False),
    ],
)
def test_variables_in_a_field_that_the_model_does_not_have(report_on, field, silenced):
    """The field itself is reported; what it names may well be declared."""
    said = report_on({"job.contract.yaml": f"entry_point: job.py\n{field}\n", "job.py": READS})
    assert [line.code for line in said if line.path == "job.py"] == ([] if silenced else ["SMC201"])


@pytest.mark.parametrize(
    ("field", "silenced"),
    [
        ("secrets=['TOKEN']", True),
        ("secret_env_vars=open('secrets').read()", True),
        ("owners=open('owners').read()", False),
        ("owners=['me']", False),
    ],
)
def test_variables_in_a_field_of_a_code_base_of_its_own(report_on, field, silenced):
    contract = f"""
class ScriptContract:
    def __init__(self, **fields): self.fields = fields
JOB = ScriptContract(entry_point="job.py", {field})
"""
    said = report_on({"job_contract.py": contract, "job.py": READS})
    assert [line.code for line in said if line.path == "job.py"] == ([] if silenced else ["SMC201"])
