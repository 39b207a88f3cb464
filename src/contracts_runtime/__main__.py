"""``python -m contracts_runtime validate``: alignment of a whole pipeline, for its start-up and for CI."""

from __future__ import annotations

import argparse
import io
import sys
import traceback
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Dict, Sequence

from contracts_runtime.alignment import validate_folder
from contracts_runtime.problems import closest, quoted
from contracts_runtime.registry import SpecificationRegistry
from contracts_runtime.results import ValidationResult

_MISALIGNED, _CANNOT_RUN = 1, 2


class _CannotRunError(Exception):
    """The validation cannot be run; the message says why, in one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 aligned, 1 misaligned, 2 it could not run."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        results = _results(options.registry, options.folder)
    except _CannotRunError as error:
        sys.stderr.write(f"error: {error}\n")
        return _CANNOT_RUN
    for name, result in results.items():
        sys.stdout.write(f"{name}: {_summary(result)}\n")
    return 0 if all(result.is_valid for result in results.values()) else _MISALIGNED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m contracts_runtime",
        description="Check the steps of a pipeline against their contracts.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    validate = commands.add_parser(
        "validate",
        help="check specifications against contracts and against each other",
        description=(
            "Prints one line for each step. Exit code 0: everything is aligned; 1: something is not; 2: the check"
            " could not be run."
        ),
    )
    what = validate.add_mutually_exclusive_group()
    what.add_argument(
        "--registry",
        metavar="MODULE:NAME",
        help="import this SpecificationRegistry, or a function that returns one, and check the whole pipeline",
    )
    what.add_argument(
        "folder",
        nargs="?",
        default=".",
        help="without a registry: check the step and contract files below this folder (default: the current one)",
    )
    return parser


def _results(registry: str | None, folder: str) -> Dict[str, ValidationResult]:
    if registry is not None:
        return _import_registry(registry).results()
    try:
        return validate_folder(Path(folder))
    except (OSError, ValueError) as error:
        raise _CannotRunError(f"{error}; name a folder, or a registry with --registry MODULE:NAME") from error


def _summary(result: ValidationResult) -> str:
    if not result.errors and not result.warnings:
        return "ok"
    parts = [
        f"{len(messages)} {kind}{'s' if len(messages) > 1 else ''}: {' | '.join(messages)}"
        for kind, messages in (("error", result.errors), ("warning", result.warnings))
        if messages
    ]
    return ("ok, " if result.is_valid else "") + " | ".join(parts)


# --- the user's registry ---


def _import_registry(reference: str) -> SpecificationRegistry:
    module_name, separator, name = reference.partition(":")
    if (
        not separator
        or not name
        or not all(part.isidentifier() for part in [*module_name.split("."), *name.split(".")])
    ):
        raise _CannotRunError(
            f"--registry {quoted(reference)} is not of the form MODULE:NAME, such as 'my_pipeline.registry:REGISTRY'"
        )
    registry = _attribute(_import(module_name), name, reference)
    if callable(registry) and not isinstance(registry, type):
        registry = _run(registry, f"{reference}()")
    if not isinstance(registry, SpecificationRegistry):
        raise _CannotRunError(
            f"{quoted(reference)} is of the type {type(registry).__name__}, not a SpecificationRegistry"
            " of contracts_runtime"
        )
    if not len(registry):
        raise _CannotRunError(
            f"the registry {quoted(reference)} has no steps, so that nothing can be checked"
        )
    return registry


def _import(name: str) -> Any:
    """Import a module, also from the current directory."""
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    parent = ""
    for part in name.split("."):
        parent = f"{parent}.{part}" if parent else part
        if _run(lambda whole=parent: find_spec(whole), f"importing {parent!r}") is None:
            raise _CannotRunError(
                f"there is no module {parent!r} in {str(Path.cwd())!r} or on the Python path"
            )
        _run(lambda whole=parent: import_module(whole), f"importing {parent!r}")
    return sys.modules[name]


def _attribute(module: Any, name: str, reference: str) -> Any:
    value = module
    for part in name.split("."):
        if not hasattr(value, part):
            near = closest(part, [each for each in dir(value) if not each.startswith("_")])
            hint = f"; did you mean {near!r}?" if near else ""
            raise _CannotRunError(
                f"{quoted(reference)}: the module {module.__name__!r} has no {part!r}{hint}"
            )
        value = getattr(value, part)
    return value


def _run(function: Any, what: str) -> Any:
    """Call what belongs to the user; whatever it raises becomes one line with the place."""
    try:
        return function()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # an import may also end with SystemExit
        raise _CannotRunError(f"{what} failed: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    """Return type, message and place of an error in one line."""
    text, place = str(error), ""
    if isinstance(error, SyntaxError) and error.filename:
        text, place = error.msg, f"{error.filename}:{error.lineno}"
    else:
        frames = traceback.extract_tb(error.__traceback__)
        # Neither this file nor Python's import is where anybody has to look.
        theirs = [each for each in frames if each.filename != __file__ and not each.filename.startswith("<")]
        if theirs:
            place = f"{theirs[-1].filename}:{theirs[-1].lineno}"
    reason = " ".join([f"{type(error).__name__}:", *text.split()])
    return f"{reason} ({place})" if place else reason


if __name__ == "__main__":
    sys.exit(main())
