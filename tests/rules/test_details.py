"""Details on which a report depends, or what it says: each was once changed without any other test noticing."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_contracts.facts.build import facts_of
from flake8_contracts.findings import MAX_MESSAGE, fitting
from flake8_contracts.flow.loader import ModuleLoader
from flake8_contracts.project import Project
from flake8_contracts.settings import Settings
from flake8_contracts.syntax.source import parse_source

CONTRACT = """\
entry_point: job.py
expected_input_paths: {data: /opt/ml/processing/input/data}
expected_output_paths: {result: /opt/ml/processing/output/result}
"""
USED = """\
import os

os.listdir("/opt/ml/processing/input/data")
open("/opt/ml/processing/output/result/x", "w")
"""
"""Uses both directories, so that nothing is unused."""

OUT = "/opt/ml/processing/output/result"

REPORTED = {
    "an absolute component": ("", f"os.path.join('{OUT}', '/tmp/x')", "SMC108", "an absolute component discards"),
    "parent references": ("", f"os.path.join('{OUT}', '../x')", "SMC108", "'..' leaves"),
    "both": ("", f"os.path.join('{OUT}', '/tmp/../x')", "SMC108", "'..' leaves"),
    "a component too many": (
        "", "open('/opt/ml/processing/input/more/data/x.csv')", "SMC101", "did you mean '/opt/ml/processing/input/data'"
    ),
    "a component too few": (
        "", "open('/opt/ml/processing/data/x.csv')", "SMC101", "did you mean '/opt/ml/processing/input/data'"
    ),
    "a directory that a function insists on": (
        "", ("def more(path):\n    if not os.path.isdir(path):\n        raise FileNotFoundError(path)\n"
        "    return os.listdir(path)\nmore('/opt/ml/processing/more')"), "SMC101", "nothing is mounted there"
    ),
    "a misspelt component": (
        "", "open('/opt/ml/processing/input/datta/a/b/x.csv')", "SMC101", "did you mean '/opt/ml/processing/input/data'"
    ),
    "no integer": ("expected_arguments: {n: abc}\n", "P.add_argument('--n', type=int)", "SMC303", "'n': it is no int,"),
    "no integer in a list": (
        "expected_arguments: {n: abc}\n", "P.add_argument('--n', type=int, action='append')", "SMC303", "it is no int,"
    ),
    "no integer among several": (
        "expected_arguments: {n: abc}\n", "P.add_argument('--n', type=int, action='extend')", "SMC303", "it is no int,"
    ),
    "no number": ("expected_arguments: {n: abc}\n", "P.add_argument('--n', type=float)", "SMC303", "it is no float,"),
    "no choice": (
        "expected_arguments: {n: c}\n", "P.add_argument('--n', choices=['a', 'b'])", "SMC303", "accepts 'a', 'b',"
    ),
}  # fmt: skip

SILENT = {
    "a number": ("expected_arguments: {n: '5'}\n", "P.add_argument('--n', type=int)"),
    "a choice that is a number": ("expected_arguments: {n: '2'}\n", "P.add_argument('--n', type=int, choices=[1, 2])"),
    "a switch, which takes no value": ("expected_arguments: {n: abc}\n", "P.add_argument('--n', action='count')"),
    "the beginning of a flag": ("expected_arguments: {--verb: abc}\n", "P.add_argument('--verbose', dest='n')"),
    "a placeholder": ("expected_arguments: {n: '{n}'}\n", "P.add_argument('--n', type=int)"),
    "a directory that a function does without": (
        "", ("def more(path):\n    if not os.path.isdir(path):\n        return []\n    return os.listdir(path)\n"
        "more('/opt/ml/processing/more')")
    ),
    "a name of the script's own": (
        "", "def main(input_paths):\n    os.listdir(input_paths['raw'])\nmain({'raw': '/opt/ml/processing/input/data'})"
    ),
    "a directory that may be there": ("", "if os.path.isdir('/opt/ml/processing/more'):\n    print('more')"),
    "a directory that is used if it is there": (
        "", "more = '/opt/ml/processing/more'\nif os.path.isdir(more):\n    os.listdir(more)"
    ),
    "parent references that stay inside": ("", f"open(os.path.join('{OUT}', 'a', '../b'), 'w')"),
    "the same directory again": ("", f"open(os.path.join('{OUT}', '{OUT}/b'), 'w')"),
}  # fmt: skip

ARGUMENTS = "import argparse\nP = argparse.ArgumentParser()\n"


@pytest.fixture
def said(tmp_path):
    """The findings of a script, as code and message."""

    def run(
        contract: str, script: str, name: str = "job.contract.yaml", *, opt_in: tuple[str, ...] = ()
    ) -> list[tuple[str, str]]:
        (tmp_path / name).write_text(contract)
        path: Path = tmp_path / "job.py"
        path.write_text(script)
        found = Project(Settings(root=tmp_path, use_cache=False, extend_select=opt_in)).check_file(path)
        return [(finding.code, finding.message) for finding in found]

    return run


def parsing(statement: str) -> str:
    """The statement, between a parser and its use."""
    if not statement.startswith("P."):
        return statement + "\n"
    return f"{ARGUMENTS}{statement}\nprint(P.parse_args().n)\n"


@pytest.mark.parametrize("name", REPORTED)
def test_what_is_said(said, name):
    contract, statement, code, message = REPORTED[name]
    if code == "SMC108":
        statement = f"open({statement}, 'w')"
    found = said(CONTRACT + contract, USED + parsing(statement))
    assert [item[0] for item in found if item[0] == code] == [code]
    assert message in next(item[1] for item in found if item[0] == code)


@pytest.mark.parametrize("name", SILENT)
def test_what_is_not_said(said, name):
    contract, statement = SILENT[name]
    assert said(CONTRACT + contract, USED + parsing(statement)) == []


WITHOUT_INPUT = f"import os\n\nopen('{OUT}/x', 'w')\n"
MAY_BE_THE_INPUT = {
    "an argument without default": ("", f"{ARGUMENTS}P.add_argument('--folder')\nos.listdir(P.parse_args().folder)\n"),
    "a required variable": ("required_env_vars: [FOLDER]\n", "os.listdir(os.environ['FOLDER'])\n"),
    "an optional variable": ("optional_env_vars: {FOLDER: x}\n", "os.listdir(os.environ.get('FOLDER', 'x'))\n"),
    "an argument of the contract": (
        "expected_arguments: {folder: /opt/ml/processing/input/data}\n",
        f"{ARGUMENTS}P.add_argument('--folder', default='x')\nos.listdir(P.parse_args().folder)\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MAY_BE_THE_INPUT)
def test_what_may_be_the_input_silences_that_it_is_unused(said, name):
    contract, script = MAY_BE_THE_INPUT[name]
    assert said(CONTRACT + contract, WITHOUT_INPUT + script) == []


def test_what_cannot_be_the_input(said):
    """An argument that the job does not pass keeps its default."""
    script = f"{ARGUMENTS}P.add_argument('--folder', default='x')\nos.listdir(P.parse_args().folder)\n"
    assert [code for code, _ in said(CONTRACT, WITHOUT_INPUT + script)] == ["SMC102"]


MODULE = """\
from contracts_runtime import ScriptContract
from elsewhere import NAMES

