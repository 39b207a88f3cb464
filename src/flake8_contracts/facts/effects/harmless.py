"""Calls that do nothing with a path that they are given, and give nothing back that could still be used as one.

Only such calls let a path go unused. What returns a text made of its arguments (``json.dumps``, ``re.sub``), or writes
them where another program may read them (``json.dump``, ``yaml.safe_dump``, a file's ``write``), is not harmless: a
configuration file with a path in it is a common way to hand the path on.
"""

from __future__ import annotations

#: Functions, by dotted name.
FUNCTIONS = frozenset(
    {
        # The built-in functions whose results are truth values, numbers or types; messages.
        "builtins.all",
        "builtins.any",
        "builtins.ascii",
        "builtins.bool",
        "builtins.callable",
        "builtins.hash",
        "builtins.id",
        "builtins.isinstance",
        "builtins.issubclass",
        "builtins.len",
        "builtins.ord",
        "builtins.print",
        "builtins.repr",
        "builtins.type",
        "sys.exit",
        "sys.stderr.write",
        "sys.stdout.write",
        "sys.getsizeof",
        "traceback.print_exc",
        "warnings.warn",
        "warnings.warn_explicit",
        "warnings.filterwarnings",
        "pprint.pp",
        "pprint.pprint",
        # Hashes of names.
        "binascii.crc32",
        "hashlib.blake2b",
        "hashlib.blake2s",
        "hashlib.md5",
        "hashlib.new",
        "hashlib.sha1",
        "hashlib.sha224",
        "hashlib.sha256",
        "hashlib.sha384",
        "hashlib.sha512",
        "uuid.uuid3",
        "uuid.uuid5",
        "zlib.adler32",
        "zlib.crc32",
        # What a name looks like.
        "fnmatch.fnmatch",
        "fnmatch.fnmatchcase",
        "mimetypes.guess_file_type",
        "mimetypes.guess_type",
        "os.path.isabs",
        "pathlib.Path.is_absolute",
        "pathlib.Path.is_relative_to",
        "pathlib.Path.is_reserved",
        "pathlib.Path.match",
        "pathlib.Path.full_match",
        # Declarations of fields and options: their defaults are followed.
        "attr.ib",
        "attrs.field",
        "click.Path",
        "click.argument",
        "click.option",
        "dataclasses.field",
        "pydantic.Field",
        "typer.Argument",
        "typer.Option",
        # Messages of other libraries.
        "click.echo",
        "click.secho",
        "rich.print",
        "tqdm.tqdm.write",
        "tqdm.auto.tqdm.write",
        "tqdm.notebook.tqdm.write",
        "tqdm.write",
        "typer.echo",
        "typer.secho",
        # Experiments remember parameters and tags as texts.
        "mlflow.log_metric",
        "mlflow.log_metrics",
        "mlflow.log_param",
        "mlflow.log_params",
        "mlflow.set_tag",
        "mlflow.set_tags",
    }
)

#: Methods of a logger.
LOGGER_METHODS = frozenset(
    {
        "critical",
        "debug",
        "error",
        "exception",
        "fatal",
        "info",
        "log",
        "success",
        "trace",
        "warn",
        "warning",
    }
)

#: Methods that nothing but a logger has, or that do no more elsewhere.
UNMISTAKABLE_LOGGER_METHODS = frozenset({"critical", "debug", "error", "exception", "info", "warning"})

#: Libraries whose objects, and functions, with these names are loggers.
LOGGING_LIBRARIES = frozenset({"absl", "aws_lambda_powertools", "logging", "logbook", "loguru", "structlog"})
