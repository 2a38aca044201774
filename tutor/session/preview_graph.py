"""The graph of an exercise that lies half done, for lists in which it is not open."""

from __future__ import annotations

from contextlib import closing

from tutor.drawing import Drawing, choose, draw
from tutor.learner import StoreProblem, looking
from tutor.library import BadFile, Exercise
from tutor.runner import Runner
from tutor.session.session import Session


def graph_so_far(exercise: Exercise, width: int, height: int, ascii: bool = False) -> Drawing | None:
    """The learner's own graph with what was found on it, in at most `width` x `height` cells.

    None where there is none yet, where it does not fit, or where what was kept cannot be read.
    """
    try:
        with looking() as store, closing(Runner()) as runner:
            session = Session(exercise, store, runner, only_looking=True)
    except (BadFile, StoreProblem):
        return None
    picture = session.view.picture(session.current_step)
    if picture is None or not picture.wires:
        return None
    drawing = draw(picture, choose(picture, width, height, ascii), ascii)
    return drawing if drawing.width <= width and drawing.height <= height else None
