"""What ``import flake8_contracts`` offers, and what it costs."""

from __future__ import annotations

import pytest

import flake8_contracts


@pytest.mark.parametrize("name", flake8_contracts.__all__)
def test_public_names_exist(name):
    assert getattr(flake8_contracts, name)
    assert name in dir(flake8_contracts)


def test_other_names_do_not():
    with pytest.raises(AttributeError, match="has no attribute 'check_path'"):
        flake8_contracts.check_path  # noqa: B018


def test_importing_the_package_imports_nothing_of_it(imports):
    modules = imports("import flake8_contracts")
    assert "flake8_contracts" in modules
    assert not {name for name in modules if name.startswith("flake8_contracts.")}
    assert not modules & {"contracts_runtime", "libcst", "pydantic", "flake8", "click"}
