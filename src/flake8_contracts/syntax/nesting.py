"""Code that is nested too deeply for LibCST's native parser.

It recurses as deep as the code is nested: some 1,600 brackets, or 6,000 attributes of attributes, overflow a stack of
8 MB (LibCST 1.9), which ends the process without an exception. Python's own parser counts and refuses in time, so
whatever may be that deep is parsed by it first. Of usual code nothing is: to see that takes a hundredth of the time of
parsing.
"""

from __future__ import annotations

import ast
import re
import warnings

#: Levels of Python's tree that are handed to LibCST.
MAX_LEVELS = 1_000
#: A statement needs two characters for a level, such as ".b" or "1+"; a bracket needs one, but Python takes 200 only.
_MAX_LENGTH = 2 * MAX_LEVELS
_MAX_ALTERNATIVES = MAX_LEVELS // 2
_LINE_ENDS_AND_BRACKETS = re.compile(r"\\\n|\n|[(\[{]|[)\]}]")


def is_too_deep(text: str) -> bool:
    """Whether the code is nested too deeply to be parsed. Code that is no Python is not, unless Python gives it up."""
    if len(text) < _MAX_LENGTH or not _may_be_deep(text):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return _brackets(text) > MAX_LEVELS
    except (RecursionError, MemoryError):
        return True
    return _levels(tree) > MAX_LEVELS


def _may_be_deep(text: str) -> bool:
    """Whether a statement is long enough, as far as line ends and brackets tell; those in strings count too."""
    if text.count("elif") > _MAX_ALTERNATIVES:
        return True
    open_brackets = start = 0
    for match in _LINE_ENDS_AND_BRACKETS.finditer(text):
        found = match.group()
        if found == "\n":
            if not open_brackets:
                if match.start() - start > _MAX_LENGTH:
                    return True
                start = match.end()
        elif found in "([{":
            open_brackets += 1
        elif open_brackets and found in ")]}":
            open_brackets -= 1
    return len(text) - start > _MAX_LENGTH


def _brackets(text: str) -> int:
    """How many brackets are open at most."""
    deepest = open_brackets = 0
    for character in re.findall(r"[()\[\]{}]", text):
        open_brackets = open_brackets + 1 if character in "([{" else max(open_brackets - 1, 0)
        deepest = max(deepest, open_brackets)
    return deepest


def _levels(tree: ast.AST) -> int:
    """How deep LibCST's tree is, at least: it nests the dots of an import and what ``and`` and ``or`` join."""
    deepest = 0
    nodes: list[tuple[ast.AST, int]] = [(tree, 0)]
    while nodes:
        node, level = nodes.pop()
        if isinstance(node, ast.BoolOp):
            level += len(node.values)
        elif isinstance(node, (ast.alias, ast.ImportFrom)):
            name = node.name if isinstance(node, ast.alias) else node.module
            level += (name or "").count(".")
        deepest = max(deepest, level)
        nodes.extend((child, level + 1) for child in ast.iter_child_nodes(node))
    return deepest
