"""SMC301: the parser requires what the contract does not pass."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Report
from flake8_contracts.rules.arguments import accepts, parsers
from flake8_contracts.rules.base import Rule, ScriptCase, contract_names


class UndeclaredRequiredArgument(Rule):
    code = "SMC301"
    name = "undeclared-required-argument"
    summary = "the script's parser requires an argument that the contract does not declare"
    explanation = """
The job passes the arguments that the contract declares. A parser that requires another one ends the job at once with
`error: the following arguments are required`.
"""

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
                    f"argument {shown!r} is required and {contract_names(case.contracts)} does not declare it: the job ends with 'the"
                    f" following arguments are required: {shown}'; declare it or give it a default",
                )


RULE = UndeclaredRequiredArgument()
