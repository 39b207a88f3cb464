"""Programs, contracts and their mutations, drawn at random.

A program is put together from statements of the kinds that the engine knows, which use each other's names without any
regard for sense. A mutation takes a real text and moves, drops, doubles or exchanges lines, words and characters.
"""

from __future__ import annotations

import keyword
import re

from hypothesis import strategies as st

NAMES = st.sampled_from(
    ["a", "b", "c", "main", "paths", "input_paths", "environ_vars", "args", "self", "os", "Path"]
)
TEXTS = st.sampled_from(
    ["''", "'x'", "'DATA'", "'r'", "'TOKEN'", "'/opt/ml/processing/output/r'", "'/opt/ml/processing/input/data/x.csv'",
     "'/opt/ml'", "'..'", "'{}'", "'%s'", "'--flag'", "'*.csv'", "b'x'", "'\\ud800'", "'\\0'", "r'\\d'", "'é' 'x'"]
)  # fmt: skip
NUMBERS = st.sampled_from(["0", "1", "-1", "2.5", "1e999", "10**9", "1j", "0x7f", "None", "True", "..."])
OPERATORS = st.sampled_from(
    ["+", "-", "*", "/", "//", "%", "**", "@", "<<", "|", "and", "or", "in", "not in", "is", "<", "=="]
)
CALLED = st.sampled_from(
    ["open", "str", "Path", "os.path.join", "os.makedirs", "os.environ.get", "os.getenv", "os.listdir", "shutil.move",
     "len", "list", "dict", "zip", "sorted", "enumerate", "range", "isinstance", "getattr", "setattr", "vars", "map",
     "print", "json.load", "pd.read_csv", "logging.info", "functools.partial", "subprocess.run", "super", "type",
     "argparse.ArgumentParser", "ContractEnforcer", "os.path.exists", "os.path.dirname", "os.walk", "glob.glob", "next"]
)  # fmt: skip
METHODS = st.sampled_from(
    ["get", "items", "keys", "values", "format", "join", "split", "replace", "append", "extend", "update", "pop",
     "setdefault", "add_argument", "parse_args", "parse_known_args", "to_csv", "mkdir", "exists", "parent", "name",
     "joinpath", "with_suffix", "glob", "get_input_path", "get_output_path", "strip", "lower", "write_text", "f"]
)  # fmt: skip


def _expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    listed = st.lists(inner, max_size=3).map(", ".join)
    return st.one_of(
        st.tuples(inner, OPERATORS, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(CALLED, listed).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, METHODS, listed).map(lambda t: f"({t[0]}).{t[1]}({t[2]})"),
        st.tuples(inner, METHODS).map(lambda t: f"({t[0]}).{t[1]}"),
        pairs.map(lambda t: f"({t[0]})[{t[1]}]"),
        pairs.map(lambda t: f"({t[0]})[{t[1]}:]"),
        listed.map(lambda t: f"[{t}]"),
        st.lists(pairs, max_size=3).map(lambda items: "{" + ", ".join(f"{k}: {v}" for k, v in items) + "}"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(NAMES, inner).map(lambda t: f"(lambda {t[0]}=1, *rest: {t[1]})"),
        st.tuples(inner, NAMES, inner, inner).map(lambda t: f"[{t[0]} for {t[1]} in {t[2]} if {t[3]}]"),
        st.tuples(inner, inner, NAMES, inner).map(lambda t: f"{{{t[0]}: {t[1]} for {t[2]} in {t[3]}}}"),
        st.tuples(CALLED, inner, NAMES, inner).map(
            lambda t: f"{t[0]}({t[1]}, *{t[3]}, {t[2]}={t[3]}, **{t[1]})"
        ),
        st.tuples(NAMES, NAMES).map(lambda t: f"f'{{{t[0]}}}/x/{{{t[1]}!r:>4}}'"),
        st.tuples(NAMES, inner).map(lambda t: f"({t[0]} := {t[1]})"),
        inner.map(lambda t: f"(not {t})"),
        inner.map(lambda t: f"os.environ[{t}]"),
    )


EXPRESSIONS = st.recursive(st.one_of(NAMES, TEXTS, NUMBERS), _expressions, max_leaves=6)

_SIMPLE = st.one_of(
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]} = {t[1]}"),
    st.tuples(NAMES, NAMES, EXPRESSIONS).map(lambda t: f"{t[0]}, *{t[1]} = {t[2]}"),
    st.tuples(NAMES, EXPRESSIONS, EXPRESSIONS).map(lambda t: f"{t[0]}[{t[1]}] = {t[2]}"),
    st.tuples(NAMES, METHODS, EXPRESSIONS).map(lambda t: f"{t[0]}.{t[1]} = {t[2]}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]} += {t[1]}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]}: {t[1]} = {t[1]}"),
    EXPRESSIONS,
    NAMES.map(lambda name: f"del {name}"),
    NAMES.map(lambda name: f"global {name}"),
    EXPRESSIONS.map(lambda text: f"assert {text}"),
    EXPRESSIONS.map(lambda text: f"raise {text}"),
    st.sampled_from(["pass", "import job", "from job import *", "import helper as a", "from helper import main as b",
                     "from pathlib import Path as c", "import os.path as b", "from . import a", "from .. import x"]),
)  # fmt: skip
_IN_FUNCTIONS = st.one_of(
    _SIMPLE,
    EXPRESSIONS.map(lambda t: f"return {t}"),
    EXPRESSIONS.map(lambda t: f"yield {t}"),
    st.just("return"),
)


