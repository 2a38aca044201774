"""Whatever a learner does, a session opened again after it is the session that was left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.learner import Entry, Store
from tutor.runner import Job, Outcome, RunFault, Runner
from tutor.session.session import Session

from .working import SHIPPED, Working, new_folder, remembered

STAGINGS = {
    "node-way/a": [
        "a = x + y\nf = a z",
        "u = x z\nv = y z\nf = u + v",
        "a = y + x\nb = 1/z\nf = a/b",
        "a = x z\nb = y z\nf = a + b",
    ],
    "sigmoid/gates": [
        "a = -x\nb = e^a\nc = 1 + b\nd = 1/c",
        "a = e^x\nb = 1 + a\nf = a/b",
        "c = -x\nb = e^c\na = b + 1\nf = 1/a",
    ],
    "vectors/squared-norm": ["q = W @ x\nf = ||q||^2", "q = W @ x\nr = q*q\nf = sum(r)"],
}
WRONG_STAGINGS = ["", "a = x", "a = x +", "f = 2 x", "a = 2 x\nf = 3 a"]
NUMBERS = ["2", "4", "0.14", "1.14", "17.5", "-0.78", "e^2", "(", "0.1", "x", "2 q", "[[1], [2]]"]
ANSWERS = ["worked", "worked", "worked", *NUMBERS]


class Refusing:
    """In place of the runner: says of every function that it raised, or cannot be read."""

    allowed = True

    def run(self, job: Job) -> Outcome:
        kind = "syntax" if "(" in job.source else "raised"
        return Outcome(fault=RunFault(kind, "It did not work."))  # type: ignore[arg-type]

    def warm(self, jobs: int = 1) -> None:
        pass


Action = Callable[[Working], None]


def _nth(working: Working, number: int) -> tuple:
    """One of the blanks that are asked now, the open ones of the current step more often."""
    session = working.session
    everywhere = [(step, blank) for step in session.steps for blank in session.blanks(step)]
    now = [(session.current_step, blank) for blank in session.blanks(session.current_step)]
    chosen = now * 3 + everywhere
    return chosen[number % len(chosen)]


def _answers(number: int, text: str, id: str) -> Action:
    def act(working: Working) -> None:
        step, blank = _nth(working, number)
        if blank.key == "staging":
            texts = STAGINGS[id] * 2 + WRONG_STAGINGS
            typed = texts[(number + len(text)) % len(texts)]
        else:
            typed = working.session.worked(step, blank) if text == "worked" else text
        working.session.answer(step, blank, typed)

    return act


def _restages(number: int, id: str) -> Action:
    texts = STAGINGS[id] + WRONG_STAGINGS
    return lambda working: working.answer("staging", texts[number % len(texts)]) and None


def _takes_a_hint(number: int) -> Action:
    return lambda working: working.session.hint(*_nth(working, number)) and None


def _is_shown(number: int) -> Action:
    return lambda working: working.session.show(*_nth(working, number)) and None


def _skips(number: int) -> Action:
    def act(working: Working) -> None:
        steps = [step for step in working.session.steps if working.session.state(step).open and step.key != "code"]
        working.session.skip(steps[number % len(steps)])

    return act


def _types(number: int, text: str) -> Action:
    return lambda working: working.session.keep_draft(_nth(working, number)[1], text)


@st.composite
def actions(draw: st.DrawFn, id: str) -> Action:
    number = draw(st.integers(0, 500))
    kinds = ["answer"] * 12 + ["restage", "hint", "hint", "show", "skip", "quick", "full", "type", "reset"]
    match draw(st.sampled_from(kinds)):
        case "answer":
            return _answers(number, draw(st.sampled_from(ANSWERS)), id)
        case "restage":
            return _restages(number, id)
        case "hint":
            return _takes_a_hint(number)
        case "show":
            return _is_shown(number)
        case "skip":
            return _skips(number)
        case "quick":
            return lambda working: working.session.set_quick(True)
        case "full":
            return lambda working: working.session.set_quick(False)
        case "type":
            return _types(number, draw(st.sampled_from(["", "1", "1 +", "é\n\x00"])))
        case _:
            return lambda working: working.session.reset()


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Action]]:
    """An exercise, staged, and what is done at it."""
    id = draw(st.sampled_from(sorted(STAGINGS)))
    first: Action = _restages(draw(st.integers(0, 1)), id)
    return id, [first, *draw(st.lists(actions(id), max_size=14))]


@settings(max_examples=examples(60), deadline=None)
@given(histories())
def test_a_session_opened_again_is_the_one_that_was_left(history: tuple[str, list[Action]]):
    id, done = history
    with new_folder() as folder, Store(folder, clock=lambda: 0.0) as store:
        working = Working(SHIPPED[id], store, Refusing())  # type: ignore[arg-type]
        for act in done:
            act(working)
            assert remembered(working.opened_again()) == remembered(working.session)
        _is_consistent(working.session, store, id)


def _is_consistent(session: Session, store: Store, id: str) -> None:
    """What holds of every session."""
    asked = {blank.key for step in session.steps for blank in session.blanks(step)}
    summary = store.summary().get(id)
    assert session.finished == all(session.state(step).finished for step in session.steps)
    assert not session.solved or session.finished
    if summary is not None:
        assert summary.total == len(session.steps)
        assert summary.done == sum(session.state(step).finished for step in session.steps)
        assert not session.solved or summary.state == "solved"
    for key, answer in session.answers.items():
        assert answer.verdict.accepted or answer.verdict.charged
        if key in asked and answer.shown:
            assert answer.verdict.accepted
    journal = store.entries(id)
    assert sum(entry.verdict == "wrong" for entry in journal) >= session.total_tries


def test_the_journal_of_an_older_program_is_read_as_far_as_it_goes(store: Store, runner: Runner):
    """Blanks that are no longer asked, steps that are gone, and other actions are passed over."""
    for step, blank, action, text, verdict in (
        ("graph", "edges", "answer", "a-b", "right"),
        ("stage", "staging", "answer", "a = x + y\nf = a z", "right"),
        ("forward", "value:old", "answer", "3", "right"),
        ("forward", "value:a", "answer", "4", "right"),
        ("gone", "", "skip", "", ""),
        ("forward", "value:old", "hint", "Think.", ""),
        ("backward", "old", "open", "", ""),
    ):
        store.append("node-way/a", Entry(step, blank, action, text, verdict, 0.0))  # type: ignore[arg-type]
    session = Working(SHIPPED["node-way/a"], store, runner).session
    assert set(session.answers) == {"staging", "value:a"}


@pytest.mark.parametrize("id", STAGINGS)
def test_opening_twice_changes_nothing(store: Store, runner: Runner, id: str):
    working = Working(SHIPPED[id], store, runner)
    working.right("staging", STAGINGS[id][0])
    before = len(store.entries(id))
    for _ in range(3):
        assert remembered(working.opened_again()) == remembered(working.session)
    assert len(store.entries(id)) == before
    assert store.last_opened() == id
