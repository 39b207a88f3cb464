"""SMC900: the tool itself failed."""

from __future__ import annotations

from flake8_contracts.rules.base import Rule


class InternalError(Rule):
    code = "SMC900"
    name = "internal-error"
    summary = "a file that could not be checked in full"
    explanation = """
        A bug in a rule must neither hide the other findings nor end the run. It becomes a finding that names
        the rule and the file; please report it. So does a bug in any other part. The same code says that
        Python accepts a file which LibCST cannot parse, or only with gigabytes of memory, because it has more
        than 750,000 names, numbers and signs: nothing in it was checked.

        It also tells, once for each script that has a contract, that the script was followed in part only: it
        is too entangled or nested too deeply, its contract declares more than 500 paths, it imports more than
        200 modules of the project, or more than 100 of which each imports the next, or one that cannot be
        parsed. What was seen is reported; what seems unused or missing for want of the rest is not.
        """
    not_reported = """
        A file with a syntax error: flake8 itself reports it. `flake8-contracts check` names it on standard
        error and ends with exit code 2.
        """


RULE = InternalError()
