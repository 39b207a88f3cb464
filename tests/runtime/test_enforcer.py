"""Enforcement of a contract where its script runs."""

from __future__ import annotations

import json
import logging
import pickle
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from contracts_runtime import ContractViolation, ScriptContract
from contracts_runtime.enforcer import ROOT_VARIABLE, ContractEnforcer, UnknownNameError

CONTRACT: dict[str, object] = {
    "entry_point": "preprocess.py",
    "expected_input_paths": {"DATA": "/opt/ml/processing/input/data"},
    "expected_output_paths": {
        "processed": "/opt/ml/processing/output/processed",
        "report": "/opt/ml/processing/output/report/",
    },
    "required_env_vars": ["LABEL_FIELD"],
    "optional_env_vars": {"TRAIN_RATIO": "0.7"},
}
ENVIRON = {"LABEL_FIELD": "label"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory that looks like ``/opt/ml`` when the job starts."""
    data = tmp_path / "processing/input/data"
    data.mkdir(parents=True)
    (data / "part-0.csv").write_text("a,b\n")
    return tmp_path


def write_outputs(root: Path) -> None:
    for name in ("processed", "report"):
        (root / "processing/output" / name / "data.csv").write_text("a,b\n")


def test_a_script_runs_under_its_contract(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "contracts_runtime")
    with ContractEnforcer(CONTRACT, root=root, environ=ENVIRON) as enforcer:
        assert enforcer.get_input_path("DATA") == str(root / "processing/input/data")
        assert enforcer.get_output_path("report") == str(root / "processing/output/report")
        assert (root / "processing/output/processed").is_dir()
        assert enforcer.get_env("LABEL_FIELD") == "label"
        assert enforcer.get_env("TRAIN_RATIO") == "0.7"
        write_outputs(root)
    assert [record.levelname for record in caplog.records] == ["INFO", "INFO"]
    assert "the contract of 'preprocess.py' is fulfilled: 2 outputs" in caplog.text


def test_paths_are_the_containers_own_without_a_root() -> None:
    enforcer = ContractEnforcer(CONTRACT, environ=ENVIRON)
    assert enforcer.get_input_path("DATA") == "/opt/ml/processing/input/data"
    assert enforcer.get_output_path("report") == "/opt/ml/processing/output/report"


def test_a_variable_can_name_the_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    monkeypatch.setenv("LABEL_FIELD", "label")
    with ContractEnforcer(CONTRACT) as enforcer:
        assert enforcer.get_input_path("DATA") == str(root / "processing/input/data")
        write_outputs(root)
    monkeypatch.setenv(ROOT_VARIABLE, "")
    assert ContractEnforcer(CONTRACT).get_input_path("DATA") == "/opt/ml/processing/input/data"
    assert ContractEnforcer(CONTRACT, root="elsewhere").root == str(Path.cwd() / "elsewhere")


def test_the_environments_value_wins_over_the_default(root: Path) -> None:
    enforcer = ContractEnforcer(CONTRACT, environ={"TRAIN_RATIO": ""})
    assert enforcer.get_env("TRAIN_RATIO") == ""
    with pytest.raises(ContractViolation, match="the required environment variable 'LABEL_FIELD' is not set"):
        enforcer.get_env("LABEL_FIELD")


# --- on entry ---


def test_everything_that_is_missing_is_listed_at_once(tmp_path: Path) -> None:
    (tmp_path / "processing/output").mkdir(parents=True)
    (tmp_path / "processing/output/report").write_text("in the way")
    with pytest.raises(ContractViolation) as caught, ContractEnforcer(CONTRACT, root=tmp_path, environ={}):
        pytest.fail("the script must not run")
    variable, data, report = caught.value.problems
    assert variable == "the required environment variable 'LABEL_FIELD' is not set"
    assert data.startswith("input 'DATA' cannot be read at '")
    assert data.endswith(
        "No such file or directory; give the job an input that is mounted at '/opt/ml/processing/input/data'"
    )
    assert report.startswith("the directory of output 'report' cannot be made at '")
    assert str(caught.value).splitlines()[0] == "the contract of 'preprocess.py': 3 problems"
    assert str(caught.value).splitlines()[1] == f"  - {variable}"
    assert isinstance(caught.value, RuntimeError)


def test_a_wrong_contract_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    contract = {
        "entry_point": "payload.py",
        "expected_output_paths": {
            "payload": "/opt/ml/processing/output/payload.tar.gz",
            "rest": "/opt/ml/processing/rest",
            "wrong": "/home/x",
        },
        "expected_inputs": {},
    }
    with pytest.raises(ContractViolation) as caught, ContractEnforcer(contract, root=tmp_path, environ={}):
        pytest.fail("the script must not run")
    unknown, payload, wrong = caught.value.problems
    assert "did you mean 'expected_input_paths'?" in unknown
    assert "names a file" in payload
    assert "declare the directory '/opt/ml/processing/output'" in payload
    assert "lies outside" in wrong
    assert list(tmp_path.iterdir()) == []


def test_one_problem_is_one_line(root: Path) -> None:
    with pytest.raises(ContractViolation) as caught, ContractEnforcer(CONTRACT, root=root, environ={}):
        pytest.fail("the script must not run")
    assert str(caught.value) == (
        "the contract of 'preprocess.py': the required environment variable 'LABEL_FIELD' is not set"
    )
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


# --- names ---


@pytest.mark.parametrize(
    ("ask", "name", "hint"),
    [
        ("get_input_path", "data", "no input 'data' is declared; did you mean 'DATA'?"),
        ("get_input_path", "report", "no input 'report' is declared; it is an output"),
        ("get_output_path", "DATA", "no output 'DATA' is declared; it is an input"),
        ("get_output_path", "procesed", "did you mean 'processed'?"),
        ("get_output_path", "xyz", "declared are 'processed', 'report'"),
        (
            "get_env",
            "TRAIN_RATOI",
            "no environment variable 'TRAIN_RATOI' is declared; did you mean 'TRAIN_RATIO'?",
        ),
        ("get_env", "PATH", "declared are 'LABEL_FIELD', 'TRAIN_RATIO'"),
    ],
)
def test_unknown_names_are_explained(ask: str, name: str, hint: str) -> None:
    enforcer = ContractEnforcer(CONTRACT, environ={"TRAIN_RATOI": "x", "PATH": "x"})
    with pytest.raises(UnknownNameError) as caught:
        getattr(enforcer, ask)(name)
    assert hint in str(caught.value)
    assert isinstance(caught.value, KeyError)
    assert isinstance(caught.value, ContractViolation)


def test_without_any_declaration_the_hint_says_so() -> None:
    with pytest.raises(KeyError, match="none is declared"):
        ContractEnforcer({"entry_point": "a.py"}, environ={}).get_output_path("x")


# --- on exit ---


def test_empty_outputs_are_logged(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    with ContractEnforcer(CONTRACT, root=root, environ=ENVIRON):
        report = root / "processing/output/report"
        (report / "nested").mkdir()
        (report / "nested/link").symlink_to(__file__)  # SageMaker does not upload links
        (root / "processing/output/processed").rmdir()
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "output 'processed' is empty: there is no file below" in caplog.text
    assert "output 'report' is empty" in caplog.text


def test_nested_files_count(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    with ContractEnforcer(CONTRACT, root=root, environ=ENVIRON, strict=True):
        write_outputs(root)
        deep = root / "processing/output/report/a/b"
        deep.mkdir(parents=True)
        (root / "processing/output/report/data.csv").replace(deep / "data.csv")
    assert caplog.records == []


def test_empty_outputs_are_a_violation_when_strict(root: Path) -> None:
    with (
        pytest.raises(ContractViolation) as caught,
        ContractEnforcer(CONTRACT, root=root, environ=ENVIRON, strict=True),
    ):
        (root / "processing/output/report/data.csv").write_text("x")
    [problem] = caught.value.problems
    assert problem.startswith("output 'processed' is empty")


def test_an_exception_is_neither_swallowed_nor_masked(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (
        pytest.raises(ZeroDivisionError) as caught,
        ContractEnforcer(CONTRACT, root=root, environ=ENVIRON, strict=True),
    ):
        1 / 0  # noqa: B018
    assert caught.value.__context__ is None
    assert caplog.records == []


@pytest.mark.parametrize(("code", "messages"), [(0, 2), (None, 2), (1, 0), ("failed", 0), ([], 0)])
def test_leaving_by_exit_keeps_the_exit_code(
    root: Path, caplog: pytest.LogCaptureFixture, code: object, messages: int
) -> None:
    with (
        pytest.raises(SystemExit) as caught,
        ContractEnforcer(CONTRACT, root=root, environ=ENVIRON, strict=True),
    ):
        sys.exit(code)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert [record.levelname for record in caplog.records] == ["ERROR"] * messages


# --- where contracts come from ---


def test_a_model_an_object_and_a_mapping_are_the_same_contract(root: Path) -> None:
    model = ScriptContract.model_validate(CONTRACT)
    loose = SimpleNamespace(**CONTRACT, expected_arguments=None, something_else=1)
    for contract in (CONTRACT, model, loose):
        with ContractEnforcer(contract, root=root, environ=ENVIRON) as enforcer:
            assert enforcer.kind == "processing"
            write_outputs(root)


def test_what_is_no_contract_is_refused() -> None:
    with pytest.raises(TypeError, match="expected a contract or a mapping of its fields, not str"):
        ContractEnforcer("contract.json")
    with pytest.raises(ValueError, match="unknown kind of job 'transform'"):
        ContractEnforcer(CONTRACT, kind="transform")


def test_the_kind_of_job_comes_from_the_paths_if_nothing_tells_it(tmp_path: Path) -> None:
    contract = {
        "entry_point": "train.py",
        "expected_input_paths": {"train": "/opt/ml/input/data/train/train.csv"},
        "expected_output_paths": {"model": "/opt/ml/model", "failure": "/opt/ml/output/failure"},
    }
    (tmp_path / "input/data/train").mkdir(parents=True)
    (tmp_path / "input/data/train/train.csv").write_text("a\n")
    with ContractEnforcer(contract, root=tmp_path, environ={}, strict=True) as enforcer:
        assert enforcer.kind == "training"
        (tmp_path / "model/model.json").write_text("{}")
        # SageMaker gives this path a meaning as a file: it is not made, and need not be there.
        assert not (tmp_path / "output/failure").exists()
    with pytest.raises(ContractViolation, match="lies outside"):
        ContractEnforcer(contract, kind="processing", root=tmp_path, environ={}).__enter__()


def test_a_contract_can_be_read_from_json(root: Path) -> None:
    path = root / "preprocess.contract.json"
    path.write_text(json.dumps({"$schema": "contract.schema.json", **CONTRACT}), encoding="utf-8")
    with ContractEnforcer.from_file(path, root=root, environ=ENVIRON) as enforcer:
        assert enforcer.get_env("TRAIN_RATIO") == "0.7"
        write_outputs(root)
    assert ContractEnforcer.from_file(str(path), strict=True, kind="training").kind == "training"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{\n  "entry_point" "a.py"\n}', "line 2 column 17"),
        (b'{"entry_point": "a.py", "entry_point": "b.py"}', "the key 'entry_point' is there twice"),
        (b'["a.py"]', "expected an object, found a list"),
        (b"", "line 1 column 1"),
        (b'{"entry_point": "\xff"}', "utf-8"),
    ],
)
def test_a_file_without_a_contract_is_explained(tmp_path: Path, text: bytes, reason: str) -> None:
    path = tmp_path / "broken.contract.json"
    path.write_bytes(text)
    with pytest.raises(ContractViolation) as caught:
        ContractEnforcer.from_file(path)
    assert str(caught.value).startswith(f"{path}: no contract can be read: ")
    assert reason in str(caught.value)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ContractEnforcer.from_file(tmp_path / "none.contract.json")
