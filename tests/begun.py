"""An exercise that was worked before the app opens it: what the keyboard does is tested where it matters."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from tests.shipped import LIBRARY
from tutor.learner import Store
from tutor.runner import Runner
from tutor.session.session import Session


def begin(id: str, answers: Sequence[str]) -> None:
    """Give these right answers: the equations of the staging, then one a blank."""
    equations = "\n".join(text for text in answers if " = " in text)
    others = [text for text in answers if " = " not in text]
    with Store() as store, closing(Runner()) as runner:
        session = Session(LIBRARY.exercises[id], store, runner)
        for text in (equations, *others) if equations else others:
            step = session.current_step
            blank = session.current_blank(step)
            assert blank is not None
            assert session.answer(step, blank, text).accepted, (blank.label, text)
