"""SMC303: the contract's value for an argument is refused by the parser."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.catalog.model import Entry
from flake8_contracts.findings import Hint, Report
from flake8_contracts.flow.events import Argument
from flake8_contracts.flow.objects import Sequence
from flake8_contracts.flow.values import External, constant
from flake8_contracts.rules.arguments import accepts, parsers
from flake8_contracts.rules.base import Example, Rule, ScriptCase

#: Marks of a value that is filled in later, or only described.
_PLACEHOLDERS = ("{", "<", "$", "%(")


class InvalidArgumentValue(Rule):
    code = "SMC303"
    name = "invalid-argument-value"
    summary = "a value of the contract that the parser's `choices` or `type` refuse"
    explanation = """
        The contract gives the value with which the job runs. If it is not among the parser's `choices`, or
        the parser's `type` cannot convert it, the job ends with a usage error. Change the value or the
        parser.
        """
    not_reported = """
        A value that is filled in later (`{job_type}`, `<region>`, `$STAGE`), a `type` other than `int`,
        `float` and `str`, and choices that cannot be told.
        """
    examples = (
        Example(
            contract="""
                entry_point: prepare.py
                expected_arguments:
                  job-type: testing
                """,
            bad="""
                import argparse

                parser = argparse.ArgumentParser()
                parser.add_argument("--job-type", choices=["training", "validation"])  # expect: SMC303
                print(parser.parse_args())
                """,
            good="""
                import argparse

                parser = argparse.ArgumentParser()
                parser.add_argument("--job-type", choices=["training", "validation", "testing"])
                print(parser.parse_args())
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        for parser in parsers(case):
            for argument in parser.all_arguments():
                if argument.source is not case.facts.source:
                    continue
                for contract in case.contracts:
                    for key, entry in contract.arguments.items():
                        if not accepts(argument, key):
                            continue
                        problem = _problem(argument, entry)
                        if problem:
                            yield from self.report(
                                case.facts.source.place(argument.node),
                                f"contract {contract.name} passes {entry.value!r} for argument {key!r}:"
                                f" {problem}, so the job ends with a usage error; change the value or the"
                                " parser",
                                Hint(entry.place, "the value is declared here"),
                            )


def _problem(argument: Argument, entry: Entry) -> str:
    value = entry.value
    if value is None or not value or any(mark in value for mark in _PLACEHOLDERS):
        return ""
    if argument.action not in ("store", "append", "extend"):
        return ""
    kind = argument.type.name if isinstance(argument.type, External) else None
    converted: object = value
    if kind in ("builtins.int", "builtins.float"):
        try:
            converted = int(value) if kind == "builtins.int" else float(value)
        except ValueError:
            if any(character.isspace() for character in value):
                return ""  # a description, not a value
            return f"it is no {kind.rpartition('.')[2]}"
    elif argument.type is not None and kind != "builtins.str":
        return ""
    choices = argument.choices
    if isinstance(choices, Sequence) and not choices.is_open:
        known = [constant(item) for item in choices.items]
        if (
            None not in known
            and known
            and not value.count(" ")
            and not any(item is not None and item[0] == converted for item in known)
        ):
            shown = ", ".join(repr(item[0]) for item in known[:6] if item is not None)
            return f"the parser accepts {shown}"
    return ""


RULE = InvalidArgumentValue()
