"""The three formats on the same run."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from flake8_contracts.findings import Edit, Finding, Fix, Related, Span
from flake8_contracts.output.formats import FORMATS, renderer
from flake8_contracts.output.run import RuleInfo, Run, in_flake8_order

RULES = {
    "SMC101": RuleInfo("SMC101", "undeclared-path", "The script uses a path that no contract declares"),
    "SMC401": RuleInfo("SMC401", "output-path-is-file", "An output path names a file"),
}
MISTYPED = Finding(
    path="./scripts/train.py",
    line=12,
    column=9,
    end_line=12,
    end_column=30,
    code="SMC101",
    message='"/opt/ml/inptu" is not declared, did you mean "/opt/ml/input"?',
    fix=Fix(
        "Replace by '/opt/ml/input'",
        "unsafe",
        (Edit(Path.cwd() / "scripts/train.py", Span(12, 9, 12, 30), '"/opt/ml/input"'),),
    ),
    related=(Related("contracts/train.py", 3, 5, "declared here"),),
)
IS_FILE = Finding(
    path="contracts/payload.step.yaml",
    line=4,
    column=7,
    end_line=6,
    end_column=2,
    code="SMC401",
    message="output 'réponse' names a file",
    fix=Fix("Use the directory", "safe", (Edit(Path("/elsewhere/x.py"), Span(1, 1, 1, 1), ""),)),
)
RUN = Run((MISTYPED, IS_FILE), files=7, rules=RULES)


@pytest.fixture(scope="module")
def schema():
    document = json.loads(files("flake8_contracts.output").joinpath("findings.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(document)
    return document


def test_text():
    assert renderer("text")(RUN) == (
        './scripts/train.py:12:9: SMC101 "/opt/ml/inptu" is not declared, did you mean "/opt/ml/input"?\n'
        "contracts/payload.step.yaml:4:7: SMC401 output 'réponse' names a file\n"
    )


def test_json(schema):
    document = json.loads(renderer("json")(RUN))
    jsonschema.validate(document, schema)
    first, second = document["findings"]
    assert first == {
        "path": "./scripts/train.py",
        "line": 12,
        "column": 9,
        "end_line": 12,
        "end_column": 30,
        "code": "SMC101",
        "name": "undeclared-path",
        "message": MISTYPED.message,
        "fix": {
            "title": "Replace by '/opt/ml/input'",
            "applicability": "unsafe",
            "edits": [
                {
                    "path": str(Path("scripts/train.py")),
                    "line": 12,
                    "column": 9,
                    "end_line": 12,
                    "end_column": 30,
                    "replacement": '"/opt/ml/input"',
                }
            ],
        },
        "related": [{"path": "contracts/train.py", "line": 3, "column": 5, "message": "declared here"}],
    }
    assert second["fix"]["edits"][0]["path"] == str(Path("/elsewhere/x.py"))
    assert document["summary"] == {
        "files": 7,
        "findings": 2,
        "fixable": {"safe": 1, "unsafe": 1},
        "by_code": {"SMC101": 1, "SMC401": 1},
    }


def test_json_of_a_code_without_rule(schema):
    document = json.loads(renderer("json")(Run((IS_FILE,), files=1)))
    jsonschema.validate(document, schema)
    assert document["findings"][0]["name"] is None


def test_the_json_schema_refuses_other_documents(schema):
    document = json.loads(renderer("json")(RUN))
    document["findings"][0]["column"] = 0
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_github():
    assert renderer("github")(RUN) == (
        "::error file=scripts/train.py,line=12,endLine=12,title=SMC101 undeclared-path,col=9,endColumn=30"
        '::"/opt/ml/inptu" is not declared, did you mean "/opt/ml/input"?\n'
        "::error file=contracts/payload.step.yaml,line=4,endLine=6,title=SMC401 output-path-is-file"
        "::output 'réponse' names a file\n"
    )


def test_github_escapes():
    finding = Finding("a,b:c.py", 1, 1, 1, 1, "SMC101", "100 %\nwrong: yes, it is")
    assert renderer("github")(Run((finding,), files=1)) == (
        "::error file=a%2Cb%3Ac.py,line=1,endLine=1,title=SMC101,col=1,endColumn=1"
        "::100 %25%0Awrong: yes, it is\n"
    )


@pytest.mark.parametrize("name", ["text", "github"])
def test_a_clean_run_prints_nothing(name):
    assert renderer(name)(Run((), files=3)) == ""


def test_a_clean_run_as_json(schema):
    document = json.loads(renderer("json")(Run((), files=3)))
    jsonschema.validate(document, schema)
    assert document["findings"] == []


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_in_one_newline(name):
    text = renderer(name)(RUN)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


PROBE = """
FOUND = [
    (3, 4, "PRB201 late"), (1, 9, "PRB101 second"), (1, 2, "PRB301 first"), (3, 4, "PRB101 tie"),
    (2, 0, "PRB101 {path}"), (2, 0, "PRB101 {path}"),
]


class Probe:
    def __init__(self, tree, filename):
        self.filename = filename

    def run(self):
        for line, column, text in FOUND:
            yield line, column, text.format(path=self.filename), type(self)
"""


def test_order_and_statistics_are_those_of_flake8(tmp_path):
    (tmp_path / "setup.cfg").write_text(
        "[flake8]\nselect = PRB\n[flake8:local-plugins]\nextension = PRB = probe:Probe\npaths = .\n"
    )
    (tmp_path / "probe.py").write_text(PROBE)
    for name in ("b.py", "a/z.py", "B.py", "a.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("pass\npass\npass\n")
    names = ["./b.py", "./a/z.py", "./B.py", "./a.py"]
    probe: dict[str, list[tuple[int, int, str]]] = {}
    exec(PROBE, probe)  # the same list that the plugin reports from
    unordered = [
        Finding(name, line, column + 1, line, column + 2, text[:6], text[7:].format(path=name))
        for name in names
        for line, column, text in probe["FOUND"]
    ]
    process = subprocess.run(
        [sys.executable, "-m", "flake8", "-j1", "--statistics", *names],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    ours = renderer("text")(Run(in_flake8_order(unordered), files=4, statistics=True))
    assert ours.encode() == process.stdout
