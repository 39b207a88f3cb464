"""Machine learning on tables: persistence, gradient boosting, experiment tracking; exchange formats for models."""

from __future__ import annotations

from flake8_contracts.facts.effects.notation import documented, hands_on, methods, reads, writes

_JOBLIB = "joblib documentation, 'Persistence'"
_SKLEARN = "scikit-learn API reference, 'sklearn.datasets'"
_XGBOOST = "XGBoost Python API reference"
_LIGHTGBM = "LightGBM Python API reference"
_CATBOOST = "CatBoost Python package reference"
_ONNX = "ONNX Python API overview, 'Loading' and 'Saving'"
_ORT = "ONNX Runtime Python API reference"
_SAFETENSORS = "safetensors documentation, API reference"
_MLFLOW = "MLflow Python API reference"

_PERSISTENCE = {
    **documented(
        _JOBLIB,
        {
            "joblib.dump": writes(1, "filename"),
            "joblib.load": reads(0, "filename"),
            "joblib.Memory": writes(0, "location", "directory"),
        },
    ),
    **documented(
        "skops documentation, 'Secure persistence with skops'",
        {"skops.io.dump": writes(1, "file"), "skops.io.load": reads(0, "file")},
    ),
    **documented(
        _SKLEARN,
        {
            "sklearn.datasets.load_svmlight_file": reads(0, "f"),
            "sklearn.datasets.load_svmlight_files": reads(0, "files"),
            "sklearn.datasets.dump_svmlight_file": writes(2, "f"),
            "sklearn.datasets.load_files": reads(0, "container_path", "directory"),
        },
    ),
}

_BOOSTING = {
    **documented(
        _XGBOOST,
        {
            # Text input may be a directory of files, and carries its format behind a question mark.
            "xgboost.DMatrix": (reads(0, "data", "either"), reads(1, "label", "either")),
            "xgboost.Booster": reads(2, "model_file"),
            "xgboost.train": reads(None, "xgb_model"),
        },
    ),
    **documented(
        _LIGHTGBM,
        {
            "lightgbm.Dataset": reads(0, "data", "either"),
            "lightgbm.Booster": reads(2, "model_file"),
            "lightgbm.train": reads(None, "init_model"),
        },
    ),
    **documented(
        _CATBOOST,
        {
            "catboost.Pool": (reads(0, "data", "either"), reads(6, "column_description")),
            "catboost.CatBoostClassifier": writes(None, "train_dir", "directory"),
            "catboost.CatBoostRegressor": writes(None, "train_dir", "directory"),
            "catboost.CatBoostRanker": writes(None, "train_dir", "directory"),
            "catboost.utils.create_cd": writes(None, "output_path"),
        },
    ),
}
_BOOSTING_METHODS = {
    **methods(
        "xgboost",
        _XGBOOST,
        {
            "save_model": writes(0, "fname"),
            "load_model": reads(0, "fname"),
            "dump_model": (writes(0, "fout"), reads(1, "fmap")),
            "get_dump": reads(0, "fmap"),
            "get_score": reads(0, "fmap"),
            "get_fscore": reads(0, "fmap"),
            "save_binary": writes(0, "fname"),
            "fit": reads(None, "xgb_model"),
        },
    ),
    **methods(
        "lightgbm",
        _LIGHTGBM,
        {
            "save_model": writes(0, "filename"),
            # Over a directory, nothing is written and only a warning given.
            "save_binary": writes(0, "filename", "either"),
            "predict": reads(0, "data", "either"),
            "fit": reads(None, "init_model"),
        },
    ),
    **methods(
        "catboost",
        _CATBOOST,
        {
            "save_model": writes(0, "fname"),
            "load_model": reads(0, "fname"),
            "save_borders": writes(0, "fname"),
            "save": writes(0, "fname"),
            "fit": (reads(0, "X", "either"), reads(None, "eval_set", "either"), reads(None, "init_model")),
            "predict": reads(0, "data", "either"),
            "predict_proba": reads(0, "X", "either"),
        },
    ),
}

_EXCHANGE = {
    **documented(
        _ONNX,
        {
            "onnx.load": reads(0, "f"),
            "onnx.load_model": reads(0, "f"),
            "onnx.load_tensor": reads(0, "f"),
            "onnx.save": writes(1, "f"),
            "onnx.save_model": writes(1, "f"),
            "onnx.save_tensor": writes(1, "f"),
            "onnx.load_external_data_for_model": reads(1, "base_dir", "directory"),
            "onnx.checker.check_model": reads(0, "model"),
            "onnx.shape_inference.infer_shapes_path": (reads(0, "model_path"), writes(1, "output_path")),
            "onnxmltools.utils.save_model": writes(1, "file_path"),
            "onnxmltools.utils.load_model": reads(0, "file_path"),
        },
    ),
    **documented(
        _ORT,
        {
            "onnxruntime.InferenceSession": reads(0, "path_or_bytes"),
            "onnxruntime.quantization.quantize_dynamic": (reads(0, "model_input"), writes(1, "model_output")),
            "onnxruntime.quantization.quantize_static": (reads(0, "model_input"), writes(1, "model_output")),
        },
    ),
    **documented(
        _SAFETENSORS,
        {
            "safetensors.safe_open": reads(0, "filename"),
            "safetensors.numpy.load_file": reads(0, "filename"),
            "safetensors.numpy.save_file": writes(1, "filename"),
            "safetensors.torch.load_file": reads(0, "filename"),
            "safetensors.torch.save_file": writes(1, "filename"),
            "safetensors.torch.load_model": reads(1, "filename"),
            "safetensors.torch.save_model": writes(1, "filename"),
            "safetensors.tensorflow.load_file": reads(0, "filename"),
            "safetensors.tensorflow.save_file": writes(1, "filename"),
        },
    ),
}

