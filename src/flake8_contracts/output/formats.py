"""The formats by name. A format is a module of this package with a function ``render(run) -> str``."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from flake8_contracts.output.run import Run

FORMATS = {
    "text": "text",
    "json": "json_",
    "github": "github",
}
"""Format names as users type them, each with its module."""


class Renderer(Protocol):
    """What every format module has as ``render``."""

    def __call__(self, run: Run) -> str:
        """Return what goes to standard output, with the last line's end; empty if there is nothing to say."""


def renderer(name: str) -> Renderer:
    """Return the renderer of a format; raises ``KeyError`` for a name that is not in :data:`FORMATS`."""
    module = import_module(f"{__package__}.{FORMATS[name]}")
    return cast("Renderer", module.render)
