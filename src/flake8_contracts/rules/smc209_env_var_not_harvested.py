"""SMC209: a dictionary of variables is asked for one that nobody puts in."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.model import LogicalLookup
from flake8_contracts.findings import Place, Repair, Report
from flake8_contracts.flow.events import KeyLookup
from flake8_contracts.repairs import AddVariable, Respell
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.suggestions import close_match


class EnvVarNotHarvested(Rule):
    code = "SMC209"
    name = "env-var-not-harvested"
    summary = "a variable looked up in a dictionary taken from the environment that no caller puts there"
    fix = "safe"
    explanation = """
    The script copies variables from `os.environ` into a dictionary and looks them up there. A variable that is looked
    up and was never copied always has the default, whatever the job sets, or raises `KeyError`.
    """
    not_reported = """
    Dictionaries whose keys cannot all be told, look-ups behind a test or a handler for `KeyError`.
    """
    examples = (
        Example(
            contract="""
            entry_point: script.py
            optional_env_vars:
              LABEL_FIELD: label
              ID_FIELD: id
            """,
            bad="""
            import os


            def main(environ_vars):
                print(environ_vars["LABEL_FIELD"], environ_vars.get("ID_FIELD", "id"))  # expect: SMC209


            if __name__ == "__main__":
                main(
                    {
                        "LABEL_FIELD": os.environ.get("LABEL_FIELD", "label"),
                    }
                )
            """,
            good="""
            import os


            def main(environ_vars):
                print(environ_vars["LABEL_FIELD"], environ_vars.get("ID_FIELD", "id"))


            if __name__ == "__main__":
                names = {"LABEL_FIELD": "label", "ID_FIELD": "id"}
                main({name: os.environ.get(name, default) for name, default in names.items()})
            """,
            fixed="""
                import os


                def main(environ_vars):
                    print(environ_vars["LABEL_FIELD"], environ_vars.get("ID_FIELD", "id"))


                if __name__ == "__main__":
                    main(
                        {
                            "LABEL_FIELD": os.environ.get("LABEL_FIELD", "label"),
                            "ID_FIELD": os.environ.get("ID_FIELD", "id"),
                        }
                    )
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if case.facts.incomplete:
            return
        found: dict[tuple[str, Place], bool] = {}
        for lookup in case.facts.variable_lookups:
            if lookup.place is None:
                continue
            missing = lookup.built_here and not lookup.present and not lookup.excused
            key = (lookup.name, lookup.place)
            found[key] = found.get(key, True) and missing
        for (name, place), missing in found.items():
            if not missing:
                continue
            lookup = next(
                item for item in case.facts.variable_lookups if item.name == name and item.place == place
            )
            near = close_match(name, lookup.keys, 0.8)
            outcome = (
                "always the default, whatever the job sets"
                if lookup.how == "get"
                else "KeyError in every job"
            )
            remedy = f"did you mean {near!r}?" if near else f"add {name!r} where the dictionary is filled"
            yield from self.report(
                place,
                f"variable {name!r} is looked up in a dictionary taken from the environment, and no caller puts it"
                f" there: {outcome}; {remedy}",
                repair=self.repair(lookup, place, near),
            )

    def repair(self, lookup: LogicalLookup, place: Place, near: str | None) -> Repair | None:
        """One more variable in the dictionary; for a name that is nearly one of its keys, that key."""
        if near:
            return Respell(place, lookup.name, near)
        event = lookup.event
        if not isinstance(event, KeyLookup) or event.container.node is None or event.container.source is None:
            return None
        return AddVariable(event.container.source.place(event.container.node), place, lookup.name)


RULE = EnvVarNotHarvested()
