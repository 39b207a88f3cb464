"""Where findings stand: lines and columns as editors count them, whatever the file is encoded in."""

from __future__ import annotations

import re

import pytest

CONTRACT = """\
entry_point: job.py
expected_output_paths:
  result: /opt/ml/processing/output/result
"""
BAD = 'open("/opt/ml/processing/output/result", "w")'
WRONG = '"/opt/ml/processing/inptu/data.csv"'


@pytest.mark.parametrize(
    "line",
    [
        f"name = 'naïve'; {BAD}",
        f"größe, データ = '数', '😀𠀀'; {BAD}",
        f"if True:\t{BAD}",
        f"a = 'e\u0301\u200d👩‍🔬'; {BAD}  # später",
        f"x = [{BAD}]",
        f"x = '\\\n  é'; {BAD}",
        f"x = '''é\n  é'''; {BAD}",
        f"x = ('é'\n\t,\n  {BAD})",
        f"pass;pass;\t {BAD}",
        f"f'é{{1}}'; {BAD}",
    ],
)
def test_columns_count_characters(flake8_here, write, line):
    text = f"# é\n{line}\n"
    root = write({"job.py": text, "job.contract.yaml": CONTRACT})
    before = text[: text.index("open(")]
    result = flake8_here("--select", "SMC", "job.py", cwd=root)
    at = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    assert [line[: len(at) + 8] for line in result.about("job.py")] == [f"{at}: SMC106"]


LINES = ("# é", "x = 'é'", "", f"print('é', {BAD})", "", f"y = open({WRONG})")


@pytest.mark.parametrize("way", ["file", "stdin", "check"])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("line feeds", "\n".join(LINES).encode()),
        ("carriage returns and line feeds", "\r\n".join(LINES).encode()),
        ("carriage returns", "\r".join(LINES).encode()),
        ("both", ("\r\n".join(LINES[:3]) + "\n" + "\n".join(LINES[3:])).encode()),
        ("byte order mark", b"\xef\xbb\xbf" + "\n".join(LINES).encode()),
        ("byte order mark and carriage returns", b"\xef\xbb\xbf" + "\r\n".join(LINES).encode()),
        ("latin-1", "\n".join(("# -*- coding: latin-1 -*-", *LINES[1:])).encode("latin-1")),
        ("cp1252 in the second line", "\n".join(("#!python", "# coding=cp1252", *LINES[2:])).encode("cp1252")),
        ("form feeds", "\n".join(("\f# é", "x = 'é'", "\f", *LINES[3:5], f"\f{LINES[5]}")).encode()),
        ("form feed in a comment", "\n".join(("# é\fé", "x = 'é\x0b\x0c'", *LINES[2:])).encode()),
        ("other separators", "\n".join(("# \x1c\x1d\x85", "x = '\u2028\u2029'", *LINES[2:])).encode()),
        ("a line feed at the end", ("\n".join(LINES) + "\n").encode()),
        ("space at the end", ("\n".join(LINES) + "\n\n   ").encode()),
        ("tabs", "\n".join((*LINES[:3], f"if x:\n\tprint({BAD})"[5:].lstrip(), *LINES[4:])).encode()),
    ],
)  # fmt: skip
def test_encodings_and_line_ends(flake8, check, write, way, name, data):
    root = write({"job.py": data, "job.contract.yaml": CONTRACT})
    if way == "file":
        result = flake8("--select", "SMC", "job.py", cwd=root)
    elif way == "stdin":
        result = flake8("--select", "SMC", "--stdin-display-name", "job.py", "-", cwd=root, given=data)
    else:
        result = check("job.py", cwd=root)
    assert result.stderr == ""
    text = data.decode("latin-1" if b"latin" in data else "cp1252" if b"cp1252" in data else "utf-8-sig")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    wanted = [
        f"4:{lines[3].index('open(') + 1}: SMC106",
        f"6:{lines[5].index(WRONG) + 1}: SMC101",
    ]
    assert [re.match(r"\d+:\d+: \w+", line)[0] for line in result.about("job.py")] == wanted  # type: ignore[index]