_MAIN = """\
@functools.cache
def main(input_paths, output_paths, environ_vars, job_args):
    return input_paths['DATA']
"""


def _indented(body: list[str]) -> str:
    return "".join(f"    {line}\n" for block in body for line in block.splitlines()) or "    pass\n"


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map(_indented)
    plain = st.lists(_IN_FUNCTIONS, min_size=1, max_size=4).map(_indented)
    return st.one_of(
        st.tuples(EXPRESSIONS, body, body).map(lambda t: f"if {t[0]}:\n{t[1]}else:\n{t[2]}"),
        st.tuples(NAMES, EXPRESSIONS, body).map(lambda t: f"for {t[0]} in {t[1]}:\n{t[2]}    continue\n"),
        st.tuples(EXPRESSIONS, body).map(lambda t: f"while {t[0]}:\n{t[1]}    break\n"),
        st.tuples(body, NAMES, body).map(
            lambda t: f"try:\n{t[0]}except ({t[1]}, KeyError) as e:\n{t[2]}finally:\n    pass\n"
        ),
        st.tuples(EXPRESSIONS, NAMES, body).map(lambda t: f"with {t[0]} as {t[1]}:\n{t[2]}"),
        st.tuples(NAMES, NAMES, EXPRESSIONS, plain).map(lambda t: f"def {t[0]}({t[1]}_, *, c={t[2]}, **kw):\n{t[3]}"),
        st.tuples(NAMES, plain, plain).map(
            lambda t: f"class {t[0]}:\n    x = 1\n    def __init__(self, a=1):\n{_indented([t[1]])}"
            f"    @property\n    def name(self):\n{_indented([t[2]])}"
        ),
        st.tuples(NAMES, EXPRESSIONS, body).map(
            lambda t: f"match {t[0]}:\n    case {{'a': x, **y}} if {t[1]}:\n{_indented([t[2]])}"
        ),
        body.map(lambda text: f"if __name__ == '__main__':\n{text}"),
        st.just(_MAIN),
    )  # fmt: skip


STATEMENTS = st.recursive(_SIMPLE, _blocks, max_leaves=5)
HEAD = """\
import os, json, shutil, argparse, functools, logging, subprocess, glob
import pandas as pd
from pathlib import Path
"""
PROGRAMS = st.lists(STATEMENTS, min_size=1, max_size=12).map(
    lambda blocks: HEAD + "".join(block.rstrip("\n") + "\n" for block in blocks)
)
"""Texts of programs; most are valid Python."""

_TOKEN = re.compile(r"\w+|'[^'\n]*'|\"[^\"\n]*\"|[^\w\s]")
_PIECES = st.one_of(
    TEXTS, NUMBERS, NAMES, OPERATORS, METHODS, st.sampled_from(sorted(keyword.kwlist)),
    st.sampled_from("()[]{}:,.=#\\\"'&*!|>-?%@`\t\f\r\0\ufeff\u2028é"),
    st.sampled_from(["", "\n", "    ", "---\n", "<<: *a", "'''"]),
)  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn, texts: list[str]) -> str:
    """One of the texts after some changes."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        text = draw(st.sampled_from([_change_lines, _change_words, _change_characters]))(draw, text)
    return text


def _change_lines(draw: st.DrawFn, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    first, second = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    kind = draw(st.sampled_from(["drop", "double", "exchange", "move", "indent", "cut"]))
    if kind == "drop":
        del lines[first]
    elif kind == "double":
        lines.insert(second, lines[first])
    elif kind == "exchange":
        lines[first], lines[second] = lines[second], lines[first]
    elif kind == "move":
        lines.insert(second, lines.pop(first))
    elif kind == "indent":
        lines[first] = "    " + lines[first]
    else:
        lines = lines[:first]
    return "".join(lines)


def _change_words(draw: st.DrawFn, text: str) -> str:
    words = list(_TOKEN.finditer(text))
    if not words:
        return text
    old = draw(st.sampled_from(words))
    new = draw(st.one_of(st.sampled_from(words).map(lambda word: word.group()), _PIECES, EXPRESSIONS))
    return text[: old.start()] + new + text[old.end() :]


def _change_characters(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(_PIECES) + text[at + draw(st.integers(0, 3)) :]
