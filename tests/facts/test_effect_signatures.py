"""Every entry of the effect catalogue names arguments that the real function or method has.

Libraries that are not installed are skipped; the standard library never is.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flake8_contracts.facts import effects
from flake8_contracts.facts.effects import Entry, PathArgument
from flake8_contracts.facts.effects.names import root_of

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # libraries warn of each other
]

TABLES = effects.tables()

#: The classes whose methods ``LIBRARY_METHODS`` and ``CLASS_METHODS`` describe, by the library that the tables name.
OWNERS = {
    "PIL": ["PIL.Image.Image"],
    "cProfile": ["cProfile.Profile"],
    "catboost": ["catboost.CatBoostClassifier", "catboost.CatBoost", "catboost.Pool"],
    "configparser": ["configparser.ConfigParser"],
    "dask": ["dask.dataframe.DataFrame", "dask.bag.Bag", "dask.array.Array"],
    "datasets": ["datasets.Dataset", "datasets.DatasetDict"],
    "fsspec": ["fsspec.spec.AbstractFileSystem"],
    "geopandas": ["geopandas.GeoDataFrame"],
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
    "ruamel": ["ruamel.yaml.YAML"],
    "s3fs": ["s3fs.S3FileSystem"],
    "sagemaker": ["sagemaker.Session"],
    "seaborn": ["seaborn.FacetGrid", "seaborn.objects.Plot"],
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
    "xarray": ["xarray.Dataset"],
    "xgboost": ["xgboost.Booster", "xgboost.DMatrix", "xgboost.XGBClassifier"],
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
#: Libraries whose methods cannot be looked at like that.
NOT_CHECKED = {"boto3": "its classes are made when a client is", "google": "a namespace of many packages"}
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
    "numpy.ndarray.dump",
    "numpy.ndarray.tofile",
    "os.utime",
    "pyarrow.OSFile",
    "pyarrow.csv.CSVWriter",
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


def wrong_arguments(name: str, function: Callable[..., Any], entry: Entry, *, bound: bool) -> Iterator[str]:
    """What an entry says that the function's signature does not."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except ValueError:
        if name not in WITHOUT_SIGNATURE:
            yield f"{name} has no signature"
        return
    if not bound:
        parameters = parameters[1:]
    for argument in entry.arguments:
        if argument.keyword is None or (name, argument.keyword) not in OTHER_KEYWORDS:
            yield from (
                f"{name}{inspect.signature(function)}: {problem}"
                for problem in problems(argument, parameters)
            )


def problems(argument: PathArgument, parameters: list[inspect.Parameter]) -> Iterator[str]:
    wanted = [(argument.index, argument.keyword)]
    if argument.mode is not None:
        index, keyword, default = argument.mode
        wanted.append((index, keyword))
        found = next((parameter for parameter in parameters if parameter.name == keyword), None)
        if found is not None and found.default not in (default, None):
            yield f"the default of {keyword!r} is {found.default!r}, not {default!r}"
    by_name = {parameter.name: parameter for parameter in parameters}
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    variable = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    takes_any_keyword = any(p.kind is p.VAR_KEYWORD for p in parameters)
    for index, keyword in (*wanted, *((None, name) for name in argument.unless)):
        if index is not None and index >= 0:
            if index < len(positional):
                found = positional[index]
                expected = None if found.kind is found.POSITIONAL_ONLY else found.name
                if keyword != expected:
                    yield f"argument {index} is {expected!r}, not {keyword!r}"
            elif not variable:
                yield f"there is no argument {index} ({keyword!r})"
        if keyword is not None and not takes_any_keyword:
            named = by_name.get(keyword)
            if named is None or named.kind in (named.POSITIONAL_ONLY, named.VAR_POSITIONAL):
                yield f"there is no argument {keyword!r}"


def need(root: str) -> None:
    """Skip unless the library can be imported."""
    if root in sys.stdlib_module_names:
        return
    try:
        importlib.import_module(root)
    except ImportError as error:
        pytest.skip(f"{root} cannot be imported: {error}")


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
        wrong.extend(wrong_arguments(name, function, entry, bound=is_bound(name, function)))
    assert not wrong, "\n".join(wrong)


def owners_of(root: str, key: str) -> tuple[list[str], str]:
    """The classes that may have the method, and the method's name."""
    maker, _, method = key.rpartition(".")
    if not maker:
        return OWNERS[root], method
    return [SPECIAL_OWNERS[root, maker]], method


METHODS_BY_ROOT = {
    root: {key: entry for (library, key), entry in TABLES.library_methods.items() if library == root}
    for root in sorted({library for library, _ in TABLES.library_methods})
}


@pytest.mark.parametrize("root", sorted(METHODS_BY_ROOT))
def test_library_methods_have_the_arguments(root: str) -> None:
    need(root)
    if root in NOT_CHECKED:
        pytest.skip(NOT_CHECKED[root])
    wrong: list[str] = []
    for key, entry in METHODS_BY_ROOT[root].items():
        owners, method = owners_of(root, key)
        found = [f"{owner}.{method}" for owner in owners if hasattr(resolve(owner), method)]
        if not found and not any(f"{owner}.{method}" in NOT_IN_ALL_VERSIONS for owner in owners):
            wrong.append(f"no class of {root} has {method!r}")
        for name in found:
            static = isinstance(
                inspect.getattr_static(resolve(name.rpartition(".")[0]), method), (staticmethod, classmethod)
            )
            wrong.extend(wrong_arguments(name, resolve(name), entry, bound=static))
    assert not wrong, "\n".join(wrong)
