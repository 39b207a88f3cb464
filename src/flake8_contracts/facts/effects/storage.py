"""Configuration files, object storage and downloads: what is read from, or put into, the local file system."""

from __future__ import annotations

from flake8_contracts.facts.effects.notation import documented, hands_on, methods, opens, reads, writes

_BOTO3 = "Boto3 documentation, 'S3 customization reference'"
_FSSPEC = "fsspec API reference, 'AbstractFileSystem'"
_SAGEMAKER = "SageMaker Python SDK API reference, 'S3 utilities' and 'Session'"
_WRANGLER = "AWS SDK for pandas API reference, 'Amazon S3'"
_OMEGACONF = "OmegaConf documentation, 'Usage'"
_RUAMEL = "ruamel.yaml documentation, 'Basic Usage'"
_STORAGE = "google-cloud-storage API reference, 'Blob'"

_CONFIGURATION = {
    **documented("toml package documentation", {"toml.load": reads(0, "f")}),
    **documented(
        _OMEGACONF,
        {"omegaconf.OmegaConf.load": reads(0, "file_"), "omegaconf.OmegaConf.save": writes(1, "f")},
    ),
    # A file that is missing is passed over.
    **documented(
        "python-dotenv documentation, 'Reference'",
        {
            "dotenv.load_dotenv": reads(0, "dotenv_path", "either"),
            "dotenv.dotenv_values": reads(0, "dotenv_path", "either"),
        },
    ),
    **documented("jsonlines documentation, 'API'", {"jsonlines.open": opens(0, "file")}),
    **documented("loguru documentation, 'API Reference'", {"loguru.logger.add": writes(0, "sink")}),
    **documented(
        "SQLAlchemy documentation, 'Engine Configuration'", {"sqlalchemy.create_engine": hands_on(0, "url")}
    ),
    **documented("GitPython documentation", {"git.Repo.clone_from": writes(1, "to_path", "directory")}),
    **documented("psutil documentation, 'Disks'", {"psutil.disk_usage": reads(0, "path", "either")}),
}

_TRANSFER = {
    **documented(
        _SAGEMAKER,
        {
            "sagemaker.s3.S3Uploader.upload": reads(0, "local_path", "either"),
            "sagemaker.s3.S3Downloader.download": writes(1, "local_path", "directory"),
        },
    ),
    **documented(
        _WRANGLER,
        {"awswrangler.s3.upload": reads(0, "local_file"), "awswrangler.s3.download": writes(1, "local_file")},
    ),
    **documented("smart_open documentation", {"smart_open.open": opens(0, "uri")}),
    **documented(
        "fsspec API reference, 'User Functions'",
        {
            "fsspec.open": opens(0, "urlpath", (1, "mode", "rb")),
            "fsspec.open_local": reads(0, "url", "either"),
        },
    ),
    **documented("wget package documentation", {"wget.download": writes(1, "out", "into")}),
}

FUNCTIONS = {**_CONFIGURATION, **_TRANSFER}

_SESSION_METHODS = {
    "upload_data": reads(0, "path", "either"),
    "download_data": writes(0, "path", "directory"),
}

_FILE_SYSTEM = {
    "put": reads(0, "lpath", "either"),
    "put_file": reads(0, "lpath", "either"),
    "upload": reads(0, "lpath", "either"),
    "get": writes(1, "lpath", "into"),
    "get_file": writes(1, "lpath", "either"),
    "download": writes(1, "lpath", "into"),
    # With a local file system the paths are local, else keys that nobody takes for container paths.
    "open": opens(0, "path", (1, "mode", "rb"), shape="either"),
}

LIBRARY_METHODS = {
    **methods(
        "boto3",
        _BOTO3,
        {
            "upload_file": reads(0, "Filename"),
            "download_file": writes(2, "Filename"),
            "Bucket().upload_file": reads(0, "Filename"),
            "Bucket().download_file": writes(1, "Filename"),
            "Object().upload_file": reads(0, "Filename"),
            "Object().download_file": writes(0, "Filename"),
        },
    ),
    **methods("s3fs", _FSSPEC, _FILE_SYSTEM),
    **methods("fsspec", _FSSPEC, _FILE_SYSTEM),
    **methods("sagemaker", _SAGEMAKER, _SESSION_METHODS),
    # A text is taken for YAML, a ``Path`` for a file.
    **methods("ruamel", _RUAMEL, {"load": reads(0, "stream"), "dump": writes(1, "stream")}),
    **methods(
        "google",
        _STORAGE,
        {"upload_from_filename": reads(0, "filename"), "download_to_filename": writes(0, "filename")},
    ),
}

METHODS = {
    **documented(
        _BOTO3, {"upload_file": reads(0, "Filename", "either"), "download_file": writes(None, "Filename")}
    ),
    **documented(_SAGEMAKER, {"upload_data": reads(0, "path", "either")}),
    **documented(
        _STORAGE,
        {"upload_from_filename": reads(0, "filename"), "download_to_filename": writes(0, "filename")},
    ),
}
