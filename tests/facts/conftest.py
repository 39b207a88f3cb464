"""Trying out the shapes that the effect catalogue gives to paths: what happens when a directory stands there?

A module with tests of that kind defines ``cases(case)``, which returns what ``case`` makes of calls; its tests take a
``case``, or a ``certain_case``: one that must not be given a directory, or puts a file into it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from flake8_contracts.facts import effects
from flake8_contracts.facts.effects import Effect, PathArgument

Call = Callable[[str], object]


@dataclass(frozen=True)
class Case:
    """A call of ``name`` with a path that ends in ``suffix``; ``prepare`` makes a file that can be read.

    ``keyword`` says which argument is the path, where more than one is; ``given`` are the keywords that decide on its
    shape.
    """

    name: str
    call: Call
    suffix: str = ""
    prepare: Call | None = None
    keyword: str = ""
    given: tuple[str, ...] = ()

    @property
    def argument(self) -> PathArgument:
        entry = effects.find(self.name)
        assert entry is not None, f"{self.name} is not in the catalogue"
        arguments = [argument for argument in entry.arguments if self.keyword in ("", argument.keyword)]
        assert arguments, f"{self.name} has no argument {self.keyword!r}"
        return arguments[0]

    @property
    def shape(self) -> str:
        return self.argument.shape_for(f"name{self.suffix}", self.given)

    def __str__(self) -> str:
        return " ".join((self.name, self.suffix, self.keyword, *self.given)).strip()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if not {"case", "certain_case"} & set(metafunc.fixturenames):
        return
    made: list[Case] = metafunc.module.cases(Case)
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", made, ids=str)
    else:
        certain = [case for case in made if case.shape in ("file", "into")]
        metafunc.parametrize("certain_case", certain, ids=str)


def skip_without_engine(error: BaseException) -> None:
    """A library may be there without another one that it needs for a format: pyarrow, fastparquet, openpyxl, …"""
    if isinstance(error, ImportError):
        pytest.skip(" ".join(str(error).split())[:100])


def call(case: Case, path: str) -> None:
    """Make the call, where that is possible here."""
    try:
        case.call(path)
    except ImportError as error:
        skip_without_engine(error)


def prepare(case: Case, path: str) -> None:
    """Write the file that the call is to read, where that is possible here."""
    assert case.prepare is not None
    try:
        case.prepare(path)
    except ImportError as error:
        skip_without_engine(error)


@pytest.fixture
def try_on_directory(tmp_path: Path) -> Callable[[Case], None]:
    """Gives the call a directory, with a file in it where it is to be read, and compares what happens with the shape.

    ``file``: the call fails. ``into``: it puts a file into the directory. ``directory`` and ``either``: it works.
    """

    def run(case: Case) -> None:
        path = tmp_path / f"name{case.suffix}"
        path.mkdir()
        if case.prepare is not None:
            prepare(case, str(path / f"part{case.suffix}"))
        before = len(os.listdir(path))
        if case.shape == "file":
            with pytest.raises(Exception) as failure:  # noqa: PT011 (every library has exceptions of its own)
                case.call(str(path))
            skip_without_engine(failure.value)
            assert not isinstance(failure.value, (NameError, TypeError))
            return
        call(case, str(path))
        if case.shape == "into":
            assert len(os.listdir(path)) == before + 1

    return run


@pytest.fixture
def try_on_file(tmp_path: Path) -> Callable[[Case], None]:
    """Gives the call a file, or a path at which nothing stands: it works, so it was the directory that it failed on."""

    def run(case: Case) -> None:
        path = str(tmp_path / f"name{case.suffix}")
        if case.prepare is not None:
            prepare(case, path)
        call(case, path)
        if case.argument.effect is Effect.WRITE:
            assert os.path.lexists(path)

    return run
