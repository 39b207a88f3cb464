"""Configuration files: finding them, and reading what concerns this plugin, with the line of every value."""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from flake8_contracts.buffers import read_saved
from flake8_contracts.settings import ConfigurationError, Origin
from flake8_contracts.settings.options import (
    FLAKE8_OPTIONS,
    FLAKE8_PREFIX,
    OPTIONS,
    OWN_SELECTOR,
    SHARED_KEYS,
    Option,
    OptionValueError,
    setting,
    split_list,
    split_per_file,
)
from flake8_contracts.suggestions import did_you_mean

MAX_BYTES = 1_000_000
"""Larger configuration files are refused: parsing them would take longer than all the rest."""

_MAX_PARTS = 100
# Reading a dotted key takes memory by the square of its length: gigabytes for twenty thousand parts.
_LONG_KEY = re.compile(rf"(?<![\w.-])(?:[\w-]+\.){{{_MAX_PARTS}}}")
_BETWEEN_PARTS = str.maketrans("", "", " \t\"'")
_LIMIT = f"{MAX_BYTES // 1_000_000} MB"
TABLE = "tool.flake8-contracts"
_TABLE_HEADER = re.compile(r"""\s*\[\s*tool\s*\.\s*["']?flake8-contracts["']?\s*[.\]]""")
_SECTION_HEADER = re.compile(r"\[flake8\]")
_FLAKE8_FILES = ("setup.cfg", "tox.ini", ".flake8")


