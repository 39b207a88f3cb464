"""Files that cannot be read, or not fully: each is reported with its place, or left to flake8, and the run goes on.

``report_on`` also checks that the project's other files are reported as ever, and that flake8 and the command agree.
"""

from __future__ import annotations

import pytest

SCRIPT = 'open("/opt/ml/processing/output/r", "w")\n'
DATA = "entry_point: job.py\nexpected_output_paths: {r: /opt/ml/processing/output/r}\n"
MODULE = (
    "from contracts_runtime import ScriptContract\n"
    "JOB = ScriptContract(entry_point='job.py', expected_output_paths={'r': '/opt/ml/processing/output/r'})\n"
)

HEAD = "from contracts_runtime import ScriptContract\n"


OUT = "OUT = '/opt/ml/processing/output/r'\n"


def with_output(before: str, value: str) -> str:
    """A module with a contract whose output is at the value of an expression."""
    return (
        f"{HEAD}{before}JOB = ScriptContract(entry_point='job.py', expected_output_paths={{'r': {value}}})\n"
    )


NOT_PYTHON = {
    "a bracket": "x = (\n",
    "a function without a name": "def (:\n",
    "a wrong indent": "x = 1\n  y = 2\n",
    "a missing indent": "if x:\npass\n",
    "an inconsistent dedent": "if x:\n        y = 1\n    z = 2\n",
    "an open string": "x = 'a\n",
    "an open text": "x = '''a\n\n",
    "an old statement": "print 'a'\n",
    "a conflict": "<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n",
    "a notebook": "%matplotlib inline\n!pip install x\n",
    "a template": "x = {{ cookiecutter.name }}}\n",
    "a stray character": "x = 1 ¿ 2\n",
    "a late continuation": "x = 1 \\ \n",
}


def error_line(text: str) -> int:
    """The line that Python itself names."""
    with pytest.raises(SyntaxError) as caught:
        compile(text, "x.py", "exec", dont_inherit=True)
    assert caught.value.lineno is not None
    return caught.value.lineno


# Python files that are none


@pytest.mark.parametrize("name", NOT_PYTHON)
def test_a_script_that_is_not_python_is_left_to_flake8(report_on, flake8_here, check_here, tmp_path, name):
    """There is no finding; but the command, which did not check the script, says so at the same line."""
    assert report_on({"job.contract.yaml": DATA, "job.py": SCRIPT + NOT_PYTHON[name]}) == []
    root = tmp_path / "project"
    assert "job.py:" in flake8_here("--select", "E9", ".", cwd=root).stdout
    for _ in range(2):  # with what is kept of the first run
        checked = check_here("job.py", cwd=root)
        assert (checked.returncode, checked.stdout) == (2, "")
        line = error_line(SCRIPT + NOT_PYTHON[name])
        assert checked.stderr.startswith(f"job.py:{line}:")
        assert "not checked, because it is no valid Python: " in checked.stderr


@pytest.mark.parametrize(
    "options", [(), ("--fix",), ("--diff",), ("--exit-zero",), ("--output-format", "json")]
)
def test_the_other_files_are_checked_nevertheless(write, check_here, options):
    root = write({"job.contract.yaml": DATA, "job.py": "def (\n", "sub/job.py": SCRIPT, "pyproject.toml": ""})
    checked = check_here(*options, ".", cwd=root)
    assert checked.returncode == 2
    assert "./job.py:1:5: not checked" in checked.stderr
    assert "SMC106" in checked.stdout or options == ("--diff",)


@pytest.mark.parametrize("name", NOT_PYTHON)
def test_a_contract_module_that_is_not_python(report_on, name):
    text = MODULE + NOT_PYTHON[name]
    (line,) = report_on({"job_contract.py": text, "job.py": SCRIPT})
    assert (line.path, line.line, line.code) == ("job_contract.py", error_line(text), "SMC901")
    assert "cannot be parsed" in line.message


def test_what_a_broken_module_would_have_given(report_on):
    """A contract that takes its paths from a module that cannot be parsed says so, at the path."""
    contract = MODULE.replace("'/opt/ml/processing/output/r'", "layout.OUTPUT").replace(
        "\n", "\nimport layout\n", 1
    )
    found = report_on({"job_contract.py": contract, "layout.py": "OUTPUT = (\n", "job.py": SCRIPT})
    assert [(line.path, line.line, line.code) for line in found] == [("job_contract.py", 3, "SMC901")]


