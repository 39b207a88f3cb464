"""Importing the step builders: without an SDK, with one that is too old or too new, and what is imported before it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from .test_package import run

INSTALL = "pip install 'flake8-contracts[sagemaker]'"
IMPORT = """
import sys
sys.path.insert(0, {folder!r})
try:
    import contracts_runtime.builders as builders
    print("v%d" % builders.require_sdk())
except ImportError as error:
    print(error)
print(sorted({{name.partition(".")[0] for name in sys.modules}} & {{"sagemaker", "boto3", "botocore", "pydantic"}}))
"""


def imported(folder: Path) -> list[str]:
    """What a Python says that has nothing installed but what is in a folder."""
    return run(sys.executable, IMPORT.format(folder=str(folder))).splitlines()


@pytest.fixture
def install(tmp_path: Path):
    """Puts a package that looks like an SDK into the folder."""

    def put(version: str | None, *parts: str) -> Path:
        for part in parts:
            (tmp_path / "sagemaker" / part).mkdir(parents=True)
            (tmp_path / "sagemaker" / part / "__init__.py").write_text("raise AssertionError('imported')")
        if version is not None:
            info = tmp_path / f"sagemaker-{version}.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: sagemaker\nVersion: {version}\n")
        return tmp_path

    return put


def test_without_an_sdk_the_extra_is_named(tmp_path: Path) -> None:
    assert imported(tmp_path) == [
        f"the step builders need the SageMaker SDK, which is not installed here; install it with {INSTALL}",
        "[]",
    ]


@pytest.mark.parametrize(
    ("version", "parts", "said"),
    [
        ("2.257.7", ("workflow",), "v2"),
        ("3.27.0", ("core", "mlops"), "v3"),
        ("3.0.dev0", ("core", "mlops"), "v3"),
        (None, ("core", "mlops"), "v3"),
        (
            "3.27.0",
            ("core",),
            "the SageMaker SDK v3 is installed without sagemaker-mlops, which has its pipelines; install it with "
            + INSTALL,
        ),
        (
            "1.72.0",
            ("workflow",),
            (
                "sagemaker 1.72.0 is installed, but the step builders work with sagemaker >= 2.200 and < 4; install it"
                f" with {INSTALL}"
            ),
        ),
        (
            "2.199.0",
            ("workflow",),
            (
                "sagemaker 2.199.0 is installed, but the step builders work with sagemaker >= 2.200 and < 4; install it"
                f" with {INSTALL}"
            ),
        ),
        (
            "4.0.0",
            ("core", "mlops"),
            (
                "sagemaker 4.0.0 is installed, but the step builders work with sagemaker >= 2.200 and < 4; install it"
                f" with {INSTALL}"
            ),
        ),
        (
            None,
            ("session",),
            (
                "the package 'sagemaker' has no pipelines, but the step builders work with sagemaker >= 2.200 and < 4;"
                f" install it with {INSTALL}"
            ),
        ),
    ],
)
def test_which_sdk_is_there_is_found_without_importing_it(install, version, parts, said) -> None:
    assert imported(install(version, *parts)) == [said, "[]"]


def test_everything_public_is_imported_when_it_is_used() -> None:
    """The names that type checkers see are those that can be imported."""
    import contracts_runtime

    source = Path(contracts_runtime.__file__).parent / "builders" / "__init__.py"
    tree = ast.parse(source.read_text(encoding="utf-8"))
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    declared = {
        alias.asname: (node.module or "").rpartition(".")[2]
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    [exports] = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_EXPORTS"
    ]
    assert declared == exports
    for name, module in exports.items():
        defined = ast.parse((source.parent / f"{module}.py").read_text(encoding="utf-8")).body
        assert name in {getattr(node, "name", None) for node in defined}
