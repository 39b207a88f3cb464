"""The scripts of the example pipeline, run one after the other as SageMaker runs them, on a small generated dataset."""

from __future__ import annotations

import csv
import json
import math
import random
import runpy
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts_runtime.testing import ScriptFailedError, ScriptRun, run_script
from flake8_contracts.cli import cli

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CLEAN = FIXTURES / "clean"
ROWS = 600
SPLITS = ("train", "val", "test")


def write_transactions(directory: Path) -> None:
    """Payments whose chargebacks depend on amount, age and category, in two shards without a header."""
    generator = random.Random(7)
    directory.mkdir(parents=True)
    for shard in range(2):
        with (directory / f"part-{shard}.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            for number in range(ROWS // 2):
                amount, age = generator.lognormvariate(4, 1), generator.randint(1, 2000)
                category = generator.choice(["grocery", "travel", "games"])
                risk = -3 + amount / 100 - age / 1000 + {"grocery": -1, "travel": 0, "games": 1.5}[category]
                rows.writerow(
                    [
                        f"txn-{shard}-{number}", round(amount, 2), age, generator.randint(0, 20), category,
                        generator.choice(["DE", "FR", "US"]), generator.choice(["web", "app"]),
                        generator.choice(["EUR", "USD", "GBP"]),
                        "yes" if generator.random() < 1 / (1 + math.exp(-risk)) else "no",
                    ]
                )  # fmt: skip


COLUMNS = "transaction_id,amount,account_age_days,txn_count_7d,merchant_category,country,channel,currency,is_chargeback"


CONTRACTS = (
    "contracts/preprocessing/training_contract.py", "contracts/currency_conversion.contract.toml",
    "RISK_TABLE_MAPPING_TRAINING_CONTRACT", "XGBOOST_TRAINING_CONTRACT", "MODEL_EVALUATION_CONTRACT",
    "steps/model_calibration.step.yaml", "contracts/package.contract.json", "PAYLOAD_CONTRACT",
)  # fmt: skip


def write_contracts(directory: Path) -> Path:
    """Every contract of the example, as the JSON that a container reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(CLEAN)
        arguments = ["vendor", str(directory), *CONTRACTS, "--contracts-root", "."]
        result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return directory


class Pipeline:
    """Runs steps in containers of their own; what one leaves, the next one gets."""

    def __init__(self, work: Path, contracts: Path) -> None:
        self.work = work
        self.contracts = contracts
        self.runs: dict[str, ScriptRun] = {}

    def run(self, step: str, inputs: dict[str, Path], **environment: str) -> ScriptRun:
        run = run_script(
            CLEAN / "scripts" / f"{step}.py",
            self.contracts / f"{step}.contract.json",
            inputs=inputs,
            environment=environment,
            root=self.work / step,
            source_dir=CLEAN,
            audit=True,
        )
        self.runs[step] = run
        return run.check(strict=True)

    def output(self, step: str, logical_name: str) -> Path:
        directory = self.work / "s3" / step / logical_name
        return directory if directory.exists() else self.runs[step].upload(logical_name, directory)


def run_pipeline(work: Path) -> Pipeline:
    """Run the pipeline from the transactions to the payload."""
    write_transactions(work / "data")
    (work / "signature").mkdir()
    (work / "signature/signature.csv").write_text(COLUMNS)
    (work / "rates.json").write_text('{"EUR": 1.1, "GBP": 1.3}')
    (work / "inference").mkdir()
    (work / "inference/inference.py").write_text("def model_fn(model_dir): ...\n")
    label = {"LABEL_FIELD": "is_chargeback"}
    identified = {"ID_FIELD": "transaction_id", **label}

    (work / "contracts").mkdir()
    steps = Pipeline(work, write_contracts(work / "contracts"))
    steps.run("tabular_preprocessing", {"DATA": work / "data", "SIGNATURE": work / "signature"}, **identified)
    processed = steps.output("tabular_preprocessing", "processed_data")
    steps.run(
        "currency_conversion",
        {"data_input": processed, "rates_input": work / "rates.json"},
        CURRENCY_FIELD="currency", AMOUNT_FIELDS="amount",
    )  # fmt: skip
    steps.run(
        "risk_table_mapping", {"data_input": steps.output("currency_conversion", "converted_data")}, **label
    )
    mapped = steps.output("risk_table_mapping", "processed_data")
    steps.run("xgboost_training", {split: mapped / split for split in SPLITS}, **label)
    model = steps.output("xgboost_training", "model_output")
    steps.run("model_evaluation", {"model_input": model, "eval_data_input": mapped}, **identified)
    steps.run(
        "model_calibration", {"evaluation_data": steps.output("model_evaluation", "eval_output")}, **label
    )
    steps.run(
        "package",
        {
            "model_input": model,
            "inference_scripts_input": work / "inference",
            "calibration_input": steps.output("model_calibration", "calibration_output"),
        },
        MODEL_NAME="chargeback",
    )
    steps.run(
        "payload",
        {"model_input": steps.output("package", "packaged_model")},
        CONTENT_TYPES="application/json,text/csv",
    )
    return steps


def test_the_pipeline_runs_from_the_transactions_to_the_payload(tmp_path: Path) -> None:
    pipeline = run_pipeline(tmp_path)
    check_data(pipeline)
    check_model(pipeline)
    check_package(pipeline)
    check_payload(pipeline)
    check_audits(pipeline)


def read(directory: Path, name: str) -> dict:
    return json.loads((directory / name).read_text())


def check_data(pipeline: Pipeline) -> None:
    summary = read(pipeline.output("tabular_preprocessing", "processed_data"), "split_summary.json")
    assert {split: part["rows"] for split, part in summary.items()} == {"train": 420, "val": 90, "test": 90}
    assert all(part["positives"] > 0 for part in summary.values())
    report = read(pipeline.output("currency_conversion", "conversion_report"), "conversion_report.json")
    assert sum(report["currencies"].values()) == ROWS
    assert report["unknown_currencies"] == {}


def check_model(pipeline: Pipeline) -> None:
    metrics = read(pipeline.output("model_evaluation", "metrics_output"), "metrics.json")
    assert metrics["rows"] == 90
    assert 0.6 < metrics["auc_roc"] <= 1  # it has learnt something
    calibration = read(pipeline.output("model_calibration", "metrics_output"), "calibration_metrics.json")
    assert calibration["ece_after"] < calibration["ece_before"]


def check_package(pipeline: Pipeline) -> None:
    """The archive holds the model, the code and the calibrator."""
    with tarfile.open(pipeline.output("package", "packaged_model") / "model.tar.gz") as archive:
        names = {name.removeprefix("./") for name in archive.getnames()}
    assert {"xgboost_model.json", "feature_columns.txt", "manifest.json", "code/inference.py"} <= names
    assert "calibration/calibrator.joblib" in names


def check_payload(pipeline: Pipeline) -> None:
    """The requests have the fields that the model takes."""
    with tarfile.open(pipeline.output("payload", "payload_sample") / "payload.tar.gz") as archive:
        sample = archive.extractfile("payload_application_json_0.json")
        assert sample is not None
        request = json.load(sample)
    assert {"amount", "account_age_days", "txn_count_7d", "merchant_category"} <= request.keys()
    assert "is_chargeback" not in request


def check_audits(pipeline: Pipeline) -> None:
    """What the linter says of these scripts is what they do: nothing that their contracts do not declare."""
    audits = {step: run.audit for step, run in pipeline.runs.items()}
    assert {step: audit and audit["undeclared"] for step, audit in audits.items()} == {
        step: {"paths": [], "variables": []} for step in audits
    }
    for step, audit in audits.items():
        assert audit is not None
        check_facts(step, audit)


def check_facts(step: str, audit: dict) -> None:
    """The linter has foreseen everything that the script has done: each use at its line, or why it cannot be told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(CLEAN)
        arguments = ["facts", f"scripts/{step}.py", "--output-format", "json", "--contracts-no-cache"]
        facts = json.loads(CliRunner().invoke(cli, arguments, catch_exceptions=False).stdout)
    told = {(each["file"], each["line"]) for each in (*facts["paths"], *facts["unresolved"])}
    # A statement may have several lines, of which Python and the linter name different ones.
    near = {(file, line + offset) for file, line in told for offset in (-1, 0, 1)}
    done = {(use["file"].partition("/code/")[2], use["line"]) for use in audit["paths"]}
    assert done
    assert done <= near
    assert {use["name"] for use in audit["variables"]} <= {each["name"] for each in facts["variables"]}


def test_the_uncorrected_payload_step_fails_as_on_sagemaker(tmp_path: Path) -> None:
    """The contract names a file as an output; the platform makes a directory of it; the script cannot write it."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model/feature_columns.txt").write_text("0,amount\n")
    contracts = {
        project: runpy.run_path(str(FIXTURES / project / "contracts/payload_contract.py"))["PAYLOAD_CONTRACT"]
        for project in ("broken", "clean")
    }
    runs = {
        project: run_script(
            FIXTURES / project / "scripts/payload.py",
            contract,
            inputs={"model_input": tmp_path / "model"},
            environment={"CONTENT_TYPES": "text/csv"},
            root=tmp_path / project,
            source_dir=FIXTURES / project / "scripts",
        )
        for project, contract in contracts.items()
    }
    failed = runs["broken"]
    assert failed.returncode == 2
    assert "[Errno 21] Is a directory: '/opt/ml/processing/output/payload.tar.gz'\n" in failed.stderr
    assert failed.outputs["payload_sample"].is_dir()
    with pytest.raises(ScriptFailedError, match="exit code 2") as caught:
        failed.check()
    assert "IsADirectoryError" in str(caught.value)
    mended = runs["clean"].check(strict=True)
    assert (mended.outputs["payload_sample"] / "payload.tar.gz").is_file()
