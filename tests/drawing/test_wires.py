"""The drawing says exactly what the picture says: traced back from the characters alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.drawing import GraphSpec, Style, draw

from .graphs import pictures
from .samples import ALL, picture
from .tracer import Tracer


def check_wires(some: GraphSpec, style: Style, ascii_only: bool) -> None:
    drawing = draw(some, style, ascii_only)
    assert len(drawing.lines) == drawing.height
    found = Tracer(drawing, ascii_only).wires()
    assert found == {(wire.source, wire.target, wire.port) for wire in some.wires}, drawing.text


@settings(max_examples=examples(200), deadline=None)
@given(pictures(), st.sampled_from(("boxes", "compact", "down")), st.booleans())
def test_every_wire_can_be_traced_back(some: GraphSpec, style: Style, ascii_only: bool) -> None:
    check_wires(some, style, ascii_only)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("style", ["boxes", "compact", "down"])
@pytest.mark.parametrize("name", ALL)
def test_the_samples_can_be_traced_back(name: str, style: Style, ascii_only: bool) -> None:
    for passes in ("none", "forward", "both"):
        check_wires(picture(*ALL[name], passes=passes), style, ascii_only)
