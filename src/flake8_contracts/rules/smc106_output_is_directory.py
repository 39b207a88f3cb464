"""SMC106: a file opened at exactly the path of an output's directory."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_runtime.platform_facts import names_a_file
from flake8_contracts.findings import Hint, Report
from flake8_contracts.repairs import DeclareDirectory
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.directories import opened
from flake8_contracts.rules.ways import elsewhere, way


class OutputIsDirectory(Rule):
    code = "SMC106"
    name = "output-is-directory"
    fix = "safe"
    summary = (
        "a file opened or replaced at exactly a declared output path, where SageMaker has made a directory"
    )
    explanation = """
        Before the script starts, SageMaker creates a *directory* at the local path of every output. Opening a
        file at exactly that path fails with `IsADirectoryError: [Errno 21] Is a directory`. Write the file
        below the directory.

        If the contract's path names a file (`…/output/payload.tar.gz`), the contract is at fault too, see
        SMC401: declare the directory above it, and the script may stay as it is.
        """
    not_reported = """
        Creating the directory, listing it, handing it to another program, and libraries that write a
        directory at the path are fine. So is a path that is an output under some contracts of the script
        only.
        """
    sources = (
        "SageMaker API, ProcessingS3Output.LocalPath: the platform creates the directory before the script starts",
    )
    examples = (
        Example(
            contract="""
                entry_point: payload.py
                expected_output_paths:
                  PAYLOAD: /opt/ml/processing/output/payload
                """,
            bad="""
                import json

                OUTPUT = "/opt/ml/processing/output/payload"

                with open(OUTPUT, "w") as stream:  # expect: SMC106
                    json.dump({"amount": 12.5}, stream)
                """,
            good="""
                import json

                OUTPUT = "/opt/ml/processing/output/payload"

                with open(f"{OUTPUT}/payload.json", "w") as stream:
                    json.dump({"amount": 12.5}, stream)
                """,
        ),
        Example(
            contract="""
                from contracts_runtime import ScriptContract

                PAYLOAD_CONTRACT = ScriptContract(
                    entry_point="payload.py",
                    expected_output_paths={
                        "PAYLOAD": "/opt/ml/processing/output/payload.json",  # expect: SMC401
                    },
                )
                """,
            bad="""
                import json

                from contracts_runtime import ContractEnforcer
                from payload_contract import PAYLOAD_CONTRACT

                with ContractEnforcer(PAYLOAD_CONTRACT) as enforcer:
                    with open(enforcer.get_output_path("PAYLOAD"), "w") as stream:  # expect: SMC106
                        json.dump({"amount": 12.5}, stream)
                """,
            good="""
                import json
                import os

                from contracts_runtime import ContractEnforcer
                from payload_contract import PAYLOAD_CONTRACT

                with ContractEnforcer(PAYLOAD_CONTRACT) as enforcer:
                    with open(os.path.join(enforcer.get_output_path("PAYLOAD"), "payload.json"), "w") as stream:
                        json.dump({"amount": 12.5}, stream)
                """,
            fixed_as_good=True,
            fixed_contract="""
                from contracts_runtime import ScriptContract

                PAYLOAD_CONTRACT = ScriptContract(
                    entry_point="payload.py",
                    expected_output_paths={
                        "PAYLOAD": "/opt/ml/processing/output",
                    },
                )
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        for use, declared in opened(case, "output"):
            names_file = names_a_file(declared.path)
            remedy = (
                "declare the directory above it and write the file below"
                if names_file
                else "write the file below it"
            )
            yield from self.report(
                use.place,
                f"a file is opened at {declared.path!r}{elsewhere(use)}, the directory that SageMaker creates for"
                f" output {declared.name!r} before the script starts (IsADirectoryError); {remedy}",
                Hint(
                    declared.entry.key_place,
                    f"output {declared.name!r} of contract {declared.contract.name} is declared here",
                ),
                *way(use),
                repair=DeclareDirectory(declared.contract, declared.name) if names_file else None,
            )


RULE = OutputIsDirectory()
