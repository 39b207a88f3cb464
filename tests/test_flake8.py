"""The plugin in flake8 as users run it: a process of its own, with the configuration of the project."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from flake8_contracts import __version__
from flake8_contracts.rules import all_rules

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
PROJECTS = (
    "clean",
    "broken",
    "opt_in",
    *sorted(f"cases/{path.name}" for path in (FIXTURES / "cases").iterdir()),
)
ON = frozenset(rule.code for rule in all_rules() if rule.default)

PAYLOAD = "scripts/payload.py"
IN_PAYLOAD = "SMC106"
"""What the payload script of the broken project does wrong, on the line that is marked."""

# Ways to write into a directory that SageMaker makes; each is reported at the operation, or at the literal.
CONTRACT = """\
entry_point: job.py
expected_output_paths:
  result: /opt/ml/processing/output/result
"""


def own(output: str) -> list[str]:
    """The lines with findings of this plugin."""
    return [line for line in output.splitlines() if re.match(r"\S+?:\d+:\d+: SMC", line)]


def codes(output: str) -> set[str]:
    return {line.split(": ")[1][:6] for line in own(output)}


def about(name: str, output: str) -> list[str]:
    """The findings in a file, without its name."""
    prefixes = (f"{name}:", f"./{name}:")
    return [line.partition(":")[2] for line in own(output) if line.startswith(prefixes)]


@pytest.fixture
def payload(copy_of) -> Path:
    """The broken project with its payload step only, which is checked faster than the whole."""
    root = copy_of("broken")
    shutil.rmtree(root / "steps")
    shutil.rmtree(root / "contracts" / "preprocessing")
    shutil.rmtree(root / "contracts" / "legacy")
    kept = ("__init__.py", "paths.py", "payload", "package")
    for path in (*(root / "contracts").iterdir(), *(root / "scripts").iterdir()):
        if path.is_file() and not path.name.startswith(kept):
            path.unlink()
    return root


# Found by flake8


def test_the_plugin_is_installed():
    """Everything below would test flake8 alone."""
    (found,) = (point for point in entry_points(group="flake8.extension") if point.name == "SMC")
    assert found.value == "flake8_contracts.plugin:ContractsPlugin"


def test_flake8_names_it(flake8, tmp_path):
    version = " ".join(flake8("--version", cwd=tmp_path).stdout.split())
    assert f"flake8-contracts: {__version__}" in version


def test_flake8_knows_its_options(flake8, tmp_path):
    text = flake8("--help", cwd=tmp_path).stdout
    for option in ("root", "include", "exclude", "registry", "no-infer", "cache-dir", "no-cache"):
        assert f"--contracts-{option}" in text


# What a plain run reports


def test_a_plain_run_reports_what_is_on_by_default(flake8, copy_of):
    result = flake8(cwd=copy_of("broken"))
    assert result.stderr == ""
    assert result.returncode == 1
    assert codes(result.stdout) <= ON
    assert len(codes(result.stdout)) > 15
    assert ": E501 " in result.stdout  # the other plugins are still there


@pytest.mark.parametrize("project", ["clean", "opt_in"])
def test_a_plain_run_on_what_is_right(flake8_here, copy_of, project):
    result = flake8_here(cwd=copy_of(project))
    assert result.stderr == ""
    assert own(result.stdout) == []


def test_the_finding_stands_at_the_marked_line(flake8_here, payload):
    lines = (payload / PAYLOAD).read_text(encoding="utf-8").split("\n")
    marked = next(number for number, line in enumerate(lines, 1) if f"# expect: {IN_PAYLOAD}" in line)
    (found,) = about(PAYLOAD, flake8_here("--select", "SMC", PAYLOAD, cwd=payload).stdout)
    assert found.startswith(
        f"{marked}:{lines[marked - 1].index('open(') - len('tarfile.') + 1}: {IN_PAYLOAD} "
    )
    assert "IsADirectoryError" in found


# Processes

START = """\
import multiprocessing
import sys

if __name__ == "__main__":
    method, *arguments = sys.argv[1:]
    multiprocessing.set_start_method(method)
    make_pool = multiprocessing.Pool

    def counted(*args, **settings):
        print("pool", multiprocessing.get_start_method(), file=sys.stderr)
        return make_pool(*args, **settings)

    multiprocessing.Pool = counted
    from flake8.main.cli import main

    sys.exit(main(arguments))
