"""The rules' documentation: its form, the generated pages, and the catalogue, which is public interface."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from flake8_contracts.rules import all_rules
from flake8_contracts.rules.base import Example, Rule
from flake8_contracts.rules.codes import CODES
from flake8_contracts.rules.documentation import (
    FAMILIES,
    contract_name,
    index_markdown,
    plain,
    rule_document,
    rule_markdown,
    script_name,
)

TOP = Path(__file__).resolve().parents[2]
PAGES = TOP / "docs" / "rules"

#: Codes, names and defaults never change once they are released.
CATALOGUE = """
SMC101 undeclared-path on
SMC102 unused-input on
SMC103 unused-output on
SMC104 unknown-logical-name on
SMC105 hardcoded-path opt-in
SMC106 output-is-directory on
SMC107 write-to-input on
SMC108 escaping-path on
SMC109 read-from-output opt-in
SMC110 missing-path-key on
SMC111 input-is-directory on
SMC201 undeclared-env-var on
SMC202 unused-required-env-var on
SMC203 unused-optional-env-var opt-in
SMC204 optional-env-var-without-default on
SMC205 env-default-mismatch on
SMC206 required-env-var-with-default opt-in
SMC207 training-only-variable on
SMC208 ineffective-env-var on
SMC209 env-var-not-harvested on
SMC301 undeclared-required-argument on
SMC302 unparsed-argument on
SMC303 invalid-argument-value on
SMC304 ineffective-argument opt-in
SMC401 output-path-is-file on
SMC402 path-outside-container on
SMC403 overlapping-paths on
SMC404 entry-point-not-found on
SMC405 invalid-contract on
SMC406 env-var-declared-twice on
SMC407 conflicting-contracts on
SMC408 input-path-is-file on
SMC501 dependency-not-in-contract on
SMC502 output-not-in-contract on
SMC503 property-path-mismatch on
SMC504 input-without-dependency on
SMC505 output-without-spec opt-in
SMC506 invalid-property-path on
SMC601 unsatisfied-dependency on
SMC602 incompatible-source on
SMC603 ambiguous-dependency opt-in
SMC604 dependency-cycle on
SMC900 internal-error on
SMC901 unreadable-contract on
SMC902 script-without-contract opt-in
"""

#: Rules that no project makes the linter report on purpose.
WITHOUT_EXAMPLE = {"SMC900"}

HEADINGS = [
    "What it does",
    "Why it fails",
    "Example",
    "Use instead",
    "What the fix does",
    "What is not reported",
    "Sources",
    "How to suppress",
]
OPTIONAL = {"Use instead", "What the fix does", "What is not reported", "Sources"}

each_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)


class TestCatalogue:
    def test_codes_names_and_defaults(self):
        found = [f"{rule.code} {rule.name} {'on' if rule.default else 'opt-in'}" for rule in all_rules()]
        assert found == CATALOGUE.split("\n")[1:-1]

    def test_the_codes_that_file_names_tell(self):
        assert [rule.code for rule in all_rules()] == list(CODES)

    def test_the_changelog_names_every_rule(self):
        text = (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
        ranges = re.findall(r"SMC(\d{3})(?:–SMC(\d{3}))?", text)
        told = {number for first, last in ranges for number in range(int(first), int(last or first) + 1)}
        assert {code for code in CODES if int(code[3:]) not in told} == set()

    def test_every_family_has_a_title(self):
        assert {code[3] for code in CODES} == FAMILIES.keys()


@each_rule
class TestTexts:
    def test_summary(self, rule):
        assert re.fullmatch(r"[a-z`][^\n]*[^\s.]", rule.summary)
        assert len(rule.summary) <= 120

    @pytest.mark.parametrize("field", ["explanation", "not_reported"])
    def test_prose_is_made_of_sentences(self, rule, field):
        text = plain(getattr(rule, field))
        assert text or field == "not_reported"
        for paragraph in text.split("\n\n"):
            assert not paragraph or re.match(r"[A-Z`]", paragraph), paragraph
            assert not paragraph or paragraph.rstrip().endswith("."), paragraph
        assert "#" not in text, "headings are the page's"
        assert text.count("`") % 2 == 0

    def test_there_is_an_example(self, rule):
        assert bool(rule.examples) != (rule.code in WITHOUT_EXAMPLE)
        assert len(rule.examples) <= 2

    def test_the_title_of_the_module_names_the_rule(self, rule):
        module = importlib.import_module(type(rule).__module__)
        assert (module.__doc__ or "").startswith(f"{rule.code}: ")
        assert module.__name__.rpartition(".")[2] == f"{rule.code.lower()}_{rule.name.replace('-', '_')}"

    def test_the_page_has_its_fixed_shape(self, rule):
        page = rule_markdown(rule)
        prose = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
        assert page.startswith(
            f"# {rule.code} {rule.name}\n\n{'On by default' if rule.default else 'Opt-in'} · "
        )
        found = re.findall(r"^## (.+)$", prose, re.MULTILINE)
        first = [heading for number, heading in enumerate(found) if heading not in found[:number]]
        assert [heading for heading in first if heading != "Another example"] == [
            heading for heading in HEADINGS if heading not in OPTIONAL or heading in found
        ]
        assert page.count("```") % 2 == 0
        assert "expect:" not in page


class TestGeneratedPages:
    def test_there_is_one_for_each_rule(self):
        assert {path.name for path in PAGES.iterdir()} == {f"{code}.md" for code in CODES} | {"README.md"}

    @each_rule
    def test_a_page(self, rule):
        assert (PAGES / f"{rule.code}.md").read_text(encoding="utf-8") == rule_markdown(rule)

    def test_the_index(self):
        assert (PAGES / "README.md").read_text(encoding="utf-8") == index_markdown(all_rules())

    def test_the_index_lists_every_rule_once(self):
        rows = re.findall(
            r"^\| \[(SMC\d+)\]\(\1\.md\) \| (\S+) \|", index_markdown(all_rules()), re.MULTILINE
        )
        assert rows == [(rule.code, rule.name) for rule in all_rules()]


class Documented(Rule):
    """A rule with all that a page can show."""

    code = "SMC999"
    name = "made-up"
    default = False
    fix = "safe"
    summary = "a thing | that is made up"
    explanation = """
        It will fail.

            indented
        """
    not_reported = "Everything else."
    sources = ("API, shape Example",)
    examples = (
        Example(
            contract="""
                entry_point: scripts/x.py
                """,
            bad="""
                if True:
                    x = 1  # expect: SMC999
                """,
            good="x = 2",
            fixed="""
                if True:
                    x = 2
                """,
            fixed_contract="entry_point: scripts/x2.py",
        ),
        Example(
            subject="contract",
            contract='{"entry_point": "a.py"}  # expect: SMC999, SMC101',
            bad="entry_point: b.py  # expect: SMC999",
            good="entry_point: a.py",
        ),
    )


def test_a_page():
    assert (
        rule_markdown(Documented())
        == """\
