"""Configuration: where it comes from, what it means, and what is said about a wrong one."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from flake8_contracts.settings import ConfigurationError, Settings, load_settings

CODES = ("SMC101", "SMC102", "SMC105", "SMC201", "SMC900")

Write = Callable[[dict[str, "str | bytes"]], Path]


@pytest.fixture
def at(write: Write, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes a project and changes to it, or to a directory in it."""

    def create(files: dict[str, str | bytes], directory: str = ".") -> Path:
        root = write({"x.py": "", **files})
        # The search for flake8's files ends below the home directory: nothing of this machine gets in.
        monkeypatch.setattr(os.path, "expanduser", lambda path: str(root.parent) if path == "~" else path)
        monkeypatch.chdir(root / directory)
        return root

    return create


def load(**options: object) -> Settings:
    return load_settings([Path(".")], known_codes=CODES, **options)  # type: ignore[arg-type]


def refused(**options: object) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(**options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- values


def test_without_configuration(at) -> None:
    root = at({})
    assert load() == Settings(root, cache_dir=root / ".flake8_contracts_cache")


def test_everything_in_pyproject(at) -> None:
    root = at(
        {
            "pyproject.toml": """
[project]
name = "x"
[tool.flake8-contracts]
root = "src"
include = ["contracts/**"]
exclude = ["old"]
registry = "pipeline.steps:REGISTRY"
infer = false
cache-dir = "../cache"
no-cache = true
fix = true
unsafe-fixes = false
select = ["SMC1"]
extend-select = ["SMC201"]
ignore = ["SMC102"]
extend-ignore = ["SMC9"]
[tool.flake8-contracts.per-file-ignores]
"tests/*" = ["SMC1"]
"test_*.py" = ["SMC"]
""",
            "src/a.py": "",
        }
    )
    settings = load()
    assert settings == Settings(
        root=root / "src",
        include=("contracts/**",),
        exclude=("old",),
        registry="pipeline.steps:REGISTRY",
        infer=False,
        cache_dir=root / "src/../cache",
        use_cache=False,
        select=("SMC1",),
        extend_select=("SMC201",),
        ignore=("SMC102",),
        extend_ignore=("SMC9",),
        per_file_ignores=((f"{root}/tests/*", ("SMC1",)), ("test_*.py", ("SMC",))),
        fix=True,
        origins=settings.origins,
    )
    assert pickle.loads(pickle.dumps(settings)) == settings


@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_everything_in_flake8s_files(at, name: str) -> None:
    root = at(
        {
            name: """
[metadata]
contracts-root = nowhere
[flake8]
max-line-length = 100
contracts-root = src
contracts-include =
    contracts/**,
    # not this one
    steps/*.yaml
contracts_exclude = old other
contracts-registry = pipeline.steps:REGISTRY
contracts-no-infer = yes
contracts-cache-dir = cache
contracts-no-cache = 0
select = E,SMC1
extend-select =
    SMC201
ignore = W503, SMC102
extend-ignore =
per-file-ignores =
    tests/*:SMC1,E
    a.py,b.py: SMC2
""",
            "src/a.py": "",
        }
    )
    settings = load()
    assert settings == Settings(
        root=root / "src",
        include=("contracts/**", "steps/*.yaml"),
        exclude=("old", "other"),
        registry="pipeline.steps:REGISTRY",
        infer=False,
        cache_dir=root / "src/cache",
        use_cache=True,
        select=("E", "SMC1"),
        extend_select=("SMC201",),
        ignore=("W503", "SMC102"),
        per_file_ignores=((f"{root}/tests/*", ("SMC1", "E")), ("a.py", ("SMC2",)), ("b.py", ("SMC2",))),
        origins=settings.origins,
    )


def test_the_command_line_wins_over_flake8s_file_and_that_over_pyproject(at) -> None:
    at(
        {
            "pyproject.toml": "[tool.flake8-contracts]\ninclude=['a']\nexclude=['a']\nregistry='a:A'\n",
            "setup.cfg": "[flake8]\ncontracts-include = b\ncontracts-exclude = b\n",
        }
    )
    settings = load(overrides={"include": "c, d", "exclude": None, "infer": False, "select": ["SMC1"]})
    assert settings.include == ("c", "d")
    assert settings.exclude == ("b",)
    assert settings.registry == "a:A"
    assert settings.infer is False
    assert settings.select == ("SMC1",)


def test_isolated_means_no_file(at) -> None:
    at(
        {
            "setup.cfg": "[flake8]\ncontracts-include = b\n",
            "pyproject.toml": "[tool.flake8-contracts]\nexclude=['a']\n",
        }
    )
    settings = load(isolated=True)
    assert (settings.include, settings.exclude) == ((), ())


@pytest.mark.parametrize("name", ["other.toml", "other.cfg"])
def test_a_configuration_file_that_is_named_is_the_only_one(at, name: str) -> None:
    root = at(
        {
            "setup.cfg": "[flake8]\ncontracts-include = b\n",
            "pyproject.toml": "[tool.flake8-contracts]\nexclude=['a']\n",
            "conf/other.toml": "[tool.flake8-contracts]\nregistry='a:A'\n",
            "conf/other.cfg": "[flake8]\ncontracts-registry=a:A\n",
        }
    )
    settings = load(config_file=Path("conf", name))
    assert (settings.include, settings.exclude, settings.registry) == ((), (), "a:A")
    assert settings.root == root, "the named file does not lie above the paths"


def test_an_override_that_repeats_the_file_keeps_its_line(at) -> None:
    at({"setup.cfg": "[flake8]\ncontracts-include =\n  a\n  b\n"})
    settings = load(overrides={"include": ["a", "b"]})
    assert str(settings.error("include", "no", "b")) == "setup.cfg:4: no"
    assert str(settings.error("include", "no", "z")) == "setup.cfg:2: no"
    assert str(load(overrides={"include": ["c"]}).error("include", "no", "c")) == "option 'include': no"


def test_an_override_that_is_no_setting_is_a_mistake_of_the_caller(at) -> None:
    at({})
    with pytest.raises(TypeError, match="'contracts_include' is no setting"):
        load(overrides={"contracts_include": ["a"]})


# --- what is wrong


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "\nincldue = ['a']",
            "pyproject.toml:3: unknown key 'incldue' in [tool.flake8-contracts]; did you mean 'include'?",
        ),
        ("\nzzz = 1", "pyproject.toml:3: unknown key 'zzz' in [tool.flake8-contracts]"),
        ("include = 'a'", "pyproject.toml:2: the option 'include' takes a list of strings, not 'a'"),
        (
            "include = ['a',\n\n7]",
            "pyproject.toml:4: the option 'include' takes a list of strings, but has 7",
        ),
        ("infer = 'no'", "pyproject.toml:2: the option 'infer' takes true or false, not 'no'"),
        ("infer = true\nno-infer = true", "pyproject.toml:3: the option 'no-infer' contradicts another one"),
        ("root = 7", "pyproject.toml:2: the option 'root' takes a string, not 7"),
        ("root = 'gone'", "pyproject.toml:2: the project root '"),
        ("registry = 'steps'", "pyproject.toml:2: the option 'registry' takes MODULE:NAME, such as"),
        ("select = []", "pyproject.toml:2: the option 'select' is empty, so that nothing would be reported"),
        ("select = ['E501']", "pyproject.toml:2: unknown code 'E501'; the codes begin with 'SMC'"),
        ("ignore = ['SMC1', 'smc102']", "pyproject.toml:2: unknown code 'smc102'; did you mean 'SMC102'?"),
        ("ignore = [\n'SMC1',\n'SMC109']", "pyproject.toml:4: unknown code 'SMC109'; did you mean 'SMC101'?"),
        ("extend-select = ['SMC777']", "pyproject.toml:2: unknown code 'SMC777'"),
        (
            "extend-select = ['SMC999']",
            "pyproject.toml:2: unknown code 'SMC999'; did you mean 'SMC900'?",
        ),
        (
            "per-file-ignores = ['a']",
            "pyproject.toml:2: the option 'per-file-ignores' takes a table of patterns",
        ),
        (
            "per-file-ignores = {a = 'SMC1'}",
            "pyproject.toml:2: the option 'per-file-ignores' for 'a' takes a list",
        ),
        (
            "[tool.flake8-contracts.per-file-ignores]\n'a' = ['SMC888']",
            "pyproject.toml:3: unknown code 'SMC888'",
        ),
    ],
)
def test_what_is_wrong_in_pyproject_is_named_with_its_line(at, text: str, message: str) -> None:
    at({"pyproject.toml": f"[tool.flake8-contracts]\n{text}\n"})
    assert refused().startswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[tool]\nflake8-contracts = 1\n", "pyproject.toml:2: 'tool.flake8-contracts' is a table, not 1"),
        ("[tool.flake8-contracts\n", "pyproject.toml:1: not valid TOML: "),
        (
            "[tool.flake8-contracts]\n" + ".".join(["a"] * 20_000) + " = 1\n",
            "pyproject.toml:2: a key with more than 100 parts",
        ),
        (
            "[tool.flake8-contracts]\nx = {" + " . ".join(["'a'"] * 20_000) + " = 1}\n",
            "pyproject.toml:2: a key with more than 100 parts",
        ),
        ("[tool.flake8-contracts]\nroot = \n", "pyproject.toml:2: not valid TOML: "),
        (b"[tool.flake8-contracts]\nroot = '\xff'\n", "pyproject.toml:2: the file is not UTF-8"),
    ],
)
def test_a_pyproject_that_cannot_be_read(at, content: str | bytes, message: str) -> None:
    at({"pyproject.toml": content})
    assert refused().startswith(message)


