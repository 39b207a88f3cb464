"""Modules beside the tests, which pytest does not put on the path."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def beside(name: str) -> ModuleType:
    """The module of that name in this directory."""
    known = sys.modules.get(name)
    if known is not None:
        return known
    specification = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def planted() -> ModuleType:
    """How to write a project full of traps."""
    return beside("planted")


@pytest.fixture(scope="session")
def fuzzing() -> ModuleType:
    """Programs and changed texts, drawn at random."""
    return beside("grammar")