# MLflow saves a model as a directory and takes any URI, so also a local path, for loading.
_TRACKING = documented(
    _MLFLOW,
    {
        "mlflow.log_artifact": reads(0, "local_path", "either"),
        "mlflow.log_artifacts": reads(0, "local_dir", "directory"),
        "mlflow.set_tracking_uri": hands_on(0, "uri"),
        "mlflow.set_registry_uri": hands_on(0, "uri"),
        "mlflow.artifacts.download_artifacts": (
            reads(0, "artifact_uri", "either"),
            writes(3, "dst_path", "directory"),
        ),
        "mlflow.artifacts.load_dict": reads(0, "artifact_uri"),
        "mlflow.artifacts.load_text": reads(0, "artifact_uri"),
        "mlflow.catboost.load_model": (reads(0, "model_uri", "either"), writes(1, "dst_path", "directory")),
        "mlflow.catboost.save_model": writes(1, "path", "directory"),
        "mlflow.lightgbm.load_model": (reads(0, "model_uri", "either"), writes(1, "dst_path", "directory")),
        "mlflow.lightgbm.save_model": writes(1, "path", "directory"),
        "mlflow.onnx.load_model": reads(0, "model_uri", "either"),
        "mlflow.onnx.save_model": writes(1, "path", "directory"),
        "mlflow.pyfunc.load_model": (reads(0, "model_uri", "either"), writes(2, "dst_path", "directory")),
        "mlflow.pyfunc.save_model": (writes(0, "path", "directory"), reads(2, "data_path", "either")),
        "mlflow.pytorch.load_model": (reads(0, "model_uri", "either"), writes(1, "dst_path", "directory")),
        "mlflow.pytorch.save_model": writes(1, "path", "directory"),
        "mlflow.sklearn.load_model": (reads(0, "model_uri", "either"), writes(1, "dst_path", "directory")),
        "mlflow.sklearn.save_model": writes(1, "path", "directory"),
        "mlflow.tensorflow.load_model": reads(0, "model_uri", "either"),
        "mlflow.tensorflow.save_model": writes(1, "path", "directory"),
        "mlflow.transformers.load_model": reads(0, "model_uri", "either"),
        "mlflow.transformers.save_model": writes(1, "path", "directory"),
        "mlflow.xgboost.load_model": (reads(0, "model_uri", "either"), writes(1, "dst_path", "directory")),
        "mlflow.xgboost.save_model": writes(1, "path", "directory"),
    },
)
_TRACKING_METHODS = methods(
    "mlflow",
    _MLFLOW + ", 'MlflowClient'",
    {
        "log_artifact": reads(1, "local_path", "either"),
        "log_artifacts": reads(1, "local_dir", "directory"),
        "download_artifacts": writes(2, "dst_path", "directory"),
    },
)

_FRAMEWORKS = {
    **documented(
        "AutoGluon API reference",
        {
            "autogluon.tabular.TabularDataset": reads(0, "data", "either"),
            "autogluon.tabular.TabularPredictor": writes(None, "path", "directory"),
            "autogluon.tabular.TabularPredictor.load": reads(0, "path", "directory"),
        },
    ),
    **documented(
        "H2O Python module reference",
        {
            "h2o.import_file": reads(0, "path", "either"),
            "h2o.load_model": reads(0, "path"),
            "h2o.save_model": writes(1, "path", "directory"),
            "h2o.download_model": writes(1, "path", "directory"),
        },
    ),
    **documented(
        "gensim API reference",
        {
            "gensim.models.KeyedVectors.load": reads(0, "fname"),
            "gensim.models.KeyedVectors.load_word2vec_format": reads(0, "fname"),
            "gensim.models.Word2Vec.load": reads(0),
            "gensim.models.Doc2Vec.load": reads(0),
            "gensim.models.LdaModel.load": reads(0, "fname"),
        },
    ),
    **documented("statsmodels API reference", {"statsmodels.api.load": reads(0, "fname")}),
}

FUNCTIONS = {**_PERSISTENCE, **_BOOSTING, **_EXCHANGE, **_TRACKING, **_FRAMEWORKS}

LIBRARY_METHODS = {
    **_BOOSTING_METHODS,
    **_TRACKING_METHODS,
    **methods("gensim", "gensim API reference", {"save": writes(0, None)}),
    **methods("statsmodels", "statsmodels API reference", {"save": writes(0, "fname")}),
}

METHODS = documented(
    f"{_XGBOOST}; {_LIGHTGBM}; {_CATBOOST}",
    {
        # The same names stand for files in these libraries and for directories in others.
        "save_model": (
            writes(0, "fname", "either"),
            writes(None, "filename", "either"),
            writes(None, "path", "either"),
            writes(None, "output_dir", "either"),
            writes(None, "save_directory", "either"),
        ),
        "load_model": (
            reads(0, "fname", "either"),
            reads(None, "filepath", "either"),
            reads(None, "path", "either"),
            reads(None, "model_path", "either"),
        ),
        "dump_model": (writes(0, "fout", "either"), reads(1, "fmap", "either")),
    },
)
