"""``# noqa`` means to the command what it means to flake8, which is asked for every case here."""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from pathlib import Path

import pytest
from flake8.processor import FileProcessor
from flake8.violation import Violation
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_contracts.findings import Finding
from flake8_contracts.noqa import not_suppressed

CODES = ("PRB101", "PRB106", "PRB201")

PROBE = f"""
class Probe:
    def __init__(self, tree, lines):
        self.lines = lines

    def run(self):
        for number in range(1, len(self.lines) + 1):
            for code in {CODES!r}:
                yield number, 0, f"{{code}} something", type(self)
"""

CONFIGURATION = """
[flake8]
select = PRB
[flake8:local-plugins]
extension =
    PRB = probe:Probe
paths = .
"""

SOURCES = {
    "no_comment": b"x = 1\n",
    "blanket": b"x = 1  # noqa\ny = 2\n",
    "one_code": b"x = 1  # noqa: PRB101\n",
    "without_space": b"x = 1  # noqa:PRB101,PRB106\n",
    "space_before_colon": b"x = 1  #noqa : PRB101\ny = 2  # noqa : PRB101\n",
    "no_space_after_hash": b"x = 1  #noqa\n",
    "spaces_between_codes": b"x = 1  # noqa: PRB101 PRB106\n",
    "comma_and_space": b"x = 1  # noqa: PRB101, PRB106\n",
    "two_spaces_after_colon": b"x = 1  # noqa:  PRB101\n",
    "prefix": b"x = 1  # noqa: PRB1\n",
    "whole_family": b"x = 1  # noqa: PRB\n",
    "other_code": b"x = 1  # noqa: E501\n",
    "upper_case": b"x = 1  # NOQA: PRB101\n",
    "mixed_case": b"x = 1  # NoQA\n",
    "lower_case_code": b"x = 1  # noqa: prb101\n",
    "with_reason": b"x = 1  # noqa: PRB101 - known since May\n",
    "reason_without_code": b"x = 1  # noqa because\n",
    "after_other_comment": b"x = 1  # type: ignore  # noqa: PRB101\n",
    "in_a_string": b's = "# noqa"\n',
    "multi_line_string": b's = """\n/opt/ml/a\n"""  # noqa: PRB101\nt = 1\n',
    "multi_line_string_in_call": b'f(\n    1,\n    """\nx\n""",  # noqa: PRB106\n    2,\n)\n',
    "inside_multi_line_string": b's = """\n# noqa\n"""\n',
    "backslash": b"x = 1 + \\\n    2  # noqa: PRB101\n",
    "call_over_lines": b"x = open(\n    'a',\n    'b',\n)  # noqa: PRB101\n",
    "first_line_of_call": b"x = open(  # noqa: PRB101\n    'a',\n)\n",
    "form_feed": b"x = 1\n\x0cy = 2  # noqa: PRB101\nz = 3\x0c\nw = 4  # noqa\n",
    "unusual_line_boundaries": "s = '\u2028\x85\x1c'\nt = 1  # noqa: PRB101\n".encode(),
    "indented": b"if x:\n    y = 1  # noqa: PRB101\n\n    z = 2\nw = 3\n",
    "crlf": b's = """\r\na\r\n"""  # noqa\r\nx = 1  # noqa: PRB106\r\ny = 1\r\n',
    "carriage_returns": b"x = 1  # noqa: PRB106\ry = 1\r",
    "byte_order_mark": b"\xef\xbb\xbfx = 1  # noqa: PRB101\n",
    "latin_1": b"# -*- coding: latin-1 -*-\nx = '\xe9'  # noqa: PRB101\n",
    "not_utf_8": b"x = '\xe9'  # noqa: PRB101\ny = 1\n",
    "no_final_newline": b"x = 1\ny = 2  # noqa: PRB101",
    "file_level": b"# flake8: noqa\nx = 1\n",
    "file_level_late": b"x = 1\n\n    # FLAKE8: NOQA\n",
    "file_level_with_equals_sign": b"# flake8=noqa\nx = 1\n",
    "file_level_with_code": b"# flake8: noqa: PRB101\nx = 1\n",
    "file_level_after_code": b"x = 1  # flake8: noqa\ny = 2\n",
    "file_level_in_string": b's = """\n# flake8: noqa\n"""\n',
    "f_string": b"x = f'''\n{1}\n'''  # noqa: PRB101\n",
    "comment_line": b"# noqa: PRB101\nx = 1\n",
    "blank_lines": b"\n\n# noqa\n\nx = 1\n",
    "last_line_is_comment": b"def f():\n    pass\n    # noqa",
}


