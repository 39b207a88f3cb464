"""Positions of nodes: those of LibCST's own provider, in at most two passes over the file."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from flake8_contracts.syntax import positions
from flake8_contracts.syntax.source import parse_source

FIXTURES = Path(__file__).parents[2] / "fixtures"
SCRIPTS = sorted((FIXTURES / "clean" / "scripts").glob("*.py"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_positions_are_those_of_the_parser(path: Path) -> None:
    source = parse_source(path, path.read_text(encoding="utf-8"))
    expected = MetadataWrapper(source.tree, unsafe_skip_copy=True).resolve(PositionProvider)
    nodes = [node for node in expected if isinstance(node, cst.BaseExpression | cst.BaseSmallStatement)]
    assert len(nodes) > 100
    for node in nodes:
        span = source.positions.span(node)
        start, end = expected[node].start, expected[node].end
        assert (span.line, span.column, span.end_line, span.end_column) == (
            start.line,
            start.column + 1,
            end.line,
            end.column + 1,
        )


def test_nodes_that_were_not_announced_cost_one_more_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = []

    class Counting(positions._Generated):
        def __init__(self, *arguments: object) -> None:
            passes.append(arguments)
            super().__init__(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(positions, "_Generated", Counting)
    source = parse_source(Path("many.py"), "".join(f"name_{number} = {number}\n" for number in range(50)))
    for line, statement in enumerate(source.tree.body, 1):
        assert source.positions.span(statement).line == line
    assert len(passes) == 2
