"""``flake8-contracts rule``: the documentation of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flake8_contracts.commands.console import write, write_json
from flake8_contracts.suggestions import did_you_mean, did_you_mean_code

if TYPE_CHECKING:
    from flake8_contracts.rules.base import Rule


@click.command()
@click.argument("code", required=False)
@click.option("--all", "everything", is_flag=True, help="Show every rule.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rule(code: str | None, *, everything: bool, output_format: str) -> None:
    """Explain a rule, named by its CODE or by its name."""
    from flake8_contracts.rules import all_rules
    from flake8_contracts.rules.documentation import rule_document, rule_markdown

    if (code is None) != everything:
        raise click.UsageError("name one rule, or give --all")
    rules = all_rules() if code is None else (_find(code),)
    if output_format == "json":
        documents = [rule_document(each) for each in rules]
        write_json(documents if everything else documents[0])
    else:
        write("\n".join(rule_markdown(each) for each in rules))


def _find(wanted: str) -> Rule:
    from flake8_contracts.rules import all_rules, rule_named

    found = rule_named(wanted)
    if found is not None:
        return found
    rules = all_rules()
    near = did_you_mean(
        wanted, [word for each in rules for word in (each.code, each.name)]
    ) or did_you_mean_code(wanted, [each.code for each in rules])
    raise click.UsageError(f"there is no rule {wanted!r}{near or '; --all shows those that there are'}")
