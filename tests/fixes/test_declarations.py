"""A variable is declared in the contract, in the way in which the contract is written."""

from __future__ import annotations

from textwrap import dedent

import pytest

SCRIPT = """\
import os

values = [{reads}]

with open("/opt/ml/processing/out/done.txt", "w") as done:
    done.write(str(values))
"""
REQUIRED = 'os.environ["NEW_NAME"]'
OPTIONAL = 'os.environ.get("NEW_NAME", "1.5")'

# What the contract is called, what the script does, and the contract before and after.
CASES = {
    "a list on one line": (
        "job_contract.py",
        REQUIRED,
        """\
        from contracts_runtime import ScriptContract

        JOB = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            required_env_vars=["ZONE"],  # where
        )
        """,
        """\
        from contracts_runtime import ScriptContract

        JOB = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            required_env_vars=["ZONE", "NEW_NAME"],  # where
        )
        """,
    ),
    "a sorted list of one item a line": (
        "job_contract.py",
        REQUIRED,
        """\
        from contracts_runtime import ScriptContract

        JOB = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            required_env_vars=[
                "LABEL",
                # which one
                "ZONE",
            ],
        )
        """,
        """\
        from contracts_runtime import ScriptContract

        JOB = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            required_env_vars=[
                "LABEL",
                "NEW_NAME",
                # which one
                "ZONE",
            ],
        )
        """,
    ),
    "a dictionary without a last comma": (
        "job_contract.py",
        OPTIONAL,
        """\
        from contracts_runtime import ScriptContract

        JOB = ScriptContract(
            entry_point='job.py',
            expected_output_paths={'out': '/opt/ml/processing/out'},
            optional_env_vars={
                'ZONE': 'a',
                'LABEL': 'b'  # the column
            }
        )
        """,
        """\
        from contracts_runtime import ScriptContract

        JOB = ScriptContract(
            entry_point='job.py',
            expected_output_paths={'out': '/opt/ml/processing/out'},
            optional_env_vars={
                'ZONE': 'a',
                'LABEL': 'b',  # the column
                'NEW_NAME': '1.5'
            }
        )
        """,
    ),
    "a field that is not there": (
        "job_contract.py",
        OPTIONAL,
        """\
        from contracts_runtime import ScriptContract

        JOB = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            description="Does the job.",
        )
        """,
        """\
        from contracts_runtime import ScriptContract

        JOB = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            optional_env_vars={"NEW_NAME": "1.5"},
            description="Does the job.",
        )
        """,
    ),
    "a call on one line": (
        "job_contract.py",
        REQUIRED,
        """\
        from contracts_runtime import ScriptContract

        JOB = ScriptContract(entry_point="job.py", description="x")
        """,
        """\
        from contracts_runtime import ScriptContract

        JOB = ScriptContract(entry_point="job.py", required_env_vars=["NEW_NAME"], description="x")
        """,
    ),
    "a constant that others may use": (
        "job_contract.py",
        REQUIRED,
        """\
        from contracts_runtime import ScriptContract

        COMMON = ["ZONE"]
        JOB = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            required_env_vars=COMMON,
        )
        """,
        """\
        from contracts_runtime import ScriptContract

        COMMON = ["ZONE"]
        JOB = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            required_env_vars=[*COMMON, "NEW_NAME"],
        )
        """,
    ),
    "variants of a job": (
        "job_contract.py",
        OPTIONAL,
        """\
        from contracts_runtime import ScriptContract

        TRAINING = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            optional_env_vars={"ZONE": "a"},
        )
        TESTING = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            optional_env_vars={},
        )
        """,
        """\
        from contracts_runtime import ScriptContract

        TRAINING = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            optional_env_vars={"ZONE": "a", "NEW_NAME": "1.5"},
        )
        TESTING = ScriptContract(
            entry_point="job.py",
            expected_output_paths={"out": "/opt/ml/processing/out"},
            optional_env_vars={"NEW_NAME": "1.5"},
        )
        """,
    ),
    "YAML, a block list": (
        "job.contract.yaml",
        REQUIRED,
        """\
        entry_point: job.py
        expected_output_paths: {out: /opt/ml/processing/out}
        required_env_vars:
        - LABEL  # the column

        - ZONE
        """,
        """\
        entry_point: job.py
        expected_output_paths: {out: /opt/ml/processing/out}
        required_env_vars:
        - LABEL  # the column

        - NEW_NAME
        - ZONE
        """,
    ),
    "YAML, a flow list": (
        "job.contract.yaml",
        REQUIRED,
        """\
        entry_point: job.py
        required_env_vars: [ "ZONE" ]  # where
        expected_output_paths: {out: /opt/ml/processing/out}
        """,
        """\
        entry_point: job.py
        required_env_vars: [ "ZONE", "NEW_NAME" ]  # where
        expected_output_paths: {out: /opt/ml/processing/out}
        """,
    ),
    "YAML, a block mapping with quotes": (
        "job.contract.yaml",
        OPTIONAL,
        """\
        entry_point: job.py
        optional_env_vars:
            ZONE: 'a'
        expected_output_paths:
            out: /opt/ml/processing/out
        """,
        """\
        entry_point: job.py
        optional_env_vars:
            ZONE: 'a'
            NEW_NAME: '1.5'
        expected_output_paths:
            out: /opt/ml/processing/out
        """,
    ),
    "YAML, a number in plain style is no text": (
        "job.contract.yaml",
        OPTIONAL,
        """\
        entry_point: job.py
        expected_output_paths:
          out: /opt/ml/processing/out
        optional_env_vars:
          ZONE: a
        """,
        """\
        entry_point: job.py
        expected_output_paths:
          out: /opt/ml/processing/out
        optional_env_vars:
          ZONE: a
          NEW_NAME: "1.5"
        """,
    ),
    "YAML, a field that is not there": (
        "job.contract.yaml",
        REQUIRED,
        """\
        # The job.
        entry_point: job.py
        expected_output_paths:
            out: /opt/ml/processing/out
        # The end.
        """,
        """\
        # The job.
        entry_point: job.py
        expected_output_paths:
            out: /opt/ml/processing/out
        required_env_vars:
            - NEW_NAME
        # The end.
        """,
    ),
    "YAML, a field without a value": (
        "job.contract.yaml",
        REQUIRED,
        """\
        entry_point: job.py
        required_env_vars:
        expected_output_paths: {out: /opt/ml/processing/out}
        """,
        """\
        entry_point: job.py
        required_env_vars: [NEW_NAME]
        expected_output_paths: {out: /opt/ml/processing/out}
        """,
    ),
    "a step interface": (
        "job.step.yaml",
        OPTIONAL,
        """\
        step_type: Job
        node_type: source
        contract:
          entry_point: job.py
          outputs:
            out: {path: /opt/ml/processing/out}
          env_vars:
            required: []
            optional: {}
        spec:
          outputs:
            out: {type: processing_output, property_path: properties.Outputs}
        """,
        """\
        step_type: Job
        node_type: source
        contract:
          entry_point: job.py
          outputs:
            out: {path: /opt/ml/processing/out}
          env_vars:
            required: []
            optional: {NEW_NAME: "1.5"}
        spec:
          outputs:
            out: {type: processing_output, property_path: properties.Outputs}
        """,
    ),
    "a step interface without variables": (
        "job.step.yaml",
        REQUIRED,
        """\
        step_type: Job
        node_type: source
        contract:
          entry_point: job.py
          outputs:
            out: {path: /opt/ml/processing/out}
        spec:
          outputs:
            out: {type: processing_output, property_path: properties.Outputs}
        """,
        """\
        step_type: Job
        node_type: source
        contract:
          entry_point: job.py
          outputs:
            out: {path: /opt/ml/processing/out}
          env_vars:
            required: [NEW_NAME]
        spec:
          outputs:
            out: {type: processing_output, property_path: properties.Outputs}
        """,
    ),
    "JSON, indented": (
        "job.contract.json",
        OPTIONAL,
        """\
        {
            "entry_point": "job.py",
            "expected_output_paths": {"out": "/opt/ml/processing/out"},
            "optional_env_vars": {
                "LABEL": "a",
                "ZONE": "b"
            }
        }
        """,
        """\
        {
            "entry_point": "job.py",
            "expected_output_paths": {"out": "/opt/ml/processing/out"},
            "optional_env_vars": {
                "LABEL": "a",
                "NEW_NAME": "1.5",
                "ZONE": "b"
            }
        }
        """,
    ),
    "JSON, a field that is not there": (
        "job.contract.json",
        REQUIRED,
        """\
        {
          "entry_point": "job.py",
          "description": "x"
        }
        """,
        """\
        {
          "entry_point": "job.py",
          "description": "x",
          "required_env_vars": ["NEW_NAME"]
        }
        """,
    ),
    "JSON, on one line": (
        "job.contract.json",
        REQUIRED,
        """\
        {"entry_point": "job.py", "required_env_vars": [], "description": "x"}
        """,
        """\
        {"entry_point": "job.py", "required_env_vars": ["NEW_NAME"], "description": "x"}
        """,
    ),
    "TOML, a list": (
        "job.contract.toml",
        REQUIRED,
        """\
        entry_point = "job.py"
        required_env_vars = [
            "LABEL", # the column
            "ZONE",
        ]

        [expected_output_paths]
        out = "/opt/ml/processing/out"
        """,
        """\
        entry_point = "job.py"
        required_env_vars = [
            "LABEL", # the column
            "NEW_NAME",
            "ZONE",
        ]

        [expected_output_paths]
        out = "/opt/ml/processing/out"
        """,
    ),
    "TOML, a table": (
        "job.contract.toml",
        OPTIONAL,
        """\
        entry_point = "job.py"

        [optional_env_vars]
        ZONE = 'a'

        [expected_output_paths]
        out = "/opt/ml/processing/out"
        """,
        """\
        entry_point = "job.py"

        [optional_env_vars]
        ZONE = 'a'
        NEW_NAME = '1.5'

        [expected_output_paths]
        out = "/opt/ml/processing/out"
        """,
    ),
    "TOML, an inline table": (
        "job.contract.toml",
        OPTIONAL,
        """\
        entry_point = "job.py"
        optional_env_vars = { ZONE = "a" }
        expected_output_paths = { out = "/opt/ml/processing/out" }
        """,
        """\
        entry_point = "job.py"
        optional_env_vars = { ZONE = "a", NEW_NAME = "1.5" }
        expected_output_paths = { out = "/opt/ml/processing/out" }
        """,
    ),
    "TOML, a list that is not there": (
        "job.contract.toml",
        REQUIRED,
        """\
        entry_point = "job.py" # the script

        [expected_output_paths]
        out = "/opt/ml/processing/out"
        """,
        """\
        entry_point = "job.py" # the script
        required_env_vars = ["NEW_NAME"]

        [expected_output_paths]
        out = "/opt/ml/processing/out"
        """,
    ),
    "TOML, a table that is not there": (
        "job.contract.toml",
        OPTIONAL,
        """\
        entry_point = "job.py"

        [expected_output_paths]
        out = "/opt/ml/processing/out"
        """,
        """\
        entry_point = "job.py"

        [expected_output_paths]
        out = "/opt/ml/processing/out"

        [optional_env_vars]
        NEW_NAME = "1.5"
        """,
    ),
}


