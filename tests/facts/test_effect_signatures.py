"""Every entry of the effect catalogue names arguments that the real function or method has.

Libraries that are not installed are skipped; the standard library never is.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from flake8_contracts.facts import effects
from flake8_contracts.facts.effects import Entry
from flake8_contracts.facts.effects.names import root_of

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # libraries warn of each other
]

TABLES = effects.tables()

CALLED_ON_CLASS = (staticmethod, classmethod)

#: The classes whose methods ``LIBRARY_METHODS`` and ``CLASS_METHODS`` describe, by the library that the tables name.
OWNERS: dict[str, list[str]] = {
    "accelerate": ["accelerate.Accelerator"],
    "altair": ["altair.Chart"],
    "PIL": ["PIL.Image.Image"],
    "cProfile": ["cProfile.Profile"],
    "catboost": ["catboost.CatBoostClassifier", "catboost.CatBoost", "catboost.Pool"],
    "configparser": ["configparser.ConfigParser"],
    "dask": ["dask.dataframe.DataFrame", "dask.bag.Bag", "dask.array.Array"],
    "datasets": ["datasets.Dataset", "datasets.DatasetDict"],
    "duckdb": ["duckdb.DuckDBPyRelation"],
    "fasttext": ["fasttext.FastText._FastText"],
    "folium": ["folium.Map"],
    "fsspec": ["fsspec.spec.AbstractFileSystem"],
    "geopandas": ["geopandas.GeoDataFrame"],
    "gensim": ["gensim.models.Word2Vec"],
    "graphviz": ["graphviz.Digraph"],
    "keras": ["keras.Model"],
    "lightgbm": ["lightgbm.Booster", "lightgbm.Dataset", "lightgbm.LGBMClassifier"],
    "matplotlib": ["matplotlib.figure.Figure", "matplotlib.animation.Animation"],
    "mlflow": ["mlflow.MlflowClient"],
    "modin": ["modin.pandas.DataFrame"],
    "numpy": ["numpy.ndarray"],
    "openpyxl": ["openpyxl.Workbook"],
    "pandas": ["pandas.DataFrame"],
    "plotly": ["plotly.graph_objects.Figure"],
    "polars": ["polars.DataFrame", "polars.LazyFrame"],
    "pstats": ["pstats.Stats"],
    "pyspark": [
        "pyspark.pandas.DataFrame",
        "pyspark.SparkContext",
        "pyspark.RDD",
        "pyspark.ml.util.MLWriter",
        "pyspark.ml.PipelineModel",
    ],
    "pytorch_lightning": ["pytorch_lightning.Trainer", "pytorch_lightning.LightningModule"],
    "ray": ["ray.data.Dataset"],
    "ruamel": ["ruamel.yaml.YAML"],
    "s3fs": ["s3fs.S3FileSystem"],
    "sagemaker": ["sagemaker.Session"],
    "seaborn": ["seaborn.FacetGrid", "seaborn.objects.Plot"],
    "sentence_transformers": ["sentence_transformers.SentenceTransformer"],
    "spacy": ["spacy.language.Language"],
    "statsmodels": ["statsmodels.regression.linear_model.RegressionResults"],
    "tarfile": ["tarfile.TarFile"],
    "tensorflow": ["tensorflow.train.Checkpoint", "tensorflow.data.Dataset", "tensorflow.keras.Model"],
    "tokenizers": ["tokenizers.Tokenizer"],
    "torch": ["torch.jit.ScriptModule", "torch.profiler.profile"],
    "tracemalloc": ["tracemalloc.Snapshot"],
    "transformers": [
        "transformers.Trainer",
        "transformers.PreTrainedModel",
        "transformers.PreTrainedTokenizer",
        "transformers.PretrainedConfig",
    ],
    "wordcloud": ["wordcloud.WordCloud"],
    "xarray": ["xarray.Dataset"],
    "xgboost": ["xgboost.Booster", "xgboost.DMatrix", "xgboost.XGBClassifier"],
    "ydata_profiling": ["ydata_profiling.ProfileReport"],
    "xml": ["xml.etree.ElementTree.ElementTree"],
    "zipfile": ["zipfile.ZipFile", "zipfile.PyZipFile"],
}
#: Keys of ``LIBRARY_METHODS`` that name the object, or a step on the way to it.
SPECIAL_OWNERS = {
    ("configparser", "ConfigParser()"): "configparser.ConfigParser",
    ("pyspark", "read"): "pyspark.sql.DataFrameReader",
    ("pyspark", "write"): "pyspark.sql.DataFrameWriter",
    ("tensorflow", "Checkpoint()"): "tensorflow.train.Checkpoint",
    ("zipfile", "PyZipFile()"): "zipfile.PyZipFile",
    ("zipfile", "ZipFile()"): "zipfile.ZipFile",
}
#: The oldest major version that can be compared.
OLDEST = {"polars": 1}
#: Libraries whose methods cannot be looked at like that.
NOT_CHECKED = {
    "boto3": "its classes are made with each client: see below",
    "evidently": "its classes move from version to version",
    "google": "a namespace of many packages",
}
#: Methods of the same name that are given no path.
OTHER_METHODS = {"lightgbm.LGBMClassifier.predict", "transformers.PreTrainedModel.train"}
#: Functions and methods that only some versions of their library have.
NOT_IN_ALL_VERSIONS = {
    "keras.Model.flow_from_directory",  # of ``ImageDataGenerator``, in Keras 2
    "numpy.recfromcsv",  # until 1
    "pathlib.Path.copy",  # since Python 3.14
    "pathlib.Path.copy_into",
    "pathlib.Path.is_junction",  # since Python 3.12
    "pathlib.Path.lchmod",
    "pathlib.Path.link_to",  # until Python 3.11
    "pathlib.Path.move",
    "pathlib.Path.move_into",
    "pathlib.Path.walk",
    "polars.read_csv_batched",  # until 1
    "pyarrow.json.open_json",  # since 20
    "tensorflow.lite.Interpreter",  # not everywhere
    "tensorflow.lite.TFLiteConverter.from_saved_model",
    "torchaudio.info",  # until 2.8
    "torchvision.io.read_video",  # until 0.26
    "torchvision.io.write_video",
}
#: Arguments that only some versions have.
OTHER_KEYWORDS = {
    ("transformers.Seq2SeqTrainingArguments", "logging_dir"),  # until 4
    ("transformers.TrainingArguments", "logging_dir"),
}
#: Written in C, and silent about their arguments in some version of Python or of their library.
WITHOUT_SIGNATURE = {
    "cv2.VideoCapture",
    "cv2.VideoWriter",
    "cv2.imread",
    "cv2.imreadmulti",
    "cv2.imwrite",
    "duckdb.connect",
    "numpy.fromfile",
    "numpy.ndarray.dump",
    "numpy.ndarray.tofile",
    "os.chmod",
    "os.utime",
    "pyarrow.OSFile",
    "pyarrow.create_memory_map",
    "pyarrow.csv.CSVWriter",
    "pyarrow.csv.open_csv",
    "pyarrow.csv.read_csv",
    "pyarrow.csv.write_csv",
    "pyarrow.input_stream",
    "pyarrow.json.read_json",
    "pyarrow.memory_map",
    "pyarrow.output_stream",
    "sqlite3.connect",
    "sqlite3.dbapi2.connect",
    "tokenizers.Tokenizer.save",
    "torch.from_file",
}


def resolve(name: str) -> Any:
    """What the dotted name stands for.

    Raises ``AttributeError`` where it stands for nothing, ``ImportError`` where it needs what is not installed.
    """
    root, *parts = name.split(".")
    found, path = importlib.import_module(root), root
    for part in parts:
        path = f"{path}.{part}"
        try:
            found = getattr(found, part)
        except AttributeError:
            try:
                found = importlib.import_module(path)
            except ModuleNotFoundError as error:
                if error.name == path:
                    raise AttributeError(path) from None
                raise
    return found


def parameters_of(name: str, function: Callable[..., Any], *, bound: bool) -> list[inspect.Parameter] | None:
    """The parameters, without the object if the function is not bound; ``None`` where they are not known."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except ValueError:
        assert name in WITHOUT_SIGNATURE, f"{name} has no signature"
        return None
    if bound and parameters and parameters[0].name == "cls":
        bound = False  # a class method of another kind than the built-in
    return parameters if bound else parameters[1:]