# SMC999 made-up

Opt-in · Fix: safe

## What it does

Reports a thing | that is made up.

## Why it fails

It will fail.

    indented

## Example

With the contract `x.contract.yaml`

```yaml
entry_point: scripts/x.py
```

the script `scripts/x.py` is reported:

```python
if True:
    x = 1  # SMC999
```

## Use instead

```python
x = 2
```

## What the fix does

`flake8-contracts check --fix` makes of `x.contract.yaml`

```yaml
entry_point: scripts/x2.py
```

and of `scripts/x.py`

```python
if True:
    x = 2
```

## Another example

Beside the contract `other_a.contract.json`

```json
{"entry_point": "a.py"}  # SMC999, SMC101
```

the contract `a.contract.yaml` is reported:

```yaml
entry_point: b.py  # SMC999
```

## Use instead

```yaml
entry_point: a.py
```

## What is not reported

Everything else.

## Sources

- API, shape Example

## How to suppress

End the reported line with `# noqa: SMC999`.

The rule reports nothing unless it is selected, in flake8's configuration:

```ini
[flake8]
extend-select = SMC999
per-file-ignores = path/to/file.py: SMC999
```
"""
    )


def test_a_row_of_the_index():
    row = r"| [SMC999](SMC999.md) | made-up | a thing \| that is made up | opt-in | safe |"
    assert row in index_markdown([Documented()]).splitlines()


def test_a_rule_as_data():
    document = rule_document(Documented())
    assert " ".join(document) == "code name default fix summary explanation not_reported examples sources"
    assert (document["code"], document["default"], document["fix"]) == ("SMC999", False, "safe")
    assert document["explanation"] == "It will fail.\n\n    indented"
    assert document["examples"] == [
        {
            "subject": "script",
            "contract": "entry_point: scripts/x.py\n",
            "bad": "if True:\n    x = 1  # SMC999\n",
            "good": "x = 2\n",
            "fixed": "if True:\n    x = 2\n",
            "fixed_contract": "entry_point: scripts/x2.py\n",
        },
        {
            "subject": "contract",
            "contract": '{"entry_point": "a.py"}  # SMC999, SMC101\n',
            "bad": "entry_point: b.py  # SMC999\n",
            "good": "entry_point: a.py\n",
            "fixed": "",
            "fixed_contract": "",
        },
    ]


def test_names_of_files():
    python = Example("", "", contract='\n    from x import y\n    C = y(entry_point="jobs/load.py")\n')
    assert script_name(python) == "jobs/load.py"
    assert contract_name(python, python.contract) == "load_contract.py"
    assert script_name(Example("", "")) == "script.py"
