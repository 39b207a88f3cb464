"""``%`` and ``str.format`` on texts with unknown parts."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from collections.abc import Sequence as Items
from itertools import product
from math import prod

import libcst as cst

from flake8_contracts.flow import textual
from flake8_contracts.flow.objects import Dict, Sequence
from flake8_contracts.flow.values import ANY, Const, Part, Text, Value, constant, union, without_none
from flake8_contracts.syntax.source import SourceModule

#: A text with more alternatives than this is not spelt out.
MAX_COMBINATIONS = 16

#: No call has a million arguments: ``{1000000}`` names none, and Python refuses to read very long numbers.
_DIGITS = 7

#: Widths of five digits and more make texts that are nothing but padding.
_WIDE = re.compile(r"\d{5}")
_PERCENT = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?(?P<spec>[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?)(?P<type>[a-zA-Z%])"
)


def format_fields(value: object, spec: str, conversion: str | None) -> Text:
    """One replacement field with a known value."""
    if _WIDE.search(spec):
        return Text((ANY,))
    try:
        if conversion == "r":
            value = repr(value)
        elif conversion == "a":
            value = ascii(value)
        elif conversion == "s":
            value = str(value)
        return textual.literal_text(format(value, spec), None, None)
    except Exception:  # noqa: BLE001 - the program would fail here too
        return Text((ANY,))


def part_of(value: Value | None) -> tuple[Part, ...]:
    """What a value contributes to a string."""
    if value is None:
        return (ANY,)
    ways = without_none(value)
    if len(ways) > 1:
        return (ANY,)
    if isinstance(ways[0], Text):
        return ways[0].parts
    if isinstance(ways[0], Const) and ways[0].value is not None:
        return (str(ways[0].value),)
    return (ANY,)


def combinations(values: Items[Value]) -> Iterator[tuple[Value, ...]]:
    """One of each value's alternatives, in every combination; the values as they are if those are too many."""
    ways = [without_none(value) for value in values]
    return product(*ways) if prod(map(len, ways)) <= MAX_COMBINATIONS else iter([tuple(values)])


def percent(template: Text, right: Value, node: cst.CSTNode, source: SourceModule) -> Value:
    """``template % right``, where items of a tuple may have alternatives."""
    if not isinstance(right, Sequence) or right.kind != "tuple":
        return format_percent(template, right, node, source)
    return union(
        format_percent(template, Sequence(items, "tuple"), node, source)
        for items in combinations(right.items)
    )


def format_percent(template: Text, right: Value, node: cst.CSTNode, source: SourceModule) -> Text:
    """``template % right``."""
    exact = template.exact
    if exact is None:
        return Text((ANY,), node=node, source=source)
    positional = list(right.items) if isinstance(right, Sequence) and right.kind == "tuple" else [right]
    parts: list[Part] = []
    base: Text | None = None
    at = 0
    for match in _PERCENT.finditer(exact):
        if match.start() > at:
            parts.append(exact[at : match.start()])
        at = match.end()
        if match["type"] == "%":
            parts.append("%")
            continue
        value: Value | None
        if match["key"] is not None:
            logs = right.entries.get(match["key"]) if isinstance(right, Dict) else None
            value = logs[-1][1] if logs else None
        else:
            value = positional.pop(0) if positional else None
        if not parts and isinstance(value, Text):
            base = value
        known = constant(value) if value is not None else None
        if _WIDE.search(match["spec"]):
            parts.append(ANY)
        elif known is not None and (match["spec"] or match["type"] not in "sd"):
            try:
                parts.append(("%" + match["spec"] + match["type"]) % known[0])
            except (TypeError, ValueError, OverflowError):
                parts.append(ANY)
        else:
            parts.extend(part_of(value))
    parts.append(exact[at:])
    return Text(textual.normal(parts), node=node, source=source, base=base)


def format_template(
    template: Text, args: tuple[Value, ...], kwargs: dict[str, Value], node: cst.CSTNode, source: SourceModule
) -> Text:
    """``template.format(*args, **kwargs)``."""
    exact = template.exact
    if exact is None:
        return Text((ANY,), node=node, source=source)
    parts: list[Part] = []
    base: Text | None = None
    index = 0
    try:
        fields = list(string.Formatter().parse(exact))
    except ValueError:
        return Text((ANY,), node=node, source=source)
    for literal, name, spec, conversion in fields:
        if literal:
            parts.append(literal)
        if name is None:
            continue
        value: Value | None = None
        if name == "":
            value = args[index] if index < len(args) else None
            index += 1
        elif name.isdecimal() and len(name) < _DIGITS:
            value = args[int(name)] if int(name) < len(args) else None
        elif name.isidentifier():
            value = kwargs.get(name)
        if not parts and isinstance(value, Text):
            base = value
        known = constant(value) if value is not None else None
        if known is not None and (spec or conversion):
            parts.extend(format_fields(known[0], spec or "", conversion).parts)
        else:
            parts.extend(part_of(value) if not spec else (ANY,))
    return Text(textual.normal(parts), node=node, source=source, base=base)
