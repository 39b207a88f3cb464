"""What is wrong with a contract itself: names, types, variables, arguments, limits."""

from __future__ import annotations

import pickle

import pytest

from contracts_runtime.contract_checks import (
    CONTRACT_FIELDS,
    ERROR,
    UNRESOLVED,
    Problem,
    check_contract,
    infer_kind,
)


def problems(kind: str = "processing", /, **fields: object) -> list[Problem]:
    return check_contract({"entry_point": "preprocess.py", **fields}, kind)


def only(kind: str = "processing", /, **fields: object) -> Problem:
    [problem] = problems(kind, **fields)
    return problem


GOOD = {
    "entry_point": "scripts/preprocess.py",
    "expected_input_paths": {"DATA": "/opt/ml/processing/input/data"},
    "expected_output_paths": {"processed": "/opt/ml/processing/output"},
    "required_env_vars": ["LABEL_FIELD"],
    "optional_env_vars": {"TRAIN_RATIO": "0.7"},
    "expected_arguments": {"job-type": "training", "--verbose": ""},
    "framework_requirements": {"pandas": ">=2.0"},
    "description": "Splits the data.",
}


def test_a_good_contract_has_no_problems() -> None:
    assert check_contract(GOOD, "processing") == []
    assert set(GOOD) == set(CONTRACT_FIELDS)


def test_only_the_entry_point_is_needed() -> None:
    assert check_contract({"entry_point": "a.py"}, "training") == []
    [problem] = check_contract({}, "processing")
    assert (problem.rule, problem.field, problem.key) == ("invalid-contract", "entry_point", None)


def test_a_problem_says_everything() -> None:
    problem = only(expected_output_paths={"payload": "/opt/ml/processing/output/payload.tar.gz"})
    assert problem == Problem(
        rule="output-path-is-file",
        severity="warning",
        field="expected_output_paths",
        key="payload",
        value="/opt/ml/processing/output/payload.tar.gz",
        message=(
            "expected_output_paths['payload'] '/opt/ml/processing/output/payload.tar.gz' names a file,"
            " but SageMaker creates a directory at exactly this path: writing the file fails"
        ),
        remedy="declare the directory '/opt/ml/processing/output' and use the file 'payload.tar.gz' below it",
    )
    assert str(problem) == f"{problem.message}; {problem.remedy} [output-path-is-file]"


def test_all_problems_come_at_once_in_the_same_order() -> None:
    fields = {
        "required_env_vars": ["A", "1B"],
        "expected_output_paths": {"x": "relative"},
        "optional_env_vars": {"A": ""},
        "entry_point": "",
    }
    rules = [(problem.rule, problem.field) for problem in check_contract(fields, "processing")]
    assert rules == [
        ("invalid-contract", "entry_point"),
        ("path-outside-container", "expected_output_paths"),
        ("invalid-contract", "required_env_vars"),
        ("env-var-declared-twice", "optional_env_vars"),
    ]
    assert check_contract(dict(reversed(fields.items())), "processing") == check_contract(
        fields, "processing"
    )


@pytest.mark.parametrize(
    "entry_point", ["", "  ", "/opt/ml/code/a.py", "../a.py", "x/../../a.py", "scripts\\a.py", "scripts/"]
)
def test_entry_points_that_name_no_script_of_the_project(entry_point: str) -> None:
    problem = only(entry_point=entry_point)
    assert (problem.rule, problem.severity, problem.value) == ("invalid-contract", ERROR, entry_point)


@pytest.mark.parametrize("entry_point", ["a.py", "./a.py", "x/y/train.sh", "package..name.py"])
def test_entry_points_that_do(entry_point: str) -> None:
    assert problems(entry_point=entry_point) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("required_env_vars", "LABEL", "required_env_vars is a string, not a list of strings"),
        ("required_env_vars", {"LABEL": "x"}, "required_env_vars is a mapping, not a list of strings"),
        ("optional_env_vars", ["RATIO"], "optional_env_vars is a list, not a mapping of strings to strings"),
        ("expected_input_paths", None, "expected_input_paths is None, not a mapping of strings to strings"),
        ("description", 3, "description is an integer, not a string"),
        ("entry_point", ["a.py"], "entry_point is a list, not a string"),
    ],
)
def test_fields_of_the_wrong_type(field: str, value: object, words: str) -> None:
    problem = only(**{field: value})
    assert problem.message == words
    assert (problem.rule, problem.severity, problem.field, problem.key) == (
        "invalid-contract",
        ERROR,
        field,
        None,
    )