def test_a_helper_that_cannot_be_parsed_silences_what_it_may_do(report_on):
    """Whether the helper uses the output is not known, so it is not called unused; that is told."""
    files = {
        "job.contract.yaml": DATA,
        "job.py": "import helper\n\nhelper.run()\n",
        "helper.py": "def run(:\n",
    }
    (line,) = report_on(files)
    assert (line.path, line.line, line.code) == ("job.py", 1, "SMC900")
    assert "checked in part only: the module helper.py cannot be parsed" in line.message


# Encodings


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf\r\n",
        b"# nothing\n",
        b'"""Nothing."""',
        b"\x0c",
        b"pass;",
        b"\\\n",
    ],
)
def test_a_script_that_does_nothing(report_on, data):
    found = report_on({"job.contract.yaml": DATA, "job.py": data})
    assert [(line.line, line.column, line.code) for line in found] in ([(1, 1, "SMC103")], [])


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ("# é\n", "utf-8"),
        ("# é\n", "utf-8-sig"),
        ("# coding: latin-1\n# é\n", "latin-1"),
        ("#!/usr/bin/python\n# -*- coding: cp1252 -*-\n# €\n", "cp1252"),
        ("# vim: set fileencoding=shift_jis :\n# 日本\n", "shift_jis"),
        ("# coding: utf-8\r\n# é\r\n", "utf-8"),
        ("# coding: gb18030\n# 中\n", "gb18030"),
    ],
)
def test_encodings(report_on, head, codec):
    module = (head + MODULE).encode(codec)
    found = report_on({"job_contract.py": module, "job.py": (head + SCRIPT).encode(codec)})
    number = head.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert [(line.path, line.line, line.code) for line in found] == [("job.py", number, "SMC106")]


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (MODULE.encode() + b"# caf\xe9\n", 3),
        (b"# coding: klingon\n" + MODULE.encode(), 1),
        (b"# coding: undefined\n" + MODULE.encode(), 1),
        (b"# coding: ../../codec\n" + MODULE.encode(), 1),
        (b"\xef\xbb\xbf# coding: latin-1\n" + MODULE.encode(), 1),
        (b"# coding: ascii\n" + MODULE.encode() + "# é\n".encode(), 4),
    ],
)
def test_a_contract_module_that_python_cannot_decode(report_on, data, number):
    (line,) = report_on({"job_contract.py": data, "job.py": SCRIPT})
    assert (line.path, line.line, line.code) == ("job_contract.py", number, "SMC901")


@pytest.mark.parametrize(
    "data",
    [
        SCRIPT.encode() + b"# caf\xe9\n",
        b"# coding: klingon\n" + SCRIPT.encode(),
        b"\xef\xbb\xbf# coding: latin-1\n" + SCRIPT.encode(),
        SCRIPT.encode("utf-16"),
        SCRIPT.encode("utf-32-le"),
        SCRIPT.encode() + b"\0",
        bytes(range(256)) * 20,
    ],
)
def test_a_script_that_python_cannot_decode(report_on, data):
    """flake8 reads it as Latin-1, or refuses it; the command says the same (which ``report_on`` checks)."""
    try:
        compile(data.decode("latin-1"), "job.py", "exec")
    except SyntaxError:
        pass
    except ValueError:
        pytest.skip("flake8 itself fails on what this version of Python refuses so")
    found = report_on({"job.contract.yaml": DATA, "job.py": data})
    assert [line.code for line in found] in (["SMC106"], [])


# Contracts that cannot be resolved


@pytest.mark.parametrize(
    ("before", "value"),
    [
        ("import os\n", "os.environ['R']"),
        ("from gone import R\n", "R"),
        ("from .gone import R\n", "R"),
        ("from ..... import R\n", "R"),
        ("from gone import *\n", "R"),
        ("from job_contract import JOB as OTHER\n", "OTHER.path"),
        ("import job_contract\n", "job_contract.R"),
        ("def r(n): return r(n + 1)\n", "r(0)"),
        ("r = ''\nwhile True: r += 'a'\n", "r"),
        ("", "1 / 0"),
        ("", "{}['r']"),
        ("", "undefined"),
        ("", "input()"),
        ("", "open('r').read()"),
        ("", "eval('1')"),
        ("", "(lambda x: x(x))(lambda x: x(x))"),
    ],
)
def test_a_value_that_only_running_could_tell(report_on, before, value):
    text = with_output(before, value)
    (line,) = report_on({"job_contract.py": text, "job.py": SCRIPT})
    assert (line.path, line.line, line.code) == ("job_contract.py", text.count("\n"), "SMC901")
    assert "'r'" in line.message


