"""flake8 with exactly one plugin besides its own checks, or with none, whatever is installed.

python benchmarks/flake8_with.py none|contracts|floor|async [ARGUMENTS]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint

from flake8.main.cli import main
from flake8.plugins import finder

DISTRIBUTIONS = {"contracts": "flake8-contracts", "async": "flake8-async"}
_OWN = frozenset({"pycodestyle", "pyflakes", "mccabe", "flake8"})
_installed = finder._find_importlib_plugins  # noqa: SLF001 - flake8 has no option that leaves a plugin out


def _plugins(wanted: str) -> Iterator[finder.Plugin]:
    for plugin in _installed():
        if plugin.package in _OWN or plugin.package == DISTRIBUTIONS.get(wanted):
            yield plugin
    if wanted == "floor":
        yield finder.Plugin("floor", "1", EntryPoint("FLR", "floor:Floor", "flake8.extension"))


if __name__ == "__main__":
    name = sys.argv.pop(1)
    finder._find_importlib_plugins = lambda: _plugins(name)  # noqa: SLF001
    sys.exit(main(sys.argv[1:]))
