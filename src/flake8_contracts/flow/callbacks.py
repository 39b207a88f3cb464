"""Functions that a library calls with arguments which the script names: thread pools, process pools, threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.objects import Frame, Function, Partial, Sequence
from flake8_contracts.flow.values import Value

if TYPE_CHECKING:
    from flake8_contracts.flow.calls import Calls

#: ``executor.submit(function, *args, **kwargs)``.
_SUBMIT = frozenset({"submit", "run_in_executor", "to_thread", "add_job", "call_soon"})
#: ``pool.map(function, items)``: one item at a time.
_MAP = frozenset({"map", "imap", "imap_unordered", "map_async", "process_map", "thread_map"})
#: ``pool.starmap(function, tuples)``: a tuple of arguments at a time.
_STARMAP = frozenset({"starmap", "starmap_async"})
#: ``pool.apply_async(function, args, kwargs)``.
_APPLY = frozenset({"apply_async"})


def call(
    calls: Calls,
    name: str,
    args: tuple[Value, ...],
    kwargs: dict[str, Value],
    node: cst.CSTNode,
    frame: Frame,
) -> bool:
    """Call the function that a library call is given, with the arguments given for it; whether it was such a call."""
    target = kwargs.get("target")
    if isinstance(target, (Function, Partial)):
        calls.call_value(target, _unpacked(kwargs.get("args")), {}, node, frame)
        return True
    if not args or not isinstance(args[0], (Function, Partial)):
        return False
    function, rest = args[0], args[1:]
    method = name.rpartition(".")[2]
    if method in _SUBMIT:
        calls.call_value(function, rest, kwargs, node, frame)
    elif method in _MAP and rest:
        for item in _items(calls, rest[0]):
            calls.call_value(function, (item,), {}, node, frame)
    elif method in _STARMAP and rest:
        for item in _items(calls, rest[0]):
            calls.call_value(
                function, _unpacked(item), {}, node, frame, starred=not isinstance(item, Sequence)
            )
    elif method in _APPLY:
        calls.call_value(function, _unpacked(rest[0]) if rest else (), {}, node, frame)
    else:
        return False
    return True


def _unpacked(value: Value | None) -> tuple[Value, ...]:
    return tuple(value.items) if isinstance(value, Sequence) else ()


def _items(calls: Calls, value: Value) -> list[Value]:
    expressions = calls.interp.expressions
    items = expressions.iterate(value)
    return items if items is not None and len(items) <= 40 else [expressions.element(value)]
