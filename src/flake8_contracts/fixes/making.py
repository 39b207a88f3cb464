"""The fix for a repair, if there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flake8_contracts import repairs
from flake8_contracts.findings import Edit, Fix, Repair
from flake8_contracts.fixes import declarations, directories, literals, new_contracts, paths, reads
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
    repairs.WriteContract: new_contracts.write_contract,
}


def _several(repair: repairs.Several, texts: ProjectTexts) -> list[Edit]:
    """All of them, or none."""
    return [edit for part in repair.repairs for edit in _made(part, texts).edits]


_MAKERS[repairs.Several] = _several


def make_fix(repair: Repair, texts: ProjectTexts) -> Fix | None:
    """The fix that carries out a repair; ``None`` where the code is written in a way that cannot be edited safely."""
    try:
        made = _made(repair, texts)
    except Impossible:
        return None
    edits = tuple(dict.fromkeys(made.edits))
    return made._replace(edits=edits) if edits else None


def _made(repair: Repair, texts: ProjectTexts) -> Fix:
    made = _MAKERS[type(repair)](repair, texts)
    return made if isinstance(made, Fix) else Fix(repair.title, repair.applicability, tuple(made))
