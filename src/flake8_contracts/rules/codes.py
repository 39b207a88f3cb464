"""The codes of all rules, told from their file names: nothing is imported for them."""

from __future__ import annotations

import pkgutil

from flake8_contracts.rules import __path__ as _folder

CODES: tuple[str, ...] = tuple(
    sorted(
        module.name[:6].upper() for module in pkgutil.iter_modules(_folder) if module.name.startswith("smc")
    )
)
