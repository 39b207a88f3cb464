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
#: Functions and methods that only some versions of their library have.
NOT_IN_ALL_VERSIONS: set[str] = set()
#: Arguments that only some versions have, or that a function takes among its ``**kwargs``.
OTHER_KEYWORDS: set[tuple[str, str]] = set()
#: Written in C, and silent about their arguments.
WITHOUT_SIGNATURE: set[str] = set()


def resolve(name: str) -> Any:
    """What the dotted name stands for. Raises ``AttributeError`` where it stands for nothing."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError as error:
            if not f"{name}.".startswith(f"{error.name}."):
                raise  # it needs another library
            continue
        for part in parts[end:]:
            found = getattr(found, part)
        return found
    raise AttributeError(name)


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
            yield from (f"{name}{inspect.signature(function)}: {problem}" for problem in problems(argument, parameters))


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
            continue
        except AttributeError:
            if name not in NOT_IN_ALL_VERSIONS:
                wrong.append(f"{name} does not exist")
            continue
        # A path's own methods are called on it.
        method = inspect.isclass(resolve(name.rpartition(".")[0])) and inspect.isfunction(function)
        static = isinstance(inspect.getattr_static(resolve(name.rpartition(".")[0]), name.rpartition(".")[2], None), staticmethod)
        wrong.extend(wrong_arguments(name, function, entry, bound=not method or static))
    assert not wrong, "\n".join(wrong)
