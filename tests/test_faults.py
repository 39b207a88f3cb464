"""A bug of the tool itself: one finding that names it, and everything else is reported as ever.

The faults are put into the real parts; nothing else is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flake8_contracts import Settings, check_paths
from flake8_contracts.rules import rule_named
from flake8_contracts.rules.base import Rule

SCRIPT = """\
import os

print(os.environ["TOKEN"])
open("/opt/ml/processing/output/{name}", "w")
"""
MODULE = """\
from contracts_runtime import ScriptContract

{name} = ScriptContract(
    entry_point="{name}.py",
    expected_input_paths={{"data": "/opt/ml/processing/input/data.csv"}},
    expected_output_paths={{"{name}": "/opt/ml/processing/output/{name}"}},
)
"""
DATA = """\
entry_point: {name}.py
expected_input_paths: {{data: /opt/ml/processing/input/data.csv}}
expected_output_paths: {{{name}: /opt/ml/processing/output/{name}}}
"""

FILES = {
    "pyproject.toml": "",
    "one.py": SCRIPT.format(name="one"),
    "one_contract.py": MODULE.format(name="one"),
    "two.py": SCRIPT.format(name="two"),
    "two.contract.yaml": DATA.format(name="two"),
    "three.py": SCRIPT.format(name="three"),
    "three_contract.py": MODULE.format(name="three"),
}

AS_EVER = {
    *((f"{name}.py", 1, "SMC102") for name in ("one", "two", "three")),
    *((f"{name}.py", 3, "SMC201") for name in ("one", "two", "three")),
    *((f"{name}.py", 4, "SMC106") for name in ("one", "two", "three")),
    ("one_contract.py", 5, "SMC408"),
    ("two.contract.yaml", 2, "SMC408"),
    ("three_contract.py", 5, "SMC408"),
}

Reported = tuple[str, int, str]


class FaultError(Exception):
    """What no part of the tool raises or expects."""


@pytest.fixture
def root(write) -> Path:
    return write(FILES)


@pytest.fixture
def reported(root, capsys, flake8_here) -> Callable[[], tuple[set[Reported], list[str]]]:
    """What is reported, and the messages of internal errors. flake8 must say the same of Python files."""

    def run() -> tuple[set[Reported], list[str]]:
        findings = check_paths([root], Settings(root=root, use_cache=False))
        places = {(Path(finding.path).name, finding.line, finding.code) for finding in findings}
        linted = flake8_here("--select", "SMC", ".", cwd=root)
        assert linted.stderr == ""
        by_flake8 = set()
        for line in linted.stdout.splitlines():
            path, number, _, rest = line.removeprefix("./").split(":", 3)
            by_flake8.add((path, int(number), rest.split()[0]))
        assert by_flake8 == {place for place in places if place[0].endswith(".py")}
        return places, [finding.message for finding in findings if finding.code == "SMC900"]

    return run


@pytest.fixture
def break_function(monkeypatch) -> Callable[..., None]:
    """Makes a function raise when one of its arguments has to do with the given file, or always."""

    def break_it(
        owner: object | str, name: str, file: str | None = None, error: type[BaseException] = FaultError
    ) -> None:
        if isinstance(owner, str):
            from importlib import import_module

            owner = import_module(owner)
        original = getattr(owner, name)

        def broken(*arguments: object, **named: object) -> object:
            if file is None or any(concerns(argument, file) for argument in arguments):
                raise error("the reason\nin two lines")
            return original(*arguments, **named)

        monkeypatch.setattr(owner, name, broken)

    return break_it


def concerns(argument: object, file: str) -> bool:
    if isinstance(argument, Path):
        return argument.name == file
    return any(
        concerns(getattr(argument, attribute), file)
        for attribute in ("path", "source", "facts")
        if hasattr(argument, attribute)
    )


def rule_class(code: str) -> type[Rule]:
    rule = rule_named(code)
    assert rule is not None
    return type(rule)


def about_script(code: str) -> set[Reported]:
    return {place for place in AS_EVER if place[2] == code}


def test_without_a_fault(reported):
    assert reported() == (AS_EVER, [])


# Rules


@pytest.mark.parametrize(
    "error", [FaultError, RecursionError, MemoryError, AssertionError, KeyError, OSError, SyntaxError]
)
def test_a_rule_that_fails(reported, break_function, error):
    break_function(rule_class("SMC106"), "check_script", error=error)
    places, messages = reported()
    internal = {(f"{name}.py", 1, "SMC900") for name in ("one", "two", "three")}
    assert places == AS_EVER - about_script("SMC106") | internal
    assert all(
        "SMC106" in message and error.__name__ in message and "\n" not in message for message in messages
    )
    assert any("one.py" in message for message in messages)


def test_a_rule_that_fails_on_one_script(reported, break_function):
    break_function(rule_class("SMC201"), "check_script", "two.py")
    places, (message,) = reported()
    assert places == AS_EVER - {("two.py", 3, "SMC201")} | {("two.py", 1, "SMC900")}
    assert "SMC201" in message
    assert "two.py" in message


def test_a_rule_that_fails_after_a_finding(reported, monkeypatch):
    rule = rule_class("SMC106")
    original = rule.check_script

    def check_script(self, case) -> Iterator[object]:
        yield from original(self, case)
        raise FaultError("at the end")

    monkeypatch.setattr(rule, "check_script", check_script)
    places, messages = reported()
    assert places == AS_EVER | {(f"{name}.py", 1, "SMC900") for name in ("one", "two", "three")}
    assert len(messages) == 3


def test_a_rule_for_contracts_that_fails(reported, break_function):
    break_function(rule_class("SMC408"), "check_contract")
    places, messages = reported()
    contracts = ("one_contract.py", "two.contract.yaml", "three_contract.py")
    assert places == AS_EVER - about_script("SMC408") | {(name, 1, "SMC900") for name in contracts}
    assert all("SMC408" in message for message in messages)


def test_an_interrupt_is_no_fault(root, break_function):
    break_function(rule_class("SMC106"), "check_script", error=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        check_paths([root], Settings(root=root, use_cache=False))


# The parts below the rules


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("flake8_contracts.facts.build", "facts_of"),
        ("flake8_contracts.facts.build.Builder", "build"),
        ("flake8_contracts.facts.build.Builder", "call"),
        ("flake8_contracts.flow.interpreter.Interpreter", "run_script"),
        ("flake8_contracts.flow.calls.Calls", "eval_call"),
        ("flake8_contracts.catalog.binding.Binder", "bind"),
    ],
)
@pytest.mark.parametrize("error", [FaultError, RecursionError])
def test_a_script_that_cannot_be_analysed(reported, break_function, owner, name, error):
    """Contracts are still checked, and so are the other scripts."""
    file = None if name in ("build", "call", "eval_call") else "two.py"
    break_function(found(owner), name, file, error)
    places, messages = reported()
    failed = ["two.py"] if file else ["one.py", "two.py", "three.py"]
    kept = {place for place in AS_EVER if place[0] not in failed}
    if name == "eval_call":  # contracts that are written in Python are calls
        kept = {place for place in kept if place[0] == "two.contract.yaml"}
    internal = {place for place in places if place[2] == "SMC900"}
    assert {place for place in places if place[2] not in ("SMC900", "SMC901")} == kept
    if error is FaultError:
        assert {place[0] for place in internal} >= set(failed)
        assert all("the reason in two lines" in message for message in messages)


@pytest.mark.parametrize(
    ("function", "file"),
    [
        ("flake8_contracts.catalog.python_specifications.declarations_in_module", "one_contract.py"),
        ("flake8_contracts.catalog.data_contracts.contracts_in_document", "two.contract.yaml"),
        ("flake8_contracts.catalog.data_contracts.read_document", "two.contract.yaml"),
        ("flake8_contracts.catalog.catalog.Catalog.read_module", "three_contract.py"),
    ],
)
@pytest.mark.parametrize("error", [FaultError, RecursionError])
def test_a_declaration_that_cannot_be_read(reported, break_function, function, file, error):
    """Its script is not checked; the fault is told in the file that declares."""
    owner, _, name = function.rpartition(".")
    break_function(found(owner), name, file, error)
    script = file.removesuffix(".contract.yaml").removesuffix("_contract.py") + ".py"
    places, messages = reported()
    assert {place for place in places if place[0] not in (file, script)} == {
        place for place in AS_EVER if place[0] not in (file, script)
    }
    assert {place[2] for place in places if place[0] == file} == {"SMC900"}
    assert {place for place in places if place[0] == script} == set()
    assert all(file in message for message in messages)


def test_positions_that_cannot_be_told(reported, break_function):
    """The findings of that file are lost, and only those."""
    break_function(found("flake8_contracts.syntax.positions.PositionTable"), "span")
    places, messages = reported()
    assert ("two.contract.yaml", 2, "SMC408") in places
    assert {place[0] for place in places if place[2] == "SMC900"} >= {"one.py", "two.py", "three.py"}
    assert messages


def test_the_parser_fails(reported, monkeypatch):
    import libcst

    original = libcst.parse_module

    def parse_module(text, *arguments):
        if "two" in text:
            raise FaultError("the parser")
        return original(text, *arguments)

    monkeypatch.setattr(libcst, "parse_module", parse_module)
    places, (message,) = reported()
    assert places == {place for place in AS_EVER if place[0] != "two.py"} | {("two.py", 1, "SMC900")}
    assert "the parser" in message


# The parts around the rules


@pytest.mark.parametrize(
    "function",
    [
        "flake8_contracts.catalog.catalog.ProjectFiles",
        "flake8_contracts.catalog.walk._Walker.run",
        "flake8_contracts.catalog.indexes.Summary.of",
    ],
)
def test_declarations_that_cannot_be_looked_for(
    root, monkeypatch, break_function, check_here, flake8_here, function
):
    """Nothing can be checked then, and each script says why; flake8 goes on with its other plugins."""
    owner, _, name = function.rpartition(".")
    break_function(found(owner), name)
    (root / "other.py").write_text("import os\n")
    linted = flake8_here("--select", "SMC,F", ".", cwd=root)
    checked = check_here(".", cwd=root)
    assert linted.stderr == checked.stderr == ""
    assert "other.py:1:1: F401" in linted.stdout
    for said in (linted.own, checked.own):
        internal = [line.removeprefix("./") for line in said]
        assert {line.split(":")[0] for line in internal} >= {
            "one.py",
            "two.py",
            "three.py",
            "one_contract.py",
        }
        assert "other.py" not in {line.split(":")[0] for line in internal}
        assert all("SMC900 internal error: the check failed on " in line for line in internal)
        assert all("the reason in two lines" in line and "please report" in line for line in internal)


CACHE = [
    "flake8_contracts.cache.store.Store.read",
    "flake8_contracts.cache.store.Store.write",
    "flake8_contracts.cache.declarations.Declarations.summary",
    "flake8_contracts.cache.declarations.Declarations.keep",
    "flake8_contracts.cache.declarations.Declarations.save",
    "flake8_contracts.cache.results.Results._kept",
    "flake8_contracts.cache.results.Results._record",
    "flake8_contracts.cache.results.run_key",
]


@pytest.mark.parametrize("function", CACHE)
@pytest.mark.parametrize("is_kept", [False, True])
def test_a_cache_that_fails(root, break_function, flake8_here, check_here, function, is_kept):
    """Everything is reported as ever, and one finding more."""
    if is_kept:
        check_here(".", cwd=root)
        (root / "two.py").write_text(FILES["two.py"] + "\n")
        (root / "two.contract.yaml").write_text(FILES["two.contract.yaml"] + "\n")
    owner, _, name = function.rpartition(".")
    break_function(found(owner), name)
    checked, linted = check_here(".", cwd=root), flake8_here("--select", "SMC", ".", cwd=root)
    for said, expected in (
        (checked, AS_EVER),
        (linted, {place for place in AS_EVER if place[0].endswith(".py")}),
    ):
        assert said.stderr == ""
        assert {parts(line) for line in said.own if "SMC900" not in line} == expected
        (internal,) = [line for line in said.own if "SMC900" in line]
        assert "internal error: the cache failed on " in internal
        assert "the reason in two lines" in internal


def parts(line: str) -> Reported:
    path, number, _, rest = line.removeprefix("./").split(":", 3)
    return path, int(number), rest.split()[0]


def test_comments_that_cannot_be_read(root, break_function, check_here):
    """Nothing is suppressed then."""
    break_function("flake8_contracts.api", "not_suppressed")
    places = {parts(line) for line in check_here(".", cwd=root).own}
    assert places == AS_EVER | {(name, 1, "SMC900") for name in FILES if name != "pyproject.toml"}


def test_a_fix_that_cannot_be_made(root, break_function, check_here):
    """The finding stays, without its fix."""
    break_function("flake8_contracts.fixes.making", "make_fix")
    checked = check_here("--show-fixes", ".", cwd=root)
    assert {parts(line) for line in checked.own if "SMC900" not in line} == AS_EVER
    assert any("SMC900 internal error: the fix of SMC" in line for line in checked.own)
    assert "[*]" not in checked.stdout


@pytest.mark.parametrize(
    "function",
    [
        "flake8_contracts.fixing.FileText",
        "flake8_contracts.fixes.file_text.FileText.edited",
        "flake8_contracts.fixing.require_valid",
    ],
)
def test_a_text_that_cannot_be_edited(root, break_function, check_here, flake8_here, function):
    """Nothing is written, and it is told why."""
    before = {name: (root / name).read_bytes() for name in FILES}
    owner, _, name = function.rpartition(".")
    break_function(found(owner), name)
    checked = check_here("--fix", "--unsafe-fixes", ".", cwd=root)
    assert {parts(line) for line in checked.own} == AS_EVER
    assert "is not fixed: internal error: editing " in checked.stderr
    linted = flake8_here("--contracts-fix", "--select", "SMC", ".", cwd=root)
    assert {parts(line) for line in linted.own} == {place for place in AS_EVER if place[0].endswith(".py")}
    assert {name: (root / name).read_bytes() for name in FILES} == before


@pytest.mark.parametrize("function", ["load_settings", "selection_for"])
def test_settings_that_fail(root, break_function, flake8_here, monkeypatch, capsys, function):
    """Without them there is nothing to say: one line, and no traceback."""
    from flake8.main.application import Application

    break_function("flake8_contracts.plugin_options", function)
    monkeypatch.chdir(root)
    application = Application()
    application.run(["-j1", "--select", "SMC", "."])
    output, errors = capsys.readouterr()
    assert application.exit_code() == 1
    assert errors == ""
    assert "flake8-contracts: internal error: FaultError: the reason in two lines; please report it" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    "function",
    [
        "flake8_contracts.commands.check.renderer",
        "flake8_contracts.commands.options.load_settings",
        "flake8_contracts.output.text._line",
        "flake8_contracts.api.in_flake8_order",
    ],
)
def test_a_command_that_fails(root, break_function, monkeypatch, capsys, function):
    """It never looks like a run with findings, nor like one without."""
    from flake8_contracts.cli import main

    owner, _, name = function.rpartition(".")
    break_function(owner, name)
    monkeypatch.chdir(root)
    monkeypatch.setattr("sys.argv", ["flake8-contracts", "check", "."])
    with pytest.raises(SystemExit) as ended:
        main()
    output, errors = capsys.readouterr()
    assert (ended.value.code, output) == (2, "")
    assert errors.endswith("failed (internal error): please report the lines above\n")


def test_a_file_that_vanishes(root, monkeypatch):
    """Between the walk over the project and the reading."""
    from flake8_contracts.catalog import files

    original = files._read

    def read(path, limit):
        if path.endswith("two.contract.yaml"):
            raise FileNotFoundError(2, "No such file or directory", path)
        return original(path, limit)

    monkeypatch.setattr(files, "_read", read)
    findings = check_paths([root], Settings(root=root, use_cache=False))
    places = {(Path(finding.path).name, finding.line, finding.code) for finding in findings}
    assert places == {place for place in AS_EVER if not place[0].startswith("two")} | {
        ("two.contract.yaml", 1, "SMC901")
    }


def found(name: str) -> object:
    """A module, or a class in it."""
    from importlib import import_module

    module, _, last = name.rpartition(".")
    return getattr(import_module(module), last) if last.lstrip("_")[0].isupper() else import_module(name)
