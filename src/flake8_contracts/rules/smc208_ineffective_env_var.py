"""SMC208: a variable is read, and its value reaches nothing."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.variables import is_declared, may_read


class IneffectiveEnvVar(Rule):
    code = "SMC208"
    name = "ineffective-env-var"
    summary = "a declared variable is read and its value reaches nothing: setting it has no effect"
    explanation = """
    The variable is copied into a dictionary entry that nobody looks up, or into a name that nobody uses. Whoever sets
    it for a job expects it to change something, and it does not. Most often the look-up uses another name.
    """
    not_reported = """
    Values that are handed to a library, logged, iterated over or copied, and variables that another read may use.
    """
    examples = (
        Example(
            contract="""
            entry_point: script.py
            optional_env_vars:
              BATCH_SIZE: "32"
            """,
            bad="""
            import os


            def main(environ_vars):
                print(environ_vars.get("BATCH", "32"))  # expect: SMC209


            if __name__ == "__main__":
                main({"BATCH_SIZE": os.environ.get("BATCH_SIZE", "32")})  # expect: SMC208
            """,
            good="""
            import os


            def main(environ_vars):
                print(environ_vars.get("BATCH_SIZE", "32"))


            if __name__ == "__main__":
                main({"BATCH_SIZE": os.environ.get("BATCH_SIZE", "32")})
            """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        facts = case.facts
        if facts.incomplete or facts.cut_short or facts.passes_environment:
            return
        reported: set[object] = set()
        for read in facts.reads:
            name = read.name
            if not name or not read.ineffective or not is_declared(name, case) or read.read_place in reported:
                continue
            if any(
                may_read(other, name) and not other.ineffective and other.how != "in" for other in facts.reads
            ):
                continue
            reported.add(read.read_place)
            yield from self.report(
                read.read_place,
                f"environment variable {name!r} is read here and its value reaches nothing: {read.ineffective}, so"
                " setting it has no effect; use the value, or remove the variable from the contract",
            )


RULE = IneffectiveEnvVar()
