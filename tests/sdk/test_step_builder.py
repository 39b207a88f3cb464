"""One step: from specification, contract and configuration to what the service is asked for."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from contracts_runtime import ScriptContract, StepSpecification
from contracts_runtime.builders import StepBuilder, StepBuildError, StepConfig, select_specification

RAW = {"RAW": "s3://bucket/raw"}
INPUT = "/opt/ml/processing/input"
OUTPUT = "/opt/ml/processing/output"


@pytest.fixture
def builder(builders):
    return builders["Preprocess"]


@pytest.fixture
def changed(configs, specs):
    """A builder of the processing step with changes to its configuration."""

    def make(**changes):
        return StepBuilder(replace(configs["Preprocess"], **changes), specs.preprocess)

    return make


def problems_of(act, *args, **kwargs) -> list[str]:
    with pytest.raises(StepBuildError) as caught:
        act(*args, **kwargs)
    return caught.value.problems


# --- inputs and outputs ---


def place(mount: Any) -> tuple[str, Any, Any]:
    """Name, path and place in S3 of an input or output of the SDK, v2 or v3."""
    name = getattr(mount, "input_name", None) or mount.output_name
    for member in ("s3_input", "s3_output"):
        found = getattr(mount, member, None)
        if found is not None and hasattr(found, "local_path") and found.local_path is not None:
            return name, found.local_path, found.s3_uri
    if type(mount).__name__ == "ProcessingInput":
        return name, mount.destination, mount.source
    return name, mount.source, mount.destination


def test_inputs_are_named_by_the_specification(builder):
    made = builder.inputs({**RAW, "METADATA": "s3://bucket/metadata"})
    assert [place(each) for each in made] == [
        ("RAW", f"{INPUT}/raw", "s3://bucket/raw"),
        ("METADATA", f"{INPUT}/metadata", "s3://bucket/metadata"),
    ]
    assert {type(each).__name__ for each in made} == {"ProcessingInput"}


def test_an_optional_input_is_left_out_if_it_has_no_source(builder):
    assert [place(each)[0] for each in builder.inputs({**RAW, "METADATA": None})] == ["RAW"]


def test_outputs_go_below_the_location_of_the_step(builder):
    [made] = builder.outputs()
    assert place(made) == ("FEATURES", f"{OUTPUT}/features", "s3://results/run/Preprocess/FEATURES")
    [made] = builder.outputs({"FEATURES": "s3://elsewhere/x"})
    assert place(made)[2] == "s3://elsewhere/x"


def test_a_source_may_be_known_only_when_the_pipeline_runs(builder, parameter, sdk, arguments):
    source = parameter("Raw")
    for given, written in (
        (source, {"Get": "Parameters.Raw"}),
        (sdk.join([source, "day"]), {"Std:Join": {"On": "/", "Values": [{"Get": "Parameters.Raw"}, "day"]}}),
    ):
        made = arguments(builder.create_step({"RAW": given}), [source])
        assert made["ProcessingInputs"][0]["S3Input"]["S3Uri"] == written


def test_a_location_may_be_known_only_when_the_pipeline_runs(changed, parameter, arguments):
    bucket = parameter("Bucket")
    made = arguments(changed(output_location=bucket).create_step(RAW), [bucket])
    assert made["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"] == {
        "Std:Join": {"On": "/", "Values": [{"Get": "Parameters.Bucket"}, "Preprocess", "FEATURES"]}
    }


def test_an_input_may_be_a_folder_of_its_source(changed, arguments):
    made = arguments(changed(folders={"RAW": "2026"}).create_step(RAW))
    assert made["ProcessingInputs"][0]["S3Input"]["S3Uri"] == "s3://bucket/raw/2026"
    assert problems_of(changed(folders={"ROW": "2026"}).create_step, RAW) == [
        "folders: input 'ROW' is unknown; did you mean 'RAW'?"
    ]


def test_channels_of_a_training_step(builders, sdk):
    made = builders["Train"].inputs({"FEATURES": "s3://b/features"})
    if sdk.major == 2:
        assert list(made) == ["train"]
    else:
        assert [each.channel_name for each in made] == ["train"]
    assert builders["Train"].outputs() == "s3://results/run/Train"


@pytest.mark.parametrize(
    ("sources", "problem"),
    [
        ({}, "required input 'RAW' is missing; give its source"),
        (
            {"RAW": "s3://"},
            "input 'RAW': 's3://' is no S3 URI; give 's3://bucket/prefix' or a pipeline variable",
        ),
        (
            {"RAW": "/data"},
            "input 'RAW': '/data' is no S3 URI; give 's3://bucket/prefix' or a pipeline variable",
        ),
        ({"RAW": 7}, "input 'RAW': 7 is an integer; give an S3 URI or a pipeline variable"),
        ({**RAW, "METADAT": "s3://b"}, "input 'METADAT' is unknown; did you mean 'METADATA'?"),
        ({"RAW": {"train": "s3://b"}}, "input 'RAW': a processing input has one source, not one per channel"),
        (
            {"RAW": "s3://b/" + "x" * 1100},
            "input 'RAW': the S3 URI has 1107 characters, but the API takes at most 1024 (S3Uri); shorten it",
        ),
    ],
)
def test_sources_that_are_wrong(builder, sources, problem):
    assert problems_of(builder.inputs, sources) == [problem]
    assert problems_of(builder.create_step, sources) == [problem]


@pytest.mark.parametrize(
    ("destinations", "problem"),
    [
        ({"FEATURE": "s3://b"}, "output 'FEATURE' is unknown; did you mean 'FEATURES'?"),
        (
            {"FEATURES": "s3://b/features.csv"},
            (
                "output 'FEATURES': 's3://b/features.csv' ends in a file name, but SageMaker uploads a directory to a"
                " prefix; remove the name"
            ),
        ),
    ],
)
def test_destinations_that_are_wrong(builder, destinations, problem):
    assert problems_of(builder.outputs, destinations) == [problem]


def test_no_place_for_outputs(changed):
    assert problems_of(changed(output_location=None).outputs) == [
        "output 'FEATURES' has no destination; set output_location, or give one"
    ]
    assert problems_of(changed(output_location="here").outputs)[0] == (
        "output_location: 'here' is no S3 URI; give 's3://bucket/prefix' or a pipeline variable"
    )


# --- environment and arguments ---


def test_required_variables_and_defaults(builder, changed):
    assert builder.environment() == {"LABEL_FIELD": "y", "TRAIN_RATIO": "0.7"}
    made = changed(
        environment={"LABEL_FIELD": True, "TRAIN_RATIO": 0.8}, extra_environment={"OMP_NUM_THREADS": 4}
    )
    assert made.environment() == {"LABEL_FIELD": "true", "TRAIN_RATIO": "0.8", "OMP_NUM_THREADS": "4"}


def test_a_variable_may_be_an_attribute_of_the_configuration(specs, settings):
    config = SimpleNamespace(step_name="P", label_field="target", code="s3://code/preprocess.py", **settings)
    assert StepBuilder(config, specs.preprocess).environment() == {
        "LABEL_FIELD": "target",
        "TRAIN_RATIO": "0.7",
    }


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        (
            {},
            (
                "required environment variable 'LABEL_FIELD' is missing; set it in the configuration's environment, or"
                " as its attribute 'label_field'"
            ),
        ),
        (
            {"LABEL_FIELD": "y", "TRAIN_RATE": "1"},
            "environment variable 'TRAIN_RATE' is unknown; did you mean 'TRAIN_RATIO'?",
        ),
        (
            {"LABEL_FIELD": []},
            (
                "environment variable 'LABEL_FIELD': [] is a list; give a string, a number, a boolean or a pipeline"
                " variable"
            ),
        ),
        (
            {"LABEL_FIELD": "x" * 257},
            (
                "the value of 'LABEL_FIELD' has 257 characters, but the API takes at most 256"
                " (ProcessingEnvironmentValue); shorten it"
            ),
        ),
    ],
)
def test_environments_that_are_wrong(changed, environment, problem):
    assert problems_of(changed(environment=environment).environment) == [problem]


def test_job_arguments(builder, changed):
    assert builder.job_arguments() == ["--job_type", "training"]
    assert changed(job_type="calibration").job_arguments() == ["--job_type", "calibration"]
    assert changed(arguments={"--job-type": "testing"}).job_arguments() == ["--job_type", "testing"]
    assert problems_of(changed(arguments={"verbose": ""}).job_arguments) == [
        "argument 'verbose' is unknown; known are 'job_type'"
    ]
    assert problems_of(changed(arguments={"job_type": "x" * 300}).job_arguments)[0].endswith(
        "has 300 characters, but the API takes at most 256 (ContainerArgument); shorten it"
    )


def test_numbers_of_parameters_become_text(changed, sdk, parameter):
    classes = sdk.classes.parameter
    number = next(each for each in classes.__subclasses__() if each.__name__ == "ParameterInteger")(
        name="Ratio", default_value=1
    )
    environment = changed(environment={"LABEL_FIELD": "y", "TRAIN_RATIO": number}).environment()
    assert environment["TRAIN_RATIO"].expr == {
        "Std:Join": {"On": "", "Values": [{"Get": "Parameters.Ratio"}]}
    }


# --- limits ---


def wide(inputs: int) -> StepSpecification:
    """A step with many inputs."""
    names = [f"I{number}" for number in range(inputs)]
    return StepSpecification.model_validate(
        {
            "step_type": "Wide",
            "node_type": "sink",
            "dependencies": [
                {"logical_name": name, "dependency_type": "processing_output"} for name in names
            ],
            "script_contract": ScriptContract(
                entry_point="preprocess.py", expected_input_paths={name: f"{INPUT}/{name}" for name in names}
            ),
        }
    )


def test_the_script_is_an_input_too(settings):
    config = StepConfig("Wide", code="s3://code/preprocess.py", **settings)
    for number, problems in (
        (9, []),
        (
            10,
            [
                "11 inputs, that of the script included, but the API takes at most 10 (ProcessingInputs); remove some"
            ],
        ),
    ):
        spec = wide(number)
        assert StepBuilder(config, spec).check(dict.fromkeys(spec.dependencies, "s3://b/x")) == problems


def test_numbers_of_variables_and_arguments(changed):
    more = {f"V{number}": "x" for number in range(99)}
    assert problems_of(changed(extra_environment=more).environment) == [
        "101 environment variables, but the API takes at most 100 (ProcessingEnvironmentMap); remove some"
    ]
    [problem] = problems_of(changed(extra_environment={"A-B": "x"}).environment)
    assert problem == "environment variable 'A-B': the API takes letters, digits and '_' only; rename it"
    [problem] = problems_of(changed(command=["x" * 257]).create_step, RAW)
    assert "257 characters, but the API takes at most 256 (ContainerEntrypointString)" in problem


def test_numbers_of_hyperparameters_and_channels(configs, specs):
    config = replace(configs["Train"], hyperparameters={f"h{number}": number for number in range(98)})
    [problem] = problems_of(StepBuilder(config, specs.train).create_step, {"FEATURES": "s3://b/f"})
    assert problem == "101 hyperparameters, but the API takes at most 100 (HyperParameters); remove some"


@pytest.mark.parametrize("name", ["", "a step", "x" * 65, 7])
def test_names_of_steps(changed, name):
    made = changed(step_name=name)
    if name == "":
        assert made.name == "Preprocess"
        return
    [problem] = problems_of(made.create_step, RAW)
    assert "is no name of a step" in problem


# --- code ---


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (None, "code is missing; set it to where 'preprocess.py' is, in S3 or on this machine"),
        (7, "code: 7 is an integer; give an S3 URI or a local path"),
        (
            "s3://code/train.py",
            "code: 's3://code/train.py' is not the contract's script 'preprocess.py'; give that one",
        ),
        ("nowhere.py", "code: there is no file or directory 'nowhere.py'; correct the path"),
    ],
)
def test_code_that_is_wrong(changed, code, problem):
    assert problems_of(changed(code=code).create_step, RAW) == [problem]


def test_local_code_that_is_wrong(changed, configs, specs, tmp_path):
    (tmp_path / "train.py").write_text("")
    [problem] = problems_of(changed(code=tmp_path).create_step, RAW)
    assert problem.endswith("has no file 'preprocess.py'; correct one of them")
    [problem] = problems_of(changed(code=tmp_path / "train.py").create_step, RAW)
    assert problem.endswith("is not the contract's script 'preprocess.py'; give that one")
    training = replace(configs["Train"], code=tmp_path / "train.py")
    [problem] = problems_of(StepBuilder(training, specs.train).create_step, {"FEATURES": "s3://b/f"})
    assert problem.endswith("is a file; a training job takes the directory that holds it")


def test_a_file_of_code_is_uploaded(changed, arguments, tmp_path):
    (tmp_path / "preprocess.py").write_text("print()")
    made = arguments(changed(code=tmp_path / "preprocess.py").create_step(RAW))
    assert made["ProcessingInputs"][-1]["S3Input"]["S3Uri"].startswith("s3://default-bucket/Preprocess/code/")
    assert made["AppSpecification"]["ContainerEntrypoint"] == ["python3", f"{INPUT}/code/preprocess.py"]


def test_a_directory_of_training_code_becomes_an_archive(configs, specs, arguments, tmp_path):
    (tmp_path / "train.py").write_text("print()")
    (tmp_path / "__pycache__").mkdir()
    config = replace(configs["Train"], code=tmp_path)

    def submitted() -> str:
        made = arguments(StepBuilder(config, specs.train).create_step({"FEATURES": "s3://b/f"}))
        assert made["HyperParameters"]["sagemaker_program"] == '"train.py"'
        return made["HyperParameters"]["sagemaker_submit_directory"]

    first = submitted()
    assert first.endswith('/sourcedir.tar.gz"')
    (tmp_path / "__pycache__" / "train.pyc").write_bytes(b"x")
    assert submitted() == first
    (tmp_path / "helper.py").write_text("")
    assert submitted() != first


# --- kinds, roles, job types ---


def test_misalignments_are_all_told_by_the_constructor(configs, specs):
    contract = ScriptContract(
        entry_point="preprocess.py",
        expected_input_paths={"ROWS": f"{INPUT}/raw"},
        expected_output_paths={"FEATURE": f"{OUTPUT}/features.csv"},
    )
    problems = problems_of(StepBuilder, configs["Preprocess"], specs.preprocess, contract)
    text = "\n".join(problems)
    for name in ("'RAW'", "'FEATURES'", "features.csv"):
        assert name in text
    assert len(problems) >= 3


def test_a_kind_that_is_not_known(configs):
    spec = StepSpecification(
        step_type="Check", node_type="singular", script_contract=ScriptContract(entry_point="check.py")
    )
    [problem] = problems_of(StepBuilder, configs["Preprocess"], spec)
    assert problem.startswith("the kind of step is not known: it may be any of")
    assert StepBuilder(configs["Preprocess"], spec, kind="ProcessingStep").kind == "Processing"


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("Lambda", "the kind 'Lambda' cannot be built; give one of"),
        (
            "Training",
            "the kind 'Training' contradicts the specification and its contract, which allow 'Processing'",
        ),
    ],
)
def test_kinds_that_are_wrong(configs, specs, kind, problem):
    [found] = problems_of(StepBuilder, configs["Preprocess"], specs.preprocess, kind=kind)
    assert found.startswith(problem)


def test_a_processing_step_needs_a_contract(configs):
    spec = StepSpecification(step_type="Check", node_type="singular", sagemaker_step_type="Processing")
    assert problems_of(StepBuilder, configs["Preprocess"], spec) == [
        "a processing step runs a script, but there is no contract; give contract="
    ]


class Preprocessing(StepBuilder):
    """A builder whose specification depends on the job type."""


@pytest.fixture
def variants(specs, monkeypatch):
    calibration = specs.preprocess.model_copy(update={"step_type": "Preprocess_Calibration"})
    monkeypatch.setattr(
        Preprocessing, "specifications", {"training": specs.preprocess, "calibration": calibration}
    )


def test_the_job_type_selects_the_specification(variants, configs):
    for job_type, step_type in (("training", "Preprocess"), ("Calibration", "Preprocess_Calibration")):
        config = replace(configs["Preprocess"], job_type=job_type)
        assert Preprocessing(config).spec.step_type == step_type


@pytest.mark.parametrize(
    ("job_type", "message"),
    [
        (
            None,
            "the job type is missing; set job_type in the configuration to one of 'training', 'calibration'",
        ),
        ("trainin", "unknown job type 'trainin'; did you mean 'training'?"),
        ("weekly", "unknown job type 'weekly'; give one of 'training', 'calibration'"),
        (
            "testing",
            "there is no specification for the job type 'testing'; give one of 'training', 'calibration'",
        ),
    ],
)
def test_job_types_that_are_wrong(variants, configs, job_type, message):
    with pytest.raises(ValueError, match="job type") as caught:
        Preprocessing(replace(configs["Preprocess"], job_type=job_type))
    assert str(caught.value) == message


def test_a_job_type_that_is_no_text():
    with pytest.raises(TypeError, match="the job type 7 is not a string; give one of none"):
        select_specification({}, 7)  # type: ignore[arg-type]


def test_roles_of_a_step_without_a_script(configs, specs):
    config = replace(configs["Transform"], roles={"data": "model", "dat": "x"})
    problems = problems_of(StepBuilder(config, specs.transform).create_step, {"model": "m", "data": "s3://b"})
    assert "role 'dat' is unknown to a step of the kind Transform; did you mean 'data'?" in problems
    config = replace(configs["CreateModel"], roles={"model_data": "artifact"})
    problems = problems_of(StepBuilder(config, specs.model).create_step, {"artifacts": "s3://b/m"})
    assert problems == ["role 'model_data' is 'artifact', which is no dependency; did you mean 'artifacts'?"]


# --- all at once ---


def test_everything_that_is_wrong_is_told_at_once(changed, session, monkeypatch):
    monkeypatch.setattr(type(session), "upload_data", lambda *_, **__: pytest.fail("uploaded"))
    made = changed(
        role=None, image_uri="", code=None, environment={"X": 1}, output_location=None, step_name="a b"
    )
    with pytest.raises(StepBuildError) as caught:
        made.create_step({"ROW": "x"}, {"FEATURE": "s3://b"})
    text = str(caught.value)
    for part in (
        "the step 'a b' cannot be built:",
        "- step_name 'a b' is no name of a step",
        "- image_uri is missing; set it in the configuration",
        "- role is missing; set it in the configuration",
        "- input 'ROW' is unknown; did you mean 'RAW'?",
        "- required input 'RAW' is missing; give its source",
        "- environment variable 'X' is unknown",
        "- required environment variable 'LABEL_FIELD' is missing",
        "- code is missing",
        "- output 'FEATURE' is unknown; did you mean 'FEATURES'?",
        "- output 'FEATURES' has no destination",
    ):
        assert part in text
    assert isinstance(caught.value, ValueError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.problems, str(again)) == (caught.value.problems, text)
    assert copy.copy(caught.value).subject == "the step 'a b'"


def test_a_session_that_would_start_jobs_at_once(changed):
    [problem] = problems_of(changed(sagemaker_session=object()).create_step, RAW)
    assert (
        problem
        == "sagemaker_session is of type object, which would start jobs at once; give a PipelineSession"
    )


def test_an_offline_session_calls_no_service(session):
    with pytest.raises(RuntimeError, match="an offline session calls no AWS service"):
        session.boto_session.client("sts").get_caller_identity()


def test_more_of_the_request(changed, arguments):
    more = {
        "NetworkConfig": {"EnableNetworkIsolation": True},
        "ProcessingResources": {"ClusterConfig": {"VolumeKmsKeyId": "key"}},
    }
    made = arguments(changed(request=more, max_runtime_seconds=600).create_step(RAW))
    assert made["NetworkConfig"] == {"EnableNetworkIsolation": True}
    assert made["ProcessingResources"]["ClusterConfig"] == {
        "InstanceType": "ml.m5.xlarge",
        "InstanceCount": 1,
        "VolumeSizeInGB": 30,
        "VolumeKmsKeyId": "key",
    }
    assert made["StoppingCondition"] == {"MaxRuntimeInSeconds": 600}


# --- channels ---


@pytest.fixture
def whole(specs):
    """A training step whose script reads all of ``/opt/ml/input/data`` and writes checkpoints."""
    contract = specs.train.script_contract.model_copy(
        update={
            "expected_input_paths": {"FEATURES": "/opt/ml/input/data"},
            "expected_output_paths": {"MODEL": "/opt/ml/model", "STATE": "/opt/ml/checkpoints"},
        }
    )
    return specs.train.model_copy(update={"script_contract": contract})


def channels_of(made: dict[str, Any]) -> dict[str, Any]:
    return {
        each["ChannelName"]: each["DataSource"]["S3DataSource"]["S3Uri"] for each in made["InputDataConfig"]
    }


def test_channels_below_one_input(configs, whole, arguments):
    config = replace(configs["Train"], channels={"FEATURES": ["train", "val"]})
    made = arguments(StepBuilder(config, whole).create_step({"FEATURES": "s3://b/f"}))
    assert channels_of(made) == {"train": "s3://b/f/train", "val": "s3://b/f/val"}
    given = {"FEATURES": {"train": "s3://b/1", "val": "s3://b/2"}}
    assert channels_of(arguments(StepBuilder(config, whole).create_step(given))) == given["FEATURES"]


def test_checkpoints_have_a_place_in_s3(configs, whole, arguments):
    config = replace(configs["Train"], channels={"FEATURES": ["train"]})
    made = arguments(StepBuilder(config, whole).create_step({"FEATURES": "s3://b/f"}))
    assert made["CheckpointConfig"] == {
        "S3Uri": "s3://results/run/Train/STATE",
        "LocalPath": "/opt/ml/checkpoints",
    }


def test_channels_that_are_wrong(configs, specs, whole):
    builder = StepBuilder(configs["Train"], whole)
    [problem] = problems_of(builder.create_step, {"FEATURES": "s3://b/f"})
    assert problem.startswith(
        "input 'FEATURES' is all of /opt/ml/input/data, which is no channel; give a source for each"
    )
    [problem] = problems_of(builder.create_step, {"FEATURES": {"a b": "s3://b/f"}})
    assert problem.startswith("input 'FEATURES': 'a b' is no name of a channel")
    many = {"FEATURES": {f"c{number}": "s3://b/f" for number in range(21)}}
    assert problems_of(builder.create_step, many) == [
        "21 channels, but the API takes at most 20 (InputDataConfig); remove some"
    ]
    one = StepBuilder(configs["Train"], specs.train)
    assert problems_of(one.create_step, {"FEATURES": {"train": "s3://b/f"}}) == [
        "input 'FEATURES' is the channel 'train'; give one source"
    ]
