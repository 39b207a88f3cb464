"""Files are replaced together or not at all, atomically, and only if they are what they were."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from flake8_contracts.fixes.file_text import Refused
from flake8_contracts.fixes.replacement import Change, obstacle, replace_all


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / "one.py", tmp_path / "two" / "two.py"]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"old\r\n")
    return paths


def changes(paths: list[Path]) -> list[Change]:
    return [Change(path, b"old\r\n", b"new\r\n") for path in paths]


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_all_are_written(files, tmp_path):
    replace_all(changes(files))
    assert everything(tmp_path) == {"one.py": b"new\r\n", "two/two.py": b"new\r\n"}


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o640])
def test_permissions_are_kept(files, mode):
    files[0].chmod(mode)
    replace_all(changes(files[:1]))
    assert stat.S_IMODE(files[0].stat().st_mode) == mode


def test_the_file_is_another_one_so_that_readers_see_the_old_or_the_new(files):
    with open(files[0], "rb") as reader:
        replace_all(changes(files[:1]))
        assert reader.read() == b"old\r\n"
    assert files[0].read_bytes() == b"new\r\n"


def read_only(path):
    path.chmod(0o444)


def vanished(path):
    path.unlink()


def changed(path):
    path.write_bytes(b"mine\n")


def a_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (read_only, "two.py is read-only"),
        (vanished, "two.py: no such file or directory"),
        (changed, "two.py was changed by somebody else meanwhile"),
        (a_folder, "two.py is no regular file"),
    ],
)
def test_an_obstacle_leaves_all_as_they_were(files, tmp_path, spoil, reason):
    spoil(files[1])
    before = everything(tmp_path)
    with pytest.raises(Refused) as caught:
        replace_all(changes(files))
    assert str(caught.value) == reason
    assert everything(tmp_path) == before


def test_what_is_replaced_before_a_failure_is_put_back(files, tmp_path, monkeypatch):
    replace = os.replace

    def failing(source, target):
        if Path(target) == files[1]:
            raise OSError(28, "No space left on device", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    before = everything(tmp_path)
    with pytest.raises(Refused, match=r"two\.py cannot be written: no space left on device"):
        replace_all(changes(files))
    assert everything(tmp_path) == before


def test_a_failure_to_write_leaves_no_litter(files, tmp_path, monkeypatch):
    def failing(descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    before = everything(tmp_path)
    with pytest.raises(Refused, match=r"one\.py cannot be written: input/output error"):
        replace_all(changes(files))
    assert everything(tmp_path) == before


def test_no_obstacle(files):
    assert [obstacle(path) for path in files] == [None, None]


PROGRAM = """
import sys
from pathlib import Path
from flake8_contracts.fixes.file_text import Refused
from flake8_contracts.fixes.replacement import Change, replace_all

path, name, done = Path(sys.argv[1]), sys.argv[2].encode(), 0
while done < 60:
    before = path.read_bytes()
    try:
        replace_all([Change(path, before, before + name + b"\\n")])
        done += 1
    except Refused:
        pass
"""


def test_two_processes_lose_nothing_of_each_other(tmp_path):
    """Each adds its lines to one file: every line of both is there in the end."""
    path = tmp_path / "lines.txt"
    path.write_bytes(b"")
    processes = [subprocess.Popen([sys.executable, "-c", PROGRAM, str(path), name]) for name in ("a", "b")]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    assert sorted(path.read_bytes().split()) == [b"a"] * 60 + [b"b"] * 60
    assert [item.name for item in tmp_path.iterdir()] == ["lines.txt"]
