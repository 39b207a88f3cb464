"""A path that is written out becomes one that the contract is asked for."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

import libcst as cst

from flake8_contracts.findings import Edit, Fix
from flake8_contracts.fixes import enforcers, imports
from flake8_contracts.fixes.directories import around
from flake8_contracts.fixes.project_texts import Impossible, ProjectTexts
from flake8_contracts.fixes.python_text import PythonText
from flake8_contracts.repairs import AskContract

_PATH_CLASSES = frozenset({"Path", "pathlib.Path"})


def ask_contract(repair: AskContract, texts: ProjectTexts) -> list[Edit] | Fix:
    """``enforcer.get_input_path("DATA")`` joined with what follows the declared directory.

    Where no enforcer is in scope, the script gets one; that fix is unsafe.
    """
    text, node = texts.node(repair.place)
    if not isinstance(node, (cst.SimpleString, cst.FormattedString)):
        raise Impossible
    enforcer = enforcer_in_scope(text, node)
    if enforcer is not None:
        return asked(text, node, repair, enforcer)
    known = global_enforcer(text, node)
    if known is not None:
        return Fix(repair.title, "unsafe", tuple(asked(text, node, repair, known)))
    edits = asked(text, node, repair, enforcers.NAME)
    edits += enforcers.add_enforcer(text, node, repair.contracts, texts)
    return Fix(f"{repair.title}, under an enforcer", "unsafe", tuple(edits))


def asked(
    text: PythonText, node: cst.SimpleString | cst.FormattedString, repair: AskContract, enforcer: str
) -> list[Edit]:
    """The literal replaced by a question to the enforcer."""
    like = node if isinstance(node, cst.SimpleString) else None
    question = f"{enforcer}.get_{repair.direction}_path({text.literal(repair.name, like)})"
    rest = _rest(text, node, repair.directory)
    if rest is None:
        return [text.replace(node, question)]
    if around(text, node) in _PATH_CLASSES or _is_first_of_join(text, node):
        return [text.replace(node, f"{question}, {rest}")]
    os, edits = imports.module(text, "os")
    return [text.replace(node, f"{os}.path.join({question}, {rest})"), *edits]


def _rest(text: PythonText, node: cst.SimpleString | cst.FormattedString, directory: str) -> str | None:
    """What follows the directory, as an expression; ``None`` if nothing does."""
    if isinstance(node, cst.SimpleString):
        value = node.evaluated_value
        if not isinstance(value, str):
            raise Impossible
        if value == directory:
            return None
        if not value.startswith(f"{directory}/") or posixpath.normpath(value) != value.rstrip("/"):
            raise Impossible
        return text.literal(value[len(directory) + 1 :], node)
    first = node.parts[0] if node.parts else None
    if not isinstance(first, cst.FormattedStringText) or not first.value.startswith(f"{directory}/"):
        raise Impossible
    start, end = text.range(first)
    if text.text[start:end] != first.value:
        raise Impossible
    return f"{node.start}{text.text[start + len(directory) + 1 : text.range(node)[1]]}"


def _is_first_of_join(text: PythonText, node: cst.BaseExpression) -> bool:
    argument = text.parent(node)
    call = text.parent(argument) if isinstance(argument, cst.Arg) else None
    return (
        isinstance(call, cst.Call)
        and call.args[0] is argument
        and text.code(call.func).endswith("path.join")
        and not node.lpar
    )


def enforcer_in_scope(text: PythonText, node: cst.CSTNode) -> str | None:
    """The variable that certainly holds an enforcer where the node stands."""
    inner = node
    start = text.range(node)[0]
    for outer in text.ancestors(node):
        if isinstance(outer, cst.With) and inner is outer.body:
            for item in outer.items:
                if _makes_enforcer(text, item.item) and item.asname is not None:
                    return text.code(item.asname.name)
        elif isinstance(outer, cst.FunctionDef) and inner is outer.body:
            name = _parameter(text, outer) or _assigned(text, outer.body.body, start)
            if name is not None:
                return name
        elif isinstance(outer, cst.Module):
            return _assigned(text, text.source.body, start)
        inner = outer
    return None


def global_enforcer(text: PythonText, node: cst.CSTNode) -> str | None:
    """The enforcer that functions see as a global variable while the script runs, but not when it is imported."""
    if not enforcers.runs_later(text, node):
        return None
    for statement in text.source.body:
        inside = statement.body.body if isinstance(statement, cst.If) else (statement,)
        for candidate in inside:
            for item in candidate.items if isinstance(candidate, cst.With) else ():
                if _makes_enforcer(text, item.item) and item.asname is not None:
                    return text.code(item.asname.name)
    return None


def _makes_enforcer(text: PythonText, node: cst.BaseExpression) -> bool:
    if not isinstance(node, cst.Call):
        return False
    code = text.code(node.func)
    return code.endswith(("ContractEnforcer", "ContractEnforcer.from_file", ".enforce_at_runtime"))


def _parameter(text: PythonText, function: cst.FunctionDef) -> str | None:
    for parameter in (
        *function.params.posonly_params,
        *function.params.params,
        *function.params.kwonly_params,
    ):
        annotation = parameter.annotation
        if annotation is not None and text.code(annotation.annotation).strip("'\"").endswith(
            "ContractEnforcer"
        ):
            return parameter.name.value
    return None


def _assigned(text: PythonText, statements: Iterable[cst.CSTNode], start: int) -> str | None:
    """The name that one of the statements before an offset gives to an enforcer."""
    found: str | None = None
    for line in statements:
        if not isinstance(line, cst.SimpleStatementLine) or text.range(line)[0] >= start:
            continue
        for statement in line.body:
            if isinstance(statement, cst.Assign) and _makes_enforcer(text, statement.value):
                target = statement.targets[0].target
                found = target.value if isinstance(target, cst.Name) else found
    return found
