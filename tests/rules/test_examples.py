"""Every example of the documentation is a project, and the linter says of it what the page says."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from flake8_contracts.findings import Finding
from flake8_contracts.fixing import Fixing
from flake8_contracts.project import Project
from flake8_contracts.rules import all_rules
from flake8_contracts.rules.base import Example, Rule
from flake8_contracts.rules.documentation import contract_name, language, plain, script_name
from flake8_contracts.settings import Settings
from flake8_contracts.targets import Target

EXPECTATION = re.compile(r"# expect: (SMC\d{3}(?:, SMC\d{3})*)$", re.MULTILINE)
MARKER = re.compile(r" *# expect: .*")

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
        with_fixed = example.fixed_as_good and example.fixed_contract and subject == example.good
        contract = example.fixed_contract if with_fixed else example.contract
        checked[contract_name(example, example.contract)] = plain(contract)
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
def test_the_fix_makes_of_it_what_the_page_says(tmp_path, rule, example):
    """The page shows no markers, and the fixed texts have none."""
    unmarked = example._replace(bad=MARKER.sub("", example.bad), contract=MARKER.sub("", example.contract))
    files = write(tmp_path, unmarked, unmarked.bad)
    subject = script_name(example) if example.subject == "script" else contract_name(example, example.bad)
    wanted = dict(files)
    if example.fixed or example.fixed_as_good:
        wanted[subject] = plain(example.good if example.fixed_as_good else example.fixed)
    if example.fixed_contract and not example.contract:
        wanted[contract_name(example, example.fixed_contract)] = plain(example.fixed_contract)
    elif example.fixed_contract:
        wanted[contract_name(example, example.contract)] = plain(example.fixed_contract)
    unsafe = rule.fix == "unsafe" or example.unsafe
    assert fix(tmp_path, rule, files, unsafe=unsafe) == wanted
    if unsafe:
        for name in wanted.keys() - files.keys():
            (tmp_path / name).unlink()
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        assert fix(tmp_path, rule, files, unsafe=False) == files, "the fix is safe"


def fix(root: Path, rule: Rule, files: dict[str, str], *, unsafe: bool) -> dict[str, str]:
    """Apply the rule's fixes; return what the files then hold."""
    targets = [Target(root / name, name) for name in files]
    fixing = Fixing(Settings(root=root, select=(rule.code,)), targets, unsafe=unsafe)
    fixing.write(fixing.run())
    made = {path.name for path in root.glob("*.contract.yaml")} - files.keys()
    return {name: (root / name).read_text(encoding="utf-8") for name in (*files, *made)}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_has_a_fix_if_an_example_shows_it(rule):
    shown = any(example.fixed or example.fixed_contract or example.fixed_as_good for example in rule.examples)
    assert shown == (rule.fix is not None)


@each_example
def test_markers_stand_where_something_is_reported(rule, example):
    assert f"# expect: {rule.code}" in example.bad
    assert "expect:" not in example.good + example.fixed + example.fixed_contract
    for text in (example.bad, example.contract):
        assert text.count("expect:") == len(EXPECTATION.findall(text))


@each_example
def test_python_compiles_and_lines_fit_the_page(rule, example):
    texts = [example.contract] if example.contract and language(example.contract) == "python" else []
    if example.subject == "script" or language(example.bad) == "python":
        texts += [example.bad, example.good]
    for text in texts:
        compile(plain(text), f"<{rule.code}>", "exec")
    for text in (example.bad, example.good, example.contract, example.fixed, example.fixed_contract):
        assert all(len(line) <= 100 for line in plain(text).splitlines())
        assert "\t" not in text
