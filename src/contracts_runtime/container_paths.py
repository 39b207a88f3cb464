"""Container paths as text: POSIX, whatever the machine that reads them; nothing here looks at a disk."""

from __future__ import annotations

import posixpath

# The last component of a path that names a file ends in one of these. Only suffixes of files that scripts
# read and write are listed: a dot alone means nothing ("v1.0" and "data.v2" are directories), and formats
# that are themselves directories (".zarr", ".lance") are left out on purpose. ".tar.gz" and ".csv.gz" are
# recognised by their last part.
_TABLES = """
    csv tsv psv parquet feather arrow orc avro json jsonl ndjson geojson xls xlsx ods libsvm svmlight tfrecord
    tfrecords recordio rec npy npz mat hdf hdf5 db sqlite sqlite3 duckdb rds sas7bdat dta
"""
_MODELS = """
    pkl pickle joblib dill cloudpickle model bst ubj pt pth ckpt safetensors onnx h5 keras pb tflite mar pmml
    cbm gguf bin
"""
_ARCHIVES = "tar gz tgz bz2 tbz tbz2 xz txz zip 7z zst lz4 snappy whl jar"
_TEXTS = "txt log md rst yaml yml toml ini cfg conf properties xml html htm pdf py ipynb sh sql r"
_MEDIA = "png jpg jpeg gif svg bmp tif tiff webp wav mp3 mp4"
FILE_SUFFIXES = frozenset(
    f".{suffix}" for suffixes in (_TABLES, _MODELS, _ARCHIVES, _TEXTS, _MEDIA) for suffix in suffixes.split()
)


def normalise(path: str) -> str:
    """Return ``path`` without repeated and trailing slashes and with ``.`` and ``..`` resolved in the text.

    The empty path becomes ``"."``.
    """
    text = posixpath.normpath(path)
    # POSIX gives exactly two leading slashes a meaning of their own, which no container path has.
    return text[1:] if text.startswith("//") else text


def is_at_or_below(path: str, directory: str) -> bool:
    """Whether ``path`` is ``directory`` itself or lies somewhere inside it."""
    inner, outer = normalise(path), normalise(directory)
    return inner == outer or inner.startswith(outer.rstrip("/") + "/")


def is_below(path: str, directory: str) -> bool:
    """Whether ``path`` lies inside ``directory`` and is not ``directory`` itself."""
    return is_at_or_below(path, directory) and normalise(path) != normalise(directory)


def names_a_file(path: str) -> bool:
    """Whether the last component of ``path`` ends in the suffix of a known kind of file.

    ``model.tar.gz`` and ``metrics.json`` name files; ``v1.0``, ``data.v2`` and everything with a trailing
    slash name directories.
    """
    _, suffix = posixpath.splitext(posixpath.basename(path))
    return suffix.lower() in FILE_SUFFIXES
