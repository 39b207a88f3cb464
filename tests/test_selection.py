"""Which findings are reported: flake8's own decisions, and rules that are off until they are named."""

from __future__ import annotations

import argparse
import os
import pickle
from pathlib import Path

import pytest
from flake8.style_guide import Decision, DecisionEngine, StyleGuideManager
from hypothesis import given
from hypothesis import strategies as st

from flake8_contracts.selection import Selection
from flake8_contracts.settings import ConfigurationError, Origin, Settings

RULES = {"SMC101": True, "SMC102": True, "SMC105": False, "SMC201": True, "SMC203": False}
ON = [code for code, default in RULES.items() if default]


def selection(**options: object) -> Selection:
    return Selection(Settings(Path("/project"), **options), RULES)  # type: ignore[arg-type]


def reported(**options: object) -> list[str]:
    return [code for code in RULES if selection(**options).decide(code)]


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({}, ["SMC101", "SMC102", "SMC201"]),
        ({"select": ("SMC",)}, ["SMC101", "SMC102", "SMC201"]),
        ({"select": ("S",)}, ["SMC101", "SMC102", "SMC201"]),
        ({"select": ("SMC1",)}, ["SMC101", "SMC102", "SMC105"]),
        ({"select": ("SMC105",)}, ["SMC105"]),
        ({"select": ("E", "W")}, []),
        ({"select": ("E",), "extend_select": ("SMC20",)}, ["SMC201", "SMC203"]),
        ({"extend_select": ("SMC105",)}, ["SMC101", "SMC102", "SMC105", "SMC201"]),
        ({"extend_select": ("SMC",)}, ["SMC101", "SMC102", "SMC201"]),
        ({"ignore": ("SMC1",)}, ["SMC201"]),
        ({"ignore": ("SMC1",), "select": ("SMC101", "SMC2")}, ["SMC101", "SMC201", "SMC203"]),
        ({"ignore": ("SMC1",), "extend_select": ("SMC105",)}, ["SMC105", "SMC201"]),
        ({"ignore": ("SMC10",), "extend_select": ("SMC1",)}, ["SMC201"]),
        ({"ignore": ("SMC2",), "extend_ignore": ("SMC102",)}, ["SMC101"]),
        ({"ignore": ("SMC105",), "extend_select": ("SMC105",)}, ["SMC101", "SMC102", "SMC201"]),
        ({"extend_ignore": ("S",)}, []),
        ({"ignore": ("E", "W503")}, ["SMC101", "SMC102", "SMC201"]),
    ],
)
def test_what_is_reported(options: dict[str, object], codes: list[str]) -> None:
    assert reported(**options) == codes


def test_codes_that_are_not_registered_count_as_on() -> None:
    assert selection().decide("SMC900")


def test_a_selection_can_be_sent_to_a_worker() -> None:
    sent = pickle.loads(pickle.dumps(selection(ignore=("SMC1",))))
    assert [code for code in RULES if sent.decide(code)] == ["SMC201"]


@pytest.mark.parametrize("option", ["select", "extend_select", "ignore", "extend_ignore"])
def test_a_selector_that_fits_no_rule_is_an_error_at_its_line(option: str) -> None:
    origins = (Origin(option, None, "setup.cfg:3"), Origin(option, "SMC109", "setup.cfg:4"))
    with pytest.raises(ConfigurationError) as caught:
        selection(**{option: ("SMC1", "SMC109"), "origins": origins})
    assert str(caught.value) == "setup.cfg:4: unknown code 'SMC109'; did you mean 'SMC101'?"


def test_a_per_file_selector_that_fits_no_rule_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="option 'per-file-ignores': unknown code 'SMC999'"):
        selection(per_file_ignores=(("x.py", ("SMC999",)),))


def test_per_file_patterns() -> None:
    chosen = selection(per_file_ignores=(("test_*.py", ("SMC1",)), (f"{os.getcwd()}/tests/*", ("SMC2",))))
    assert not chosen.decide("SMC101", "src/test_x.py")
    assert chosen.decide("SMC201", "src/test_x.py")
    assert chosen.decide("SMC101", "tests/test_x.py"), "the longest pattern alone counts"
    assert not chosen.decide("SMC201", "tests/deep/x.py")
    assert not chosen.decide("SMC201", os.path.abspath("tests/x.py"))
    assert chosen.decide("SMC101", "src/x.py")


SELECTORS = st.lists(
    st.sampled_from(["S", "SM", "SMC", "SMC1", "SMC10", "SMC101", "SMC102", "SMC2", "SMC20", "E", "W5"]),
    max_size=3,
)
PATTERNS = st.sampled_from(["x.py", "*.py", "tests/*", "tests/x.py", "./src/*", "tests", ".", "t*/x.py"])


def flake8_options(
    select: list[str],
    extend_select: list[str],
    ignore: list[str],
    extend_ignore: list[str],
    per_file: str = "",
) -> argparse.Namespace:
    return argparse.Namespace(
        select=select or None,
        extend_select=extend_select or None,
        ignore=ignore or None,
        extend_ignore=extend_ignore or None,
        extended_default_select=["C90", "E", "F", "SMC", "W"],
        extended_default_ignore=[],
        per_file_ignores=per_file,
    )


@given(SELECTORS, SELECTORS, SELECTORS, SELECTORS)
def test_for_rules_that_are_on_the_decision_is_flake8s(
    select: list[str], extend_select: list[str], ignore: list[str], extend_ignore: list[str]
) -> None:
    engine = DecisionEngine(flake8_options(select, extend_select, ignore, extend_ignore))
    chosen = selection(
        select=tuple(select),
        extend_select=tuple(extend_select),
        ignore=tuple(ignore),
        extend_ignore=tuple(extend_ignore),
    )
    for code in ON:
        assert chosen.decide(code) is (engine.decision_for(code) is Decision.Selected)


@given(
    SELECTORS,
    st.lists(st.tuples(PATTERNS, st.sampled_from(["SMC1", "SMC101", "SMC2", "S"])), max_size=4),
    st.sampled_from(["x.py", "tests/x.py", "./tests/x.py", "src/y.py", "./x.py"]),
)
def test_for_rules_that_are_on_the_decision_in_a_file_is_flake8s(
    extend_select: list[str], pairs: list[tuple[str, str]], path: str
) -> None:
    from flake8_contracts.settings import load_settings

    text = "\n".join(f"{pattern}:{code}" for pattern, code in pairs)
    manager = StyleGuideManager(flake8_options([], extend_select, [], [], text), None)
    guide = manager.style_guide_for(path)
    settings = load_settings(
        [Path(path)],
        isolated=True,
        overrides={"per_file_ignores": text, "extend_select": extend_select},
        flake8_overrides=True,
    )
    chosen = Selection(settings, RULES)
    for code in ON:
        assert chosen.decide(code, path) is (guide.should_report_error(code) is Decision.Selected)
