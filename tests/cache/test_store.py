"""The directory: who may write it, what is in it, and what happens when it holds something else."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flake8_contracts.api import check_paths
from flake8_contracts.cache import store
from flake8_contracts.cache.store import Store
from flake8_contracts.digests import digest
from flake8_contracts.settings import Settings
from tests.cache.conftest import findings

DIRECTORY = ".flake8_contracts_cache"


def entries(root: Path) -> list[Path]:
    return sorted((root / DIRECTORY / "v1").iterdir())


def test_the_directory_says_what_it_is(project):
    findings(project)
    assert sorted(os.listdir(project / DIRECTORY)) == [".gitignore", "CACHEDIR.TAG", "v1"]
    assert (project / DIRECTORY / ".gitignore").read_text() == "*\n"
    # The signature that https://bford.info/cachedir/ demands.
    tag = (project / DIRECTORY / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_one_entry_for_each_file_and_one_for_the_declarations(project):
    findings(project)
    before = entries(project)
    assert len(before) == 8
    (project / "scripts" / "train.py").write_text('open("/opt/ml/processing/output/m", "a")\n')
    findings(project)
    assert entries(project) == before


def test_no_entry_without_the_cache(project):
    findings(project, use_cache=False)
    assert not (project / DIRECTORY).exists()


class Harm:
    def __reduce__(self):
        return (open, (os.environ["HARM"], "w"))


@pytest.fixture
def harm(tmp_path, monkeypatch):
    monkeypatch.setenv("HARM", str(tmp_path / "harm"))
    return tmp_path / "harm"


def sealed(value) -> bytes:
    """A value as an entry whose checksum is right."""
    body = json.dumps(value).encode()
    return digest(body).encode() + b"\n" + body


FOREIGN = {
    "nothing": b"",
    "noise": bytes(range(256)),
    "text": b"findings",
    "no object": sealed([]),
    "null": sealed(None),
    "an empty object": sealed({}),
    "other fields": sealed({"content": 1, "texts": [], "imports": 7, "asked": 1, "findings": 1}),
    "deep": b"[" * 100_000,
    "deep and sealed": digest(b"[" * 100_000).encode() + b"\n" + b"[" * 100_000,
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_entry_is_passed_over_and_replaced(project, name):
    expected = findings(project)
    for path in entries(project):
        path.write_bytes(FOREIGN[name])
    assert findings(project) == expected
    assert all(path.read_bytes() != FOREIGN[name] for path in entries(project))


@pytest.mark.parametrize("place", ["content", "texts", "imports", "asked", "findings", "scripts", "declares"])
@pytest.mark.parametrize(
    "value", [None, 7, "x", [7], [["x"]], {"x": 7}, [["everything", "", None]], [["odd", "", 1]]]
)
def test_an_entry_with_an_odd_field_is_passed_over(project, place, value):
    expected = findings(project)
    for path in entries(project):
        record = json.loads(path.read_bytes().partition(b"\n")[2])
        records = record.values() if "content" not in record else [record]
        for each in records:
            # What decides whether scripts are read again has to have the right form, not the right content.
            if place in each and not (
                place == "declares" or (place == "scripts" and isinstance(value, list))
            ):
                each[place] = value
        path.write_bytes(sealed(record))
    if place == "findings" and value is not None:
        findings(project)  # a finding of the right form is believed; nothing else happens
    else:
        assert findings(project) == expected


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_not_loaded(project, harm, protocol):
    expected = findings(project)
    for path in entries(project):
        path.write_bytes(pickle.dumps(Harm(), protocol))
    assert findings(project) == expected
    assert not harm.exists()


def test_half_an_entry_is_passed_over(project):
    expected = findings(project)
    for path in entries(project):
        path.write_bytes(path.read_bytes()[:-20])
    assert findings(project) == expected


def test_a_changed_entry_is_passed_over(project):
    expected = findings(project)
    for path in entries(project):
        path.write_bytes(path.read_bytes().replace(b"SMC", b"SMD").replace(b"true", b"null"))
    assert findings(project) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are files of POSIX systems")
@pytest.mark.parametrize("target", ["pipe", "/dev/zero", "itself"])
def test_entries_that_never_end_are_passed_over(project, target):
    expected = findings(project)
    for path in entries(project):
        path.unlink()
        if target == "pipe":
            os.mkfifo(path)
        else:
            path.symlink_to(path.name if target == "itself" else target)
    assert findings(project) == expected
    assert all(path.is_file() and not path.is_symlink() for path in entries(project))


def test_entries_that_are_directories_are_passed_over(project):
    expected = findings(project)
    for path in entries(project):
        path.unlink()
        path.mkdir()
    assert findings(project) == expected


# Places that cannot be written


def test_a_place_that_is_a_file_is_left_alone(project):
    expected = findings(project, use_cache=False)
    (project / DIRECTORY).write_text("mine")
    assert findings(project) == expected
    assert (project / DIRECTORY).read_text() == "mine"


def test_a_directory_that_holds_something_else_is_left_alone(project):
    expected = findings(project, use_cache=False)
    (project / DIRECTORY).mkdir()
    (project / DIRECTORY / "thesis.tex").write_text("mine")
    assert findings(project) == expected
    assert os.listdir(project / DIRECTORY) == ["thesis.tex"]


@pytest.mark.skipif(sys.platform != "linux", reason="the privileges of root are dropped as Linux has it")
@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_a_project_that_cannot_be_written_is_checked(project, run_unprivileged, jobs):
    arguments = ("-m", "flake8", jobs, "--select", "SMC", ".")
    expected = run_unprivileged(*arguments[:-1], "--contracts-no-cache", ".", cwd=project)
    assert expected.own
    folders = [project, *(path for path in project.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        results = [run_unprivileged(*arguments, cwd=project) for _ in range(2)]
        checked = run_unprivileged("-m", "flake8_contracts", "check", "--fix", ".", cwd=project)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert results == [expected, expected]
    assert not (project / DIRECTORY).exists()
    assert checked.returncode == 1
    assert "read-only" in checked.stderr


def test_a_full_disk_ends_nothing(project, monkeypatch):
    expected = findings(project, use_cache=False)
    findings(project)
    (project / "scripts" / "train.py").write_text('open("/opt/ml/processing/output/m", "a")\n')
    before = {path: path.read_bytes() for path in entries(project)}

    def refuse(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    assert findings(project) != expected
    assert {path: path.read_bytes() for path in entries(project)} == before


# Size


def test_old_entries_are_removed_once_a_day(tmp_path, monkeypatch):
    directory = tmp_path / "cache"
    Store(directory).write("old", 1)
    Store(directory).write("new", 2)
    past = time.time() - (store.KEPT_DAYS + 1) * 86_400
    os.utime(directory / "v1" / "old.json", (past, past))
    Store(directory).write("next", 3)
    assert Store(directory).read("old") == 1
    os.utime(directory / "CACHEDIR.TAG", (past, past))
    Store(directory).write("next", 3)
    assert [Store(directory).read(name) for name in ("old", "new", "next")] == [None, 2, 3]


def test_the_oldest_entries_beyond_a_number_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "KEPT_ENTRIES", 3)
    directory = tmp_path / "cache"
    for number in range(6):
        Store(directory).write(str(number), number)
        os.utime(directory / "v1" / f"{number}.json", (time.time() - 100 + number,) * 2)
    os.utime(directory / "CACHEDIR.TAG", (0, 0))
    Store(directory).write("last", 6)
    assert {path.stem for path in (directory / "v1").iterdir()} == {"3", "4", "5", "last"}


# Several at once


def test_flake8_in_parallel_processes_says_the_same(project, flake8):
    arguments = ("--select", "SMC", "--contracts-no-cache", ".")
    expected = flake8(*arguments, cwd=project).stdout
    command = [sys.executable, "-m", "flake8", "-j2", "--select", "SMC", "."]
    for _ in range(2):
        running = [
            subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for process in running:
            output, errors = process.communicate(timeout=120)
            assert errors == ""
            assert sorted(output.splitlines()) == sorted(expected.splitlines())
    assert not [path for path in entries(project) if path.suffix != ".json"]


def test_an_entry_is_never_seen_half_written(tmp_path):
    program = (
        "import sys; from pathlib import Path; from flake8_contracts.cache.store import Store\n"
        "one = Store(Path(sys.argv[1]))\n"
        "for i in range(300):\n"
        "    one.write('x', [i] * 5000); value = one.read('x')\n"
        "    assert isinstance(value, list) and len(set(value)) == 1 and len(value) == 5000, value\n"
    )
    Store(tmp_path / "cache").write("x", [0] * 5000)
    running = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "cache")]) for _ in range(3)]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]


def test_a_place_that_cannot_exist_is_no_place(project):
    expected = findings(project, use_cache=False)
    settings = Settings(root=project, cache_dir=project / "a\0b")
    assert [repr(found) for found in check_paths([project], settings)] == expected
