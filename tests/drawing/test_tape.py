"""The rails of the tape, read back from the characters alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.drawing import Drawing, GraphSpec, draw

from .graphs import of_size, pictures
from .samples import ALL, picture

NODE = "●*"
JOINED = "├┤╯╰┴╋+"
CROSSED = "┼|"
GOES_DOWN = "│├┤╋┼●|+*"


def wires_on(drawing: Drawing, rails: int) -> set[tuple[int, int]]:
    """The pairs (source, target) that the first `rails` columns of the tape show as joined."""
    rows = ["".join(run.text for run in line)[:rails].ljust(rails) for line in drawing.lines]
    wires = set()
    for target, row in enumerate(rows):
        nodes = [column for column, sign in enumerate(row) if sign in NODE]
        assert len(nodes) == 1, f"row {target} has {len(nodes)} nodes:\n{drawing.text}"
        at = nodes[0]
        above = rows[target - 1][at] if target else " "
        feeding = [at] if above in GOES_DOWN else []
        for step in (-1, 1):
            column = at + step
            while 0 <= column < rails and row[column] in JOINED + CROSSED + "─-":
                beyond = row[column + step] if 0 <= column + step < rails else " "
                if row[column] in JOINED:
                    feeding.append(column)
                if beyond not in JOINED + CROSSED + "─-":
                    break
                column += step
        for column in feeding:
            source = target - 1
            while rows[source][column] not in NODE:
                assert rows[source][column] in GOES_DOWN, f"a rail breaks off in row {source}:\n{drawing.text}"
                source -= 1
            wires.add((source, target))
    return wires


def rails_of(drawing: Drawing) -> int:
    """The columns before the equations."""
    return min(
        sum(len(run.text) for run in line[: next(at for at, run in enumerate(line) if run.role == "face")])
        for line in drawing.lines
    )


@settings(max_examples=examples(150), deadline=None)
@given(pictures(), st.booleans())
def test_every_wire_can_be_traced_back_on_the_tape(some: GraphSpec, ascii_only: bool) -> None:
    drawing = draw(some, "tape", ascii_only)
    assert wires_on(drawing, rails_of(drawing)) == {(wire.source, wire.target) for wire in some.wires}


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("name", ALL)
def test_the_samples_can_be_traced_back_on_the_tape(name: str, ascii_only: bool) -> None:
    some = picture(*ALL[name])
    drawing = draw(some, "tape", ascii_only)
    assert wires_on(drawing, rails_of(drawing)) == {(wire.source, wire.target) for wire in some.wires}


def test_three_hundred_gates_on_the_tape() -> None:
    some = of_size(300)
    drawing = draw(some, "tape")
    assert wires_on(drawing, rails_of(drawing)) == {(wire.source, wire.target) for wire in some.wires}
