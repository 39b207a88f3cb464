"""``flake8-contracts rule``: the documentation of the rules."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from flake8_contracts.commands.console import write, write_json
from flake8_contracts.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flake8_contracts.rules.base import Example, Rule

# Marks in the examples that say to the tests where the rule reports.
_EXPECTATION = re.compile(r"[ \t]*# expect(@[+-]\d+)?:.*$", re.MULTILINE)

FIXES = {
    "safe": "safe: the meaning is kept, or the old text could not have worked",
    "unsafe": "unsafe: a suggestion, applied on explicit request only",
    None: "none",
}


@click.command()
@click.argument("code", required=False)
@click.option("--all", "everything", is_flag=True, help="Show every rule.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rule(code: str | None, *, everything: bool, output_format: str) -> None:
    """Explain a rule, named by its CODE or by its name."""
    from flake8_contracts.rules import all_rules

    if (code is None) != everything:
        raise click.UsageError("name one rule, or give --all")
    rules = all_rules() if code is None else (_find(code),)
    if output_format == "json":
        documents = [_document(each) for each in rules]
        write_json(documents if everything else documents[0])
    else:
        write("\n".join(page(each) for each in rules))


def _find(wanted: str) -> Rule:
    from flake8_contracts.rules import all_rules, rule_named

    found = rule_named(wanted)
    if found is not None:
        return found
    near = did_you_mean(wanted, [word for each in all_rules() for word in (each.code, each.name)])
    raise click.UsageError(f"there is no rule {wanted!r}{near or '; --all shows those that there are'}")


def page(rule: Rule) -> str:
    """Return a rule's documentation as Markdown."""
    when = "yes" if rule.default else f"no, select it with `--extend-select {rule.code}`"
    parts = [
        f"# {rule.code} {rule.name}",
        rule.summary,
        f"- Reported by default: {when}\n- Fix: {FIXES[rule.fix]}",
        rule.explanation.strip(),
    ]
    if rule.examples:
        parts.append("## Example" if len(rule.examples) == 1 else "## Examples")
    for example in rule.examples:
        parts.extend(_example(example))
    if rule.sources:
        parts.append("## Sources")
        parts.append("\n".join(f"- {source}" for source in rule.sources))
    return "\n\n".join(parts) + "\n"


def _example(example: Example) -> Iterator[str]:
    language = "python" if example.subject == "script" else "yaml"
    if example.contract:
        yield "With the contract"
        yield _code("yaml", example.contract)
    yield "this is reported:"
    yield _code(language, example.bad)
    yield "and this is not:"
    yield _code(language, example.good)


def _code(language: str, text: str) -> str:
    return f"```{language}\n{_EXPECTATION.sub('', text).strip()}\n```"


def _document(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "default": rule.default,
        "fix": rule.fix,
        "summary": rule.summary,
        "explanation": rule.explanation.strip(),
        "examples": [asdict(example) for example in rule.examples],
        "sources": list(rule.sources),
    }