@pytest.mark.parametrize(("name", "read", "before", "after"), CASES.values(), ids=CASES)
def test_one_more_variable(tree, name, read, before, after):
    script = SCRIPT.format(reads=read)
    tree.write({name: dedent(before), "job.py": script})
    outcome = tree.fix()
    assert [finding.code for finding in outcome.fixed if finding.code == "SMC201"] == ["SMC201"]
    assert "SMC201" not in tree.codes()
    assert tree.text(name) == dedent(after)


CONTRACT = """\
entry_point: job.py
expected_output_paths: {out: /opt/ml/processing/out}
"""


@pytest.mark.parametrize(
    ("reads", "declared"),
    [
        (REQUIRED, "required_env_vars:\n  - NEW_NAME\n"),
        (f"{OPTIONAL}, {REQUIRED}", "required_env_vars:\n  - NEW_NAME\n"),
        ('os.getenv("NEW_NAME", "x y")', 'optional_env_vars:\n  NEW_NAME: "x y"\n'),
        ('int(os.getenv("NEW_NAME", 7))', 'optional_env_vars:\n  NEW_NAME: "7"\n'),
        ('os.environ.setdefault("NEW_NAME", "é: \\"#\\"")', 'optional_env_vars:\n  NEW_NAME: "é: \\"#\\""\n'),
    ],
)
def test_how_it_is_declared(tree, reads, declared):
    tree.write({"job.contract.yaml": CONTRACT, "job.py": SCRIPT.format(reads=reads)})
    tree.fix()
    assert tree.text("job.contract.yaml") == CONTRACT + declared