def findings(display: str, lines: int) -> list[Finding]:
    return [
        Finding(display, number, 1, number, 2, code, "something")
        for number in range(1, lines + 1)
        for code in CODES
    ]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "setup.cfg").write_text(CONFIGURATION)
    (root / "probe.py").write_text(PROBE)
    for name, source in SOURCES.items():
        (root / f"case_{name}.py").write_bytes(source)
    return root


def run_flake8(root: Path, *options: str) -> set[str]:
    process = subprocess.run(
        [sys.executable, "-m", "flake8", "-j1", *options],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.stderr == ""
    return set(process.stdout.splitlines())


@pytest.fixture(scope="module")
def reported(project) -> set[str]:
    return run_flake8(project)


@pytest.fixture(scope="module")
def found(project) -> set[str]:
    lines = run_flake8(project, "--disable-noqa")
    assert {line.partition(":")[0] for line in lines} >= {f"./case_{name}.py" for name in SOURCES}
    return lines


@pytest.mark.parametrize("name", SOURCES)
def test_agrees_with_flake8(name, project, reported, found):
    display = f"./case_{name}.py"
    all_findings = findings(display, sum(line.startswith(f"{display}:") for line in found) // len(CODES))
    kept = not_suppressed(all_findings, project / display)
    ours = {f"{each.path}:{each.line}:{each.column}: {each.code} {each.message}" for each in kept}
    assert ours == {line for line in reported if line.startswith(f"{display}:")}


def test_the_cases_are_worth_asking(reported, found):
    suppressed = {line.partition(":")[0] for line in found - reported}
    untouched = {line.partition(":")[0] for line in found} - suppressed
    assert len(suppressed) > 20
    assert {"./case_other_code.py", "./case_space_before_colon.py", "./case_no_comment.py"} & untouched


FRAGMENTS = st.sampled_from(
    [
        "x = 1", "# noqa", "  # noqa: PRB101", " # NOQA:PRB106,PRB2", '"""', "'''", "\\", "(", ")", "\n", "\n", "\n",
        "\n    ", "\x0c", "\r", "# flake8: noqa", "if x:", "é", "\t", "f'''", "{x}",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(FRAGMENTS, max_size=15).map("".join))
def test_agrees_with_flake8_on_any_text(text):
    lines = list(io.StringIO(text, newline=None))
    options = argparse.Namespace(
        disable_noqa=False,
        hang_closing=False,
        indent_size=4,
        max_line_length=79,
        max_doc_length=None,
        verbose=0,
    )
    processor = FileProcessor("absent.py", options, lines=lines)
    everything = findings("absent.py", len(lines))

    def reports(finding: Finding) -> bool:
        # Where flake8 has no line for a finding, it reads the file: this text's physical line.
        line = processor.noqa_line_for(finding.line) or lines[finding.line - 1]
        violation = Violation(finding.code, finding.path, finding.line, 1, finding.message, line)
        return not violation.is_inline_ignored(disable_noqa=False)

    expected = [] if processor.should_ignore_file() else [each for each in everything if reports(each)]
    assert not_suppressed(everything, Path("absent.py"), text) == expected


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".toml"])
def test_data_files_have_comments_of_one_line(tmp_path, suffix):
    path = tmp_path / f"x.contract{suffix}"
    path.write_text('a: """  # noqa: PRB101\nb: 1\nc: """  # noqa\n')
    kept = not_suppressed(findings("x", 3), path)
    assert [(each.line, each.code) for each in kept] == [
        (1, "PRB106"), (1, "PRB201"), (2, "PRB101"), (2, "PRB106"), (2, "PRB201"),
    ]  # fmt: skip


def test_data_files_can_be_left_out_as_a_whole(tmp_path):
    path = tmp_path / "x.step.yaml"
    path.write_bytes(b"\xef\xbb\xbf# flake8: noqa\nb: \xff\n")
    assert not_suppressed(findings("x", 2), path) == []


def test_data_files_of_any_bytes_are_read(tmp_path):
    path = tmp_path / "x.step.yaml"
    path.write_bytes(b"b: \xff  # noqa: PRB1\n")
    assert [each.code for each in not_suppressed(findings("x", 1), path)] == ["PRB201"]


def test_json_has_no_comments(tmp_path):
    path = tmp_path / "x.contract.json"
    path.write_text('{"description": "# noqa"}\n')
    assert not_suppressed(findings("x", 1), path) == findings("x", 1)


def test_a_finding_beyond_the_text_is_kept():
    assert not_suppressed(findings("x.py", 3), Path("x.py"), "# noqa\n")[0].line == 2


def test_a_file_that_cannot_be_read_suppresses_nothing(tmp_path):
    everything = findings("gone.py", 2)
    assert not_suppressed(everything, tmp_path / "gone.py") == everything


def test_files_without_findings_are_not_read():
    assert not_suppressed([], Path("/nonexistent/x.py")) == []
