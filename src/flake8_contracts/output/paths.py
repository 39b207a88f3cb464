"""How a file is shown that the user did not name."""

from __future__ import annotations

import os
from pathlib import Path


def shown(path: Path) -> str:
    """Show a path relative to the working directory where it lies below it, else as it is."""
    try:
        return str(path.relative_to(os.getcwd()))
    except ValueError:
        return str(path)
