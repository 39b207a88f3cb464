"""A file is parsed in sections; what is found in them is what the file as a whole has."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest

from flake8_contracts.syntax.decoding import UnparsableSource
from flake8_contracts.syntax.sections import parse_sections
from flake8_contracts.syntax.source import parse_source

FIXTURES = Path(__file__).parents[2] / "fixtures"
#: Longer than what is parsed at once.
FUNCTION = "def run():\n" + "    name = 'a name'\n" * 100


def statements(tree: cst.Module) -> list[str]:
    """The statements without the comments between them, which belong to one or the other."""
    bare = [statement.with_changes(leading_lines=()) for statement in tree.body]
    return [cst.Module([statement]).code.strip() for statement in bare]


@pytest.mark.parametrize(
    "path", sorted(FIXTURES.rglob("*.py")), ids=lambda path: path.relative_to(FIXTURES).as_posix()
)
def test_sections_have_the_statements_of_the_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # Doubled: most fixtures are shorter than one section.
    for code in (text, text + FUNCTION + text.replace("from __future__ import annotations\n", "")):
        sections = parse_sections(code)
        assert "".join(section.tree.code for section in sections) == code
        assert [code for section in sections for code in statements(section.tree)] == statements(
            cst.parse_module(code)
        )
        for section in sections:
            assert (
                section.tree.code
                == "".join(code.splitlines(True)[section.line - 1 :])[: len(section.tree.code)]
            )


@pytest.mark.parametrize(
    ("title", "code", "number"),
    [
        ("functions", FUNCTION * 3, 3),
        ("decorated functions", ("@cache\n# why\n@other(\n    1\n)\n" + FUNCTION) * 3, 3),
        ("asynchronous functions", "async  " + FUNCTION + "async " + FUNCTION, 2),
        ("classes", FUNCTION + "class A:\n    pass\n", 2),
        ("names that begin like definitions", FUNCTION + "classes = defined = 1\n", 1),
        ("a definition in a string", FUNCTION + 'CODE = """\n' + FUNCTION + '"""\n', 1),
        (
            "a definition in a comment of a bracket",
            FUNCTION + "names = [\n@ matrix\n]\n".replace("[", "[a"),
            1,
        ),
        ("an operator at the beginning of a line", FUNCTION + "product = a \\\n@ b\n" + FUNCTION, 2),
        ("nothing", "", 1),
        ("comments only", "# a\n" * 1_000 + FUNCTION, 2),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value and "\n" not in value else "",
)
def test_where_sections_begin(title: str, code: str, number: int) -> None:
    sections = parse_sections(code)
    assert "".join(section.tree.code for section in sections) == code
    assert [text for section in sections for text in statements(section.tree)] == statements(
        cst.parse_module(code)
    )
    assert len(sections) == number, title


def test_errors_are_those_of_the_file() -> None:
    with pytest.raises(UnparsableSource) as caught:
        parse_source(Path("wrong.py"), FUNCTION * 2 + "x = = 1\n")
    assert caught.value.span.line == 2 * 101 + 1
    assert not caught.value.valid_python


def test_indentation_is_that_of_the_first_section_that_has_an_own() -> None:
    constants = "NAME = 'a name'\n" * 150
    source = parse_source(Path("indented.py"), constants + "def run():\n  pass\n")
    assert len(source.sections) == 2
    assert source.default_indent == "  "
