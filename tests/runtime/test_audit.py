"""What the audit of a script records, and what it leaves alone."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts_runtime import ContractEnforcer
from contracts_runtime.recording import Recorder

CONTRACT: dict[str, object] = {
    "entry_point": "job.py",
    "expected_input_paths": {"data": "/opt/ml/processing/input/data"},
    "expected_output_paths": {"result": "/opt/ml/processing/output/result"},
    "required_env_vars": ["LABEL"],
    "optional_env_vars": {"OMP_NUM_THREADS": "1"},
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "processing/input/data").mkdir(parents=True)
    (tmp_path / "processing/input/data/part.csv").write_text("x")
    monkeypatch.setenv("LABEL", "y")
    return tmp_path


@pytest.fixture
def audited(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Callable[[], object]], dict]:
    """Runs a function as the block of an audited job; returns the report."""

    def run(block: Callable[[], object]) -> dict:
        with ContractEnforcer(CONTRACT, root=root, audit=True) as enforcer:
            block()
        assert json.loads(capsys.readouterr().err) == enforcer.audit_report
        assert enforcer.audit_report is not None
        return enforcer.audit_report

    return run


@pytest.fixture
def effects(root: Path, audited) -> Callable[[Callable[[], object]], list]:
    def run(block: Callable[[], object]) -> list:
        return [
            (use["path"].replace("/opt/ml/processing/", ""), use["effect"]) for use in audited(block)["paths"]
        ]

    return run


@pytest.fixture
def reads(audited) -> Callable[[Callable[[], object]], list]:
    def run(block: Callable[[], object]) -> list:
        return [(use["name"], use["how"]) for use in audited(block)["variables"]]

    return run


def test_files_and_their_effects(root: Path, effects) -> None:
    result, data = root / "processing/output/result", root / "processing/input/data/part.csv"

    def block() -> None:
        data.read_text()
        with open(bytes(result / "new"), "xb"), open(result / "new", "r+"):
            pass
        os.close(os.open(str(result / "low"), os.O_RDWR | os.O_CREAT))
        (result / "low").rename(result / "renamed")
        shutil.copyfile(data, result / "copied")
        (result / "copied").unlink()
        list(result.iterdir())
        sqlite3.connect(result / "base.db").close()

    assert effects(block) == [
        ("input/data/part.csv", "read"),
        ("output/result/new", "write"),
        ("output/result/low", "write"),
        ("output/result/low", "delete"),
        ("output/result/renamed", "write"),
        ("input/data/part.csv", "read"),
        ("output/result/copied", "write"),
        ("output/result/copied", "delete"),
        ("output/result", "list"),
        ("output/result/base.db", "write"),
    ]


def test_what_lies_elsewhere_does_not_matter(root: Path, effects, monkeypatch: pytest.MonkeyPatch) -> None:
    def block() -> None:
        with tempfile.NamedTemporaryFile(dir=root.parent) as scratch:
            Path(scratch.name).read_bytes()
        Path(f"{root}-beside").mkdir()
        with open(0, closefd=False):  # a file that is open already
            pass
        with pytest.raises(ValueError, match="null"):
            Path("\0").read_text()

    assert effects(block) == []


def test_relative_paths_are_followed(root: Path, effects, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "processing/input")
    assert effects(lambda: Path("data/part.csv").read_text()) == [("input/data/part.csv", "read")]


def test_places_are_lines_of_the_script(root: Path, audited) -> None:
    [use] = audited(lambda: shutil.copyfile(root / "processing/input/data/part.csv", root.parent / "x"))[
        "paths"
    ]
    assert use["file"] == __file__
    assert "copyfile" in Path(__file__).read_text().splitlines()[use["line"] - 1]
    assert use["declared_by"] == {"direction": "input", "name": "data"}


def test_what_the_contract_does_not_declare(root: Path, audited) -> None:
    def block() -> None:
        (root / "processing/input/other").mkdir()
        os.listdir(root / "processing")
        (root / "processing/input/other/file").write_text("x")
        (root / "processing/input/code").mkdir()
        (root / "processing/input/code/settings.json").write_text("{}")
        os.environ.get("UNKNOWN")
        os.environ.get("AWS_REGION")

    report = audited(block)
    assert report["undeclared"] == {
        "paths": ["/opt/ml/processing/input/other", "/opt/ml/processing/input/other/file"],
        "variables": ["UNKNOWN"],
    }
    declared = {use["path"]: use["declared_by"] for use in report["paths"]}
    assert declared["/opt/ml/processing"] == {"direction": "ancestor", "name": None}
    assert declared["/opt/ml/processing/input/code/settings.json"] == {"direction": "platform", "name": None}
    assert report["not_seen"] == {
        "inputs": ["data"],
        "outputs": ["result"],
        "variables": ["LABEL", "OMP_NUM_THREADS"],
    }


def test_imports_are_no_reads(root: Path, effects, monkeypatch: pytest.MonkeyPatch) -> None:
    code = root / "processing/input/code"
    code.mkdir()
    (code / "a_helper_of_the_job.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(str(code))

    def block() -> None:
        import a_helper_of_the_job  # type: ignore[import-not-found]

        assert a_helper_of_the_job.VALUE == 1

    assert effects(block) == []


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (lambda: os.environ["LABEL"], [("LABEL", "item")]),
        (lambda: os.environ.get("LABEL"), [("LABEL", "get")]),
        (lambda: os.getenv("LABEL"), [("LABEL", "get")]),
        (lambda: os.getenvb(b"LABEL"), [("LABEL", "get")]),
        (lambda: os.environb[b"LABEL"], [("LABEL", "item")]),
        (lambda: "LABEL" in os.environ, [("LABEL", "in")]),
        (lambda: os.environ.setdefault("LABEL", "z"), [("LABEL", "setdefault")]),
        (lambda: os.environ.pop("LABEL"), [("LABEL", "pop")]),
        (lambda: os.environ.pop("NOT_THERE", None), [("NOT_THERE", "pop")]),
        (lambda: dict(os.environ), [(None, "scan")]),
        (lambda: {**os.environ, "X": "1"}, [(None, "scan")]),
        (os.environ.copy, [(None, "scan")]),
        (lambda: list(os.environ.items()), [(None, "scan")]),
        (lambda: list(os.environ.values()), [(None, "scan")]),
        (lambda: sorted(os.environ), [(None, "scan")]),
        (
            lambda: [os.environ[name] for name in os.environ if name == "LABEL"],
            [(None, "scan"), ("LABEL", "item")],
        ),
        # Writing is no read; what libraries ask on their own account concerns nobody.
        (lambda: os.environ.update({"NEW": "1"}), []),
        (lambda: os.path.expanduser("~"), []),
        (lambda: subprocess.run(["true"], check=True), []),
        # But the contract may declare a variable for a library.
        (lambda: os.path.expandvars("$LABEL"), [("LABEL", "item")]),
    ],
)
def test_reads_of_the_environment(
    block: Callable[[], object], expected: list, reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW", "0")
    assert reads(block) == expected


def test_a_scan_may_use_every_variable(audited) -> None:
    assert audited(lambda: dict(os.environ))["not_seen"]["variables"] == []


def test_other_threads_are_recorded(root: Path, effects) -> None:
    def block() -> None:
        thread = threading.Thread(target=(root / "processing/input/data/part.csv").read_text)
        thread.start()
        thread.join()

    # The thread's own frames are all the standard library's: there is no line of a script.
    assert effects(block) == [("input/data/part.csv", "read")]


def test_nothing_is_recorded_before_and_after(root: Path) -> None:
    method = type(os.environ).__getitem__
    enforcer = ContractEnforcer(CONTRACT, root=root, audit=root / "audit.json")
    assert os.environ["LABEL"] == "y"
    with enforcer:
        assert type(os.environ).__getitem__ is not method
    assert type(os.environ).__getitem__ is method
    assert os.environ["LABEL"] == "y"
    report = json.loads((root / "audit.json").read_text())
    assert report == enforcer.audit_report
    assert (report["paths"], report["variables"], report["truncated"]) == ([], [], False)


def test_nested_audits_each_have_their_report(root: Path) -> None:
    with ContractEnforcer(CONTRACT, root=root, audit=root / "outer.json") as outer:
        with ContractEnforcer(CONTRACT, root=root, audit=root / "inner.json") as inner:
            os.environ.get("INSIDE")
        os.environ.get("OUTSIDE")
    assert [use["name"] for use in inner.audit_report["variables"]] == ["INSIDE"]  # type: ignore[index]
    names = [use["name"] for use in outer.audit_report["variables"]]  # type: ignore[index]
    assert names == ["INSIDE", "OUTSIDE"]


def test_an_exception_passes_and_the_report_is_written(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    failure = ZeroDivisionError("the script's own")
    enforcer = ContractEnforcer(CONTRACT, root=root, strict=True, audit="/opt/ml/output/none/audit.json")

    def block() -> None:
        os.environ.get("UNKNOWN")
        raise failure

    with pytest.raises(ZeroDivisionError) as caught, enforcer:
        block()
    assert caught.value is failure
    assert failure.__context__ is None
    assert enforcer.audit_report is not None
    assert enforcer.audit_report["undeclared"] == {"paths": [], "variables": ["UNKNOWN"]}
    # The report's own trouble is told, and hides nothing.
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "the audit's report cannot be written" in record.getMessage()


def test_somebody_elses_stand_in_stays(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    original = type(os.environ).__getitem__
    recorder = Recorder(lambda path: True)
    recorder.start()
    recorded = type(os.environ).__getitem__

    def theirs(self: object, key: str) -> str:
        asked.append(key)
        return recorded(self, key)  # type: ignore[arg-type]

    monkeypatch.setattr(type(os.environ), "__getitem__", theirs)
    recorder.stop()
    assert os.environ["LABEL"] == "y"
    again = Recorder(lambda path: True)
    again.start()
    assert os.environ["LABEL"] == "y"
    again.stop()
    assert os.environ["LABEL"] == "y"
    assert asked == ["LABEL"] * 3
    assert [use.name for use in again.variables] == ["LABEL"]
    assert not recorder.variables
    monkeypatch.setattr(type(os.environ), "__getitem__", original)


def test_records_are_bounded(root: Path) -> None:
    recorder = Recorder(lambda path: True, limit=2)
    recorder.start()
    try:
        for name in ("A", "B", "A", "C"):
            os.environ.get(name)
    finally:
        recorder.stop()
        recorder.stop()
    assert [use.name for use in recorder.variables] == ["A", "B"]
    assert recorder.truncated


SCRIPT = """
import os
from contracts_runtime import ContractEnforcer

