"""Every Python that is installed here: scripts run on whatever their container has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

VERSIONS = [(3, minor) for minor in range(8, 15)]


@cache
def interpreters() -> dict[str, str]:
    """Return an interpreter for every version of Python that is on the path or installed by pyenv."""
    found = {}
    for version in VERSIONS:
        usable = next(filter(_works, _candidates(version)), None)
        if usable is not None:
            found["{}.{}".format(*version)] = usable
    return found


def _candidates(version: tuple[int, int]) -> list[str]:
    # Where pyenv installs by default, and where it is told to.
    roots = [Path.home() / ".pyenv", *map(Path, filter(None, [os.environ.get("PYENV_ROOT")]))]
    installed = [
        str(path)
        for root in roots
        for path in sorted((root / "versions").glob("{}.{}.*/bin/python".format(*version)))
    ]
    own = [sys.executable] if version == sys.version_info[:2] else []
    return [*own, *installed, *filter(None, [shutil.which("python{}.{}".format(*version))])]


def _works(interpreter: str) -> bool:
    # A shim of pyenv exists for versions that are not selected, and then fails.
    return subprocess.run([interpreter, "-c", ""], capture_output=True, check=False).returncode == 0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``interpreter`` once with each; there is no test for one that is not installed."""
    if "interpreter" in metafunc.fixturenames:
        metafunc.parametrize("interpreter", interpreters().values(), ids=interpreters())
