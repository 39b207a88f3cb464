"""From what a user gave and configured to the settings of a run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from flake8_contracts.settings import CACHE_DIRECTORY, ConfigurationError, Origin, Settings
from flake8_contracts.settings.options import (
    OPTIONS,
    OWN_SELECTOR,
    Option,
    OptionValueError,
    setting,
    split_list,
    split_per_file,
)
from flake8_contracts.settings.sources import (
    TABLE,
    Source,
    find_flake8_file,
    find_pyproject,
    foreign_code,
    read_flake8_file,
    read_pyproject,
)
from flake8_contracts.suggestions import did_you_mean_code

_BY_FIELD = {option.field: (key, option) for key, option in OPTIONS.items() if not option.inverts} | {
    "use_cache": ("no-cache", OPTIONS["no-cache"])
}
_ROOT_MARKS = ("pyproject.toml", "setup.cfg", ".git")


class Request(NamedTuple):
    """The parameters of :func:`flake8_contracts.settings.load_settings`."""

    paths: tuple[Path, ...]
    config_file: Path | None
    root: Path | None
    overrides: Mapping[str, object]
    known_codes: tuple[str, ...]
    isolated: bool
    flake8_overrides: bool
    flake8_root: str | None


def load(request: Request) -> Settings:
    """The settings for a request; see :func:`flake8_contracts.settings.load_settings`."""
    directory = Path.cwd()
    start = common_directory(request.paths, directory)
    sources = _sources(request, start, directory)
    given = _overrides(request, directory)
    values: dict[str, Any] = {}
    origins: dict[str, list[Origin]] = {}
    for source in sources:
        _make_patterns_absolute(source, directory)
        if request.flake8_overrides and source.path.suffix != ".toml":
            _drop_unread(source, given, request.flake8_root)
        values.update(source.values)
        origins.update({name: [o for o in source.origins if o.option == name] for name in source.values})
    for name, value in given.items():
        if value != values.get(name):  # flake8's own options repeat what its file says
            origins.pop(name, None)
    values.update(given)
    root = _root(request, sources, start, directory)
    cache = values.get("cache_dir")
    values["cache_dir"] = root / (CACHE_DIRECTORY if cache is None else cache)
    settings = Settings(
        **{**values, "root": root}, origins=tuple(origin for group in origins.values() for origin in group)
    )
    if request.known_codes:
        check_codes(settings, request.known_codes)
    return settings


def check_codes(settings: Settings, known_codes: tuple[str, ...]) -> None:
    """Raise :class:`ConfigurationError` for a selector of this plugin that fits none of the codes."""
    for name in ("select", "extend_select", "ignore", "extend_ignore", "per_file_ignores"):
        value = getattr(settings, name)
        codes = [code for _, group in value for code in group] if name == "per_file_ignores" else value
        for code in codes:
            if code.startswith("SMC") and not any(known.startswith(code) for known in known_codes):
                raise settings.error(
                    name, f"unknown code {code!r}{did_you_mean_code(code, known_codes)}", code
                )


# What is configured


def _sources(request: Request, start: Path, directory: Path) -> list[Source]:
    """The configuration files, the most important last."""
    if request.config_file is not None:
        return [_explicit_source(request.config_file)]
    if request.isolated:
        return []
    pyproject = find_pyproject(start)
    flake8_file = find_flake8_file(directory)
    flake8_source = read_flake8_file(flake8_file) if flake8_file is not None else None
    return [source for source in (pyproject, flake8_source) if source is not None]


def _explicit_source(path: Path) -> Source:
    path = Path(os.path.abspath(path))
    if not path.is_file():
        raise ConfigurationError(f"the configuration file {os.path.relpath(path)} does not exist")
    if path.suffix != ".toml":
        return read_flake8_file(path)
    source = read_pyproject(path)
    if source is None:
        raise ConfigurationError(f"{os.path.relpath(path)}: the file has no table [{TABLE}]")
    return source


def _overrides(request: Request, directory: Path) -> dict[str, object]:
    given: dict[str, object] = {}
    for name, value in request.overrides.items():
        if value is None:
            continue
        if name not in _BY_FIELD or name == "root":
            known = [field for field in Settings._fields if field in _BY_FIELD]
            raise TypeError(f"{name!r} is no setting that can be overridden; these are {', '.join(known)}")
        key, option = _BY_FIELD[name]
        try:
            given[name] = _override(option, value)
        except OptionValueError as error:
            raise ConfigurationError(f"the option {key!r} {error.reason}") from error
        if option.kind == "codes" and not request.flake8_overrides:
            _check_own_codes(key, given[name])
    if "per_file_ignores" in given:
        given["per_file_ignores"] = _absolute(given["per_file_ignores"], directory)
    return given


def _override(option: Option, value: object) -> object:
    """An override as a setting: what the attribute is to be, also where the option is spelled as a negation."""
    if option.kind == "flag":
        return setting(Option(option.field, "flag"), value)
    if isinstance(value, str) and option.kind in ("list", "codes"):
        value = split_list(value)
    elif isinstance(value, str) and option.kind == "per-file":
        value = split_per_file(value)
    elif isinstance(value, Path):
        value = os.fspath(value)
    return setting(option, value)


def _check_own_codes(key: str, codes: object) -> None:
    assert isinstance(codes, tuple)
    for code in codes:
        if not OWN_SELECTOR.fullmatch(code):
            raise ConfigurationError(f"{key}: {foreign_code(code)}")


def _drop_unread(source: Source, given: Mapping[str, object], root: str | None) -> None:
    """Forget what flake8's file says and flake8 did not hand over: it was told to read no file, or another one."""
    for name in list(source.values):
        handed_over = root is not None if name == "root" else given.get(name) == source.values[name]
        if not handed_over:
            del source.values[name]


