"""SMC301: the parser requires what the contract does not pass."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Report
from flake8_contracts.rules.arguments import accepts, parsers
from flake8_contracts.rules.base import Example, Rule, ScriptCase, contract_names


class UndeclaredRequiredArgument(Rule):
    code = "SMC301"
    name = "undeclared-required-argument"
    summary = "an argument that the script's parser requires and the contract does not declare"
    explanation = """
        The job passes the arguments that the contract declares. A parser that requires another one ends the
        job at once with `error: the following arguments are required`. Declare the argument, or give it a
        default.
        """
    not_reported = """
        A parser that is built in a way that cannot be followed, and one that parses a list which the script
        gives it instead of the job's arguments.
        """
    examples = (
        Example(
            contract="""
                entry_point: prepare.py
                expected_arguments:
                  job-type: training
                """,
            bad="""
                import argparse

                parser = argparse.ArgumentParser()
                parser.add_argument("--job-type", required=True)
                parser.add_argument("--region", required=True)  # expect: SMC301
                print(parser.parse_args())
                """,
            good="""
                import argparse

                parser = argparse.ArgumentParser()
                parser.add_argument("--job-type", required=True)
                parser.add_argument("--region", default="eu-west-1")
                print(parser.parse_args())
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if not case.contracts or case.unresolved("expected_arguments"):
            return
        for parser in parsers(case):
            for argument in parser.arguments:
                if not argument.required or argument.source is not case.facts.source:
                    continue
                if any(accepts(argument, key) for contract in case.contracts for key in contract.arguments):
                    continue
                shown = argument.flags[-1] if argument.flags else argument.dest
                yield from self.report(
                    case.facts.source.place(argument.node),
                    f"argument {shown!r} is required and {contract_names(case.contracts)} does not declare"
                    f" it: the job ends with 'the following arguments are required: {shown}'; declare it or"
                    " give it a default",
                )


RULE = UndeclaredRequiredArgument()
