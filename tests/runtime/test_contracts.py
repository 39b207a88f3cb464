"""The contract models."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from contracts_runtime import ContractEnforcer, ScriptContract, TrainingScriptContract
from contracts_runtime.contract_checks import CONTRACT_FIELDS, ERROR, check_contract

if TYPE_CHECKING:
    from pathlib import Path


def test_a_contract_is_what_its_fields_say() -> None:
    contract = ScriptContract(
        entry_point="preprocess.py",
        expected_input_paths={"DATA": "/opt/ml/processing/input/data"},
        expected_output_paths={"processed": "/opt/ml/processing/output"},
        required_env_vars=["LABEL_FIELD"],
        optional_env_vars={"TRAIN_RATIO": "0.7"},
        expected_arguments={"job_type": "training"},
        framework_requirements={"pandas": ">=2.0"},
        description="Splits the data",
    )
    assert contract.kind == "processing"
    assert contract.expected_input_paths["DATA"] == "/opt/ml/processing/input/data"
    assert contract.required_env_vars == ["LABEL_FIELD"]
    assert contract.problems() == []
    assert ScriptContract.model_validate(contract.model_dump()) == contract
    assert ScriptContract.model_validate_json(contract.model_dump_json()) == contract
    assert tuple(contract.model_dump()) == CONTRACT_FIELDS


def test_everything_but_the_script_may_be_missing() -> None:
    contract = TrainingScriptContract(entry_point="train.py")
    assert contract.kind == "training"
    assert (contract.expected_input_paths, contract.required_env_vars, contract.description) == ({}, [], "")


def test_a_contract_does_not_change() -> None:
    contract = ScriptContract(entry_point="a.py")
    with pytest.raises(ValidationError, match="frozen"):
        contract.entry_point = "b.py"


def test_all_errors_come_at_once() -> None:
    with pytest.raises(ValueError, match="4 validation errors for ScriptContract") as caught:
        ScriptContract(
            entry_point="../a.py",
            expected_input_paths={"DATA": "/data"},
            required_env_vars=["A"],
            optional_env_vars={"A": "1"},
            expected_output={},  # type: ignore[call-arg]
        )
    text = str(caught.value)
    assert "expected_input_paths.DATA\n  expected_input_paths['DATA'] '/data' lies outside" in text
    assert "use a path such as '/opt/ml/processing/input/DATA' [type=path-outside-container]" in text
    assert "'expected_output' is not a field of a contract; did you mean 'expected_output_paths'?" in text
    assert "[type=env-var-declared-twice]" in text
    assert "entry_point '../a.py' leaves the source directory" in text
    assert isinstance(caught.value, ValidationError)
    assert [error["loc"] for error in caught.value.errors()] == [
        ("expected_output",),
        ("entry_point",),
        ("expected_input_paths", "DATA"),
        ("optional_env_vars", "A"),
    ]


def test_each_kind_has_paths_of_its_own() -> None:
    channel = {"train": "/opt/ml/input/data/train"}
    assert TrainingScriptContract(entry_point="a.py", expected_input_paths=channel).problems() == []
    with pytest.raises(ValueError, match="or a TrainingScriptContract for a training job"):
        ScriptContract(entry_point="a.py", expected_input_paths=channel)


def test_doubts_are_accepted_and_listed() -> None:
    contract = ScriptContract(
        entry_point="payload.py",
        expected_output_paths={"payload": "/opt/ml/processing/output/payload.tar.gz"},
    )
    assert [problem.rule for problem in contract.problems()] == ["output-path-is-file"]


def test_odd_input_is_a_clear_error() -> None:
    with pytest.raises(ValidationError, match="entry_point' is missing"):
        ScriptContract.model_validate({})
    with pytest.raises(ValidationError, match="ScriptContract"):
        ScriptContract.model_validate("a.py")
    with pytest.raises(ValidationError, match="has a key that is an integer"):
        ScriptContract.model_validate({"entry_point": "a.py", "expected_arguments": {10**5000: "\udc80"}})


def test_a_subclass_may_have_fields_and_defaults_of_its_own() -> None:
    class Team(ScriptContract):
        entry_point: str = "team.py"
        owner: str
        optional_env_vars: dict[str, str] = Field(default_factory=lambda: {"REGION": "eu"})

    contract = Team(owner="risk", required_env_vars=["LABEL"])
    assert (contract.entry_point, contract.problems()) == ("team.py", [])
    with pytest.raises(ValidationError, match="env-var-declared-twice"):
        Team(owner="risk", required_env_vars=["REGION"])
    with pytest.raises(ValidationError, match="owner"):
        Team()  # type: ignore[call-arg]


def test_a_contract_can_be_a_field() -> None:
    class Step(BaseModel):
        contract: ScriptContract

    assert Step.model_validate({"contract": {"entry_point": "a.py"}}).contract.entry_point == "a.py"
    with pytest.raises(ValidationError, match=r"contract\.entry_point\n"):
        Step.model_validate({"contract": {"entry_point": ""}})


@given(
    st.fixed_dictionaries(
        {"entry_point": st.sampled_from(["a.py", "", "x/../a.py", 3])},
        optional={
            "expected_output_paths": st.dictionaries(
                st.sampled_from(["a", "b", ""]),
                st.sampled_from(
                    ["/opt/ml/processing/a", "/opt/ml/model", "/opt/ml/processing/a/x.csv", "x", 1]
                ),
            ),
            "required_env_vars": st.lists(st.sampled_from(["A", "B", "1"])),
            "optional_env_vars": st.dictionaries(
                st.sampled_from(["A", "C"]), st.sampled_from(["", "1", None])
            ),
        },
    )
)
def test_construction_fails_exactly_on_errors(fields: dict[str, object]) -> None:
    for model, kind in ((ScriptContract, "processing"), (TrainingScriptContract, "training")):
        errors = [problem for problem in check_contract(fields, kind) if problem.severity == ERROR]
        if errors:
            with pytest.raises(ValidationError) as caught:
                model.model_validate(fields)
            assert [each["type"] for each in caught.value.errors()] == [problem.rule for problem in errors]
        else:
            assert model.model_validate(fields).problems() == check_contract(fields, kind)


# --- with the enforcer and the linter ---


def test_enforcement_starts_from_the_contract(tmp_path: Path) -> None:
    contract = TrainingScriptContract(entry_point="a.py", expected_output_paths={"model": "/opt/ml/model"})
    enforcer = contract.enforce_at_runtime(root=tmp_path, strict=True)
    assert isinstance(enforcer, ContractEnforcer)
    assert (enforcer.kind, enforcer.strict) == ("training", True)
    assert enforcer.get_output_path("model") == str(tmp_path / "model")


def _linter(monkeypatch: pytest.MonkeyPatch, findings: list[object]) -> list[tuple[object, ...]]:
    """Put a linter in place that returns ``findings``; return the list of its calls."""
    calls: list[tuple[object, ...]] = []

    def check_script_against(*arguments: object) -> list[object]:
        calls.append(arguments)
        return findings

    api = ModuleType("flake8_contracts.api")
    api.check_script_against = check_script_against  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "flake8_contracts.api", api)
    return calls


def test_findings_of_the_linter_are_errors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    script.write_text("import os\n")
    finding = SimpleNamespace(path="a.py", line=3, column=9, code="SMC201", message="'X' is not declared")
    calls = _linter(monkeypatch, [finding])
    contract = TrainingScriptContract(
        entry_point="a.py", expected_output_paths={"model": "/opt/ml/model/model.tar.gz"}
    )
    result = contract.validate_implementation(script)
    assert not result.is_valid
    assert result.errors == ["a.py:3:9: SMC201 'X' is not declared"]
    assert len(result.warnings) == 1
    assert "names a file" in result.warnings[0]
    assert calls == [(script, contract.model_dump(), "training")]


def test_no_findings_are_success(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    script.write_text("")
    _linter(monkeypatch, [])
    assert ScriptContract(entry_point="a.py").validate_implementation(str(script)).is_valid
    missing = ScriptContract(entry_point="a.py").validate_implementation(tmp_path / "b.py")
    assert not missing.is_valid
    assert "is not a file" in missing.errors[0]


def test_without_the_linter_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "flake8_contracts.api", None)
    with pytest.raises(ImportError, match="install it with 'pip install flake8-contracts'"):
        ScriptContract(entry_point="a.py").validate_implementation("a.py")


# --- from files ---

STEP = """\
step_type: Fit
contract:
  entry_point: fit.py
  inputs:
    rows: {path: /opt/ml/input/data/rows}
  outputs:
    model: {path: /opt/ml/model}
  env_vars: {required: [LABEL], optional: {EPOCHS: "3"}}
