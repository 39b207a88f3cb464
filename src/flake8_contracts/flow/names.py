"""Which names a piece of code binds and reads: small syntactic questions, answered once per node."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

_is_node: dict[type, bool] = {}
_children_fields: dict[type, tuple[str, ...]] = {}
_skipped = frozenset(
    {"lpar", "rpar", "leading_lines", "whitespace_after", "whitespace_before", "comma", "semicolon", "header", "footer",
     "annotation", "returns", "trailing_whitespace", "operator", "dot", "equal", "lbracket", "rbracket", "lbrace",
     "rbrace", "asynchronous", "colon"}
)  # fmt: skip


def parts(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The child nodes that carry meaning, in source order; no whitespace, no punctuation, no annotations."""
    kind = type(node)
    fields = _children_fields.get(kind)
    if fields is None:
        fields = tuple(
            name
            for name in kind.__dataclass_fields__
            if name not in _skipped and not name.startswith(("whitespace", "lines_", "leading_"))
        )
        _children_fields[kind] = fields
    for name in fields:
        value = getattr(node, name)
        value_kind = type(value)
        if value_kind is tuple or value_kind is list:
            for item in value:
                if type(item) is not str:
                    yield item
        elif value is not None and value_kind is not str:
            # ``isinstance`` on an abstract base class costs more than everything else here.
            known = _is_node.get(value_kind)
            if known is None:
                known = _is_node[value_kind] = issubclass(value_kind, cst.CSTNode)
            if known:
                yield value


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """``node`` and everything below it."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(parts(current))


def loop_carried(node: cst.For | cst.While) -> bool:
    """Whether a loop's body may read a plain variable that an earlier round of it assigned."""
    stored: set[str] = set()
    early: set[str] = set()
    later: set[str] = set()

    def visit(current: cst.CSTNode) -> None:
        if isinstance(current, cst.Assign):
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
        elif isinstance(current, cst.Name):
            if current.value not in stored:
                early.add(current.value)
        elif isinstance(current, (cst.Attribute, cst.Arg)):
            visit(current.value)
        elif isinstance(current, cst.For):
            visit(current.iter)
            visit_target(current.target)
            visit(current.body)
        elif not isinstance(current, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            for child in parts(current):
                visit(child)

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
        if isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Name):
            found.add(node.target.value)
        elif isinstance(node, cst.Assign) and isinstance(node.value, (cst.BinaryOperation, cst.Call)):
            for target in node.targets:
                if isinstance(target.target, cst.Name) and target.target.value in referenced_names(
                    node.value
                ):
                    found.add(target.target.value)
    return frozenset(found)


def has_yield(node: cst.FunctionDef) -> bool:
    """Whether the function is a generator."""
    stack: list[cst.CSTNode] = [node.body]
    while stack:
        current = stack.pop()
        if isinstance(current, cst.Yield):
            return True
        if not isinstance(current, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            stack.extend(parts(current))
    return False


def referenced_names(node: cst.CSTNode) -> set[str]:
    """All names and attribute names that occur below ``node``."""
    return {
        current.value if isinstance(current, cst.Name) else current.attr.value
        for current in walk(node)
        if isinstance(current, (cst.Name, cst.Attribute))
    }
