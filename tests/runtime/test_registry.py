"""The registry: steps by name and type, compatible outputs with reasons, and the validation of a pipeline."""

from __future__ import annotations

import itertools

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
)


def needs(name, kind="processing_output", *sources, required=True, keywords=()) -> DependencySpec:
    return DependencySpec(
        logical_name=name,
        dependency_type=DependencyType(kind),
        required=required,
        compatible_sources=list(sources),
        semantic_keywords=list(keywords),
    )


def offers(name, kind="processing_output", *aliases) -> OutputSpec:
    return OutputSpec(logical_name=name, output_type=DependencyType(kind), aliases=list(aliases))


def step(step_type, dependencies=(), outputs=(), contract=None) -> StepSpecification:
    node_type = {(0, 0): "singular", (0, 1): "source", (1, 0): "sink", (1, 1): "internal"}[
        bool(dependencies), bool(outputs)
    ]
    return StepSpecification(
        step_type=step_type,
        node_type=node_type,
        dependencies=dependencies,
        outputs=outputs,
        script_contract=contract,
    )


LOADING = step("DataLoading", [], [offers("DATA")])
TRAINING_DATA = step(
    "TabularPreprocessing_Training",
    [needs("DATA", "processing_output", "DataLoading")],
    [offers("processed_data", "training_data", "input_path")],
)
CALIBRATION_DATA = step(
    "TabularPreprocessing_Calibration",
    [needs("DATA", "processing_output", "DataLoading")],
    [offers("processed_data", "training_data", "eval_data_input")],
)
TRAINING = step(
    "XGBoostTraining",
    [needs("input_path", "training_data", "TabularPreprocessing")],
    [offers("model_output", "model_artifacts", "model_input")],
)
EVALUATION = step(
    "ModelEvaluation",
    [
        needs("model_input", "model_artifacts", "XGBoostTraining"),
        needs("eval_data_input", "training_data", "TabularPreprocessing"),
    ],
)


def pipeline(**changed: StepSpecification | None) -> SpecificationRegistry:
    registry = SpecificationRegistry("train and evaluate")
    steps: dict[str, StepSpecification | None] = {
        "Load": LOADING,
        "Preprocess": TRAINING_DATA,
        "Calibrate": CALIBRATION_DATA,
        "Train": TRAINING,
        "Evaluate": EVALUATION,
    }
    for name, specification in {**steps, **changed}.items():
        if specification is not None:
            registry.register(name, specification)
    return registry


# --- steps ---


def test_steps_are_found_by_name_and_type():
    registry = pipeline()
    assert len(registry) == 5
    assert "Train" in registry
    assert "XGBoostTraining" not in registry
    assert registry.list_step_names() == ["Load", "Preprocess", "Calibrate", "Train", "Evaluate"]
    assert registry.get_specification("Train") == TRAINING
    assert registry.get_specification("Trainer") is None
    assert registry.get_specifications_by_type("XGBoostTraining") == [TRAINING]
    assert registry.get_specifications_by_type("TabularPreprocessing") == [TRAINING_DATA, CALIBRATION_DATA]
    assert registry.get_specifications_by_type("TabularPreprocessing_Training") == [TRAINING_DATA]
    assert registry.get_specifications_by_type("Tabular") == []
    registry.register("Train2", TRAINING)
    assert registry.get_specifications_by_type("XGBoostTraining") == [TRAINING, TRAINING]
    assert registry.list_step_types().count("XGBoostTraining") == 1
    assert repr(registry) == "SpecificationRegistry(context_name='train and evaluate', steps=6)"


def test_what_cannot_be_registered():
    registry = SpecificationRegistry()
    with pytest.raises(TypeError, match="the step 'A' is registered with 3, which is no StepSpecification"):
        registry.register("A", 3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="without a name"):
        registry.register(" ", LOADING)
    registry.register("A", LOADING)
    registry.register("A", LOADING)
    with pytest.raises(ValueError, match="'A' is already registered with another specification, of the type"):
        registry.register("A", TRAINING)
    assert registry.get_specification("A") == LOADING


