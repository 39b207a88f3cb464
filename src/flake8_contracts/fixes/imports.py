"""Modules that a fix needs, imported where they are not yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import libcst as cst

from flake8_contracts.findings import Edit
from flake8_contracts.fixes.python_text import PythonText

_FUTURE = "__future__"


def module(text: PythonText, name: str) -> tuple[str, list[Edit]]:
    """What a module of the standard library is called in the file, and the edits that import it if it is not."""
    for statement in _imports(text):
        for alias in statement.names if isinstance(statement, cst.Import) else ():
            if text.code(alias.name) == name:
                return (text.code(alias.asname.name) if alias.asname is not None else name), []
    return name, [_in_order(text, f"import {name}", (False, name))]


def member(text: PythonText, owner: str, name: str, before: int | None = None) -> list[Edit]:
    """The edits that import a name from a module if it is not imported yet; ``before`` is where it is needed."""
    for statement in _imports(text, before):
        if isinstance(statement, cst.ImportFrom) and _module(text, statement) == owner:
            names = () if isinstance(statement.names, cst.ImportStar) else statement.names
            if any(text.code(alias.name) == name and alias.asname is None for alias in names):
                return []
    line = f"from {owner} import {name}"
    if owner.partition(".")[0] in sys.stdlib_module_names:
        return [_in_order(text, line, (True, owner))]
    return [_append(text, line, before)]


def _imports(text: PythonText, before: int | None = None) -> Iterator[cst.Import | cst.ImportFrom]:
    for line in text.source.body:
        if before is not None and text.range(line)[0] >= before:
            return
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement, (cst.Import, cst.ImportFrom)):
                yield statement


def _module(text: PythonText, statement: cst.Import | cst.ImportFrom) -> str:
    """The name of the module, with its leading dots; of several the first."""
    if isinstance(statement, cst.Import):
        return text.code(statement.names[0].name)
    name = text.code(statement.module) if statement.module is not None else ""
    return "." * len(statement.relative) + name


def _in_order(text: PythonText, line: str, key: tuple[bool, str]) -> Edit:
    """The line among the imports of the standard library, sorted as usual: ``import`` before ``from``."""
    behind: int | None = None
    for statement in _imports(text):
        name = _module(text, statement)
        if name == _FUTURE:
            continue
        start, end = text.range(statement)
        if name.partition(".")[0] not in sys.stdlib_module_names:
            if behind is None:
                begin = _line_start(text, start)
                return text.edit(begin, begin, f"{line}\n\n")
            break
        if (isinstance(statement, cst.ImportFrom), name) > key:
            if behind is None:
                begin = _line_start(text, start)
                return text.edit(begin, begin, f"{line}\n")
            break
        behind = _line_end(text, end)
    if behind is not None:
        return text.edit(behind, behind, f"\n{line}")
    return _append(text, line)


def _append(text: PythonText, line: str, before: int | None = None) -> Edit:
    """The line, apart from the imports that are there, which may be of another kind."""
    behind = [_line_end(text, text.range(statement)[1]) for statement in _imports(text, before)]
    if behind:
        return text.edit(max(behind), max(behind), f"\n\n{line}")
    body = text.source.body
    if text.source.top.get_docstring() is not None:
        end = _line_end(text, text.range(body[0])[1])
        return text.edit(end, end, f"\n\n{line}")
    # Behind the comments at the top, which Python or the shell may read.
    start = _line_start(text, text.range(body[0])[0]) if body else len(text.text)
    return text.edit(start, start, f"{line}\n\n")


def _line_start(text: PythonText, offset: int) -> int:
    return text.text.rfind("\n", 0, offset) + 1


def _line_end(text: PythonText, offset: int) -> int:
    end = text.text.find("\n", offset)
    return len(text.text) if end < 0 else end
