"""Options that several commands share, and the settings that come of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from flake8_contracts.settings import Settings, load_settings

Function = TypeVar("Function", bound=Callable[..., Any])

_SEPARATORS = re.compile(r"[,\s]+")


def _split(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Split a list as flake8 does: at commas and white space."""
    return None if value is None else tuple(filter(None, _SEPARATORS.split(value)))


def _override(*names: str, **attributes: Any) -> Callable[[Function], Function]:
    """Declare an option that overrides a setting if it is given."""
    return click.option(*names, default=None, **attributes)


_PROJECT_OPTIONS = (
    click.option(
        "--config",
        "config_file",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Read the configuration from this file only.",
    ),
    click.option("--isolated", is_flag=True, help="Read no configuration file."),
    click.option(
        "--contracts-root",
        "root",
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Project root. Default: the directory of the configuration file, else the nearest with pyproject.toml, "
        "setup.cfg or .git.",
    ),
    _override(
        "--contracts-include",
        "include",
        metavar="GLOB[,...]",
        callback=_split,
        help="Files that declare contracts and specifications. Default: found by content.",
    ),
    _override(
        "--contracts-exclude",
        "exclude",
        metavar="GLOB[,...]",
        callback=_split,
        help="Files that are never read for declarations.",
    ),
    _override(
        "--contracts-registry",
        "registry",
        metavar="MODULE:NAME",
        help="The registry that names the steps of a pipeline. Default: every registry found.",
    ),
    _override(
        "--contracts-no-infer",
        "infer",
        is_flag=True,
        flag_value=False,
        help="Take no contracts from pipeline code.",
    ),
    _override(
        "--contracts-cache-dir",
        "cache_dir",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where results are kept between runs. Default: .flake8_contracts_cache in the root.",
    ),
    _override(
        "--contracts-no-cache",
        "use_cache",
        is_flag=True,
        flag_value=False,
        help="Keep no results between runs.",
    ),
)

_SELECTION_OPTIONS = (
    _override("--select", metavar="CODES", callback=_split, help="Report these codes only."),
    _override(
        "--extend-select",
        metavar="CODES",
        callback=_split,
        help="Report these codes too, such as rules that are off by default.",
    ),
    _override("--ignore", metavar="CODES", callback=_split, help="Do not report these codes."),
    _override("--extend-ignore", metavar="CODES", callback=_split, help="Do not report these codes either."),
)

_FIX_OPTIONS = (
    _override(
        "--fix/--no-fix",
        "fix",
        is_flag=True,
        help="Apply the fixes that keep the meaning, or without which the code could not work; report what is left.",
    ),
    _override(
        "--unsafe-fixes/--no-unsafe-fixes",
        "unsafe_fixes",
        is_flag=True,
        help="Count fixes that somebody should look at as fixes, too.",
    ),
    click.option("--diff", is_flag=True, help="Print what --fix would change, and write nothing."),
    click.option("--show-fixes", is_flag=True, help="Mark what can be fixed; with --fix, list what was."),
    click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 also if everything was fixed."),
)


def _with(options: Sequence[Callable[[Function], Function]]) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def fix_options(function: Function) -> Function:
    """Add the options that say what is fixed."""
    return _with(_FIX_OPTIONS)(function)


def project_options(function: Function) -> Function:
    """Add the options that say what the project is."""
    return _with(_PROJECT_OPTIONS)(function)


def selection_options(function: Function) -> Function:
    """Add the options that say what is reported."""
    return _with(_SELECTION_OPTIONS)(function)


def settings_from(
    paths: Sequence[str],
    *,
    config_file: Path | None,
    isolated: bool,
    root: Path | None,
    **overrides: Any,
) -> Settings:
    """Load the project's settings; an option that was given wins over the configuration."""
    from flake8_contracts.rules.codes import CODES

    return load_settings(
        [Path(path) for path in paths],
        config_file=config_file,
        root=root,
        overrides=overrides,
        known_codes=CODES,
        isolated=isolated,
    )
