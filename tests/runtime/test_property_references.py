"""References to what another step will produce, and what can be said of an archive before it exists."""

from __future__ import annotations

from pathlib import PurePosixPath
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts_runtime import DependencyType, OutputSpec, PropertyReference, accepts_archive
from contracts_runtime.property_paths import has_path

OUTPUT = "properties.ProcessingOutputConfig.Outputs['payload'].S3Output.S3Uri"


def output(path: str = OUTPUT, kind: str = "processing_output") -> OutputSpec:
    return OutputSpec(logical_name="payload", output_type=DependencyType(kind), property_path=path)


@pytest.mark.parametrize(
    ("path", "rendered"),
    [
        (OUTPUT, "ProcessingOutputConfig.Outputs['payload'].S3Output.S3Uri"),
        (OUTPUT.replace("'", '"'), "ProcessingOutputConfig.Outputs['payload'].S3Output.S3Uri"),
        (OUTPUT.replace("properties.", ""), "ProcessingOutputConfig.Outputs['payload'].S3Output.S3Uri"),
        ("properties.ModelArtifacts.S3ModelArtifacts", "ModelArtifacts.S3ModelArtifacts"),
        ("properties.TrainingJobSummaries[0].TrainingJobName", "TrainingJobSummaries[0].TrainingJobName"),
        ("properties.Outputs['answer']", "OutputParameters['answer']"),
        ("properties.OutputParameters['answer']", "OutputParameters['answer']"),
        ("properties.ComputingJobName", "TrainingJobName"),
        ("properties.OutputNotebookName", "Environment['SM_OUTPUT_NOTEBOOK_NAME']"),
    ],
)
def test_a_reference_is_rendered_as_a_definition_writes_it(path, rendered):
    reference = PropertyReference("Payload", output(path))
    assert reference.to_sagemaker_property() == {"Get": f"Steps.Payload.{rendered}"}
    assert str(reference) == "Payload.payload"


def test_references_are_equal_by_value():
    assert PropertyReference("A", output()) == PropertyReference("A", output())
    assert PropertyReference("A", output()) != PropertyReference("B", output())
    assert PropertyReference("A", output()).property_path == OUTPUT


@pytest.mark.parametrize(
    ("step", "path", "message"),
    [
        ("", OUTPUT, "needs the name of its step"),
        ("A", "", "the output 'payload' of the step 'A' has no property path"),
        ("A", "properties.A[", "has the property path 'properties.A[': '[' is neither"),
    ],
)
def test_what_cannot_be_referred_to(step, path, message):
    with pytest.raises(ValueError, match=r".") as caught:
        PropertyReference(step, output(path))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "output_type", "path"),
    [
        ("Processing", "processing_output", OUTPUT),
        ("Training", "model_artifacts", "properties.ModelArtifacts.S3ModelArtifacts"),
        ("Training", "processing_output", "properties.OutputDataConfig.S3OutputPath"),
        ("Transform", "processing_output", "properties.TransformOutput.S3OutputPath"),
        ("Model", "custom_property", "properties.ModelName"),
        ("RegisterModel", "custom_property", "properties.ModelPackageArn"),
        ("Tuning", "custom_property", "properties.BestTrainingJob.TrainingJobName"),
        ("Lambda", "custom_property", "properties.Outputs['payload']"),
    ],
)
def test_an_output_without_a_path_has_the_usual_one_of_its_kind(kind, output_type, path):
    reference = PropertyReference.to_output("A", output("", output_type), kind)
    assert reference.property_path == path
    assert has_path(reference.property_path, kind)
    given = PropertyReference.to_output("A", output("properties.Given"), kind)
    assert given.property_path == "properties.Given"


def test_a_kind_without_a_usual_path_needs_one():
    with pytest.raises(ValueError, match="has no property path; give it one"):
        PropertyReference.to_output("A", output(""), "EMR")


class Properties:
    """As the SDK's: members are attributes, items are taken by name or number."""

    def __init__(self, path: str = "", **members: object) -> None:
        self.path = path
        self.__dict__.update(members)


