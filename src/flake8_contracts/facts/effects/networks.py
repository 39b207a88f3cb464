"""Neural networks: PyTorch and Lightning, TensorFlow and Keras."""

from __future__ import annotations

from flake8_contracts.facts.effects.notation import (
    deletes,
    documented,
    lists,
    looks_at,
    makes,
    methods,
    opens,
    reads,
    writes,
)
from flake8_contracts.facts.effects.schema import ANY_SUFFIX

_TORCH = "PyTorch documentation, Python API"
_LIGHTNING = "Lightning documentation, 'API Reference'"
_KERAS = "Keras 3 API documentation, 'Model saving & serialization APIs'; TensorFlow 2 API, 'tf.keras'"
_TENSORFLOW = "TensorFlow 2 API documentation"
_VISION = "torchvision documentation"
_AUDIO = "torchaudio documentation, 'torchaudio'"

# Under any other name Keras 2 saves a directory, and Keras 3 nothing.
_MODEL_FILE = (".keras", ".h5", ".hdf5")
_WEIGHTS_FILE = (".h5", ".hdf5")

_TORCH_FUNCTIONS = documented(
    _TORCH,
    {
        "torch.load": reads(0, "f"),
        "torch.save": writes(1, "f"),
        "torch.from_file": reads(0),
        "torch.jit.load": reads(0, "f"),
        "torch.jit.save": writes(1, "f"),
        "torch.export.load": reads(0, "f"),
        "torch.export.save": writes(1, "f"),
        "torch.onnx.export": writes(2, "f"),
        "torch.hub.load": reads(0, "repo_or_dir", "either"),
        "torch.hub.set_dir": writes(0, "d", "directory"),
        "torch.hub.download_url_to_file": writes(1, "dst", "either"),
        "torch.hub.load_state_dict_from_url": writes(1, "model_dir", "directory"),
        "torch.package.PackageExporter": writes(0, "f"),
        "torch.package.PackageImporter": reads(0, "file_or_buffer", "either"),
        "torch.profiler.tensorboard_trace_handler": writes(0, "dir_name", "directory"),
        "torch.utils.tensorboard.SummaryWriter": writes(0, "log_dir", "directory"),
        "tensorboardX.SummaryWriter": writes(0, "logdir", "directory"),
        "torch.distributed.checkpoint.save": writes(None, "checkpoint_id", "directory"),
        "torch.distributed.checkpoint.load": reads(None, "checkpoint_id", "directory"),
        "torch.distributed.checkpoint.FileSystemWriter": writes(0, "path", "directory"),
        "torch.distributed.checkpoint.FileSystemReader": reads(0, "path", "directory"),
    },
)
_TORCH_METHODS = methods("torch", _TORCH, {"save": writes(0, "f"), "export_chrome_trace": writes(0, "path")})
_MEDIA = {
    **documented(
        _VISION,
        {
            "torchvision.io.read_file": reads(0, "path"),
            "torchvision.io.read_image": reads(0, "path"),
            "torchvision.io.read_video": reads(0, "filename"),
            "torchvision.io.write_jpeg": writes(1, "filename"),
            "torchvision.io.write_png": writes(1, "filename"),
            "torchvision.io.write_video": writes(0, "filename"),
            "torchvision.utils.save_image": writes(1, "fp"),
            "torchvision.datasets.ImageFolder": reads(0, "root", "directory"),
            "torchvision.datasets.DatasetFolder": reads(0, "root", "directory"),
            "torchvision.datasets.folder.default_loader": reads(0, "path"),
        },
    ),
    **documented(
        _AUDIO,
        {
            "torchaudio.load": reads(0, "uri"),
            "torchaudio.save": writes(0, "uri"),
            "torchaudio.info": reads(0, "uri"),
        },
    ),
}

