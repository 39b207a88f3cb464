"""Whatever is edited, in whatever order, a run with kept results says what a run without them says."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cache.conftest import PROJECT, findings

SNIPPETS = (
    "",
    "# a comment\n",
    "import os\nprint(os.environ['SECRET'])\n",
    "from paths import OUTPUT\nopen(OUTPUT + '/report/x.json', 'w')\n",
    "from contracts.report_contract import REPORT\n",
    "from helper import save\nsave('/opt/ml/processing/output/clean')\n",
    "import paths\npaths.OUTPUT = '/opt/ml/processing/output/moved'\n",
    "from contracts_runtime import ScriptContract\n"  # noqa: ISC004
    "EXTRA = ScriptContract(entry_point='report.py', expected_output_paths={'X': '/opt/ml/processing/output/x'})\n",
    "from contracts_runtime import ScriptContract\nfrom paths import BASE\n"  # noqa: ISC004
    "OTHER = ScriptContract(entry_point='other.py', expected_output_paths={'X': BASE + '/output/x.json'})\n",
    "from contracts_runtime import ContractEnforcer\nContractEnforcer.from_file('train.contract.yaml')\n",
    "def broken(:\n",
)
DATA = (
    "entry_point: scripts/train.py\nexpected_output_paths: {MODEL: /opt/ml/processing/output/n}\n",
    "entry_point: report.py\nrequired_env_vars: [SECRET]\nexpected_output_paths: {R: /opt/ml/processing/out/r.csv}\n",
    "entry_point: repot.py\nexpected_input_paths: {D: /opt/ml/processing/input/data}\n",
    "entry_point: [broken\n",
)
MODULES = [name for name in PROJECT if name.endswith(".py")] + [
    "scripts/paths.py",
    "src/helper.py",
    "repot.py",
]
DOCUMENTS = ["train.contract.yaml", "scripts/more.contract.yaml", "contracts/data.step.yaml"]
IGNORED = st.sampled_from(["", "scripts/\n", "*.contract.yaml\n", "paths.py\n!*.yaml\n"])


@st.composite
def edits(draw):
    """An edit: the name of a file, and what becomes of what it holds (``None``: it is removed)."""
    kind = draw(
        st.sampled_from(("append", "append", "replace", "document", "restore", "remove", "ignore", "mark"))
    )
    if kind == "ignore":
        return ".gitignore", draw(IGNORED)
    if kind == "mark":
        return draw(st.sampled_from(["contracts/setup.py", "scripts/pyproject.toml"])), ""
    if kind == "document":
        return draw(st.sampled_from(DOCUMENTS)), draw(st.sampled_from(DATA))
    name = draw(st.sampled_from([*MODULES, *DOCUMENTS] if kind == "remove" else MODULES))
    if kind == "remove":
        return name, None
    before = PROJECT.get(name, "")
    if kind == "restore":
        return name, before
    snippet = draw(st.sampled_from(SNIPPETS))
    return name, before + snippet if kind == "append" else snippet


@settings(max_examples=40)
@given(st.lists(edits(), min_size=1, max_size=6))
def test_kept_results_change_nothing(changes):
    root = Path(tempfile.mkdtemp())
    try:
        for name, content in [*PROJECT.items(), ("pyproject.toml", ""), *changes]:
            path = root / name
            path.parent.mkdir(exist_ok=True)
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_text(content)
            if (name, content) in changes:
                assert findings(root) == findings(root, use_cache=False)
    finally:
        shutil.rmtree(root)