@pytest.mark.parametrize(
    "fields",
    [
        "entry_point='job.py', expected_output_paths=OUTPUTS",
        "entry_point='job.py', expected_output_paths={**OUTPUTS}",
        "entry_point='job.py', expected_output_paths={NAME: '/opt/ml/processing/output/r'}",
        "entry_point='job.py', required_env_vars=[*NAMES]",
        "entry_point=NAME",
        "entry_point='job.py', **FIELDS",
        "**FIELDS",
        "**{**FIELDS, 'description': 'x'}",
        "**dict(FIELDS)",
    ],
)
def test_fields_that_only_running_could_tell(report_on, fields):
    """Nothing is concluded from what is not known, neither about the contract nor about the script."""
    text = f"{HEAD}from gone import FIELDS, NAME, NAMES, OUTPUTS\n\nJOB = ScriptContract({fields})\n"
    script = 'import os\n\nprint(os.environ["A"])\nopen("/opt/ml/processing/output/x/y", "w")\n'
    found = report_on({"job_contract.py": text, "job.py": script})
    about_contract = [line for line in found if line.path == "job_contract.py"]
    assert {(line.line, line.code) for line in about_contract} == {(4, "SMC901")}
    known = {"SMC101"} if "required_env_vars" in fields else {"SMC201"} if "output_paths" in fields else set()
    assert {line.code for line in found if line.path == "job.py"} == known


def test_a_subclass_may_know_more(report_on):
    """Its constructor names the script; nothing is missing."""
    text = (
        "class JobContract(ScriptContract):\n"
        "    def __init__(self, **fields):\n"
        "        super().__init__(entry_point='job.py', **fields)\n\n\n"
        "JOB = JobContract(expected_output_paths={'r': '/opt/ml/processing/output/r'})\n"
    )
    found = report_on({"job_contract.py": HEAD + text, "job.py": SCRIPT})
    assert {(line.path, line.code) for line in found} <= {("job.py", "SMC106"), ("job_contract.py", "SMC901")}


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "from b import OUT\nIN = 'x'\n", "b.py": f"from a import IN\n{OUT}"},
        {"a.py": "from b import *\nfrom a import *\n", "b.py": f"from a import *\nfrom b import *\n{OUT}"},
        {
            "a/__init__.py": "from .b import OUT\n",
            "a/b.py": "from . import c\nOUT = c.OUT\n",
            "a/c.py": f"import a.b\nfrom a import b\n{OUT}",
        },
        {"a.py": f"import a, job_contract\nfrom job_contract import *\n{OUT}"},
    ],
)
def test_modules_that_import_each_other(report_on, files):
    contract = (
        "from a import OUT\nJOB = ScriptContract(entry_point='job.py', expected_output_paths={'r': OUT})\n"
    )
    found = report_on(
        {**files, "job_contract.py": HEAD + contract, "job.py": "from a import OUT\nopen(OUT, 'w')\n"}
    )
    assert [(line.path, line.line, line.code) for line in found] == [("job.py", 2, "SMC106")]


def test_modules_that_import_each_other_and_resolve_nothing(report_on):
    files = {"a.py": "from b import OUT\n", "b.py": "from a import OUT\n"}
    contract = (
        "from a import OUT\nJOB = ScriptContract(entry_point='job.py', expected_output_paths={'r': OUT})\n"
    )
    found = report_on(
        {**files, "job_contract.py": HEAD + contract, "job.py": "from a import OUT\nopen(OUT, 'w')\n"}
    )
    assert [(line.path, line.line, line.code) for line in found] == [("job_contract.py", 3, "SMC901")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("JOB = ScriptContract()\n", {"SMC405"}),
        ("JOB = ScriptContract(entry_point=None, expected_output_paths=None)\n", {"SMC405"}),
        (
            "JOB = ScriptContract(entry_point='job.py', expected_output_paths=[1], required_env_vars='A')\n",
            {"SMC405"},
        ),
        (
            "JOB = ScriptContract(entry_point='job.py', expected_output_paths={None: None, 1: 2})\n",
            {"SMC405"},
        ),
        (
            "JOB = ScriptContract(entry_point='job.py', expected_output_paths=" + "[" * 90 + "]" * 90 + ")\n",
            {"SMC405"},
        ),
        ("JOB = ScriptContract(entry_point='')\n", {"SMC405"}),
        ("JOB = ScriptContract(entry_point='\\0')\n", {"SMC404", "SMC405"}),
        ("JOB = ScriptContract(entry_point='../../../../job.py')\n", {"SMC404", "SMC405"}),
        ("JOB = ScriptContract(entry_point='\\ud800.py')\n", {"SMC404", "SMC405"}),
    ],
)
def test_values_of_the_wrong_kind(report_on, text, wanted):
    found = {line.code for line in report_on({"job_contract.py": HEAD + text, "job.py": "pass\n"})}
    assert found
    assert found <= wanted