with ContractEnforcer.from_file("job.contract.json", audit="audit.json") as enforcer:
    os.environ["LABEL"]
    os.environ.get("UNKNOWN", "x")
    threads = enforcer.get_env("OMP_NUM_THREADS")
    with open(os.path.join(enforcer.get_input_path("data"), "part.csv")) as file:
        text = file.read()
    with open(os.path.join(enforcer.get_output_path("result"), "copy.csv"), "w") as file:
        file.write(text)
"""


def test_the_report_can_be_compared_with_the_linters_facts(root: Path, tmp_path: Path, run_python) -> None:
    (tmp_path / "job.py").write_text(SCRIPT)
    (tmp_path / "job.contract.json").write_text(json.dumps(CONTRACT))
    (tmp_path / "pyproject.toml").write_text("")
    ran = run_python(
        "-c",
        f"import os, runpy; os.environ['CONTRACTS_RUNTIME_ROOT'] = {str(root)!r}; runpy.run_path('job.py')",
        cwd=tmp_path,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    told = run_python("-m", "flake8_contracts", "facts", "job.py", "--output-format", "json", cwd=tmp_path)
    facts, report = json.loads(told.stdout), json.loads((tmp_path / "audit.json").read_text())
    happened = {(use["by_name"], use["effect"], use["line"]) for use in report["paths"]}
    assert happened == {(use["path"], use["effect"], use["line"]) for use in facts["paths"]}
    read = {(use["name"], use["how"], use["line"]) for use in report["variables"]}
    assert read == {(use["name"], use["how"], use["line"]) for use in facts["variables"]}
