"""Which files a project has, and which of them may declare contracts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flake8_contracts.buffers import held, held_paths, read_start
from flake8_contracts.catalog.globs import compile_globs, glob_regex, nearest_path, takes_too_long
from flake8_contracts.catalog.ignore_files import IgnoreRules
from flake8_contracts.catalog.limits import MAX_BYTES, MAX_SOURCE_BYTES
from flake8_contracts.catalog.walk import is_excluded_name, walk
from flake8_contracts.settings import ConfigurationError, Settings

if TYPE_CHECKING:
    from flake8_contracts.catalog.model import Unreadable

_DATA_FILES = (
    ".contract.yaml", ".contract.yml", ".contract.json", ".contract.toml", ".step.yaml", ".step.yml",
)  # fmt: skip
_LOCK = ".#"  # a link that Emacs makes beside a file that is being edited; it leads to nothing
_READABLE = (".py", ".yaml", ".yml", ".json", ".toml")

# What every other declaration has: looking for plain bytes first is ten times faster than the pattern.
_CONTRACT = b"ScriptContract"
_TRACES = (
    b"expected_", b"_env_vars", b"StepSpecification", b"node_type", b"Registry(", b".register(", b"REGISTRY",
)  # fmt: skip
_DECLARATION = (
    rb"(?<![.\w])(?:expected_(?:input_paths|output_paths|arguments)|(?:required|optional)_env_vars)['\"]?\s*[=:]"
    rb"|StepSpecification\(|SpecificationRegistry[.(]"
    rb"|(?<![.\w])node_type\s*=\s*(?:NodeType\.|['\"])"
    rb"|\.register\([^)]{0,200}(?:SPEC|[Ss]pec(?:ification)?\b)"
    # Whoever imports a registry may add steps to it, or hand it to somebody who does.
    rb"|(?i:import[^\n]*registry\b[^\n]*\n(?s:.*)(?:\.register\(|\([^()\n]*registry[,)]))"
)


class Candidate(NamedTuple):
    """A file that may declare contracts. ``relative`` is its path below the root; ``data`` what it holds."""

    path: Path
    relative: str
    data: bytes


class ProjectFiles:
    """The files of a project, found by one walk over its root.

    ``all_files`` and ``python_files`` are paths relative to the root, with forward slashes, in alphabetical order. They
    include what the configuration excludes, and single files that ``.gitignore`` hides: those declare nothing, but a
    contract may still name them as its script.
    """

    def __init__(self, root: Path, settings: Settings) -> None:
        """Walk the project; raise :class:`ConfigurationError` for a root or a glob that leads to nothing."""
        self.root = root
        self._prefix = os.path.join(root, "")
        self._settings = settings
        self._rules = IgnoreRules(root)
        include = [_below_root(pattern, root, "include", settings) for pattern in settings.include]
        exclude = [_below_root(pattern, root, "exclude", settings) for pattern in settings.exclude]
        for option, patterns in (("include", include), ("exclude", exclude)):
            for pattern in filter(takes_too_long, patterns):
                raise settings.error(option, f"the glob {pattern!r} has too many stars", value=pattern)
        caches = [settings.cache_dir] if settings.cache_dir is not None else []
        try:
            found = walk(root, self._rules, skipped=caches, wanted=include)
        except OSError as error:
            raise ConfigurationError(f"the project root {root} cannot be read: {error.strerror}") from error
        self.all_files: tuple[str, ...] = tuple(found.files)
        self.python_files: tuple[str, ...] = tuple(path for path in found.files if path.endswith(".py"))
        self.closed_directories: tuple[str, ...] = tuple(found.closed)
        self.unreadable: list[Unreadable] = []
        self._linked = frozenset(found.linked)
        self._dangling = tuple(filter(_is_lost_data, found.dangling))
        self._include = compile_globs(include)
        self._exclude = compile_globs(exclude)
        for pattern in include:
            self._check_include(pattern)
        for pattern in exclude:
            self._check_exclude(pattern)

    def declaration_candidates(self) -> tuple[Candidate, ...]:
        """The files that may declare contracts, with what they hold, in alphabetical order.

        Without configured globs these are Python files that look like it and data files with the usual names. Files
        that cannot be read are added to ``unreadable``.
        """
        return self._candidates

    @cached_property
    def _candidates(self) -> tuple[Candidate, ...]:
        paths = sorted({*self.all_files, *self._dangling, *self._new})
        candidates = (self._candidate(path) for path in paths if self._may_declare(path))
        return tuple(candidate for candidate in candidates if candidate is not None)

    def takes(self, path: Path, data: bytes) -> bool:
        """Whether a file with this content is read for declarations: it need not be saved, nor found by the walk."""
        try:
            relative = path.relative_to(self.root).as_posix()
        except ValueError:
            return False
        if not self._may_declare(relative) or not self._is_wanted(relative):
            return False
        if relative not in self._known and self._is_out_of_the_way(relative):
            return False
        return self._include is not None or not relative.endswith(".py") or declares(data)

    def _is_out_of_the_way(self, path: str) -> bool:
        """Whether a directory above the file is one that the walk does not enter."""
        parts = path.split("/")[:-1]
        return any(
            is_excluded_name(part) or self._rules.hides("/".join(parts[: index + 1]) + "/")
            for index, part in enumerate(parts)
        )

    def _may_declare(self, path: str) -> bool:
        """Whether a file is to be read, as far as its name tells."""
        if self._include is not None:
            wanted = path.endswith(_READABLE) and self._include.fullmatch(path) is not None
        else:
            wanted = path.endswith(".py") or path.lower().endswith(_DATA_FILES)
        if not wanted or (self._exclude is not None and self._exclude.fullmatch(path)):
            return False
        return path not in self._linked or not self._is_found_elsewhere(path)

    def _is_found_elsewhere(self, path: str) -> bool:
        """Whether a link leads to a file that is read anyway."""
        target = os.path.realpath(self.root / path)
        relative = os.path.relpath(target, os.path.realpath(self.root)).replace(os.sep, "/")
        return relative != path and relative in self._known

    @property
    def _new(self) -> Iterator[str]:
        """Files below the root that are not on the disk yet."""
        root = os.path.realpath(self.root)
        for path in held_paths():
            if path.is_relative_to(root) and not path.exists():
                yield path.relative_to(root).as_posix()

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.all_files)

    def _candidate(self, path: str) -> Candidate | None:
        is_python = path.endswith(".py")
        try:
            data = _read(self._prefix + path, MAX_SOURCE_BYTES if is_python else MAX_BYTES)
        except OSError as error:
            if self._is_wanted(path):
                from flake8_contracts.catalog.model import Unreadable, whole_file

                self.unreadable.append(
                    Unreadable(whole_file(self.root / path), f"cannot be read: {error.strerror}")
                )
            return None
        if is_python and self._include is None and not declares(data):
            return None
        if not self._is_wanted(path):
            return None
        if is_python and len(data) > MAX_SOURCE_BYTES:
            size = f"it is larger than {MAX_SOURCE_BYTES // 1_000_000} MB"
            reason = f"not read for contracts: {size}; declare them in a file of their own"
            from flake8_contracts.catalog.model import Unreadable, whole_file

            self.unreadable.append(Unreadable(whole_file(self.root / path), reason))
            return None
        return Candidate(self.root / path, path, data)

    def _is_wanted(self, path: str) -> bool:
        """Whether no ``.gitignore`` hides the file; asked last, because matching its patterns is slow."""
        return self._include is not None or not self._rules.hides(path)

    # Globs that match nothing

    def _check_include(self, pattern: str) -> None:
        expression = re.compile(glob_regex(pattern), re.DOTALL)
        matched = [path for path in self.all_files if expression.fullmatch(path)]
        if any(path.endswith(_READABLE) for path in matched):
            return
        if matched:
            reason = f"the glob {pattern!r} matches no Python, YAML, JSON or TOML file"
            raise self._settings.error("include", f"{reason}, only such as {matched[0]!r}", value=pattern)
        raise self._settings.error("include", self._without_match(pattern), value=pattern)

    def _check_exclude(self, pattern: str) -> None:
        """A glob may also name what is excluded anyway, and so was not even looked for."""
        expression = re.compile(glob_regex(pattern), re.DOTALL)
        if any(expression.fullmatch(path) for path in self.all_files):
            return
        literal = pattern.removeprefix("./").rstrip("*").strip("/")
        if any(is_excluded_name(part) for part in literal.split("/")):
            return
        if self._rules.hides(literal) or self._rules.hides(f"{literal}/") or (self.root / literal).exists():
            return
        raise self._settings.error("exclude", self._without_match(pattern), value=pattern)

    def _without_match(self, pattern: str) -> str:
        near = nearest_path(pattern, self.all_files)
        hint = f"; the nearest is {near!r}" if near is not None else ""
        return f"the glob {pattern!r} matches no file below {self.root}{hint}"


def _is_lost_data(path: str) -> bool:
    """Whether a link that leads to nothing was a data file: flake8 looks for Python files itself, and tells."""
    name = path.rpartition("/")[2]
    return not name.endswith(".py") and not name.startswith(_LOCK)


def declares(data: bytes) -> bool:
    """Whether a Python source may declare a contract, judged by its bytes: names of classes and fields."""
    if _CONTRACT in data:
        return True
    return any(trace in data for trace in _TRACES) and re.search(_DECLARATION, data) is not None


def _read(path: str, limit: int) -> bytes:
    """What a file holds; of a larger file a little more than the limit, which shows that it is larger."""
    unsaved = held(path)
    if unsaved is not None:
        return unsaved[: limit + 1]
    return read_start(path, limit)


def _below_root(pattern: str, root: Path, option: str, settings: Settings) -> str:
    """The pattern relative to the root."""
    if not os.path.isabs(pattern):
        return pattern
    prefix = f"{root.as_posix().rstrip('/')}/"
    if not pattern.startswith(prefix):
        raise settings.error(
            option, f"the glob {pattern!r} lies outside of the project root {root}", value=pattern
        )
    return pattern[len(prefix) - 1 :]  # the slash binds a single name to the root
