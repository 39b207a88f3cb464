"""The rules as text for readers: a Markdown page for each rule, an index, and the same as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import dedent

from flake8_contracts.rules.base import Example, Rule

#: What each kind of fix promises.
FIXES = {
    "safe": "the meaning is kept, or the old text could not have worked",
    "unsafe": "a suggestion that somebody has to judge",
}

#: What is compared, by the first digit of a rule's code.
FAMILIES = {
    "1": "Paths: script against contract",
    "2": "Environment: script against contract",
    "3": "Arguments: script against contract",
    "4": "Contract files",
    "5": "Step specifications against contracts",
    "6": "Across steps",
    "9": "The tool itself",
}

_HEADINGS = ("Example", "Another example")

# In examples, lines that are reported are marked with "# expect: CODE"; readers see the code alone.
_EXPECTATION = re.compile(r"# expect: (?=SMC)")
_ENTRY_POINT = re.compile(r"entry_point\W+([\w./-]+)")
_SUFFIXES = {"yaml": ".contract.yaml", "json": ".contract.json", "python": "_contract.py"}
#: What else declares something: a mark of the text, the ending of the file's name, and what the file is called.
_OTHER_FILES = (
    (re.compile(r"^\s*step_type:", re.MULTILINE), ".step.yaml", "step interface"),
    (re.compile(r"SpecificationRegistry\("), "_pipeline.py", "module"),
    (re.compile(r"StepSpecification\("), "_spec.py", "module"),
)


def plain(text: str) -> str:
    """A text of a rule without the indentation of the code around it; ends with one line feed unless it is empty."""
    text = dedent(text).strip()
    return f"{text}\n" if text else ""


def language(text: str) -> str:
    """What a contract is written in: ``json``, ``python`` or ``yaml``."""
    text = text.lstrip()
    if text.startswith("{"):
        return "json"
    return "python" if text.startswith(("from ", "import ")) else "yaml"


def script_name(example: Example) -> str:
    """The path of an example's script: the entry point of its contract."""
    found = _ENTRY_POINT.search(example.good if example.subject == "contract" else example.contract)
    return found[1] if found else "train.py" if "SpecificationRegistry(" in example.good else "script.py"


def contract_name(example: Example, text: str) -> str:
    """The file name of a contract with this text. The other contract of an example about contracts is named so."""
    stem = script_name(example).rpartition("/")[2].rpartition(".")[0]
    if example.subject == "contract" and text == example.contract:
        stem = f"other_{stem}"
    return stem + next(
        (suffix for mark, suffix, _ in _OTHER_FILES if mark.search(text)), _SUFFIXES[language(text)]
    )


def _what(text: str) -> str:
    """What a file with this text is called."""
    return next((what for mark, _, what in _OTHER_FILES if mark.search(text)), "contract")


# -- pages -------------------------------------------------------------------------------------------------


def rule_markdown(rule: Rule) -> str:
    """A rule's page."""
    parts = [
        f"# {rule.code} {rule.name}",
        f"{'On by default' if rule.default else 'Opt-in'} · Fix: {rule.fix or 'none'}",
    ]
    parts += [
        "## What it does",
        f"Reports {rule.summary}.",
        "## Why it fails",
        plain(rule.explanation).strip(),
    ]
    for heading, example in zip(_HEADINGS, rule.examples, strict=False):
        parts += [f"## {heading}", *_example(example), *_fixed(rule, example)]
    if not rule.examples:
        parts += ["## Example", "There is none: no project makes the linter report this on purpose."]
    if rule.not_reported:
        parts += ["## What is not reported", plain(rule.not_reported).strip()]
    if rule.sources:
        parts += ["## Sources", "\n".join(f"- {source}" for source in rule.sources)]
    parts += ["## How to suppress", *_suppression(rule)]
    return "\n\n".join(parts) + "\n"


def _example(example: Example) -> Iterator[str]:
    if example.subject == "contract":
        subject, name = language(example.bad), contract_name(example, example.bad)
        between, told = "Beside the contract", f"the {_what(example.bad)} `{name}` is reported:"
    else:
        subject, name = "python", script_name(example)
        between, told = "With the contract", f"the script `{name}` is reported:"
    if example.contract:
        yield f"{between} `{contract_name(example, example.contract)}`"
        yield _code(language(example.contract), example.contract)
    yield told if example.contract else told[0].upper() + told[1:]
    yield _code(subject, example.bad)
    yield "## Use instead"
    if example.fixed_as_good and example.fixed_contract:
        yield _code(language(example.fixed_contract), example.fixed_contract)
    yield _code(subject, example.good)