def processing_step() -> SimpleNamespace:
    uri = Properties("uri")
    outputs = {"payload": Properties(S3Output=Properties(S3Uri=uri))}
    return SimpleNamespace(properties=Properties(ProcessingOutputConfig=Properties(Outputs=outputs)), uri=uri)


def test_the_property_is_taken_from_the_step():
    step = processing_step()
    reference = PropertyReference("Payload", output())
    assert reference.to_runtime_property(step) is step.uri
    assert reference.to_runtime_property({"Payload": step}) is step.uri


def test_what_the_step_has_not_is_told():
    reference = PropertyReference("Payload", output())
    with pytest.raises(ValueError, match=r"there is no step 'Payload'; the steps are 'Other'"):
        reference.to_runtime_property({"Other": processing_step()})
    training = PropertyReference("Payload", output("properties.ModelArtifacts.S3ModelArtifacts"))
    with pytest.raises(
        ValueError,
        match=r"the step 'Payload', a SimpleNamespace, has no property .*: there is no '.ModelArtifacts'; correct the"
        r" property path of the output 'payload'",
    ):
        training.to_runtime_property(processing_step())
    other = PropertyReference("Payload", output(OUTPUT.replace("payload", "other")))
    with pytest.raises(ValueError, match=r"there is no '\['other'\]'"):
        other.to_runtime_property(processing_step())


# --- archives ---


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        ("s3://bucket/model.tar.gz", True),
        ("s3://bucket/model.tar", False),
        ("s3://bucket/model/", False),
        ("s3://bucket/model.tar.gz/", False),
        ("", False),
        (PurePosixPath("/opt/ml/model.tar.gz"), True),
        (PurePosixPath("/opt/ml/model"), False),
        (PropertyReference("Train", output("properties.ModelArtifacts.S3ModelArtifacts")), True),
        ({"Get": "Parameters.ModelUri"}, True),
        ({"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}, True),
        (SimpleNamespace(expr={"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}), True),
        ({"Std:Join": {"On": "/", "Values": ["s3://bucket", {"Get": "X"}, "model.tar.gz"]}}, True),
        ({"Std:Join": {"On": "/", "Values": ["s3://bucket", {"Get": "X"}, "model.zip"]}}, False),
        ({"Std:Join": {"On": "/", "Values": ["s3://bucket", {"Get": "X"}]}}, True),
        ({"Std:Join": {"On": "", "Values": [{"Get": "X"}, ".gz"]}}, True),
        ({"Std:Join": {"On": "", "Values": [{"Get": "X"}, "/"]}}, False),
        ({"Std:Join": {"On": "/", "Values": [{"Std:Join": {"On": "/", "Values": ["a", "b"]}}]}}, False),
        (SimpleNamespace(expr={"Std:Join": {"On": "/", "Values": ["s3://bucket", "model.zip"]}}), False),
    ],
)
def test_archives(value, accepted):
    assert accepts_archive(value) is accepted


@pytest.mark.parametrize("value", [None, 3, ["s3://bucket/model.tar.gz"], {}, {"Get": "A", "Std:Join": {}}])
def test_what_nobody_can_tell_is_refused(value):
    with pytest.raises(TypeError):
        accepts_archive(value)


VALUE = st.recursive(
    st.text(".targz/x", max_size=12) | st.just({"Get": "Parameters.X"}),
    lambda inner: st.fixed_dictionaries(
        {
            "Std:Join": st.fixed_dictionaries(
                {"On": st.sampled_from(["", "/"]), "Values": st.lists(inner, min_size=1, max_size=3)}
            )
        }
    ),
    max_leaves=5,
)


def resolved(value: object, parameter: str) -> str:
    if isinstance(value, str):
        return value
    assert isinstance(value, dict)
    if "Get" in value:
        return parameter
    join = value["Std:Join"]
    return str(join["On"]).join(resolved(each, parameter) for each in join["Values"])


@given(VALUE, st.sampled_from(["s3://bucket/model.tar.gz", "s3://bucket/model.tar", "model.tar.", ""]))
def test_only_what_can_be_no_archive_is_refused(value, parameter):
    """Whatever a parameter turns out to be: what is refused does not end in .tar.gz."""
    if not accepts_archive(value):
        assert not resolved(value, parameter).endswith(".tar.gz")
