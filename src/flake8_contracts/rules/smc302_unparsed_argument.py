"""SMC302: the contract passes what the parser does not accept."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.arguments import accepts, parsers
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.suggestions import close_match


class UnparsedArgument(Rule):
    code = "SMC302"
    name = "unparsed-argument"
    summary = "an argument that the contract passes and the script's parser does not accept"
    explanation = """
        A parser that meets an argument which it does not know ends the job with `error: unrecognized
        arguments`. Add the argument to the parser, or remove it from the contract.

        The finding stands at the call that parses.
        """
    not_reported = """
        `parse_known_args` ignores what it does not know. A script without a parser, one that hands its
        arguments to another program, and a parser that is built in a way that cannot be followed are not
        checked.
        """
    examples = (
        Example(
            contract="""
                entry_point: prepare.py
                expected_arguments:
                  job-type: training
                  verbose: "1"
                """,
            bad="""
                import argparse

                parser = argparse.ArgumentParser()
                parser.add_argument("--job-type")
                print(parser.parse_args())  # expect: SMC302
                """,
            good="""
                import argparse

                parser = argparse.ArgumentParser()
                parser.add_argument("--job-type")
                parser.add_argument("--verbose")
                print(parser.parse_args())
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        found = parsers(case)
        facts = case.facts
        if facts.passes_arguments or facts.incomplete or any(parser.known_only for parser in found):
            return
        if not found:
            return  # without a parser the arguments are ignored: nothing fails
        arguments = [argument for parser in found for argument in parser.all_arguments()]
        flags = [flag for argument in arguments for flag in (argument.flags or (argument.dest,))]
        node, source = found[-1].parse_nodes[-1]
        place = source.place(node)
        reported: set[str] = set()
        for contract in case.contracts:
            for key, entry in contract.arguments.items():
                if key in reported or any(accepts(argument, key) for argument in arguments):
                    continue
                reported.add(key)
                near = close_match(key, flags, 0.7)
                remedy = (
                    f"did you mean {near!r}?"
                    if near
                    else "add it to the parser or remove it from the contract"
                )
                yield from self.report(
                    place,
                    f"contract {contract.name} passes argument {key!r}, which this parser does not accept:"
                    f" the job ends with 'unrecognized arguments'; {remedy}",
                    Hint(entry.key_place, f"argument {key!r} is declared here"),
                )


RULE = UnparsedArgument()
