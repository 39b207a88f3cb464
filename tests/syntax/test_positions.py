"""Positions of nodes: those of LibCST's own provider, in at most two passes over a section."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from flake8_contracts.syntax import positions
from flake8_contracts.syntax.source import SourceModule, parse_source

FIXTURES = Path(__file__).parents[2] / "fixtures"
SCRIPTS = sorted((FIXTURES / "clean" / "scripts").glob("*.py"))


def assert_positions(source: SourceModule) -> int:
    """Compare the positions of all expressions and small statements with LibCST's; return how many there are."""
    compared = 0
    for section in source.sections:
        before = section.line - 1
        expected = MetadataWrapper(section.tree, unsafe_skip_copy=True).resolve(PositionProvider)
        for node, span in expected.items():
            if isinstance(node, cst.BaseExpression | cst.BaseSmallStatement):
                compared += 1
                assert tuple(source.positions.span(node)) == (
                    before + span.start.line,
                    span.start.column + 1,
                    before + span.end.line,
                    span.end.column + 1,
                )
    return compared


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_positions_are_those_of_the_parser(path: Path) -> None:
    assert assert_positions(parse_source(path, path.read_text(encoding="utf-8"))) > 100


def test_positions_in_a_file_of_many_sections() -> None:
    function = (
        "@wraps(run)\ndef run_{0}(name, *, deep=[1, 2]):\n    return f'{{name}} {{deep[0]}}'  # done\n\n\n"
    )
    text = "".join(function.format(number) for number in range(200))
    source = parse_source(Path("many.py"), text)
    assert len(source.sections) > 5
    assert assert_positions(source) > 2_000
    lines = [source.place(statement).span.line for statement in source.body]
    assert lines == [line for line, content in enumerate(text.split("\n"), 1) if content.startswith("def")]


def test_nodes_that_were_not_announced_cost_one_more_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = []

    class Counting(positions._Generated):
        def __init__(self, *arguments: object) -> None:
            passes.append(arguments)
            super().__init__(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(positions, "_Generated", Counting)
    source = parse_source(Path("many.py"), "".join(f"name_{number} = {number}\n" for number in range(50)))
    for line, statement in enumerate(source.body, 1):
        assert source.positions.span(statement).line == line
    assert len(passes) == 2
