"""Which files a project has, and which of them may declare contracts."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_contracts.catalog.files import ProjectFiles, declares
from flake8_contracts.catalog.globs import glob_regex, nearest_path
from flake8_contracts.catalog.limits import MAX_SOURCE_BYTES
from flake8_contracts.settings import ConfigurationError, Origin, Settings

CONTRACT = "C = ScriptContract(entry_point='x.py')\n"
STEP = "contract: {entry_point: x.py}\n"

Write = Callable[[dict[str, "str | bytes"]], Path]


def project(root: Path, **options: object) -> ProjectFiles:
    return ProjectFiles(root, Settings(root, **options))  # type: ignore[arg-type]


def candidates(root: Path, **options: object) -> list[str]:
    return [candidate.relative for candidate in project(root, **options).declaration_candidates()]


# --- what is found


def test_declarations_are_found_by_content_and_by_name(write: Write) -> None:
    root = write(
        {
            "contracts/a.py": CONTRACT,
            "contracts/b.py": "D = Own(expected_input_paths={}, required_env_vars=[])\n",
            "scripts/run.py": "paths = contract.expected_input_paths['a']\n",
            "scripts/x.py": "import pandas\n",
            "steps/x.step.yaml": STEP,
            "steps/y.STEP.YML": STEP,
            "steps/z.contract.json": "{}",
            "steps/z.contract.toml": "",
            "steps/values.yaml": "a: b",
            "README.md": "ScriptContract",
        }
    )
    files = project(root)
    assert files.python_files == ("contracts/a.py", "contracts/b.py", "scripts/run.py", "scripts/x.py")
    assert len(files.all_files) == 10
    assert list(files.all_files) == sorted(files.all_files)
    found = files.declaration_candidates()
    assert [candidate.relative for candidate in found] == [
        "contracts/a.py",
        "contracts/b.py",
        "steps/x.step.yaml",
        "steps/y.STEP.YML",
        "steps/z.contract.json",
        "steps/z.contract.toml",
    ]
    assert found[0].path == root / "contracts/a.py"
    assert found[0].data == CONTRACT.encode()
    assert files.declaration_candidates() is found
    assert files.unreadable == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from x import ScriptContract as SC", True),
        ("C = TrainingScriptContract()", True),
        ("C = Mine(expected_arguments={})", True),
        ("C = {'optional_env_vars': {}}", True),
        ('C = {"expected_output_paths" : {}}', True),
        ("    required_env_vars: list[str]", True),
        ("c.expected_input_paths['x']", False),
        ("c.expected_input_paths = {}", False),
        ("my_required_env_vars = []", False),
        ("# expected_ things and _env_vars", False),
        ("", False),
    ],
)
def test_sources_that_may_declare_are_told_by_their_bytes(source: str, expected: bool) -> None:
    assert declares(source.encode()) is expected


def test_installed_and_built_things_are_not_entered(write: Write) -> None:
    excluded = [
        ".venv",
        "venv",
        "build",
        "dist",
        ".git",
        ".tox",
        "node_modules",
        "src/x.egg-info",
        "a/site-packages",
    ]
    excluded += ["a/__pycache__", ".flake8_contracts_cache", "deep/er/.mypy_cache", ".nox", ".hg", ".svn"]
    files: dict[str, str | bytes] = {f"{name}/inner/c.py": CONTRACT for name in excluded}
    files |= {
        "myenv/pyvenv.cfg": "",
        "myenv/lib/c.py": CONTRACT,
        "conda/conda-meta/history": "",
        "conda/c.py": CONTRACT,
    }
    files |= {"env/c.py": CONTRACT, "builds/c.py": CONTRACT, "pyvenv.cfg": ""}
    root = write(files)
    assert candidates(root) == ["builds/c.py", "env/c.py"]
    assert project(root).all_files == ("builds/c.py", "env/c.py", "pyvenv.cfg")


def test_the_cache_directory_is_not_entered(write: Write) -> None:
    root = write({"kept/c.py": CONTRACT, "c.py": CONTRACT})
    assert candidates(root, cache_dir=root / "kept") == ["c.py"]


def test_large_sources_are_data(write: Write) -> None:
    large = CONTRACT.encode() + b"#" * MAX_SOURCE_BYTES
    root = write({"large.py": large, "small.py": CONTRACT})
    assert candidates(root) == ["small.py"]


def test_files_that_cannot_be_read_are_reported_and_the_rest_is_found(write: Write, monkeypatch) -> None:
    root = write({"a.py": CONTRACT, "b.step.yaml": STEP})
    real = os.open

    def refusing(path, *arguments, **options):
        if str(path).endswith("a.py"):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refusing)
    files = project(root)
    assert [candidate.relative for candidate in files.declaration_candidates()] == ["b.step.yaml"]
    assert [(problem.place.path, problem.reason) for problem in files.unreadable] == [
        (root / "a.py", "cannot be read: Permission denied")
    ]


def test_a_directory_that_may_not_be_listed_is_passed_over(write: Write, monkeypatch) -> None:
    root = write({"closed/a.py": CONTRACT, "b.py": CONTRACT})
    real = os.scandir

    def refusing(path):
        if str(path).rstrip("/").endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    files = project(root)
    assert files.all_files == ("b.py",)
    assert files.closed_directories == ("closed",)


def test_a_root_that_cannot_be_read_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"the project root .*nowhere cannot be read"):
        project(tmp_path / "nowhere")


# --- links


def link(source: Path, target: str | Path, *, directory: bool = False) -> None:
    try:
        source.symlink_to(target, target_is_directory=directory)
    except OSError as error:  # pragma: no cover - Windows without the privilege
        pytest.skip(f"no symbolic links here: {error}")


def test_links_are_not_followed_into_directories_and_loops_end(write: Write, tmp_path: Path) -> None:
    root = write({"src/c.py": CONTRACT})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "d.py").write_text(CONTRACT)
    link(root / "loop", ".", directory=True)
    link(root / "src/up", "..", directory=True)
    link(root / "away", outside, directory=True)
    link(root / "broken.py", "missing.py")
    link(root / "self.py", "self.py")
    assert candidates(root) == ["src/c.py"]


def test_a_linked_file_declares_once_but_may_be_a_script(write: Write, tmp_path: Path) -> None:
    root = write({"src/c.step.yaml": STEP})
    outside = tmp_path / "shared.step.yaml"
    outside.write_text(STEP)
    link(root / "again.step.yaml", "src/c.step.yaml")
    link(root / "shared.step.yaml", outside)
    files = project(root)
    assert [candidate.relative for candidate in files.declaration_candidates()] == [
        "shared.step.yaml",
        "src/c.step.yaml",
    ]
    assert files.all_files == ("again.step.yaml", "shared.step.yaml", "src/c.step.yaml")


def test_the_root_may_be_a_link(write: Write, tmp_path: Path) -> None:
    root = write({"src/c.py": CONTRACT})
    alias = tmp_path / "alias"
    link(alias, root, directory=True)
    files = project(alias)
    assert [candidate.path for candidate in files.declaration_candidates()] == [alias / "src/c.py"]


# --- .gitignore


def test_ignored_files_declare_nothing(write: Write) -> None:
    root = write(
        {
            ".gitignore": "/out/\n*.gen.py\n!kept.gen.py\n# comment\n",
            "out/c.py": CONTRACT,
            "sub/out/c.py": CONTRACT,
            "a.gen.py": CONTRACT,
            "kept.gen.py": CONTRACT,
            "sub/.gitignore": "local.py\n!a.gen.py\n",
            "sub/local.py": CONTRACT,
            "sub/a.gen.py": CONTRACT,
            "local.py": CONTRACT,
            "sub/inner/.gitignore": "*\n!.gitignore\n",
            "sub/inner/c.py": CONTRACT,
        }
    )
    assert candidates(root) == ["kept.gen.py", "local.py", "sub/a.gen.py", "sub/out/c.py"]
    assert "a.gen.py" in project(root).python_files
    assert "out/c.py" not in project(root).python_files


def test_ignore_files_above_the_root_count_up_to_the_repository(write: Write) -> None:
    root = write(
        {
            ".gitignore": "repo.py\n/service/anchored.py\nservice/gone/\n",
            "repo/.git/HEAD": "",
            "repo/.gitignore": "hidden.py\n/service/anchored.py\nservice/gone/\n",
            "repo/service/hidden.py": CONTRACT,
            "repo/service/anchored.py": CONTRACT,
            "repo/service/gone/c.py": CONTRACT,
            "repo/service/repo.py": CONTRACT,
        }
    )
    assert candidates(root / "repo/service") == ["repo.py"]


def test_a_root_that_is_ignored_itself_is_read_all_the_same(write: Write) -> None:
    root = write({"repo/.git/HEAD": "", "repo/.gitignore": "scratch/\n", "repo/scratch/deep/c.py": CONTRACT})
    assert candidates(root / "repo/scratch/deep") == ["c.py"]


def test_odd_ignore_files_do_no_harm(write: Write) -> None:
    root = write(
        {
            ".gitignore": b"\xef\xbb\xbf!\n/\n\xff\n**\x00\n[\nhidden.py\n",
            "hidden.py": CONTRACT,
            "c.py": CONTRACT,
        }
    )
    assert candidates(root) == ["c.py"]


def test_without_ignore_files_their_library_is_not_imported(
    write: Write, imports: Callable[..., set[str]]
) -> None:
    root = write({"c.py": CONTRACT})
    code = (
        "import sys; from pathlib import Path\n"
        "from flake8_contracts.catalog.files import ProjectFiles\n"
        "from flake8_contracts.settings import Settings\n"
        "root = Path(sys.argv[1]); files = ProjectFiles(root, Settings(root))\n"
        "assert len(files.declaration_candidates()) == 1\n"
    )
    loaded = imports(code, str(root))
    assert "flake8_contracts.catalog.files" in loaded
    assert not loaded & {"pathspec", "ruamel.yaml", "libcst", "pydantic", "tomllib", "difflib"}


# --- include and exclude


def test_globs_choose_what_may_declare(write: Write) -> None:
    root = write(
        {
            "contracts/a.py": "X = load()\n",
            "contracts/deep/b.yaml": STEP,
            "contracts/notes.md": "",
            "other/c.py": CONTRACT,
            "other/d.step.yaml": STEP,
            "build/e.py": CONTRACT,
            "build/gen/f.py": CONTRACT,
            "build/gen/__pycache__/g.py": CONTRACT,
            ".gitignore": "hidden/\n",
            "hidden/h.py": CONTRACT,
        }
    )
    assert candidates(root, include=("contracts",)) == ["contracts/a.py", "contracts/deep/b.yaml"]
    assert candidates(root, include=("contracts/*",)) == ["contracts/a.py", "contracts/deep/b.yaml"]
    assert candidates(root, include=("contracts/*.py", "*.step.yaml")) == [
        "contracts/a.py",
        "other/d.step.yaml",
    ]
    assert candidates(root, include=(str(root / "other/*.py"),)) == ["other/c.py"]
    assert candidates(root, include=("build/gen/*.py",)) == ["build/gen/f.py"]
    assert candidates(root, include=("hidden/*.py",)) == ["hidden/h.py"]
    assert candidates(root, exclude=("other",)) == []
    assert candidates(root, exclude=("*.step.yaml",)) == ["other/c.py"]
    assert candidates(root, include=("contracts", "other"), exclude=("other/c.py", "deep")) == [
        "contracts/a.py",
        "other/d.step.yaml",
    ]
    assert "other/c.py" in project(root, exclude=("other",)).python_files


@pytest.mark.parametrize(
    ("option", "glob", "words"),
    [
        (
            "include",
            "contract/*.py",
            r"the glob 'contract/\*\.py' matches no file below .*; the nearest is 'contracts'",
        ),
        (
            "include",
            "contracts/payload.py",
            "matches no file below .*; the nearest is 'contracts/payloads.py'",
        ),
        ("include", "zzz", "the glob 'zzz' matches no file below [^;]*$"),
        ("include", "*.md", "matches no Python, YAML, JSON or TOML file, only such as 'README.md'"),
        ("include", "/elsewhere/*.py", "lies outside of the project root"),
        ("exclude", "test/**", r"the glob 'test/\*\*' matches no file below .*; the nearest is 'tests'"),
    ],
)
def test_a_glob_without_matches_is_an_error_that_names_the_nearest(
    write: Write, option: str, glob: str, words: str
) -> None:
    root = write({"contracts/payloads.py": CONTRACT, "tests/test_x.py": "", "README.md": ""})
    settings = Settings(root, **{option: (glob,)}, origins=(Origin(option, glob, "pyproject.toml:7"),))  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=words) as caught:
        ProjectFiles(root, settings)
    assert str(caught.value).startswith("pyproject.toml:7: ")


def test_excluding_what_is_never_read_or_not_there_yet_is_no_error(write: Write) -> None:
    root = write({".gitignore": "cdk.out.d/\n*.log\n", "empty/.keep": "", "c.py": CONTRACT})
    (root / "void").mkdir()
    exclude = (".venv", "build/", "**/node_modules/**", "cdk.out.d", "void", "empty", "x.egg-info")
    assert candidates(root, exclude=exclude) == ["c.py"]


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.py", "a.py", True),
        ("*.py", "deep/a.py", True),
        ("*.py", "a.pyi", False),
        ("a", "a/b/c", True),
        ("a", "x/a/c", True),
        ("a/", "x/a/c", True),
        ("a", "ab/c", False),
        ("a/b", "a/b/c", True),
        ("a/b", "x/a/b", False),
        ("./a/b", "a/b", True),
        ("/a", "a", True),
        ("/a", "x/a", False),
        ("a/*/c", "a/b/c", True),
        ("a/*/c", "a/b/b/c", False),
        ("a/**/c", "a/c", True),
        ("a/**/c", "a/b/b/c", True),
        ("**/c", "c", True),
        ("**/c", "a/b/c", True),
        ("a/**", "a/b", True),
        ("a/**", "a", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[ab].py", "b.py", True),
        ("[!ab].py", "b.py", False),
        ("[!ab].py", "c.py", True),
        ("[]].py", "].py", True),
        ("[?-.].py", "?.py", False),
        ("[!?-.].py", "?.py", True),
        ("[.-0]", "/", False),
        ("[a.py", "[a.py", True),
        ("a.b", "aXb", False),
        ("a+(b).py", "a+(b).py", True),
    ],
)
def test_globs(pattern: str, path: str, matches: bool) -> None:
    assert (re.fullmatch(glob_regex(pattern), path) is not None) is matches


@given(st.text(alphabet="ab*?[]!^-/.\\\n", max_size=12), st.text(alphabet="ab/.-", max_size=12))
def test_any_glob_is_a_valid_expression(pattern: str, path: str) -> None:
    re.fullmatch(glob_regex(pattern), path)


@given(st.sampled_from(["", "!"]), st.text(alphabet="abc-", min_size=1, max_size=6), st.sampled_from("abc-"))
def test_characters_between_brackets_are_those_of_a_shell(negation: str, body: str, path: str) -> None:
    pattern = f"[{negation}{body}]"
    assert (re.fullmatch(glob_regex(pattern), path) is not None) is fnmatch.fnmatchcase(path, pattern)


@given(st.lists(st.text(alphabet="ab.é +(", min_size=1, max_size=5), min_size=1, max_size=4))
def test_a_path_matches_itself(parts: list[str]) -> None:
    path = "/".join(parts)
    assert re.fullmatch(glob_regex(f"/{path}"), path)


def test_the_nearest_path_follows_the_pattern_as_far_as_it_is_right() -> None:
    paths = ["src/contracts/a.py", "src/scripts/contract.py", "contract/x.py"]
    assert nearest_path("src/contract/*.py", paths) == "src/contracts"
    assert nearest_path("src/contracts/b.py", paths) == "src/contracts/a.py"
    assert nearest_path("src/**/contracts.py", paths) == "src/scripts/contract.py"
    assert nearest_path("nothing/like/it", paths) is None
    assert nearest_path("x", []) is None
