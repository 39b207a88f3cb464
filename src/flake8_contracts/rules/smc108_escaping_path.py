"""SMC108: a path built from a declared directory that leaves it again."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from flake8_contracts.findings import Report
from flake8_contracts.flow.values import Hole, Part, Text
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.coverage import Relation, Verdict, derivation, relations, resolved, verdict


class EscapingPath(Rule):
    code = "SMC108"
    name = "escaping-path"
    summary = "a path that is built from a declared directory and leaves it again"
    explanation = """
        `os.path.join(output_dir, "/metrics.json")` is `/metrics.json`: an absolute component discards
        everything before it. And `..` walks out of the directory that is mounted or uploaded. Either way the
        file is not where the next step looks for it. Join a relative name without `..`.
        """
    not_reported = """
        A path with `..` that ends below the same directory, and a path outside `/opt/ml` that was not built
        from a declared directory.
        """
    examples = (
        Example(
            contract="""
                entry_point: evaluate.py
                expected_output_paths:
                  METRICS: /opt/ml/processing/output/metrics
                """,
            bad="""
                import os

                OUTPUT = "/opt/ml/processing/output/metrics"

                with open(os.path.join(OUTPUT, "roc.csv"), "w") as stream:
                    stream.write("0.0,0.0")
                with open(os.path.join(OUTPUT, "/metrics.json"), "w") as stream:  # expect: SMC108
                    stream.write("{}")
                """,
            good="""
                import os

                OUTPUT = "/opt/ml/processing/output/metrics"

                with open(os.path.join(OUTPUT, "roc.csv"), "w") as stream:
                    stream.write("0.0,0.0")
                with open(os.path.join(OUTPUT, "metrics.json"), "w") as stream:
                    stream.write("{}")
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts:
            return
        reported: set[object] = set()
        for use in case.facts.paths:
            for step in derivation(use.value):
                base = step.base
                if base is None or step.node is None or step.source is not case.facts.source:
                    continue
                start = self._declared_base(case, base)
                if start is None or not self._leaves(case, step, start):
                    continue
                place = case.facts.source.place(step.node)
                if place in reported:
                    continue
                reported.add(place)
                how = "an absolute component discards" if _is_absolute_again(step, base) else "'..' leaves"
                yield from self.report(
                    place,
                    f"path '{_shown(step, case)}' is built from {start!r} and is not below it: {how} the"
                    " declared directory, so the file is not where the job looks for it; join a relative"
                    " name without '..'",
                )

    def _declared_base(self, case: ScriptCase, base: Text) -> str | None:
        for contract in case.contracts:
            for declared, how in relations(base, contract):
                if how in (Relation.EQUAL, Relation.INSIDE):
                    return declared.path
        return None

    def _leaves(self, case: ScriptCase, step: Text, start: str) -> bool:
        for contract in case.contracts:
            parts = resolved(step, contract)
            if parts is None or any(isinstance(part, Hole) for part in parts[:1]):
                return False
            path = posixpath.normpath(_known(parts))
            if path == start or path.startswith(start + "/"):
                return False
        parts = resolved(step, case.contracts[0]) or step.parts
        if ".." in _known(parts).split("/"):
            return True
        outcome = verdict(Text((posixpath.normpath(_known(parts)),)), case)
        return outcome in (Verdict.UNDECLARED, Verdict.ELSEWHERE)


def _known(parts: tuple[Part, ...]) -> str:
    return "".join(part if isinstance(part, str) else "x" for part in parts)


def _is_absolute_again(step: Text, base: Text) -> bool:
    return ".." not in _known(step.parts) and step.parts[: len(base.parts)] != base.parts


def _shown(step: Text, case: ScriptCase) -> str:
    parts = resolved(step, case.contracts[0])
    return str(Text(parts)) if parts is not None else str(step)


RULE = EscapingPath()
