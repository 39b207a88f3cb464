"""How much there is to parse, and how long rows of texts are: what is beyond a parser's means."""

from __future__ import annotations

import io
import re
import tokenize

MAX_TOKENS = 750_000
"""Parsing takes LibCST some 2.5 kB of memory for every name, number and sign: 2 GB for as many as that."""

_TOKEN = re.compile(
    r"#[^\n]*"
    r'|\w{0,2}"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\Z)'
    r"|\w{0,2}'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\Z)"
    r'|\w{0,2}"[^"\\\n]*(?:\\.[^"\\\n]*)*"?'
    r"|\w{0,2}'[^'\\\n]*(?:\\.[^'\\\n]*)*'?"
    r"|\w+|[^\s\w]",
    re.DOTALL,
)
_LONGEST_ROW = 1_000


def is_too_large(text: str) -> bool:
    """Whether a program has more than :data:`MAX_TOKENS` tokens. A text is one, however long it is."""
    if len(text) <= MAX_TOKENS:
        return False
    count = 0
    for match in _TOKEN.finditer(text):
        count += 1
        if match.end() - match.start() > 1 and text[match.start()] in "fFrR":
            count += text.count("{", match.start(), match.end())  # each a name, at least
        if count > MAX_TOKENS:
            return True
    return False


def has_long_row(text: str, line: int) -> bool:
    """Whether more texts than LibCST can join stand in a row, up to a line. The text is a valid program."""
    row = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.start[0] > line:
                return False
            if token.type == tokenize.STRING:
                row += 1
                if row > _LONGEST_ROW:
                    return True
            elif token.type not in (tokenize.NL, tokenize.COMMENT):
                row = 0
    except (tokenize.TokenError, SyntaxError):
        return False
    return False
