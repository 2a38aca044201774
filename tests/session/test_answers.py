"""What happens to answers: recorded first, counted once, judged again when what they follow from is mended."""

from __future__ import annotations

import pytest

from tutor.judging import Kind
from tutor.learner import Store
from tutor.runner import Runner

from .working import SHIPPED, Working, remembered

RIGHT, REMARK, WRONG, UNREADABLE, UNDECIDED = Kind.RIGHT, Kind.REMARK, Kind.WRONG, Kind.UNREADABLE, Kind.UNDECIDED
SIGMOID = "a = -x\nb = e^a\nc = 1 + b\nd = 1/c"


@pytest.fixture
def sigmoid(store: Store, runner: Runner) -> Working:
    working = Working(SHIPPED["sigmoid/gates"], store, runner)
    working.right("staging", SIGMOID)
    return working


def kinds(working: Working) -> dict[str, Kind]:
    return {key: answer.verdict.kind for key, answer in working.session.answers.items()}


def test_an_answer_is_in_the_journal_with_its_verdict(sigmoid: Working):
    sigmoid.answer("value:a", "2")
    sigmoid.answer("value:a", "(")
    last, mistake, first = sigmoid.store.entries("sigmoid/gates")[:0:-1]
    assert (first.step, first.blank, first.action) == ("forward", "value:a", "answer")
    assert (first.text, first.verdict) == ("2", "wrong")
    assert (mistake.action, mistake.blank) == ("mistake", "value:a")
    assert mistake.verdict
    assert (last.text, last.verdict) == ("(", "unreadable")


def test_the_same_wrong_answer_is_said_and_costs_nothing(sigmoid: Working):
    first = sigmoid.answer("value:a", "2")
    assert first.kind is WRONG
    for again in ("2", " 2 ", "2  "):
        verdict = sigmoid.answer("value:a", again)
        assert verdict.kind is UNDECIDED
        assert "same as your last answer" in verdict.message
        assert first.message in verdict.message, "and why it was wrong"
    assert sigmoid.tries("value:a") == 1
    assert sigmoid.answer("value:a", "3").kind is WRONG
    assert sigmoid.answer("value:a", "2").kind is WRONG, "it was the last but one"
    assert sigmoid.tries("value:a") == 3
    assert remembered(sigmoid.opened_again()) == remembered(sigmoid.session)


def test_what_cannot_be_judged_costs_nothing_and_undoes_nothing(sigmoid: Working):
    sigmoid.right("value:a", "-2")
    for text in ("", "(", "[1, 2]", "q"):
        assert sigmoid.answer("value:a", text).kind is UNREADABLE
    sigmoid.right("value:b", "0.1353")
    assert sigmoid.answer("value:b", "0.1").kind is UNDECIDED
    assert kinds(sigmoid) == {"staging": RIGHT, "value:a": RIGHT, "value:b": RIGHT}
    assert sigmoid.session.total_tries == 0


def test_a_wrong_answer_takes_the_place_of_a_right_one(sigmoid: Working):
    sigmoid.right("value:a", "-2")
    assert sigmoid.answer("value:a", "2").kind is WRONG
    assert not sigmoid.session.accepted(sigmoid.place("value:a")[1])


def test_mending_a_slip_judges_what_followed_from_it_again(sigmoid: Working):
    sigmoid.answer("value:a", "2")
    sigmoid.right("value:b", "e^2")
    sigmoid.right("value:c", "8.389")
    assert kinds(sigmoid) == {"staging": RIGHT, "value:a": WRONG, "value:b": REMARK, "value:c": REMARK}
    sigmoid.right("value:a", "-2")
    assert kinds(sigmoid) == {"staging": RIGHT, "value:a": RIGHT, "value:b": WRONG, "value:c": REMARK}
    assert sigmoid.tries("value:b") == 0, "it was no slip of its own"
    sigmoid.right("value:b", "e^-2")
    assert kinds(sigmoid)["value:c"] is WRONG
    sigmoid.right("value:c", "1.1353")
    assert sigmoid.session.total_tries == 1
    assert remembered(sigmoid.opened_again()) == remembered(sigmoid.session)


def test_an_answer_that_comes_to_follow_is_right_then(sigmoid: Working):
    assert sigmoid.answer("value:b", "e^2").kind is WRONG
    assert sigmoid.answer("value:a", "2").kind is WRONG
    assert kinds(sigmoid)["value:b"] is REMARK
    assert remembered(sigmoid.opened_again()) == remembered(sigmoid.session)


def test_the_remark_goes_when_the_slip_goes(sigmoid: Working):
    sigmoid.right("value:b", "0.14")
    sigmoid.right("value:c", "1.140")
    assert "your own" in sigmoid.session.answers["value:c"].verdict.message
    sigmoid.right("value:b", "0.13534")
    assert kinds(sigmoid)["value:c"] in (WRONG, REMARK)


