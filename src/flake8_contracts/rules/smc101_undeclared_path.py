"""SMC101: a container path that nothing mounts or uploads."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.facts.model import PathUse
from flake8_contracts.findings import Hint, Place, Report
from flake8_contracts.flow.values import Text
from flake8_contracts.repairs import Respell
from flake8_contracts.rules.base import Example, Rule, ScriptCase, contract_names
from flake8_contracts.rules.coverage import (
    WRITING,
    Declared,
    Verdict,
    closest,
    derivation,
    is_container_path,
    uses_below,
    verdict,
)
from flake8_contracts.rules.usage import is_marker
from flake8_contracts.rules.ways import way


class UndeclaredPath(Rule):
    code = "SMC101"
    name = "undeclared-path"
    fix = "unsafe"
    summary = "a container path that no declared directory covers and the platform does not provide"
    explanation = """
        SageMaker mounts the inputs and uploads the outputs that a job declares, and nothing else. A script
        that reads another path below `/opt/ml` finds nothing there. What it writes to one is lost when the
        job ends.

        If a declared path is spelt almost the same, the message names it. Otherwise declare the path, or use
        a directory that is declared.
        """
    not_reported = """
        A declared directory covers everything below it. Base directories that are only joined
        (`/opt/ml/processing`), paths that SageMaker itself provides, paths outside `/opt/ml`, and paths in
        messages, docstrings and help texts are fine. So is a path whose every use comes after a test that it
        exists, and a scratch directory that the script itself fills and then reads or deletes. A path that
        cannot be told is never reported.
        """
    sources = (
        "developer guide: How Amazon SageMaker Processing Configures Input and Output For Your Processing Container",
    )
    examples = (
        Example(
            contract="""
                entry_point: deduplicate.py
                expected_input_paths:
                  EVENTS: /opt/ml/processing/input/events
                expected_output_paths:
                  UNIQUE: /opt/ml/processing/output/unique
                """,
            bad="""
                from pathlib import Path

                import pandas as pd

                OUTPUT = Path("/opt/ml/processing/output")

                events = pd.read_csv("/opt/ml/processing/input/events/events.csv")
                again = events.duplicated()
                events[~again].to_csv(OUTPUT / "unique" / "events.csv")
                events[again].to_csv(OUTPUT / "uniques" / "duplicates.csv")  # expect: SMC101
                """,
            good="""
                from pathlib import Path

                import pandas as pd

                OUTPUT = Path("/opt/ml/processing/output")

                events = pd.read_csv("/opt/ml/processing/input/events/events.csv")
                again = events.duplicated()
                events[~again].to_csv(OUTPUT / "unique" / "events.csv")
                events[again].to_csv(OUTPUT / "unique" / "duplicates.csv")
                """,
            fixed_as_good=True,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts:
            return
        uses: dict[int, list[PathUse]] = {}
        for use in case.facts.paths:
            for step in derivation(use.value):
                uses.setdefault(id(step.node), []).append(use)
        reported: set[object] = set()
        for text, place in self.undeclared(case):
            users = uses.get(id(text.node), [])
            if users and all(use.tested or use.effect is Effect.TEST for use in users):
                continue
            if place not in reported and not is_marker(text.parts) and not _is_scratch(text, case):
                reported.add(place)
                yield from self.describe(case, text, place, users)

    def undeclared(self, case: ScriptCase) -> Iterator[tuple[Text, Place]]:
        """The texts at which a path first leaves what is declared, and where they are made."""
        for mention in case.facts.mentions:
            if not mention.prose and verdict(mention.value, case) is Verdict.UNDECLARED:
                yield mention.value, mention.place
        for use in case.facts.paths:
            steps = derivation(use.value)
            if steps[0].may_be_unset or use.place is None:
                continue  # the path that a platform variable stands for: SMC207 speaks of the variable
            wrong = next((step for step in steps if verdict(step, case) is Verdict.UNDECLARED), None)
            if wrong is not None and is_container_path(wrong):
                in_script = wrong.node is not None and wrong.source is case.facts.source
                place = case.facts.source.place(wrong.node) if in_script and wrong.node else use.place
                yield wrong, place

    def describe(self, case: ScriptCase, text: Text, place: Place, users: list[PathUse]) -> Iterator[Report]:
        writes = any(use.effect in WRITING for use in users)
        reads = any(use.effect in (Effect.READ, Effect.LIST) for use in users)
        if writes and not reads:
            outcome = "what is written there is never uploaded"
        elif reads and not writes:
            outcome = "nothing is mounted there"
        else:
            outcome = "nothing is mounted there and nothing is uploaded from there"
        near = closest(text.prefix.rstrip("/"), case)
        hints: tuple[Hint, ...] = ()
        if near is not None:
            remedy = f"did you mean {near.path!r} ({near.direction} {near.name!r})?"
            hints = (Hint(near.entry.key_place, f"{near.direction} {near.name!r} is declared here"),)
        else:
            remedy = "declare it as an input or output"
        message = f"path '{text}' is not declared by {contract_names(case.contracts)}: {outcome}; {remedy}"
        yield from self.report(
            place, message, *hints, *(way(users[0]) if users else ()), repair=self.repair(place, text, near)
        )

    def repair(self, place: Place, text: Text, near: Declared | None) -> Respell | None:
        """The near path, in place of that part of the path which is not declared."""
        wrong = text.prefix.rstrip("/")
        if near is None or not wrong.startswith("/"):
            return None
        depth = min(near.path.count("/"), wrong.count("/"))
        return Respell(place, "/".join(wrong.split("/")[: depth + 1]), near.path)


def _is_scratch(text: Text, case: ScriptCase) -> bool:
    """Whether the script itself writes below the undeclared directory first, and reads or deletes there later."""
    top = _top(text, case)
    if top is None:
        return False
    here = uses_below(top, case)
    written = [use.order for use in here if use.effect in WRITING or use.effect is Effect.HANDED_ON]
    return bool(written) and any(use.effect in _CONSUMED and use.order > min(written) for use in here)


#: What shows that a file was only needed for a while.
_CONSUMED = (Effect.READ, Effect.DELETE, Effect.LIST)


def _top(text: Text, case: ScriptCase) -> str | None:
    """The uppermost directory of the path that is not an ancestor of anything declared."""
    parts = text.prefix.rstrip("/").split("/")
    for count in range(2, len(parts) + 1):
        folder = "/".join(parts[:count])
        if verdict(Text((folder,)), case) is Verdict.UNDECLARED:
            return folder
    return None


RULE = UndeclaredPath()
