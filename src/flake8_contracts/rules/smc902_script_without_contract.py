"""SMC902: a script with container paths and no contract."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import FixedPlace, Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.coverage import is_container_path
from flake8_contracts.rules.drafting import TOUCHES, draft


class ScriptWithoutContract(Rule):
    code = "SMC902"
    name = "script-without-contract"
    default = False
    fix = "unsafe"
    summary = "a script that uses container paths and has no contract"
    explanation = """
        Without a contract nothing can be checked: a wrong path or a missing variable is found when the job
        fails. Declare a contract whose `entry_point` names the script. `flake8-contracts contracts SCRIPT`
        tells why none was found.
        """
    not_reported = """
        A script that names a contract which is not in the project, code that only hands paths to the SageMaker SDK,
        and paths in messages, docstrings and help texts.
        """
    examples = (
        Example(
            bad="""
                import shutil  # expect: SMC902

                MODEL = "/opt/ml/processing/input/model"
                shutil.copytree(MODEL, "/opt/ml/processing/output/copy", dirs_exist_ok=True)
                """,
            good="""
                import shutil

                from contracts_runtime import ContractEnforcer, ScriptContract

                CONTRACT = ScriptContract(
                    entry_point="script.py",
                    expected_input_paths={"MODEL": "/opt/ml/processing/input/model"},
                    expected_output_paths={"COPY": "/opt/ml/processing/output/copy"},
                )

                with ContractEnforcer(CONTRACT) as enforcer:
                    model = enforcer.get_input_path("MODEL")
                    shutil.copytree(model, enforcer.get_output_path("COPY"), dirs_exist_ok=True)
                """,
            fixed_contract="""
                entry_point: script.py
                expected_input_paths:
                  model: /opt/ml/processing/input/model
                expected_output_paths:
                  copy: /opt/ml/processing/output/copy
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if case.contracts or case.binding.unknown:
            return
        mention = next((mention for mention in case.facts.mentions if not mention.prose), None)
        paths = [use for use in case.facts.paths if is_container_path(use.value)]
        if "sagemaker" in case.facts.libraries and not any(use.effect in TOUCHES for use in paths):
            return  # code that defines a pipeline tells the SDK of the paths
        if not paths and (mention is None or "__main__" not in case.facts.source.text):
            return  # a module of constants is no script
        if {"tests", "test"} & set(case.facts.source.path.parts):
            return
        shown = mention.value if mention is not None else paths[0].value
        yield from self.report(
            FixedPlace(case.facts.source.path),
            f"the script uses container paths such as '{shown}' and has no contract: nothing says what is"
            " mounted there; declare a contract whose entry_point names this script",
            repair=draft(case.facts),
        )


RULE = ScriptWithoutContract()