def mistakes(found: dict[str, list[inspect.Parameter]], entry: Entry) -> Iterator[str]:
    """What an entry says that none of the functions ``found`` has, or only some of them have."""
    modes = [argument.mode for argument in entry.arguments if argument.mode is not None]
    keywords = {argument.keyword for argument in entry.arguments} | {keyword for _, keyword, _ in modes}
    keywords |= {name for argument in entry.arguments for name in argument.unless}
    keywords -= {keyword for name, keyword in OTHER_KEYWORDS if name in found}
    if not any(p.kind is p.VAR_KEYWORD for parameters in found.values() for p in parameters):
        known = {
            p.name for parameters in found.values() for p in parameters if p.kind is not p.POSITIONAL_ONLY
        }
        yield from (
            f"{', '.join(found)}: no argument {word!r}" for word in sorted(keywords - known - {None}, key=str)
        )
    indexes = [argument.index for argument in entry.arguments] + [index for index, _, _ in modes]
    for name, parameters in found.items():
        positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        variable = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        for index in indexes:
            if index is None or index < 0 or (index >= len(positional) and variable):
                continue
            if index >= len(positional):
                yield f"{name} has no argument {index}"
            elif (
                positional[index].kind is not inspect.Parameter.POSITIONAL_ONLY
                and positional[index].name not in keywords
            ):
                yield f"{name}: argument {index} is {positional[index].name!r}"
        defaults = {p.name: p.default for p in parameters}
        for _, keyword, default in modes:
            if defaults.get(keyword, default) not in (default, None):
                yield f"{name}: the default of {keyword!r} is {defaults[keyword]!r}"


