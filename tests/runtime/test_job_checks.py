"""What is wrong before a script starts: everything at once, and nothing made."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts_runtime import ContractEnforcer, ContractViolation
from contracts_runtime.local_root import LocalRoot

NOBODY = 65534
INPUT, OUTPUT = "/opt/ml/processing/input/data", "/opt/ml/processing/output/result"


def contract(**fields: object) -> dict[str, object]:
    return {"entry_point": "job.py", **fields}


def problems_of(contract: object, **options: object) -> list[str]:
    with pytest.raises(ContractViolation) as caught, ContractEnforcer(contract, **options):  # type: ignore[arg-type]
        pytest.fail("the script must not run")
    return list(caught.value.problems)


# --- inputs ---


def test_a_file_where_a_directory_should_be_mounted(tmp_path: Path) -> None:
    (tmp_path / "processing/input").mkdir(parents=True)
    (tmp_path / "processing/input/data").write_text("a,b\n")
    fields = contract(expected_input_paths={"data": INPUT})
    [problem] = problems_of(fields, root=tmp_path)
    assert problem.endswith("it is a file, but SageMaker mounts a directory there; put the file below it")


def test_a_file_in_a_channel_is_one(tmp_path: Path) -> None:
    fields = contract(expected_input_paths={"table": "/opt/ml/input/data/train/table.csv"})
    (tmp_path / "input/data/train").mkdir(parents=True)
    [problem] = problems_of(fields, root=tmp_path)
    assert problem.endswith(
        "No such file or directory; the channel 'train' is there, but the file is not in it"
    )
    (tmp_path / "input/data/train/table.csv").write_text("a,b\n")
    with ContractEnforcer(fields, root=tmp_path):
        pass
    channel = contract(expected_input_paths={"train": "/opt/ml/input/data/train/table.csv/"})
    (tmp_path / "input/data/train/table.csv").unlink()
    (tmp_path / "input/data/train").rmdir()
    assert "the job has no channel 'train'; it has none" in problems_of(channel, root=tmp_path)[0]


@pytest.mark.parametrize("link", ["file", "directory"])
def test_links_are_files_that_can_be_read(tmp_path: Path, link: str) -> None:
    data = tmp_path / "processing/input/data"
    data.mkdir(parents=True)
    (data / "link").symlink_to(__file__ if link == "file" else Path(__file__).parent)
    with ContractEnforcer(contract(expected_input_paths={"data": INPUT}), root=tmp_path):
        pass


def test_inputs_that_need_not_be_there(tmp_path: Path) -> None:
    fields = contract(expected_input_paths={"data": INPUT, "signature": "/opt/ml/processing/input/signature"})
    (tmp_path / "processing/input/data").mkdir(parents=True)
    with ContractEnforcer(fields, root=tmp_path, optional_inputs=["data", "signature"], strict=True):
        pass
    [data, _] = problems_of(fields, root=tmp_path)
    assert "it is empty: there is no file below it" in data
    assert problems_of(fields, root=tmp_path, optional_inputs="dat")[0] == (
        "optional_inputs: no input 'dat' is declared; did you mean 'data'?"
    )


def test_what_is_written_below_a_checkpoint_is_copied(tmp_path: Path) -> None:
    fields = contract(
        expected_input_paths={"start": "/opt/ml/checkpoints", "train": "/opt/ml/input/data/train"},
        expected_output_paths={"end": "/opt/ml/checkpoints"},
    )
    for folder in ("checkpoints", "input/data/train"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "old").write_text("x")
    with ContractEnforcer(fields, root=tmp_path, strict=True):
        (tmp_path / "checkpoints/new").write_text("x")

    def script() -> None:
        for number in range(5):
            (tmp_path / f"input/data/train/new{number}").write_text("x")

    with pytest.raises(ContractViolation) as caught, ContractEnforcer(fields, root=tmp_path, strict=True):
        script()
    [problem] = caught.value.problems
    assert problem.startswith("files were written below input 'train': '")
    assert "new2' and 2 more; they are not uploaded" in problem


# --- outputs ---


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A directory in which this process may only look: the superuser, too, becomes nobody for a while."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "processing").mkdir()
        directory.chmod(0o755)
        (directory / "processing").chmod(0o555)
        user = os.geteuid()
        if user == 0:
            os.seteuid(NOBODY)
        try:
            yield directory
        finally:
            os.seteuid(user)
            (directory / "processing").chmod(0o755)


def test_read_only_parents(unprivileged: Path) -> None:
    fields = contract(
        expected_output_paths={"result": OUTPUT, "plots": "/opt/ml/processing/plots"}, required_env_vars=["A"]
    )
    assert problems_of(fields, root=unprivileged, environ={}) == [
        "the required environment variable 'A' is not set",
        (f"the directory of output 'result' cannot be made at '{unprivileged}/processing/output/result':"
        f" '{unprivileged}/processing' is read-only"),
        (f"the directory of output 'plots' cannot be made at '{unprivileged}/processing/plots':"
        f" '{unprivileged}/processing' is read-only"),
    ]  # fmt: skip


def test_unreadable_inputs(unprivileged: Path) -> None:
    fields = contract(expected_input_paths={"data": "/opt/ml/processing/data"})
    user = os.geteuid()
    os.seteuid(os.getuid())
    (unprivileged / "processing").chmod(0o755)
    (unprivileged / "processing/data").mkdir(mode=0o700)
    (unprivileged / "processing/data").chmod(0o000)
    os.seteuid(user)
    [problem] = problems_of(fields, root=unprivileged)
    assert problem.endswith("Permission denied")


def test_what_is_in_an_outputs_way(tmp_path: Path) -> None:
    (tmp_path / "processing/output").mkdir(parents=True)
    (tmp_path / "processing/output/result").write_text("x")
    (tmp_path / "processing/link").symlink_to(tmp_path / "nothing")
    fields = contract(
        expected_output_paths={
            "result": OUTPUT,
            "below": "/opt/ml/processing/output/result2/../x",
            "linked": "/opt/ml/processing/link/below",
            "fine": "/opt/ml/processing/fine",
        }
    )
    below, result, linked = problems_of(fields, root=tmp_path)
    assert "leaves a directory again" in below
    assert result.endswith(
        "a file is in the way, where SageMaker makes a directory; remove it, or write below the directory"
    )
    assert linked.endswith(f"'{tmp_path}/processing/link' is a link to nothing")
    assert not (tmp_path / "processing/fine").exists()


def test_an_error_while_directories_are_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "makedirs", full)
    fields = contract(expected_output_paths={"a": f"{OUTPUT}/a", "b": f"{OUTPUT}/b"})
    assert [problem[-25:] for problem in problems_of(fields, root=tmp_path)] == [
        ": No space left on device"
    ] * 2


# --- the contract, and the root ---


def test_contract_and_job_are_judged_together(tmp_path: Path) -> None:
    fields = contract(
        expected_input_paths={"data": INPUT, "bad": 7},
        expected_output_paths={"payload": "/opt/ml/processing/output/payload.tar.gz"},
        required_env_vars=["LABEL"],
        optional_env_vars=["RATIO"],
    )
    texts = problems_of(fields, root=tmp_path, environ={})
    assert len(texts) == 5
    for text, words in zip(
        texts, ["'bad'", "optional_env_vars", "payload.tar.gz", "'LABEL'", "input 'data'"], strict=True
    ):
        assert words in text
    assert "SageMaker creates a directory at exactly this path: writing the file fails" in texts[2]
    assert list(tmp_path.iterdir()) == []


def test_problems_of_a_file_have_their_line(tmp_path: Path) -> None:
    path = tmp_path / "job.contract.json"
    fields = {
        "entry_point": "job.py",
        "expected_output_paths": {"fine": OUTPUT, "home": "/home/x"},
        "required_env_vars": ["GOOD", "BAD NAME"],
        "optional_env_var": {},
    }
    path.write_text(json.dumps(fields, indent=1))
    lines = path.read_text().splitlines()
    with pytest.raises(ContractViolation) as caught:
        ContractEnforcer.from_file(path, root=tmp_path, environ={"GOOD": "", "BAD NAME": ""}).__enter__()
    assert str(caught.value).startswith(f"{path}: the contract of 'job.py': 3 problems")
    for problem in caught.value.problems:
        number, _, text = problem.removeprefix("line ").partition(": ")
        [word] = [each for each in ("optional_env_var", '"home"', "BAD NAME") if each.strip('"') in text]
        assert word in lines[int(number) - 1]


@pytest.mark.parametrize(("name", "words"), [("none", "does not exist"), ("file", "is a file")])
def test_a_root_that_is_none(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "file").write_text("")
    fields = contract(expected_input_paths={"data": INPUT}, expected_output_paths={"result": OUTPUT})
    assert problems_of(fields, root=tmp_path / name) == [
        (
            f"the root '{tmp_path / name}', which stands for '/opt/ml', {words};"
            " name a directory by root= or CONTRACTS_RUNTIME_ROOT"
        )
    ]


def test_outside_of_a_container_the_root_is_missing(tmp_path: Path) -> None:
    container = LocalRoot()
    assert container.is_container
    assert container.local("/opt/ml//processing/input/") == "/opt/ml/processing/input"
    nowhere = "/opt/ml/processing/input/of-no-machine"
    [problem] = problems_of(contract(expected_input_paths={"data": nowhere}), environ={})
    assert problem.startswith(f"input 'data' cannot be read at '{nowhere}': No such file or directory; ")


def test_a_relative_root_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ml").mkdir()
    monkeypatch.chdir(tmp_path)
    root = LocalRoot("ml")
    monkeypatch.chdir(tmp_path / "ml")
    assert root.local("/opt/ml/model") == str(tmp_path / "ml/model")
    assert root.local("/opt/ml") == str(tmp_path / "ml")
    assert root.local("/tmp/x") == "/tmp/x"
    assert root.container(str(tmp_path / "ml/model")) == "/opt/ml/model"
    assert root.container(str(tmp_path / "ml")) == "/opt/ml"
    assert root.container(str(tmp_path / "mlx")) is None
    (tmp_path / "link").symlink_to(tmp_path / "ml")
    assert LocalRoot(tmp_path / "link").container(str(tmp_path / "ml/a")) == "/opt/ml/a"
    assert LocalRoot("/opt/ml/").is_container
