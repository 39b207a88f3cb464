"""What a run of flake8 imports, and that it executes nothing of the project."""

from __future__ import annotations

import pytest

PAYLOAD = "scripts/payload.py"
IN_PAYLOAD = "SMC106"
"""What the payload script of the broken project does wrong, on the line that is marked."""


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
    assert result.own
    assert imported(result) <= {"libcst", "ruamel", "yaml", "pathspec"}
    assert "libcst" in imported(result)


def test_contracts_in_python_need_no_reader_of_documents(copy_of, run_script):
    result = run_script(LISTING, "-j1", "--select", "SMC", ".", cwd=copy_of("cases/nested_outputs"))
    assert result.own
    assert imported(result) == {"libcst"}


@pytest.mark.parametrize("arguments", [("--select", "E"), ("--ignore", "SMC"), ("--extend-ignore", "SM")])
def test_a_run_without_this_plugin_imports_nothing(payload, run_script, arguments):
    result = run_script(LISTING, "-j1", *arguments, ".", cwd=payload)
    assert result.own == []
    assert "flake8_contracts" in result.stderr
    assert imported(result) == set()


# What forked processes import

FORKED = """\
import gc
import multiprocessing.process
import sys

multiprocessing.set_start_method("fork")
run_worker = multiprocessing.process.BaseProcess._bootstrap


def watched(self, *arguments, **options):
    before = {*sys.modules}
    sys.stderr.write(f"inherited {gc.get_freeze_count() > 1000}\\n")
    try:
        return run_worker(self, *arguments, **options)
    finally:
        sys.stderr.write(" ".join({*sys.modules} - before) + "\\n")


multiprocessing.process.BaseProcess._bootstrap = watched
from flake8.main.cli import main

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    finally:
        print("frozen here", gc.get_freeze_count(), "libcst" in sys.modules, file=sys.stderr)
"""


ENGINE = ("flake8_contracts.rules", "flake8_contracts.facts", "flake8_contracts.flow", "libcst")
LOADED_LATE = {"flake8_contracts.facts.effects.harmless", "libcst.native"}
"""What not every run needs, and what is there in a moment."""


def imported_by_workers(result) -> set[str]:
    return {name for name in result.stderr.split() if name.startswith(ENGINE)} - LOADED_LATE


def test_forked_processes_have_what_they_need(copy_of, run_script):
    result = run_script(FORKED, "-j2", "--select", "SMC", ".", cwd=copy_of("broken"))
    assert result.own
    assert "inherited True" in result.stderr
    assert "frozen here 0 True" in result.stderr
    assert imported_by_workers(result) == set()


def test_forked_processes_over_known_files_need_no_engine(copy_of, run_script, monkeypatch):
    root = copy_of("broken")
    # Not measured: each process would leave its data in the project, where any new file may matter to what is kept.
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    first = run_script(FORKED, "-j2", "--select", "SMC", ".", cwd=root)
    result = run_script(FORKED, "-j2", "--select", "SMC", ".", cwd=root)
    assert result.own == first.own
    assert "inherited True" in result.stderr
    assert "frozen here 0 False" in result.stderr
    assert imported_by_workers(result) == set()


YAML_ONLY = {
    **PLAIN,
    "app/job.py": 'open("/opt/ml/processing/output/m", "w")\n',
    "job.contract.yaml": "entry_point: app/job.py\nexpected_output_paths: {M: /opt/ml/processing/output/m}\n",
}


def test_the_engine_is_loaded_for_forked_processes_only(write, run_script):
    root = write(YAML_ONLY)
    one = run_script(FORKED, "-j2", "--contracts-no-cache", "app/main.py", cwd=root)
    assert one.stderr.splitlines() == ["frozen here 0 False"]
    several = run_script(FORKED, "-j2", "--contracts-no-cache", "app", cwd=root)
    assert "frozen here 0 True" in several.stderr
    assert imported_by_workers(several) == set()


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
    assert len(result.own) > 15
    assert not mark.exists(), mark.read_text()
    assert {path for path in root.rglob("*") if ".flake8_contracts_cache" not in path.parts} == before


def test_configuration_is_not_executed(payload, run_script, tmp_path):
    mark = tmp_path / "executed"
    steps = (
        f"open({str(mark)!r}, 'a')\n"
        "from contracts_runtime import SpecificationRegistry, StepSpecification\n"
        "REGISTRY = SpecificationRegistry()\n"
        "REGISTRY.register('Payload', StepSpecification(step_type='Payload', node_type='singular'))\n"
    )
    (payload / "steps.py").write_text(steps)
    (payload / "pyproject.toml").write_text('[tool.flake8-contracts]\nregistry = "steps:REGISTRY"\n')
    result = run_script(LISTING, "-j1", "--select", "SMC", PAYLOAD, cwd=payload)
    assert result.codes == {IN_PAYLOAD}
    assert not mark.exists()


def test_a_run_over_what_is_known_imports_no_parser_and_no_reader(copy_of, run_script):
    root = copy_of("broken")
    first = run_script(LISTING, "-j1", "--select", "SMC", ".", cwd=root)
    second = run_script(LISTING, "-j1", "--select", "SMC", ".", cwd=root)
    assert second.own == first.own != []
    assert imported(second) == set()
    engine = {name for name in second.stderr.split() if name.startswith("flake8_contracts.")}
    assert not [name for name in engine if name.split(".")[1] in ("facts", "fixes") or ".rules.smc" in name]