@cache
def why_not(root: str) -> str:
    """Why the library cannot be looked at; empty if it can."""
    try:
        library = importlib.import_module(root)
    except ImportError as error:
        assert root not in sys.stdlib_module_names
        return f"{root} cannot be imported: {error}"
    if root in OLDEST and int(library.__version__.partition(".")[0]) < OLDEST[root]:
        return f"{root} {library.__version__} is too old: its functions had other names"
    return ""


def can_import(root: str) -> bool:
    return not why_not(root)


def need(root: str) -> None:
    """Skip unless the library can be imported."""
    if not can_import(root):
        pytest.skip(why_not(root))


def is_bound(name: str, function: object) -> bool:
    """Whether calling ``name`` passes no object by itself: everything but the methods of ``pathlib.Path``."""
    owner, _, last = name.rpartition(".")
    if not inspect.isclass(resolve(owner)):
        return True
    return not inspect.isfunction(function) or isinstance(
        inspect.getattr_static(resolve(owner), last), staticmethod
    )


@pytest.mark.parametrize("root", sorted({root_of(name) for name in TABLES.functions}))
def test_functions_have_the_arguments(root: str) -> None:
    need(root)
    wrong: list[str] = []
    for name, entry in TABLES.functions.items():
        if root_of(name) != root:
            continue
        try:
            function = resolve(name)
        except ImportError:
            continue  # for lack of another library
        except AttributeError:
            if name not in NOT_IN_ALL_VERSIONS:
                wrong.append(f"{name} does not exist")
            continue
        parameters = parameters_of(name, function, bound=is_bound(name, function))
        if parameters is not None:
            wrong.extend(mistakes({name: parameters}, entry))
    assert not wrong, "\n".join(wrong)


def owners_of(root: str, key: str) -> tuple[list[str], str]:
    """The classes that may have the method, and the method's name."""
    maker, _, method = key.rpartition(".")
    if not maker:
        return OWNERS[root], method
    return [SPECIAL_OWNERS[root, maker]], method


METHODS_BY_ROOT: dict[str, dict[str, Entry]] = {
    root: {key: entry for (library, key), entry in TABLES.library_methods.items() if library == root}
    for root in sorted({library for library, _ in TABLES.library_methods})
}


