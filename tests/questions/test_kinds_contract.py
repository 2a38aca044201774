"""What holds for every kind of question in the registry, tried on its sample: `contract/KIND.toml`.

Both faces are tried on the same samples in tests/faces/test_kinds_contract.py and tests/tui/test_kinds_contract.py.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.library.schema import faults
from tests.sampling import examples
from tests.session.working import new_folder
from tutor.judging import Kind, Verdict
from tutor.learner import Store
from tutor.questions import Blank, InputKind, Step
from tutor.questions.registry import KINDS, json_schema
from tutor.runner import Runner
from tutor.session.exercise_view import solution
from tutor.session.session import Session
from tutor.session.validation import check_file

from .samples import kinds_with_samples, sample, sample_path, texts, work

TEXTS = texts()
_A_BLANK, _A_PROGRAM = 24, 5
"""How many of the nasty texts are tried at a blank; a program takes another process."""

Places = dict[str, tuple[Step, Blank]]


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def session(kind: str, runner: Runner) -> Iterator[Session]:
    """A learner at the beginning of the sample."""
    with new_folder() as folder, Store(folder) as store:
        yield Session(sample(kind), store, runner)


def test_no_sample_is_left_over():
    over = kinds_with_samples() - set(KINDS)
    assert not over, f"no kind in questions/registry.py has these samples: add its line, or remove them: {sorted(over)}"


def test_a_kind_without_a_sample_is_told_what_to_add():
    with pytest.raises(AssertionError, match=r"a new kind needs tests/questions/contract/juggle\.toml"):
        sample("juggle")


def test_the_sample_is_sound(kind: str, runner: Runner):
    report = check_file(sample_path(kind), runner)
    assert report.sound, report.problems
    assert report.blanks and not report.notes


def test_the_sample_fits_the_schema(kind: str):
    schema = json_schema()
    table = tomllib.loads(sample_path(kind).read_text(encoding="utf-8"))
    assert faults(table, schema, schema) == []
    table["question"][0]["no such key"] = 1
    assert faults(table, schema, schema), "the schema takes keys that there are not"


def test_the_worked_answer_is_accepted_and_is_what_the_solution_prints(session: Session):
    places = work(session)
    assert session.solved
    printed = _tokens(solution(session.exercise, session.journal()))
    for key, (_, blank) in places.items():
        assert blank.label.strip() and blank.prompt.strip()
        for piece in _pieces(blank, session.answers[key].text):
            assert _holds(printed, _tokens(piece)), f"{blank.label} {piece} is not in the solution"


def test_three_hints_and_the_first_two_do_not_hold_the_answer(session: Session):
    known: set[str] = set()
    for step in session.steps:
        while (blank := session.current_blank(step)) is not None:
            hints = step.hints(blank, "", session)
            worked = session.worked(step, blank)
            assert len(hints) == len({hint.strip() for hint in hints} - {""}) == 3, hints
            if worked not in known:  # a number that was answered before is a number at hand
                _tells_nothing(blank, worked, hints[:2])
            verdict = session.answer(step, blank, worked)
            assert verdict.accepted, verdict.message
            known.add(worked)


def test_what_cannot_be_read_is_not_charged(session: Session):
    for step, blank in work(session).values():
        verdicts = [session.judge(step, blank, text).verdict for text in TEXTS.unreadable]
        assert any(verdict.kind is Kind.UNREADABLE for verdict in verdicts), f"{blank.label}: {verdicts}"
        assert all(verdict.message.strip() for verdict in verdicts)
        assert not any(verdict.charged for verdict in verdicts), f"{blank.label}: {verdicts}"


def test_the_same_wrong_answer_is_charged_once(session: Session):
    for step in session.steps:
        while (blank := session.current_blank(step)) is not None:
            wrong = _wrong(session, step, blank)
            first, second = (session.answer(step, blank, wrong) for _ in range(2))
            assert first.charged and not second.charged
            assert session.tries(blank) == 1, f"{blank.label} {wrong}"
            verdict = session.answer(step, blank, session.worked(step, blank))
            assert verdict.accepted, f"{blank.label}: {verdict.message}"
            assert session.tries(blank) == 1


def test_no_text_raises(kind: str, session: Session):
    chance = random.Random(kind)
    for step, blank in work(session).values():
        for text in chance.sample(TEXTS.nasty, _A_PROGRAM if blank.wants is InputKind.CODE else _A_BLANK):
            _is_a_verdict(text, session.judge(step, blank, text).verdict)
            assert all(step.hints(blank, text, session))
    step, blank = _last(session)
    session.answer(step, blank, chance.choice(TEXTS.nasty))
    assert session.solved is session.accepted(blank)


@settings(max_examples=examples(120))
@given(st.data())
def test_no_text_of_any_signs_raises(worked: list[Session], data: st.DataObject):
    session = data.draw(st.sampled_from(worked))
    step, blank = data.draw(
        st.sampled_from([(step, blank) for step in session.steps for blank in step.blanks(session)])
    )
    right = session.worked(step, blank)
    text = data.draw(st.text(max_size=20) | st.lists(st.sampled_from([*right, *TEXTS.wrong]), max_size=8).map("".join))
    _is_a_verdict(text, session.judge(step, blank, text).verdict)


@pytest.fixture(scope="module")
def worked(runner: Runner) -> Iterator[list[Session]]:
    """The samples of all kinds that run no program, answered."""
    with new_folder() as folder, Store(folder) as store:
        sessions = [Session(sample(kind), store, runner) for kind in sorted(KINDS)]
        quick = [
            one for one in sessions if all(b.wants is not InputKind.CODE for s in one.steps for b in s.blanks(one))
        ]
        for session in quick:
            work(session)
        yield quick


# What a contract means by its words


def _wrong(session: Session, step: Step, blank: Blank) -> str:
    """A text that is charged at a blank."""
    worked = session.worked(step, blank)
    programs = [worked.replace("return ", "return 2 * "), worked.replace("*", "+")]
    for text in programs if blank.wants is InputKind.CODE else [*TEXTS.wrong, f"2 * ({worked})"]:
        if session.judge(step, blank, text).verdict.charged:
            return text
    raise AssertionError(f"at {blank.label} nothing is wrong: add a wrong answer to `wrong` in contract/texts.toml")


def _is_a_verdict(text: str, verdict: Verdict) -> None:
    assert isinstance(verdict.kind, Kind)
    assert verdict.message.strip() or verdict.kind is Kind.RIGHT, f"nothing is said to {text!r}"
    assert not verdict.caret or len(verdict.caret.splitlines()) == 2
    assert "Traceback" not in verdict.message or 'File "/' not in verdict.message
    assert not verdict.accepted or text.strip()


def _last(session: Session) -> tuple[Step, Blank]:
    step = session.steps[-1]
    return step, step.blanks(session)[-1]


def _tells_nothing(blank: Blank, worked: str, hints: tuple[str, ...]) -> None:
    """The answer is not in the hints; of a program or of equations no line is that was not there at first."""
    there = set(blank.starter.splitlines())
    lines = [line.strip() for line in worked.splitlines() if line not in there and len(line) > 9]
    pieces = [worked] if blank.wants is not InputKind.CODE else lines
    pieces = worked.splitlines() if blank.wants is InputKind.EQUATIONS else pieces
    if blank.wants is InputKind.CHOICE:
        pieces = [f"{letter})" for letter in worked.split()]
    for hint in hints:
        told = [piece for piece in pieces if _holds(_tokens(hint), _tokens(piece))]
        assert not told, f"a hint at {blank.label} tells {told}: {hint}"


def _pieces(blank: Blank, worked: str) -> list[str]:
    """What of an answer is to be found in the solution: its lines, or the options that are right."""
    if blank.wants is InputKind.CHOICE:
        options = dict(zip(ascii_lowercase, blank.options, strict=False))
        return [options[letter] for letter in worked.split()]
    return [line for line in worked.splitlines() if line.strip()]


_TYPESET = str.maketrans({"·": "*", "⊙": "*", "×": "*", "−": "-", "→": ",", "ᵀ": ".T", "²": "^2", "³": "^3"})


def _tokens(text: str) -> list[str]:
    """The words, numbers and signs of a text, the same for what is typed and what is typeset."""
    return re.findall(r"\d+(?:\.\d+)?|[^\W\d]\w*|\S", text.translate(_TYPESET))


def _holds(text: list[str], piece: list[str]) -> bool:
    size = len(piece)
    return bool(piece) and any(text[at : at + size] == piece for at in range(len(text) - size + 1))
