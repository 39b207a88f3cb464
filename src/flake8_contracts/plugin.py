"""flake8's entry point. Nothing heavy is imported here: most files do not concern this plugin."""

from __future__ import annotations

import argparse
import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from flake8_contracts import __version__

if TYPE_CHECKING:
    from flake8.options.manager import OptionManager

    from flake8_contracts.project import Project
    from flake8_contracts.selection import Selection

_STANDARD_INPUT = ("stdin", "-", "(none)", None)


class ContractsPlugin:
    """Reports what a script and its contract disagree on, in the file that flake8 is checking."""

    name: ClassVar[str] = "flake8-contracts"
    version: ClassVar[str] = __version__
    _project: ClassVar[Project | None] = None
    _selection: ClassVar[Selection | None] = None

    def __init__(self, tree: ast.AST, lines: list[str], filename: str) -> None:
        self.lines = lines
        self.filename = filename

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        """Register the options; flake8 calls this once in every process."""

        def add(name: str, **settings: Any) -> None:
            manager.add_option(f"--contracts-{name}", parse_from_config=True, **settings)

        add(
            "root",
            metavar="DIR",
            default=None,
            help="project root (default: found from the configuration file)",
        )
        add("include", metavar="GLOB", comma_separated_list=True, default=None,
            help="files that declare contracts (default: found by content)")  # fmt: skip
        add("exclude", metavar="GLOB", comma_separated_list=True, default=None,
            help="files never read for declarations")  # fmt: skip
        add(
            "registry", metavar="MODULE:NAME", default=None, help="the registry that names a pipeline's steps"
        )
        add("no-infer", action="store_true", default=False, help="infer no contracts from pipeline code")
        add("cache-dir", metavar="DIR", default=None, help="where results are kept between runs")
        add("no-cache", action="store_true", default=False, help="keep no results between runs")
        add("fix", action="store_true", default=False, help="apply safe fixes to the given files first")
        add("unsafe-fixes", action="store_true", default=False, help="apply unsafe fixes, too")

    @classmethod
    def parse_options(cls, manager: OptionManager, options: argparse.Namespace, args: list[str]) -> None:
        """Take the options over; flake8 calls this in every process, so all state comes from ``options``."""
        from flake8.exceptions import ExecutionError

        from flake8_contracts.plugin_options import fix_files, prepare_forks, selection_for, settings_for
        from flake8_contracts.project import Project
        from flake8_contracts.settings import ConfigurationError

        cls._project = None
        try:
            settings = settings_for(options)
            cls._selection = selection_for(settings)
            if cls._selection is not None:
                if settings.fix:
                    fix_files(options, settings)
                cls._project = Project(settings)
                # Read now, the catalogue is there in all processes that flake8 forks, and a wrong glob is told once.
                if cls._project.prepare():
                    prepare_forks(options, cls._project)
        except ConfigurationError as error:
            raise ExecutionError(f"flake8-contracts: {error}") from None
        except Exception as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise ExecutionError(f"flake8-contracts: internal error: {reason}; please report it") from error

    def run(self) -> Iterator[tuple[int, int, str, type[ContractsPlugin]]]:
        """The findings of this file as flake8 wants them: columns start at 0 here and are shown from 1."""
        project, selection = self._project, self._selection
        if project is None or selection is None or self.filename in _STANDARD_INPUT:
            return
        text = "".join(self.lines)
        if not project.may_concern(self.filename, text):
            return
        findings = project.check_file(Path(os.path.abspath(self.filename)), text, self.filename)
        if project.is_loaded:
            from flake8_contracts.collection import exempt_what_exists

            exempt_what_exists()
        for finding in findings:
            # flake8 does not know what is configured in pyproject.toml.
            if selection.decide(finding.code, self.filename):
                yield finding.line, finding.column - 1, f"{finding.code} {finding.message}", type(self)