def test_a_broken_pyproject_without_a_word_about_this_plugin_is_not_our_business(at) -> None:
    root = at({"pyproject.toml": "[project\n"})
    assert load().root == root


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            "contracts-incldue = a",
            "setup.cfg:3: unknown key 'contracts-incldue' in [flake8]; did you mean 'contracts-include'?",
        ),
        (
            "contracts-no-infer = perhaps",
            "setup.cfg:3: the option 'contracts-no-infer' takes true or false, not 'perhaps'",
        ),
        ("contracts-registry = x", "setup.cfg:3: the option 'contracts-registry' takes MODULE:NAME"),
        ("contracts-root =", "setup.cfg:3: the option 'contracts-root' takes a string"),
        ("select = E\n    SMC109", "setup.cfg:4: unknown code 'SMC109'; did you mean 'SMC101'?"),
        ("per-file-ignores = a.py", "setup.cfg:3: the option 'per-file-ignores' takes lines such as"),
        ("per-file-ignores =\n    a.py:SMC1\n    b.py:SMC777", "setup.cfg:5: unknown code 'SMC777'"),
    ],
)
def test_what_is_wrong_in_flake8s_files_is_named_with_its_line(at, lines: str, message: str) -> None:
    at({"setup.cfg": f"[flake8]\nmax-complexity = 3\n{lines}\n"})
    assert refused().startswith(message)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"select": ["SCM105"]}, "select: unknown code 'SCM105'; the codes begin with 'SMC'"),
        ({"select": ["smc101"]}, "select: unknown code 'smc101'; did you mean 'SMC101'?"),
        ({"select": "SMC109"}, "option 'select': unknown code 'SMC109'; did you mean 'SMC101'?"),
        ({"include": 7}, "the option 'include' takes a list of strings, not 7"),
        ({"registry": "a b"}, "the option 'registry' takes MODULE:NAME"),
    ],
)
def test_what_is_wrong_on_the_command_line(at, options: dict[str, object], message: str) -> None:
    at({})
    assert refused(overrides=options).startswith(message)


