"""Entries that users add to the catalogue in their configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from flake8_contracts.facts.effects.schema import SHAPES, Effect, Entry, PathArgument, Shape
from flake8_contracts.suggestions import did_you_mean

SOURCE = "the project's configuration"

_NAME = re.compile(r"\.[^\W\d]\w*|[^\W\d]\w*(\(\))?(\.[^\W\d]\w*)+")
_KEYS = ("effect", "index", "keyword", "shape")
_EFFECTS = {effect.value: effect for effect in Effect}


class EffectError(ValueError):
    """An entry that is none: names the call and the argument, what is wrong, and what would be right."""


def read_entries(entries: Mapping[str, object]) -> dict[str, Entry]:
    """The entries that a configuration describes; see :func:`flake8_contracts.facts.effects.register`.

    Raises :class:`EffectError`.
    """
    return {name: _entry(name, value) for name, value in entries.items()}


def _entry(name: str, value: object) -> Entry:
    if not _NAME.fullmatch(name):
        raise EffectError(
            f"effects: {name!r} names no call; write 'library.function', 'library().method' or '.method'"
        )
    if not isinstance(value, list) or not value:
        raise EffectError(f"effects: {name!r} needs a list of tables, one for each argument that is a path")
    return Entry(
        tuple(
            _argument(f"effects: {name!r}, argument {place}", table) for place, table in enumerate(value, 1)
        ),
        SOURCE,
    )


def _argument(where: str, table: object) -> PathArgument:
    if not isinstance(table, dict):
        raise EffectError(f'{where}: {table!r} is no table; write {{effect = "write", index = 0}}')
    for key in table:
        if key not in _KEYS:
            hint = did_you_mean(str(key), _KEYS) or f"; the keys are {', '.join(map(repr, _KEYS))}"
            raise EffectError(f"{where}: unknown key {key!r}{hint}")
    index, keyword = table.get("index"), table.get("keyword")
    if index is None and keyword is None:
        raise EffectError(
            f"{where}: neither 'index' nor 'keyword' says which argument it is; give at least one"
        )
    if index is not None and (not isinstance(index, int) or isinstance(index, bool) or index < -1):
        raise EffectError(
            f"{where}: index {index!r} is no position; the first argument is 0, the object of a method is -1"
        )
    if keyword is not None and not (isinstance(keyword, str) and keyword.isidentifier()):
        raise EffectError(f"{where}: keyword {keyword!r} is no argument's name")
    return PathArgument(
        _effect(where, table.get("effect")), index, keyword, _shape(where, table.get("shape"))
    )


def _effect(where: str, value: object) -> Effect:
    known = _EFFECTS.get(value.replace("-", " ").replace("_", " ")) if isinstance(value, str) else None
    if known is not None:
        return known
    what = "'effect' is missing" if value is None else f"unknown effect {value!r}"
    hint = did_you_mean(value, _EFFECTS) if isinstance(value, str) else ""
    raise EffectError(f"{where}: {what}{hint or '; the effects are ' + ', '.join(map(repr, _EFFECTS))}")


def _shape(where: str, value: object) -> Shape:
    if value is None:
        return "either"  # nothing is reported that the user did not say
    for shape in SHAPES:
        if value == shape:
            return cast("Shape", shape)
    hint = did_you_mean(value, SHAPES) if isinstance(value, str) else ""
    raise EffectError(
        f"{where}: unknown shape {value!r}{hint or '; the shapes are ' + ', '.join(map(repr, SHAPES))}"
    )
