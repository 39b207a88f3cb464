"""Paths become those of the contract: asked for by name, and directories where SageMaker makes directories."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.fixes.conftest import Tree, require_kept_promises

CONTRACT = """\
from contracts_runtime import ScriptContract

JOB = ScriptContract(
    entry_point="job.py",
    expected_input_paths={"DATA": "/opt/ml/processing/input/data"},
    expected_output_paths={"RESULT": "/opt/ml/processing/output/result"},
)
"""
HEAD = """\
import os
from pathlib import Path

from contracts_runtime import ContractEnforcer
from job_contract import JOB

with ContractEnforcer(JOB) as enforcer:
"""
ASK = 'enforcer.get_input_path("DATA")'


@pytest.fixture
def everything(tmp_path) -> Tree:
    return Tree(tmp_path, everything=True)


# -- SMC105 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('os.listdir("/opt/ml/processing/input/data")', f"os.listdir({ASK})"),
        ('open("/opt/ml/processing/input/data/a.csv")', f'open(os.path.join({ASK}, "a.csv"))'),
        ("open('/opt/ml/processing/input/data/a.csv')", "open(os.path.join(enforcer.get_input_path('DATA'), 'a.csv'))"),
        ('Path("/opt/ml/processing/input/data/b/a.csv").read_text()', f'Path({ASK}, "b/a.csv").read_text()'),
        ('(Path("/opt/ml/processing/input/data") / "a.csv").read_text()', f'(Path({ASK}) / "a.csv").read_text()'),
        ('open(os.path.join("/opt/ml/processing/input/data/b", "a.csv"))', f'open(os.path.join({ASK}, "b", "a.csv"))'),
        ('open(f"/opt/ml/processing/input/data/{name}.csv")', f'open(os.path.join({ASK}, f"{{name}}.csv"))'),
    ],
)  # fmt: skip
def test_an_enforcer_is_asked(everything, before, after):
    tree = everything.write({"job_contract.py": CONTRACT, "job.py": script(before)})
    require_kept_promises(tree, unsafe=False)
    assert tree.text("job.py") == script(after, asked=True)


def script(use: str, *, asked: bool = False) -> str:
    result = (
        'os.path.join(enforcer.get_output_path("RESULT"), "x")'
        if asked
        else '"/opt/ml/processing/output/result/x"'
    )
    return f'{HEAD}    name = "a"\n    found = {use}\n    open({result}, "w").write(str(found))\n'


def test_the_main_part_is_put_under_an_enforcer(everything):
    before = '''\
        """A job."""
        import json

        import pandas as pd


        def main(source, target):
            """Do it.

            All of it.
            """
            frame = pd.read_csv(source)
            with open(target, "w") as out:
                json.dump({"rows": len(frame)}, out)


        if __name__ == "__main__":
            # Where it is.
            SOURCE = "/opt/ml/processing/input/data/data.csv"
            TEXT = """
        of several lines
        """
            main(SOURCE, "/opt/ml/processing/output/result/rows.json")
        '''
    after = '''\
        """A job."""
        import json
        import os

        import pandas as pd

        from contracts_runtime import ContractEnforcer


        def main(source, target):
            """Do it.

            All of it.
            """
            frame = pd.read_csv(source)
            with open(target, "w") as out:
                json.dump({"rows": len(frame)}, out)


        def get_script_contract():
            """The contract of this script."""
            from job_contract import JOB

            return JOB


        if __name__ == "__main__":
            # Where it is.
            with ContractEnforcer(get_script_contract()) as enforcer:
                SOURCE = os.path.join(enforcer.get_input_path("DATA"), "data.csv")
                TEXT = """
        of several lines
        """
                main(SOURCE, os.path.join(enforcer.get_output_path("RESULT"), "rows.json"))
        '''
    tree = everything.write({"job_contract.py": CONTRACT, "job.py": dedent(before)})
    assert tree.fix().fixed == [], "somebody has to judge"
    require_kept_promises(tree, unsafe=True)
    assert tree.text("job.py") == dedent(after)


@pytest.mark.parametrize(
    "script",
    [
        (
            'SOURCE = "/opt/ml/processing/input/data"\n\n\ndef main():\n    print(open(SOURCE + "/a").read())\n\n\n'
            'if __name__ == "__main__":\n    main()\n'
        ),
        (
            'def main(source="/opt/ml/processing/input/data"):\n    print(open(source + "/a").read())\n\n\n'
            'if __name__ == "__main__":\n    main()\n'
        ),
    ],
    ids=["a constant of the module", "a default"],
)
def test_what_is_evaluated_before_the_enforcer_is_there_is_left_alone(everything, script):
    tree = everything.write({"job_contract.py": CONTRACT, "job.py": script})
    tree.fix(unsafe=True)
    assert tree.text("job.py") == script


# -- SMC401, SMC106, SMC408 ----------------------------------------------------------------------------------

FILE = {
    "py": CONTRACT.replace("/opt/ml/processing/output/result", "/opt/ml/processing/output/result.json"),
    "yaml": "entry_point: job.py\nexpected_output_paths:\n  RESULT: '/opt/ml/processing/output/result.json'  # it\n",
    "json": '{"entry_point": "job.py", "expected_output_paths": {"RESULT": "/opt/ml/processing/output/result.json"}}\n',
    "toml": 'entry_point = "job.py"\n\n[expected_output_paths]\nRESULT = "/opt/ml/processing/output/result.json"\n',
}
ENFORCED = """\
import json
import os

