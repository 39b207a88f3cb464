"""``flake8-contracts check``: what flake8 would report, without flake8's other checks, and the fixes for it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flake8_contracts.buffers import real_path
from flake8_contracts.commands.console import read_source, write, write_bytes
from flake8_contracts.commands.errors import CANNOT_RUN, FINDINGS, reported
from flake8_contracts.commands.options import fix_options, project_options, selection_options, settings_from
from flake8_contracts.findings import Applicability
from flake8_contracts.flake8_config import FileOptions
from flake8_contracts.noqa import DATA_SUFFIXES
from flake8_contracts.output.formats import FORMATS, renderer
from flake8_contracts.output.run import FixReport, RuleInfo, Run
from flake8_contracts.settings import Settings
from flake8_contracts.targets import Target

if TYPE_CHECKING:
    from flake8_contracts.fixing import Fixing, Outcome
    from flake8_contracts.project import Project

STDIN = "-"


@dataclass(frozen=True)
class _Wish:
    """What is wanted of a run beside findings."""

    output_format: str
    statistics: bool
    exit_zero: bool
    noqa: bool
    diff: bool
    show_fixes: bool
    exit_non_zero_on_fix: bool


@dataclass(frozen=True)
class _Job:
    """The files of a run. ``given`` is what came from standard input, if anything did."""

    project: Project
    settings: Settings
    files: list[Target]
    noqa: bool
    stdin: Target | None = None
    given: bytes = b""


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@fix_options
@selection_options
@click.option(
    "--output-format",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="text is flake8's own format.",
)
@click.option("--statistics", is_flag=True, help="Also count the findings of each code.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 also if there are findings.")
@click.option("--disable-noqa", is_flag=True, help='Also report findings that "# noqa" comments suppress.')
@click.option(
    "--stdin-filename", metavar="NAME", help='The file that standard input stands for, with "-" as PATH.'
)
@project_options
@click.pass_context
def check(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    *,
    stdin_filename: str | None,
    disable_noqa: bool,
    **options: Any,
) -> None:
    """Check scripts and contract files.

    A directory stands for its Python files and for the data files in it that declare contracts; "-" is standard input.
    Without PATH the current directory is checked. Exit codes: 0 nothing found, 1 findings, 2 could not run, or not on
    every file: one that is no valid Python is told on standard error.

    With --fix, exit code 1 means that findings are left; with --diff, that something would change. What comes from
    standard input is written to standard output when it is fixed, and the report to standard error.
    """
    if (stdin_filename is None) == (STDIN in paths):
        raise click.UsageError(
            '--stdin-filename is needed with "-": the name decides which contract the text has'
            if stdin_filename is None
            else '--stdin-filename names what "-" stands for, and "-" is not among the paths'
        )
    names = _Wish.__dataclass_fields__.keys() - {"noqa"}
    wish = _Wish(noqa=not disable_noqa, **{name: options.pop(name) for name in names})
    with reported():
        job = _job(paths or (".",), stdin_filename, options, wish)
        if wish.diff:
            code, project = _show_diff(job)
        elif job.settings.fix:
            code, project = _fix(job, wish)
        else:
            code, project = _check(job, wish), job.project
    context.exit(CANNOT_RUN if _tell_unchecked(job, project) else code)


def _tell_unchecked(job: _Job, project: Project) -> bool:
    """Say which files are no Python: the findings are flake8's, which has one of its own for that."""
    shown = {file.path: file.display for file in job.files}
    for path, error in project.unchecked.items():
        place = f"{shown.get(path, path)}:{error.span.line}:{error.span.column}"
        write(f"{place}: not checked, because it is no valid Python: {error.reason}\n", err=True)
    return bool(project.unchecked)


def _job(paths: tuple[str, ...], stdin_name: str | None, options: Mapping[str, Any], wish: _Wish) -> _Job:
    from flake8_contracts.flake8_config import file_options
    from flake8_contracts.project import Project
    from flake8_contracts.targets import require_existing, target, targets

    named = [path for path in paths if path != STDIN]
    require_existing(named)
    in_question = named if stdin_name is None else [*named, stdin_name]
    settings = settings_from(in_question, **options)
    found: FileOptions = file_options(options["config_file"], isolated=options["isolated"])
    project = Project(settings)
    files = targets(named, project.declaration_files(), found)
    noqa = wish.noqa and found.noqa
    if stdin_name is None or found.excludes(stdin_name):
        return _Job(project, settings, files, noqa)
    given = sys.stdin.buffer.read()
    stdin = target(stdin_name, read_source(given))
    return _Job(project, settings, [*files, stdin], noqa, stdin, given)


