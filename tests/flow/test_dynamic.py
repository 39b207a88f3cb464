"""What a program does when it runs, against what the engine says of it.

Recall: everything that is observed below ``/opt/ml``, and every variable that the script reads, is in the facts.
Precision: a program without alternatives does all that the facts say of paths that are known exactly.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

import contracts_runtime
from flake8_contracts.facts.effects import Effect
from flake8_contracts.facts.model import ScriptFacts
from flake8_contracts.flow.events import Argument
from flake8_contracts.flow.models.signature import texts_in

OBSERVER = Path(__file__).with_name("observer.py")
CLEAN = Path(__file__).resolve().parents[2] / "fixtures" / "clean"
SCRIPTS = sorted((CLEAN / "scripts").glob("*.py"))
CONTENT = {".json": "{}", ".csv": "id,label,amount\n1,0,2.5\n2,1,3.5\n"}
#: Effects in the facts that account for an observed one.
ACCOUNTS_FOR = {
    "read": {"read", "handed on", "extract"},
    "write": {"write", "handed on"},
    "list": {"list", "delete", "handed on"},
    "make directory": {"make directory", "extract", "write", "handed on"},
    "delete": {"delete", "write", "handed on"},
}


class Seen(NamedTuple):
    """What a program was observed to do; paths are container paths."""

    paths: set[tuple[str, str]]
    variables: set[str]
    error: str


def observe(script: Path, root: Path, *arguments: str, **variables: str) -> Seen:
    """Run a script in whose text container paths have been moved below ``root``."""
    report = root / "report.json"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    process = subprocess.run(
        [sys.executable, str(OBSERVER), str(script), str(root / "opt"), str(report), *arguments],
        env={**environ, **variables},
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert report.is_file(), process.stderr
    found: dict[str, Any] = json.loads(report.read_text())
    paths = {(effect, path.removeprefix(str(root))) for effect, path in found["paths"]}
    return Seen(paths, set(found["variables"]), found["error"])


def moved(code: str, root: Path) -> str:
    """The code with all container paths below ``root``."""
    return code.replace("/opt/ml", f"{root}/opt/ml")


def prepared(root: Path, path: str, needs: str) -> None:
    """Make what a program needs at ``path``."""
    real = root / path.removeprefix("/")
    (real if needs == "directory" else real.parent).mkdir(parents=True, exist_ok=True)
    if needs == "file":
        real.write_text(CONTENT.get(real.suffix, ""))


@given(data=st.data())
@settings(max_examples=60)
def test_paths_of_programs(data, analysed, path_programs, tmp_path_factory) -> None:
    program = data.draw(path_programs)
    note(program.code)
    root = tmp_path_factory.mktemp("run")
    prepared(root, program.texts[0], program.needs)
    script = root / "script.py"
    script.write_text(moved(program.code, root))
    seen = observe(script, root)
    assert not seen.error
    found = analysed(program.code)
    assert not unexplained(seen, found)
    if len(program.exact) == 1:
        certain = {(use.effect.value, use.value.exact) for use in found.paths if use.value.exact is not None}
        assert certain <= seen.paths


@given(data=st.data())
@settings(max_examples=60)
def test_variables_of_programs(data, analysed, variable_programs, tmp_path_factory) -> None:
    program = data.draw(variable_programs)
    note(program.code)
    root = tmp_path_factory.mktemp("run")
    script = root / "script.py"
    script.write_text(moved(program.code, root))
    name = program.texts[0]
    seen = observe(script, root, **({name: "1"} if program.needs == "variable" else {}))
    assert not seen.error
    assert seen.variables == {read.name for read in analysed(program.code).reads}


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.stem for script in SCRIPTS])
def test_scripts_of_the_example(script, copy_of, analysed) -> None:
    """Scripts of the example, with hardly any data: whatever they do until they fail must be known."""
    facts = analysed(script.read_text(), CLEAN, f"scripts/{script.name}")
    root = copy_of("clean")
    shutil.copytree(Path(contracts_runtime.__file__).parent, root / "contracts_runtime")
    for path in [path for suffix in ("py", "yaml", "toml", "json") for path in root.rglob(f"*.{suffix}")]:
        for folder in re.findall(r"/opt/ml/[\w/]+(?=[\"'\s])", path.read_text()):
            # The enforcer goes on if there is something in every input.
            prepared(root, f"{folder.rstrip('/')}/part-0.csv", "file")
        path.write_text(moved(path.read_text(), root))
    for use in facts.paths:
        if use.effect is Effect.READ and use.value.exact is not None and use.shape == "file":
            prepared(root, use.value.exact, "file")
    arguments = [word for argument in facts.arguments for word in given_for(argument)]
    needed = {read.name: "1" for read in facts.reads if read.name and read.how in ("item", "enforcer")}
    seen = observe(root / "scripts" / script.name, root, *arguments, PYTHONPATH=str(root), **needed)
    assert not unexplained(seen, facts)
    if seen.error.startswith("ModuleNotFoundError"):
        pytest.skip(f"it got no further than {seen.error}")
    assert seen.paths or seen.variables, seen.error


def given_for(argument: Argument) -> list[str]:
    """Words for the command line that give an argument a value which it accepts."""
    if not argument.required:
        return []
    choices = next(texts_in(argument.choices), None) if argument.choices is not None else None
    return [*argument.flags[-1:], choices.exact if choices is not None and choices.exact else "1"]


# -- comparing -------------------------------------------------------------------------------------------


def unexplained(seen: Seen, found: ScriptFacts) -> set[str]:
    """What was observed and is not in the facts."""
    names = {read.name for read in found.reads}
    prefixes = tuple(prefix for read in found.reads if read.name is None for prefix in read.prefixes or ("",))
    missed = {name for name in seen.variables - names if not (prefixes and name.startswith(prefixes))}
    missed |= {f"{effect} {path}" for effect, path in seen.paths if not is_explained(effect, path, found)}
    return missed


def is_explained(effect: str, path: str, found: ScriptFacts) -> bool:
    """Whether a fact accounts for what happened at ``path``."""
    if any(use.effect.value in ACCOUNTS_FOR[effect] for use in found.unresolved):
        return True
    return any(
        use.effect.value in ACCOUNTS_FOR[effect]
        and (matches(use, path) or (effect == "make directory" and str(use.value).startswith(path + "/")))
        for use in found.paths
    )


def matches(use: Any, path: str) -> bool:
    """Whether the path of a fact is ``path``, or one below which it works on everything."""
    known = use.value.exact
    if known is None:
        return path.startswith(use.value.prefix)
    return path == known or (use.effect.value in ("list", "delete") and path.startswith(known + "/"))
