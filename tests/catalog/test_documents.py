"""Data files become trees that know where everything stands, or one clear error."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flake8_contracts.catalog.documents import (
    DataNode,
    DocumentError,
    MappingNode,
    ScalarNode,
    SequenceNode,
    plain,
    read_document,
)
from flake8_contracts.catalog.limits import MAX_BYTES
from flake8_contracts.catalog.nodes import MAX_DEPTH, TextMap, describe
from flake8_contracts.findings import Span


def read(name: str, text: str | bytes) -> DataNode:
    return read_document(Path(name), text if isinstance(text, bytes) else text.encode())


def error(name: str, text: str | bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(name, text)
    assert "\n" not in caught.value.reason
    assert not caught.value.reason.endswith(".")
    return caught.value


def at(node: DataNode, *keys: str | int) -> DataNode:
    for key in keys:
        if isinstance(key, int):
            assert isinstance(node, SequenceNode)
            node = node.items[key]
        else:
            assert isinstance(node, MappingNode)
            member = node.get(key)
            assert member is not None
            node = member.value
    return node


# --- what is read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", {"a": 1}),
        ("a: yes", {"a": "yes"}),
        ("a: 010", {"a": 10}),
        ("a: 0o10", {"a": 8}),
        ("a: 0x1F", {"a": 31}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 2024-01-31", {"a": "2024-01-31"}),
        ("a: 5e-05", {"a": 5e-05}),
        ("a: .5", {"a": 0.5}),
        ("a: -.inf", {"a": -math.inf}),
        ("a: True", {"a": True}),
        ("a: ~", {"a": None}),
        ("a:", {"a": None}),
        ("a: 'true'", {"a": "true"}),
        ("a: !!str 12", {"a": "12"}),
        ("a: ! 12", {"a": "12"}),
        ("a: !!int '12'", {"a": 12}),
        ("a: !!float 1", {"a": 1.0}),
        ("1: x", {"1": "x"}),
        ("true: x", {"true": "x"}),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("a: >-\n  x\n  y\n", {"a": "x y"}),
        ("--- # start\na: b\n...\n", {"a": "b"}),
        ("[a, {b: c}]", ["a", {"b": "c"}]),
        ("x: &x {k: v}\ny: *x", {"x": {"k": "v"}, "y": {"k": "v"}}),
        ("x: &x {k: v, l: w}\ny: {<<: *x, k: own}", {"x": {"k": "v", "l": "w"}, "y": {"k": "own", "l": "w"}}),
        (
            "x: [&a {k: 1}, &b {k: 2, l: 3}]\ny: {<<: [*a, *b]}",
            {"x": [{"k": 1}, {"k": 2, "l": 3}], "y": {"k": 1, "l": 3}},
        ),
        ("'<<': text", {"<<": "text"}),
        ("a: &t one\nb: &t two\nc: *t", {"a": "one", "b": "two", "c": "two"}),
    ],
)
def test_yaml_is_read_by_the_core_schema_of_yaml_1_2(text: str, value: object) -> None:
    assert plain(read("a.yaml", text)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            '{"a": [1, -2.5, 1e3, true, false, null, "\\u00e9\\n"]}',
            {"a": [1, -2.5, 1000.0, True, False, None, "é\n"]},
        ),
        ("[]", []),
        ("{}", {}),
        (' "x" ', "x"),
        ('{"": {"b": []}}', {"": {"b": []}}),
        ('\t{\t"a"\r\n:\t1 }', {"a": 1}),
    ],
)
def test_json_is_read(text: str, value: object) -> None:
    assert plain(read("a.json", text)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a = 1\nb.c = 'x'\nb.d = 2", {"a": 1, "b": {"c": "x", "d": 2}}),
        ("[a]\nb = 1\n[a.c]\nd = 2\n[e]", {"a": {"b": 1, "c": {"d": 2}}, "e": {}}),
        ("[a.b]\nc = 1\n[a]\nd = 2", {"a": {"b": {"c": 1}, "d": 2}}),
        ("[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2", {"a": [{"b": 1}, {"c": {"d": 2}}]}),
        ("a = {b = 1, c.d = [1, 2,\n # why\n 3]}", {"a": {"b": 1, "c": {"d": [1, 2, 3]}}}),
        ("'a b'.\"c\\td\" = 0x1F", {"a b": {"c\td": 31}}),
        ('a = """\nx "y" """"', {"a": 'x "y" "'}),
        ("a = '''x'y'''''", {"a": "x'y''"}),
        ('a = "# no comment" # a comment', {"a": "# no comment"}),
        (
            "a = 1979-05-27 07:32:00\nb = 07:32:00",
            {"a": dt.datetime.fromisoformat("1979-05-27T07:32:00"), "b": dt.time(7, 32)},
        ),
        ("a = [{b = 1}, {b = 2}]", {"a": [{"b": 1}, {"b": 2}]}),
        ("# only a comment", {}),
    ],
)
def test_toml_is_read(text: str, value: object) -> None:
    assert plain(read("a.toml", text)) == value


# --- where things stand


def test_places_in_yaml() -> None:
    text = (
        "contract:\n"
        "  inputs:\n"
        "    DATA: {path: '/opt/ml/processing/input/data', required: true}\n"
        "  outputs: # none yet\n"
        "  env: &env !!map\n"
        "    A: &a plain text\n"
        "    B: *a\n"
        "  note: |\n"
        "    two\n"
        "    lines\n"
        "\n"
        "# the end\n"
    )
    root = read("a.yaml", text)
    assert root.span == Span(1, 1, 10, 10)
    path = at(root, "contract", "inputs", "DATA", "path")
    assert path == ScalarNode(
        "/opt/ml/processing/input/data", "'/opt/ml/processing/input/data'", Span(3, 18, 3, 49)
    )
    assert at(root, "contract", "inputs").span == Span(3, 5, 3, 66)
    assert at(root, "contract", "outputs").span == Span(4, 11, 4, 11)
    assert at(root, "contract", "env").span == Span(6, 5, 6, 21)
    assert at(root, "contract", "env", "A").span == Span(6, 11, 6, 21)
    assert at(root, "contract", "env", "B") is at(root, "contract", "env", "A")
    assert at(root, "contract", "note").span == Span(8, 9, 10, 10)
    contract = at(root, "contract")
    assert isinstance(contract, MappingNode)
    assert [member.key_span for member in contract] == [
        Span(2, 3, 2, 9),
        Span(4, 3, 4, 10),
        Span(5, 3, 5, 6),
        Span(8, 3, 8, 7),
    ]


def test_places_in_toml() -> None:
    text = "a = 'x'\n\n[b.c]\nd.e = [1,\n  'y']\n[[f]]\ng = {h = 2}\n[[f]]\n"
    root = read("a.toml", text)
    positions = TextMap(text)
    assert root.span == Span(1, 1, 8, 6)
    assert positions.slice(at(root, "b").span) == "[b.c]\nd.e = [1,\n  'y']"
    assert positions.slice(at(root, "b", "c", "d").span) == "d.e = [1,\n  'y']"
    assert at(root, "b", "c", "d", "e", 1) == ScalarNode("y", "'y'", Span(5, 3, 5, 6))
    assert at(root, "f", 0, "g").span == Span(7, 5, 7, 12)
    assert at(root, "f", 1).span == Span(8, 1, 8, 6)
    assert isinstance(root, MappingNode)
    assert [(member.key, tuple(member.key_span)) for member in root] == [
        ("a", (1, 1, 1, 2)),
        ("b", (3, 2, 3, 3)),
        ("f", (6, 3, 6, 4)),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("a.yaml", ["é: 1", "k: '😀 x'"]),
        ("a.json", ['{"é": 1,', '"k": "😀 x"}']),
        ("a.toml", ["'é' = 1", "k = '😀 x'"]),
    ],
)
def test_columns_count_characters_and_marks_and_line_ends_do_not_matter(
    name: str, lines: list[str], newline: str
) -> None:
    plain_text = newline.join(lines)
    root = read(name, b"\xef\xbb\xbf" + plain_text.encode())
    value = at(root, "k")
    assert isinstance(value, ScalarNode)
    assert value.value == "😀 x"
    assert TextMap(plain_text).slice(value.span) == value.text
    assert value.span.line == 2
    assert value.span.end_column - value.span.column == 5


# --- what is refused


@pytest.mark.parametrize(
    ("name", "text", "line", "column", "words"),
    [
        ("a.yaml", "", 1, 1, "the file is empty"),
        ("a.yaml", "# nothing\n---\n", 1, 1, "the file is empty"),
        ("a.json", " \n", 1, 1, "the file is empty"),
        ("a.toml", "", 1, 1, "the file is empty"),
        ("a.yaml", "a: 1\nb: 2\na: 3\n", 3, 1, "'a' stands here and on line 1"),
        ("a.yaml", "{a: 1, a: 2}", 1, 8, "'a' stands here and at column 2 of this line"),
        ("a.yaml", "1: x\n'1': y\n", 2, 1, "'1' stands here and on line 1"),
        ("a.json", '{"a": 1,\n "a": 2}', 2, 2, "'a' stands here and on line 1"),
        ("a.json", '{"b": {"a": 1, "\\u0061": 2}}', 1, 16, "'a' stands here and at column 8"),
        ("a.toml", "a = 1\nb = 2\na = 3", 3, 1, "'a' stands here and on line 1"),
        ("a.toml", "[a]\nb = 1\n[a]\n", 3, 2, "'a' stands here and on line 1"),
        ("a.toml", "a.b = 1\n[c]\nd = 1\nd.e = 1", 4, 1, "'d' stands here and on line 3"),
        ("a.toml", "a = {b = 1}\n[a.c]\n", 2, 2, "'a' stands here and on line 1"),
        ("a.toml", "a = [1]\n[[a]]\n", 2, 3, "'a' stands here and on line 1"),
        (
            "a.yaml",
            "a: 1\nb: !!python/object/apply:os.system ['true']\n",
            2,
            4,
            "'!!python/object/apply:os.system'",
        ),
        ("a.yaml", "a: !secret x", 1, 12, "'!secret' asks for an object"),
        ("a.yaml", "a: !!set {x}", 1, 4, "'!!set' asks for an object"),
        ("a.yaml", "a: !!int x", 1, 10, "'x' is no value of the tag '!!int'"),
        ("a.yaml", "a: *x\n", 1, 4, "'*x' has no anchor '&x' above it"),
        ("a.yaml", "a: &x\n  b: *x\n", 2, 6, "'*x' stands inside of what it names"),
        ("a.yaml", "a: {<<: text}", 1, 9, "'<<' takes a mapping"),
        ("a.yaml", "? [a]\n: b", 1, 3, "a key must be text"),
        ("a.yaml", "a: 1\n---\nb: 2\n", 2, 1, "a second document ('---') starts here"),
        ("a.yaml", "a: [1, 2\nb: 3\n", 2, 2, "not valid YAML"),
        ("a.yaml", "a:\n\t- b\n", 2, 1, "not valid YAML"),
        ("a.yaml", "a: 1\nb: \x07", 2, 4, "the character U+0007 is not allowed"),
        ("a.yaml", "a: 'open", 1, 9, "not valid YAML"),
        ("a.yaml", 'a: "\\ud83d"', 1, 4, "half a character"),
        ("a.yaml", 'a: "\\UFFFFFFFF"', 1, 1, "an escape or a directive"),
        ("a.json", '{"a": 1,}', 1, 9 if sys.version_info < (3, 13) else 8, "not valid JSON"),
        ("a.json", '{"a": 1}\n{}', 2, 1, "not valid JSON: extra data"),
        ("a.json", '["a\tb"]', 1, 4, "not valid JSON: invalid control character"),
        ("a.json", "[1, NaN]", 1, 5, "NaN is no JSON number"),
        ("a.json", "[-Infinity]", 1, 2, "-Infinity is no JSON number"),
        ("a.json", '["\\ud83d"]', 1, 2, "half a character"),
        ("a.json", "1" * 5000, 1, 1, "a number of 5000 digits"),
        ("a.json", "[" * 100_000, 1, MAX_DEPTH + 1, "nested more than"),
        ("a.yaml", "[" * 100_000, 1, MAX_DEPTH + 1, "nested more than"),
        ("a.yaml", "a: " + "1" * 5000, 1, 4, "a number of 5000 digits"),
        ("a.toml", "a = " + "[" * 100_000, 1, 1, "nested more than"),
        ("a.toml", "a = " + "[" * 65 + "]" * 65, 1, 69, "nested more than"),
        ("a.toml", "x = 0\n" + ".".join("a" * 3000) + " = 1", 2, 1, "nested more than"),
        ("a.toml", "a = \n", 1, 5, "not valid TOML: invalid value"),
        ("a.toml", "a = [1,\n", 2, 1, "at the end of the file"),
        ("a.toml", "a = " + "1" * 5000, 1, 1, "too many digits"),
        ("a.yaml", b"a: 1\nb: caf\xe9\n", 2, 7, "the byte 0xe9 is not UTF-8"),
        ("a.toml", b"\xef\xbb\xbf\xff", 1, 1, "the byte 0xff is not UTF-8"),
        ("a.json", '{"a": 1}'.encode("utf-16"), 1, 1, "encoded in UTF-16"),
        ("a.json", '{"a": 1}'.encode("utf-32"), 1, 1, "encoded in UTF-32"),
        ("a.yaml", b"a: " + b"x" * MAX_BYTES, 1, 1, "larger than"),
    ],
)
def test_what_cannot_be_read_has_one_error_at_its_place(
    name: str, text: str | bytes, line: int, column: int, words: str
) -> None:
    caught = error(name, text)
    assert words in caught.reason
    assert (caught.span.line, caught.span.column) == (line, column)


def test_aliases_that_multiply_are_refused_before_they_are_followed() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 60)]
    caught = error("a.yaml", "\n".join(lines))
    assert "counting what aliases repeat" in caught.reason
    assert caught.span.line == 5


def test_aliases_that_nest_deeper_than_what_they_name_are_refused() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 100)]
    assert "levels deep" in error("a.yaml", "\n".join(lines)).reason


def test_other_suffixes_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match=r"notes\.txt is not a YAML, JSON or TOML file"):
        read("notes.txt", "x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "a list"),
        ("{}", "a mapping"),
        ("null", "nothing"),
        ("7", "the number 7"),
        ("true", "the value true"),
        ('"x"', "the text 'x'"),
        (json.dumps("x" * 100), f"the text '{'x' * 39}…'"),
    ],
)
def test_messages_describe_what_stands_there(text: str, words: str) -> None:
    assert describe(read("a.json", text)) == words


# --- any data


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def scalars(node: DataNode) -> list[tuple[object, str, Span]]:
    """Every key and scalar with how it is spelled and where."""
    if isinstance(node, ScalarNode):
        return [(node.value, node.text, node.span)]
    if isinstance(node, SequenceNode):
        return [found for item in node.items for found in scalars(item)]
    return [found for member in node for found in scalars(member.value)]


def keys(node: DataNode) -> list[tuple[str, Span]]:
    if isinstance(node, SequenceNode):
        return [found for item in node.items for found in keys(item)]
    if isinstance(node, MappingNode):
        return [found for member in node for found in [(member.key, member.key_span), *keys(member.value)]]
    return []


@given(DATA, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_json_comes_back_and_every_span_cuts_out_what_it_names(
    data: object, indent: object, ascii_only: bool
) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)  # type: ignore[arg-type]
    root = read("a.json", text)
    assert plain(root) == data
    positions = TextMap(text)
    assert json.loads(positions.slice(root.span)) == data
    for value, spelled, span in scalars(root):
        assert positions.slice(span) == spelled
        assert json.loads(spelled) == value
    for key, span in keys(root):
        assert json.loads(positions.slice(span)) == key


# The writer leaves text unquoted that begins with an indicator, which then means something else.
YAML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"),
    max_size=12,
).filter(lambda text: not text.startswith(("?", ":", "-")))
YAML_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | YAML_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(YAML_TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(YAML_DATA, st.booleans())
@example("0o7", False)
@example({"=": "<<"}, False)
def test_yaml_comes_back_and_every_span_cuts_out_what_it_names(data: object, flow: bool) -> None:
    from ruamel.yaml import YAML

    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = flow
    stream = StringIO()
    writer.dump({"document": data}, stream)
    text = stream.getvalue()
    root = read("a.yaml", text)
    assert plain(root) == {"document": data}
    positions = TextMap(text)
    for _, spelled, span in scalars(root):
        assert positions.slice(span) == spelled
    for value, spelled, _ in scalars(root):
        if spelled and "\n" not in spelled:
            again = read("b.yaml", f"[{spelled}]" if not isinstance(value, str) else f"- {spelled}")
            assert plain(again) == [value]


TOML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
TOML_SCALARS = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | TOML_TEXT
    | st.dates()
    | st.times()
    | st.datetimes()
)
TOML_DATA = st.dictionaries(
    TOML_TEXT,
    st.recursive(
        TOML_SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TOML_TEXT, inner, max_size=4),
        max_leaves=15,
    ),
    max_size=4,
)


def toml_text(text: str) -> str:
    return '"' + re.sub(r'["\\\x00-\x1f\x7f]', lambda match: f"\\u{ord(match[0]):04x}", text) + '"'


def toml_value(value: object) -> str:
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{toml_text(key)} = {toml_value(inner)}" for key, inner in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else repr(value)


def toml_lines(data: dict[str, object], path: tuple[str, ...], *, inline: bool) -> list[str]:
    """A document with headers and arrays of tables, or everything in one line a key."""
    lines, later = [], []
    for key, value in data.items():
        inner = (*path, toml_text(key))
        if not inline and isinstance(value, dict):
            later += [f"[{'.'.join(inner)}] # a table", *toml_lines(value, inner, inline=inline)]
        elif (
            not inline and isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
        ):
            for item in value:
                later += [f"[[ {' . '.join(inner)} ]]", *toml_lines(item, inner, inline=inline)]
        else:
            lines.append(f"{toml_text(key)} = {toml_value(value)}")
    return lines + later


@given(TOML_DATA, st.booleans())
def test_toml_comes_back_and_every_span_cuts_out_what_it_names(data: dict[str, object], inline: bool) -> None:
    text = "\n".join(["# a document", *toml_lines(data, (), inline=inline)])
    root = read("a.toml", text)
    assert plain(root) == data
    positions = TextMap(text)
    for value, spelled, span in scalars(root):
        assert positions.slice(span) == spelled
        assert plain(read("b.toml", f"value = {spelled}")) == {"value": value}
    for key, span in keys(root):
        assert plain(read("b.toml", f"{positions.slice(span)} = 1")) == {key: 1}


@settings(max_examples=300)
@given(
    st.text(alphabet="ab:-?{}[],&*!|>%@`\"'#\\ \n\t\r0x~<=.1Ué😀\u2028\x85", max_size=40),
    st.sampled_from(["a.yaml", "a.json", "a.toml"]),
)
def test_whatever_a_file_holds_reading_it_ends_with_a_tree_or_an_error_inside_of_it(
    text: str, name: str
) -> None:
    lines = len(TextMap(text)._starts)
    try:
        root = read(name, text)
    except DocumentError as caught:
        span = caught.span
    else:
        plain(root)
        span = root.span
    assert 1 <= span.line <= span.end_line <= lines
    assert span.column >= 1
    assert span.end_column >= 1


@given(st.binary(max_size=60), st.sampled_from(["a.yaml", "a.json", "a.toml"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    with suppress(DocumentError):
        read(name, data)
