"""What makes a run's results different from another's: the tool, the Python that runs it, and the options."""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flake8_contracts import __version__
from flake8_contracts.digests import digest
from flake8_contracts.settings import Settings

_PACKAGES = ("contracts_runtime", "flake8_contracts")
_LIBRARIES = ("libcst", "ruamel.yaml")
_WITHOUT_EFFECT = frozenset({"cache_dir", "use_cache", "origins", "fix", "unsafe_fixes"})


def run_key(settings: Settings) -> str:
    """The key of all runs that give the same findings for the same files."""
    options = {name: value for name, value in settings._asdict().items() if name not in _WITHOUT_EFFECT}
    parts = [tool_key(), sys.version_info[:2], sys.platform, options]
    return digest(json.dumps(parts, sort_keys=True, default=str).encode())


def tool_key() -> list[str]:
    """The versions of the tool and of the libraries that read files.

    A checkout that is worked on has one version and many states: there the sources themselves count.
    """
    found = [__version__]
    for name in _LIBRARIES:
        try:
            found.append(version(name))
        except PackageNotFoundError:
            found.append("unknown")
    home = Path(__file__).resolve().parent.parent.parent
    if home.name not in ("site-packages", "dist-packages"):
        found.append(digest(b"".join(sorted(_sources(home)))))
    return found


def _sources(home: Path) -> list[bytes]:
    found = []
    for package in _PACKAGES:
        for folder, _, names in os.walk(home / package):
            for name in names:
                if name.endswith(".py"):
                    path = os.path.join(folder, name)
                    with open(path, "rb") as file:
                        found.append(os.fsencode(path) + b"\0" + digest(file.read()).encode())
    return found