def test_blanks_are_found_in_turn(sigmoid: Working):
    step = sigmoid.step("forward")
    first = sigmoid.session.current_blank(step)
    assert first is not None and first.key == "value:a"
    second = sigmoid.session.current_blank(step, after=first)
    assert second is not None and second.key == "value:b"
    sigmoid.right("value:c", "1.1353")
    third = sigmoid.session.current_blank(step, after=second)
    assert third is not None and third.key == "value:d", "c is done"
    assert sigmoid.session.current_blank(step, after=third) == first, "and round"
    for key, text in {"value:a": "-2", "value:b": "0.1353", "value:d": "0.8808"}.items():
        sigmoid.right(key, text)
    assert sigmoid.session.current_blank(step) is None
    assert sigmoid.session.current_step.key == "backward"


def test_steps_open_when_the_staging_is_right(store: Store, runner: Runner):
    working = Working(SHIPPED["sigmoid/gates"], store, runner)
    assert [working.session.state(step).open for step in working.session.steps] == [True, False, False, False, False]
    assert working.session.current_step.key == "stage"
    working.right("staging", SIGMOID)
    assert all(working.session.state(step).open for step in working.session.steps)
    state = working.session.state(working.step("forward"))
    assert (state.done, state.total, state.finished, state.shown) == (0, 4, False, False)


def test_a_key_that_is_not_asked_is_not_found(sigmoid: Working):
    assert sigmoid.session.find("value:zz") is None
    assert sigmoid.session.find("local:a.0") is not None


# Drafts


def test_a_draft_is_what_stands_in_a_blank(sigmoid: Working):
    _, blank = sigmoid.place("value:a")
    assert sigmoid.session.draft(blank) == ""
    sigmoid.session.keep_draft(blank, "-")
    assert sigmoid.session.draft(blank) == "-"
    assert sigmoid.opened_again().draft(blank) == "-"
    sigmoid.right("value:a", "-2")
    assert sigmoid.session.draft(blank) == "-2"
    assert sigmoid.store.drafts("sigmoid/gates") == {}
    sigmoid.session.keep_draft(blank, "-2.")
    assert sigmoid.session.draft(blank) == "-2.", "typed after the answer"


def test_what_could_not_be_read_stays_a_draft(sigmoid: Working):
    _, blank = sigmoid.place("value:a")
    sigmoid.right("value:a", "-2")
    sigmoid.answer("value:a", "-2 +")
    assert sigmoid.opened_again().draft(blank) == "-2 +"
    assert sigmoid.session.accepted(blank)
    sigmoid.answer("value:a", "5")
    assert sigmoid.session.draft(blank) == "5"


def test_code_begins_with_its_starter(sigmoid: Working):
    _, blank = sigmoid.place("code")
    assert sigmoid.session.draft(blank) == blank.starter
    assert "def sigmoid(x):" in blank.starter


def test_code_is_not_run_again_when_a_session_is_opened(sigmoid: Working):
    code = "def sigmoid(x):\n    s = 1 / (1 + np.exp(-x))\n    return s, s * (1 - s)\n"
    assert sigmoid.answer("code", code).kind is RIGHT
    before = sigmoid.runner

    class NoRunner:
        allowed = True

        def run(self, job: object) -> None:
            raise AssertionError("code was run")

    sigmoid.runner = NoRunner()  # type: ignore[assignment]
    again = sigmoid.opened_again()
    sigmoid.runner = before
    assert again.answers["code"].verdict.kind is RIGHT
    assert again.answers["code"].text == code


def test_code_that_is_indented_otherwise_is_another_answer(sigmoid: Working):
    code = "def sigmoid(x):\n    if True:\n        s = x\n    return s, s\n"
    other = "def sigmoid(x):\n    if True:\n        s = x\n        return s, s\n"
    assert sigmoid.answer("code", code).kind is WRONG
    assert sigmoid.answer("code", code).kind is UNDECIDED
    assert sigmoid.answer("code", other).kind is WRONG
    assert sigmoid.tries("code") == 2


# Solved and finished


def test_solved_means_done_by_oneself(sigmoid: Working):
    session = sigmoid.session
    for step in session.steps[1:]:
        assert not session.finished
        session.skip(step)
        assert session.state(step).finished and session.state(step).shown
    assert session.finished
    assert not session.solved
    assert sigmoid.store.summary()["sigmoid/gates"].state == "started"
    assert "solved" not in [entry.action for entry in sigmoid.store.entries("sigmoid/gates")]
    assert session.total_tries == 0
    assert remembered(sigmoid.opened_again()) == remembered(session)


