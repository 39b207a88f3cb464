"""How large a file may be that declares something."""

from __future__ import annotations

MAX_BYTES = 250_000
"""Larger data files are refused: a contract has a few kilobytes, and reading stays fast whatever a project holds."""

MAX_SOURCE_BYTES = 5_000_000
"""Larger Python files declare nothing: they are generated data."""

MAX_PATHS = 500
"""Scripts are not checked against contracts with more inputs and outputs than that, of which every one is compared with
every path of the script. A processing job takes 10 inputs and 10 outputs (API ``CreateProcessingJob``)."""
