"""Write tests/sdk/definitions: what the pipelines of the example project compile to with the installed SageMaker SDK.

The tests compare what the SDK v2 and the SDK v3 make with these files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from contracts_runtime.builders import offline_session

TOP = Path(__file__).resolve().parent.parent
PROJECT = TOP / "fixtures" / "clean"
DEFINITIONS = TOP / "tests" / "sdk" / "definitions"
PIPELINES = ("delivery", "end_to_end", "evaluation", "pytorch", "xgboost")

SETTINGS = {
    "role": "arn:aws:iam::123456789012:role/risk-pipeline",
    "image_uri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/risk:3.2.0",
    "bucket": "risk",
    "start_date": "2026-01-01",
    "end_date": "2026-01-31",
}


def definitions(**changes: Any) -> Iterator[tuple[str, str]]:
    """Yield the name of each pipeline and the text of its definition; ``changes`` are to the settings."""
    sys.path.insert(0, str(PROJECT))
    try:
        settings = import_module("pipelines.settings").PipelineSettings(
            **{**SETTINGS, **changes}, session=offline_session(bucket="risk")
        )
        for name in PIPELINES:
            pipeline = import_module(f"pipelines.{name}_pipeline").assemble(settings)
            yield name, _text(json.loads(pipeline.definition()))
    finally:
        sys.path.remove(str(PROJECT))


def _text(definition: dict[str, Any]) -> str:
    if definition.get("MlflowConfig", "") is None:
        del definition["MlflowConfig"]  # v3 writes null, v2 nothing
    return json.dumps(definition, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write the files."""
    DEFINITIONS.mkdir(exist_ok=True)
    for name, text in definitions():
        (DEFINITIONS / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
