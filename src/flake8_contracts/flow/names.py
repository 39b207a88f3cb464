"""Which names a piece of code binds and reads: small syntactic questions, answered once per node."""

from __future__ import annotations

from collections import Counter

import libcst as cst

from flake8_contracts.syntax.walking import parts, walk

#: Nodes with a meaning of their own for the names around them; definitions are code that does not run here.
_READS_OR_BINDS = frozenset(
    {
        cst.Assign,
        cst.AugAssign,
        cst.Name,
        cst.Attribute,
        cst.Arg,
        cst.For,
        cst.FunctionDef,
        cst.ClassDef,
        cst.Lambda,
    }
)


def loop_carried(node: cst.For | cst.While) -> bool:
    """Whether a loop's body may read a plain variable that an earlier round of it assigned."""
    stored: set[str] = set()
    early: set[str] = set()
    later: set[str] = set()

    def visit(current: cst.CSTNode) -> None:
        kind = type(current)
        if kind not in _READS_OR_BINDS:
            for child in parts(current):
                visit(child)
        elif isinstance(current, cst.Name):
            if current.value not in stored:
                early.add(current.value)
        elif isinstance(current, (cst.Attribute, cst.Arg)):
            visit(current.value)
        elif isinstance(current, cst.Assign):
            visit(current.value)
            for target in current.targets:
                visit_target(target.target)
        elif isinstance(current, cst.AugAssign):
            visit(current.value)
            if isinstance(current.target, cst.Name):
                later.add(current.target.value)
                # A counter (``n += 1``) is no reason for a second round.
                if not isinstance(current.value, (cst.Integer, cst.Float)):
                    early.add(current.target.value)
            else:
                visit(current.target)
        elif isinstance(current, cst.For):
            visit(current.iter)
            visit_target(current.target)
            visit(current.body)

    def visit_target(target: cst.CSTNode) -> None:
        if isinstance(target, cst.Name):
            if target.value in early:
                later.add(target.value)
            stored.add(target.value)
        elif isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                visit_target(element.value)
        else:
            visit(target)

    if isinstance(node, cst.For):
        visit_target(node.target)
    visit(node.body)
    return bool(early & later)


def changing_names(body: cst.CSTNode) -> frozenset[str]:
    """Names that a loop's body computes from their own value: counters, accumulated strings."""
    found: set[str] = set()
    for node in walk(body):
        kind = type(node)
        if kind is not cst.AugAssign and kind is not cst.Assign:
            continue
        if isinstance(node, cst.AugAssign):
            if isinstance(node.target, cst.Name):
                found.add(node.target.value)
        elif isinstance(node, cst.Assign) and isinstance(node.value, (cst.BinaryOperation, cst.Call)):
            for target in node.targets:
                if isinstance(target.target, cst.Name) and target.target.value in referenced_names(
                    node.value
                ):
                    found.add(target.target.value)
    return frozenset(found)


_DEFINITIONS = frozenset({cst.FunctionDef, cst.ClassDef, cst.Lambda})


def has_yield(node: cst.FunctionDef) -> bool:
    """Whether the function is a generator."""
    stack: list[cst.CSTNode] = [node.body]
    while stack:
        current = stack.pop()
        kind = type(current)
        if kind is cst.Yield:
            return True
        if kind not in _DEFINITIONS:
            stack.extend(parts(current))
    return False


def referenced_names(node: cst.CSTNode) -> set[str]:
    """All names and attribute names that occur below ``node``."""
    found: set[str] = set()
    for current in walk(node):
        if type(current) is cst.Name:
            found.add(current.value)
    return found


def uses_of_names(node: cst.CSTNode) -> Counter[str]:
    """How often each name occurs below ``node`` other than as the whole target of an assignment; 0: only as that."""
    counts: Counter[str] = Counter()
    for current in walk(node):
        if type(current) is cst.Name:
            counts[current.value] += 1
        elif type(current) is cst.AssignTarget and type(current.target) is cst.Name:
            counts[current.target.value] -= 1
    return counts
