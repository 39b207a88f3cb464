"""What a step's script is told: environment variables and arguments."""

from __future__ import annotations

import json
from typing import Any, Mapping

from contracts_runtime.builders.limits import each_text
from contracts_runtime.builders.mounts import check_names
from contracts_runtime.builders.sdk import Sdk
from contracts_runtime.contracts import ScriptContract
from contracts_runtime.platform_facts import is_platform_variable
from contracts_runtime.problems import quoted


def environment(
    sdk: Sdk, config: object, contract: ScriptContract | None, problems: list[str]
) -> dict[str, Any]:
    """Return the variables of a job: required ones from the configuration, optional ones by default.

    Without a contract it is what the configuration says.
    """
    given: Mapping[str, Any] = getattr(config, "environment", None) or {}
    found: dict[str, Any] = {}
    if contract is None:
        found.update(given)
    else:
        known = {**dict.fromkeys(contract.required_env_vars, ""), **contract.optional_env_vars}
        own = {name: value for name, value in given.items() if not is_platform_variable(name)}
        problems += check_names("environment variable", own, known)
        for name in contract.required_env_vars:
            value = _configured(config, given, name)
            if value is None:
                problems.append(
                    f"required environment variable {quoted(name)} is missing; set it in the configuration's"
                    f" environment, or as its attribute {name.lower()!r}"
                )
            else:
                found[name] = value
        for name, default in contract.optional_env_vars.items():
            value = _configured(config, given, name)
            found.setdefault(name, default if value is None else value)
        found.update((name, value) for name, value in given.items() if name not in known)
    found.update(getattr(config, "extra_environment", None) or {})
    return each_text(sdk, "environment variable", found, problems)


def _configured(config: object, given: Mapping[str, Any], name: str) -> Any:
    value = given.get(name)
    return getattr(config, name.lower(), None) if value is None else value


def arguments(
    sdk: Sdk, config: object, contract: ScriptContract | None, problems: list[str]
) -> dict[str, Any]:
    """Return the job's arguments by name; the contract's values, where the configuration has no other."""
    given: Mapping[str, Any] = getattr(config, "arguments", None) or {}
    declared: Mapping[str, str] = {} if contract is None else contract.expected_arguments
    by_name = {_plain(name): name for name in declared}
    problems += check_names("argument", {_plain(name): None for name in given}, by_name)
    found: dict[str, Any] = dict(declared)
    job_type = getattr(config, "job_type", None)
    if job_type is not None and "job_type" in by_name:
        found[by_name["job_type"]] = job_type
    for name, value in given.items():
        if _plain(name) in by_name:
            found[by_name[_plain(name)]] = value
    return each_text(sdk, "argument", found, problems)


def _plain(name: str) -> str:
    """Return an argument's name as Python's parsers store it: ``--job-type`` is ``job_type``."""
    return name.lstrip("-").replace("-", "_")


def command_line(values: Mapping[str, Any]) -> list[Any]:
    """Return arguments as a job passes them; an empty value stands for a flag that takes none."""
    line: list[Any] = []
    for name, value in values.items():
        line.append(name if name.startswith("-") else f"--{name}")
        if not (isinstance(value, str) and not value):
            line.append(value)
    return line


def as_hyperparameters(sdk: Sdk, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the training toolkit reads them, which is as JSON.

    sagemaker-training 5.1.4, ``mapping.py``; the SDK does the same (2.257.7, ``estimator.py``:
    ``_json_encode_hyperparameters``). A pipeline variable stays what it is. Values that are no JSON become text, and
    are refused elsewhere.
    """
    return {
        name: sdk.as_text(value) if sdk.is_variable(value) else json.dumps(value, default=str)
        for name, value in values.items()
    }
