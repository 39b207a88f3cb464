"""SMC900: the tool itself failed."""

from __future__ import annotations

from flake8_contracts.rules.base import Rule


class InternalError(Rule):
    code = "SMC900"
    name = "internal-error"
    summary = "a file that could not be checked in full: a rule failed, or LibCST does not accept the file"
    explanation = """
        A bug in a rule must neither hide the other findings nor end the run. It becomes a finding that names
        the rule and the file; please report it. The same code says that Python accepts a file which LibCST
        cannot parse: nothing in it was checked.
        """
    not_reported = "A file with a syntax error: flake8 itself reports it."


RULE = InternalError()
