"""What the contract of a script would have to declare, as far as the script alone tells."""

from __future__ import annotations

import posixpath

from contracts_runtime.platform_facts import PROCESSING_ROOT
from contracts_runtime.platform_paths import is_platform_path
from contracts_runtime.platform_variables import is_platform_variable
from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.facts.model import PathUse, ScriptFacts
from flake8_contracts.repairs import WriteContract
from flake8_contracts.rules.coverage import is_container_path
from flake8_contracts.rules.variables import spelled_defaults

_CHANGES = frozenset({Effect.WRITE, Effect.EXTRACT, Effect.MAKE_DIRECTORY})
#: What a script does with files; the rest is talk about paths.
TOUCHES = frozenset(Effect) - {Effect.HANDED_ON, Effect.NONE}
_TRAINING_INPUTS = "/opt/ml/input/data"
_TRAINING_OUTPUTS = {"/opt/ml/model": "model", "/opt/ml/output/data": "output_data"}
_DIRECTIONS = (PROCESSING_ROOT + "/input", PROCESSING_ROOT + "/output")


def draft(facts: ScriptFacts) -> WriteContract | None:
    """The contract of a script that has none; ``None`` where the script leaves in doubt what it would be.

    A processing job's directories are those below ``/opt/ml/processing/input`` and ``/opt/ml/processing/output``, a
    training job's are its channels, ``/opt/ml/model`` and ``/opt/ml/output/data``.
    """
    uses = [(use, _known_path(use)) for use in facts.paths if is_container_path(use.value)]
    is_processing = any(path.startswith(PROCESSING_ROOT + "/") for _, path in uses)
    kind = "processing" if is_processing else "training"
    inputs: dict[str, str] = {}
    outputs: dict[str, str] = {}
    for use, path in uses:
        directory = _processing_directory(use, path) if is_processing else _training_directory(path)
        if is_platform_path(path, kind) and directory not in _TRAINING_OUTPUTS:
            continue
        if directory is None:
            return None
        is_output = directory.startswith(_DIRECTIONS[1]) or directory in _TRAINING_OUTPUTS
        if not is_output and use.effect in _CHANGES:
            is_output = not directory.startswith((_DIRECTIONS[0], _TRAINING_INPUTS))
        chosen = outputs if is_output else inputs
        chosen[directory] = _TRAINING_OUTPUTS.get(directory) or posixpath.basename(directory)
    if inputs.keys() & outputs.keys() or not any(use.effect in TOUCHES for use, _ in uses):
        return None
    required, optional = _variables(facts)
    if required is None:
        return None
    return WriteContract(facts.source.path, _by_name(inputs), _by_name(outputs), required, optional)


def _known_path(use: PathUse) -> str:
    """The path as far as it is known: whole, or the directory of what is not."""
    prefix = use.value.prefix
    whole = prefix if len(use.value.parts) == 1 else prefix.rpartition("/")[0]
    return posixpath.normpath(whole)


def _processing_directory(use: PathUse, path: str) -> str | None:
    """The directory that is mounted: one below input or output, or that itself if files stand in it."""
    for root in (*_DIRECTIONS, PROCESSING_ROOT):
        if path == root:
            return path if root != PROCESSING_ROOT else None
        if path.startswith(root + "/"):
            first, _, rest = path[len(root) + 1 :].partition("/")
            is_file = not rest and len(use.value.parts) == 1 and use.shape == "file"
            if is_file:
                return root if root != PROCESSING_ROOT else None
            return f"{root}/{first}"
    return None


def _training_directory(path: str) -> str | None:
    if path.startswith(_TRAINING_INPUTS + "/"):
        return "/".join(path.split("/")[:6])
    return next((root for root in _TRAINING_OUTPUTS if path == root or path.startswith(root + "/")), None)


def _by_name(directories: dict[str, str]) -> dict[str, str]:
    """Directories by logical name, each name once."""
    found: dict[str, str] = {}
    for directory, name in sorted(directories.items()):
        unique, number = name, 2
        while unique in found:
            unique, number = f"{name}_{number}", number + 1
        found[unique] = directory
    return found


def _variables(facts: ScriptFacts) -> tuple[tuple[str, ...] | None, dict[str, str]]:
    """The required variables, and the optional ones with their defaults; ``None`` where the script is of two minds."""
    required: dict[str, None] = {}
    defaults: dict[str, set[str | None]] = {}
    for read in facts.reads:
        if not read.name or read.already_set or read.how == "scan" or is_platform_variable(read.name):
            continue
        if read.how in ("item", "enforcer") and not read.handled:
            required[read.name] = None
        else:
            defaults.setdefault(read.name, set()).update(spelled_defaults(read) or [""])
    optional: dict[str, str] = {}
    for name, spelled in defaults.items():
        if name in required:
            continue
        only = next(iter(spelled)) if len(spelled) == 1 else None
        if only is None:
            return None, {}
        optional[name] = only
    return tuple(sorted(required)), dict(sorted(optional.items()))
