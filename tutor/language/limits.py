"""How much text is read.

Every cap is checked before a tree is built, but for the number of operations inside operations: that is counted on
the tree, which the other caps keep small.
"""

from __future__ import annotations

import sys

MOST_CHARACTERS = 2_000
"""Length of an expression or an equation, in characters and in pieces (½ is five pieces)."""

MOST_CHARACTERS_OF_A_FUNCTION = 4_000
"""Length of a function definition, which comes from a file."""

DEEPEST_NESTING = 100
"""Brackets inside brackets, and operations inside operations; the terms of a sum or a product count as one."""

_CALLS_A_LEVEL = 8
"""How many calls a recursive walk over a tree takes for each of its levels, at most; most take two to four."""

MOST_DIGITS = 40
"""Significant digits of one number."""

LARGEST_EXPONENT = 300
"""Numbers lie between 10^-300 and 10^301, so that they are ordinary floating-point numbers."""

LONGEST_NAME = 32
"""Characters of a name that an exercise has not declared."""

MOST_BARS = 40
"""Absolute-value bars in one text; more than this is never sensible and takes long to pair up."""

MOST_POSITIONS = 1_000
"""Positions that `range(n)` in square brackets stands for."""

MOST_AXES_TYPED = 8
"""Brackets inside brackets of a typed array."""


def make_room(depth: int) -> None:
    """See to it that a tree of this depth can be walked: Python's usual limit is met by sums of 200 terms.

    The trees that the other caps allow take less of the machine's stack than a thread has.
    """
    needed = 1000 + _CALLS_A_LEVEL * depth
    if depth > DEEPEST_NESTING and sys.getrecursionlimit() < needed:
        sys.setrecursionlimit(needed)
