"""What users get when they install the distribution."""

from __future__ import annotations

import email
import importlib.util
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import flake8_contracts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOP = Path(__file__).resolve().parent.parent
VERSION = flake8_contracts.__version__
PACKAGES = ("contracts_runtime", "flake8_contracts")


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Build the source distribution, and the wheel from it, as a release would."""
    pytest.importorskip("build", reason="the package 'build' makes the distributions")
    directory = tmp_path_factory.mktemp("dist")
    process = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(directory), str(TOP)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return directory


@pytest.fixture(scope="module")
def wheel(built) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(built / f"flake8_contracts-{VERSION}-py3-none-any.whl") as archive:
        yield archive


def source_files(package: str) -> set[str]:
    """The files of a package that are under version control or about to be: everything but caches."""
    top = TOP / "src"
    return {
        path.relative_to(top).as_posix()
        for path in (top / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_has_both_packages_and_nothing_else(wheel):
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == source_files("contracts_runtime") | source_files("flake8_contracts")


@pytest.mark.parametrize("package", PACKAGES)
def test_the_packages_are_typed(wheel, package):
    assert f"{package}/py.typed" in wheel.namelist()


def test_data_files_are_in_the_wheel(wheel):
    names = set(wheel.namelist())
    assert "flake8_contracts/output/findings.schema.json" in names
    assert {f"contracts_runtime/{form}.schema.json" for form in ("contract", "step")} <= names


def test_the_wheel_has_the_licence(wheel):
    licence = next(name for name in wheel.namelist() if name.endswith("/LICENSE"))
    assert wheel.read(licence).decode() == (TOP / "LICENSE").read_text(encoding="utf-8")


def test_metadata(wheel):
    text = wheel.read(f"flake8_contracts-{VERSION}.dist-info/METADATA").decode()
    metadata = email.message_from_string(text)
    assert metadata["Name"] == "flake8-contracts"
    assert metadata["Version"] == VERSION
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["License-Expression"] == "MIT"
    assert set(metadata.get_all("Provides-Extra", [])) == {"dev", "sagemaker", "test"}


def test_entry_points(wheel):
    text = wheel.read(f"flake8_contracts-{VERSION}.dist-info/entry_points.txt").decode()
    assert text.split() == [
        "[console_scripts]", "flake8-contracts", "=", "flake8_contracts.cli:main",
        "[flake8.extension]", "SMC", "=", "flake8_contracts.plugin:ContractsPlugin",
    ]  # fmt: skip


def test_the_source_distribution_can_be_tested(built):
    with tarfile.open(built / f"flake8_contracts-{VERSION}.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "pyproject.toml", "README.md", "LICENSE", "tests/test_packaging.py"} <= names
    assert {name.split("/")[0] for name in names} <= {
        ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "PKG-INFO", "README.md", "docs",
        "fixtures", "pyproject.toml", "src", "tests", "tools",
    }  # fmt: skip


def test_nothing_strays_into_the_distributions(wheel, built):
    """No caches, no editors' or tools' files, nothing that was generated on the way."""
    with tarfile.open(built / f"flake8_contracts-{VERSION}.tar.gz") as archive:
        names = [*archive.getnames(), *wheel.namelist()]
    stray = re.compile(
        r"(^|/)(__pycache__|\.git|\.venv[^/]*|\.[a-z_]*cache|\.hypothesis|\.DS_Store|mutants|dist|build)(/|$)"
        r"|\.(py[cod]|so|orig|rej|swp|bak|log)$|~$|\.egg-info|\.coverage"
    )
    assert [name for name in names if stray.search(name)] == []


def test_installation_with_hashes(built, tmp_path):
    """The line of the wheel in the requirements that a release brings; a wheel that was changed is refused."""
    specification = importlib.util.spec_from_file_location("release", TOP / "tools" / "release.py")
    assert specification is not None
    assert specification.loader is not None
    release = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(release)
    copies = [Path(shutil.copy(path, tmp_path)) for path in sorted(built.iterdir())]
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(release.pinned(copies))

    def install(target: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--require-hashes", "--find-links",
             str(tmp_path), "--requirement", str(requirements), "--target", str(tmp_path / target)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    process = install("first")
    assert process.returncode == 0, process.stderr
    assert (tmp_path / "first" / "flake8_contracts" / "plugin.py").is_file()
    wheel = next(path for path in copies if path.suffix == ".whl")
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("flake8_contracts/added.py", "")
    process = install("second")
    assert process.returncode != 0
    assert "DO NOT MATCH THE HASHES" in process.stderr


def test_the_oldest_versions_are_the_lower_bounds(project):
    """The pins are what a dependency asks for on the oldest Python: its bound without a marker, or for old Pythons."""
    pins = set((TOP / ".ci" / "oldest.txt").read_text(encoding="utf-8").splitlines()[1:])
    bounds = set()
    for dependency in project["project"]["dependencies"]:
        requirement, _, marker = dependency.partition(";")
        if ">=" not in marker:
            name, bound = requirement.strip().split(">=")
            bounds.add(f"{name}=={bound}{'.0' * (2 - bound.count('.'))}")
    assert pins == bounds


def test_the_changelog_knows_the_version():
    headings = re.findall(r"^## \[(.+?)\]", (TOP / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] in {"Unreleased", VERSION}
