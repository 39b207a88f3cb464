"""A contract for a script that has none: a file beside the script, as data."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from flake8_contracts.findings import START, Edit, Fix
from flake8_contracts.fixes.project_texts import Impossible, ProjectTexts
from flake8_contracts.repairs import WriteContract


def write_contract(repair: WriteContract, texts: ProjectTexts) -> Fix:
    """The new file ``<script>.contract.yaml``. Raises :class:`Impossible` if something stands there."""
    path = repair.script.with_name(repair.script.stem + ".contract.yaml")
    if path.exists() or path.is_symlink():
        raise Impossible
    fields: dict[str, object] = {
        "entry_point": _entry_point(repair.script, texts),
        "expected_input_paths": dict(repair.inputs),
        "expected_output_paths": dict(repair.outputs),
        "required_env_vars": list(repair.required),
        "optional_env_vars": dict(repair.optional),
    }
    text = _yaml({name: value for name, value in fields.items() if value})
    return Fix(repair.title, repair.applicability, (Edit(path, START, text),), creates=(path,))


def _entry_point(script: Path, texts: ProjectTexts) -> str:
    """The name that means this script and no other one: the shortest end of its path."""
    catalog = texts.project.catalog
    parts = script.relative_to(catalog.root).parts if script.is_relative_to(catalog.root) else (script.name,)
    for count in range(1, len(parts) + 1):
        name = "/".join(parts[-count:])
        if len(catalog.scripts_named(name)) <= 1:
            return name
    raise Impossible


def _yaml(fields: Mapping[str, object]) -> str:
    from ruamel.yaml import YAML

    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = 1_000
    stream = io.StringIO()
    writer.dump(dict(fields), stream)
    return stream.getvalue()
