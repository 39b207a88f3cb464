"""What goes through a random chain of idioms comes out exactly as it went in."""

from __future__ import annotations

from hypothesis import given, note, settings
from hypothesis import strategies as st


@given(data=st.data())
@settings(max_examples=300)
def test_path(data, analysed, path_programs) -> None:
    program = data.draw(path_programs)
    note(program.code)
    found = analysed(program.code)
    uses = {(use.effect.value, str(use.value)) for use in found.paths}
    assert uses == {(program.effect, text) for text in program.texts}
    assert not found.unresolved
    assert not found.incomplete


@given(data=st.data())
@settings(max_examples=300)
def test_variable_and_default(data, analysed, variable_programs) -> None:
    program = data.draw(variable_programs)
    note(program.code)
    found = analysed(program.code)
    reads = {(read.name, read.defaults) for read in found.reads if read.how != "in"}
    assert reads == {(program.texts[0], program.defaults)}
    assert all(read.name == program.texts[0] for read in found.reads)
    assert not found.incomplete