class Source:
    """What one file configures: values by attribute of the settings, and where they stand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values: dict[str, object] = {}
        self.origins: list[Origin] = []

    @property
    def directory(self) -> Path:
        """The directory that paths in the file are relative to."""
        return self.path.parent


class _Reader:
    """Takes values from one file into a :class:`Source`; knows the lines for messages."""

    def __init__(self, path: Path, text: str, header: re.Pattern[str], *, is_text: bool = False) -> None:
        self.source = Source(path)
        self._is_text = is_text
        self._lines = text.splitlines()
        self._header = header

    def place(self, key: str, value: str | None = None) -> str:
        """``file:line`` of a key, or of the first mention of a value after it."""
        number = self._line_of(key, value)
        shown = os.path.relpath(self.source.path)
        return f"{shown}:{number}" if number is not None else shown

    def _line_of(self, key: str, value: str | None) -> int | None:
        spelled = re.escape(key).replace(r"\-", "[-_]")
        assignment = re.compile(
            rf"""\s*["']?{spelled}["']?\s*[=:.]|\s*\[.*\b{spelled}["']?\s*\]""", re.IGNORECASE
        )
        start = next((i for i, line in enumerate(self._lines) if self._header.match(line)), 0)
        found = next((i for i in range(start, len(self._lines)) if assignment.match(self._lines[i])), None)
        if found is None or value is None:
            return None if found is None else found + 1
        return next((i for i in range(found, len(self._lines)) if value in self._lines[i]), found) + 1

    def error(self, key: str, reason: str, value: str | None = None) -> ConfigurationError:
        return ConfigurationError(f"{self.place(key, value)}: {reason}")

    def take(self, key: str, option: Option, value: object) -> None:
        """Add one option; raise :class:`ConfigurationError` if the value does not fit."""
        try:
            result = setting(
                option, _typed(option, value) if self._is_text and isinstance(value, str) else value
            )
        except OptionValueError as error:
            raise self.error(key, f"the option {key!r} {error.reason}", error.value) from error
        if option.field in self.source.values:
            raise self.error(
                key, f"the option {key!r} contradicts another one of this file; remove one of them"
            )
        self.source.values[option.field] = result
        self.source.origins.append(Origin(option.field, None, self.place(key)))
        for item in _items(option, result):
            self.source.origins.append(Origin(option.field, item, self.place(key, item)))


def _items(option: Option, result: object) -> Iterable[str]:
    """The single values of a list that a later error may be about."""
    if option.kind == "per-file" and isinstance(result, tuple):
        return dict.fromkeys(code for _, codes in result for code in codes)
    return dict.fromkeys(result) if isinstance(result, tuple) else ()


# pyproject.toml


def find_pyproject(start: Path) -> Source | None:
    """The nearest ``pyproject.toml`` with a table of this plugin, from a directory upwards."""
    for directory in (start, *start.parents):
        source = read_pyproject(directory / "pyproject.toml")
        if source is not None:
            return source
    return None


def read_pyproject(path: Path) -> Source | None:
    """What a TOML file configures; ``None`` if it does not exist or has no table of this plugin."""
    try:
        data = read_saved(path)
    except OSError:
        return None
    if b"flake8-contracts" not in data:
        return None  # parsing would take longer than all the rest
    if len(data) > MAX_BYTES:
        shown = os.path.relpath(path)
        raise ConfigurationError(f"{shown}: the configuration is not read: it is larger than {_LIMIT}")
    text, content = _parsed_toml(path, data)
    tool = content.get("tool")
    table = tool.get("flake8-contracts") if isinstance(tool, dict) else None
    if table is None:
        return None
    reader = _Reader(path, text, _TABLE_HEADER)
    if not isinstance(table, dict):
        raise reader.error("flake8-contracts", f"'{TABLE}' is a table, not {table!r}")
    for key, value in table.items():
        option = OPTIONS.get(key)
        if option is None:
            raise reader.error(key, f"unknown key {key!r} in [{TABLE}]{did_you_mean(key, OPTIONS)}")
        reader.take(key, option, value)
        _check_selectors(reader, key, option)
    return reader.source


def _parsed_toml(path: Path, data: bytes) -> tuple[str, Mapping[str, object]]:
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    shown = os.path.relpath(path)
    try:
        text = data.decode("utf-8")
        for number, row in enumerate(text.split("\n"), 1):
            if row.count(".") >= _MAX_PARTS and _LONG_KEY.search(row.translate(_BETWEEN_PARTS)):
                raise ConfigurationError(f"{shown}:{number}: a key with more than {_MAX_PARTS} parts")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(f"{shown}:{line}: the file is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        match = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        place, reason = (f"{shown}:{match[1]}", str(error)[: match.start()]) if match else (shown, str(error))
        raise ConfigurationError(f"{place}: not valid TOML: {reason}") from error
    except (RecursionError, ValueError) as error:
        raise ConfigurationError(
            f"{shown}: not valid TOML: nested too deeply, or a number too long"
        ) from error


def _check_selectors(reader: _Reader, key: str, option: Option) -> None:
    """The table is this plugin's own, so that another plugin's code is a mistake there."""
    codes = reader.source.values[option.field]
    if option.kind == "codes" and not codes and key == "select":
        raise reader.error(key, "the option 'select' is empty, so that nothing would be reported; remove it")
    if option.kind in ("codes", "per-file"):
        for code in _items(option, codes):
            if not OWN_SELECTOR.fullmatch(code):
                raise reader.error(key, foreign_code(code), code)


def foreign_code(code: str) -> str:
    """The message for a selector that can fit no rule of this plugin."""
    upper = code.upper()
    hint = f"; did you mean {upper!r}?" if OWN_SELECTOR.fullmatch(upper) else "; the codes begin with 'SMC'"
    return f"unknown code {code!r}{hint}"


# flake8's files


def find_flake8_file(start: Path) -> Path | None:
    """The file that flake8 reads when it runs in a directory: the nearest with a section of its own.

    The search ends below the home directory, and passes over files that cannot be parsed, as flake8's does.
    """
    home = Path(os.path.expanduser("~"))
    for directory in (start, *start.parents):
        for name in _FLAKE8_FILES:
            parser = configparser.RawConfigParser()
            try:
                parser.read_string(_text(directory / name))
            except (OSError, UnicodeDecodeError, configparser.ParsingError):
                continue
            except configparser.Error as error:  # flake8 itself ends with a traceback
                raise _unreadable(directory / name, error) from error
            if parser.has_section("flake8") or parser.has_section("flake8:local-plugins"):
                return directory / name
        if directory.parent == home:
            break
    return None


def read_flake8_file(path: Path) -> Source:
    """What the section ``[flake8]`` of a file configures for this plugin."""
    parser = configparser.RawConfigParser()
    try:
        text = _text(path)
        parser.read_string(text)
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise _unreadable(path, error) from error
    reader = _Reader(path, text, _SECTION_HEADER, is_text=True)
    if not parser.has_section("flake8"):
        return reader.source
    for key, value in parser.items("flake8"):
        name = key.replace("_", "-")
        option = FLAKE8_OPTIONS.get(name)
        if option is not None:
            if value.strip() or name not in SHARED_KEYS:
                reader.take(key, option, value)
        elif name.startswith(FLAKE8_PREFIX):
            known = [known for known in FLAKE8_OPTIONS if known not in SHARED_KEYS]
            raise reader.error(key, f"unknown key {key!r} in [flake8]{did_you_mean(name, known)}")
    return reader.source


def _unreadable(path: Path, error: Exception) -> ConfigurationError:
    reason = " ".join(str(error).split())
    return ConfigurationError(f"{os.path.relpath(path)}: cannot be read: {reason}")


def _text(path: Path) -> str:
    """The text of one of flake8's files, as flake8 reads it. Raises ``OSError`` or ``UnicodeDecodeError``."""
    return read_saved(path).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _typed(option: Option, value: str) -> object:
    """A value of flake8's files, in which everything is text, in the type that the option has."""
    if option.kind == "flag":
        # What is no boolean stays text, which the option refuses.
        return configparser.RawConfigParser.BOOLEAN_STATES.get(value.lower(), value)
    if option.kind in ("list", "codes"):
        return split_list(value)
    return split_per_file(value) if option.kind == "per-file" else value.strip()
