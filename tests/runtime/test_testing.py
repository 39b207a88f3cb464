"""Scripts in emulated containers: what they are given, and what comes of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

import contracts_runtime
from contracts_runtime import ScriptContract
from contracts_runtime.problems import quoted
from contracts_runtime.testing import ContractViolation, ScriptFailedError, ScriptRun, run_script

SOURCES = Path(contracts_runtime.__file__).parent
DRIVER = Path(__file__).with_name("remapped_driver.py")
PROCESSING: dict[str, object] = {
    "entry_point": "job.py",
    "expected_input_paths": {"data": "/opt/ml/processing/input/data"},
    "expected_output_paths": {"result": "/opt/ml/processing/output/result"},
    "required_env_vars": ["LABEL"],
    "optional_env_vars": {"RATIO": "0.7", "MODE": "fast"},
    "expected_arguments": {"job-type": "training", "--verbose": ""},
}
TRAINING: dict[str, object] = {
    "entry_point": "job.py",
    "expected_input_paths": {
        "train": "/opt/ml/input/data/train",
        "weights": "/opt/ml/input/data/weights/weights.json",
    },
    "expected_output_paths": {
        "model": "/opt/ml/model",
        "evaluation": "/opt/ml/output/data",
        "failure": "/opt/ml/output/failure",
    },
    "required_env_vars": ["SM_CHANNEL_TRAIN", "LABEL"],
    "expected_arguments": {"num_round": "10", "eta": "0.1", "k": "3"},
}
# Tells everything that the process has been given.
TELL = """
import json, os, sys
json.dump({"arguments": sys.argv[1:], "environment": dict(os.environ), "directory": os.getcwd(), "path": sys.path[0],
           "name": __name__, "file": __file__}, sys.stdout)
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    directory = tmp_path / "data"
    (directory / "deep").mkdir(parents=True)
    (directory / "part-0.csv").write_text("a,b\n1,2\n")
    (directory / "deep/part-1.csv").write_text("x\n")
    (directory / "modules").mkdir()
    (directory / "modules/beside_the_data.py").write_text("VALUE = 1\n")
    return directory


@pytest.fixture
def job(tmp_path: Path, data: Path):
    """Runs the text of a script as a processing job."""

    def run(text: str, contract: object = PROCESSING, **options) -> ScriptRun:
        script = tmp_path / "scripts" / "job.py"
        script.parent.mkdir(exist_ok=True)
        script.write_text(text)
        given = {"inputs": {"data": data}, "environment": {"LABEL": "y"}, "root": tmp_path / "ml"}
        return run_script(script, contract, **{**given, **options})

    return run