# Data files


@pytest.mark.parametrize(
    ("name", "content", "number", "code"),
    [
        ("a.contract.yaml", "", 1, "SMC901"),
        ("a.contract.yaml", "- a\n", 1, "SMC901"),
        ("a.contract.yaml", "entry_point: a\n\tb: c\n", 2, "SMC901"),
        ("a.contract.yaml", "entry_point: *x\n", 1, "SMC901"),
        ("a.contract.yaml", "entry_point: job.py\ndescription: x\nentry_point: other.py\n", 3, "SMC901"),
        (
            "a.contract.yaml",
            "entry_point: job.py\nexpected_arguments:\n  x: a\n  y: b\n  x: c\n",
            5,
            "SMC901",
        ),
        ("a.contract.yaml", DATA + "---\n" + DATA, 3, "SMC901"),
        ("a.contract.yaml", "entry_point: !!python/name:os.system job.py\n", 1, "SMC901"),
        ("a.contract.yaml", (DATA + "description: é\n").encode("latin-1"), 3, "SMC901"),
        ("a.contract.yaml", DATA.encode("utf-16"), 1, "SMC901"),
        ("a.contract.yaml", DATA.encode() + b"description: \0\n", 3, "SMC901"),
        ("a.contract.yaml", "x: " + "[" * 9000 + "]" * 9000, 1, "SMC901"),
        ("a.contract.yaml", "entry_point: job.py\ndescription: &a [*a]\n", 2, "SMC901"),
        ("a.contract.yml", "entry_point: 5\n", 1, "SMC405"),
        ("a.contract.json", '{\n  "description": "x",\n  "entry_point" "job.py"\n}\n', 3, "SMC901"),
        ("a.contract.json", '{\n  "entry_point": "a",\n  "entry_point": "b"\n}\n', 3, "SMC901"),
        ("a.contract.json", '{"a":' * 9000 + "1" + "}" * 9000, 1, "SMC901"),
        ("a.contract.json", '{"entry_point": ' + "9" * 9000 + "}", 1, "SMC901"),
        ("a.contract.json", '{"entry_point": "\\ud800"}', 1, "SMC901"),
        ("a.contract.toml", 'entry_point = "a"\n\nentry_point = "b"\n', 3, "SMC901"),
        ("a.contract.toml", "\nentry_point = job.py\n", 2, "SMC901"),
        ("a.contract.toml", ".".join(["a"] * 9000) + " = 1\n", 1, "SMC901"),
        ("a.step.yaml", "step_type: X\ncontract: 3\n", 2, "SMC901"),
        ("a.step.yaml", "contract:\n  entry_point: job.py\n  outputs:\n    r: 5\n", 4, "SMC901"),
        ("a.step.yaml", "contract:\n  entry_point: [job.py]\n", 2, "SMC405"),
    ],
)
def test_a_data_file_that_is_wrong(report_on, name, content, number, code):
    (line,) = report_on({name: content, "job.py": "pass\n"})
    assert (line.path, line.line, line.code) == (name, number, code)


def test_aliases_do_not_multiply(report_on):
    """Nine aliases on each of twenty levels stand for 9 ** 20 values."""
    levels = [
        f"{chr(98 + level)}: &{chr(98 + level)} [{','.join(['*' + chr(97 + level)] * 9)}]\n"
        for level in range(20)
    ]
    (line,) = report_on({"a.contract.yaml": "a: &a [x]\n" + "".join(levels)})
    assert line.code == "SMC901"


@pytest.mark.parametrize("name", ["a.yaml", "step.yaml", "contract.json", "a.contract.txt", "acontract.yaml"])
def test_other_data_files_are_not_read(report_on, name):
    assert report_on({name: "entry_point: [\n"}) == []


def test_data_that_is_large(report_on):
    arguments = "".join(f"  argument-{number}: '{number}'\n" for number in range(50))
    found = report_on({"a.contract.yaml": f"{DATA}expected_arguments:\n{arguments}", "job.py": SCRIPT})
    assert {line.path for line in found} == {"job.py"}
    (line,) = report_on({"a.contract.yaml": "#" * 10_000_000})
    assert (line.line, line.code) == (1, "SMC901")
