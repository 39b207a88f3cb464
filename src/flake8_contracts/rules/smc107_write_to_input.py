"""SMC107: a file written below an input."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.facts.model import PathUse
from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.coverage import certainly_below, resolved
from flake8_contracts.rules.usage import is_marker
from flake8_contracts.rules.ways import elsewhere, way


class WriteToInput(Rule):
    code = "SMC107"
    name = "write-to-input"
    summary = "a file written below a declared input, from where nothing is uploaded"
    explanation = """
        Only output directories are uploaded when a job ends. A file written below an input is lost with the
        container. Write it below an output.
        """
    not_reported = """
        Scratch data: a file that the script itself reads back later, and an archive that is unpacked beside
        itself. Deleting files below an input is fine as well.
        """
    examples = (
        Example(
            contract="""
                entry_point: clean.py
                expected_input_paths:
                  DATA: /opt/ml/processing/input/data
                expected_output_paths:
                  CLEANED: /opt/ml/processing/output/cleaned
                """,
            bad=r"""
                from pathlib import Path

                DATA = Path("/opt/ml/processing/input/data")
                CLEANED = Path("/opt/ml/processing/output/cleaned")

                lines = (DATA / "data.csv").read_text().splitlines()
                (CLEANED / "data.csv").write_text("\n".join(filter(str.strip, lines)))
                (DATA / "count.txt").write_text(str(len(lines)))  # expect: SMC107
                """,
            good=r"""
                from pathlib import Path

                DATA = Path("/opt/ml/processing/input/data")
                CLEANED = Path("/opt/ml/processing/output/cleaned")

                lines = (DATA / "data.csv").read_text().splitlines()
                (CLEANED / "data.csv").write_text("\n".join(filter(str.strip, lines)))
                (CLEANED / "count.txt").write_text(str(len(lines)))
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        reported: set[object] = set()
        for use in case.facts.paths:
            if use.effect is not Effect.WRITE or use.place is None or use.place in reported:
                continue
            declared = certainly_below(use.value, case, "input")
            if declared is None or _read_back(case, use):
                continue
            reported.add(use.place)
            yield from self.report(
                use.place,
                f"a file is written below input {declared.name!r} ({declared.path!r}){elsewhere(use)}: it is not"
                " uploaded and is lost when the job ends; write it below an output",
                Hint(
                    declared.entry.key_place,
                    f"input {declared.name!r} of contract {declared.contract.name} is declared here",
                ),
                *way(use),
            )


def _read_back(case: ScriptCase, written: PathUse) -> bool:
    """Whether the file is scratch data: a lock or marker, or read by the script itself."""
    contract = case.contracts[0]
    parts = resolved(written.value, contract) or written.value.parts
    if is_marker(parts):
        return True
    folder = str(parts[0]).rpartition("/")[0]
    for use in case.facts.paths:
        if use is written or use.effect not in (Effect.READ, Effect.HANDED_ON, Effect.TEST, Effect.LIST):
            continue
        other = resolved(use.value, contract)
        if other is None or not isinstance(other[0], str):
            continue
        if other == parts:
            return True
        # An unknown name on either side may be the same file.
        if use.order < written.order:
            continue
        if (
            use.effect in _WHOLE
            and len(other) == 1
            and (other[0] == folder or folder.startswith(other[0] + "/"))
        ):
            return True
        if (len(parts) > 1 or len(other) > 1) and other[0].startswith(folder + "/"):
            return True
    return False


#: What looks at a whole directory.
_WHOLE = (Effect.LIST, Effect.HANDED_ON)


RULE = WriteToInput()
