"""Specifications against contracts, one step against another, and whole folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts_runtime import (
    DependencySpec,
    DependencyType,
    OutputSpec,
    ScriptContract,
    SpecificationRegistry,
    StepSpecification,
    ValidationResult,
    validate_all_contracts,
    validate_cross_step_compatibility,
    validate_spec_against_contract,
)
from contracts_runtime.alignment import validate_folder
from contracts_runtime.compatibility import accepts_source, accepts_type, is_variant
from contracts_runtime.specification_fields import DEPENDENCY_TYPES

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"


def needs(name, kind="processing_output", *sources, required=True, **fields) -> DependencySpec:
    return DependencySpec(
        logical_name=name,
        dependency_type=DependencyType(kind),
        required=required,
        compatible_sources=list(sources),
        **fields,
    )


def offers(name, kind="processing_output", *aliases, **fields) -> OutputSpec:
    return OutputSpec(logical_name=name, output_type=DependencyType(kind), aliases=list(aliases), **fields)


def step(step_type, dependencies=(), outputs=(), contract=None, **fields) -> StepSpecification:
    node_type = {(0, 0): "singular", (0, 1): "source", (1, 0): "sink", (1, 1): "internal"}[
        bool(dependencies), bool(outputs)
    ]
    return StepSpecification(
        step_type=step_type,
        node_type=node_type,
        dependencies=dependencies,
        outputs=outputs,
        script_contract=contract,
        **fields,
    )


def path(name: str) -> str:
    return f"properties.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri"


CONTRACT = ScriptContract(
    entry_point="preprocess.py",
    expected_input_paths={"DATA": "/opt/ml/processing/input/data"},
    expected_output_paths={"processed_data": "/opt/ml/processing/output"},
)
ALIGNED = step(
    "TabularPreprocessing",
    [needs("DATA")],
    [offers("processed_data", "training_data", "input_path", property_path=path("processed_data"))],
    CONTRACT,
)

# --- against the contract ---


def test_an_aligned_specification():
    assert ALIGNED.validate_contract_alignment() == ValidationResult.success()
    assert validate_spec_against_contract(ALIGNED) == ValidationResult.success()


def test_everything_that_is_misaligned_is_told_at_once():
    misaligned = step(
        "TabularPreprocessing",
        [needs("data"), needs("SIGNATURE", required=False)],
        [
            offers("processed", property_path=path("processed_data")),
            offers("second", property_path="properties.ModelArtifacts.S3ModelArtifacts"),
        ],
        CONTRACT,
    )
    result = misaligned.validate_contract_alignment()
    assert result == validate_spec_against_contract(misaligned)
    assert not result.is_valid
    assert [
        text
        for text in (
            "outputs['processed']: property_path",
            "outputs['second']: property_path",
            "the required dependency 'data' is no input",
            "the output 'processed' is no output",
            "the output 'second' is no output",
            "provides the contract's input 'DATA'",
        )
        if sum(text in message for message in result.errors) != 1
    ] == []
    assert len(result.errors) == 6
    assert len(result.warnings) == 1
    assert "does not publish the contract's output 'processed_data'" in result.warnings[0]


def test_another_contract_may_be_compared():
    other = CONTRACT.model_copy(update={"expected_input_paths": {"RAW": "/opt/ml/processing/input/raw"}})
    assert validate_spec_against_contract(ALIGNED, CONTRACT).is_valid
    result = validate_spec_against_contract(ALIGNED, other)
    assert len(result.errors) == 2
    assert ALIGNED.validate_contract_alignment().is_valid


def test_without_a_contract_only_the_property_paths_are_checked():
    alone = step("Unknown", [needs("anything")], [offers("x", property_path=path("y"))])
    [error] = validate_spec_against_contract(alone).errors
    assert "refers to the output 'y'" in error
    assert alone.validate_contract_alignment().errors == [error]


def test_errors_and_warnings_have_names_values_and_a_remedy():
    renamed = step(
        "T", [needs("DATUM")], [offers("processed_data", property_path=path("processed_data"))], CONTRACT
    )
    by_rule = {problem.rule: problem for problem in renamed.problems()}
    problem = by_rule["dependency-not-in-contract"]
    assert (problem.field, problem.key, problem.value, problem.expected) == (
        "dependencies",
        "DATUM",
        "DATUM",
        "DATA",
    )
    assert problem.remedy == "did you mean 'DATA'?"
    problem = by_rule["input-without-dependency"]
    assert (problem.key, problem.value, problem.expected) == ("DATA", "DATUM", "DATA")
    assert problem.remedy == "rename the dependency 'DATUM'"


# --- one step against another ---

TRAINING = step("XGBoostTraining", [needs("input_path", "training_data", "TabularPreprocessing")])


def test_a_compatible_pair():
    assert validate_cross_step_compatibility(ALIGNED, TRAINING) == ValidationResult.success()


def test_a_job_type_variant_counts_as_its_step_type():
    variant = ALIGNED.model_copy(update={"step_type": "TabularPreprocessing_Calibration"})
    assert validate_cross_step_compatibility(variant, TRAINING).is_valid
    of_variant = step(
        "XGBoostTraining", [needs("input_path", "training_data", "TabularPreprocessing_Training")]
    )
    assert validate_cross_step_compatibility(ALIGNED, of_variant).is_valid
    assert not validate_cross_step_compatibility(variant, of_variant).is_valid


def test_a_foreign_source_is_refused_and_the_near_one_named():
    other = ALIGNED.model_copy(update={"step_type": "TabularPreprocesing"})
    [error] = validate_cross_step_compatibility(other, TRAINING).errors
    assert error == (
        "the step 'XGBoostTraining' gets 'input_path' from 'TabularPreprocesing', of the type 'TabularPreprocesing',"
        " which is none of its compatible sources 'TabularPreprocessing'; write 'TabularPreprocesing' for"
        " 'TabularPreprocessing' there, or use another step"
    )


@pytest.mark.parametrize(("required", "kind"), [(True, "errors"), (False, "warnings")])
def test_types_must_fit(required, kind):
    consumer = step("Package", [needs("model", "model_artifacts", "TabularPreprocessing", required=required)])
    result = validate_cross_step_compatibility(ALIGNED, consumer)
    [message] = getattr(result, kind)
    assert result.is_valid is not required
    assert "takes model_artifacts, S3Uri, but there 'processed_data' is training_data, S3Uri" in message


def test_data_types_must_fit():
    consumer = step("T", [needs("x", "training_data", "TabularPreprocessing", data_type="String")])
    [error] = validate_cross_step_compatibility(ALIGNED, consumer).errors
    assert "takes training_data, String" in error


def test_all_problems_come_at_once():
    consumer = step(
        "Evaluation",
        [
            needs("model", "model_artifacts", "TabularPreprocessing"),
            needs("hyper", "custom_property", "TabularPreprocessing", data_type="Integer"),
            needs("extra", "model_artifacts", "TabularPreprocessing", required=False),
            needs("input_path", "model_artifacts"),
            needs("elsewhere", "model_artifacts", "Other"),
        ],
    )
    result = validate_cross_step_compatibility(ALIGNED, consumer)
    assert [message.split("'")[3] for message in result.errors] == ["model", "hyper", "input_path"]
    assert [message.split("'")[3] for message in result.warnings] == ["extra"]


def test_nothing_to_pass_on_is_an_error():
    [error] = validate_cross_step_compatibility(ALIGNED, step("Lonely")).errors
    assert "no dependency of the step 'Lonely' takes an output of 'TabularPreprocessing'" in error


def test_an_alias_decides_between_outputs_that_fit():
    two = step("Split", [], [offers("train", "training_data"), offers("val", "training_data")])
    result = validate_cross_step_compatibility(
        two, step("T", [needs("input_path", "training_data", "Split")])
    )
    assert result.is_valid
    [warning] = result.warnings
    assert "where 'train', 'val' fit equally well" in warning
    assert "give the right one the alias 'input_path'" in warning
    aliased = step(
        "Split", [], [offers("train", "training_data"), offers("val", "training_data", "input_path")]
    )
    result = validate_cross_step_compatibility(
        aliased, step("T", [needs("input_path", "training_data", "Split")])
    )
    assert result == ValidationResult.success()


@given(st.sampled_from(DEPENDENCY_TYPES), st.sampled_from(DEPENDENCY_TYPES))
def test_every_type_takes_itself_and_a_model_takes_models_only(wanted, offered):
    assert accepts_type(wanted, wanted)
    assert accepts_type(wanted, None)
    assert accepts_type(None, offered)
    if "model_artifacts" in {wanted, offered} - {"custom_property"} and wanted != "custom_property":
        assert accepts_type(wanted, offered) is (wanted == offered)


STEP_TYPE = st.lists(st.text("ABab", min_size=1, max_size=3), min_size=1, max_size=3).map("_".join)


@given(STEP_TYPE, STEP_TYPE)
def test_variants_are_told_by_their_first_words(one, other):
    shorter, longer = sorted((one, other), key=len)
    is_first_words = longer.split("_")[: len(shorter.split("_"))] == shorter.split("_")
    assert is_variant(one, other) is is_variant(other, one) is is_first_words
    assert accepts_source([one], other) is is_first_words


def test_a_kind_of_step_may_be_a_source():
    assert accepts_source(["ProcessingStep"], "Anything", {"Processing"})
    assert not accepts_source(["ProcessingStep"], "Anything", {"Training"})
    assert accepts_source([], "Anything")


# --- everything at once ---


def test_all_contracts_of_a_registry():
    registry = SpecificationRegistry("tested")
    registry.register("Preprocess", ALIGNED)
    registry.register("Again", step("TabularPreprocessing", [needs("DATA")], contract=CONTRACT))
    result = validate_all_contracts(registry)
    assert result.errors == []
    [warning] = result.warnings
    assert warning.startswith("Again: the specification (it has none) does not publish")


def test_all_contracts_of_some_specifications():
    result = validate_all_contracts([ALIGNED, step("Other", [needs("x")], contract=CONTRACT)])
    assert len(result.errors) == 2
    assert all(message.startswith("Other: ") for message in result.errors)
    assert validate_all_contracts([]) == ValidationResult.success()


def test_all_contracts_of_a_folder():
    assert validate_all_contracts(FIXTURES / "clean") == ValidationResult.success()
    result = validate_all_contracts(str(FIXTURES / "broken"))
    assert not result.is_valid
    assert any(
        message.startswith("contracts/package.contract.json: line ") and "calibration_input" in message
        for message in result.errors
    )
    assert any(
        message.startswith("steps/model_calibration.step.yaml: line 9: not valid YAML")
        for message in result.errors
    )


def test_a_folder_that_is_missing_or_empty_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="is not a folder"):
        validate_all_contracts(tmp_path / "none")
    with pytest.raises(ValueError, match="there is no"):
        validate_all_contracts(tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "a.contract.yaml").write_text("entry_point: a.py\n", encoding="utf-8")
    with pytest.raises(ValueError, match="there is no"):
        validate_all_contracts(tmp_path)


def test_a_file_is_named_relative_to_the_folder(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.contract.json").write_text('{"entry_point": 1}', encoding="utf-8")
    (tmp_path / "b.contract.toml").write_text('entry_point = "b.py"\n', encoding="utf-8")
    results = validate_folder(tmp_path)
    assert list(results) == ["b.contract.toml", "deep/er/a.contract.json"]
    assert results["b.contract.toml"] == ValidationResult.success()
    assert results["deep/er/a.contract.json"].errors == [
        "line 1: entry_point is an integer, not a string; write it like 'preprocess.py'"
    ]
