"""Methods of strings."""

from __future__ import annotations

from collections.abc import Sequence as Items

from flake8_contracts.flow import textual
from flake8_contracts.flow.events import Escape
from flake8_contracts.flow.formatting import combinations, format_template
from flake8_contracts.flow.models import environment
from flake8_contracts.flow.models.signature import CallSite
from flake8_contracts.flow.objects import Sequence
from flake8_contracts.flow.textual import MAX_LENGTH
from flake8_contracts.flow.values import (
    ANY,
    UNKNOWN,
    Const,
    Part,
    Text,
    Value,
    constant,
    options,
    union,
)

#: Methods that are simply called when everything is known.
_PURE = frozenset(
    {"lower", "upper", "strip", "lstrip", "rstrip", "replace", "split", "rsplit", "splitlines", "removeprefix",
     "removesuffix", "title", "capitalize", "casefold", "swapcase", "zfill", "partition", "rpartition", "startswith",
     "endswith", "find", "index", "rfind", "count", "isdigit", "isalpha", "isalnum", "isupper", "islower", "isnumeric",
     "isidentifier", "join", "ljust", "rjust", "center", "expandtabs", "encode"}
)  # fmt: skip
#: Their result is as long as their argument says.
_PADDING = frozenset({"ljust", "rjust", "center", "zfill", "expandtabs"})
_FOLDING = frozenset({"lower", "upper", "casefold", "swapcase"})
#: Methods that keep an environment variable's value what it is, for fall-backs and tests.
_TRIMMING = frozenset({"strip", "lstrip", "rstrip"})
_TESTS = frozenset({"isdigit", "isalpha", "isnumeric", "count", "find", "index"})
_SPLITTING = frozenset({"split", "rsplit", "splitlines", "partition", "rpartition"})


def string_method(site: CallSite, receiver: Text) -> Value:
    """``receiver.method(...)`` of a plain string."""
    name = site.name
    if name == "format":
        return _format(site, receiver)
    if name == "join":
        return _join(site, receiver)
    known = [constant(arg) for arg in site.args]
    exact = receiver.exact
    if exact is not None and name in _PURE and not site.kwargs and None not in known:
        return _call(receiver, exact, name, [arg[0] for arg in known if arg is not None], site)
    if name in _FOLDING:
        site.interp.expressions.fold_case(receiver)
        return receiver
    if name in ("startswith", "endswith"):
        return _affix(site, receiver)
    if name in _TESTS:
        return UNKNOWN
    if name in ("rstrip", "removesuffix") and site.args:
        return _trim_end(receiver, site)
    if name in _TRIMMING:
        return _trimmed(receiver, site) if not site.args else Text((ANY,))
    if name == "replace" and len(site.args) >= 2:
        return _replace(receiver, site)
    if name in _SPLITTING:
        _take_apart(receiver, site)
        return Sequence(kind="list", is_open=True, rest=Text((ANY,)))
    _take_apart(receiver, site)
    return UNKNOWN


def _take_apart(receiver: Text, site: CallSite) -> None:
    """A container path is cut into pieces that are not followed."""
    if receiver.prefix.startswith("/") or not receiver.prefix:
        site.interp.record(
            Escape(*site.interp.where(site.node, site.frame), receiver, f"taken apart by .{site.name}()")
        )


def _call(receiver: Text, exact: str, name: str, args: list[object], site: CallSite) -> Value:
    growth = max([len(arg) if isinstance(arg, str) else 1 for arg in args], default=1)
    if name in _PADDING:
        growth = max([arg for arg in args if isinstance(arg, int)], default=1)
    if growth * max(len(exact), 1) > MAX_LENGTH:
        return UNKNOWN
    try:
        result = getattr(exact, name)(*args)
    except Exception:  # noqa: BLE001 - the program would fail here too
        return UNKNOWN
    if isinstance(result, str):
        if result == exact:
            return receiver
        return textual.rewritten(receiver, [result], site.node, site.source)
    if isinstance(result, (list, tuple)):
        return Sequence([Text((item,) if item else ()) for item in result], "list")
    return Const(result)


