"""Every Python that is installed here: scripts run on whatever their container has."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

VERSIONS = sorted({*((3, minor) for minor in range(8, 15)), sys.version_info[:2]})


@cache
def interpreters() -> dict[str, str]:
    """Return an interpreter for every version of Python that is on the path, or installed where another one is."""
    found = {}
    for version in VERSIONS:
        usable = next(filter(_works, _candidates(version)), None)
        if usable is not None:
            found["{}.{}".format(*version)] = usable
    return found


def _candidates(version: tuple[int, int]) -> list[str]:
    name = "python{}.{}".format(*version)
    own = [Path(sys.executable)] if version == sys.version_info[:2] else []
    on_path = [Path(folder, name) for folder in os.get_exec_path()]
    # Version managers install side by side, and put a folder of shims on the path.
    managed = [Path(sys.base_prefix).parent, *(path.parent.parent / "versions" for path in on_path)]
    beside = [path for folder in dict.fromkeys(managed) for path in sorted(folder.glob(f"*/bin/{name}"))]
    return [str(path) for path in (*own, *beside, *on_path) if path.is_file()]


def _works(interpreter: str) -> bool:
    # A shim of pyenv exists for versions that are not selected, and then fails.
    return subprocess.run([interpreter, "-c", ""], capture_output=True, check=False).returncode == 0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``interpreter`` once with each; there is no test for one that is not installed."""
    if "interpreter" in metafunc.fixturenames:
        metafunc.parametrize("interpreter", interpreters().values(), ids=interpreters())
