"""How the lines of the exercise screen are shared out. Lines and columns throughout."""

from __future__ import annotations

from textual.geometry import Size

WIDE = 100
"""From so many columns on the parts of a screen have frames, and the list and the desk more room."""

TALL = 24
"""From so many lines on there is room for all parts; below, the less important ones give way."""

SMALL = Size(72, 22)
"""Below this the list of blanks gives way: the blank at hand has all the room."""

ROOMY = 32
"""From so many lines on mathematics is set in several of them."""

FRAME = 2
"""What a frame takes where it goes around; where it is a rule, one."""

_LEAST_PICTURE = 5
"""With fewer, its rule among them, nothing of a graph can be read."""

_LEAST_WORK = 8
"""For question, field and what is said below it."""

_OVER_HALF = 2
"""So many more than half has a graph of which all is in sight then, and nothing without them."""


def picture_lines(body: int, wanted: int, matrices: bool = False) -> int:
    """For the picture that wants so many, frame included: at most half of `body`; 0 where nothing of it is seen.

    One with `matrices` written out may have more, where so much is left for the work as there has to be.
    """
    lines = min(wanted, body if matrices else body // 2, body - _LEAST_WORK)
    return lines if lines >= min(wanted, _LEAST_PICTURE) else 0


def graph_lines(body: int, wanted: int, matrices: bool = False) -> int:
    """The same for a graph: where a few lines over half show all of it, it has them, and the work two to spare."""
    whole = min(body // 2 + _OVER_HALF, body - _LEAST_WORK - 2)
    return wanted if _LEAST_PICTURE <= wanted <= whole else picture_lines(body, wanted, matrices)


def statement_limit(width: int, height: int) -> int:
    """The most for the statement; what is longer ends in a sign and the key that shows all of it."""
    if height < TALL:
        return 1
    return 3 if width >= WIDE else 2


def mathematics_limit(height: int, matrices: bool) -> int:
    """The most for a function that is set as mathematics, with what is given; one that takes more stands in a line."""
    if height >= ROOMY:
        return 5
    return 3 if matrices and height >= TALL else 1


def option_lines(desk: int, about: int, question: int) -> int:
    """The most for the options of a choice; where there are more they scroll, so that what is said has its room."""
    return max(2, desk - about - question - 3)