def test_contexts_are_isolated_by_name(monkeypatch):
    monkeypatch.setattr(SpecificationRegistry, "_contexts", {})
    one, other = SpecificationRegistry.context("one"), SpecificationRegistry.context("other")
    one.register("Load", LOADING)
    assert one is SpecificationRegistry.context("one")
    assert "Load" not in other
    assert "Load" not in SpecificationRegistry("one"), "a registry that is made is nobody's context"
    assert SpecificationRegistry.context().context_name == "default"
    other.register("Load", TRAINING)
    assert one.get_specification("Load") == LOADING


# --- compatible outputs ---


def test_compatible_outputs_are_ranked_with_reasons():
    [first, second] = pipeline().find_compatible_outputs(
        EVALUATION.dependencies["eval_data_input"], "Evaluate"
    )
    assert (first.step_name, first.output_name) == ("Calibrate", "processed_data")
    assert first.output_spec is CALIBRATION_DATA.outputs["processed_data"]
    assert second.step_name == "Preprocess"
    assert 1 >= first.score > second.score > 0
    assert first.reasons == (
        (
            "'TabularPreprocessing_Calibration' is a job-type variant of 'TabularPreprocessing', and"
            " 'TabularPreprocessing' a compatible source"
        ),
        "the output has the alias 'eval_data_input'",
        "the output is of the same type 'training_data'",
    )
    assert "the output has the alias 'eval_data_input'" not in second.reasons


def test_names_come_before_aliases_and_both_before_hints():
    registry = SpecificationRegistry()
    registry.register("Hint", step("Hint", [], [offers("model_archive", "model_artifacts")]))
    registry.register("Alias", step("Alias", [], [offers("archive", "model_artifacts", "model")]))
    registry.register("Name", step("Name", [], [offers("model", "model_artifacts")]))
    registry.register("Other", step("Other", [], [offers("model", "hyperparameters")]))
    dependency = needs("model", "model_artifacts", keywords=["archive"])
    found = registry.find_compatible_outputs(dependency)
    assert [each.step_name for each in found] == ["Name", "Alias", "Hint"]
    assert found[0].reasons[0] == "the output is called 'model' too"
    assert "the output matches the keywords 'archive'" in found[1].reasons
    assert "the output's name 'model_archive' is alike" in found[2].reasons


def test_a_step_gets_nothing_from_itself_and_prefers_its_job_type():
    registry = pipeline()
    wish = needs("anything", "training_data")
    all_names = ["Preprocess", "Calibrate", "Load"]
    assert [each.step_name for each in registry.find_compatible_outputs(wish)] == all_names
    found = registry.find_compatible_outputs(wish, "Preprocess")
    assert [each.step_name for each in found] == ["Calibrate", "Load"]
    registry.register("Use", step("Evaluation_Calibration", [wish]))
    [first, second, _] = registry.find_compatible_outputs(wish, "Use")
    assert (first.step_name, second.step_name) == ("Calibrate", "Preprocess")
    assert "both steps have the job type 'Calibration'" in first.reasons


def test_a_registration_counts_at_once():
    registry = SpecificationRegistry()
    wish = needs("DATA")
    assert registry.find_compatible_outputs(wish) == []
    registry.register("Load", LOADING)
    assert [each.step_name for each in registry.find_compatible_outputs(wish)] == ["Load"]


NAMES = st.sampled_from(["data", "model", "model_input", "train", "evalData", "x"])
TYPES = st.sampled_from([each.value for each in DependencyType])
SOURCES = st.lists(st.sampled_from(["A", "B", "A_Training", "B_Calibration"]), max_size=2, unique=True)
OUTPUT = st.builds(offers, NAMES, TYPES, NAMES)


