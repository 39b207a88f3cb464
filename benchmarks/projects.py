"""Writes the projects that the benchmarks measure: the same text for the same numbers, whenever it is run.

    python benchmarks/projects.py DIRECTORY [--modules N] [--scripts N] [--lines N]

A script is a processing script as they are written: constants, helpers, a ``main`` that takes its paths and variables,
and the code under ``__main__`` that hands them over. Half of the contracts are YAML files, half are Python modules.
"""

from __future__ import annotations

import argparse
from pathlib import Path

HEAD = '''"""Prepares the data of step {number}."""

import argparse
import json
import logging
import os
from pathlib import Path

import numpy as np
import pandas as pd

logger = logging.getLogger(__name__)

INPUT_DIR = "/opt/ml/processing/input/data_{number}"
OUTPUT_DIR = "/opt/ml/processing/output/data_{number}"
CONTAINER_PATHS = {{"DATA": INPUT_DIR, "RESULT": OUTPUT_DIR}}


def env_float(name, default):
    """Read a number from the environment."""
    value = os.environ.get(name, "")
    return float(value) if value else default


def load_frame(folder, name="data.csv"):
    """Read one table."""
    path = Path(folder) / name
    if not path.exists():
        raise FileNotFoundError(f"no table at {{path}}")
    return pd.read_csv(path)


def save_frame(frame, folder, name):
    """Write one table."""
    os.makedirs(folder, exist_ok=True)
    frame.to_csv(os.path.join(folder, name), index=False)
    logger.info("wrote %d rows to %s", len(frame), name)
'''

BLOCK = '''

def derive_{block}(frame, threshold=0.5, columns=("amount", "count", "age")):
    """Add the features of group {block}."""
    result = frame.copy()
    for column in columns:
        if column not in result.columns:
            logger.warning("column %s is missing in group {block}", column)
            continue
        values = result[column].astype(float)
        result[f"{{column}}_ratio_{block}"] = values / max(float(values.max()), 1e-9)
        result[f"{{column}}_rank_{block}"] = values.rank(method="average", pct=True)
        if values.mean() > threshold:
            result[f"{{column}}_high_{block}"] = np.where(values > threshold, 1, 0)
    return result


class Summary{block}:
    """Counts what group {block} holds."""

    def __init__(self, frame, labels=None):
        self.frame = frame
        self.labels = labels or ["low", "medium", "high"]
        self.counts = {{label: 0 for label in self.labels}}

    def update(self, column):
        """Count the rows of every label."""
        total = len(self.frame)
        for index, label in enumerate(self.labels):
            lower, upper = index / len(self.labels), (index + 1) / len(self.labels)
            inside = self.frame[column].between(lower, upper)
            self.counts[label] += int(inside.sum())
        return {{"total": total, "group": {block}, **self.counts}}

    def write(self, folder):
        """Write the counts next to the tables."""
        with open(os.path.join(folder, "summary_{block}.json"), "w") as stream:
            json.dump(self.counts, stream, indent=2)
'''

TAIL = '''

def main(input_paths, output_paths, environ_vars, job_args=None):
    """Run the step."""
    frame = load_frame(input_paths["DATA"])
    threshold = environ_vars["THRESHOLD"]
{calls}
    save_frame(frame, output_paths["RESULT"], "result.csv")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--job-type", default="training", choices=["training", "validation"])
    args = parser.parse_args()
    input_paths = {{"DATA": CONTAINER_PATHS["DATA"]}}
    output_paths = {{"RESULT": CONTAINER_PATHS["RESULT"]}}
    environ_vars = {{"THRESHOLD": env_float("THRESHOLD", 0.5), "LABEL": os.environ["LABEL"]}}
    print(environ_vars["LABEL"], args.job_type)
    main(input_paths, output_paths, environ_vars, args)
'''

YAML = """\
entry_point: step_{number}.py
expected_input_paths:
  DATA: /opt/ml/processing/input/data_{number}
expected_output_paths:
  RESULT: /opt/ml/processing/output/data_{number}
required_env_vars:
  - LABEL
optional_env_vars:
  THRESHOLD: "0.5"
"""

MODULE = """\
from contracts_runtime import ScriptContract

STEP_{number}_CONTRACT = ScriptContract(
    entry_point="step_{number}.py",
    expected_input_paths={{"DATA": "/opt/ml/processing/input/data_{number}"}},
    expected_output_paths={{"RESULT": "/opt/ml/processing/output/data_{number}"}},
    required_env_vars=["LABEL"],
    optional_env_vars={{"THRESHOLD": "0.5"}},
)
"""


def script(number: int, lines: int) -> str:
    """A processing script of about that many lines."""
    room = lines - HEAD.count("\n") - TAIL.count("\n")
    blocks = max(1, room // (BLOCK.count("\n") + 2))
    calls = []
    for block in range(blocks):
        calls.append(f"    frame = derive_{block}(frame, threshold)")
        calls.append(f'    Summary{block}(frame).update("amount")')
    body = "".join(BLOCK.format(block=block) for block in range(blocks))
    return HEAD.format(number=number) + body + TAIL.format(calls="\n".join(calls))


def module(number: int, lines: int) -> str:
    """A module that has nothing to do with SageMaker."""
    blocks = max(1, lines // BLOCK.count("\n"))
    head = f'"""Part {number} of an application."""\n\nimport json\nimport logging\nimport os\n\nimport numpy as np\n'
    body = "".join(BLOCK.format(block=block) for block in range(blocks))
    return f"{head}\nlogger = logging.getLogger(__name__)\n{body}"


def write_project(
    root: Path, *, modules: int, scripts: int, lines: int, module_lines: int = 120, contracts: int = 0
) -> None:
    """Write modules, scripts, and a contract for each script. ``lines`` is the length of a script.

    ``contracts`` is how many there are if that is more than there are scripts.
    """
    for folder in ("app", "scripts", "contracts"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").write_text("")
    for number in range(modules):
        (root / "app" / f"module_{number}.py").write_text(module(number, module_lines))
    for number in range(scripts):
        (root / "scripts" / f"step_{number}.py").write_text(script(number, lines))
    for number in range(max(scripts, contracts)):
        form, name = (
            (YAML, f"step_{number}.contract.yaml") if number % 2 else (MODULE, f"contract_{number}.py")
        )
        (root / "contracts" / name).write_text(form.format(number=number))


def main() -> None:
    """Write one project."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path)
    parser.add_argument("--modules", type=int, default=950)
    parser.add_argument("--scripts", type=int, default=50)
    parser.add_argument("--lines", type=int, default=300, help="length of a script")
    options = parser.parse_args()
    write_project(options.directory, modules=options.modules, scripts=options.scripts, lines=options.lines)


if __name__ == "__main__":
    main()
