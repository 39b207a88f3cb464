"""The definitions of the example project's pipelines, as both SDKs compile them, against its contracts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flake8_contracts.definitions.verification import Verification, verify
from flake8_contracts.project import Project
from flake8_contracts.settings import load_settings

TOP = Path(__file__).resolve().parents[2]
DEFINITIONS = sorted((TOP / "tests" / "sdk" / "definitions").glob("*.json"))


def verified(project: Path, text: str) -> Verification:
    settings = load_settings([project], root=project, overrides={"use_cache": False})
    return verify(text.encode(), Project(settings).catalog, project, {})


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_they_agree(path: Path):
    text = path.read_text()
    found = verified(TOP / "fixtures" / "clean", text)
    assert found.disagreements == ()
    assert found.notes == ()
    assert set(found.compared) == {step["Name"] for step in json.loads(text)["Steps"]}


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_a_change_of_any_contract_is_noticed(path: Path, copy_of):
    """Every container path that a definition names is compared with something."""
    project = copy_of("clean")
    definition = json.loads(path.read_text())
    for step in definition["Steps"]:
        arguments = step["Arguments"]
        mounts = [
            *(each["S3Input"] for each in arguments.get("ProcessingInputs", [])),
            *(each["S3Output"] for each in arguments.get("ProcessingOutputConfig", {}).get("Outputs", [])),
        ]
        for mount in mounts:
            if not mount["LocalPath"].endswith("/code"):
                mount["LocalPath"] += "_renamed"
        for channel in arguments.get("InputDataConfig", []):
            channel["ChannelName"] += "_renamed"
    found = verified(project, json.dumps(definition))
    assert {each.name for each in found.disagreements} <= {
        "channel-path-mismatch",
        "unknown-channel",
        "missing-channel",
    }
    renamed = json.dumps(definition).count("_renamed")
    told = [each for each in found.disagreements if each.name != "missing-channel"]
    assert len(told) == renamed - (3 if path.stem == "pytorch" else 0)  # its channels may have any name
