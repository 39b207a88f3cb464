"""Write docs/rules, one page for each rule and an index, from the rules themselves.

With ``--check`` nothing is written; the exit code says whether the pages are up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from flake8_contracts.rules import all_rules
from flake8_contracts.rules.documentation import index_markdown, rule_markdown

PAGES = Path(__file__).resolve().parent.parent / "docs" / "rules"


def main(arguments: list[str]) -> int:
    """Write or check the pages; return the exit code."""
    rules = all_rules()
    wanted = {PAGES / f"{rule.code}.md": rule_markdown(rule) for rule in rules}
    wanted[PAGES / "README.md"] = index_markdown(rules)
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
