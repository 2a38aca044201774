"""In every kind: a blank's own label before an answer, and what is right in another usual reading."""

from __future__ import annotations

import pytest

from tests.shipped import sample
from tutor.judging import Kind, right
from tutor.questions import Answer, InputKind
from tutor.questions.registry import questions_of
from tutor.runner import Runner

from .asking import One
from .making import learner


class AllAnswered:
    """Answers to what was asked before. Satisfies `Answers`."""

    def __init__(self, quick: bool = False) -> None:
        self.answers: dict[str, Answer] = {}
        self.quick = quick
        self.opened: frozenset[str] = frozenset()


def test_every_shipped_blank_takes_its_label_and_says_so_of_another():
    checked = 0
    for exercise in sample(0):
        for question in questions_of(exercise, Runner()):
            given = AllAnswered()
            for step in question.steps:
                for blank in step.blanks(given):
                    worked = step.worked(blank, given)
                    if blank.wants is InputKind.VALUE and blank.label.endswith("=") and " → " not in blank.label:
                        words = ("upstream ∂", "downstream ∂", "sum ∂", "local ∂")
                        whole = blank.label
                        label = f"∂{whole.partition('∂')[2]}" if whole.startswith(words) else whole
                        alone = step.judge(blank, worked, given)
                        assert step.judge(blank, f"{label} {worked}", given).kind is alone.kind, (exercise.id, label)
                        other = step.judge(blank, f"qqq = {worked}", given)
                        assert not other.accepted and not other.charged, (exercise.id, label, other)
                        checked += 1
                    given.answers[blank.key] = Answer(worked, right())
    assert checked > 60


@pytest.mark.parametrize(
    "label",
    [
        *("∂f/∂x", "df/dx", "x'", "dx", "d_x", "∇x", "∇_x f", r"\frac{\partial f}{\partial x}", r"\nabla_x f", "𝜕f/𝜕x"),
        *("df(x, y)/dx", "d/dx f", "∂/∂x f(x, y)", "f_x", r"\frac{\mathrm{d}f}{\mathrm{d}x}", r"\frac{d}{dx} f"),
    ],
)
def test_the_spellings_of_a_gradients_label(label: str):
    someone = learner("f(x, y) = (x + y) y", "x = 1.5, y = 2.5", staging="a = x + y\nf = a y")
    assert someone.judge("down:a.0", f"{label} = 2.5").accepted
    assert someone.judge("down:a.0", f"{label} := 2.5").accepted
    other = someone.judge("down:a.0", f"{label.replace('x', 'a')} = 2.5")
    assert other.kind is Kind.UNREADABLE and "asks for ∂f/∂x" in other.message


def test_a_local_derivative_is_no_gradient():
    someone = learner("f(x, y) = (x + y) y", "x = 1.5, y = 2.5", staging="a = x + y\nf = a y")
    assert someone.judge("local:f.0", "∂f/∂a = y").accepted
    assert "asks for ∂f/∂a" in someone.judge("local:f.0", "∂f/∂y = y").message


@pytest.mark.parametrize(
    ("answer", "truth"),
    [
        *(("1979/1000", "1.97903"), ("-39/50", "-0.7758"), ("0.78", "0.7758")),
        *((" x = 1.98", "1.97903"), ("dx = 1.98", "1.97903")),
    ],
)
def test_a_fraction_of_an_accepted_decimal_is_right(answer: str, truth: str):
    blank = One("value", {"label": "x =", "formula": truth})
    assert blank.judge(answer).accepted or "dx" in answer


@pytest.mark.parametrize("answer", ["1979 e-3", "1,979", "1.979 px", "1·979", "1.979 (2)", "1.979 ≈ 2"])
def test_a_number_in_another_notation_is_not_charged(answer: str):
    blank = One("value", {"label": "x =", "formula": "1.97903"})
    verdict = blank.judge(answer)
    assert verdict.kind in (Kind.UNREADABLE, Kind.UNDECIDED)
    assert "≈" in answer or blank.judge(verdict.repair).accepted


@pytest.mark.parametrize("answer", ["19.79 x 10^-1", "≈ 1.979", "1.979 approx", "= 1.979", "1.979…", "1.979 # rounded"])
def test_a_number_that_can_be_meant_in_one_way_only_counts(answer: str):
    blank = One("value", {"label": "x =", "formula": "1.97903"})
    assert blank.judge(answer).accepted and blank.judge(answer).echo
    assert blank.judge(answer.replace("9", "8")).charged


@pytest.mark.parametrize("text", ["I added", "don't know", "?", "no idea"])
def test_words_are_told_what_to_type(text: str):
    verdict = One("value", {"formula": "0.2475"}).judge(text)
    assert verdict.kind is Kind.UNREADABLE and verdict.message.startswith("These are words. Type an answer: ")


def test_an_exact_form_that_only_rounds_to_the_value_is_told_so():
    blank = One("value", {"formula": "0.2475"})
    verdict = blank.judge("1/4")
    assert verdict.charged and verdict.message.startswith("Yours is exactly 0.25; the right value is not")


def test_a_zero_among_decimals_is_as_rough_as_they_are():
    blank = One("value", {"formula": "[-0.214, 0.175, 0.039]"})
    assert blank.judge("[-0.2, 0.2, 0]").kind is Kind.UNDECIDED
    assert blank.judge("[-0.214, 0.175, 0]").charged
    assert (
        "A vector is neither a row nor a column, and transposing does not change it."
        in One("value", {"formula": "[[1], [2]]"}).judge("[1, 2]^T").message
    )


@pytest.mark.parametrize("answer", ["sin π/2", "sin π/2 "])
def test_what_is_right_in_another_reading_is_said(answer: str):
    verdict = One("value", {"formula": "sin(pi/2)"}).judge(answer)
    assert (
        verdict.kind is Kind.UNDECIDED
        and "put what sin applies to in brackets" in verdict.message
        and verdict.repair.strip() == "sin(π/2)"
    )


def test_what_is_wrong_in_every_reading_is_charged():
    blank = One("derivative", {"of": "f", "by": "x"}, equations=["f = e^(2x)"])
    assert blank.judge("2e^2x").kind is Kind.UNDECIDED
    assert blank.judge("3e^2x").charged and blank.judge("1/2x").charged
