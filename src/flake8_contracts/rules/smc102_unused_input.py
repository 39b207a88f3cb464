"""SMC102: a declared input that the script never uses."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_contracts.findings import Hint, Report
from flake8_contracts.rules.base import Example, Rule, ScriptCase
from flake8_contracts.rules.coverage import Declared
from flake8_contracts.rules.usage import (
    has_unknown_use,
    is_asked_for,
    is_mentioned,
    is_touched,
    unused_everywhere,
)


class UnusedInput(Rule):
    code = "SMC102"
    name = "unused-input"
    summary = "a declared input that the script never uses"
    explanation = """
        Every declared input is downloaded before the script starts. That costs time and disk, and it tells
        readers of the contract that the script depends on the data. An input that is never used is often one
        that the script reads under a wrong path or name. Use it, or remove it from the contract.

        The finding stands where the script names its contract, else on line 1.
        """
    not_reported = """
        Using a path below the input, listing a directory above it, asking for it by logical name, and naming
        its path in any literal all count as uses. With several contracts (job types), an input is unused only
        if it is unused under all of them. If some path in the script cannot be told, it may be the input.
        A module of the project that is imported, and is not found from where the script stands, may use it.
        """
    examples = (
        Example(
            contract="""
                entry_point: convert.py
                expected_input_paths:
                  ORDERS: /opt/ml/processing/input/orders
                  RATES: /opt/ml/processing/input/rates
                expected_output_paths:
                  CONVERTED: /opt/ml/processing/output/converted
                """,
            bad="""
                import pandas as pd  # expect: SMC102

                RATES = {"USD": 0.92, "GBP": 1.17}

                orders = pd.read_csv("/opt/ml/processing/input/orders/orders.csv")
                orders["euros"] = orders["amount"] * orders["currency"].map(RATES)
                orders.to_csv("/opt/ml/processing/output/converted/orders.csv")
                """,
            good="""
                import pandas as pd

                RATES = pd.read_csv("/opt/ml/processing/input/rates/rates.csv", index_col="currency")["rate"]

                orders = pd.read_csv("/opt/ml/processing/input/orders/orders.csv")
                orders["euros"] = orders["amount"] * orders["currency"].map(RATES)
                orders.to_csv("/opt/ml/processing/output/converted/orders.csv")
                """,
        ),
    )

    def check_script(self, case: ScriptCase) -> Iterator[Report]:
        if has_unknown_use(case):
            return
        for declared in unused_everywhere(case, "input", lambda declared: _is_used(case, declared)):
            if declared.path.startswith(_CODE):
                continue  # Python itself reads it
            where = f"{declared.path!r}" if declared.path else "its path"
            yield from self.report(
                case.place,
                f"input {declared.name!r} ({where}) of contract {declared.contract.name} is never used: it"
                " is downloaded for nothing, or read from a wrong path; use it or remove it from the"
                " contract",
                Hint(declared.entry.key_place, f"input {declared.name!r} is declared here"),
            )


#: Where code is mounted (SDK v2, ``processing.py``: ``ScriptProcessor`` and ``FrameworkProcessor``).
_CODE = (
    "/opt/ml/processing/input/code",
    "/opt/ml/processing/input/entrypoint",
    "/opt/ml/code",
    "/opt/ml/input/data/code",
)


def _is_used(case: ScriptCase, declared: Declared) -> bool:
    return is_touched(case, declared) or is_asked_for(case, declared) or is_mentioned(case, declared)


RULE = UnusedInput()
