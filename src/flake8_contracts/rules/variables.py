"""What rules on environment variables share."""

from __future__ import annotations

import json
import re

from contracts_runtime.problems import UNRESOLVED
from flake8_contracts.catalog.model import CONTRACT_FIELDS, DeclaredContract
from flake8_contracts.facts.model import VariableRead
from flake8_contracts.rules.base import ScriptCase
from flake8_contracts.suggestions import close_match

#: Variables that pip, git, the AWS command line and the like read, among them those for proxies and certificates.
_READ_BY_TOOLS = re.compile(
    r"(PIP|UV|CONDA|MAMBA|GIT|AWS|APT|DEBIAN|PYTHON|SSL|REQUESTS|CURL|NVIDIA|CUDA)_|\w*_PROXY$|(PATH|HOME|NETRC)$",
    re.IGNORECASE,
)
#: Names of fields that may hold variables.
_ABOUT_VARIABLES = re.compile(r"env|var", re.IGNORECASE)
_TRUE, _FALSE = frozenset({"true", "yes", "on", "1"}), frozenset({"false", "no", "off", "0"})


def is_declared(name: str, case: ScriptCase) -> bool:
    """Whether some contract of the script declares the variable."""
    return any(contract.declares_variable(name) for contract in case.contracts)


def is_mentioned(name: str, case: ScriptCase) -> bool:
    """Whether some contract names the variable in a field of its own, such as ``secret_env_vars``."""
    return any(contract.mentions(name) for contract in case.contracts)


def may_be_declared_elsewhere(case: ScriptCase) -> bool:
    """Whether a contract could not be read in full, so that any variable may be declared."""
    return case.unresolved("required_env_vars", "optional_env_vars") or any(
        value is UNRESOLVED and _ABOUT_VARIABLES.search(name) is not None
        for contract in case.contracts
        for name, value in contract.raw.items()
        if name not in CONTRACT_FIELDS
    )


def may_read(read: VariableRead, name: str) -> bool:
    """Whether the read is, or may be, one of this variable."""
    if read.name is not None:
        return read.name == name
    return not read.prefixes or any(name.startswith(prefix) for prefix in read.prefixes)


def is_read(name: str, case: ScriptCase) -> bool:
    """Whether the script reads the variable, or may."""
    facts = case.facts
    return (
        bool(facts.incomplete)
        or facts.cut_short
        or facts.passes_environment
        or (facts.runs_tools and _READ_BY_TOOLS.match(name) is not None)
        or any(may_read(read, name) for read in facts.reads)
        or case.runs_lost_modules
    )


def nearest(name: str, case: ScriptCase) -> str | None:
    """The declared variable whose name is nearest, if one is near."""
    names = {
        declared
        for contract in case.contracts
        for declared in (*contract.required_env, *contract.optional_env)
    }
    return close_match(name, names, 0.8)


def spelled_defaults(read: VariableRead) -> list[str | None]:
    """The script's own defaults as a contract spells them, ``None`` for one that cannot be told.

    Empty if the script goes on without a value.
    """
    if read.defaults is None:
        return [None]
    return [
        str(default) if isinstance(default, (str, int, float)) else None
        for default in read.defaults
        if default is not None
    ]


def same_meaning(declared: str, used: object, *, folds_case: bool) -> bool:
    """Whether a contract's default (a text) and a script's default (any constant) mean the same."""
    if isinstance(used, bool):
        return declared.strip().lower() in (_TRUE if used else _FALSE)
    text = str(used)
    if not text and declared.strip().lower() in _FALSE:
        return True  # an empty switch is off
    if declared == text or declared.strip() == text.strip():
        return True
    if folds_case and declared.strip().lower() == text.strip().lower():
        return True
    try:
        return float(declared) == float(text)
    except (ValueError, OverflowError):
        return _same_json(declared, text)


def _same_json(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except (ValueError, RecursionError):
        return False


def optional_everywhere(name: str, case: ScriptCase) -> list[tuple[DeclaredContract, str]]:
    """The contracts that declare the variable as optional with a known default; empty if one requires it."""
    found: list[tuple[DeclaredContract, str]] = []
    for contract in case.contracts:
        if name in contract.required_env:
            return []
        entry = contract.optional_env.get(name)
        if entry is not None and entry.value is not None:
            found.append((contract, entry.value))
    return found
