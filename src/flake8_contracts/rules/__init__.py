"""The rules: one file each, found by their file names. Adding a rule adds a file here and its cases, nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_contracts.rules.base import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    found: list[Rule] = []
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("smc"):
            rule = importlib.import_module(f"{__name__}.{module.name}").RULE
            assert rule.code.lower() == module.name[:6], f"{module.name} holds {rule.code}"
            found.append(rule)
    return tuple(sorted(found, key=lambda rule: rule.code))


@cache
def rule_named(code: str) -> Rule | None:
    """The rule with this code or name."""
    return next(
        (rule for rule in all_rules() if code.upper() == rule.code or code.lower() == rule.name), None
    )