"""


@pytest.fixture
def run_script(run_python, tmp_path) -> Callable[..., object]:
    """Runs a program in a directory; the program's own directory is another one."""

    def run(program: str, *arguments: str, cwd: Path):
        path = tmp_path / "programs" / "program.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(program)
        return run_python(str(path), *arguments, cwd=cwd)

    return run


def test_two_jobs_report_what_one_reports(flake8, copy_of):
    root = copy_of("broken")
    alone = flake8("-j1", cwd=root)
    assert own(alone.stdout)
    for jobs in ("-j2", "-jauto"):
        together = flake8(jobs, cwd=root)
        assert together.stdout == alone.stdout
        assert together.stderr == ""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_ways_to_start_processes(flake8, payload, run_script, method):
    alone = flake8("-j1", "--select", "SMC", "--extend-select", "SMC203", cwd=payload)
    together = run_script(START, method, "-j2", "--select", "SMC", "--extend-select", "SMC203", cwd=payload)
    assert together.stderr == f"pool {method}\n"
    assert together.stdout == alone.stdout != ""


# Standard input


@pytest.mark.parametrize("name", [PAYLOAD, f"./{PAYLOAD}"])
def test_standard_input_has_the_contract_of_its_name(flake8, payload, name):
    text = (payload / PAYLOAD).read_bytes()
    (payload / PAYLOAD).write_text("")
    result = flake8("--select", "SMC", "--stdin-display-name", name, "-", cwd=payload, given=text)
    (found,) = own(result.stdout)
    assert found.startswith(f"{name}:")
    assert f": {IN_PAYLOAD} " in found


def test_standard_input_with_an_absolute_name(flake8, payload, tmp_path):
    path = payload / PAYLOAD
    given = path.read_bytes()
    result = flake8("--select", "SMC", "--stdin-display-name", str(path), "-", cwd=tmp_path, given=given)
    (found,) = own(result.stdout)
    assert found.startswith(f"{path}:")


def test_standard_input_for_a_file_that_does_not_exist_yet(flake8, write):
    root = write({"job.contract.yaml": CONTRACT})
    text = b'open("/opt/ml/processing/output/result", "w")\n'
    result = flake8("--select", "SMC", "--stdin-display-name", "job.py", "-", cwd=root, given=text)
    assert [line[:18] for line in own(result.stdout)] == ["job.py:1:1: SMC106"]


def test_standard_input_with_a_contract_that_is_not_saved(flake8, copy_of):
    root = copy_of("clean")
    contract = "contracts/payload_contract.py"
    saved = (root / contract).read_text(encoding="utf-8")
    edited = saved.replace('"/opt/ml/processing/output"', '"/opt/ml/processing/output/payload.tar.gz"')
    arguments = ("--select", "SMC", "--stdin-display-name", contract, "-")
    assert own(flake8(*arguments, cwd=root, given=saved.encode()).stdout) == []
    assert codes(flake8(*arguments, cwd=root, given=edited.encode()).stdout) == {"SMC401"}


def test_standard_input_without_a_name_is_no_script(flake8, payload):
    result = flake8("--select", "SMC", "-", cwd=payload, given=(payload / PAYLOAD).read_bytes())
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


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
    assert about(PAYLOAD, flake8_here(PAYLOAD, cwd=payload).stdout)
    commented(payload, comment)
    assert about(PAYLOAD, flake8_here(PAYLOAD, cwd=payload).stdout) == []
    assert len(about(PAYLOAD, flake8_here("--disable-noqa", PAYLOAD, cwd=payload).stdout)) == 1


@pytest.mark.parametrize("comment", ["# noqa: SMC101", "# noqa: E501", "# no qa"])
def test_comments_that_do_not(flake8_here, payload, comment):
    commented(payload, comment)
    assert len(about(PAYLOAD, flake8_here(PAYLOAD, cwd=payload).stdout)) == 1


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
    assert own(result.stdout) == []


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
    assert codes(result.stdout) == {IN_PAYLOAD}


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
    assert codes(result.stdout) == wanted


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
    assert codes(flake8_here("--select", "SMC", PAYLOAD, cwd=payload).stdout) == {IN_PAYLOAD}
    (payload / name).write_text(text)
    for run in (flake8_here, check_here):
        result = run(PAYLOAD, cwd=payload)
        assert result.stderr == ""
        assert own(result.stdout) == []


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
        assert codes(result.stdout) == {"SMC105"}


