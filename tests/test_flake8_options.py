"""flake8's options and configuration, as far as they decide about this plugin's findings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAYLOAD = "scripts/payload.py"
IN_PAYLOAD = "SMC106"
"""What the payload script of the broken project does wrong, on the line that is marked."""


# What is not to be reported


def commented(root: Path, comment: str) -> None:
    """Put a comment where the payload script is wrong."""
    path = root / PAYLOAD
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"# expect: {IN_PAYLOAD}", comment), encoding="utf-8"
    )


@pytest.mark.parametrize(
    "comment", ["# noqa", f"# noqa: {IN_PAYLOAD}", "# noqa: E501,SMC1", "# NOQA:SMC106,E1"]
)
def test_comments_that_suppress(flake8_here, payload, comment):
    assert flake8_here(PAYLOAD, cwd=payload).about(PAYLOAD)
    commented(payload, comment)
    assert flake8_here(PAYLOAD, cwd=payload).about(PAYLOAD) == []
    assert len(flake8_here("--disable-noqa", PAYLOAD, cwd=payload).about(PAYLOAD)) == 1


@pytest.mark.parametrize("comment", ["# noqa: SMC101", "# noqa: E501", "# no qa"])
def test_comments_that_do_not(flake8_here, payload, comment):
    commented(payload, comment)
    assert len(flake8_here(PAYLOAD, cwd=payload).about(PAYLOAD)) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--ignore", "SMC106"),
        ("--ignore", "SMC"),
        ("--extend-ignore", "SMC1,E"),
        ("--per-file-ignores", "scripts/*.py:SMC106"),
        ("--per-file-ignores", "payload.py:SMC"),
        ("--select", "E,W"),
        ("--select", "SMC2"),
        ("--select", "SMC", "--ignore", "SMC10"),
        ("--select", "SMC", "--extend-ignore", "SMC106"),
    ],
)
def test_options_that_silence(flake8_here, payload, arguments):
    result = flake8_here(*arguments, PAYLOAD, cwd=payload)
    assert result.stderr == ""
    assert result.own == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--ignore", "SMC101"),
        ("--extend-ignore", "E,W"),
        ("--per-file-ignores", "contracts/*.py:SMC"),
        ("--select", "SMC"),
        ("--select", "SMC106"),
        ("--select", "SMC106", "--ignore", "SMC1"),
        ("--extend-select", "SMC106", "--ignore", "SMC"),
    ],
)
def test_options_that_do_not(flake8_here, payload, arguments):
    result = flake8_here(*arguments, PAYLOAD, cwd=payload)
    assert result.codes == {IN_PAYLOAD}


# What is off by default


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ((), set()),
        (("--select", "SMC"), set()),
        (("--extend-select", "SMC"), set()),
        (("--extend-select", "SMC105"), {"SMC105"}),
        (("--select", "SMC105"), {"SMC105"}),
        (("--select", "SMC", "--extend-select", "SMC105,SMC203"), {"SMC105", "SMC203"}),
        (("--extend-select", "SMC1"), {"SMC105", "SMC109"}),
        (("--extend-select", "SMC9"), {"SMC902"}),
        (("--extend-select", "SMC105", "--extend-ignore", "SMC105"), set()),
        (("--extend-select", "SMC1", "--ignore", "SMC109"), {"SMC105"}),
    ],
)
def test_opt_in_rules(flake8_here, copy_of, arguments, wanted):
    result = flake8_here(*arguments, cwd=copy_of("opt_in"))
    assert result.stderr == ""
    assert result.codes == wanted


# Configuration files


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("setup.cfg", "[flake8]\ncontracts-exclude = contracts/payload_contract.py\nselect = SMC\n"),
        (
            "setup.cfg",
            "[flake8]\ncontracts_exclude =\n    contracts/payload_contract.py,\n    hyperparams/\nselect = SMC\n",
        ),
        ("tox.ini", "[flake8]\ncontracts-exclude = contracts/payload*\nselect = SMC\n"),
        (".flake8", "[flake8]\ncontracts-include = contracts/package.contract.json\nselect = SMC\n"),
        ("pyproject.toml", '[tool.flake8-contracts]\nexclude = ["contracts/payload_contract.py"]\n'),
        ("pyproject.toml", '[tool.flake8-contracts]\ninclude = ["contracts/*.json"]\n'),
        ("pyproject.toml", '[tool.flake8-contracts]\nignore = ["SMC106"]\n'),
        ("pyproject.toml", '[tool.flake8-contracts.per-file-ignores]\n"scripts/*.py" = ["SMC106"]\n'),
    ],
)
def test_configuration_counts(flake8_here, check_here, payload, name, text):
    assert flake8_here("--select", "SMC", PAYLOAD, cwd=payload).codes == {IN_PAYLOAD}
    (payload / name).write_text(text)
    for run in (flake8_here, check_here):
        result = run(PAYLOAD, cwd=payload)
        assert result.stderr == ""
        assert result.own == []


@pytest.mark.parametrize(
    "option",
    [
        "--contracts-exclude=contracts/payload_contract.py",
        "--contracts-include=contracts/package.contract.json",
    ],
)
@pytest.mark.parametrize(
    "names", [(".",), ("contracts", PAYLOAD), (PAYLOAD, "contracts/payload_contract.py")]
)
def test_what_is_excluded_is_excluded(flake8_here, payload, option, names):
    """Also when flake8 is given the module itself, before the script or after it."""
    result = flake8_here("--select", "SMC", option, *names, cwd=payload)
    assert result.about(PAYLOAD) == []
    assert result.about("contracts/payload_contract.py") == []


def test_a_contract_that_git_ignores_is_excluded(flake8_here, payload):
    (payload / ".gitignore").write_text("payload_contract.py\n")
    assert flake8_here("--select", "SMC", "contracts", PAYLOAD, cwd=payload).own == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("setup.cfg", "[flake8]\nextend-select = SMC105\n"),
        ("tox.ini", "[flake8]\nextend-select =\n    SMC105,  # hard-coded paths\n    E501\n"),
        (".flake8", "[flake8]\nselect = SMC,SMC105\n"),
        ("pyproject.toml", '[tool.flake8-contracts]\nextend-select = ["SMC105"]\n'),
        ("pyproject.toml", '[tool.flake8-contracts]\nselect = ["SMC105"]\n'),
    ],
)
def test_configuration_of_opt_in_rules(flake8_here, check_here, copy_of, name, text):
    root = copy_of("opt_in")
    (root / name).write_text(text)
    for run in (flake8_here, check_here):
        result = run(".", cwd=root)
        assert result.stderr == ""
        assert result.codes == {"SMC105"}


def test_options_win_over_configuration(flake8, payload):
    (payload / "setup.cfg").write_text("[flake8]\nper-file-ignores = scripts/*: SMC\n")
    assert flake8(PAYLOAD, cwd=payload).own == []
    assert flake8("--per-file-ignores", "contracts/*:SMC", PAYLOAD, cwd=payload).codes == {IN_PAYLOAD}
    assert flake8("--isolated", PAYLOAD, cwd=payload).codes == {IN_PAYLOAD}


def test_a_configuration_file_that_is_named(flake8, payload, tmp_path):
    silent, other = tmp_path / "silent.cfg", tmp_path / "other.cfg"
    silent.write_text(f"[flake8]\ncontracts-root = {payload}\nextend-ignore = SMC106\n")
    assert flake8("--config", str(silent), PAYLOAD, cwd=payload).own == []
    other.write_text("[flake8]\n")
    (payload / ".flake8").write_text("[flake8]\nextend-ignore = SMC106\n")
    assert flake8("--config", str(other), PAYLOAD, cwd=payload).codes == {IN_PAYLOAD}


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("setup.cfg", "[flake8]\ncontracts-exlude = contracts\n", ":2: .*'contracts-exlude'.*'contracts-exclude'"),
        ("tox.ini", "[flake8]\nselect = SMC\ncontracts-include = contract/*.py\n", r":3: .*'contract/\*\.py'"),
        (".flake8", "[flake8]\ncontracts-exclude =\n    contracts/*,\n    gone/*.py\n", r":4: .*'gone/\*\.py'"),
        (".flake8", "[flake8]\nextend-select = SMC105,SMC999\n", ":2: .*'SMC999'"),
        ("setup.cfg", "[flake8]\ncontracts-root = elsewhere\n", ":2: .*elsewhere"),
        ("setup.cfg", "[flake8]\ncontracts-registry = steps\n", ":2: .*'contracts-registry'"),
        ("pyproject.toml", "[tool.flake8-contracts]\nextend_select = []\n", ":2: .*'extend-select'"),
        ("pyproject.toml", '[tool.flake8-contracts]\nextend-select = ["E501"]\n', ":2: .*'E501'"),
        ("pyproject.toml", '[tool.flake8-contracts]\ninclude = ["*.contract.yml"]\n', r":2: .*'\*\.contract\.yml'"),
        ("pyproject.toml", '[tool.flake8-contracts]\nroot = "gone"\n', ":2: .*gone"),
        ("pyproject.toml", "[tool.flake8-contracts]\nexclude = 3\n", ":2: .*'exclude'"),
        ("pyproject.toml", "[tool.flake8-contracts\n", ":1: not valid TOML"),
    ],
)  # fmt: skip
def test_wrong_configuration_is_one_clear_line(flake8, payload, jobs, name, text, error):
    (payload / name).write_text(text)
    assert_one_error(flake8(jobs, ".", cwd=payload), re.escape(name) + error)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--contracts-root", "gone"), r".*root.*gone"),
        (("--contracts-include", "gone/*.py"), r".*'gone/\*\.py' matches no"),
        (("--contracts-exclude", "contracts/payloda_contract.py"), r".*'contracts/payload_contract\.py'"),
        (("--extend-select", "SMC199"), r".*'SMC199'"),
        (("--ignore", "SMC9,SMC8"), r".*'SMC8'"),
        (("--contracts-registry", "a b"), r".*registry"),
    ],
)
def test_wrong_options_are_one_clear_line(flake8_here, payload, arguments, error):
    assert_one_error(flake8_here(*arguments, ".", cwd=payload), error)


def assert_one_error(result, error: str) -> None:
    """flake8 prints a heading and the text of the error."""
    assert result.stderr == ""
    assert result.returncode == 1
    heading, text, *others = result.stdout.splitlines()
    assert heading == "There was a critical error during execution of Flake8:"
    assert re.match(f"flake8-contracts: {error}", text), text
    assert others == []