"""


def test_a_contract_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "score.contract.toml"
    path.write_text('entry_point = "score.py"\n[expected_input_paths]\nx = "/opt/ml/processing/input/x"\n')
    contract = ScriptContract.from_file(path)
    assert contract == ScriptContract(
        entry_point="score.py", expected_input_paths={"x": "/opt/ml/processing/input/x"}
    )
    assert contract.kind == "processing"


def test_the_contract_of_a_step_interface_whose_paths_are_those_of_a_training_job(tmp_path: Path) -> None:
    path = tmp_path / "fit.step.yaml"
    path.write_text(STEP)
    contract = ScriptContract.from_file(str(path))
    assert isinstance(contract, TrainingScriptContract)
    assert contract.expected_output_paths == {"model": "/opt/ml/model"}
    assert contract.required_env_vars == ["LABEL"]
    assert contract.optional_env_vars == {"EPOCHS": "3"}


def test_arguments_whose_values_the_pipeline_chooses_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "fit.step.yaml"
    path.write_text(
        STEP + "  arguments: {mode: fast}\n  job_arguments: [{flag: --job_type, source: job_type}]\n"
    )
    assert ScriptContract.from_file(path).expected_arguments == {"mode": "fast"}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.step.yaml", "step_type: Wait\nspec: {outputs: {}}\n", "a.step.yaml: the step runs no script"),
        ("a.contract.yaml", "entry_point: [\n", "a.contract.yaml"),
        (
            "a.contract.json",
            '{"entry_point": "a.py",\n "expected_input_paths": {"x": 3}}',
            r"a\.contract\.json:2: .*'x'",
        ),
    ],
)
def test_a_file_without_a_valid_contract_is_refused(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=reason):
        ScriptContract.from_file(tmp_path / name)


def test_only_the_contract_of_a_step_must_be_valid(tmp_path: Path) -> None:
    path = tmp_path / "fit.step.yaml"
    path.write_text(STEP + "spec: {outputs: {x: {typ: 3}}}\n")
    assert ScriptContract.from_file(path).kind == "training"
    path.write_text(STEP.replace("outputs:", "outptus:"))
    with pytest.raises(ValueError, match=r"fit\.step\.yaml:\d: 'outptus' is no key of the contract"):
        ScriptContract.from_file(path)