def test_options_win_over_configuration(flake8, payload):
    (payload / "setup.cfg").write_text("[flake8]\nper-file-ignores = scripts/*: SMC\n")
    assert own(flake8(PAYLOAD, cwd=payload).stdout) == []
    assert codes(flake8("--per-file-ignores", "contracts/*:SMC", PAYLOAD, cwd=payload).stdout) == {IN_PAYLOAD}
    assert codes(flake8("--isolated", PAYLOAD, cwd=payload).stdout) == {IN_PAYLOAD}


def test_a_configuration_file_that_is_named(flake8, payload, tmp_path):
    silent, other = tmp_path / "silent.cfg", tmp_path / "other.cfg"
    silent.write_text(f"[flake8]\ncontracts-root = {payload}\nextend-ignore = SMC106\n")
    assert own(flake8("--config", str(silent), PAYLOAD, cwd=payload).stdout) == []
    other.write_text("[flake8]\n")
    (payload / ".flake8").write_text("[flake8]\nextend-ignore = SMC106\n")
    assert codes(flake8("--config", str(other), PAYLOAD, cwd=payload).stdout) == {IN_PAYLOAD}


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


def test_a_worker_that_cannot_be_configured_does_not_hang(payload, run_script):
    result = run_script(START, "spawn", "-j2", "--contracts-include", "gone/*.py", cwd=payload)
    assert "Traceback" not in result.stdout + result.stderr
    assert "'gone/*.py'" in result.stdout


# Other directories


def test_from_another_directory(flake8_here, payload, tmp_path):
    here = own(flake8_here("--select", "SMC", ".", cwd=payload).stdout)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    absolute = own(flake8_here("--select", "SMC", str(payload), cwd=elsewhere).stdout)
    assert absolute == [line.replace("./", f"{payload}/", 1) for line in here] != []
    relative = own(flake8_here("--select", "SMC", "../broken", cwd=elsewhere).stdout)
    assert relative == [line.replace("./", "../broken/", 1) for line in here]
    (elsewhere / "link").symlink_to(payload)
    linked = own(flake8_here("--select", "SMC", "link/", cwd=elsewhere).stdout)
    assert linked == [line.replace("./", "link/", 1) for line in here]


def test_one_file_is_checked_against_the_whole_project(flake8_here, payload):
    whole = about(PAYLOAD, flake8_here("--select", "SMC", ".", cwd=payload).stdout)
    assert whole
    assert about(PAYLOAD, flake8_here("--select", "SMC", PAYLOAD, cwd=payload).stdout) == whole
    assert (
        about("payload.py", flake8_here("--select", "SMC", "payload.py", cwd=payload / "scripts").stdout)
        == whole
    )


def test_a_root_that_is_named(flake8_here, payload, tmp_path):
    (payload / "pyproject.toml").rename(payload / "scripts" / "pyproject.toml")
    script = str(payload / PAYLOAD)
    assert own(flake8_here("--select", "SMC", script, cwd=tmp_path).stdout) == []
    found = own(flake8_here("--select", "SMC", "--contracts-root", str(payload), script, cwd=tmp_path).stdout)
    assert codes("\n".join(found)) == {IN_PAYLOAD}


# The same as the command


@pytest.mark.parametrize("project", PROJECTS)
def test_the_command_says_the_same(project, copy_of, flake8_here, check_here):
    root = copy_of(project)
    from_flake8 = flake8_here("--select", "SMC", ".", cwd=root)
    said = check_here("--select", "SMC", ".", cwd=root).stdout
    about_python = [line for line in said.splitlines(keepends=True) if ".py:" in line]
    assert from_flake8.stderr == ""
    assert "".join(about_python) == from_flake8.stdout


# Where findings stand

BAD = 'open("/opt/ml/processing/output/result", "w")'
WRONG = '"/opt/ml/processing/inptu/data.csv"'


