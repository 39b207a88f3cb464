"""Edits change what they say and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_contracts.findings import Edit, Span
from flake8_contracts.fixes.file_text import FileText, Refused

SCRIPT = Path("script.py")

LINES = st.lists(
    st.tuples(
        st.text(st.sampled_from("ab \t\fé€x'#=\"\v\x85\u2028"), max_size=12),
        st.sampled_from(["\n", "\r\n", "\r"]),
    ),
    max_size=8,
)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, found by counting, not by the code under test."""
    line, column, at = 1, 1, 0
    while at < offset:
        if text[at] == "\n" or (text[at] == "\r" and text[at + 1 : at + 2] != "\n"):
            line, column = line + 1, 1
        else:
            column += 1
        at += 1
    return line, column


def edit(text: str, start: int, end: int, replacement: str) -> Edit:
    return Edit(SCRIPT, Span(*position(text, start), *position(text, end)), replacement)


@st.composite
def edited_texts(draw):
    text = "".join(line + end for line, end in draw(LINES)) + draw(st.sampled_from(["", "last", "# é"]))
    # Between the halves of a line end no edit can begin.
    places = [at for at in range(len(text) + 1) if text[max(at - 1, 0) : at + 1] != "\r\n"]
    bounds = sorted(draw(st.lists(st.sampled_from(places), max_size=6, unique=True)))
    pairs = list(zip(bounds[::2], bounds[1::2], strict=False))
    return text, [(start, end, draw(st.text("yz'", max_size=4))) for start, end in pairs]


@given(edited_texts(), st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252"]))
def test_every_byte_outside_of_the_edits_is_kept(case, encoding):
    text, pieces = case
    cookie = "" if encoding.startswith("utf") else f"# coding: {encoding}\n"
    shift = len(cookie)
    text = cookie + text
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        return
    expected, at = "", 0
    for start, end, replacement in pieces:
        expected += text[at : start + shift] + replacement
        at = end + shift
    expected += text[at:]
    edits = [edit(text, start + shift, end + shift, replacement) for start, end, replacement in pieces]
    try:
        known = FileText(SCRIPT, data)
    except Refused:
        # A line end that Python counts, before the cookie or in it, can hide or spoil the cookie.
        assert "\r" in text or "#" in text
        return
    assert known.edited(edits) == expected.encode(encoding)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_new_lines_end_as_the_others_do(end):
    data = b"a = [" + end + b"    1," + end + b"]" + end
    made = FileText(SCRIPT, data).edited([Edit(SCRIPT, Span(2, 7, 2, 7), "\n    2,")])
    assert made == b"a = [" + end + b"    1," + end + b"    2," + end + b"]" + end


def test_the_last_line_of_a_windows_file_without_a_final_line_end():
    assert FileText(SCRIPT, b"a\r\nb").edited([Edit(SCRIPT, Span(2, 2, 2, 2), "\nc")]) == b"a\r\nb\r\nc"


def test_a_character_that_the_encoding_lacks():
    known = FileText(SCRIPT, b"# coding: latin-1\nx = '\xe9'\n")
    with pytest.raises(Refused, match="iso-8859-1, which lacks a character"):
        known.edited([Edit(SCRIPT, Span(2, 1, 2, 2), "€")])


@pytest.mark.parametrize("data", [b"# coding: nonsense\n", b"x = '\xe9'\n"])
def test_what_python_cannot_read_is_not_edited(data):
    with pytest.raises(Refused):
        FileText(SCRIPT, data)


def test_an_encoding_that_would_write_the_rest_differently():
    """UTF-7 has several spellings of one text."""
    with pytest.raises(Refused, match="would not keep its bytes"):
        FileText(SCRIPT, b"# coding: utf-7\nx = '+AGE-'\n")


def test_overlapping_edits():
    known = FileText(SCRIPT, b"abc\n")
    with pytest.raises(Refused, match="overlap"):
        known.edited([Edit(SCRIPT, Span(1, 1, 1, 3), "x"), Edit(SCRIPT, Span(1, 2, 1, 4), "y")])


@pytest.mark.parametrize("span", [Span(1, 1, 1, 9), Span(3, 1, 3, 1), Span(1, 3, 1, 1)])
def test_a_span_that_the_text_has_not(span):
    with pytest.raises(Refused):
        FileText(SCRIPT, b"abc\n").edited([Edit(SCRIPT, span, "x")])