def test_entries_of_the_wrong_type() -> None:
    [ratio] = problems(optional_env_vars={"TRAIN_RATIO": 0.7})
    assert ratio.message == "optional_env_vars['TRAIN_RATIO'] is a float, not a string"
    assert ratio.remedy == "put it in quotes"
    [item] = problems(required_env_vars=["A", 5])
    assert (item.key, item.message) == (5, "required_env_vars has an item that is an integer, not a string")
    [key] = problems(expected_arguments={True: "x"})
    assert (key.key, key.message) == (True, "expected_arguments has a key that is a boolean, not a string")
    # Where the value is wrong, nothing more can be said of it; the name is still checked.
    assert [each.key for each in problems(expected_input_paths={"DATA": None, "": None})] == ["DATA", "", ""]


def test_lists_may_be_given_as_tuples_or_sets() -> None:
    assert problems(required_env_vars=("A",)) == []
    assert [each.key for each in problems(required_env_vars={"B-", "A-"})] == ["A-", "B-"]


def test_unknown_fields_name_the_nearest_one() -> None:
    problem = only(expected_inputs={"DATA": "/x"})
    assert problem.message == "'expected_inputs' is not a field of a contract"
    assert problem.remedy == "did you mean 'expected_input_paths'?"
    assert only(colour="red").remedy.startswith("the fields are entry_point, expected_input_paths,")
    [numbered] = check_contract({"entry_point": "a.py", 7: "x"}, "processing")  # type: ignore[dict-item]
    assert numbered.message == "a contract has no field whose name is an integer"


@pytest.mark.parametrize("name", ["", " DATA", "DATA ", "it's", 'a"b', "a[0]", "a\nb"])
def test_logical_names_that_cannot_be_referred_to(name: str) -> None:
    problem = only(expected_output_paths={name: "/opt/ml/processing/output/x"})
    assert (problem.rule, problem.severity, problem.key) == ("invalid-contract", ERROR, name)
    assert "\n" not in problem.text


@pytest.mark.parametrize("name", ["DATA", "processed_data", "model-input", "input.1", "train data", "größe"])
def test_logical_names_that_can(name: str) -> None:
    assert problems(expected_output_paths={name: "/opt/ml/processing/output/x"}) == []


@pytest.mark.parametrize("name", ["1A", "A-B", "A B", "", "A=", "Ä", "A\n"])
@pytest.mark.parametrize("field", ["required_env_vars", "optional_env_vars"])
def test_names_that_no_environment_variable_can_have(name: str, field: str) -> None:
    problem = only(**{field: [name] if field == "required_env_vars" else {name: ""}})
    assert (problem.rule, problem.field, problem.key) == ("invalid-contract", field, name)


def test_a_variable_is_required_or_optional() -> None:
    problem = only(required_env_vars=["A", "B"], optional_env_vars={"B": "1", "C": "2"})
    assert (problem.rule, problem.severity) == ("env-var-declared-twice", ERROR)
    assert (problem.field, problem.key, problem.value) == ("optional_env_vars", "B", "1")


@pytest.mark.parametrize(
    ("kind", "name_length", "value_length"), [("processing", 256, 256), ("training", 512, 512)]
)
def test_the_api_limits_names_and_values_of_variables(kind: str, name_length: int, value_length: int) -> None:
    assert problems(kind, required_env_vars=["A" * name_length]) == []
    assert "(" in only(kind, required_env_vars=["A" * (name_length + 1)]).message
    assert problems(kind, optional_env_vars={"A": "x" * value_length}) == []
    too_long = only(kind, optional_env_vars={"A": "x" * (value_length + 1)})
    assert f"at most {value_length} " in too_long.message
    assert len(too_long.message) < 200


