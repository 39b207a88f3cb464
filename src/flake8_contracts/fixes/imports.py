"""Modules that a fix needs, imported where they are not yet."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from flake8_contracts.findings import Edit
from flake8_contracts.fixes.python_text import PythonText


def module(text: PythonText, name: str) -> tuple[str, list[Edit]]:
    """What a top-level module is called in the file, and the edits that import it if it is not."""
    for statement in _imports(text):
        for alias in statement.names if isinstance(statement, cst.Import) else ():
            if text.code(alias.name) == name:
                return (text.code(alias.asname.name) if alias.asname is not None else name), []
    return name, [_insert(text, f"import {name}")]


def member(text: PythonText, owner: str, name: str) -> list[Edit]:
    """The edits that import a name from a module if it is not imported yet."""
    for statement in _imports(text):
        if isinstance(statement, cst.ImportFrom) and statement.module is not None and not statement.relative:
            names = () if isinstance(statement.names, cst.ImportStar) else statement.names
            if text.code(statement.module) == owner and any(
                text.code(alias.name) == name and alias.asname is None for alias in names
            ):
                return []
    return [_append(text, f"from {owner} import {name}")]


def _imports(text: PythonText) -> Iterator[cst.Import | cst.ImportFrom]:
    for line in text.source.tree.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement, (cst.Import, cst.ImportFrom)):
                yield statement


def _insert(text: PythonText, line: str) -> Edit:
    """The line, behind the last plain import that comes before it in the alphabet, or before all imports."""
    begin: int | None = None
    last: int | None = None
    for statement in _imports(text):
        start, end = text.range(statement)
        code = text.code(statement)
        if isinstance(statement, cst.Import) and code < line:
            last = _line_end(text, end)
        elif begin is None and not code.startswith("from __future__"):
            begin = text.text.rfind("\n", 0, start) + 1
    if last is not None:
        return text.edit(last, last, f"\n{line}")
    return _append(text, line) if begin is None else text.edit(begin, begin, f"{line}\n")


def _append(text: PythonText, line: str) -> Edit:
    """The line, apart from the imports that are there, which may be of another kind."""
    behind = [_line_end(text, text.range(statement)[1]) for statement in _imports(text)]
    at = max(behind, default=_behind_docstring(text))
    return text.edit(at, at, f"\n\n{line}" if at else f"{line}\n\n")


def _behind_docstring(text: PythonText) -> int:
    tree = text.source.tree
    if not tree.body or tree.get_docstring() is None:
        return 0
    return _line_end(text, text.range(tree.body[0])[1])


def _line_end(text: PythonText, offset: int) -> int:
    end = text.text.find("\n", offset)
    return len(text.text) if end < 0 else end