JOB = ScriptContract(
    entry_point="job.py",
    expected_input_paths={"data": "/opt/ml/processing/input/data"},
    expected_output_paths={"result": "/opt/ml/processing/output/result"},
    FIELD=NAMES,
)
"""


@pytest.mark.parametrize("field", ["required_env_vars", "optional_env_vars"])
def test_a_variable_that_an_unresolved_field_may_declare(said, field):
    script = WITHOUT_INPUT + "os.listdir(os.environ['FOLDER'])\n"
    assert said(MODULE.replace("FIELD", field), script, "job_contract.py") == []


def test_all_inputs_at_once(said):
    script = (
        "from contracts_runtime import ContractEnforcer\nfrom job_contract import JOB\n\n"
        f"with ContractEnforcer(JOB) as enforcer:\n    open('{OUT}/x', 'w')\n"
        "    for name in JOB.expected_input_paths:\n        print(open(enforcer.get_input_path(name) + '/x').read())\n"
    )
    module = MODULE.replace("from elsewhere import NAMES\n", "").replace("    FIELD=NAMES,\n", "")
    assert said(module, script, "job_contract.py") == []
    outputs = script.replace("expected_input_paths", "expected_output_paths").replace(
        "input_path", "output_path"
    )
    assert [code for code, _ in said(module, outputs, "job_contract.py")] == ["SMC102"]


def test_both_names_of_a_switch(said):
    """``--shout/--no-shout`` is two options."""
    script = USED + (
        "import click\n\n\n@click.command()\n@click.option('--shout/--no-shout', default=False)\n"
        "def main(shout):\n    print(shout)\n\n\nmain()\n"
    )
    assert said(CONTRACT + "expected_arguments: {shout: '', no-shout: ''}\n", script) == []
    found = said(CONTRACT + "expected_arguments: {no-show: ''}\n", script)
    assert [code for code, _ in found] == ["SMC302"]


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        ("f'/opt/ml/x/{NAME!s}'", "é"), ("f'/opt/ml/x/{NAME!r}'", "'é'"), ("f'/opt/ml/x/{NAME!a}'", "'\\xe9'"),
        ("'/opt/ml/x/{0!a}'.format(NAME)", "'\\xe9'"), ("f'/opt/ml/x/{NAME:>3}'", "  é"),
    ],
)  # fmt: skip
def test_conversions(expression, path):
    root = Path("/nowhere")
    source = parse_source(root / "job.py", f"NAME = 'é'\nopen({expression})\n")
    assert [str(use.value) for use in facts_of(source, ModuleLoader(root)).paths] == [f"/opt/ml/x/{path}"]


@pytest.mark.parametrize("length", [1, 30, 200, 290, 300, 5_000])
@pytest.mark.parametrize("words", [1, 2, 9])
def test_messages_fit(length, words):
    """Values that are too long lose their middles; everything else is kept."""
    values = [f"'{chr(97 + number) * length}.{number}'" for number in range(words)]
    message = f"path {' and '.join(values)} is not declared; declare it"
    shown = fitting(message)
    assert len(shown) <= MAX_MESSAGE
    assert shown == message or (len(message) > MAX_MESSAGE and "…" in shown)
    assert shown.startswith("path 'a")
    assert words > 8 or shown.endswith(f".{words - 1}' is not declared; declare it")
    assert len(message) <= MAX_MESSAGE or len(shown) > MAX_MESSAGE - 40


def test_a_message_of_nothing_but_words():
    assert fitting("word " * 100) == ("word " * 100)[: MAX_MESSAGE - 1] + "…"


def test_a_long_path_in_a_finding(said):
    ((code, message),) = said(CONTRACT, f"{USED}open('/opt/ml/processing/other/{'x' * 5_000}/end.csv')\n")
    assert code == "SMC101"
    assert len(message) == MAX_MESSAGE
    assert "/end.csv' is not declared" in message


@pytest.mark.parametrize("name", ["job.lock", "part.tmp", "seen.marker", ".hidden"])
def test_files_that_nobody_wants_uploaded(said, name):
    """Beside ``done.txt``, of which it is told that it is lost."""
    written = "open('/opt/ml/processing/input/data/{}', 'w')\n"
    assert said(CONTRACT, USED + written.format(name)) == []
    assert [code for code, _ in said(CONTRACT, USED + written.format("done.txt"))] == ["SMC107"]


def test_every_undeclared_variable_once(said):
    """Those that are only shown, that are declared, that the platform sets and that were told already stand between
    them; one place that reads several is told once.
    """
    script = USED + (
        "print(os.environ.get('SHOWN', ''))\n\n\ndef level():\n    return os.environ['LEVEL']\n\n\n"
        "print(level(), os.environ['MODE'], level(), os.environ['AWS_REGION'], os.environ['TOKEN'])\n"
        "print([os.environ[letter + '_KEY'] for letter in 'AB'])\n"
    )
    found = said(CONTRACT + "required_env_vars: [MODE]\n", script)
    assert [message.split("'")[1] for _, message in found] == ["LEVEL", "TOKEN", "A_KEY"]


def test_a_script_of_many_contracts(said, tmp_path):
    for letter in "bcd":
        (tmp_path / f"{letter}.contract.yaml").write_text(CONTRACT)
    ((code, message),) = said(CONTRACT, USED + "print(os.environ['MODE'])\n", "a.contract.yaml")
    assert code == "SMC201"
    assert "is not declared by contracts a, b, c, …: nothing sets it" in message


@pytest.mark.parametrize(
    ("declared", "expression", "same"),
    [
        ("false", "os.environ.get('FLAG', '')", True), ("0", "os.environ.get('FLAG', '')", True),
        ("true", "os.environ.get('FLAG', '')", False), ("false", "os.environ.get('FLAG', 'x')", False),
        ("1.0", "os.environ.get('FLAG', '1')", True), (" a ", "os.environ.get('FLAG', 'a')", True),
        ("A", "os.environ.get('FLAG', 'a').lower()", True), ("A", "os.environ.get('FLAG', 'a')", False),
        ("[1, 2]", "os.environ.get('FLAG', '[1,2]')", True), ("[1, 2]", "os.environ.get('FLAG', '[2,1]')", False),
    ],
)  # fmt: skip
def test_defaults_that_mean_the_same(said, declared, expression, same):
    found = said(CONTRACT + f"optional_env_vars: {{FLAG: '{declared}'}}\n", USED + f"train({expression})\n")
    assert [code for code, _ in found] == ([] if same else ["SMC205"])


def test_every_required_variable_with_a_default_once(said):
    script = USED + (
        "def level():\n    return os.environ.get('LEVEL', '1')\n\n\n"
        "train([os.environ.get(letter + '_KEY', '1') for letter in 'AB'])\n"
        "train(os.environ.get('MODE', 'x'), level(), os.environ['TOKEN'], level(), os.environ.get('DEPTH', '3'))\n"
    )
    found = said(
        CONTRACT + "required_env_vars: [LEVEL, TOKEN, DEPTH, A_KEY, B_KEY]\noptional_env_vars: {MODE: x}\n",
        script,
        opt_in=("SMC206",),
    )
    assert [(code, message.split("'")[1]) for code, message in found] == [
        ("SMC206", "LEVEL"),
        ("SMC206", "A_KEY"),
        ("SMC206", "DEPTH"),
    ]


@pytest.mark.parametrize(("written", "codes"), [("result", []), ("plots", ["SMC109"])])
def test_what_was_written_to_one_output_is_not_in_the_other(said, written, codes):
    contract = CONTRACT.replace("output/result}", "output/result, plots: /opt/ml/processing/output/plots}")
    script = (
        "import os\n\nos.listdir('/opt/ml/processing/input/data')\n"
        f"open('/opt/ml/processing/output/{written}/a.csv', 'w')\n"
        f"print(open('{OUT}/a.csv').read())\n"
        "open('/opt/ml/processing/output/plots/b.png', 'w')\n"
        f"open('{OUT}/b.png', 'w')\n"
    )
    assert [code for code, _ in said(contract, script, opt_in=("SMC109",))] == codes


def test_an_input_that_is_asked_for_by_an_unknown_name(said):
    """Any input may be meant, and no output."""
    script = (
        "import sys\nfrom contracts_runtime import ContractEnforcer\nfrom job_contract import JOB\n\n"
        "with ContractEnforcer(JOB) as enforcer:\n"
        "    print(open(enforcer.get_input_path(sys.argv[1]) + '/x').read())\n"
    )
    module = MODULE.replace("from elsewhere import NAMES\n", "").replace("    FIELD=NAMES,\n", "")
    assert [code for code, _ in said(module, script, "job_contract.py")] == ["SMC103"]
