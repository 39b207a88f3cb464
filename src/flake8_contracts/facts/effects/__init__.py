"""The effect catalogue: what library calls do with the paths that they are given.

The knowledge is data, one module for each area:

- ``FUNCTIONS`` by dotted name;
- ``LIBRARY_METHODS`` by the library that an object comes from and the method's name;
- ``CLASS_METHODS`` the same for methods that are called on a class as well;
- ``METHODS`` and ``METHODS_OF_CLASSES`` by the method's name alone, where it is unmistakable.

Names are those that the interpreter gives to calls: ``pandas.read_csv``, ``tarfile.open().add``,
``pandas.?().head().to_csv`` for a long chain, ``.to_csv`` for a method of something unknown. An argument that an entry
does not name is no path as far as the catalogue knows; whoever finds one there had better take it as handed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache

from flake8_contracts.facts.effects.names import canonical, is_class, is_object, method_keys, root_of
from flake8_contracts.facts.effects.schema import Effect, Entry, PathArgument, Shape

__all__ = [
    "Effect",
    "Entry",
    "PathArgument",
    "Shape",
    "directory_writers",
    "find",
    "is_harmless",
    "register",
    "tables",
]

#: Libraries whose ``to_csv``, ``to_parquet`` and the like write directories, or may. Where a program imports one of
#: them, the shape ``file`` of an entry that was found by a method's name alone is not certain.
directory_writers: frozenset[str] = frozenset(
    {
        "bodo",
        "cudf",
        "daft",
        "dask",
        "dask_cudf",
        "dask_expr",
        "dask_geopandas",
        "databricks",
        "fugue",
        "modin",
        "pyspark",
        "ray",
        "snowflake",
        "vaex",
        "xorbits",
    }
)

_EXCEPTIONS = ("Error", "Exception", "ExceptionGroup", "Exit", "Interrupt", "StopIteration", "Warning")

#: The user's entries, by name.
_registered: dict[str, Entry] = {}


class Tables:
    """The tables of all areas, each as one."""

    def __init__(self) -> None:
        self.functions: dict[str, Entry] = {}
        self.library_methods: dict[tuple[str, str], Entry] = {}
        self.class_methods: dict[tuple[str, str], Entry] = {}
        self.methods: dict[str, Entry] = {}
        self.methods_of_classes: dict[str, Entry] = {}


@cache
def tables() -> Tables:
    """All areas together. Read when the first call is looked up: most files make none that matters."""
    from flake8_contracts.facts.effects import (
        arrays,
        builtin,
        dataframes,
        language,
        learning,
        networks,
        plots,
        storage,
    )

    areas = (builtin, dataframes, arrays, learning, networks, language, plots, storage)
    merged = Tables()
    for area in areas:
        merged.functions.update(area.FUNCTIONS)
        merged.library_methods.update(area.LIBRARY_METHODS)
        merged.methods.update(area.METHODS)
    merged.class_methods.update(dataframes.CLASS_METHODS | language.CLASS_METHODS)
    merged.methods_of_classes.update(networks.METHODS_OF_CLASSES | language.METHODS_OF_CLASSES)
    return merged


@lru_cache(maxsize=8192)
def find(name: str) -> Entry | None:
    """What is known of the call ``name``; ``None`` when nothing is.

    The user's entries come first, then the function of that name, the method of the library that the object comes from,
    and the method of that name wherever it is unmistakable.
    """
    plain = canonical(name)
    return _of_user(name, plain) or _function(name, plain) or _method(name, plain)


@lru_cache(maxsize=8192)
def is_harmless(name: str) -> bool:
    """Whether the call ``name`` does nothing with a path and gives nothing back that could still be used as one."""
    from flake8_contracts.facts.effects import harmless

    plain = canonical(name)
    if find(name) is not None:
        return False
    if plain in harmless.FUNCTIONS:
        return True
    owner, _, method = plain.rpartition(".")
    if owner == "builtins":
        return method.endswith(_EXCEPTIONS)
    if not owner:
        return method in harmless.UNMISTAKABLE_LOGGER_METHODS
    if method not in harmless.LOGGER_METHODS:
        return False
    made_by = owner.rpartition(".")[2].removesuffix("()").lower()
    return root_of(plain) in harmless.LOGGING_LIBRARIES or made_by.endswith("logger")


def register(entries: Mapping[str, object]) -> None:
    """Take the user's own entries, in place of those that were registered before.

    ``entries`` maps a call (``library.function``, ``library().method`` for methods of all objects that come from the
    library, ``.method`` for methods of any object) to a list of tables, one for each argument that is a path, with the
    keys ``effect``, ``index``, ``keyword`` and ``shape``.

    Raises :class:`~flake8_contracts.facts.effects.registration.EffectError` for what is none of that, and then changes
    nothing.
    """
    from flake8_contracts.facts.effects.registration import read_entries

    read = read_entries(entries)
    _registered.clear()
    _registered.update(read)
    find.cache_clear()
    is_harmless.cache_clear()


def _of_user(name: str, plain: str) -> Entry | None:
    if not _registered:
        return None
    entry = _registered.get(name) or _registered.get(plain)
    owner, _, method = name.rpartition(".")
    if entry is not None or (owner and not is_object(owner)):
        return entry
    return _registered.get(f"{root_of(name)}().{method}") or _registered.get(f".{method}")


def _function(name: str, plain: str) -> Entry | None:
    functions = tables().functions
    entry = functions.get(name)
    if entry is not None or plain == name:
        return entry
    return _as_of(root_of(name), functions.get(plain))


def _method(name: str, plain: str) -> Entry | None:
    known = tables()
    owner, dot, method = plain.rpartition(".")
    if not dot:
        return None
    if not owner:
        return known.methods.get(method) or known.methods_of_classes.get(method)
    root, plain_root = root_of(name), root_of(plain)
    # What writes directories has methods of its own under another library's names; else that library knows better.
    roots = (root, plain_root) if root in directory_writers else (plain_root, root)
    entry: Entry | None = None
    if is_object(owner):
        keys = [(library, key) for key in method_keys(owner, method) for library in roots]
        entry = _first(known.library_methods, keys, root) or _as_of(root, known.methods.get(method))
    elif not is_class(owner):
        return None
    return (
        entry
        or _first(known.class_methods, [(library, method) for library in roots], root)
        or known.methods_of_classes.get(method)
    )


def _first(table: Mapping[tuple[str, str], Entry], keys: list[tuple[str, str]], root: str) -> Entry | None:
    """The first entry under ``keys``, as far as it holds for the library ``root``."""
    for key in keys:
        entry = table.get(key)
        if entry is not None:
            return entry if key[0] == root else _as_of(root, entry)
    return None


def _as_of(root: str, entry: Entry | None) -> Entry | None:
    """The entry of another library, as far as it holds for ``root`` too."""
    if entry is None or root not in directory_writers:
        return entry
    return Entry(
        tuple(
            replace(argument, shape="either") if argument.shape == "file" else argument
            for argument in entry.arguments
        ),
        entry.source,
    )
