"""From flake8's options to a project. Imported when flake8 has parsed its options."""

from __future__ import annotations

import argparse
from pathlib import Path

from flake8_contracts.project import Project
from flake8_contracts.settings import load_settings


def project_for(options: argparse.Namespace) -> Project:
    """The project that flake8's options describe. Raises :class:`ConfigurationError`."""
    from flake8_contracts.rules.codes import CODES

    paths = [Path(name) for name in (options.filenames or ["."]) if name != "-"]
    if not paths:
        paths = [Path(options.stdin_display_name)] if options.stdin_display_name != "stdin" else [Path(".")]
    overrides: dict[str, object] = {
        "include": options.contracts_include,
        "exclude": options.contracts_exclude,
        "registry": options.contracts_registry,
        "infer": False if options.contracts_no_infer else None,
        "cache_dir": options.contracts_cache_dir,
        "use_cache": False if options.contracts_no_cache else None,
        "select": options.select or None,
        "extend_select": options.extend_select or None,
        "ignore": options.ignore or None,
        "extend_ignore": options.extend_ignore or None,
    }
    return Project(
        load_settings(
            paths,
            config_file=Path(options.config) if options.config else None,
            root=Path(options.contracts_root) if options.contracts_root else None,
            overrides=overrides,
            known_codes=CODES,
            isolated=options.isolated,
            flake8_overrides=True,
        )
    )