def _check(job: _Job, wish: _Wish) -> int:
    """Report, and change nothing."""
    from flake8_contracts.api import check_targets

    asks = wish.show_fixes or job.settings.unsafe_fixes
    job.project.with_fixes = asks or wish.output_format != "text"
    findings = check_targets(job.project, job.files, noqa=job.noqa)
    fixes = FixReport(_marked(job)) if asks else None
    run = Run(tuple(findings), len(job.files), _rules(), statistics=wish.statistics, fixes=fixes)
    write(renderer(wish.output_format)(run))
    return FINDINGS if findings and not wish.exit_zero else 0


def _fix(job: _Job, wish: _Wish) -> tuple[int, Project]:
    """Fix, and report what is left."""
    fixing = _fixing(job)
    outcome = fixing.write(fixing.run())
    if job.stdin is not None:
        changed = [change.after for change in outcome.changes if change.path == real_path(job.stdin.path)]
        write_bytes(changed[0] if changed else job.given)
    fixes = FixReport(_marked(job), tuple(outcome.fixed), listed=wish.show_fixes)
    run = Run(tuple(outcome.left), len(job.files), _rules(), statistics=wish.statistics, fixes=fixes)
    write(renderer(wish.output_format)(run), err=job.stdin is not None)
    _explain(outcome)
    is_told = (outcome.fixed and wish.exit_non_zero_on_fix) or (outcome.left and not wish.exit_zero)
    return FINDINGS if is_told else 0, fixing.project


def _show_diff(job: _Job) -> tuple[int, Project]:
    """Print what fixing would change, and write nothing."""
    from flake8_contracts.output.diff import render_diff

    fixing = _fixing(job)
    outcome = fixing.run()
    for change in outcome.changes:
        is_stdin = job.stdin is not None and change.path == real_path(job.stdin.path)
        name = job.stdin.display if is_stdin and job.stdin is not None else None
        write(render_diff(change.path, change.before, change.after, name))
    _explain(outcome)
    write(f"{len(outcome.fixed)} would be fixed, {len(outcome.left)} would be left\n", err=True)
    return FINDINGS if outcome.changes else 0, fixing.project


def _fixing(job: _Job) -> Fixing:
    from flake8_contracts.fixing import Fixing

    root = real_path(job.settings.root)
    named = {real_path(file.path) for file in job.files}

    def may_edit(path: Path) -> bool:
        # Who gives a text wants a text back, and no change in files that were not named.
        real = real_path(path)
        return real in named or (job.stdin is None and real.is_relative_to(root))

    files, given = job.files, {}
    if job.stdin is not None:
        is_python = job.stdin.path.suffix not in DATA_SUFFIXES
        # A Python file is read anew after every fix; a data file has its text where the catalogue looks for it.
        files = [
            Target(file.path, file.display) if file is job.stdin and is_python else file for file in files
        ]
        given = {job.stdin.path: job.given}
    return Fixing(
        job.settings, files, unsafe=job.settings.unsafe_fixes, noqa=job.noqa, may_edit=may_edit, given=given
    )


def _explain(outcome: Outcome) -> None:
    """Say why what could have been fixed is not."""
    for unfixed in outcome.unfixed:
        finding = unfixed.finding
        write(
            f"{finding.path}:{finding.line}:{finding.column}: {finding.code} is not fixed: {unfixed.reason}\n",
            err=True,
        )


def _marked(job: _Job) -> frozenset[Applicability]:
    return frozenset({"safe", "unsafe"} if job.settings.unsafe_fixes else {"safe"})


def _rules() -> dict[str, RuleInfo]:
    from flake8_contracts.rules import all_rules

    return {rule.code: RuleInfo(rule.code, rule.name, rule.summary) for rule in all_rules()}
