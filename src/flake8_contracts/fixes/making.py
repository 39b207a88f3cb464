"""The fix for a repair, if there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flake8_contracts import repairs
from flake8_contracts.findings import Edit, Fix, Repair
from flake8_contracts.fixes import declarations, directories, literals, paths, reads
from flake8_contracts.fixes.project_texts import Impossible, ProjectTexts

_MAKERS: dict[type, Callable[[Any, ProjectTexts], Iterable[Edit] | Fix]] = {
    repairs.Respell: literals.respell,
    repairs.UseDefault: literals.use_default,
    repairs.DeclareVariable: declarations.declare_variable,
    repairs.DeclareDirectory: directories.declare_directory,
    repairs.ReadWithDefault: reads.read_with_default,
    repairs.ReadWithoutDefault: reads.read_without_default,
    repairs.AddVariable: reads.add_variable,
    repairs.AskContract: paths.ask_contract,
}


def make_fix(repair: Repair, texts: ProjectTexts) -> Fix | None:
    """The fix that carries out a repair; ``None`` where the code is written in a way that cannot be edited safely."""
    try:
        made = _MAKERS[type(repair)](repair, texts)
    except Impossible:
        return None
    if not isinstance(made, Fix):
        made = Fix(repair.title, repair.applicability, tuple(made))
    edits = tuple(dict.fromkeys(made.edits))
    return made._replace(edits=edits) if edits else None
