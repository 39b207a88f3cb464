"""Validation results."""

from __future__ import annotations

import dataclasses

import pytest

from contracts_runtime import ValidationResult


def test_success_has_no_errors() -> None:
    assert ValidationResult.success() == ValidationResult(is_valid=True)
    assert ValidationResult.success(["odd"]) == ValidationResult(True, [], ["odd"])


def test_an_error_is_one_message_or_several() -> None:
    assert ValidationResult.error("bad") == ValidationResult(False, ["bad"], [])
    assert ValidationResult.error(["bad", "worse"], "odd") == ValidationResult(
        False, ["bad", "worse"], ["odd"]
    )
    assert ValidationResult.error(message for message in ["bad"]).errors == ["bad"]


def test_combining_keeps_everything_in_order() -> None:
    parts = [ValidationResult.success("w1"), ValidationResult.error("e1", "w2"), ValidationResult.error("e2")]
    assert ValidationResult.combine(parts) == ValidationResult(False, ["e1", "e2"], ["w1", "w2"])
    assert ValidationResult.combine(iter(parts[:1])).is_valid
    assert ValidationResult.combine([]) == ValidationResult.success()
    without_reason = ValidationResult(is_valid=False)
    assert not ValidationResult.combine([ValidationResult.success(), without_reason]).is_valid


def test_contradictions_are_refused() -> None:
    with pytest.raises(ValueError, match="a valid result cannot have errors"):
        ValidationResult(is_valid=True, errors=["bad"])
    with pytest.raises(ValueError, match="needs at least one error"):
        ValidationResult.error([])


def test_a_result_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ValidationResult.success().is_valid = False  # type: ignore[misc]