def _make_patterns_absolute(source: Source, directory: Path) -> None:
    """Bind per-file patterns: those of ``pyproject.toml`` to its directory, those of flake8's files as flake8 does."""
    if "per_file_ignores" in source.values:
        base = source.directory if source.path.suffix == ".toml" else directory
        source.values["per_file_ignores"] = _absolute(source.values["per_file_ignores"], base)


def _absolute(pairs: object, base: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    assert isinstance(pairs, tuple)
    return tuple((_absolute_pattern(pattern, base), codes) for pattern, codes in pairs)


def _absolute_pattern(pattern: str, base: Path) -> str:
    if pattern == "." or "/" in pattern:
        pattern = os.path.abspath(os.path.join(base, pattern))
    return pattern.rstrip("/")


# The project root


def common_directory(paths: tuple[Path, ...], directory: Path) -> Path:
    """The directory that contains all paths; the working directory if there are none. Standard input is no path."""
    places = []
    for path in paths:
        if os.fspath(path) == "-":
            continue
        absolute = os.path.abspath(path)
        places.append(absolute if os.path.isdir(absolute) else os.path.dirname(absolute))
    if not places:
        return directory
    try:
        return Path(os.path.commonpath(places))
    except ValueError:  # different drives
        return directory


def _root(request: Request, sources: list[Source], start: Path, directory: Path) -> Path:
    if request.root is not None:
        return _existing(Path(os.path.abspath(request.root)), "the project root")
    for source in sources[::-1]:
        if "root" in source.values:
            value = str(source.values["root"])
            place = next((o.place for o in source.origins if o.option == "root"), os.fspath(source.path))
            return _existing(Path(os.path.abspath(source.directory / value)), f"{place}: the project root")
    for source in _by_relevance(sources):
        if start.is_relative_to(source.directory):
            return source.directory
    for place_above in (start, *start.parents):
        if any((place_above / mark).exists() for mark in _ROOT_MARKS):
            return place_above
    return directory if start.is_relative_to(directory) else start


def _by_relevance(sources: list[Source]) -> list[Source]:
    """The files that configure this plugin first: another may be there for other plugins only."""
    return sorted(sources, key=lambda source: not source.values)


def _existing(root: Path, what: str) -> Path:
    if not root.is_dir():
        raise ConfigurationError(f"{what} {os.fspath(root)!r} is no directory")
    return root
