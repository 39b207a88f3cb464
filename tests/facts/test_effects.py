"""The effect catalogue: its tables, how calls are found in them, and what users add."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_contracts.facts import effects
from flake8_contracts.facts.effects import Effect, Entry, PathArgument, find, is_harmless, register
from flake8_contracts.facts.effects import harmless as harmless_calls
from flake8_contracts.facts.effects.aliases import ALIASES
from flake8_contracts.facts.effects.names import canonical, root_of
from flake8_contracts.facts.effects.registration import EffectError
from flake8_contracts.facts.effects.schema import SHAPES, effect_of_mode

TABLES = effects.tables()
AREAS = [
    importlib.import_module(f"{effects.__name__}.{module.name}")
    for module in pkgutil.iter_modules(effects.__path__)
]
TABLE_NAMES = ("FUNCTIONS", "LIBRARY_METHODS", "CLASS_METHODS", "METHODS", "METHODS_OF_CLASSES")


def every_entry() -> Iterator[tuple[str, Entry]]:
    for table in (
        TABLES.functions,
        TABLES.library_methods,
        TABLES.class_methods,
        TABLES.methods,
        TABLES.methods_of_classes,
    ):
        for key, entry in table.items():
            yield str(key), entry


def argument_of(name: str) -> PathArgument:
    entry = find(name)
    assert entry is not None, name
    return entry.arguments[0]


@pytest.fixture(autouse=True)
def _no_entries_of_users() -> Iterator[None]:
    yield
    register({})


# -- the tables ----------------------------------------------------------------------------------------


def test_every_table_of_every_area_is_merged() -> None:
    merged = {key for key, _ in every_entry()}
    missing = [
        f"{area.__name__}: {key}"
        for area in AREAS
        for table in TABLE_NAMES
        if isinstance(getattr(area, table, None), Mapping)
        for key in getattr(area, table)
        if str(key) not in merged
    ]
    assert not missing
    assert len(merged) > 700


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_no_area_repeats_another(table: str) -> None:
    keys = [key for area in AREAS for key in getattr(area, table, ()) if area is not harmless_calls]
    assert sorted(map(str, keys)) == sorted(map(str, set(keys)))


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.__name__.rpartition(".")[2])
def test_no_area_repeats_itself(area: object) -> None:
    """Two tables that are merged, or one display, may hide an entry behind another of the same name."""
    tree = ast.parse(Path(str(getattr(area, "__file__", ""))).read_text(encoding="utf-8"))
    seen: set[tuple[str, str]] = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = ast.unparse(call.func)
        library = ast.unparse(call.args[0]) if function == "methods" else ""
        for display in (argument for argument in call.args if isinstance(argument, ast.Dict)):
            for key in (ast.unparse(key) for key in display.keys if key is not None):
                assert (library, key) not in seen, f"{library} {key} is there twice"
                seen.add((library, key))


@pytest.mark.parametrize(("name", "entry"), list(every_entry()))
def test_entries_are_whole(name: str, entry: Entry) -> None:
    assert entry.source.strip()
    assert entry.arguments
    for argument in entry.arguments:
        assert argument.shape in SHAPES
        assert argument.index is None or argument.index >= -1
        assert argument.index is not None or argument.keyword
        if argument.mode is not None and argument.effect is not Effect.HANDED_ON:
            assert argument.effect is effect_of_mode(argument.mode[2])


def test_no_alias_hides_a_name_of_the_catalogue() -> None:
    names = [*TABLES.functions, *harmless_calls.FUNCTIONS]
    assert [name for name in names if canonical(name) != name] == []


def test_aliases_lead_somewhere() -> None:
    known = {prefix for name in TABLES.functions for prefix in _prefixes(name)}
    known |= {library for library, _ in TABLES.library_methods}
    targets = {name: canonical(target) for name, target in ALIASES.items()}
    assert [
        name for name, target in targets.items() if target not in known and root_of(target) not in known
    ] == []


def _prefixes(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


def test_unmistakable_methods_are_no_methods_of_common_objects() -> None:
    common = (str, bytes, list, tuple, dict, set, frozenset, int, float, re.Pattern, re.Match, Path)
    for kind in common:
        allowed = {"read_text", "read_bytes", "write_text", "write_bytes"} if kind is Path else set()
        shared = {*TABLES.methods, *TABLES.methods_of_classes} & set(dir(kind)) - allowed
        assert not shared, f"{kind.__name__} has {shared}"


def test_unmistakable_methods_exclude_what_means_many_things() -> None:
    vague = {
        "add",
        "close",
        "dump",
        "export",
        "extract",
        "get",
        "load",
        "open",
        "put",
        "read",
        "run",
        "save",
        "write",
    }
    assert not vague & {*TABLES.methods, *TABLES.methods_of_classes}


def test_the_catalogue_loads_no_more_than_it_needs() -> None:
    code = f"import sys; from {effects.__name__} import tables; tables(); print(*sys.modules)"
    path = {"PYTHONPATH": str(Path(effects.__file__).parents[3])}
    ran = subprocess.run([sys.executable, "-c", code], env=path, capture_output=True, text=True, check=True)
    assert not {"libcst", "pydantic", "difflib", "pandas", "numpy"} & set(ran.stdout.split())


# -- finding -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "effect", "index", "shape"),
    [
        ("builtins.open", Effect.READ, 0, "file"),
        ("io.open", Effect.READ, 0, "file"),
        ("pandas.read_csv", Effect.READ, 0, "file"),
        ("pandas.io.parsers.read_csv", Effect.READ, 0, "file"),
        ("pandas.io.parsers.readers.read_csv", Effect.READ, 0, "file"),
        ("pandas.read_csv().to_csv", Effect.WRITE, 0, "file"),
        ("pandas.read_csv()[].to_csv", Effect.WRITE, 0, "file"),
        ("pandas.?().head().to_csv", Effect.WRITE, 0, "file"),
        (".to_csv", Effect.WRITE, 0, "file"),
        ("?.make().to_csv", Effect.WRITE, 0, "file"),
        ("some_library.make().to_csv", Effect.WRITE, 0, "file"),
        ("dask.dataframe.read_csv().to_csv", Effect.WRITE, 0, "either"),
        ("dask.dataframe.read_csv().to_parquet", Effect.WRITE, 0, "directory"),
        ("modin.pandas.read_csv", Effect.READ, 0, "either"),
        ("modin.pandas.read_csv().to_csv", Effect.WRITE, 0, "either"),
        ("pyspark.pandas.read_csv().to_csv", Effect.WRITE, 0, "directory"),
        ("pyspark.?().write.mode().parquet", Effect.WRITE, 0, "directory"),
        ("pyspark.sql.SparkSession.builder.getOrCreate().read.parquet", Effect.READ, 0, "either"),
        ("pyspark.?().write().overwrite().save", Effect.WRITE, 0, "directory"),
        ("pyspark.ml.PipelineModel.load", Effect.READ, 0, "either"),
        ("tarfile.open", Effect.READ, 0, "file"),
        ("tarfile.open().add", Effect.READ, 0, "either"),
        ("tarfile.open().extractall", Effect.EXTRACT, 0, "directory"),
        (".extractall", Effect.EXTRACT, 0, "directory"),
        ("zipfile.ZipFile().write", Effect.READ, 0, "either"),
        ("pathlib.Path.write_text", Effect.WRITE, -1, "file"),
        ("pathlib.PosixPath.write_text", Effect.WRITE, -1, "file"),
        ("xgboost.Booster().save_model", Effect.WRITE, 0, "file"),
        ("xgboost.core.Booster().save_model", Effect.WRITE, 0, "file"),
        ("transformers.Trainer().save_model", Effect.WRITE, 0, "directory"),
        (".save_model", Effect.WRITE, 0, "either"),
        ("joblib.load().save_model", Effect.WRITE, 0, "either"),
        ("keras.models.load_model", Effect.READ, 0, "either"),
        ("tensorflow.keras.models.load_model", Effect.READ, 0, "either"),
        ("tensorflow.compat.v1.keras.models.load_model", Effect.READ, 0, "either"),
        ("tensorflow.keras.Sequential().save", Effect.WRITE, 0, "file"),
        ("lightning.pytorch.Trainer().save_checkpoint", Effect.WRITE, 0, "either"),
        ("transformers.AutoModel.from_pretrained", Effect.READ, 0, "either"),
        ("peft.PeftModel.from_pretrained", Effect.READ, 1, "either"),
        ("some_library.Model.from_pretrained", Effect.READ, 0, "either"),
        (".load_from_checkpoint", Effect.READ, 0, "either"),
        ("matplotlib.pyplot.subplots()[].savefig", Effect.WRITE, 0, "file"),
        ("boto3.client().upload_file", Effect.READ, 0, "file"),
        ("boto3.client().download_file", Effect.WRITE, 2, "file"),
        ("boto3.?().Bucket().download_file", Effect.WRITE, 1, "file"),
        ("boto3.resource().Object().download_file", Effect.WRITE, 0, "file"),
        ("shutil.copy", Effect.READ, 0, "file"),
        ("sqlite3.connect", Effect.HANDED_ON, 0, "file"),
    ],
)
def test_calls_are_found(name: str, effect: Effect, index: int, shape: str) -> None:
    argument = argument_of(name)
    assert (argument.effect, argument.index, argument.shape) == (effect, index, shape)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        ".?",
        "?",
        ".save",
        ".load",
        ".write",
        ".open",
        ".dump",
        ".get",
        ".csv",
        "open",
        "pandas",
        "pandas.read_csv()",
        "pandas.concat",
        # Functions of a module are no methods: nobody knows their arguments.
        "some_library.to_csv",
        "some_library.tables.write_parquet",
        # What is called on a class is given the object first.
        "pandas.DataFrame.to_csv",
        "builtins.open().write",
        "?.open().write",
        "json.dump",
        "subprocess.run",
    ],
)
def test_what_nobody_knows_is_not_found(name: str) -> None:
    assert find(name) is None


@given(st.text(alphabet="abT.?()[]_", max_size=30))
def test_any_name_can_be_asked_for(name: str) -> None:
    found = find(name)
    assert found is None or found.arguments
    assert not (found is not None and is_harmless(name))


def test_libraries_that_write_directories() -> None:
    assert {"dask", "pyspark", "modin"} <= effects.directory_writers
    for root in effects.directory_writers:
        entry = find(f"{root}.make().to_csv")
        assert entry is not None
        assert all(argument.shape != "file" for argument in entry.arguments)


# -- shapes and modes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "path", "given_arguments", "shape"),
    [
        ("numpy.save", "/opt/ml/output/x.npy", (), "file"),
        ("numpy.save", "/opt/ml/output/x", (), "either"),
        ("numpy.save", "/opt/ml/output.npy/x", (), "either"),
        ("numpy.save", None, (), "either"),
        ("matplotlib.pyplot.savefig", "/opt/ml/output/plot.png", (), "file"),
        ("matplotlib.pyplot.savefig", "/opt/ml/v1.2/plot", (), "either"),
        ("matplotlib.pyplot.savefig", "/opt/ml/.hidden", (), "either"),
        ("matplotlib.pyplot.savefig", "/opt/ml/plot.", (), "either"),
        ("os.replace", "/opt/ml/output/payload.tar.gz", (), "file"),
        ("os.replace", "/opt/ml/output", (), "either"),
        (".to_parquet", "/opt/ml/output", (), "file"),
        (".to_parquet", None, (), "file"),
        (".to_parquet", "/opt/ml/output", ("partition_cols",), "either"),
        (".to_parquet", "/opt/ml/output", ("compression",), "file"),
        ("shutil.copy2", "/opt/ml/output", (), "into"),
    ],
)
def test_shapes_that_depend_on_the_call(
    name: str, path: str | None, given_arguments: tuple[str, ...], shape: str
) -> None:
    entry = find(name)
    assert entry is not None
    written = next(argument for argument in entry.arguments if argument.effect is Effect.WRITE)
    assert written.shape_for(path, given_arguments) == shape


@pytest.mark.parametrize(
    ("mode", "effect"),
    [
        ("r", Effect.READ),
        ("rb", Effect.READ),
        ("rt", Effect.READ),
        ("rU", Effect.READ),
        ("r:gz", Effect.READ),
        ("r:xz", Effect.READ),
        ("r|*", Effect.READ),
        ("r:*", Effect.READ),
        ("w", Effect.WRITE),
        ("wb", Effect.WRITE),
        ("w+", Effect.WRITE),
        ("w-", Effect.WRITE),
        ("w:xz", Effect.WRITE),
        ("w|gz", Effect.WRITE),
        ("wb9", Effect.WRITE),
        ("a", Effect.WRITE),
        ("ab+", Effect.WRITE),
        ("x", Effect.WRITE),
        ("xt", Effect.WRITE),
        ("n", Effect.WRITE),
        ("r+", Effect.HANDED_ON),
        ("r+b", Effect.HANDED_ON),
        ("c", Effect.HANDED_ON),
        ("readwrite", Effect.HANDED_ON),
        (None, Effect.HANDED_ON),
    ],
)
def test_open_modes(mode: str | None, effect: Effect) -> None:
    assert effect_of_mode(mode) is effect
    assert argument_of("builtins.open").effect_for(mode) is effect


def test_what_the_default_mode_does_is_the_entry_s_to_say() -> None:
    """``HDFStore`` opens for appending unless told otherwise, and so do those who only read."""
    store = argument_of("pandas.HDFStore")
    assert [store.effect_for(mode) for mode in ("a", "r", "w")] == [
        Effect.HANDED_ON,
        Effect.READ,
        Effect.WRITE,
    ]


def test_a_mode_matters_only_where_there_is_one() -> None:
    assert argument_of("pandas.read_csv").effect_for("w") is Effect.READ


# -- what is harmless ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "builtins.print",
        "builtins.len",
        "builtins.FileNotFoundError",
        "builtins.RuntimeWarning",
        "builtins.SystemExit",
        "logging.info",
        "logging.getLogger().info",
        "logging.getLogger().log",
        "loguru.logger.debug",
        "structlog.get_logger().info",
        "some_library.get_logger().warning",
        ".info",
        ".warning",
        "hashlib.md5",
        "warnings.warn",
        "click.echo",
    ],
)
def test_harmless(name: str) -> None:
    assert is_harmless(name)
    assert find(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "builtins.open",
        "builtins.open().write",
        "builtins.exec",
        "logging.FileHandler",
        "logging.basicConfig",
        "logging.config.dictConfig",
        "loguru.logger.add",
        # The text comes out again, or where others may read it.
        "json.dump",
        "json.dumps",
        "yaml.safe_dump",
        "re.sub",
        "builtins.str",
        ".log",
        ".append",
        ".run",
        "fsspec.filesystem().info",
        "some_library.open_catalog().info",
        "subprocess.run",
        "",
    ],
)
def test_not_harmless(name: str) -> None:
    assert not is_harmless(name)


# -- the user's entries --------------------------------------------------------------------------------


def test_users_add_entries() -> None:
    register(
        {
            "acme.io.save_table": [{"effect": "write", "index": 1, "keyword": "path", "shape": "file"}],
            ".publish": [{"effect": "handed on", "index": 0}],
            "acme().store": [{"effect": "make-directory", "keyword": "folder", "shape": "directory"}],
        }
    )
    saved = find("acme.io.save_table")
    assert saved == Entry((PathArgument(Effect.WRITE, 1, "path", "file"),), "the project's configuration")
    assert argument_of(".publish") == PathArgument(Effect.HANDED_ON, 0, None, "either")
    assert argument_of("any.thing().publish").index == 0
    assert find("any.publish") is None
    assert argument_of("acme.?().made().store").effect is Effect.MAKE_DIRECTORY
    assert find("other.made().store") is None


def test_users_entries_come_first() -> None:
    assert argument_of("pandas.read_csv").effect is Effect.READ
    register(
        {"pandas.read_csv": [{"effect": "none", "index": 0}], ".to_csv": [{"effect": "write", "index": 1}]}
    )
    assert argument_of("pandas.read_csv").effect is Effect.NONE
    assert argument_of("pandas.io.parsers.read_csv").effect is Effect.NONE
    assert argument_of("pandas.read_csv().to_csv").index == 1


def test_registering_replaces_what_was_registered() -> None:
    register({".publish": [{"effect": "write", "index": 0}]})
    register({".send": [{"effect": "write", "index": 0}]})
    assert find(".publish") is None
    assert find(".send") is not None


def test_a_harmless_call_of_the_user_has_an_effect() -> None:
    assert is_harmless(".info")
    register({".info": [{"effect": "read", "index": 0}]})
    assert not is_harmless(".info")


TABLE = {"effect": "write", "index": 0}


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (
            {"save table": [TABLE]},
            "'save table' names no call; write 'library.function', 'library().method' or '.method'",
        ),
        ({"save": [TABLE]}, "'save' names no call"),
        ({"a..b": [TABLE]}, "'a..b' names no call"),
        ({"": [TABLE]}, "'' names no call"),
        ({".x": TABLE}, "'.x' needs a list of tables"),
        ({".x": []}, "'.x' needs a list of tables"),
        ({".x": ["write"]}, "'.x', argument 1: 'write' is no table"),
        (
            {".x": [TABLE, {"effect": "wirte", "index": 1}]},
            "argument 2: unknown effect 'wirte'; did you mean 'write'?",
        ),
        (
            {".x": [{"effect": "zzz", "index": 1}]},
            "unknown effect 'zzz'; the effects are 'read', 'write', 'extract'",
        ),
        ({".x": [{"effect": 3, "index": 1}]}, "unknown effect 3; the effects are"),
        ({".x": [{"index": 1}]}, "'effect' is missing; the effects are"),
        ({".x": [{**TABLE, "shape": "fiel"}]}, "unknown shape 'fiel'; did you mean 'file'?"),
        (
            {".x": [{**TABLE, "shape": 1}]},
            "unknown shape 1; the shapes are 'file', 'directory', 'into', 'either'",
        ),
        ({".x": [{**TABLE, "keywrod": "y"}]}, "unknown key 'keywrod'; did you mean 'keyword'?"),
        (
            {".x": [{**TABLE, "?": "y"}]},
            "unknown key '?'; the keys are 'effect', 'index', 'keyword', 'shape'",
        ),
        ({".x": [{"effect": "read"}]}, "neither 'index' nor 'keyword' says which argument it is"),
        ({".x": [{"effect": "read", "index": "0"}]}, "index '0' is no position"),
        ({".x": [{"effect": "read", "index": -2}]}, "index -2 is no position"),
        ({".x": [{"effect": "read", "index": True}]}, "index True is no position"),
        ({".x": [{"effect": "read", "keyword": "a b"}]}, "keyword 'a b' is no argument's name"),
        ({".x": [{"effect": "read", "keyword": 1}]}, "keyword 1 is no argument's name"),
    ],
)
def test_wrong_entries_are_refused(entries: dict[str, object], message: str) -> None:
    register({".kept": [TABLE]})
    with pytest.raises(EffectError) as failure:
        register({".new": [TABLE], **entries})
    assert message in str(failure.value)
    assert str(failure.value).startswith("effects: ")
    assert "\n" not in str(failure.value)
    assert not str(failure.value).endswith(".")
    assert find(".kept") is not None
    assert find(".new") is None
