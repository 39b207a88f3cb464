"""Models and plots: what happens when a directory stands at the path?"""

# ruff: noqa: PLW0108 (libraries are looked for when a case is tried)

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore")  # libraries warn of each other

Call = Callable[[str], object]
Case = Callable[..., Any]

lib = pytest.importorskip


def true(outcome: object) -> None:
    """For calls that do not raise."""
    if outcome is None or outcome is False:
        raise OSError("the call failed in silence")


def opened(thing: Any) -> None:
    """Open what is lazy, and close it."""
    with thing:
        pass


def array() -> Any:
    return lib("numpy").arange(20.0).reshape(10, 2)


def labels() -> Any:
    return lib("numpy").arange(10) % 2


def booster() -> Any:
    xgboost = lib("xgboost")
    return xgboost.train({}, xgboost.DMatrix(array(), label=labels()), 1)


def light_booster() -> Any:
    lightgbm = lib("lightgbm")
    return lightgbm.train({"verbose": -1, "min_data": 1}, lightgbm.Dataset(array(), label=labels()), 1)


def onnx_model() -> Any:
    helper = lib("onnx").helper
    ends = [helper.make_tensor_value_info(name, 1, [1]) for name in "ab"]
    graph = helper.make_graph([helper.make_node("Identity", ["a"], ["b"])], "g", ends[:1], ends[1:])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def figure() -> Any:
    lib("matplotlib").use("Agg")
    return lib("matplotlib.pyplot").figure()


def picture() -> Any:
    return lib("PIL.Image").new("L", (2, 2))


def keras_model() -> Any:
    keras = lib("keras")
    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])


def beside(path: str) -> str:
    """A file in the directory that the path is in."""
    other = os.path.join(os.path.dirname(path), "other")
    with open(other, "w") as file:
        file.write("x")
    return other


def learning(case: Case) -> list[Any]:
    def json_model(path: str) -> None:
        booster().save_model(path)

    def light_model(path: str) -> None:
        light_booster().save_model(path)

    def dumped(path: str) -> None:
        lib("joblib").dump(1, path)

    def svmlight(path: str) -> None:
        lib("sklearn.datasets").dump_svmlight_file(array(), labels(), path)

    def cat_model() -> Any:
        regressor = lib("catboost").CatBoostRegressor(iterations=1, verbose=0, allow_writing_files=False)
        return regressor.fit([[1], [2]], [1, 2])

    def exchanged(path: str) -> None:
        lib("onnx").save(onnx_model(), path)

    def tensors(path: str) -> None:
        lib("safetensors.numpy").save_file({"a": array()}, path)

    return [
        case("joblib.dump", dumped),
        case("joblib.dump", lambda path: lib("joblib").dump(1, path, compress=3)),
        case("joblib.load", lambda path: lib("joblib").load(path), prepare=dumped),
        case("joblib.Memory", lambda path: lib("joblib").Memory(path, verbose=0)),
        case("skops.io.dump", lambda path: lib("skops.io").dump([1], path)),
        case("sklearn.datasets.dump_svmlight_file", svmlight),
        case(
            "sklearn.datasets.load_svmlight_file",
            lambda path: lib("sklearn.datasets").load_svmlight_file(path),
            prepare=svmlight,
        ),
        case("xgboost.Booster().save_model", json_model),
        case("xgboost.train().save_model", json_model, ".json"),
        case("xgboost.train().save_model", json_model, ".ubj"),
        case("xgboost.train().dump_model", lambda path: booster().dump_model(path)),
        case(
            "xgboost.Booster().load_model",
            lambda path: lib("xgboost").Booster().load_model(path),
            ".json",
            json_model,
        ),
        case("xgboost.Booster", lambda path: lib("xgboost").Booster(model_file=path), ".json", json_model),
        case("xgboost.DMatrix().save_binary", lambda path: lib("xgboost").DMatrix(array()).save_binary(path)),
        case("lightgbm.train().save_model", light_model),
        case("lightgbm.Booster", lambda path: lib("lightgbm").Booster(model_file=path), prepare=light_model),
        case(
            "lightgbm.Dataset().save_binary", lambda path: lib("lightgbm").Dataset(array()).save_binary(path)
        ),
        case("catboost.CatBoostRegressor().save_model", lambda path: cat_model().save_model(path)),
        case(
            "catboost.CatBoostRegressor().save_model",
            lambda path: cat_model().save_model(path, format="json"),
        ),
        case(
            "catboost.CatBoost().load_model",
            lambda path: lib("catboost").CatBoost().load_model(path),
            prepare=lambda path: cat_model().save_model(path),
        ),
        case("onnx.save", exchanged, keyword="f"),
        case("onnx.load", lambda path: lib("onnx").load(path), prepare=exchanged),
        case(
            "onnx.checker.check_model", lambda path: lib("onnx").checker.check_model(path), prepare=exchanged
        ),
        case(
            "onnxruntime.InferenceSession",
            lambda path: lib("onnxruntime").InferenceSession(path),
            prepare=exchanged,
        ),
        case("safetensors.numpy.save_file", tensors),
        case(
            "safetensors.numpy.load_file",
            lambda path: lib("safetensors.numpy").load_file(path),
            prepare=tensors,
        ),
        case(
            "safetensors.safe_open",
            lambda path: opened(lib("safetensors").safe_open(path, "np")),
            prepare=tensors,
        ),
    ]


