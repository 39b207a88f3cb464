"""Pretrained models and text: the Hugging Face libraries, spaCy, NLTK, fastText."""

from __future__ import annotations

from flake8_contracts.facts.effects.notation import documented, methods, reads, writes

_TRANSFORMERS = "Transformers documentation, 'Main classes'"
_DATASETS = "Datasets documentation, 'Main classes' and 'Loading methods'"

# A model's name on the hub, or a directory.
_PRETRAINED = (
    reads(0, "pretrained_model_name_or_path", "either"),
    writes(None, "cache_dir", "directory"),
    reads(None, "config", "either"),
)
_HUGGING_FACE = {
    **documented(
        _TRANSFORMERS,
        {
            "transformers.TrainingArguments": (
                writes(0, "output_dir", "directory"),
                writes(None, "logging_dir", "directory"),
                reads(None, "resume_from_checkpoint", "either"),
                reads(None, "deepspeed"),
            ),
            "transformers.Seq2SeqTrainingArguments": (
                writes(0, "output_dir", "directory"),
                writes(None, "logging_dir", "directory"),
                reads(None, "resume_from_checkpoint", "either"),
                reads(None, "deepspeed"),
            ),
            "transformers.pipeline": (
                reads(1, "model", "either"),
                reads(2, "config", "either"),
                reads(3, "tokenizer", "either"),
                reads(4, "feature_extractor", "either"),
            ),
            "transformers.PreTrainedTokenizerFast": reads(None, "tokenizer_file"),
        },
    ),
    **documented(
        _DATASETS,
        {
            "datasets.load_dataset": (
                reads(0, "path", "either"),
                reads(2, "data_dir", "directory"),
                reads(3, "data_files", "either"),
                writes(5, "cache_dir", "directory"),
            ),
            "datasets.load_from_disk": reads(0, "dataset_path", "directory"),
            "datasets.Dataset.from_file": reads(0, "filename"),
            "datasets.DatasetDict.from_csv": reads(0, "path_or_paths"),
            "datasets.DatasetDict.from_json": reads(0, "path_or_paths"),
            "datasets.DatasetDict.from_parquet": reads(0, "path_or_paths"),
        },
    ),
    **documented(
        "PEFT documentation, 'PEFT model'",
        {"peft.PeftModel.from_pretrained": reads(1, "model_id", "either")},
    ),
    **documented(
        "Sentence Transformers documentation, 'SentenceTransformer' and 'CrossEncoder'",
        {
            "sentence_transformers.SentenceTransformer": (
                reads(0, "model_name_or_path", "either"),
                writes(None, "cache_folder", "directory"),
            ),
            "sentence_transformers.CrossEncoder": reads(0, "model_name_or_path", "either"),
        },
    ),
    **documented(
        "huggingface_hub documentation, 'Downloading files'",
        {
            "huggingface_hub.snapshot_download": (
                writes(None, "local_dir", "directory"),
                writes(None, "cache_dir", "directory"),
            ),
            "huggingface_hub.hf_hub_download": (
                writes(None, "local_dir", "directory"),
                writes(None, "cache_dir", "directory"),
            ),
        },
    ),
    **documented(
        "Tokenizers documentation, 'Tokenizer'",
        {"tokenizers.Tokenizer.from_file": reads(0, "path")},
    ),
}
_HUGGING_FACE_METHODS = {
    **methods(
        "transformers",
        _TRANSFORMERS,
        {
            "save_model": writes(0, "output_dir", "directory"),
            "save_pretrained": writes(0, "save_directory", "directory"),
            "save_vocabulary": writes(0, "save_directory", "directory"),
            "to_json_file": writes(0, "json_file_path"),
            "train": reads(0, "resume_from_checkpoint", "either"),
        },
    ),
    **methods(
        "datasets",
        _DATASETS,
        {
            "save_to_disk": (
                writes(0, "dataset_path", "directory"),
                writes(None, "dataset_dict_path", "directory"),
            ),
            "to_csv": writes(0, "path_or_buf"),
            "to_json": writes(0, "path_or_buf"),
            "to_parquet": writes(0, "path_or_buf"),
        },
    ),
    **methods(
        "accelerate",
        "Accelerate documentation, 'Accelerator'",
        {
            "save_state": writes(0, "output_dir", "directory"),
            "load_state": reads(0, "input_dir", "directory"),
            "save_model": writes(1, "save_directory", "directory"),
            "save": writes(1, "f"),
        },
    ),
    **methods(
        "sentence_transformers",
        "Sentence Transformers documentation, 'SentenceTransformer'",
        {"save": writes(0, "path", "directory")},
    ),
    **methods("tokenizers", "Tokenizers documentation, 'Tokenizer'", {"save": writes(0, "path")}),
}

_LANGUAGE = {
    **documented(
        "spaCy API documentation, 'Top-level functions'",
        {
            "spacy.load": reads(0, "name", "either"),
            "spacy.util.load_model_from_path": reads(0, "model_path", "directory"),
        },
    ),
    **documented(
        "NLTK API, 'nltk.downloader' and 'nltk.data'",
        {
            "nltk.download": writes(1, "download_dir", "directory"),
            "nltk.data.path.append": reads(0, None, "directory"),
        },
    ),
    **documented("fastText documentation, 'Python module'", {"fasttext.load_model": reads(0, "path")}),
    **documented(
        "Ultralytics documentation, 'Python usage'",
        {"ultralytics.YOLO": reads(0, "model", "either")},
    ),
}
_LANGUAGE_METHODS = {
    **methods(
        "spacy",
        "spaCy API documentation, 'Language'",
        {"to_disk": writes(0, "path", "either"), "from_disk": reads(0, "path", "either")},
    ),
    **methods("fasttext", "fastText documentation, 'Python module'", {"save_model": writes(0, "path")}),
}

FUNCTIONS = {**_HUGGING_FACE, **_LANGUAGE}

LIBRARY_METHODS = {**_HUGGING_FACE_METHODS, **_LANGUAGE_METHODS}

CLASS_METHODS = {
    **methods(
        "transformers",
        _TRANSFORMERS,
        {"from_pretrained": _PRETRAINED, "from_json_file": reads(0, "json_file")},
    ),
    **methods(
        "datasets",
        _DATASETS,
        {
            "load_from_disk": (
                reads(0, "dataset_path", "directory"),
                reads(None, "dataset_dict_path", "directory"),
            ),
            "from_csv": reads(0, "path_or_paths"),
            "from_json": reads(0, "path_or_paths"),
            "from_parquet": reads(0, "path_or_paths"),
            "from_text": reads(0, "path_or_paths"),
        },
    ),
}

METHODS = {
    **documented(
        _TRANSFORMERS,
        {
            "save_pretrained": writes(0, "save_directory", "directory"),
            "save_vocabulary": writes(0, "save_directory", "directory"),
            "to_json_file": writes(0, "json_file_path"),
        },
    ),
    **documented(_DATASETS, {"save_to_disk": writes(0, "dataset_path", "directory")}),
}

METHODS_OF_CLASSES = documented(
    _TRANSFORMERS, {"from_pretrained": _PRETRAINED, "from_json_file": reads(0, "json_file", "either")}
)
