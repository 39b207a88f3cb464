"""SMC304: an argument is parsed and never used."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.arguments import accepts, parsers
from flake8_contracts.rules.base import Example, Rule, ScriptCase


class IneffectiveArgument(Rule):
    code = "SMC304"
    name = "ineffective-argument"
    summary = "an argument of the contract that the script parses and never uses"
    default = False
    explanation = """
    The job passes the argument, the parser accepts it, and nothing reads it: changing it has no effect.
    """
    not_reported = """
    Parsers and namespaces that are handed on whole, and arguments that only exist to be accepted are still reported:
    the rule is off unless it is selected.
    """
    examples = (
        Example(
            contract="""
            entry_point: script.py
            expected_arguments:
              job_type: training
              rows: "10"
            """,
            bad="""
            import argparse

            parser = argparse.ArgumentParser()
            parser.add_argument("--job_type")
            parser.add_argument("--rows", type=int)  # expect: SMC304
            args = parser.parse_args()
            print(args.job_type)
            """,
            good="""
            import argparse

            parser = argparse.ArgumentParser()
            parser.add_argument("--job_type")
            parser.add_argument("--rows", type=int)
            args = parser.parse_args()
            print(args.job_type, args.rows)
            """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        facts = case.facts
        if facts.incomplete or facts.cut_short or facts.used_arguments is None or facts.passes_arguments:
            return
        for parser in parsers(case):
            for argument in parser.all_arguments():
                if argument.dest in facts.used_arguments or argument.source is not facts.source:
                    continue
                for contract in case.contracts:
                    key = next((key for key in contract.arguments if accepts(argument, key)), None)
                    if key is None:
                        continue
                    yield from self.report(
                        facts.source.place(argument.node),
                        f"argument {key!r} of contract {contract.name} is parsed and never used: passing it has no"
                        " effect; use it, or remove it from the contract",
                        Hint(contract.arguments[key].key_place, f"argument {key!r} is declared here"),
                    )
                    break


RULE = IneffectiveArgument()
