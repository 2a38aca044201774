"""How the lines of the exercise screen are shared out where its parts stand below each other. Lines throughout."""

from __future__ import annotations

WIDE = 100
"""From so many columns on, graph and work stand side by side."""

TALL = 24
"""From so many lines on there is room for all parts; below, the less important ones give way."""

ROOMY = 32
"""From so many lines on mathematics is set in several of them."""

_LEAST_GRAPH = 4
"""With fewer, its border among them, nothing of a graph can be read."""

_LARGEST_SHARE = 0.5
_ENOUGH_GRAPH = 10


def tutor_lines(body: int) -> int:
    """The least for what the tutor says, border included: four of text, three where the terminal is short."""
    return 5 if body >= 17 else 4


def tutor_lines_beside(body: int) -> int:
    """For what the tutor says where the graph stands beside it, border included: as in text_panels.tcss."""
    return max(tutor_lines(body), round(body * 0.4))


def graph_lines(body: int, about: int, prompt: int, blanks: int) -> int:
    """For the graph, border included, so that list, question, field and tutor have theirs; 0 where none is left.

    `body` is what all of them share; `about` is for the line on the step, `prompt` for the longest question of the
    step (0 where none is asked), `blanks` the number of blanks.
    """
    work = about + (min(blanks, 2) + prompt + 1 if prompt else 4)
    left = body - max(work, 5) - tutor_lines(body)
    return min(left, max(_ENOUGH_GRAPH, int(body * _LARGEST_SHARE))) if left >= _LEAST_GRAPH else 0


def statement_limit(width: int, height: int) -> int:
    """The most for the statement; what is longer ends in a sign and the key that shows all of it."""
    if height < TALL:
        return 1
    return 3 if width >= WIDE else 2


def mathematics_limit(height: int) -> int:
    """The most for a function that is set as mathematics; one that takes more stands in a line."""
    return 5 if height >= ROOMY else 1


def list_lines(work: int, about: int, prompt: int, rest: int, most: int) -> int:
    """For the list of blanks where there is no graph, so that the field (or the options, `rest`) stays in sight."""
    return max(1, min(most, work - tutor_lines(work) - about - prompt - rest))


def option_lines(work: int, about: int, prompt: int) -> int:
    """The most for the options of a choice; where there are more they scroll."""
    return max(2, work - tutor_lines(work) - about - prompt - 1)
