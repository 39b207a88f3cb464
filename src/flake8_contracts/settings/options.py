"""The options: their names, and how a value becomes a setting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

Kind = Literal["path", "list", "codes", "text", "flag", "per-file", "table"]

REGISTRY = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
OWN_SELECTOR = re.compile(r"S|SM|SMC[0-9]{0,3}")


class Option(NamedTuple):
    """One option as files spell it. ``field`` is the attribute of the settings that it sets."""

    field: str
    kind: Kind
    inverts: bool = False


OPTIONS: Mapping[str, Option] = {
    "root": Option("root", "path"),
    "include": Option("include", "list"),
    "exclude": Option("exclude", "list"),
    "registry": Option("registry", "text"),
    "infer": Option("infer", "flag"),
    "no-infer": Option("infer", "flag", inverts=True),
    "cache-dir": Option("cache_dir", "path"),
    "no-cache": Option("use_cache", "flag", inverts=True),
    "fix": Option("fix", "flag"),
    "unsafe-fixes": Option("unsafe_fixes", "flag"),
    "select": Option("select", "codes"),
    "extend-select": Option("extend_select", "codes"),
    "ignore": Option("ignore", "codes"),
    "extend-ignore": Option("extend_ignore", "codes"),
    "per-file-ignores": Option("per_file_ignores", "per-file"),
    "effects": Option("effects", "table"),
}
"""The keys of ``[tool.flake8-contracts]``."""

SHARED_KEYS = frozenset({"select", "extend-select", "ignore", "extend-ignore", "per-file-ignores"})
"""Options that are flake8's own: in its files they have no prefix."""

FLAKE8_PREFIX = "contracts-"
FLAKE8_OPTIONS: Mapping[str, Option] = {
    key if key in SHARED_KEYS else FLAKE8_PREFIX + key: option
    for key, option in OPTIONS.items()
    if key not in ("infer", "effects")
}
"""The keys of ``[flake8]`` that matter here."""


class OptionValueError(ValueError):
    """A value that an option does not take. ``value`` is the one item that is wrong, if the option is a list.

    It becomes a ``ConfigurationError`` where the file and the line are known.
    """

    def __init__(self, reason: str, value: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value


def setting(option: Option, value: object) -> object:
    """The setting for a value of the right type; raise :class:`OptionValueError` for any other."""
    if option.kind == "flag":
        if not isinstance(value, bool):
            raise OptionValueError(f"takes true or false, not {value!r}")
        return value is not option.inverts
    if option.kind in ("path", "text"):
        if not isinstance(value, str) or not value:
            raise OptionValueError(f"takes a string, not {value!r}")
        if option.field == "registry" and not REGISTRY.fullmatch(value):
            raise OptionValueError(
                f"takes MODULE:NAME, such as 'pipeline.registry:REGISTRY', not {value!r}", value
            )
        return value
    if option.kind == "per-file":
        return _per_file(value)
    if option.kind == "table":
        if not isinstance(value, Mapping):
            raise OptionValueError(f"takes a table, not {value!r}")
        return dict(value)
    return strings(value)


def strings(value: object) -> tuple[str, ...]:
    """A list of strings."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise OptionValueError(f"takes a list of strings, not {value!r}")
    for item in value:
        if not isinstance(item, str) or not item:
            raise OptionValueError(f"takes a list of strings, but has {item!r}", str(item))
    return tuple(value)


def _per_file(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if isinstance(value, Mapping):
        items: Iterable[tuple[object, object]] = value.items()
    elif isinstance(value, (list, tuple)) and all(
        isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in value
    ):
        items = value
    else:
        raise OptionValueError(f"takes a table of patterns and lists of codes, not {value!r}")
    pairs = []
    for pattern, codes in items:
        try:
            pairs.append((str(pattern), strings(codes)))
        except OptionValueError as problem:
            raise OptionValueError(f"for {pattern!r} {problem.reason}", str(pattern)) from problem
    return tuple(pairs)


def split_list(value: str) -> tuple[str, ...]:
    """A list as flake8 spells it: separated by commas and white space."""
    return tuple(filter(None, re.split(r"[,\s]+", value)))


def split_per_file(value: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Patterns and codes as flake8 spells them: ``pattern,pattern:code,code`` and the next after white space."""
    from flake8.exceptions import ExecutionError
    from flake8.utils import parse_files_to_codes_mapping

    try:
        return tuple((pattern, tuple(codes)) for pattern, codes in parse_files_to_codes_mapping(value))
    except ExecutionError as error:
        raise OptionValueError(f"takes lines such as 'tests/*:SMC101,SMC2', not {value.strip()!r}") from error
