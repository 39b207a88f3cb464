"""What the syntax of handlers and patterns says: exceptions that are recovered from, names that are bound."""

from __future__ import annotations

import libcst as cst

#: The exceptions that a handler for all of them recovers from, as far as look-ups raise them.
CATCH_ALL = frozenset({"KeyError", "Exception", "BaseException", "LookupError", ""})


def recovered(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> frozenset[str]:
    """The exceptions that a handler turns into normal execution (none if it ends by raising or exiting)."""
    body = handler.body.body
    if body:
        last = body[-1]
        if isinstance(last, cst.SimpleStatementLine) and _leaves_program(last.body[-1]):
            return frozenset()
    if handler.type is None:
        return CATCH_ALL
    elements: list[cst.BaseExpression] = (
        [element.value for element in handler.type.elements]
        if isinstance(handler.type, cst.Tuple)
        else [handler.type]
    )
    names = frozenset(
        element.value if isinstance(element, cst.Name) else element.attr.value
        for element in elements
        if isinstance(element, (cst.Name, cst.Attribute))
    )
    return CATCH_ALL if names & {"Exception", "BaseException", "LookupError"} else names


def _leaves_program(node: cst.BaseSmallStatement) -> bool:
    if isinstance(node, cst.Raise):
        return True
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.Call):
        function = node.value.func
        if isinstance(function, cst.Attribute):
            return function.attr.value in ("exit", "_exit", "abort")
        return isinstance(function, cst.Name) and function.value in ("exit", "quit")
    return False


def pattern_names(pattern: cst.MatchPattern) -> list[str]:
    """The names that a ``case`` pattern may bind."""
    names: list[str] = []
    stack: list[cst.CSTNode] = [pattern]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.MatchAs, cst.MatchStar)) and node.name is not None:
            names.append(node.name.value)
        stack.extend(node.children)
    return names
