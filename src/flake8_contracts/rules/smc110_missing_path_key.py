"""SMC110: a dictionary of paths is asked for a key that nobody puts in."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Place, Report
from flake8_contracts.repairs import Respell
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.suggestions import close_match


class MissingPathKey(Rule):
    code = "SMC110"
    name = "missing-path-key"
    summary = "a look-up in a dictionary of paths under a key that no caller puts there"
    fix = "unsafe"
    explanation = """
    Scripts build dictionaries such as `input_paths` under `if __name__ == "__main__":` and hand them to `main`. A key
    that is looked up there and that no caller puts in raises `KeyError`, or silently gives the fall-back, in every
    job. Tests do not find it, because they build a dictionary of their own.
    """
    not_reported = """
    Look-ups behind a test (`if "SIGNATURE" in input_paths`) or a handler for `KeyError`, and dictionaries whose keys
    cannot all be told.
    """
    examples = (
        Example(
            contract="""
            entry_point: script.py
            expected_input_paths:
              metrics: /opt/ml/processing/input/metrics
              signature: /opt/ml/processing/input/signature
            """,
            bad="""
            import json
            import os


            def main(input_paths):
                print(os.listdir(input_paths["metrics"]))
                signature = input_paths["signatures"]  # expect: SMC110, SMC104
                with open(os.path.join(signature, "signature.json")) as handle:
                    print(json.load(handle))


            if __name__ == "__main__":
                main(
                    {
                        "metrics": "/opt/ml/processing/input/metrics",
                        "signature": "/opt/ml/processing/input/signature",
                    }
                )
            """,
            good="""
            import json
            import os


            def main(input_paths):
                print(os.listdir(input_paths["metrics"]))
                signature = input_paths["signature"]
                with open(os.path.join(signature, "signature.json")) as handle:
                    print(json.load(handle))


            if __name__ == "__main__":
                main(
                    {
                        "metrics": "/opt/ml/processing/input/metrics",
                        "signature": "/opt/ml/processing/input/signature",
                    }
                )
            """,
            fixed_as_good=True,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if case.facts.incomplete:
            return
        found: dict[tuple[str, Place], bool] = {}
        for lookup in case.facts.lookups:
            if lookup.place is None or lookup.how == "enforcer":
                continue
            missing = lookup.built_here and not lookup.present and not lookup.excused
            key = (lookup.name, lookup.place)
            found[key] = found.get(key, True) and missing
        for (name, place), missing in found.items():
            if missing:
                yield from self.describe(case, name, place)

    def describe(self, case: ScriptCase, name: str, place: Place) -> Iterator[Report]:
        lookup = next(item for item in case.facts.lookups if item.name == name and item.place == place)
        near = close_match(name, lookup.keys, 0.6)
        outcome = "the look-up always takes its fall-back" if lookup.how == "get" else "KeyError in every job"
        shown = ", ".join(repr(key) for key in lookup.keys[:5]) or "it is empty"
        remedy = f"did you mean {near!r}?" if near else f"put it in, or use one of its keys ({shown})"
        yield from self.report(
            place,
            f"no caller puts {name!r} into this dictionary of {lookup.direction} paths: {outcome}; {remedy}",
            repair=Respell(place, name, near) if near else None,
        )


RULE = MissingPathKey()