def methods_named(owners: list[str], method: str) -> dict[str, list[inspect.Parameter]]:
    """The parameters of all methods of that name."""
    found: dict[str, list[inspect.Parameter]] = {}
    for owner in owners:
        cls, name = resolve(owner), f"{owner}.{method}"
        if hasattr(cls, method) and name not in OTHER_METHODS:
            bound = isinstance(inspect.getattr_static(cls, method), CALLED_ON_CLASS)
            parameters = parameters_of(name, getattr(cls, method), bound=bound)
            if parameters is not None:
                found[name] = parameters
    return found


@pytest.mark.parametrize("root", sorted(METHODS_BY_ROOT))
def test_library_methods_have_the_arguments(root: str) -> None:
    if root in NOT_CHECKED:
        pytest.skip(NOT_CHECKED[root])
    need(root)
    wrong: list[str] = []
    for key, entry in METHODS_BY_ROOT[root].items():
        owners, method = owners_of(root, key)
        found = methods_named(owners, method)
        names = {f"{owner}.{method}" for owner in owners}
        if found:
            wrong.extend(mistakes(found, entry))
        elif not names & (NOT_IN_ALL_VERSIONS | WITHOUT_SIGNATURE):
            wrong.append(f"no class of {root} has {method!r}")
    assert not wrong, "\n".join(wrong)


CLASS_METHODS_BY_ROOT: dict[str, dict[str, Entry]] = {
    root: {method: entry for (library, method), entry in TABLES.class_methods.items() if library == root}
    for root in sorted({library for library, _ in TABLES.class_methods})
}


@pytest.mark.parametrize("root", sorted(CLASS_METHODS_BY_ROOT))
def test_class_methods_have_the_arguments(root: str) -> None:
    need(root)
    wrong: list[str] = []
    for method, entry in CLASS_METHODS_BY_ROOT[root].items():
        found = methods_named(OWNERS[root], method)
        wrong.extend(mistakes(found, entry) if found else [f"{root} has no {method!r}"])
        classes = {name: resolve(name.rpartition(".")[0]) for name in found}
        wrong.extend(
            f"{name} is no class method"
            for name, cls in classes.items()
            if not isinstance(inspect.getattr_static(cls, method), CALLED_ON_CLASS)
        )
    assert not wrong, "\n".join(wrong)


UNMISTAKABLE = {**TABLES.methods, **TABLES.methods_of_classes}


@pytest.mark.parametrize("method", sorted(UNMISTAKABLE))
def test_unmistakable_methods_are_those_of_some_library(method: str) -> None:
    installed = [owner for root, owners in OWNERS.items() if can_import(root) for owner in owners]
    found = methods_named(installed, method)
    if not found:
        pytest.skip("no library that has it is installed")
    arguments = UNMISTAKABLE[method].arguments
    keywords = {argument.keyword for argument in arguments}
    for argument in arguments:
        if argument.index is not None:
            at_index = [
                parameters[argument.index]
                for parameters in found.values()
                if argument.index < len(parameters)
            ]
            names = {None if p.kind is p.POSITIONAL_ONLY else p.name for p in at_index}
            variable = any(p.kind is p.VAR_POSITIONAL for p in at_index)
            assert variable or names & keywords, (
                f"argument {argument.index} of {method!r} is called {names}, not {keywords}"
            )


def test_methods_of_boto3_have_the_arguments() -> None:
    need("boto3")
    boto3 = importlib.import_module("boto3")
    session = boto3.Session(region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    storage = session.resource("s3")
    makers = {"": session.client("s3"), "Bucket()": storage.Bucket("b"), "Object()": storage.Object("b", "k")}
    wrong: list[str] = []
    for key, entry in METHODS_BY_ROOT["boto3"].items():
        maker, _, method = key.rpartition(".")
        parameters = parameters_of(key, getattr(makers[maker], method), bound=True)
        assert parameters is not None
        wrong.extend(mistakes({f"boto3 {key}": parameters}, entry))
    assert not wrong, "\n".join(wrong)
