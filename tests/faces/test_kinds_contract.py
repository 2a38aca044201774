"""Every kind of question in the registry is worked to its end line by line, on its sample."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from tests.questions.samples import sample, work
from tests.session.working import new_folder
from tutor.learner import Store
from tutor.plain import run
from tutor.questions import InputKind
from tutor.questions.registry import KINDS
from tutor.runner import Runner
from tutor.session.session import Session


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_is_worked_line_by_line(home: Path, runner: Runner, kind: str) -> None:
    with Store(home) as store:
        session, writer = Session(sample(kind), store, runner), StringIO()
        assert run(session, StringIO("".join(f"{line}\n" for line in _lines(kind, runner))), writer)
    transcript = writer.getvalue()
    assert "Not yet" not in transcript and "Not counted" not in transcript, transcript
    assert "Solved: every answer is your own." in transcript and "Traceback" not in transcript


def _lines(kind: str, runner: Runner) -> list[str]:
    """What is typed: every worked answer, and a dot after a program."""
    with new_folder() as folder, Store(folder) as store:
        elsewhere = Session(sample(kind), store, runner)
        lines: list[str] = []
        for key, (_, blank) in work(elsewhere).items():
            lines += elsewhere.answers[key].text.splitlines()
            lines += ["."] if blank.wants is InputKind.CODE else []
        return lines
