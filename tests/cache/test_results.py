"""What is checked anew after which change, and that nothing else is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flake8_contracts.cache import keys
from flake8_contracts.project import Project
from tests.cache.conftest import PROJECT, findings, settings_of

RELEVANT = {"paths.py", "train.contract.yaml", "report.py", "report_contract.py", "clean.py",
            "clean_contract.py", "train.py"}  # fmt: skip


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_second_run_checks_nothing(project, checked):
    assert checked(project) == RELEVANT
    assert checked(project) == set()


def test_there_is_something_to_keep(project):
    assert len(findings(project)) > 5


CHANGES = {
    "a script": ("scripts/train.py", "input/data", "input/datum", {"train.py"}),
    "a module that one script imports": ("scripts/helper.py", "'w'", "'r'", {"report.py"}),
    "a contract in a data file": ("train.contract.yaml", "output/m", "output/n", {"train.py", "train.contract.yaml"}),
    "a contract in a module": ("contracts/clean_contract.py", "LEVEL", "LEVELS", {"clean.py", "clean_contract.py"}),
    "what a contract imports": ("paths.py", "/output", "/out", {"report.py", "report_contract.py", "paths.py"}),
    "a file that nothing concerns": ("scripts/other.py", "nothing", "little", set()),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_checks_what_depends_on_it(project, checked, change):
    name, old, new, anew = CHANGES[change]
    checked(project)
    edit(project, name, old, new)
    assert checked(project) == anew
    assert checked(project) == set()


def test_a_change_of_time_stamps_changes_nothing(project, checked):
    checked(project)
    for name in PROJECT:
        (project / name).touch()
    assert checked(project) == set()


def test_a_module_that_appears_nearer_is_noticed(project, checked):
    checked(project)
    (project / "scripts" / "paths.py").write_text('OUTPUT = "/opt/ml/processing/elsewhere"\n')
    assert "report.py" in checked(project)


def test_a_module_that_disappears_is_noticed(project, checked):
    checked(project)
    (project / "scripts" / "helper.py").unlink()
    assert checked(project) == {"report.py"}


def test_a_new_contract_for_a_script_is_noticed(project, checked):
    checked(project)
    (project / "other.contract.yaml").write_text(
        "entry_point: scripts/other.py\nrequired_env_vars: [REGION_OF_DATA]\n"
    )
    assert checked(project) == {"other.contract.yaml", "other.py"}


def test_a_script_that_is_renamed_is_noticed(project, checked):
    checked(project)
    (project / "scripts" / "train.py").rename(project / "scripts" / "fit.py")
    assert checked(project) == {"train.contract.yaml", "fit.py"}


def test_a_file_that_becomes_a_project_is_noticed(project, checked):
    checked(project)
    (project / "contracts" / "pyproject.toml").write_text("")
    assert checked(project) == {"report.py"}


def test_a_declaration_that_is_hidden_is_noticed(project, checked):
    checked(project)
    (project / ".gitignore").write_text("train.contract.yaml\n")
    assert "train.py" in checked(project)


@pytest.mark.parametrize("options", [{"ignore": ("SMC2",)}, {"extend_select": ("SMC105",)}, {"infer": False}])
def test_other_options_have_results_of_their_own(project, checked, options):
    checked(project)
    assert checked(project, **options) == RELEVANT
    assert checked(project) == set()
    assert checked(project, **options) == set()


def test_another_version_has_results_of_its_own(project, checked, monkeypatch):
    checked(project)
    monkeypatch.setattr(keys, "__version__", "999")
    assert checked(project) == RELEVANT


def test_another_version_of_a_library_has_results_of_its_own(project, checked, monkeypatch):
    checked(project)
    monkeypatch.setattr(keys, "version", lambda name: "999")
    assert checked(project) == RELEVANT


def test_a_project_that_moves_is_checked_anew(project, checked):
    checked(project)
    moved = project.rename(project.parent / "moved")
    assert checked(moved) == RELEVANT


def test_an_internal_error_is_not_kept(project, monkeypatch):
    from flake8_contracts.rules import smc101_undeclared_path as module

    with monkeypatch.context() as patch:
        patch.setattr(type(module.RULE), "check_script", lambda rule, case: iter([1 // 0]))
        assert any("SMC900" in found for found in findings(project))
    assert not any("SMC900" in found for found in findings(project))


# Texts that are not what the file holds


def test_an_unsaved_text_is_not_kept(project):
    path = project / "scripts" / "train.py"
    settings = settings_of(project)
    saved = Project(settings).check_file(path)
    assert saved
    assert Project(settings).check_file(path, "print('/opt/ml/processing/output/m')\n") != saved
    assert Project(settings).check_file(path) == saved


def test_what_is_checked_after_an_unsaved_text_is_not_kept(project):
    report = project / "scripts" / "report.py"
    plain = Project(settings_of(project, use_cache=False)).check_file(report)
    one = Project(settings_of(project))
    one.check_file(project / "paths.py", 'OUTPUT = "/opt/ml/processing/unsaved"  # expected_\n')
    one.check_file(report)
    assert Project(settings_of(project)).check_file(report) == plain


def test_a_saved_text_is_found_again_however_it_is_encoded(project, checked, flake8_here):
    path = project / "scripts" / "train.py"
    path.write_bytes(b"\xef\xbb\xbf# r\xc3\xa9sum\xc3\xa9\r\n" + path.read_bytes().replace(b"\n", b"\r\n"))
    first = flake8_here("--select", "SMC", ".", cwd=project)
    assert checked(project, select=("SMC",)) <= RELEVANT
    assert flake8_here("--select", "SMC", ".", cwd=project).own == first.own != []


def test_a_declaration_that_is_excluded_has_no_say_whatever_is_checked_first(project, checked):
    (project / "pyproject.toml").write_text("")
    options = {"exclude": ("contracts/report_contract.py",)}
    first = checked(project, **options)
    assert first == RELEVANT - {"report.py"}
    assert checked(project, **options) == set()
    edit(project, "contracts/report_contract.py", "/report", "/reports")
    assert checked(project, **options) == {"report_contract.py"}


def test_names_that_are_no_text_are_kept_too(project, checked):
    name = os.fsdecode(b"caf\xe9.py")
    (project / "scripts" / name).write_text("print('/opt/ml/processing/input/data')\n")
    assert checked(project) == RELEVANT | {name}
    assert checked(project) == set()
