"""A few drawings as they should look, character by character."""

from __future__ import annotations

import pytest

from tutor.drawing import GraphSpec, Style, draw

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
            ╭╴-3.500▶╭─f─╮12.250
╭───╮-3.500 │        │ × ├─────╴
│ x ├───────●╴-3.500▶╰───╯ 1.000
╰───╯-7.000
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
            + -3.500>+-f-+12.250
+---+-3.500 |        | * +------
| x +-------* -3.500>+---+ 1.000
+---+-7.000
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
        (picture(*FORKED, passes="both"), "tape", False, FORKED_TAPE),
        (picture(*SQUARE, passes="both"), "boxes", True, SQUARE_BOXES_ASCII),
        (picture(*TWICE, passes="both"), "down", True, TWICE_DOWN_ASCII),
        (squared_norm("forward"), "compact", False, NORM_COMPACT),
    ],
)
def test_looks_like_this(some: GraphSpec, style: Style, ascii_only: bool, expected: str) -> None:
    assert draw(some, style, ascii_only).text == expected.strip("\n")
