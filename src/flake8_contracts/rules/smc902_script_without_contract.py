"""SMC902: a script with container paths and no contract."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import FixedPlace, Report
from flake8_contracts.rules.base import Rule, ScriptCase
from flake8_contracts.rules.coverage import is_container_path


class ScriptWithoutContract(Rule):
    code = "SMC902"
    name = "script-without-contract"
    summary = "a script uses container paths but has no contract"
    default = False
    fix = "unsafe"
    explanation = """
Without a contract nothing can be checked: a wrong path or a missing variable is found when the job fails. `flake8-contracts contracts SCRIPT` tells
why no contract was found for a script.
"""

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if case.contracts or case.binding.unknown:
            return
        mention = next((mention for mention in case.facts.mentions if not mention.prose), None)
        paths = [use for use in case.facts.paths if is_container_path(use.value)]
        if mention is None and not paths:
            return
        shown = mention.value if mention is not None else paths[0].value
        yield from self.report(
            FixedPlace(case.facts.source.path),
            f"the script uses container paths such as '{shown}' and has no contract: nothing says what is mounted there; declare a contract"
            " whose entry_point names this script",
        )


RULE = ScriptWithoutContract()
