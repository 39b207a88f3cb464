"""From flake8's options to the settings of a run. Imported when flake8 has parsed its options."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_contracts.buffers import real_path
from flake8_contracts.rules.codes import CODES
from flake8_contracts.selection import Selection
from flake8_contracts.settings import Settings, load_settings

if TYPE_CHECKING:
    from flake8_contracts.project import Project


def settings_for(options: argparse.Namespace) -> Settings:
    """The settings that flake8's options describe. Raises :class:`ConfigurationError`."""
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
        # To ask flake8 for unsafe fixes is to ask for fixes: there is no other use for the option.
        "fix": True if options.contracts_fix or options.contracts_unsafe_fixes else None,
        "unsafe_fixes": True if options.contracts_unsafe_fixes else None,
        "select": options.select or None,
        "extend_select": options.extend_select or None,
        "ignore": options.ignore or None,
        "extend_ignore": options.extend_ignore or None,
        "per_file_ignores": options.per_file_ignores or None,
    }
    return load_settings(
        paths,
        config_file=Path(options.config) if options.config else None,
        root=_root(options),
        overrides=overrides,
        known_codes=CODES,
        isolated=options.isolated,
        flake8_overrides=True,
        flake8_root=options.contracts_root,
    )


def selection_for(settings: Settings) -> Selection | None:
    """What flake8 would report of this plugin in which file; ``None`` if that is nothing anywhere.

    Rules that are off by default are not judged here: a project does not run those that are not asked for.
    """
    selection = Selection(settings, dict.fromkeys(CODES, True))
    return selection if any(selection.decide(code) for code in CODES) else None


def _will_fork(options: argparse.Namespace) -> bool:
    """Whether flake8 is about to fork processes for its files (``flake8.checker.Manager``)."""
    if multiprocessing.parent_process() is not None or "-" in options.filenames:
        return False
    jobs = os.cpu_count() or 1 if options.jobs.is_auto else options.jobs.n_jobs
    has_several_files = len(options.filenames) != 1 or os.path.isdir(options.filenames[0])
    return jobs > 1 and has_several_files and multiprocessing.get_start_method() == "fork"


def prepare_forks(options: argparse.Namespace, project: Project) -> None:
    """Do now, once, what every process that flake8 is about to fork would do for itself."""
    if not _will_fork(options):
        return
    from flake8_contracts.collection import exempt_what_is_inherited

    exempt_what_is_inherited()
    if project.catalog.has_news:  # so that scripts will be checked anew
        from flake8_contracts.facts import build, effects  # noqa: F401

        effects.tables()
        _ = project.loader, project.rules, project.catalog.pipelines


def fix_files(options: argparse.Namespace, settings: Settings) -> None:
    """Fix the files that flake8 is given, before it reads them; what is done is told on standard error.

    Only flake8's main process does so, not the workers that it starts. Fixes that also need other files are left to
    ``flake8-contracts check --fix``, and so is standard input.
    """
    if multiprocessing.parent_process() is not None or options.bug_report:
        return
    from flake8_contracts.fixing import Fixing
    from flake8_contracts.flake8_config import FileOptions
    from flake8_contracts.targets import targets

    exclude = (*options.exclude, *options.extend_exclude)
    found = FileOptions(exclude=exclude, patterns=tuple(options.filename), noqa=not options.disable_noqa)
    files = targets([name for name in options.filenames or ["."] if name != "-"], (), found)
    given = {real_path(file.path) for file in files}
    fixing = Fixing(
        settings,
        files,
        unsafe=settings.unsafe_fixes,
        noqa=found.noqa,
        may_edit=lambda path: real_path(path) in given,
    )
    outcome = fixing.write(fixing.run())
    for unfixed in outcome.unfixed:
        finding = unfixed.finding
        _tell(f"{finding.path}:{finding.line}: {finding.code} is not fixed: {unfixed.reason}")
    if outcome.fixed:
        _tell(f"{len(outcome.fixed)} fixed")


def _tell(message: str) -> None:
    sys.stderr.write(f"flake8-contracts: {message}\n")


def _root(options: argparse.Namespace) -> Path | None:
    """The root that was given on the command line.

    flake8 repeats what its file says. That is left to the settings, which know the file and the line of it, and that it
    is relative to the file.
    """
    given: str | None = options.contracts_root
    if given is None or options.isolated:
        return Path(given) if given is not None else None
    from flake8_contracts.settings.sources import find_flake8_file, read_flake8_file

    file = Path(options.config) if options.config else find_flake8_file(Path.cwd())
    configured = read_flake8_file(file).values.get("root") if file is not None and file.is_file() else None
    return None if configured == given else Path(given)
