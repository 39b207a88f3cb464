"""What is wrong with a contract's paths."""

from __future__ import annotations

import pytest

from contracts_runtime.contract_checks import ERROR, WARNING, Problem, check_contract
from contracts_runtime.path_checks import channel_of


def problems(inputs: object = None, outputs: object = None, kind: str = "processing") -> list[Problem]:
    paths = {"expected_input_paths": inputs or {}, "expected_output_paths": outputs or {}}
    return check_contract({"entry_point": "a.py", **paths}, kind)


def found(
    inputs: object = None, outputs: object = None, kind: str = "processing"
) -> list[tuple[str, object]]:
    return [(problem.rule, problem.key) for problem in problems(inputs, outputs, kind)]


# --- where paths may lie ---


@pytest.mark.parametrize(
    "path",
    [
        "/opt/ml/processing/input",
        "/opt/ml/processing/input/data/",
        "/opt/ml//processing/./x",
        # Helper code is often mounted beside the script.
        "/opt/ml/processing/input/code/utils",
        # Only Spark's processors use this one, and a contract does not say which processor runs it.
        "/opt/ml/processing/input/conf",
    ],
)
def test_inputs_that_a_processing_job_can_mount(path: str) -> None:
    assert found({"DATA": path}) == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "data",
        "./opt/ml/processing/x",
        "opt/ml/processing/x",
        "s3://bucket/prefix",
        "C:\\data",
        "/opt/ml/processing\\input",
        "/opt/ml/processing/../model",
        "/opt/ml/processingx",
        "/opt/ml",
        "/opt/ml/input/data/train",
        "/opt/ml/model",
        "/opt/ml/config",
        "/tmp/data",
    ],
)
@pytest.mark.parametrize("kind", ["input", "output"])
def test_paths_that_no_processing_job_mounts(path: str, kind: str) -> None:
    paths = {"DATA": path}
    [problem] = problems(paths) if kind == "input" else problems(None, paths)
    assert (problem.rule, problem.severity, problem.value) == ("path-outside-container", ERROR, path)
    assert problem.field == f"expected_{kind}_paths"


def test_a_remedy_is_a_path_that_would_do() -> None:
    [problem] = problems({"RAW DATA": "/data"})
    assert problem.remedy == "use a path such as '/opt/ml/processing/input/RAW_DATA'"
    [problem] = problems({"..": "data"})
    assert problem.remedy.endswith("such as '/opt/ml/processing/input/data'")
    [problem] = problems({"x": "/opt/ml/processing/a/../b"})
    assert problem.remedy == "write it out as '/opt/ml/processing/b'"


def test_a_path_of_the_other_kind_of_job_hints_at_it() -> None:
    [problem] = problems({"train": "/opt/ml/input/data/train"})
    assert problem.remedy.endswith(", or a TrainingScriptContract for a training job")
    [problem] = problems({"train": "/opt/ml/processing/input"}, kind="training")
    assert problem.remedy.endswith(", or a ScriptContract for a processing job")


def test_the_scripts_own_directory_is_reserved() -> None:
    code = "/opt/ml/processing/input/code"
    assert found({"DATA": code}) == [("path-outside-container", "DATA")]
    assert found({"DATA": "/opt/ml/processing/input/entrypoint/"}) == [("path-outside-container", "DATA")]
    assert found(None, {"x": f"{code}/x"}) == [("path-outside-container", "x")]
    # The input that brings the script, declared under the name that it has.
    assert found({"code": code, "utils": f"{code}/utils"}) == []


@pytest.mark.parametrize(
    "path",
    [
        "/opt/ml/input/data",
        "/opt/ml/input/data/train",
        "/opt/ml/input/data/train/train.csv",
        "/opt/ml/input/config/hyperparameters.json",
        "/opt/ml/input",
        # Files that come with the script's source directory.
        "/opt/ml/code/hyperparams/hyperparameters.json",
        "/opt/ml/checkpoints",
    ],
)
def test_inputs_that_a_training_job_has(path: str) -> None:
    assert found({"x": path}, kind="training") == []


@pytest.mark.parametrize(
    "path", ["/opt/ml/model", "/opt/ml/output/data", "/opt/ml/output/failure", "/opt/ml/checkpoints/a"]
)
def test_outputs_that_a_training_job_uploads(path: str) -> None:
    assert found(None, {"x": path}, kind="training") == []


def test_paths_that_no_training_job_has() -> None:
    for path in ("/opt/ml/input/train", "/opt/ml/model", "/opt/ml/processing/input", "/tmp"):
        assert found({"x": path}, kind="training") == [("path-outside-container", "x")]
    for path in ("/opt/ml/input/data/train", "/opt/ml/code", "/opt/ml/processing/output", "/opt/ml/models"):
        assert found(None, {"x": path}, kind="training") == [("path-outside-container", "x")]


