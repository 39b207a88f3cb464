"""The parts of the JSON Schemas that ``declaration_schemas.py`` writes: fields, names, paths and slips.

Patterns mean the same to Python and JavaScript.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterator
from enum import Enum
from itertools import product
from typing import Any

from pydantic import BaseModel

from contracts_runtime.contract_checks import BAD_IN_LOGICAL_NAME
from contracts_runtime.path_checks import (
    INPUT_DIRECTORY,
    INPUTS,
    OUTPUTS,
    TRAINING_INPUT_ROOTS,
    TRAINING_OUTPUT_ROOTS,
)
from contracts_runtime.platform_facts import (
    CONTAINER_ROOT,
    ENVIRONMENT_NAME_PATTERN,
    LIMITS,
    PROCESSING_ROOT,
)
from flake8_contracts.suggestions import nearest

Schema = dict[str, Any]

# --- what the models say ---


def documented(owner: type[BaseModel | Enum]) -> dict[str, str]:
    """Return the docstrings of the attributes of a class, each in one line."""
    body = ast.parse(inspect.getsource(owner)).body[0]
    assert isinstance(body, ast.ClassDef)
    texts = {}
    for statement, after in zip(body.body, body.body[1:], strict=False):
        name = _assigned(statement)
        if name and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            texts[name] = " ".join(str(after.value.value).split()).replace("``", "`")
    return texts


def _assigned(statement: ast.stmt) -> str:
    """Return the name that a statement gives a value, if it is that."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return targets[0].id if isinstance(targets[0], ast.Name) else ""


def fields_of(model: type[BaseModel]) -> dict[str, Schema]:
    """Return type, default and description of each field of a model."""
    texts = documented(model)
    found = model.model_json_schema()["properties"]
    return {
        name: {
            "description": texts[name],
            **{key: field[key] for key in ("type", "default") if field.get(key) not in (None, "")},
        }
        for name, field in found.items()
    }


def or_nothing(schema: Schema) -> Schema:
    """Return the schema of a value that may be left out after its key, as YAML allows."""
    return {**schema, "type": [schema["type"], "null"]}


def _pattern(pattern: str, message: str) -> Schema:
    return {"pattern": f"^(?:{pattern})$", "patternErrorMessage": message}


def highest_limit(name: str) -> int:
    """Return a limit of the API, that of the kind of job that allows more."""
    return max(int(getattr(limits, name).value) for limits in LIMITS.values())


# --- texts ---

# A component of a path that is not '..'; it may be empty.
_COMPONENT = r"(?:[^/\\.][^/\\]*|\.(?:[^/\\.][^/\\]*)?|\.\.[^/\\]+)?"
_SLASH = r"/(?:\.?/)*"


def _spelled(path: str) -> str:
    """Return a pattern of all spellings of an absolute path without ``..``."""
    return "".join(f"{_SLASH}{re.escape(part)}" for part in path.strip("/").split("/"))


def container_path(field: str) -> Schema:
    """Return the schema of a container path that some kind of job has."""
    training = TRAINING_OUTPUT_ROOTS if field == OUTPUTS else TRAINING_INPUT_ROOTS
    roots = sorted(root.removeprefix(CONTAINER_ROOT) for root in {PROCESSING_ROOT, *training})
    below = rf"(?:{'|'.join(map(_spelled, roots))})(?:/{_COMPONENT})*"
    if field == INPUTS:
        below += rf"|{_spelled(INPUT_DIRECTORY.removeprefix(CONTAINER_ROOT))}(?:/\.?)*"
    pattern = f"{_spelled(CONTAINER_ROOT)}(?:{below})"
    message = (
        f"expected an absolute container path below {', '.join((PROCESSING_ROOT, *training))}, without '..'"
    )
    return {"type": "string", **_pattern(pattern, message), "maxLength": highest_limit("path_length")}


