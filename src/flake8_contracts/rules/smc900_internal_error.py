"""SMC900: the tool itself failed."""

from __future__ import annotations

from flake8_contracts.rules.base import Rule


class InternalError(Rule):
    code = "SMC900"
    name = "internal-error"
    summary = "the file could not be checked: a rule failed, or LibCST does not accept the file"
    explanation = """
A bug in a rule must not hide the other findings, nor end the run. It is reported as a finding that names the rule and the file; please report
it. The same code says that Python accepts a file which LibCST cannot parse, so that nothing in it was checked.
"""


RULE = InternalError()
