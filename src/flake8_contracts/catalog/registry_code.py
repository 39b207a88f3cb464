"""Whether everything that is done to a registry is seen, judged by the text of the code that knows it by name.

The interpreter sees the calls that it follows. A bound method that is handed on, a function that only other programs
call, or a registry's own attributes may add steps without such a call: one of them, and the registry is not known in
full.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Methods that add steps or wires; each call of them is followed.
_CHANGING = "register|connect"
#: Methods after which everything that a registry holds has still been seen.
_ASKING = r"validate|problems|results|find_compatible_outputs|(?:get|list)_\w+"

_PROSE = re.compile(r'"""(?s:.*?)"""|\'\'\'(?s:.*?)\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|#[^\n]*')
_IMPORT = re.compile(r"^[ \t]*(?:from\s+\S+\s+)?import\b(?:[ \t]*\([^)]*\)|[^\n]*)", re.MULTILINE)


def understands(code: str, name: str, *, may_return: bool = False) -> bool:
    """Whether each use of ``name`` in the code is a call of a known method, an assignment, or an argument.

    ``may_return``: it is known what becomes of a registry that is returned.
    """
    known, reflected, used = _patterns(name)
    text = _plain(code)
    if may_return:
        text = re.sub(rf"\breturn\s+{re.escape(name)}\s*$", "", text, flags=re.MULTILINE)
    return reflected.search(text) is None and used.search(known.sub("", text)) is None


def only_asks(code: str, name: str) -> bool:
    """Whether code that is not followed leaves the registry ``name`` as it is."""
    asking = re.compile(rf"(?<![.\w]){name}\.(?:{_ASKING})(?=\s*\()")
    return re.search(rf"(?<![.\w]){name}\b", asking.sub("", _plain(code))) is None


def _plain(code: str) -> str:
    return _IMPORT.sub("", _PROSE.sub("''", code))


@lru_cache(maxsize=64)
def _patterns(name: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    own = rf"(?<![.\w]){re.escape(name)}"
    known = re.compile(
        rf"{own}\.(?:{_CHANGING}|{_ASKING})(?=\s*\()"
        rf"|{own}\s*(?::[^=\n]+)?=(?!=)"
        rf"|(?<=[(,=])\s*{re.escape(name)}\s*(?:(?::[^,()=\n]+)?(?=[,)]))"
    )
    reflected = re.compile(rf"\b(?:[gs]etattr|delattr|vars|map|filter|copy|deepcopy)\s*\(\s*{own}\b")
    return known, reflected, re.compile(rf"{own}\b")