def entry_point() -> Schema:
    """Return what the path of a script must look like."""
    some = _COMPONENT.removesuffix("?")
    message = "expected the script's path relative to its source directory, with '/' and without '..'"
    return _pattern(rf"{some}(?:/+{some})*", message)


def logical_names() -> Schema:
    """Return what the name of an input or output must look like."""
    bad = BAD_IN_LOGICAL_NAME.pattern[1:-1]
    edge = f"[^ {bad}]"
    message = "a logical name has no quotes, brackets or control characters, and no blanks around it"
    return _pattern(f"{edge}(?:[^{bad}]*{edge})?", message)


def variable_names() -> Schema:
    """Return what the name of an environment variable must look like."""
    message = f"SageMaker accepts names of variables that match {ENVIRONMENT_NAME_PATTERN}"
    return {**_pattern(ENVIRONMENT_NAME_PATTERN, message), "maxLength": highest_limit("variable_name_length")}


def argument_names() -> Schema:
    """Return what the name of a command-line argument must look like."""
    return {"pattern": "[^ ]", "maxLength": highest_limit("argument_name_length")}


# --- near misses: keys of other tools may stand beside the known ones, slips of those may not ---

_CHARACTER = "[a-z-]"


def near_misses(known: Collection[str]) -> list[Schema]:
    """Return the schemas that refuse what the linter takes for a slip of a known key, one for each."""
    return [
        {
            "patternProperties": {near_miss_pattern(key, known): False},
            "errorMessage": f"did you mean '{key}'?",
        }
        for key in known
    ]


def near_misses_of_absent(known: Collection[str]) -> list[Schema]:
    """Return the same where only the slip of a key that is missing is one."""
    return [
        {"if": {"required": [key]}, "else": slip} for key, slip in zip(known, near_misses(known), strict=True)
    ]


def required(key: str, known: Collection[str]) -> Schema:
    """Return the schema that refuses what lacks a key, unless a slip of it is refused already."""
    return {"if": without_near_miss(key, known), "then": {"required": [key]}}


def without_near_miss(key: str, known: Collection[str]) -> Schema:
    """Return the schema of what has no slip of a key."""
    return {"propertyNames": {"not": {"pattern": near_miss_pattern(key, known)}}}


def near_miss_pattern(key: str, known: Collection[str]) -> str:
    """Return a pattern of slips of a key: a character that is missing, wrong or too much, two in the wrong order, and
    other case. What the linter would not take for a slip of the key, or is a key itself, is left out.
    """
    # To be near is a matter of the characters that two keys share: all that no key has are alike.
    letters = sorted({*"".join(known), "-"})
    found = []
    for start, between, end in _edits(key):
        words = {
            f"{start}{''.join(inner)}{end}" for length in between for inner in product(letters, repeat=length)
        }
        if all(nearest(word, known) == key for word in words.difference(known)):
            inner_pattern = {range(1): "", range(1, 2): _CHARACTER, range(2): f"{_CHARACTER}?"}[between]
            found.append(f"{start}{inner_pattern}{end}")
    others = "|".join(sorted(known))
    return f"^(?!(?:{others})$)(?:{'|'.join(dict.fromkeys(found))})$"


def _edits(key: str) -> Iterator[tuple[str, range, str]]:
    """Yield what is left in front and behind of a slip, and how many characters may stand between."""
    for index in range(len(key)):
        yield key[:index], range(2), key[index + 1 :]
    for index in range(len(key) + 1):
        yield key[:index], range(1, 2), key[index:]
    for index in range(len(key) - 1):
        yield key[:index] + key[index + 1] + key[index] + key[index + 2 :], range(1), ""
    first, *others = key.split("_")
    camel = first + "".join(each.title() for each in others)
    one = re.sub(r"ies$", "y", key) if key.endswith("ies") else key.removesuffix("es")
    for spelling in (key.upper(), key.title(), camel, one):
        if spelling != key:
            yield spelling, range(1), ""