def _format(site: CallSite, receiver: Text) -> Value:
    count = len(site.args)
    return union(
        format_template(
            receiver,
            values[:count],
            dict(zip(site.kwargs, values[count:], strict=True)),
            site.node,
            site.source,
        )
        for values in combinations((*site.args, *site.kwargs.values()))
    )


def _join(site: CallSite, receiver: Text) -> Value:
    items = site.interp.expressions.iterate(site.args[0]) if site.args else None
    if items is None:
        return Text((ANY,))
    return union(_joined(receiver, way, site) for way in combinations(items))


def _joined(receiver: Text, items: Items[Value], site: CallSite) -> Text:
    pieces: list[Text] = []
    for item in items:
        if not isinstance(item, Text):
            return Text((ANY,))
        if pieces:
            pieces.append(receiver)
        pieces.append(item)
    return textual.concat(pieces, site.node, site.source) if pieces else Text(())


def _affix(site: CallSite, receiver: Text) -> Value:
    """``receiver.startswith(...)`` and ``receiver.endswith(...)``, as far as the known parts decide it."""
    wanted = [way for option in options(site.args[0]) for way in _affixes(site, option)] if site.args else []
    if site.name == "startswith":
        for way in wanted:
            if isinstance(way, Text) and way.exact is not None:
                environment.narrow(receiver, way.exact)
    truths = [_has_affix(receiver, way, site.name) if isinstance(way, Text) else None for way in wanted]
    any_of_them = isinstance(site.args[0], Sequence) if site.args else False
    if any_of_them and True in truths:
        return Const(value=True)
    if not truths or None in truths or len(site.args) > 1 or len(set(truths)) > 1:
        return UNKNOWN
    return Const(truths[0])


def _affixes(site: CallSite, value: Value) -> list[Value]:
    if isinstance(value, Sequence):
        return site.interp.expressions.iterate(value) or [UNKNOWN]
    return [value]


def _has_affix(receiver: Text, affix: Text, method: str) -> bool | None:
    """Whether the text begins (or ends) with ``affix``; ``None`` if unknown parts decide."""
    known, wanted = (_known_end(text, at_start=method == "startswith") for text in (receiver, affix))
    if affix.exact is not None and receiver.exact is not None:
        return bool(getattr(receiver.exact, method)(affix.exact))
    size = min(len(known), len(wanted))
    same = known[:size] == wanted[:size] if method == "startswith" else known[-size:] == wanted[-size:]
    if size and not same:
        return False
    return True if affix.exact is not None and len(known) >= len(wanted) else None


def _known_end(text: Text, *, at_start: bool) -> str:
    part = text.parts[0 if at_start else -1] if text.parts else ""
    return part if isinstance(part, str) else ""


def _trimmed(receiver: Text, site: CallSite) -> Text:
    """A text with unknown parts, without the white space that is known to be at its ends."""
    parts = list(receiver.parts)
    if site.name != "rstrip" and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip()
    if site.name != "lstrip" and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    if tuple(parts) == receiver.parts:
        return receiver
    return textual.rewritten(receiver, parts, site.node, site.source)


def _trim_end(receiver: Text, site: CallSite) -> Value:
    known = constant(site.args[0])
    last = receiver.parts[-1] if receiver.parts else ""
    if known is None or not isinstance(known[0], str):
        return Text((ANY,))
    if isinstance(last, str):
        cut = last.rstrip(known[0]) if site.name == "rstrip" else last.removesuffix(known[0])
        if not cut and len(receiver.parts) > 1:
            return textual.rewritten(receiver, [*receiver.parts[:-1]], site.node, site.source)
        return textual.rewritten(receiver, [*receiver.parts[:-1], cut], site.node, site.source)
    return receiver


def _replace(receiver: Text, site: CallSite) -> Value:
    old, new = (constant(arg) for arg in site.args[:2])
    if old is None or new is None or not isinstance(old[0], str) or not isinstance(new[0], str):
        _take_apart(receiver, site)
        return Text((ANY,))
    parts: list[Part] = [
        part.replace(old[0], new[0]) if isinstance(part, str) else part for part in receiver.parts
    ]
    return textual.rewritten(receiver, parts, site.node, site.source)