_LIGHTNING_FUNCTIONS = documented(
    _LIGHTNING,
    {
        "pytorch_lightning.Trainer": writes(None, "default_root_dir", "directory"),
        "pytorch_lightning.callbacks.ModelCheckpoint": writes(0, "dirpath", "directory"),
        "pytorch_lightning.loggers.CSVLogger": writes(0, "save_dir", "directory"),
        "pytorch_lightning.loggers.TensorBoardLogger": writes(0, "save_dir", "directory"),
        "pytorch_lightning.loggers.MLFlowLogger": writes(None, "save_dir", "directory"),
        "pytorch_lightning.loggers.WandbLogger": writes(1, "save_dir", "directory"),
        "pytorch_lightning.profilers.SimpleProfiler": writes(0, "dirpath", "directory"),
        "pytorch_lightning.profilers.AdvancedProfiler": writes(0, "dirpath", "directory"),
    },
)
_LIGHTNING_METHODS = methods(
    "pytorch_lightning",
    _LIGHTNING,
    {
        "fit": reads(4, "ckpt_path", "either"),
        "validate": reads(2, "ckpt_path", "either"),
        "test": reads(2, "ckpt_path", "either"),
        "predict": reads(None, "ckpt_path", "either"),
        # Written elsewhere and moved here: into a directory, if there is one.
        "save_checkpoint": writes(0, "filepath", "either"),
        "to_onnx": writes(0, "file_path"),
        "to_torchscript": writes(0, "file_path"),
    },
)

_KERAS_FUNCTIONS = documented(
    _KERAS,
    {
        "keras.models.load_model": reads(0, "filepath", "either"),
        "keras.models.save_model": writes(1, "filepath", suffixes=_MODEL_FILE),
        "keras.saving.load_model": reads(0, "filepath", "either"),
        "keras.saving.save_model": writes(1, "filepath", suffixes=_MODEL_FILE),
        "keras.saving.load_weights": reads(1, "filepath", "either"),
        "keras.saving.save_weights": writes(1, "filepath", suffixes=_WEIGHTS_FILE),
        "keras.layers.TFSMLayer": reads(0, "filepath", "directory"),
        "keras.callbacks.ModelCheckpoint": writes(0, "filepath", suffixes=_MODEL_FILE),
        "keras.callbacks.CSVLogger": writes(0, "filename"),
        "keras.callbacks.TensorBoard": writes(0, "log_dir", "directory"),
        "keras.callbacks.BackupAndRestore": writes(0, "backup_dir", "directory"),
        "keras.utils.image_dataset_from_directory": reads(0, "directory", "directory"),
        "keras.utils.text_dataset_from_directory": reads(0, "directory", "directory"),
        "keras.utils.audio_dataset_from_directory": reads(0, "directory", "directory"),
        "keras.preprocessing.image_dataset_from_directory": reads(0, "directory", "directory"),
        "keras.preprocessing.text_dataset_from_directory": reads(0, "directory", "directory"),
        "keras.utils.load_img": reads(0, "path"),
        "keras.utils.save_img": writes(0, "path"),
        "keras.preprocessing.image.load_img": reads(0, "path"),
        "keras.preprocessing.image.save_img": writes(0, "path"),
        "keras.utils.plot_model": writes(1, "to_file", "either"),
        "keras.utils.get_file": writes(None, "cache_dir", "directory"),
    },
)
_KERAS_METHODS = methods(
    "keras",
    _KERAS,
    {
        "save": writes(0, "filepath", suffixes=_MODEL_FILE),
        "save_weights": writes(0, "filepath", suffixes=_WEIGHTS_FILE),
        "load_weights": reads(0, "filepath", "either"),
        "export": writes(0, "filepath", "either"),
        "flow_from_directory": (reads(0, "directory", "directory"), writes(None, "save_to_dir", "directory")),
    },
)