@pytest.mark.parametrize(
    "line",
    [
        f"name = 'naïve'; {BAD}",
        f"größe, データ = '数', '😀𠀀'; {BAD}",
        f"if True:\t{BAD}",
        f"a = 'e\u0301\u200d👩‍🔬'; {BAD}  # später",
        f"x = [{BAD}]",
        f"x = '\\\n  é'; {BAD}",
        f"x = '''é\n  é'''; {BAD}",
        f"x = ('é'\n\t,\n  {BAD})",
        f"pass;pass;\t {BAD}",
        f"f'é{{1}}'; {BAD}",
    ],
)
def test_columns_count_characters(flake8_here, write, line):
    text = f"# é\n{line}\n"
    root = write({"job.py": text, "job.contract.yaml": CONTRACT})
    before = text[: text.index("open(")]
    result = flake8_here("--select", "SMC", "job.py", cwd=root)
    at = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    assert [line[: len(at) + 8] for line in about("job.py", result.stdout)] == [f"{at}: SMC106"]


LINES = ("# é", "x = 'é'", "", f"print('é', {BAD})", "", f"y = open({WRONG})")


@pytest.mark.parametrize("way", ["file", "stdin", "check"])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("line feeds", "\n".join(LINES).encode()),
        ("carriage returns and line feeds", "\r\n".join(LINES).encode()),
        ("carriage returns", "\r".join(LINES).encode()),
        ("both", ("\r\n".join(LINES[:3]) + "\n" + "\n".join(LINES[3:])).encode()),
        ("byte order mark", b"\xef\xbb\xbf" + "\n".join(LINES).encode()),
        ("byte order mark and carriage returns", b"\xef\xbb\xbf" + "\r\n".join(LINES).encode()),
        ("latin-1", "\n".join(("# -*- coding: latin-1 -*-", *LINES[1:])).encode("latin-1")),
        ("cp1252 in the second line", "\n".join(("#!python", "# coding=cp1252", *LINES[2:])).encode("cp1252")),
        ("form feeds", "\n".join(("\f# é", "x = 'é'", "\f", *LINES[3:5], f"\f{LINES[5]}")).encode()),
        ("form feed in a comment", "\n".join(("# é\fé", "x = 'é\x0b\x0c'", *LINES[2:])).encode()),
        ("other separators", "\n".join(("# \x1c\x1d\x85", "x = '\u2028\u2029'", *LINES[2:])).encode()),
        ("a line feed at the end", ("\n".join(LINES) + "\n").encode()),
        ("space at the end", ("\n".join(LINES) + "\n\n   ").encode()),
        ("tabs", "\n".join((*LINES[:3], f"if x:\n\tprint({BAD})"[5:].lstrip(), *LINES[4:])).encode()),
    ],
)  # fmt: skip
def test_encodings_and_line_ends(flake8, check, write, way, name, data):
    root = write({"job.py": data, "job.contract.yaml": CONTRACT})
    if way == "file":
        result = flake8("--select", "SMC", "job.py", cwd=root)
    elif way == "stdin":
        result = flake8("--select", "SMC", "--stdin-display-name", "job.py", "-", cwd=root, given=data)
    else:
        result = check("job.py", cwd=root)
    assert result.stderr == ""
    text = data.decode("latin-1" if b"latin" in data else "cp1252" if b"cp1252" in data else "utf-8-sig")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    wanted = [
        f"4:{lines[3].index('open(') + 1}: SMC106",
        f"6:{lines[5].index(WRONG) + 1}: SMC101",
    ]
    assert [re.match(r"\d+:\d+: \w+", line)[0] for line in about("job.py", result.stdout)] == wanted  # type: ignore[index]


# What a run imports

LISTING = """\
import sys

from flake8.main.cli import main

try:
    sys.exit(main(sys.argv[1:]))
finally:
    print(*sys.modules, file=sys.stderr)
"""
HEAVY = {"libcst", "pydantic", "ruamel", "yaml", "click", "boto3", "botocore", "sagemaker", "pathspec"}


def imported(result) -> set[str]:
    return {name.partition(".")[0] for name in result.stderr.split()} & HEAVY


PLAIN = {
    "pyproject.toml": "",
    "app/__init__.py": "",
    "app/main.py": "import os\n\nprint(os.environ['HOME'])\n",
}