def test_files_below_the_root_are_used_as_if_it_were_the_container(
    interpreter: str, data: Path, tmp_path: Path
) -> None:
    """The same script says the same of the same files where nothing is mapped."""
    emulated = run_script(
        DRIVER,
        {**PROCESSING, "entry_point": DRIVER.name},
        inputs={"data": data},
        environment={"LABEL": "y", "PYTHONDONTWRITEBYTECODE": "1"},
        arguments=["/opt/ml"],
        root=tmp_path / "emulated",
        interpreter=interpreter,
    ).check(strict=True)
    real = tmp_path / "real"
    shutil.copytree(data, real / "processing/input/data")
    (real / "processing/output/result").mkdir(parents=True)
    command = [interpreter, "-B", str(DRIVER), str(real)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(emulated.stdout) == json.loads(said.replace(str(real), "/opt/ml"))
    # Where the files really are, there are the same ones too.
    there, here = ({path.relative_to(top) for path in top.rglob("*") if "input/code" not in str(path)}
                   for top in (emulated.root / "processing", real / "processing"))  # fmt: skip
    assert there == here


def test_a_processing_job_gets_what_builders_give_it(job, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_DEVELOPER", "s")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    run = job(TELL, environment={"LABEL": "y", "MODE": "slow", "EXTRA": "1"}).check()
    said = json.loads(run.stdout)
    assert said["arguments"] == ["--job-type", "training", "--verbose"]
    own = {name: said["environment"].get(name) for name in ("LABEL", "RATIO", "MODE", "EXTRA")}
    assert own == {"LABEL": "y", "RATIO": "0.7", "MODE": "slow", "EXTRA": "1"}
    assert "SECRET_OF_THE_DEVELOPER" not in said["environment"]
    assert "PYTHONPATH" not in said["environment"]
    assert not any(name.startswith("SM_") for name in said["environment"])
    assert said["environment"]["CONTRACTS_RUNTIME_ROOT"] == str(tmp_path / "ml")
    code = str(tmp_path / "ml/processing/input/code")
    assert (said["directory"], said["path"], said["name"]) == (code, code, "__main__")
    configuration = json.loads((run.root / "config/processingjobconfig.json").read_text())
    assert configuration["Environment"] == own
    assert configuration["AppSpecification"]["ContainerArguments"] == said["arguments"]
    [output] = configuration["ProcessingOutputConfig"]["Outputs"]
    assert output["S3Output"]["LocalPath"] == "/opt/ml/processing/output/result"
    assert (run.root / "config/resourceconfig.json").is_file()


def test_arguments_are_given_by_name_or_as_a_whole(job, tmp_path: Path) -> None:
    by_name = job(TELL, arguments={"job_type": "testing"}, root=tmp_path / "by_name").check()
    assert json.loads(by_name.stdout)["arguments"] == ["--job-type", "testing", "--verbose"]
    whole = job(TELL, arguments=["one", "--two=2"], root=tmp_path / "whole").check()
    assert json.loads(whole.stdout)["arguments"] == ["one", "--two=2"]
    none = job(TELL, arguments=[], root=tmp_path / "none").check()
    assert json.loads(none.stdout)["arguments"] == []
    with pytest.raises(TypeError, match="not the string '--two=2'"):
        job(TELL, arguments="--two=2")


def test_a_training_job_gets_what_the_toolkit_gives_it(job, data: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights.json"
    weights.write_text("{}")
    run = job(
        TELL,
        TRAINING,
        inputs={"train": data, "weights": weights},
        arguments={"eta": "0.3", "undeclared": "x"},
    ).check()
    said = json.loads(run.stdout)
    assert said["arguments"] == ["--eta", "0.3", "-k", "3", "--num_round", "10", "--undeclared", "x"]
    variables = said["environment"]
    assert variables["SM_CHANNEL_TRAIN"] == str(run.root / "input/data/train")
    assert Path(variables["SM_CHANNEL_TRAIN"], "part-0.csv").is_file()
    assert Path(variables["SM_CHANNEL_WEIGHTS"], "weights.json").is_file()
    assert variables["SM_MODEL_DIR"] == str(run.outputs["model"])
    assert run.outputs["model"].is_dir()
    assert not run.outputs["failure"].exists()
    assert variables["SM_HP_ETA"] == "0.3"
    assert json.loads(variables["SM_HPS"]) == {"eta": "0.3", "k": "3", "num_round": "10", "undeclared": "x"}
    assert json.loads(variables["SM_CHANNELS"]) == ["train", "weights"]
    assert json.loads(variables["SM_USER_ARGS"]) == said["arguments"]
    encoded = json.loads((run.root / "input/config/hyperparameters.json").read_text())
    assert encoded == {"eta": '"0.3"', "k": '"3"', "num_round": '"10"', "undeclared": '"x"'}
    channels = json.loads((run.root / "input/config/inputdataconfig.json").read_text())
    assert sorted(channels) == ["train", "weights"]
    assert said["directory"] == str(run.root / "code")


def test_training_outputs_are_uploaded_as_archives(job, data: Path, tmp_path: Path) -> None:
    script = """
import os, sys
open("/opt/ml/model/model.json", "w").close()
open(os.path.join(os.environ["SM_OUTPUT_DATA_DIR"], "metrics.json"), "w").close()
with open("/opt/ml/output/failure", "w") as failure:
    failure.write("no convergence")
sys.exit(3)
"""
    run = job(script, TRAINING, inputs={"train": data})
    assert (run.returncode, run.failure) == (3, "no convergence")
    names = {}
    for name in ("model", "evaluation"):
        [archive] = run.upload(name, tmp_path / "s3" / name).iterdir()
        with tarfile.open(archive) as tar:
            names[archive.name] = sorted(tar.getnames())
    assert names == {"model.tar.gz": [".", "./model.json"], "output.tar.gz": [".", "./metrics.json"]}
    with pytest.raises(FileExistsError):
        run.upload("model", tmp_path / "s3/model")
    with pytest.raises(KeyError):
        run.upload("modle", tmp_path / "s3/modle")


def test_what_a_job_loses_is_a_problem(job, tmp_path: Path) -> None:
    script = """
import os
open("/opt/ml/processing/input/data/lost.csv", "w").close()
os.symlink("/opt/ml/processing/input/data/lost.csv", "/opt/ml/processing/output/result/link.csv")
"""
    run = job(script).check()
    assert run.problems == (
        f"output 'result' is empty: there is no file below '{run.outputs['result']}', so that nothing is uploaded",
        (
            f"files were written below input 'data': '{tmp_path}/ml/processing/input/data/lost.csv';"
            " they are not uploaded, write them below an output"
        ),
    )
    with pytest.raises(ContractViolation, match=r"job\.py: 2 problems"):
        run.check(strict=True)
    assert list(run.upload("result", tmp_path / "s3").iterdir()) == []
    assert job("open('/opt/ml/processing/output/result/x', 'w')", root=tmp_path / "other").check(strict=True)


def test_outputs_are_directories_whatever_their_name(job) -> None:
    contract = {**PROCESSING, "expected_output_paths": {"result": "/opt/ml/processing/output/result.csv"}}
    run = job("open('/opt/ml/processing/output/result.csv', 'w')", contract)
    assert run.stderr.endswith("[Errno 21] Is a directory: '/opt/ml/processing/output/result.csv'\n")
    assert run.outputs["result"].is_dir()


def test_a_script_that_fails_says_how(job, tmp_path: Path) -> None:
    run = job("print('begun')\nraise ValueError('no such label')")
    assert (run.returncode, run.stdout) == (1, "begun\n")
    with pytest.raises(ScriptFailedError) as caught:
        run.check()
    assert caught.value.run is run
    lines = str(caught.value).splitlines()
    assert lines[:2] == ["job.py ended with exit code 1", "begun"]
    assert lines[-1] == "ValueError: no such label"
    with pytest.raises(subprocess.TimeoutExpired):
        job("import time; time.sleep(60)", root=tmp_path / "slow", timeout=0.5)


def test_a_script_comes_alone_or_with_its_directory(job, tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    (scripts / "deep/__pycache__").mkdir(parents=True)
    (scripts / "deep/__pycache__/x.pyc").touch()
    (scripts / ".env").touch()
    (scripts / "helper.py").write_text("VALUE = 1")
    alone = job("import helper")
    assert alone.stderr.endswith("ModuleNotFoundError: No module named 'helper'\n")
    # The root may lie in the directory of the code.
    run = job("import helper", source_dir=scripts, root=scripts / "ml").check()
    names = {path.name for path in (run.root / "processing/input/code").rglob("*") if path.suffix != ".pyc"}
    assert names - {"__pycache__"} == {"deep", "helper.py", "job.py"}


def test_an_audit_sees_the_script_from_its_first_line(job, tmp_path: Path) -> None:
    script = """
import os
os.environ["LABEL"], os.environ.get("UNDECLARED")
with open("/opt/ml/processing/input/data/part-0.csv") as source:
    source.read()
open("/opt/ml/processing/elsewhere.csv", "w").close()
raise SystemExit(1)
"""
    run = job(script, audit=True)
    assert run.audit is not None
    assert run.audit["undeclared"] == {
        "paths": ["/opt/ml/processing/elsewhere.csv"],
        "variables": ["UNDECLARED"],
    }
    assert run.audit["not_seen"] == {"inputs": [], "outputs": ["result"], "variables": ["RATIO", "MODE"]}
    place = {(use["by_name"], use["line"]) for use in run.audit["paths"]}
    assert ("{data}/part-0.csv", 4) in place
    assert job(script, root=tmp_path / "other").audit is None


def test_an_audit_leaves_out_what_the_enforcer_does(interpreter: str, job, tmp_path: Path) -> None:
    """The enforcer is beside the script, as it is vendored."""
    scripts = tmp_path / "scripts"
    shutil.copytree(SOURCES, scripts / "contracts_runtime", ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "job.contract.json").write_text(json.dumps(PROCESSING))
    script = """
from pathlib import Path
from contracts_runtime.enforcer import ContractEnforcer

with ContractEnforcer.from_file(Path(__file__).with_name("job.contract.json"), strict=True) as enforcer:
    with open(enforcer.get_output_path("result") + "/mode.txt", "w") as result:
        result.write(enforcer.get_env("MODE"))
"""
    run = job(script, source_dir=scripts, interpreter=interpreter, audit=True).check(strict=True)
    assert run.audit is not None
    uses = [(use["by_name"], use["effect"], use["line"]) for use in run.audit["paths"]]
    assert uses == [("{result}/mode.txt", "write", 6)]
    asked = [(use["name"], use["how"], use["line"]) for use in run.audit["variables"]]
    assert asked == [("MODE", "enforcer", 7)]
    assert run.audit["not_seen"] == {"inputs": ["data"], "outputs": [], "variables": ["LABEL", "RATIO"]}


def test_everything_that_is_wrong_is_told_before_anything_is_made(job, tmp_path: Path) -> None:
    left = tmp_path / "left"
    (left / "processing").mkdir(parents=True)
    contract = {**PROCESSING, "expected_output_paths": {"result": "/tmp/result"}}
    with pytest.raises(ContractViolation) as caught:
        job(
            "",
            contract,
            inputs={"dta": tmp_path, "data": tmp_path / "none"},
            environment={"NO NAME": "1", "MODE": 1, "RATIO": "x" * 257},
            arguments={"job-tpye": "x", "verbose": "y" * 257},
            root=left,
            source_dir=tmp_path / "data",
            interpreter="python-of-nobody",
        )
    told = caught.value.problems
    assert told[0].startswith("expected_output_paths['result'] '/tmp/result' lies outside")
    assert list(told[1:]) == [
        "there is no interpreter 'python-of-nobody' that could be run",
        f"the script '{tmp_path}/scripts/job.py' lies outside of source_dir '{tmp_path}/data'",
        "no input 'dta' is declared; did you mean 'data'?",
        f"there is nothing at '{tmp_path}/none' to be copied as input 'data'",
        "the required environment variable 'LABEL' is not given",
        (
            "environment variable 'RATIO' has 257 characters, but SageMaker accepts at most 256"
            " (ProcessingEnvironmentValue)"
        ),
        "environment variable 'MODE' is 1; give a string",
        "'NO NAME' cannot be the name of an environment variable",
        "no argument 'job-tpye' is declared; did you mean 'job-type'?",
        f"argument {quoted('y' * 257)} is longer than 256 characters (ContainerArgument)",
        f"'{left}/processing' is there already, but a job starts in a fresh container",
    ]
    assert os.listdir(left / "processing") == []


def test_more_that_is_wrong(job, data: Path, tmp_path: Path) -> None:
    many = {f"V{number}": "1" for number in range(101)}
    with pytest.raises(
        ContractViolation, match="104 environment variables, but SageMaker accepts at most 100"
    ):
        job("", environment={"LABEL": "y", **many})
    with pytest.raises(ContractViolation, match="there is no script"):
        run_script(tmp_path / "none.py", PROCESSING, environment={"LABEL": "y"})
    with pytest.raises(ContractViolation, match="hyperparameters; give them by name"):
        job("", TRAINING, inputs={"train": data}, arguments=["--eta", "1"])
    with pytest.raises(ContractViolation, match="is a file; name a directory"):
        job("", root=data / "part-0.csv")
    with pytest.raises(FileNotFoundError):
        job("", tmp_path / "none.contract.json")
    (tmp_path / "no.contract.json").write_text("{")
    with pytest.raises(ContractViolation, match="no contract can be read"):
        job("", tmp_path / "no.contract.json")
    with pytest.raises(TypeError, match="expected a contract"):
        job("", 7)
    with pytest.raises(ValueError, match="unknown kind of job 'other'"):
        job("", kind="other")


def test_a_contract_comes_in_any_form(job, tmp_path: Path) -> None:
    """And the root is a directory of the helper's own, if none is named."""
    file = tmp_path / "job.contract.json"
    file.write_text(json.dumps(PROCESSING))
    for number, contract in enumerate((file, str(file), ScriptContract.model_validate(PROCESSING))):
        assert job("", contract, root=tmp_path / str(number)).returncode == 0
    run = job("open('/opt/ml/processing/output/result/x', 'w')", root=None, interpreter=sys.executable)
    try:
        assert (run.outputs["result"] / "x").is_file()
    finally:
        shutil.rmtree(run.root)
