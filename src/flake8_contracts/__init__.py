"""Checks Amazon SageMaker scripts against the contracts of their pipeline steps.

The package itself is empty until something is asked of it: flake8 imports it for every run, also where there is nothing
to check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_contracts.api import check_paths
    from flake8_contracts.findings import Finding
    from flake8_contracts.settings import ConfigurationError, Settings, load_settings

__version__ = "0.1.0"

__all__ = ["ConfigurationError", "Finding", "Settings", "__version__", "check_paths", "load_settings"]

_HOMES = {
    "ConfigurationError": "flake8_contracts.settings",
    "Finding": "flake8_contracts.findings",
    "Settings": "flake8_contracts.settings",
    "check_paths": "flake8_contracts.api",
    "load_settings": "flake8_contracts.settings",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *__all__})