def networks(case: Case) -> list[Any]:
    def module() -> Any:
        return lib("torch").nn.Linear(1, 1)

    def script() -> Any:
        return lib("torch").jit.script(module())

    def state(path: str) -> None:
        lib("torch").save(module().state_dict(), path)

    def data_set() -> Any:
        return lib("datasets").Dataset.from_dict({"a": [1]})

    def gfile(path: str) -> None:
        with lib("tensorflow").io.gfile.GFile(path, "w") as file:
            file.write("x")

    return [
        case("torch.save", state),
        case("torch.load", lambda path: lib("torch").load(path), prepare=state),
        case("torch.jit.save", lambda path: lib("torch").jit.save(script(), path)),
        case("torch.jit.script().save", lambda path: script().save(path)),
        case(
            "torch.jit.load",
            lambda path: lib("torch").jit.load(path),
            prepare=lambda path: script().save(path),
        ),
        case(
            "torch.distributed.checkpoint.save",
            lambda path: lib("torch.distributed.checkpoint").save(module().state_dict(), checkpoint_id=path),
        ),
        case("keras.Sequential().save", lambda path: keras_model().save(path), ".keras"),
        case("keras.Sequential().save", lambda path: keras_model().save(path), ".h5"),
        case("keras.Sequential().save_weights", lambda path: keras_model().save_weights(path), ".weights.h5"),
        case(
            "keras.utils.save_img", lambda path: lib("keras").utils.save_img(path, array()[..., None]), ".png"
        ),
        case(
            "tensorflow.saved_model.save",
            lambda path: lib("tensorflow").saved_model.save(lib("tensorflow").Module(), path),
        ),
        case("tensorflow.io.gfile.GFile", gfile),
        case("tensorflow.io.write_file", lambda path: lib("tensorflow").io.write_file(path, "x")),
        case("tensorflow.io.TFRecordWriter", lambda path: opened(lib("tensorflow").io.TFRecordWriter(path))),
        case(
            "tensorflow.io.gfile.copy",
            lambda path: lib("tensorflow").io.gfile.copy(beside(path), path, overwrite=True),
            keyword="dst",
        ),
        case("datasets.Dataset.from_dict().to_csv", lambda path: data_set().to_csv(path)),
        case("datasets.Dataset.from_dict().to_json", lambda path: data_set().to_json(path)),
        case("datasets.Dataset.from_dict().to_parquet", lambda path: data_set().to_parquet(path)),
        case("datasets.Dataset.from_dict().save_to_disk", lambda path: data_set().save_to_disk(path)),
        case(
            "datasets.load_from_disk",
            lambda path: lib("datasets").load_from_disk(data_set().save_to_disk(path) or path),
        ),
        case(
            "transformers.BertConfig().to_json_file",
            lambda path: lib("transformers").BertConfig().to_json_file(path),
        ),
        case(
            "transformers.BertConfig().save_pretrained",
            lambda path: lib("transformers").BertConfig().save_pretrained(path),
        ),
    ]


def plots(case: Case) -> list[Any]:
    def chart() -> Any:
        return lib("plotly.graph_objects").Figure()

    def sketch(path: str) -> None:
        picture().save(path, "PNG")

    def pages(path: str) -> None:
        with lib("matplotlib.backends.backend_pdf").PdfPages(path) as file:
            file.savefig(figure())

    def drawn(path: str) -> None:
        figure()
        lib("matplotlib.pyplot").savefig(path)

    return [
        case("matplotlib.pyplot.savefig", drawn),
        case("matplotlib.pyplot.savefig", drawn, ".png"),
        case("matplotlib.pyplot.figure().savefig", lambda path: figure().savefig(path), ".pdf"),
        case("matplotlib.pyplot.imsave", lambda path: lib("matplotlib.pyplot").imsave(path, array()), ".png"),
        case("matplotlib.pyplot.imread", lambda path: lib("matplotlib.pyplot").imread(path), ".png", sketch),
        case("matplotlib.backends.backend_pdf.PdfPages", pages),
        case("plotly.graph_objects.Figure().write_html", lambda path: chart().write_html(path)),
        case("plotly.graph_objects.Figure().write_json", lambda path: chart().write_json(path)),
        case("plotly.io.write_html", lambda path: lib("plotly.io").write_html(chart(), path)),
        case(
            "plotly.offline.plot",
            lambda path: lib("plotly.offline").plot(chart(), filename=path, auto_open=False),
        ),
        case(
            "plotly.offline.plot",
            lambda path: lib("plotly.offline").plot(chart(), filename=path, auto_open=False),
            ".html",
        ),
        case("PIL.Image.new().save", lambda path: picture().save(path), ".png"),
        case("PIL.Image.open", lambda path: opened(lib("PIL.Image").open(path)), prepare=sketch),
        case("cv2.imwrite", lambda path: true(lib("cv2").imwrite(path, array())), ".png"),
        case("cv2.imread", lambda path: true(lib("cv2").imread(path)), ".png", sketch),
    ]


def cases(case: Case) -> list[Any]:
    return [*learning(case), *networks(case), *plots(case)]


def test_what_happens_on_a_directory(case: Any, try_on_directory: Callable[[Any], None]) -> None:
    try_on_directory(case)


def test_what_fails_on_a_directory_works_without(
    certain_case: Any, try_on_file: Callable[[Any], None]
) -> None:
    try_on_file(certain_case)
