"""What flake8's configuration says about files: which of them it looks at, and whether comments suppress findings.

The command reads this so that it says the same as flake8 in the same directory. The rest of that configuration is
:mod:`flake8_contracts.settings`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from flake8_contracts.settings import ConfigurationError
from flake8_contracts.settings.sources import find_flake8_file


@dataclass(frozen=True)
class FileOptions:
    """flake8's options ``exclude`` with ``extend-exclude``, ``filename`` and ``disable-noqa``."""

    exclude: tuple[str, ...]
    patterns: tuple[str, ...] = ("*.py",)
    noqa: bool = True

    def excludes(self, path: str) -> bool:
        """Whether flake8 would leave out a file or directory of this name, or anything that lies in it."""
        name = os.path.basename(path)
        absolute = os.path.abspath(path)
        return any(
            (name not in {".", ".."} and fnmatch(name, pattern)) or fnmatch(absolute, pattern)
            for pattern in self.exclude
        )


def file_options(config_file: Path | None = None, *, isolated: bool = False) -> FileOptions:
    """Read the options from the file that flake8 would read in the working directory.

    ``config_file`` is read instead if it is given; if it is a TOML file, or with ``isolated``, flake8's defaults hold.
    Raises :class:`~flake8_contracts.settings.ConfigurationError` for a value that flake8 would refuse.
    """
    from flake8 import defaults, utils
    from flake8.options.config import load_config

    if config_file is None:
        found = find_flake8_file(Path.cwd())  # unlike flake8, it does not wait for pipes
    else:
        found = config_file if config_file.suffix != ".toml" else None
    named = None if found is None else os.path.abspath(found)
    parser, directory = load_config(named, [], isolated=isolated or named is None)
    section = (
        {key.replace("_", "-"): value for key, value in parser.items("flake8")} if "flake8" in parser else {}
    )

    def listed(name: str) -> list[str] | None:
        return utils.parse_comma_separated_list(section[name]) if name in section else None

    excluded = listed("exclude")
    exclude = [*(defaults.EXCLUDE if excluded is None else excluded), *(listed("extend-exclude") or ())]
    disabled = section.get("disable-noqa", "false").lower()
    if disabled not in parser.BOOLEAN_STATES:
        raise ConfigurationError(f"disable-noqa in [flake8] takes true or false, not {disabled!r}")
    return FileOptions(
        exclude=tuple(utils.normalize_paths(exclude, directory)),
        patterns=tuple(listed("filename") or ("*.py",)),
        noqa=not parser.BOOLEAN_STATES[disabled],
    )
