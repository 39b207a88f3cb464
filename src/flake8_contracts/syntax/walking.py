"""Walks over trees, without what carries no meaning: LibCST's own visitors cost as much as parsing."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

_fields: dict[type, tuple[str, ...]] = {}
_is_node: dict[type, bool] = {}
_skipped = frozenset(
    {"lpar", "rpar", "leading_lines", "whitespace_after", "whitespace_before", "comma", "semicolon", "header", "footer",
     "annotation", "returns", "trailing_whitespace", "operator", "dot", "equal", "lbracket", "rbracket", "lbrace",
     "rbrace", "asynchronous", "colon"}
)  # fmt: skip


def parts(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The child nodes that carry meaning, in source order; no whitespace, no punctuation, no annotations."""
    kind = type(node)
    fields = _fields.get(kind)
    if fields is None:
        fields = _fields[kind] = _meaningful_fields(kind)
    found: list[cst.CSTNode] = []
    for name in fields:
        value = getattr(node, name)
        value_kind = type(value)
        if value_kind is tuple or value_kind is list:
            found.extend([item for item in value if type(item) is not str])
        elif value is not None:
            # ``isinstance`` on an abstract base class costs more than everything else here.
            known = _is_node.get(value_kind)
            if known is None:
                known = _is_node[value_kind] = issubclass(value_kind, cst.CSTNode)
            if known:
                found.append(value)
    return found


def _meaningful_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    return tuple(
        name
        for name, declared in kind.__dataclass_fields__.items()
        if name not in _skipped
        and not name.startswith("__")
        and declared.type not in ("str", str)
        and not name.startswith(("whitespace", "lines_", "leading_"))
    )


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """``node`` and everything below it."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(parts(current))
