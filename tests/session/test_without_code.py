"""Where code is not run: the exercise is finished without it, and the learner is told so."""

from __future__ import annotations

from tests.shipped import LIBRARY
from tutor.judging import Kind
from tutor.learner import Store
from tutor.questions import InputKind
from tutor.runner import Runner
from tutor.runner.jobs import Job
from tutor.session.session import Session


def session_of(id: str, store: Store) -> Session:
    return Session(LIBRARY.exercises[id], store, Runner(allowed=False))


def test_an_exercise_is_solved_without_its_code(tmp_path) -> None:
    with Store(tmp_path) as store:
        session = session_of("node-way/a", store)
        assert not session.runs_code and not session.finished
        code = session.steps[-1]
        while (blank := session.current_blank(step := session.current_step)) and not session.finished:
            assert step is not code
            session.answer(step, blank, session.worked(step, blank))
        assert session.solved and store.summary()["node-way/a"].state == "solved"
        assert "finished without it" in code.about(session)
        (blank,) = session.blanks(code)
        verdict = session.answer(code, blank, "def q2a(x, y, z):\n    return 1/0\n")
        assert verdict.kind is Kind.UNDECIDED and "finished without it" in verdict.message
        assert session.solved and session.tries(blank) == 0
        assert session_of("node-way/a", store).solved


def test_an_exercise_of_code_alone_says_that_it_can_only_be_read(tmp_path) -> None:
    with Store(tmp_path) as store:
        session = session_of("autograd/plus", store)
        (step,) = session.steps
        (blank,) = session.blanks(step)
        assert blank.wants is InputKind.CODE and not session.finished
        assert "only be read" in step.about(session)
        assert session.answer(step, blank, session.worked(step, blank)).kind is Kind.UNDECIDED
        assert not session.finished and store.summary().get("autograd/plus", None) is not None


def test_a_runner_that_may_not_run_starts_no_process() -> None:
    runner = Runner(allowed=False)
    runner.warm()
    outcome = runner.run(Job("def f(): return 1", "f", [()]))
    assert outcome.fault is not None and outcome.fault.kind == "start" and not outcome.calls
    assert not runner._spares