def test_a_project_without_contracts_imports_nothing_heavy(write, run_script):
    result = run_script(LISTING, "-j1", ".", cwd=write(PLAIN))
    assert "flake8_contracts" in result.stderr
    assert result.returncode == 0
    assert imported(result) == set()


def test_a_project_that_mentions_containers_imports_no_model_and_no_reader(write, run_script):
    script = 'print(open("/opt/ml/processing/input/data.csv").read())\n'
    result = run_script(LISTING, "-j1", ".", cwd=write({**PLAIN, "app/job.py": script}))
    assert result.returncode == 0
    assert imported(result) <= {"libcst"}


def test_a_project_with_contracts_imports_what_it_needs(copy_of, run_script):
    result = run_script(LISTING, "-j1", "--select", "SMC", ".", cwd=copy_of("broken"))
    assert own(result.stdout)
    assert imported(result) <= {"libcst", "ruamel", "yaml", "pathspec"}
    assert "libcst" in imported(result)


def test_contracts_in_python_need_no_reader_of_documents(copy_of, run_script):
    result = run_script(LISTING, "-j1", "--select", "SMC", ".", cwd=copy_of("cases/nested_outputs"))
    assert own(result.stdout)
    assert imported(result) == {"libcst"}


@pytest.mark.parametrize("arguments", [("--select", "E"), ("--ignore", "SMC"), ("--extend-ignore", "SM")])
def test_a_run_without_this_plugin_imports_nothing(payload, run_script, arguments):
    result = run_script(LISTING, "-j1", *arguments, ".", cwd=payload)
    assert own(result.stdout) == []
    assert "flake8_contracts" in result.stderr
    assert imported(result) == set()


# Nothing is executed


def test_nothing_of_the_project_is_executed(copy_of, run_script, tmp_path):
    root = copy_of("broken")
    mark = tmp_path / "executed"
    attack = f"open({str(mark)!r}, 'a').write(__name__)\n"
    names = (
        "conftest.py", "sitecustomize.py", "usercustomize.py", "setup.py", "noxfile.py", "libcst.py", "pyflakes.py",
        "flake8_contracts.py", "contracts_runtime.py", "tomllib.py", "ruamel.py", "contracts/conftest.py",
    )  # fmt: skip
    for name in names:
        (root / name).write_text(attack)
    for path in root.rglob("*.py"):
        if path.name not in names:
            with path.open("a", encoding="utf-8") as stream:
                stream.write(attack)
    (root / "contracts" / "attack_contract.py").write_text(
        "from contracts_runtime import ScriptContract\n"
        f"def harm():\n    {attack}    return 'payload.py'\n"
        f"class Harm(type):\n    def __new__(*parts):\n        {attack}        return type(*parts[1:])\n"
        "@harm\ndef decorated(): ...\n"
        "class Harmed(ScriptContract, metaclass=Harm): ...\n"
        "ATTACK = Harmed(entry_point=harm(), expected_output_paths={'x': eval('harm()'), 'y': __import__('setup').x})\n"
    )
    (root / "steps" / "attack.contract.yaml").write_text(
        f"entry_point: !!python/object/apply:os.system ['touch {mark}']\n"
        "expected_output_paths: !!python/object/new:os.system ['x']\n"
    )
    before = {path for path in root.rglob("*") if ".flake8_contracts_cache" not in path.parts}
    result = run_script(LISTING, "-j1", "--select", "SMC", ".", cwd=root)
    assert len(own(result.stdout)) > 15
    assert not mark.exists(), mark.read_text()
    assert {path for path in root.rglob("*") if ".flake8_contracts_cache" not in path.parts} == before


def test_configuration_is_not_executed(payload, run_script, tmp_path):
    mark = tmp_path / "executed"
    (payload / "steps.py").write_text(f"open({str(mark)!r}, 'a')\nREGISTRY = None\n")
    (payload / "pyproject.toml").write_text('[tool.flake8-contracts]\nregistry = "steps:REGISTRY"\n')
    result = run_script(LISTING, "-j1", "--select", "SMC", PAYLOAD, cwd=payload)
    assert codes(result.stdout) == {IN_PAYLOAD}
    assert not mark.exists()