@pytest.mark.parametrize(
    "reads",
    [
        'os.getenv("NEW_NAME", "1"), os.getenv("NEW_NAME", "2")',
        'os.getenv("NEW_NAME", str(len(os.sys.argv)))',
    ],
    ids=["two defaults", "computed"],
)
def test_a_default_that_is_not_clear_is_nobodys(tree, reads):
    files = {"job.contract.yaml": CONTRACT, "job.py": SCRIPT.format(reads=reads)}
    tree.write(files)
    assert tree.fix(unsafe=True).fixed == []
    assert tree.text("job.contract.yaml") == CONTRACT


@pytest.mark.parametrize("reads", ['os.getenv("NEW_NAME")', '"NEW_NAME" in os.environ'])
def test_a_default_that_the_script_has_not_is_for_somebody_to_judge(tree, reads):
    tree.write({"job.contract.yaml": CONTRACT, "job.py": SCRIPT.format(reads=reads)})
    assert tree.fix().fixed == []
    assert [finding.code for finding in tree.fix(unsafe=True).fixed] == ["SMC201"]
    assert tree.text("job.contract.yaml") == CONTRACT + 'optional_env_vars:\n  NEW_NAME: ""\n'


def test_a_name_that_is_nearly_declared_is_respelt(tree):
    tree.write(
        {
            "job.contract.yaml": CONTRACT + "required_env_vars: [NEW_NAMES]\n",
            "job.py": SCRIPT.format(reads=REQUIRED),
        }
    )
    assert tree.fix().fixed == []
    tree.fix(unsafe=True)
    assert 'os.environ["NEW_NAMES"]' in tree.text("job.py")
    assert tree.codes() == []


@pytest.mark.parametrize(
    "contract",
    [
        'VARIABLES = load()\nJOB = ScriptContract(entry_point="job.py", required_env_vars=VARIABLES)\n',
        'JOB = ScriptContract(**{"entry_point": "job.py"})\n',
        'def make(name):\n    return ScriptContract(entry_point=name)\n\n\nJOB = make("job.py")\nX = make("x.py")\n',
    ],
)
def test_a_contract_that_is_made_otherwise_is_left_alone(tree, contract):
    contract = "from contracts_runtime import ScriptContract\n\n" + contract
    tree.write({"job_contract.py": contract, "job.py": f"import os\n\nprint({REQUIRED})\n"})
    tree.fix(unsafe=True)
    assert tree.text("job_contract.py") == contract
