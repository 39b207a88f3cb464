"""``flake8-contracts check``: what flake8 would report, without flake8's other checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from flake8_contracts.commands.console import read_source, write
from flake8_contracts.commands.errors import FINDINGS, reported
from flake8_contracts.commands.options import project_options, selection_options, settings_from
from flake8_contracts.output.formats import FORMATS, renderer
from flake8_contracts.output.run import RuleInfo, Run

STDIN = "-"


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
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
    output_format: str,
    statistics: bool,
    exit_zero: bool,
    disable_noqa: bool,
    stdin_filename: str | None,
    **settings: Any,
) -> None:
    """Check scripts and contract files.

    A directory stands for its Python files and for the data files in it that declare contracts; "-" is standard input.
    Without PATH the current directory is checked. Exit codes: 0 nothing found, 1 findings, 2 could not run.
    """
    if (stdin_filename is None) == (STDIN in paths):
        raise click.UsageError(
            '--stdin-filename is needed with "-": the name decides which contract the text has'
            if stdin_filename is None
            else '--stdin-filename names what "-" stands for, and "-" is not among the paths'
        )
    with reported():
        run = _run(paths or (".",), stdin_filename, settings, noqa=not disable_noqa, statistics=statistics)
    write(renderer(output_format)(run))
    context.exit(FINDINGS if run.findings and not exit_zero else 0)


def _run(
    paths: tuple[str, ...],
    stdin_name: str | None,
    settings: Mapping[str, Any],
    *,
    noqa: bool,
    statistics: bool,
) -> Run:
    from flake8_contracts.api import check_targets
    from flake8_contracts.flake8_config import file_options
    from flake8_contracts.project import Project
    from flake8_contracts.targets import require_existing, target, targets

    named = [path for path in paths if path != STDIN]
    require_existing(named)
    in_question = named if stdin_name is None else [*named, stdin_name]
    project = Project(settings_from(in_question, **settings))
    options = file_options(settings["config_file"], isolated=settings["isolated"])
    files = targets(named, project.declaration_files(), options)
    if stdin_name is not None and not options.excludes(stdin_name):
        files.append(target(stdin_name, read_source()))
    findings = check_targets(project, files, noqa=noqa and options.noqa)
    return Run(tuple(findings), files=len(files), rules=_rules(), statistics=statistics)


def _rules() -> dict[str, RuleInfo]:
    from flake8_contracts.rules import all_rules

    return {rule.code: RuleInfo(rule.code, rule.name, rule.summary) for rule in all_rules()}
