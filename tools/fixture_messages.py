"""Write fixtures/messages.txt: what the linter says about the example projects, word by word.

With ``--check`` nothing is written; the exit code says whether the file is up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from flake8_contracts import Finding, load_settings
from flake8_contracts.project import Project
from flake8_contracts.rules import all_rules
from flake8_contracts.rules.codes import CODES

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
PAGE = FIXTURES / "messages.txt"
_SUFFIXES = frozenset({".py", ".yaml", ".yml", ".json", ".toml"})


def main(arguments: list[str]) -> int:
    """Write or check the file; return the exit code."""
    wanted = whole()
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    if "--check" in arguments:
        print("fixtures/messages.txt is not what the linter says, run 'make docs'", file=sys.stderr)
        return 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


def whole() -> str:
    """What is said about all projects of which something is said."""
    names = ["broken", "opt_in", *sorted(f"cases/{path.name}" for path in (FIXTURES / "cases").iterdir())]
    return "\n".join(f"# {name}\n\n{text}" for name, text in ((name, told(name)) for name in names) if text)


def told(project: str) -> str:
    """What is said about a project, with its opt-in rules if it is there for them."""
    root = FIXTURES / project
    opt_in = [rule.code for rule in all_rules() if not rule.default] if project == "opt_in" else None
    overrides = {"use_cache": False, "extend_select": opt_in}
    checking = _WithFixes(load_settings([root], root=root, overrides=overrides, known_codes=CODES))
    files = [path for path in sorted(root.rglob("*")) if path.suffix in _SUFFIXES]
    findings = [found for path in files for found in checking.check_file(path, display=_below(root, path))]
    return "".join(f"{line}\n" for finding in findings for line in _lines(finding, root))


class _WithFixes(Project):
    with_fixes = True


def _lines(finding: Finding, root: Path) -> Iterator[str]:
    """A line for the finding, then what belongs to it: other places, and what a fix writes."""
    span = f"{finding.line}:{finding.column}-{finding.end_line}:{finding.end_column}"
    yield f"{finding.path}:{span} {finding.code} {finding.message}"
    for related in finding.related:
        yield f"    {related.path}:{related.line}:{related.column} {related.message}"
    if finding.fix is not None:
        yield f"    {finding.fix.applicability} fix: {finding.fix.title}"
        for edit in finding.fix.edits:
            start = f"{edit.span.line}:{edit.span.column}-{edit.span.end_line}:{edit.span.end_column}"
            yield f"        {_below(root, edit.path)}:{start} {edit.replacement!r}"


def _below(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
