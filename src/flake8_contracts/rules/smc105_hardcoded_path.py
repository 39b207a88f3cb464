"""SMC105: a declared path written out in the script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.facts.model import PathMention
from flake8_contracts.findings import Hint, Report
from flake8_contracts.repairs import AskContract
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.coverage import Declared, innermost, relations


class HardcodedPath(Rule):
    code = "SMC105"
    name = "hardcoded-path"
    default = False
    fix = "safe"
    summary = "a literal path that the script could ask its contract for"
    explanation = """
        A path that stands both in the contract and in the script has to be changed in both, and one will be
        forgotten. `enforcer.get_input_path("DATA")` takes it from the contract. It also lets the same script
        run on a laptop and in tests, where the enforcer maps `/opt/ml` to another directory.
        """
    not_reported = """
        Paths in messages, docstrings and help texts, and paths that no contract of the script declares.
        """
    examples = (
        Example(
            contract="""
                {
                  "entry_point": "greet.py",
                  "expected_output_paths": {"GREETING": "/opt/ml/processing/output/greeting"}
                }
                """,
            bad="""
                from pathlib import Path

                Path("/opt/ml/processing/output/greeting/hello.txt").write_text("hello")  # expect: SMC105
                """,
            good="""
                from pathlib import Path

                from contracts_runtime import ContractEnforcer

                with ContractEnforcer.from_file(Path(__file__).with_name("greet.contract.json")) as enforcer:
                    Path(enforcer.get_output_path("GREETING"), "hello.txt").write_text("hello")
                """,
            fixed_as_good=True,
            unsafe=True,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        reported: set[object] = set()
        for mention in case.facts.mentions:
            if mention.prose or mention.place in reported:
                continue
            for contract in case.contracts:
                found = innermost(list(relations(mention.value, contract)))
                if found is None:
                    continue
                declared, _ = found
                reported.add(mention.place)
                method = f"get_{declared.direction}_path({declared.name!r})"
                yield from self.report(
                    mention.place,
                    f"path '{mention.value}' is written out here and in contract {contract.name}: one of"
                    f" them will be changed without the other; take it from the contract with {method}",
                    Hint(
                        declared.entry.key_place, f"{declared.direction} {declared.name!r} is declared here"
                    ),
                    repair=self.repair(case, mention, declared),
                )
                break

    def repair(self, case: ScriptCase, mention: PathMention, declared: Declared) -> AskContract | None:
        """The question, if all contracts of the script have the same answer."""
        for contract in case.contracts:
            found = innermost(list(relations(mention.value, contract)))
            if found is None or (found[0].name, found[0].path) != (declared.name, declared.path):
                return None
        return AskContract(mention.place, declared.direction, declared.name, declared.path, case.contracts)


RULE = HardcodedPath()