_TENSORFLOW_FUNCTIONS = documented(
    _TENSORFLOW,
    {
        "tensorflow.saved_model.load": reads(0, "export_dir", "directory"),
        "tensorflow.saved_model.save": writes(1, "export_dir", "directory"),
        "tensorflow.saved_model.contains_saved_model": looks_at(0, "export_dir"),
        "tensorflow.io.read_file": reads(0, "filename"),
        "tensorflow.io.write_file": writes(0, "filename"),
        "tensorflow.io.TFRecordWriter": writes(0, "path"),
        "tensorflow.io.matching_files": lists(0, "pattern"),
        "tensorflow.io.gfile.GFile": opens(0, "name"),
        "tensorflow.io.gfile.copy": (reads(0, "src"), writes(1, "dst")),
        "tensorflow.io.gfile.rename": (reads(0, "src", "either"), writes(1, "dst", suffixes=(ANY_SUFFIX,))),
        "tensorflow.io.gfile.exists": looks_at(0, "path"),
        "tensorflow.io.gfile.isdir": looks_at(0, "path"),
        "tensorflow.io.gfile.stat": looks_at(0, "path"),
        "tensorflow.io.gfile.glob": lists(0, "pattern"),
        "tensorflow.io.gfile.listdir": lists(0, "path"),
        "tensorflow.io.gfile.walk": lists(0, "top"),
        "tensorflow.io.gfile.makedirs": makes(0, "path"),
        "tensorflow.io.gfile.mkdir": makes(0, "path"),
        "tensorflow.io.gfile.remove": deletes(0, "path"),
        "tensorflow.io.gfile.rmtree": deletes(0, "path", "directory"),
        "tensorflow.data.TFRecordDataset": reads(0, "filenames"),
        "tensorflow.data.TextLineDataset": reads(0, "filenames"),
        "tensorflow.data.FixedLengthRecordDataset": reads(0, "filenames"),
        "tensorflow.data.Dataset.list_files": lists(0, "file_pattern"),
        "tensorflow.data.Dataset.load": reads(0, "path", "directory"),
        "tensorflow.data.experimental.load": reads(0, "path", "directory"),
        "tensorflow.data.experimental.save": writes(1, "path", "directory"),
        "tensorflow.data.experimental.make_csv_dataset": reads(0, "file_pattern"),
        "tensorflow.data.experimental.CsvDataset": reads(0, "filenames"),
        "tensorflow.summary.create_file_writer": writes(0, "logdir", "directory"),
        "tensorflow.train.CheckpointManager": writes(1, "directory", "directory"),
        "tensorflow.train.latest_checkpoint": reads(0, "checkpoint_dir", "directory"),
        "tensorflow.train.load_checkpoint": reads(0, "ckpt_dir_or_file", "either"),
        "tensorflow.lite.TFLiteConverter.from_saved_model": reads(0, "saved_model_dir", "directory"),
        "tensorflow.lite.Interpreter": reads(0, "model_path"),
    },
)
_TENSORFLOW_METHODS = methods(
    "tensorflow",
    _TENSORFLOW,
    {
        # A checkpoint's prefix, a data set's directory or a model.
        "save": (
            writes(0, "path", "either"),
            writes(None, "file_prefix", "either"),
            writes(None, "filepath", "either"),
        ),
        "Checkpoint().write": writes(0, "file_prefix", "either"),
        "restore": reads(0, "save_path", "either"),
        "Checkpoint().read": reads(0, "save_path", "either"),
        "save_weights": writes(0, "filepath", suffixes=_WEIGHTS_FILE),
    },
)

FUNCTIONS = {
    **_TORCH_FUNCTIONS,
    **_MEDIA,
    **_LIGHTNING_FUNCTIONS,
    **_KERAS_FUNCTIONS,
    **_TENSORFLOW_FUNCTIONS,
}

LIBRARY_METHODS = {
    **_TORCH_METHODS,
    **_LIGHTNING_METHODS,
    **_KERAS_METHODS,
    **_TENSORFLOW_METHODS,
}

METHODS = {
    **documented(
        _KERAS,
        {
            "save_weights": writes(0, "filepath", "either"),
            "load_weights": reads(0, "filepath", "either"),
            "flow_from_directory": (
                reads(0, "directory", "directory"),
                writes(None, "save_to_dir", "directory"),
            ),
        },
    ),
    **documented(
        _LIGHTNING,
        {
            "save_checkpoint": (writes(0, "filepath", "either"), writes(None, "save_dir", "either")),
            "to_torchscript": writes(0, "file_path", "either"),
        },
    ),
    **documented(_TORCH, {"export_chrome_trace": writes(0, "path")}),
}

METHODS_OF_CLASSES = documented(
    _LIGHTNING,
    {"load_from_checkpoint": (reads(0, "checkpoint_path", "either"), reads(None, "hparams_file"))},
)