def _fixed(rule: Rule, example: Example) -> Iterator[str]:
    """What the fix makes of an example."""
    changed = []
    if example.fixed_as_good:
        yield f"`{_fix_command(rule, example)}` writes this."
        return
    if example.fixed_contract and not example.contract:
        yield "## What the fix does"
        name = contract_name(example, example.fixed_contract)
        yield f"`{_fix_command(rule, example)}` writes `{name}` beside the script:"
        yield _code(language(example.fixed_contract), example.fixed_contract)
        return
    if example.fixed_contract:
        changed.append((contract_name(example, example.contract), example.fixed_contract))
    if example.fixed:
        about_contract = example.subject == "contract"
        name = contract_name(example, example.bad) if about_contract else script_name(example)
        changed.append((name, example.fixed))
    if not changed:
        return
    yield "## What the fix does"
    command = _fix_command(rule, example)
    for number, (name, text) in enumerate(changed):
        yield f"`{command}` makes of `{name}`" if not number else f"and of `{name}`"
        yield _code("python" if name.endswith(".py") else language(text), text)


def _fix_command(rule: Rule, example: Example) -> str:
    is_unsafe = example.unsafe or rule.fix == "unsafe"
    return "flake8-contracts check --fix" + (" --unsafe-fixes" if is_unsafe else "")


def _code(kind: str, text: str) -> str:
    return f"```{kind}\n{_shown(text)}```"


def _shown(text: str) -> str:
    return _EXPECTATION.sub("# ", plain(text))


def _suppression(rule: Rule) -> Iterator[str]:
    if _is_about_declarations(rule):
        yield (
            f"End the reported line with `# noqa: {rule.code}`, in Python, YAML and TOML. JSON has no comments:"
            " there only the configuration helps."
        )
    else:
        yield f"End the reported line with `# noqa: {rule.code}`."
    where = "For some files, or for all of them, in flake8's configuration:"
    if rule.default:
        yield where
        yield f"```ini\n[flake8]\nper-file-ignores = path/to/file.py: {rule.code}\nextend-ignore = {rule.code}\n```"
        return
    yield "The rule reports nothing unless it is selected, in flake8's configuration:"
    yield f"```ini\n[flake8]\nextend-select = {rule.code}\nper-file-ignores = path/to/file.py: {rule.code}\n```"


def _is_about_declarations(rule: Rule) -> bool:
    """Whether the rule reports in the files that declare contracts, which need not be Python."""
    kind = type(rule)
    return (
        kind.check_contract is not Rule.check_contract
        or kind.check_unreadable is not Rule.check_unreadable
        or kind.check_specification is not Rule.check_specification
        or kind.check_pipeline is not Rule.check_pipeline
    )


def index_markdown(rules: Iterable[Rule]) -> str:
    """The page that lists all rules, by family."""
    parts = [
        "# Rules",
        "What plain `flake8` reports after installation is *on*; the others are opt-in (`extend-select = SMC105`).",
    ]
    for digit, family in groupby(sorted(rules, key=lambda rule: rule.code), lambda rule: rule.code[3]):
        rows = "\n".join(_row(rule) for rule in family)
        parts += [
            f"## {FAMILIES[digit]}",
            f"| code | name | reports | default | fix |\n|---|---|---|---|---|\n{rows}",
        ]
    meanings = "\n".join(f"- **{kind}**: {meaning}" for kind, meaning in FIXES.items())
    parts += [
        "## Fixes",
        (
            "`flake8-contracts check --fix` applies safe fixes, `--fix --unsafe-fixes` the others, too."
            " [Fixes](../fixes.md) tells how."
        ),
        meanings,
    ]
    return "\n\n".join(parts) + "\n"


def _row(rule: Rule) -> str:
    summary = rule.summary.replace("|", "\\|")
    default = "on" if rule.default else "opt-in"
    return f"| [{rule.code}]({rule.code}.md) | {rule.name} | {summary} | {default} | {rule.fix or '–'} |"


# -- data --------------------------------------------------------------------------------------------------


def rule_document(rule: Rule) -> dict[str, object]:
    """A rule's documentation as data for JSON."""
    return {
        "code": rule.code,
        "name": rule.name,
        "default": rule.default,
        "fix": rule.fix,
        "summary": rule.summary,
        "explanation": plain(rule.explanation).strip(),
        "not_reported": plain(rule.not_reported).strip(),
        "examples": [
            {
                "subject": example.subject,
                "contract": _shown(example.contract),
                "bad": _shown(example.bad),
                "good": _shown(example.good),
                "fixed": _shown(example.good if example.fixed_as_good else example.fixed),
                "fixed_contract": _shown(example.fixed_contract),
            }
            for example in rule.examples
        ],
        "sources": list(rule.sources),
    }
