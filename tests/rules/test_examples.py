"""Every example of the documentation is a project, and the linter says of it what the page says."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from flake8_contracts.findings import Finding
from flake8_contracts.project import Project
from flake8_contracts.rules import all_rules
from flake8_contracts.rules.base import Example, Rule
from flake8_contracts.rules.documentation import contract_name, language, plain, script_name
from flake8_contracts.settings import Settings

EXPECTATION = re.compile(r"# expect: (SMC\d{3}(?:, SMC\d{3})*)$", re.MULTILINE)

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(rule.examples, 1)
]

each_example = pytest.mark.parametrize(("rule", "example"), EXAMPLES)


def write(root: Path, example: Example, subject: str) -> dict[str, str]:
    """Write the project of an example with its good or bad text; return the files that are to be checked."""
    checked = {}
    if example.contract:
        checked[contract_name(example, example.contract)] = plain(example.contract)
    if example.subject == "script":
        checked[script_name(example)] = plain(subject)
    else:
        checked[contract_name(example, subject)] = plain(subject)
        (root / script_name(example)).write_text("", encoding="utf-8")
    for name, text in checked.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return checked


def check(root: Path, rule: Rule, names: dict[str, str]) -> list[Finding]:
    """What the rules that are on by default, and this one, say about the files."""
    project = Project(Settings(root=root, extend_select=(rule.code,)))
    return [finding for name in names for finding in project.check_file(root / name, display=name)]


def expected(files: dict[str, str]) -> Counter[tuple[str, int, str]]:
    """File, line and code of every marker."""
    return Counter(
        (name, number, code)
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        for marker in EXPECTATION.findall(line)
        for code in marker.split(", ")
    )


@each_example
def test_the_bad_one_is_reported_where_it_is_marked(tmp_path, rule, example):
    files = write(tmp_path, example, example.bad)
    findings = check(tmp_path, rule, files)
    found = Counter((finding.path, finding.line, finding.code) for finding in findings)
    assert found == expected(files), findings
    assert rule.code in {code for _, _, code in found}


@each_example
def test_the_good_one_is_clean(tmp_path, rule, example):
    findings = check(tmp_path, rule, write(tmp_path, example, example.good))
    assert findings == []


@each_example
def test_markers_stand_where_something_is_reported(rule, example):
    assert f"# expect: {rule.code}" in example.bad
    assert "expect:" not in example.good
    for text in (example.bad, example.contract):
        assert text.count("expect:") == len(EXPECTATION.findall(text))


@each_example
def test_python_compiles_and_lines_fit_the_page(rule, example):
    texts = [example.contract] if example.contract and language(example.contract) == "python" else []
    if example.subject == "script" or language(example.bad) == "python":
        texts += [example.bad, example.good]
    for text in texts:
        compile(plain(text), f"<{rule.code}>", "exec")
    for text in (example.bad, example.good, example.contract):
        assert all(len(line) <= 100 for line in plain(text).splitlines())
        assert "\t" not in text
