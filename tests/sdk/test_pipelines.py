"""The pipelines of the example project, compiled offline with the SDK that is installed."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import botocore.session
import pytest
from botocore.validate import ParamValidator

from .test_assembler import OPERATIONS, _resolved

TOP = Path(__file__).resolve().parents[2]
DEFINITIONS = Path(__file__).parent / "definitions"
NAMES = sorted(path.stem for path in DEFINITIONS.glob("*.json"))


@pytest.fixture(scope="module")
def compiled() -> dict[str, str]:
    tool = runpy.run_path(str(TOP / "tools" / "pipeline_definitions.py"))
    assert list(tool["PIPELINES"]) == NAMES
    return dict(tool["definitions"]())


@pytest.mark.parametrize("name", NAMES)
def test_both_sdks_compile_the_same_definition(compiled, name: str):
    """v2 and v3 are compared with the same file; ``make definitions`` writes it anew."""
    assert compiled[name] == (DEFINITIONS / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_service_accepts_the_arguments_of_every_step(compiled, name: str):
    model = botocore.session.Session().get_service_model("sagemaker")
    for step in json.loads(compiled[name])["Steps"]:
        operation, job = OPERATIONS[step["Type"]]
        shape = model.operation_model(operation).input_shape
        report = ParamValidator().validate({**job, **_resolved(step["Arguments"])}, shape)
        assert not report.has_errors(), f"{step['Name']}: {report.generate_report()}"


def test_local_code_is_part_of_the_definition(compiled, tmp_path):
    """Its place in S3 changes with its content, so that a step whose code has changed is not taken from the cache."""
    from contracts_runtime import ScriptContract, StepSpecification
    from contracts_runtime.builders import StepBuilder, StepConfig, offline_session
    from contracts_runtime.builders.installed import load_sdk

    session = offline_session(bucket="risk")
    contract = ScriptContract(
        entry_point="jobs/check.py", expected_output_paths={"REPORT": "/opt/ml/processing/output/report"}
    )
    spec = StepSpecification(step_type="Check", node_type="singular", script_contract=contract)

    def place_of_code() -> tuple[str, str]:
        config = StepConfig(
            "Check",
            role="arn",
            image_uri="image",
            output_location="s3://out",
            code=tmp_path,
            sagemaker_session=session,
        )
        step = StepBuilder(config, spec).create_step()
        definition = load_sdk().pipeline("P", (), [step], session).definition()
        arguments = json.loads(definition)["Steps"][0]["Arguments"]
        script = arguments["AppSpecification"]["ContainerEntrypoint"][-1]
        return arguments["ProcessingInputs"][-1]["S3Input"]["S3Uri"], script

    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "check.py").write_text("print(1)")
    first, script = place_of_code()
    assert script == "/opt/ml/processing/input/code/jobs/check.py"
    assert first.startswith("s3://risk/Check/code/")
    assert place_of_code() == (first, script)
    (tmp_path / "jobs" / "check.py").write_text("print(2)")
    assert place_of_code()[0] != first