def test_the_api_limits_the_number_of_variables() -> None:
    names = [f"V{number}" for number in range(100)]
    assert problems(required_env_vars=names) == []
    assert "101 variables" in only(required_env_vars=names, optional_env_vars={"MORE": ""}).message
    # The same name twice is one variable.
    assert problems(required_env_vars=[*names, "V0"]) == []


def test_the_api_limits_arguments() -> None:
    assert problems(expected_arguments={f"a{number}": "x" for number in range(100)}) == []
    assert (
        "ContainerArguments" in only(expected_arguments={f"a{number}": "x" for number in range(101)}).message
    )
    assert "ContainerArgument)" in only(expected_arguments={"a": "x" * 257}).message
    assert only(expected_arguments={"": "x"}).key == ""
    # A training script gets hyperparameters, which may be longer.
    assert problems("training", expected_arguments={"a": "x" * 2500}) == []
    assert "HyperParameterValue" in only("training", expected_arguments={"a": "x" * 2501}).message


def test_the_api_limits_inputs_and_outputs_of_processing_jobs() -> None:
    inputs = {f"i{number}": f"/opt/ml/processing/input/{number}" for number in range(11)}
    outputs = {f"o{number}": f"/opt/ml/processing/output/{number}" for number in range(11)}
    too_many = only(expected_input_paths=inputs)
    assert "11 inputs, but SageMaker accepts at most 10" in too_many.message
    assert "the SDK adds one for the script" in too_many.message
    assert "11 outputs" in only(expected_output_paths=outputs).message
    inputs.popitem()
    outputs.popitem()
    assert problems(expected_input_paths=inputs, expected_output_paths=outputs) == []


def test_the_api_limits_channels_of_training_jobs() -> None:
    channels = {f"c{number}": f"/opt/ml/input/data/{number}" for number in range(20)}
    more = {f"f{number}": f"/opt/ml/input/data/0/{number}.csv" for number in range(20)}
    assert problems("training", expected_input_paths={**channels, **more}) == []
    channels["one_more"] = "/opt/ml/input/data/one_more"
    assert "21 channels" in only("training", expected_input_paths=channels).message


def test_what_is_not_known_is_never_a_problem() -> None:
    assert check_contract(dict.fromkeys(CONTRACT_FIELDS, UNRESOLVED), "training") == []
    # A key that is not known: there may be more fields, such as the entry point.
    assert check_contract({UNRESOLVED: UNRESOLVED}, "processing") == []  # type: ignore[dict-item]
    entries = {"A": UNRESOLVED, UNRESOLVED: "x"}
    for field in ("expected_input_paths", "expected_output_paths", "optional_env_vars", "expected_arguments"):
        assert problems(**{field: entries}) == []
    assert problems(required_env_vars=["A", UNRESOLVED] + [UNRESOLVED] * 200) == []


def test_the_sentinel_stays_itself() -> None:
    assert pickle.loads(pickle.dumps(UNRESOLVED)) is UNRESOLVED
    assert repr(UNRESOLVED) == "UNRESOLVED"


def test_another_kind_of_job_is_the_callers_mistake() -> None:
    with pytest.raises(
        ValueError, match="unknown kind of job 'transform': expected one of 'processing', 'training'"
    ):
        check_contract(GOOD, "transform")


@pytest.mark.parametrize(
    ("inputs", "outputs", "kind"),
    [
        ({}, {}, "processing"),
        ({"a": "/opt/ml/processing/input"}, {}, "processing"),
        ({"a": "/opt/ml/input/data/train"}, {"m": "/opt/ml/model"}, "training"),
        ({}, {"m": "/opt/ml/model"}, "training"),
        ({"a": "/opt/ml/input/data"}, {"b": "/opt/ml/processing/output"}, "processing"),
        ({"a": "/data"}, {}, "processing"),
        ({"a": UNRESOLVED}, "nonsense", "processing"),
    ],
)
def test_paths_tell_the_kind_of_job(inputs: object, outputs: object, kind: str) -> None:
    assert infer_kind({"expected_input_paths": inputs, "expected_output_paths": outputs}) == kind
