"""A script without an enforcer gets one around what it does."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path

import libcst as cst

from flake8_contracts.catalog.model import DeclaredContract
from flake8_contracts.findings import Edit
from flake8_contracts.fixes import imports
from flake8_contracts.fixes.project_texts import Impossible, ProjectTexts
from flake8_contracts.fixes.python_text import PythonText

NAME = "enforcer"

_GUARD = "__main__"


def add_enforcer(
    text: PythonText, node: cst.CSTNode, contracts: Sequence[DeclaredContract], texts: ProjectTexts
) -> list[Edit]:
    """The edits that put ``with ContractEnforcer(…) as enforcer:`` around the part of the script that runs.

    That is the body under ``if __name__ == "__main__":``, where functions see the enforcer as a global variable, or, in
    a script without functions, everything from the statement with the node to the end.
    """
    body = text.source.body
    if len(contracts) != 1 or any(isinstance(item, cst.Name) and item.value == NAME for item in _nodes(text)):
        raise Impossible
    outer = [node, *text.ancestors(node)]
    top = outer[-2] if len(outer) > 1 else node
    guards = [statement for statement in body if _is_guard(text, statement)]
    if guards:
        guard = guards[-1]
        assert isinstance(guard, cst.If)
        if not isinstance(guard.body, cst.IndentedBlock) or guard is not body[-1]:
            raise Impossible
        if top is not guard and not runs_later(text, node):
            raise Impossible  # a constant of the module is made before the enforcer
        region: Sequence[cst.BaseStatement] = guard.body.body
        before: cst.CSTNode = guard
    else:
        index = next(number for number, statement in enumerate(body) if statement is top)
        region, before = body[index:], top
    if any(isinstance(item, (cst.FunctionDef, cst.ClassDef)) for item in region):
        raise Impossible
    contract, edits = _contract(text, before, contracts[0], texts)
    edits += imports.member(text, "contracts_runtime", "ContractEnforcer", text.range(before)[0])
    return [*edits, *_indented(text, region, f"with ContractEnforcer{contract} as {NAME}:")]


def runs_later(text: PythonText, node: cst.CSTNode) -> bool:
    """Whether the node stands in the body of a function, and not among what is evaluated with its ``def``."""
    inner = node
    for outer in text.ancestors(node):
        if isinstance(outer, cst.FunctionDef) and inner is outer.body:
            return True
        inner = outer
    return False


def _is_guard(text: PythonText, statement: cst.CSTNode) -> bool:
    return (
        isinstance(statement, cst.If) and "__name__" in (test := text.code(statement.test)) and _GUARD in test
    )


def _nodes(text: PythonText) -> Iterator[cst.CSTNode]:
    pending: list[cst.CSTNode] = list(text.source.body)
    while pending:
        current = pending.pop()
        yield current
        pending.extend(current.children)


def _contract(
    text: PythonText, before: cst.CSTNode, contract: DeclaredContract, texts: ProjectTexts
) -> tuple[str, list[Edit]]:
    """How the contract is given to the enforcer, and what has to be added for that."""
    script = text.source.path
    at = text.range(before)[0]
    if contract.source.suffix == ".json" and contract.source.parent == script.parent:
        name = f"Path(__file__).with_name({text.literal(contract.source.name)})"
        return f".from_file({name})", imports.member(text, "pathlib", "Path", at)
    module = _module(script, contract, texts)
    start = text.text.rfind("\n", 0, at) + 1
    body = f"from {module} import {contract.name}\n\n    return {contract.name}"
    code = f'def get_script_contract():\n    """The contract of this script."""\n    {body}\n\n\n'
    above = text.text[:start]
    gap = "\n" * max(2 - (len(above) - len(above.rstrip("\n")) - 1), 0) if above.strip() else ""
    return "(get_script_contract())", [text.edit(start, start, gap + code)]


def _module(script: Path, contract: DeclaredContract, texts: ProjectTexts) -> str:
    """The name under which the script can import the module of a contract."""
    loader, source = texts.project.loader, contract.source
    if source.suffix != ".py" or not contract.name.isidentifier() or source == script:
        raise Impossible
    parts = source.relative_to(loader.root).with_suffix("").parts
    for first in range(len(parts)):
        name = ".".join(parts[first:])
        if loader.find(name, script) == source:
            return name
    raise Impossible


def _indented(text: PythonText, region: Sequence[cst.BaseStatement], header: str) -> list[Edit]:
    """The statements below a header, one step deeper."""
    start = text.text.rfind("\n", 0, text.range(region[0])[0]) + 1
    stop = text.range(region[-1])[1]
    inside = _lines_inside_strings(text.text)
    indent, step = text.indentation(start), text.source.default_indent
    edits = [text.edit(start, start, f"{indent}{header}\n{step}")]
    line = text.text.find("\n", start, stop) + 1
    number = text.text.count("\n", 0, start) + 2
    while line:
        end = text.text.find("\n", line)
        if number not in inside and text.text[line : end if end >= 0 else None].strip():
            edits.append(text.edit(line, line, step))
        line = text.text.find("\n", line, stop) + 1
        number += 1
    return edits


def _lines_inside_strings(code: str) -> set[int]:
    """The numbers of the lines that begin within a string literal, where white space counts."""
    found: set[int] = set()
    begun: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            name = tokenize.tok_name[token.type]
            if name.endswith("STRING_START"):  # Python 3.12 and newer take f-strings apart
                begun.append(token.start[0])
            elif name.endswith("STRING_END"):
                found.update(range(begun.pop() + 1, token.end[0] + 1))
            elif name == "STRING":
                found.update(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError) as error:
        raise Impossible from error
    return found
