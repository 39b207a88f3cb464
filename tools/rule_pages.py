"""Write docs/rules, one page for each rule and an index, from the rules themselves.

With ``--check`` nothing is written; the exit code says whether the pages are up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from flake8_contracts.commands.rule import FIXES, page
from flake8_contracts.rules import all_rules
from flake8_contracts.rules.base import Rule

PAGES = Path(__file__).resolve().parent.parent / "docs" / "rules"


def index(rules: tuple[Rule, ...]) -> str:
    """Return the table of all rules."""
    rows = [
        f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.summary} | {'on' if rule.default else 'opt-in'} "
        f"| {rule.fix or '–'} |"
        for rule in rules
    ]
    notes = [f"- {meaning}" for fix, meaning in FIXES.items() if fix]
    head = ["# Rules", "", "| code | name | reports | default | fix |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows, "", "Fixes:", "", *notes, ""])


def main(arguments: list[str]) -> int:
    """Write or check the pages; return the exit code."""
    rules = all_rules()
    wanted = {PAGES / f"{rule.code}.md": page(rule) for rule in rules}
    wanted[PAGES / "README.md"] = index(rules)
    present = {path: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    if present == wanted:
        return 0
    if "--check" in arguments:
        names = sorted(path.name for path in {**present, **wanted} if present.get(path) != wanted.get(path))
        print(f"docs/rules is not what the rules say, run 'make docs': {', '.join(names)}", file=sys.stderr)
        return 1
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in present.keys() - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        if present.get(path) != text:
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