def test_channels_have_names_that_the_api_accepts() -> None:
    assert found({"x": "/opt/ml/input/data/my channel/x"}, kind="training") == [("invalid-contract", "x")]
    assert found({"x": "/opt/ml/input/data/" + "c" * 65}, kind="training") == [("invalid-contract", "x")]
    assert found({"x": "/opt/ml/input/data/" + "c" * 64}, kind="training") == []
    assert channel_of("/opt/ml/input/data//train/x.csv") == "train"
    assert channel_of("/opt/ml/input/data/") is None


def test_paths_have_a_length_that_the_api_accepts() -> None:
    prefix = "/opt/ml/processing/"
    assert found({"x": prefix + "x" * (256 - len(prefix))}) == []
    assert found({"x": prefix + "x" * (257 - len(prefix))}) == [("invalid-contract", "x")]


# --- files ---


def test_a_file_is_no_path_of_an_output() -> None:
    [problem] = problems(None, {"report": "/opt/ml/processing/metrics.json"})
    assert (problem.rule, problem.severity) == ("output-path-is-file", WARNING)
    assert (
        problem.remedy
        == "declare the directory '/opt/ml/processing/output' and use the file 'metrics.json' below it"
    )
    [problem] = problems(None, {"model": "/opt/ml/model/model.tar.gz"}, kind="training")
    assert problem.rule == "output-path-is-file"
    assert "SageMaker creates" not in problem.message


def test_a_file_is_no_path_of_a_processing_input() -> None:
    [problem] = problems({"model": "/opt/ml/processing/input/model/model.tar.gz"})
    assert (problem.rule, problem.severity) == ("input-path-is-file", WARNING)
    assert "'/opt/ml/processing/input/model'" in problem.remedy
    assert found({"train": "/opt/ml/input/data/train/train.csv"}, kind="training") == []


@pytest.mark.parametrize("path", ["/opt/ml/processing/output/v1.0", "/opt/ml/processing/output/data.csv/"])
def test_a_dot_or_a_slash_makes_no_file(path: str) -> None:
    assert found(None, {"x": path}) == []


# --- overlaps ---

A, B = "/opt/ml/processing/a", "/opt/ml/processing/a/b"


@pytest.mark.parametrize(
    ("inputs", "outputs", "key", "why"),
    [
        ({}, {"x": A, "y": A + "/"}, "y", "its files are uploaded twice"),
        ({"x": A}, {"y": A}, "y", "SageMaker refuses a job"),
        ({"x": A, "y": A}, {}, "y", "SageMaker refuses a job"),
        ({}, {"x": A, "y": B}, "y", "'y'] '/opt/ml/processing/a/b' lies inside expected_output_paths['x']"),
        ({}, {"x": B, "y": A}, "y", "'y'] '/opt/ml/processing/a' contains expected_output_paths['x']"),
        ({"x": A}, {"y": B}, "y", "reading the input also finds what the script writes"),
        ({"x": B}, {"y": A}, "y", "what the input brings is uploaded again with the output"),
        ({"x": A, "y": B}, {}, "y", "listing the outer one also finds the files of the inner one"),
    ],
)
def test_paths_that_share_files(inputs: dict[str, str], outputs: dict[str, str], key: str, why: str) -> None:
    [problem] = problems(inputs, outputs)
    assert (problem.rule, problem.severity, problem.key) == ("overlapping-paths", WARNING, key)
    assert why in problem.message


def test_siblings_do_not_overlap() -> None:
    assert found({"x": A}, {"y": A + "b", "z": "/opt/ml/processing/output"}) == []


def test_a_directory_around_many_is_one_problem() -> None:
    inner = {f"i{number}": f"/opt/ml/processing/{number}" for number in range(5)}
    assert found(inner, {"all": "/opt/ml/processing"}) == [("overlapping-paths", "all")]


def test_a_misplaced_path_overlaps_nothing() -> None:
    assert found({"x": "/data", "y": "/data"}) == [
        ("path-outside-container", "x"),
        ("path-outside-container", "y"),
    ]


def test_the_inputs_of_a_script_may_surround_its_code() -> None:
    assert found({"x": "/opt/ml/processing/input", "utils": "/opt/ml/processing/input/code/utils"}) == []


def test_training_jobs_mount_channels_and_upload_directories_whole() -> None:
    inputs = {"all": "/opt/ml/input/data", "train": "/opt/ml/input/data/train", "ckpt": "/opt/ml/checkpoints"}
    outputs = {
        "model": "/opt/ml/model",
        "calibration": "/opt/ml/model/calibration",
        "ckpt": "/opt/ml/checkpoints",
    }
    assert found(inputs, outputs, "training") == []
    assert found({**inputs, "again": "/opt/ml/input/data/train/"}, kind="training") == [
        ("overlapping-paths", "again")
    ]