from contracts_runtime import ContractEnforcer
from job_contract import JOB

with ContractEnforcer(JOB) as enforcer:
    print(os.listdir(enforcer.get_input_path("DATA")))
    with open({path}, "w") as out:
        json.dump([], out)
"""
GIVEN = """\
import json
import os
from pathlib import Path


def main(output_paths):
    Path({path}).write_text("[]")


if __name__ == "__main__":
    main({{"RESULT": {given}}})
"""


@pytest.mark.parametrize("kind", FILE)
def test_a_literal_that_still_works_stays(tree, kind):
    name = "job_contract.py" if kind == "py" else f"job.contract.{kind}"
    script = 'import os\n\nprint(os.listdir("/opt/ml/processing/input/data"))\n' if kind == "py" else ""
    script += 'with open("/opt/ml/processing/output/result.json", "w") as out:\n    out.write("[]")\n'
    tree.write({name: FILE[kind], "job.py": script})
    assert tree.codes() == ["SMC106", "SMC401"]
    outcome = require_kept_promises(tree, unsafe=False)
    assert sorted(finding.code for finding in outcome.fixed) == ["SMC106", "SMC401"]
    assert tree.text("job.py") == script
    assert tree.text(name) == FILE[kind].replace("/result.json", "")
    assert tree.codes() == []


def test_what_the_enforcer_hands_out_names_the_file_below(tree):
    before = ENFORCED.format(path='enforcer.get_output_path("RESULT")')
    after = ENFORCED.format(path='os.path.join(enforcer.get_output_path("RESULT"), "result.json")')
    tree.write({"job_contract.py": FILE["py"], "job.py": before})
    require_kept_promises(tree, unsafe=False)
    assert tree.text("job.py") == after
    assert '"/opt/ml/processing/output"' in tree.text("job_contract.py")


def test_what_stands_in_a_dictionary_is_named_where_it_is_taken_from_the_contract(tree):
    contract = FILE["py"].replace('    expected_input_paths={"DATA": "/opt/ml/processing/input/data"},\n', "")
    given = 'JOB.expected_output_paths["RESULT"]'
    before = "from job_contract import JOB\n" + GIVEN.format(path='output_paths["RESULT"]', given=given)
    tree.write({"job_contract.py": contract, "job.py": before})
    require_kept_promises(tree, unsafe=False)
    assert tree.codes() == []
    joined = f'os.path.join({given}, "result.json")'
    assert tree.text("job.py") == before.replace(given, joined)


def test_a_script_that_takes_the_path_for_a_directory_stays(tree):
    contract = FILE["py"].replace('    expected_input_paths={"DATA": "/opt/ml/processing/input/data"},\n', "")
    first = ENFORCED.format(path='enforcer.get_output_path("RESULT")').replace(
        '    print(os.listdir(enforcer.get_input_path("DATA")))\n', ""
    )
    second = first.replace('("RESULT"), "w")', '("RESULT") + "/result.json", "w")')
    tree.write({"job_contract.py": contract, "job.py": first, "other.py": second})
    require_kept_promises(tree, unsafe=False)
    assert tree.codes() == []
    assert 'os.path.join(enforcer.get_output_path("RESULT"), "result.json")' in tree.text("job.py")
    assert tree.text("other.py") == second


def test_both_scripts_of_a_contract_are_changed(tree):
    contract = FILE["py"].replace('    expected_input_paths={"DATA": "/opt/ml/processing/input/data"},\n', "")
    script = ENFORCED.format(path='enforcer.get_output_path("RESULT")').replace(
        '    print(os.listdir(enforcer.get_input_path("DATA")))\n', ""
    )
    tree.write({"job_contract.py": contract, "job.py": script, "again.py": script})
    require_kept_promises(tree, unsafe=False)
    assert tree.codes() == []
    for name in ("job.py", "again.py"):
        assert 'os.path.join(enforcer.get_output_path("RESULT"), "result.json")' in tree.text(name)


def test_a_contract_whose_script_cannot_be_changed_stays(tree):
    """The script cannot be parsed, and may ask for the file."""
    contract = FILE["yaml"]
    tree.write({"job.contract.yaml": contract, "job.py": "def main(:\n    pass  # RESULT\n"})
    tree.fix(unsafe=True)
    assert tree.text("job.contract.yaml") == contract


def test_an_input_that_names_a_file(tree):
    contract = 'entry_point: job.py\nexpected_input_paths: {M: "/opt/ml/processing/input/m/m.tar.gz"}\n'
    script = 'import tarfile\n\ntarfile.open("/opt/ml/processing/input/m/m.tar.gz").extractall("/tmp/m")\n'
    tree.write({"job.contract.yaml": contract, "job.py": script})
    assert tree.fix().fixed == []
    require_kept_promises(tree, unsafe=True)
    assert tree.text("job.contract.yaml") == contract.replace("/m.tar.gz", "")
    assert tree.text("job.py") == script
    assert tree.codes() == []