def test_a_skipped_step_keeps_what_was_answered(sigmoid: Working):
    sigmoid.right("value:a", "-2.0")
    sigmoid.answer("value:b", "7")
    sigmoid.session.skip(sigmoid.step("forward"))
    answers = sigmoid.session.answers
    assert (answers["value:a"].text, answers["value:a"].shown) == ("-2.0", False)
    assert answers["value:b"].shown and answers["value:b"].text == "0.13534"
    assert answers["value:c"].shown
    assert sigmoid.session.draft(sigmoid.place("value:b")[1]) == "0.13534"


def test_after_a_skip_nothing_is_left_that_followed_from_a_slip(sigmoid: Working):
    sigmoid.answer("value:a", "2")
    sigmoid.right("value:b", "e^2")
    sigmoid.right("value:c", "8.389")
    sigmoid.session.skip(sigmoid.step("forward"))
    assert sigmoid.session.state(sigmoid.step("forward")).finished
    assert [sigmoid.session.answers[f"value:{name}"].text for name in "abc"] == ["-2", "0.13534", "1.13534"]
    assert remembered(sigmoid.opened_again()) == remembered(sigmoid.session)


def test_one_blank_can_be_shown(sigmoid: Working):
    text = sigmoid.session.show(*sigmoid.place("value:b"))
    assert text == "0.13534"
    assert sigmoid.session.answers["value:b"].shown
    assert sigmoid.session.answers["value:b"].verdict.shown
    assert set(sigmoid.session.answers) == {"staging", "value:b"}
    assert remembered(sigmoid.opened_again()) == remembered(sigmoid.session)


def test_what_was_shown_counts_as_true(sigmoid: Working):
    sigmoid.session.show(*sigmoid.place("value:b"))
    assert sigmoid.answer("value:c", "1.13534").kind is RIGHT, "five digits were shown, more are true"


@pytest.fixture
def solved(store: Store, runner: Runner) -> Working:
    working = Working(SHIPPED["staging/f"], store, runner)
    working.right("staging", "a = x + y\nf = a z")
    assert working.session.solved
    return working


def test_solved_is_noted_once(solved: Working):
    solved.right("staging", "b = x + y\nf = b z")
    assert [entry.action for entry in solved.store.entries("staging/f")].count("solved") == 1
    again = solved.opened_again()
    again.answer(*again.find("staging"), "c = x + y\nf = c z")  # type: ignore[misc]
    assert [entry.action for entry in solved.store.entries("staging/f")].count("solved") == 1


def test_what_was_solved_stays_solved_until_it_is_begun_anew(store: Store, runner: Runner):
    working = Working(SHIPPED["vectors/squared-norm"], store, runner)
    session = working.session
    for step in session.steps:
        while (blank := session.current_blank(step)) is not None:
            working.right(blank.key, session.worked(step, blank))
    assert store.summary()["vectors/squared-norm"].state == "solved"
    assert working.answer("value:f", "7").kind is WRONG
    assert not session.solved, "now it is not"
    assert store.summary()["vectors/squared-norm"].state == "solved", "but it was"
    session.reset()
    assert store.summary()["vectors/squared-norm"].state == "new"


def test_beginning_anew_forgets_everything_but_the_past(sigmoid: Working):
    sigmoid.answer("value:a", "2")
    sigmoid.session.hint(*sigmoid.place("value:a"))
    sigmoid.session.set_quick(True)
    sigmoid.session.keep_draft(sigmoid.place("value:b")[1], "0.")
    sigmoid.session.reset()
    session = sigmoid.session
    assert session.answers == {}
    assert session.current_step.key == "stage"
    assert (session.total_tries, session.total_hints, session.opened) == (0, 0, set())
    assert session.quick, "fewer blanks are the learner's choice, not this exercise's"
    assert sigmoid.store.drafts("sigmoid/gates") == {}
    assert remembered(sigmoid.opened_again()) == remembered(session)
    sigmoid.right("staging", SIGMOID)
    assert sigmoid.tries("value:a") == 0


def test_sessions_at_different_exercises_do_not_mix(store: Store, runner: Runner):
    first = Working(SHIPPED["node-way/a"], store, runner)
    second = Working(SHIPPED["staging/f"], store, runner)
    first.right("staging", "a = x + y\nf = a z")
    assert second.opened_again().answers == {}
    second.right("staging", "u = x z\nv = y z\nf = u + v")
    assert first.opened_again().answers["staging"].text == "a = x + y\nf = a z"
    first.session.reset()
    assert second.opened_again().solved


def test_the_statement_says_the_function_and_its_inputs(sigmoid: Working, store: Store, runner: Runner):
    assert sigmoid.session.statement == "f(x) = 1/(1 + e^-x),   x = 2"
    exact = Working(SHIPPED["node-way/c"], store, runner).session.statement
    assert exact.endswith("x = e, y = pi/2, z = 2")
