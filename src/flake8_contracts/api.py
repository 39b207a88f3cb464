"""The linter as a library."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from flake8_contracts import faults
from flake8_contracts.catalog.given import contract_of_fields
from flake8_contracts.findings import Finding
from flake8_contracts.flake8_config import file_options
from flake8_contracts.noqa import not_suppressed
from flake8_contracts.output.run import in_flake8_order
from flake8_contracts.project import Project
from flake8_contracts.rules import all_rules
from flake8_contracts.rules.codes import CODES
from flake8_contracts.selection import Selection
from flake8_contracts.settings import Settings, load_settings
from flake8_contracts.targets import Target, require_existing, targets


def check_paths(
    paths: Iterable[str | os.PathLike[str]], settings: Settings | None = None, *, noqa: bool = True
) -> list[Finding]:
    """Check files and directories; return what flake8 would report in the working directory, in its order.

    A directory stands for its Python files and for the data files in it that declare contracts. Without ``settings``
    those of the project are loaded. ``noqa=False`` also returns findings that a ``# noqa`` comment suppresses.

    Raises ``FileNotFoundError`` for a path that does not exist and
    :class:`~flake8_contracts.settings.ConfigurationError` for a wrong configuration.
    """
    spelled = [os.fspath(path) for path in paths]
    require_existing(spelled)
    if settings is None:
        settings = load_settings([Path(path) for path in spelled], known_codes=CODES)
    project = Project(settings)
    options = file_options()
    files = targets(spelled, project.declaration_files(), options)
    return check_targets(project, files, noqa=noqa and options.noqa)


def check_script_against(
    script: str | os.PathLike[str], fields: Mapping[str, object], kind: str
) -> list[Finding]:
    """Check one script against the contract with these fields, whatever the project declares for it.

    ``fields`` are those of ``contracts_runtime.ScriptContract``, ``kind`` is ``"processing"`` or ``"training"``.
    Returns the findings of the rules that are on by default, without those that a ``# noqa`` comment suppresses.
    Raises ``OSError`` for a script that cannot be read.
    """
    path = Path(script).absolute()
    contract = contract_of_fields(fields, "training" if kind == "training" else "processing", path)
    project = Project(load_settings([path], isolated=True))
    found = project.check_script(path, (contract,), os.fspath(script))
    return list(in_flake8_order(not_suppressed(found, path, None)))


def check_targets(project: Project, files: Iterable[Target], *, noqa: bool = True) -> list[Finding]:
    """Check the given files; return their findings in flake8's order."""
    selection = Selection(project.settings, {rule.code: rule.default for rule in all_rules()})
    findings: list[Finding] = []
    for file in files:
        found = project.check_file(file.path, file.text, file.display)
        selected = [finding for finding in found if selection.decide(finding.code, file.display)]
        findings.extend(_kept(selected, file) if noqa else selected)
    return list(in_flake8_order(findings))


def _kept(findings: list[Finding], file: Target) -> list[Finding]:
    """Those that no comment suppresses; all of them if that cannot be told."""
    try:
        return not_suppressed(findings, file.path, file.text)
    except Exception as error:  # noqa: BLE001 - a bug of ours is a finding, never a crash
        report = faults.internal(file.path, "reading its comments", faults.reason(error))
        return [*findings, faults.finding(report, file.display)]