def is_unambiguous(outputs: list[OutputSpec]) -> bool:
    names = [name for output in outputs for name in {output.logical_name, *output.aliases}]
    return len(names) == len(set(names))


STEP = st.builds(
    lambda kind, outputs: step(kind, [], outputs),
    st.sampled_from(["A", "A_Training", "A_Validation", "B", "B_Calibration"]),
    st.lists(OUTPUT, max_size=2).filter(is_unambiguous),
)


@given(
    st.lists(STEP, max_size=5),
    st.builds(
        lambda name, kind, sources, words: needs(name, kind, *sources, keywords=words),
        NAMES,
        TYPES,
        SOURCES,
        st.lists(NAMES, max_size=2),
    ),
)
def test_a_ranking_is_complete_ordered_and_explained(steps, dependency):
    registry = SpecificationRegistry()
    for number, each in enumerate(steps):
        registry.register(f"Step{number}", each)
    found = registry.find_compatible_outputs(dependency)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert all(bool(each.reasons) is (each.score > 0) for each in found)
    for one, other in itertools.pairwise(found):
        if one.score == other.score:
            assert int(one.step_name[4:]) <= int(other.step_name[4:])
        if one.reasons == other.reasons and dependency.logical_name in (
            one.output_name,
            *one.output_spec.aliases,
        ):
            assert one.score == other.score
    expected = {
        (f"Step{number}", output.logical_name)
        for number, each in enumerate(steps)
        if dependency.is_compatible_with_source(each.step_type)
        for output in each.outputs.values()
    }
    assert {(each.step_name, each.output_name) for each in found} <= expected
    assert {
        (each.step_name, each.output_name)
        for each in found
        if each.output_spec.output_type == dependency.dependency_type
    } == {
        (name, output)
        for name, output in expected
        if registry.get_specification(name).outputs[output].output_type == dependency.dependency_type  # type: ignore[union-attr]
    }


# --- validation ---


def only_error(registry: SpecificationRegistry) -> str:
    result = registry.validate()
    assert not result.is_valid
    [error] = result.errors
    return error


def test_a_pipeline_that_fits():
    assert pipeline().validate() == ValidationResult.success()
    assert SpecificationRegistry().validate() == ValidationResult.success()


def test_an_unsatisfied_dependency():
    error = only_error(
        pipeline(Train=None, XGB=step("XGBoostTrainin", TRAINING.dependencies, TRAINING.outputs))
    )
    assert error == (
        "Evaluate: the step 'Evaluate' requires 'model_input', but no other step of the types 'XGBoostTraining' is"
        " registered; did you mean 'XGBoostTrainin'?"
    )
    [problem] = pipeline(Train=None).problems()
    assert (problem.rule, problem.step, problem.key) == ("unsatisfied-dependency", "Evaluate", "model_input")
    assert problem.expected == ("XGBoostTraining",)


def test_an_unsatisfied_type():
    error = only_error(
        pipeline(Train=step("XGBoostTraining", TRAINING.dependencies, [offers("model_output")]))
    )
    assert "none of the steps 'Train' has an output of its type (model_artifacts, S3Uri)" in error


def test_optional_dependencies_and_external_sources_need_no_step():
    registry = pipeline(
        Extra=step("Extra", [needs("x", "hyperparameters", "Nobody", required=False)]),
        Outside=step("Outside", [needs("x", "model_artifacts", "External")]),
    )
    assert registry.validate() == ValidationResult.success()


def test_an_ambiguous_dependency_is_a_warning_unless_a_wire_decides():
    registry = pipeline(Again=TRAINING)
    result = registry.validate()
    assert result.is_valid
    [warning] = result.warnings
    assert warning.startswith(
        "Evaluate: the step 'Evaluate' requires 'model_input', and 'Train.model_output', 'Again.model_output' satisfy"
        " it equally well"
    )
    registry.connect("Again", "Evaluate", dependency="model_input")
    assert registry.validate() == ValidationResult.success()


