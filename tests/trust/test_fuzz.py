"""Programs and contracts that nobody wrote: no error, the same result twice, findings in order and in the file.

``make fuzz`` tries many more of them (hypothesis's profile "fuzz").
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_contracts import Finding, Settings
from flake8_contracts.catalog.documents import read_document
from flake8_contracts.catalog.nodes import DocumentError
from flake8_contracts.fixing import Fixing
from flake8_contracts.project import Project
from flake8_contracts.rules.codes import CODES
from flake8_contracts.targets import Target

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
EVERYTHING = tuple(CODES)
CONTRACT = """\
entry_point: job.py
expected_input_paths: {DATA: /opt/ml/processing/input/data}
expected_output_paths: {r: /opt/ml/processing/output/r}
required_env_vars: [TOKEN]
optional_env_vars: {RATIO: "0.7"}
expected_arguments: {flag: "1"}
"""
SCRIPT = 'import os\n\nopen("/opt/ml/processing/output/r", "w")\nprint(os.environ["RATIO"])\n'

SOURCES = [
    path.read_text(encoding="utf-8") for path in sorted(FIXTURES.rglob("*.py")) if path.stat().st_size < 4_000
]
DOCUMENTS = {
    kind: [path.read_text(encoding="utf-8") for path in sorted(FIXTURES.rglob(f"*.{kind}"))]
    for kind in ("contract.yaml", "step.yaml", "contract.json", "contract.toml")
}
DOCUMENTS["contract.toml"].append(
    'entry_point = "job.py"\n[expected_output_paths]\nr = "/opt/ml/processing/output/r"\n'
)
DOCUMENTS["step.yaml"].append(
    "contract:\n  entry_point: job.py\n  outputs: {r: {path: /opt/ml/processing/output/r}}\n"
)
HELPER = (
    "from pathlib import Path\n\nb = '/opt/ml/processing/output/r'\n\n\ndef main(*a, **b):\n    return a[0]\n"
)


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> Callable[[dict[str, str]], list[Finding]]:
    """The findings of a project with these files, after all that must hold was checked."""
    root = tmp_path_factory.mktemp("fuzz")
    options = Settings(root=root, use_cache=False, extend_select=EVERYTHING)

    def judge(files: dict[str, str]) -> list[Finding]:
        for path in root.iterdir():
            path.unlink()
        for name, text in {"helper.py": HELPER, **files}.items():
            (root / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        found = look(options, files)
        assert look(options, files) == found
        fix(options, files)
        return found

    return judge


def look(options: Settings, files: dict[str, str]) -> list[Finding]:
    """Lint anew."""
    project = Project(options)
    found = []
    for name, text in files.items():
        findings = project.check_file(options.root / name, display=name)
        assert findings == sorted(findings)
        for finding in findings:
            require_sound(finding, text)
        found.extend(findings)
    return found


def require_sound(finding: Finding, text: str) -> None:
    """A finding has one line of text, lies within its file, and is no bug of the tool."""
    assert "internal error" not in finding.message, finding
    assert finding.code in CODES
    assert finding.message.isprintable() or "\n" not in finding.message
    assert 0 < len(finding.message) <= 300, finding
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert 1 <= finding.line <= finding.end_line <= len(lines), finding
    assert (finding.line, finding.column) <= (finding.end_line, finding.end_column), finding


def fix(options: Settings, files: dict[str, str]) -> None:
    """Apply every fix in memory: what was read before is read afterwards, and nothing is left to be fixed."""
    targets = [Target(options.root / name, name) for name in files]
    outcome = Fixing(options, targets, unsafe=True).run()
    for change in outcome.changes:
        if change.path.suffix == ".py":
            parse(change.after.decode())
        else:
            read_document(change.path, change.after)


def parse(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(text)


def test_the_programs_are_programs(fuzzing):
    """Not all of them are: names are used without regard to where they may stand."""
    texts: list[str] = []

    @settings(max_examples=60, derandomize=True, database=None)
    @given(fuzzing.PROGRAMS)
    def draw(text: str) -> None:
        texts.append(text)

    draw()
    valid = 0
    for text in texts:
        try:
            parse(text)
        except (SyntaxError, ValueError):
            continue
        valid += 1
    assert valid > len(texts) // 3


def test_programs(judged, fuzzing):
    @given(fuzzing.PROGRAMS)
    def check(text: str) -> None:
        judged({"job.contract.yaml": CONTRACT, "job.py": text})

    check()


def test_changed_scripts(judged, fuzzing):
    @given(fuzzing.mutations(SOURCES))
    def check(text: str) -> None:
        judged({"job.contract.yaml": CONTRACT, "job.py": text})

    check()


def test_changed_contract_modules(judged, fuzzing):
    modules = [text for text in SOURCES if "ScriptContract(" in text]

    @given(fuzzing.mutations(modules))
    def check(text: str) -> None:
        judged({"job_contract.py": text, "job.py": SCRIPT})

    check()


def test_programs_that_declare(judged, fuzzing):
    """A contract whose values are anything."""
    values = fuzzing.EXPRESSIONS
    fields = st.sampled_from(
        [
            "expected_input_paths",
            "expected_output_paths",
            "required_env_vars",
            "optional_env_vars",
            "description",
        ]
    )

    @given(fuzzing.PROGRAMS, values, st.lists(st.tuples(fields, values), max_size=3))
    def check(text: str, entry_point: str, given_fields: list[tuple[str, str]]) -> None:
        named = "".join(f", {name}={value}" for name, value in dict(given_fields).items())
        module = f"{text}\nJOB = ScriptContract(entry_point={entry_point}{named})\n"
        judged(
            {"job_contract.py": f"from contracts_runtime import ScriptContract\n{module}", "job.py": SCRIPT}
        )

    check()


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_changed_documents(judged, fuzzing, kind):
    @given(fuzzing.mutations(DOCUMENTS[kind]))
    def check(text: str) -> None:
        name = f"job.{kind}"
        judged({name: text, "job.py": SCRIPT})

    check()


@pytest.mark.parametrize("suffix", ["yaml", "json", "toml"])
def test_bytes_that_are_no_document(suffix):
    @given(st.binary(max_size=200))
    def check(data: bytes) -> None:
        refusal = None
        try:
            read_document(Path(f"x.{suffix}"), data)
        except DocumentError as error:
            refusal = error
        if refusal is not None:
            assert "\n" not in refusal.reason
            assert 1 <= refusal.span.line <= len(data) + 1

    check()
