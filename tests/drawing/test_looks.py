"""A few drawings as they should look, character by character."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.drawing import STYLES, DrawingFrame, GraphSpec, Style, choose, draw

from .samples import FORKED, PRODUCT, SQUARE, TWICE, picture, squared_norm

PRODUCT_BOXES = """
╭───╮ 1.000
│ x ├───────╮
╰───╯ 2.000 │
            ╰─▶╭─a─╮ 4.000
╭───╮ 3.000    │ + ├───────╮
│ y ├─────────▶╰───╯ 2.000 │
╰───╯ 2.000                │
                           ╰─▶╭─f─╮ 8.000
╭───╮ 2.000                   │ × ├─────╴
│ z ├────────────────────────▶╰───╯ 1.000
╰───╯ 4.000
"""
PRODUCT_COMPACT = """
    1.000
(x)───────╮
    2.000 ╰─▼ a  4.000
    3.000   (+)────────╮
(y)─────────▲    2.000 │
    2.000              ╰─▼ f  8.000
    2.000                (×)──────╴
(z)──────────────────────▲    1.000
    4.000
"""
PRODUCT_DOWN = """
    ( x )          ( y )          ( z )
 1.000│2.000    3.000│2.000    2.000│4.000
      ╰──────────╮   │              │
                 ▼   ▼              │
              a (  +  )             │
              4.000│2.000           │
                   ╰────────────╮   │
                                ▼   ▼
                             f (  ×  )
                             8.000╵1.000
"""
PRODUCT_TAPE = """
●       x (input)    1.000    2.000
│ ●     y (input)    3.000    2.000
│ │ ●   z (input)    2.000    4.000
●─╯ │   a = x + y    4.000    2.000
●───╯   f = a × z    8.000    1.000
"""
SQUARE_BOXES = """
            ╭───────▶╭─f─╮12.250
╭───╮-3.500 │ -3.500 │ × ├─────╴
│ x ├───────●───────▶╰───╯ 1.000
╰───╯-7.000   -3.500
"""
SQUARE_COMPACT = """
          ╭─▼ f 12.250
   -3.500 │ (×)──────╴
(x)───────●─▲
"""
FORKED_COMPACT = """
         a
(x)──●─▶(ln)──▼ c
     │   b    (+)───╮   d
(y)──┼─▶(sin)─▲     ╰─▶(^2)─▼ f
     │   e                  (+)─╴
     ╰─▶(4×)────────────────▲
"""
SHARED_COMPACT = """
    2.000        a   0.693
(x)───────●────▶(ln)────────╮
    5.173 │ 1.173    2.345  ╰─▼ c  1.173  d   1.375
    0.500 │      b    0.479   (+)───────▶(^2)───────╮
(y)───────┼────▶(sin)─────────▲    2.345      1.000 │
    2.058 │           2.345                         ╰─▼ f  9.375
          │      e   8.000                            (+)──────╴
          ╰────▶(4×)──────────────────────────────────▲    1.000
            4.000    1.000
"""
FORKED_TAPE = """
●       x (input)    2.000    5.173 = 1.173(a) + 4.000(e)
│ ●     y (input)    0.500    2.058
├─┼─●   a = ln x     0.693    2.345
│ ● │   b = sin y    0.479    2.345
│ ●─╯   c = a + b    1.173    2.345
│ ●     d = c²       1.375    1.000
● │     e = 4x       8.000    1.000
●─╯     f = d + e    9.375    1.000
"""
SQUARE_BOXES_ASCII = """
            +------->+-f-+12.250
+---+-3.500 | -3.500 | * +------
| x +-------*------->+---+ 1.000
+---+-7.000   -3.500
"""
TWICE_DOWN_ASCII = """
                ( x )
             1.500|4.000
      +---*-------*
 1.500v   v1.500  |
   a (  *  )      |
   2.250|1.000    |
        +-----+   |
              v   v1.000
           f (  +  )
           3.750|1.000
"""
NORM_COMPACT = """
    ✓
(W)╴(2, 3)╶─▼ q  ✓        f     0.116
    ✓       (@)─╴(2, 1)╶▶(‖·‖²)╴()╶─╴
(x)╴(3, 1)╶─▲
"""


@pytest.mark.parametrize(
    ("some", "style", "ascii_only", "expected"),
    [
        (picture(*PRODUCT, passes="both"), "boxes", False, PRODUCT_BOXES),
        (picture(*PRODUCT, passes="both"), "compact", False, PRODUCT_COMPACT),
        (picture(*PRODUCT, passes="both"), "down", False, PRODUCT_DOWN),
        (picture(*PRODUCT, passes="both"), "tape", False, PRODUCT_TAPE),
        (picture(*SQUARE, passes="both"), "boxes", False, SQUARE_BOXES),
        (picture(*SQUARE, passes="forward"), "compact", False, SQUARE_COMPACT),
        (picture(*FORKED, passes="none"), "compact", False, FORKED_COMPACT),
        (picture(*FORKED, passes="both"), "compact", False, SHARED_COMPACT),
        (picture(*FORKED, passes="both"), "tape", False, FORKED_TAPE),
        (picture(*SQUARE, passes="both"), "boxes", True, SQUARE_BOXES_ASCII),
        (picture(*TWICE, passes="both"), "down", True, TWICE_DOWN_ASCII),
        (squared_norm("forward"), "compact", False, NORM_COMPACT),
    ],
)
def test_looks_like_this(some: GraphSpec, style: Style, ascii_only: bool, expected: str) -> None:
    assert draw(some, style, ascii_only).text == expected.strip("\n")


def test_where_a_row_is_wanting_the_share_of_a_second_argument_stands_in_its_wire() -> None:
    some = picture(*TWICE, passes="both")
    tall = draw(some, "compact")
    low = draw(some, "compact", frame=DrawingFrame(height=tall.height - 1))
    assert low.height == tall.height - 1
    assert "1.500 (" in low.text and "╴1.500╶▲" in low.text and "╴" not in tall.text.replace("──╴", "")
    assert choose(some, tall.width, tall.height - 1) == "compact"


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("ascii_only", [False, True])
def test_an_input_that_nothing_uses_says_so_as_soon_as_there_is_an_output(style: Style, ascii_only: bool) -> None:
    some = picture({"x": 2.0, "z": 3.0}, [("f", "ln", "x")])
    assert draw(some, style, ascii_only).text.count("no path") == 1
    growing = GraphSpec(
        tuple(replace(node, kind="gate" if node.equation else "input") for node in some.nodes), some.wires
    )
    assert "no path" not in draw(growing, style, ascii_only).text