def test_flake8s_own_options_may_name_other_plugins_codes(at) -> None:
    at({})
    settings = load(overrides={"select": ["E", "SMC1"], "extend_ignore": ["W5"]}, flake8_overrides=True)
    assert settings.select == ("E", "SMC1")


def test_named_files_and_roots_must_exist(at) -> None:
    at({"setup.toml": "[tool.other]\n"})
    assert refused(config_file=Path("gone.toml")) == "the configuration file gone.toml does not exist"
    assert (
        refused(config_file=Path("setup.toml")) == "setup.toml: the file has no table [tool.flake8-contracts]"
    )
    assert "'" in refused(root=Path("gone"))
    assert refused(root=Path("x.py")).endswith("is no directory")


def test_an_unreadable_flake8_file_is_passed_over_as_flake8_does_unless_it_is_named(at) -> None:
    at({"tox.ini": "no section\n"})
    load()
    assert refused(config_file=Path("tox.ini")).startswith("tox.ini: cannot be read: ")


# --- the project root


@pytest.mark.parametrize(
    ("files", "directory", "paths", "root"),
    [
        ({"a/b/m.py": ""}, ".", ["a/b/m.py"], "."),
        ({"a/b/m.py": "", "a/pyproject.toml": ""}, ".", ["a/b/m.py"], "a"),
        ({"a/b/m.py": "", "a/setup.cfg": ""}, ".", ["a/b"], "a"),
        ({"a/b/m.py": "", "a/.git/HEAD": ""}, ".", ["a/b"], "a"),
        (
            {"a/b/m.py": "", "a/c/n.py": "", "a/b/setup.cfg": "", "a/setup.cfg": ""},
            ".",
            ["a/b/m.py", "a/c/n.py"],
            "a",
        ),
        (
            {"a/pyproject.toml": "", "a/b/m.py": "", "pyproject.toml": "[tool.flake8-contracts]\n"},
            ".",
            ["a/b"],
            ".",
        ),
        ({"a/pyproject.toml": "", "a/b/m.py": "", "setup.cfg": "[flake8]\n"}, ".", ["a/b"], "."),
        (
            {"a/pyproject.toml": "[tool.flake8-contracts]\n", "a/b/m.py": "", "setup.cfg": "[flake8]\n"},
            ".",
            ["a/b"],
            "a",
        ),
        (
            {
                "a/pyproject.toml": "[tool.flake8-contracts]\nexclude=['x']",
                "a/b/m.py": "",
                "setup.cfg": "[flake8]\n",
            },
            ".",
            ["a/b"],
            "a",
        ),
        ({"a/b/m.py": "", "c/setup.cfg": "[flake8]\n"}, "c", ["../a/b/m.py"], "a/b"),
        ({"a/b/m.py": ""}, "a", ["b", "-"], "a"),
        ({"a/b/m.py": ""}, "a", ["-"], "a"),
        ({"a/b/m.py": ""}, "a", [], "a"),
        ({"a/b/m.py": ""}, "a/b", ["../../x.py", "m.py"], "."),
    ],
)
def test_the_project_root(
    at, files: dict[str, str | bytes], directory: str, paths: list[str], root: str
) -> None:
    project = at(files, directory)
    if any(
        (place / mark).exists()
        for place in project.parents
        for mark in ("pyproject.toml", "setup.cfg", ".git")
    ):
        pytest.skip("the temporary directory lies in a project")
    assert load_settings([Path(path) for path in paths]).root == (project / root).resolve()


def test_an_explicit_root_wins(at) -> None:
    root = at({"src/a.py": "", "pyproject.toml": "[tool.flake8-contracts]\nroot = 'src'\n"})
    assert load(root=Path(".")).root == root
    assert load().root == root / "src"


# --- cost


def test_the_module_imports_nothing_heavy(imports: Callable[..., set[str]]) -> None:
    loaded = imports("import flake8_contracts.settings, flake8_contracts.selection")
    assert "flake8_contracts.settings" in loaded
    heavy = {
        "configparser",
        "tomllib",
        "tomli",
        "difflib",
        "libcst",
        "pydantic",
        "ruamel.yaml",
        "flake8",
        "click",
    }
    assert not loaded & heavy


@pytest.mark.parametrize(
    "text", ["[flake8]\nselect = SMC\nselect = E\n", "[flake8]\nselect = SMC\n[flake8]\nignore = E\n"]
)
def test_a_flake8_file_that_says_something_twice(at, text: str) -> None:
    """flake8 itself ends with a traceback."""
    at({"setup.cfg": text})
    assert refused().startswith("setup.cfg: cannot be read: While reading from ")
