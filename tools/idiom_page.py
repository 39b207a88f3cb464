"""Write docs/idioms.md, what the engine understands, from the programs that it is tested with.

With ``--check`` nothing is written; the exit code says whether the page is up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOP = Path(__file__).resolve().parent.parent
PAGE = TOP / "docs" / "idioms.md"
PROGRAMS = TOP / "tests" / "flow" / "idioms"

INTRODUCTION = """\
# What is understood

The linter runs a script on abstract values, from its first line, and follows its paths, variables and arguments
through everything below. For each way of writing there is a program, with all that is known of it; the tests run every
one of them and accept nothing less and nothing more.

*Resolved*: the program's facts are known. *Unknown by design*: a part of it can be known only when the job runs, or
does not matter; the program says which. What is unknown never leads to a report.

In the facts, `{NAME}` is the value of a variable or argument, or the path of an input or output of the contract, `{?}`
is any text, and `unknown` a path of which nothing is known.
`NAME = 'x'` is a variable or argument with the default that the script gives it; *handled* means that the script goes
on when the variable is missing.
"""


def main(arguments: list[str]) -> int:
    """Write or check the page; return the exit code."""
    groups = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PROGRAMS.glob("*.toml"))]
    wanted = "\n".join(
        [INTRODUCTION, *_overview(groups), *(line for group in groups for line in _group(group))]
    )
    present = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    if present == wanted:
        return 0
    if "--check" in arguments:
        print("docs/idioms.md is not what the programs of the tests say, run 'make docs'", file=sys.stderr)
        return 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


def _overview(groups: list[dict[str, Any]]) -> Iterator[str]:
    yield "| | resolved | unknown by design |"
    yield "|---|---|---|"
    for group in groups:
        unknown = sum("unknown" in idiom for idiom in group["idiom"])
        yield f"| {group['title']} | {len(group['idiom']) - unknown} | {unknown} |"
    yield ""


def _group(group: dict[str, Any]) -> Iterator[str]:
    yield f"## {group['title']}\n"
    yield "| | |"
    yield "|---|---|"
    for idiom in group["idiom"]:
        yield f"| {idiom['name']} | {_outcome(idiom)} |"
    yield ""
    for idiom in group["idiom"]:
        yield from _idiom(idiom)


def _outcome(idiom: dict[str, Any]) -> str:
    return f"unknown by design: {idiom['unknown']}" if "unknown" in idiom else "resolved"


def _idiom(idiom: dict[str, Any]) -> Iterator[str]:
    yield f"### {idiom['name'][0].upper()}{idiom['name'][1:]}\n"
    for name, code in idiom.get("files", {}).items():
        yield f"`{name}`" + (":" if code else " is empty.") + "\n"
        if code:
            yield f"```python\n{code}```\n"
    if "files" in idiom:
        yield f"`{idiom.get('script', 'script.py')}`, the script:\n"
    yield f"```python\n{idiom['code']}```\n"
    if "unknown" in idiom:
        yield f"Unknown by design: {idiom['unknown']}.\n"
    facts = "; ".join(f"`{fact}`" for fact in sorted(idiom["facts"]))
    yield f"Facts: {facts or 'none'}.\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