def test_a_circle():
    loading = step("DataLoading", [needs("model", "model_artifacts", "XGBoostTraining")], LOADING.outputs)
    error = only_error(pipeline(Load=loading, Calibrate=None))
    assert error.startswith("Load: steps wait for each other in a circle, each for an output of the next: ")
    assert "'Load' → 'Train' → 'Preprocess' → 'Load'" in error


def test_wires_are_checked():
    registry = pipeline()
    registry.connect("Train", "Evaluate", "model_input", "model_input")
    registry.connect("Calibrate", "Evaluate")
    assert registry.validate() == ValidationResult.success()
    registry.connect("Load", "Train", "DATA", "input_path")
    registry.connect("Train", "Evaluate", "model_outputs", "model_input")
    registry.connect("Train", "Evaluate", "model_output", "model_inputs")
    registry.connect("Trainer", "Evaluate")
    registry.connect("Evaluate", "Nobody")
    registry.connect("Load", "Evaluate")
    texts = registry.validate().errors
    for part in (
        "Train: the step 'Train' gets 'input_path' from 'Load', of the type 'DataLoading', which is none of",
        "which has no output 'model_outputs'; did you mean 'model_output'?",
        "but has no dependency of that name; did you mean 'model_input'?",
        "is wired from the step 'Trainer', which is not registered; did you mean 'Train'?",
        "is wired to the step 'Nobody', which is not registered; register it, or remove the wire",
        "no dependency of the step 'Evaluate' takes an output of 'Load'",
    ):
        assert len([text for text in texts if part in text]) == 1, part
    assert len(texts) == 6


def test_problems_with_contracts_come_with_the_name_of_the_step():
    contract = ScriptContract(
        entry_point="load.py", expected_output_paths={"data": "/opt/ml/processing/output"}
    )
    registry = pipeline(Load=step("DataLoading", [], [offers("DATA")], contract))
    error = only_error(registry)
    assert error.startswith("Load: the output 'DATA' is no output of the contract ('data')")
    results = registry.results()
    assert list(results) == registry.list_step_names()
    assert [name for name, result in results.items() if not result.is_valid] == ["Load"]


@given(st.integers(2, 6), st.data())
def test_a_circle_is_reported_if_and_only_if_no_order_exists(size, data):
    """Every step gets something from some others, each by its own type, so that there is nothing to choose."""
    pairs = [(one, other) for one in range(size) for other in range(size) if one != other]
    edges = data.draw(st.sets(st.sampled_from(pairs), max_size=8))
    registry = SpecificationRegistry()
    for number in range(size):
        sources = [one for one, other in edges if other == number]
        registry.register(
            f"S{number}",
            step(
                f"T{number}",
                [needs(f"d{one}", "custom_property", f"T{one}") for one in sources],
                [offers("x")],
            ),
        )
    has_order = any(
        all(order.index(one) < order.index(other) for one, other in edges)
        for order in itertools.permutations(range(size))
    )
    problems = registry.problems()
    assert {problem.rule for problem in problems} == (set() if has_order else {"dependency-cycle"})
    for problem in problems:
        circle = [int(name[1:]) for name in problem.value]  # type: ignore[attr-defined]
        assert all((other, one) in edges for one, other in zip(circle, circle[1:] + circle[:1], strict=True))


@given(
    st.permutations(
        list(
            pipeline(
                Again=TRAINING, Lonely=step("Lonely", [needs("x", "hyperparameters", "No")])
            ).list_step_names()
        )
    )
)
def test_the_order_of_registration_changes_no_verdict(order):
    whole = pipeline(Again=TRAINING, Lonely=step("Lonely", [needs("x", "hyperparameters", "No")]))
    registry = SpecificationRegistry()
    for name in order:
        specification = whole.get_specification(name)
        assert specification is not None
        registry.register(name, specification)
    assert {(each.rule, each.step, each.key) for each in registry.problems()} == {
        (each.rule, each.step, each.key) for each in whole.problems()
    }
