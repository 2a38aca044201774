"""A staging that is not the function is told by the slip it comes from, at its line; and never by another slip."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tutor.judging import Kind
from tutor.questions.backprop.staging import follow

from .making import SHIPPED, Learner, learner, shipped
from .staging_slips import slipped

G = "staging/g"
STAGED = [id for id, exercise in SHIPPED.items() if "stage" in exercise.steps]
FUNCTIONS = {
    "a chain of terms": ("f(x, y, z) = x y - 3 z + sin(x) + 2", "x = 1.3, y = 0.8, z = -0.4"),
    "functions": ("f(x, y) = tanh(x^2 y) / (1 + e^(x - y))", "x = 1.3, y = 0.8"),
    "the larger": ("f(x, y) = max(x, 2 y) + |y|^3", "x = 1.3, y = 0.8"),
    "a loss": (
        "f(W, x, b, t) = sum((W @ x + b - t)^2)",
        "W = [[1.1, 0.5], [-0.3, 0.8]], x = [[0.2], [0.4]], b = [[1.3], [0.7]], t = [[2], [3]]",
    ),
    "a layer": ("f(X, w) = mean(σ(X @ w))", "X = [[1.1, 0.5, 2], [-0.3, 0.8, 1]], w = [0.2, 0.4, -1]"),
}


def check_all(work: Learner) -> None:
    """Every slip is told, alone or as one of two; nearly all alone."""
    outcomes: Counter[int] = Counter()
    for staged, verdict in slipped(work):
        if verdict.mistake == "went_too_far":
            continue
        told = set(verdict.mistake.split("|"))
        assert staged.key in told, f"{staged.key} is told as {verdict.mistake!r}:\n{staged.text}\n{verdict.message}"
        assert not re.search(r"[{}]|  |None|\bnan\b| [,.;:?]|:[^:?.]*: [a-z]", verdict.message), verdict.message
        assert verdict.message.endswith("?")
        assert work.sheets.follow(staged.text).verdict.message in verdict.message, "the point is still said"
        outcomes[len(told)] += 1
    assert set(outcomes) <= {1, 2}
    assert outcomes[1] >= 0.9 * outcomes.total() > 0


@pytest.mark.parametrize("id", STAGED)
def test_every_slip_at_an_exercise_is_told(id: str):
    check_all(shipped(id))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_slip_at_a_function_is_told(name: str):
    check_all(learner(*FUNCTIONS[name]))


@pytest.mark.parametrize(
    ("id", "text", "mistake", "says"),
    [
        (G, "a = ln x\nb = sin y\nc = a + b\nd = 4x\ng = c + d", "lost_power",
         "Line 5, g = c + d: yours has ln(x) + sin(y) where the function has (ln(x) + sin(y))²; "
         "the square is missing."),
        (G, "a = x^2\nb = ln a\nc = sin y\nd = b + c\nh = 4x\ng = d + h", "wrong_order",
         "in the function, the natural logarithm comes first, then the square"),
        (G, "a = ln x\nb = a^2\nc = sin y\nd = b + c\nh = 4x\ng = d + h", "lost_bracket",
         "the square applies to ln(x) + sin(y), not to ln(x) alone"),
        (G, "a = ln x\nb = cos y\nc = a + b\nd = c^2\nh = 4x\ng = d + h", "other_function", "Line 2, b = cos(y)"),
        (G, "a = ln x\nb = sin y\nc = a - b\nd = c^2\nh = 4x\ng = d + h", "sign_slip", "Line 3, c = a − b"),
        (G, "a = ln x\nb = sin y\nc = a + b\nd = c^2\nh = 4y\ng = d + h", "wrong_input",
         "yours has 4·y where the function has 4·x; y is used instead of x"),
        (G, "a = ln x\nb = sin y\nc = a + b\ng = c^2", "missing_term", "the term 4·x is missing"),
        ("staging/f", "a = y z\nf = x + a", "lost_bracket", "Line 2, f = x + a: yours has x + y·z"),
        ("staging/f", "f = x z", "missing_term", "Where in the function is y?"),
        ("sigmoid/gates", "a = e^x\nb = 1 + a\nf = 1/b", "lost_minus", "the minus sign is missing"),
        ("sigmoid/gates", "a = -x\nb = e^a\nf = 1 + b", "lost_reciprocal", "the reciprocal is missing"),
        ("sigmoid/gates", "a = e^x\nb = -a\nc = 1 + b\nf = 1/c", "wrong_order", "the minus sign comes first"),
        ("vectors/squared-norm", "a = W.T\nq = a @ x\nf = ||q||^2", "transposed", "Line 2, q = a @ x"),
        ("vectors/squared-norm", "q = W @ x\nf = norm(q)", "lost_power", "Where did the square go?"),
        ("vectors/squared-norm", "q = W * x\nf = ||q||^2", "elementwise_for_matmul", "Line 1, q = W ⊙ x"),
        ("vectors/squared-norm", "q = W @ x\nr = q^2\nf = mean(r)", "mean_for_sum", "not averaged"),
    ],
)  # fmt: skip
def test_a_slip_is_told_in_the_functions_own_names(id: str, text: str, mistake: str, says: str):
    verdict = shipped(id).judge("staging", text)
    assert verdict.kind is Kind.WRONG
    assert verdict.mistake == mistake
    assert says in verdict.message


def test_the_square_before_the_minus_is_told_by_its_lines():
    work = learner("f(x) = -x^2", "x = 3", staging="a = x^2\nf = -a")
    assert work.judge("staging", "a = -x\nf = a^2").mistake == "wrong_order"
    assert work.judge("staging", "f = x^2").mistake == "lost_minus"


def test_of_two_slips_that_give_the_same_both_are_told():
    sigmoid = shipped("sigmoid/gates").judge("staging", "a = -x\nb = e^a\nc = 1*b\nf = 1/c")
    assert set(sigmoid.mistake.split("|")) == {"missing_term", "other_operation"}
    assert sigmoid.message.startswith("Either yours has")
    assert sigmoid.message.endswith("which of your lines is the first to differ from the function?")


@pytest.mark.parametrize("text", ["f = tanh(x)", "f = cos(x)", "a = x^3\nb = sin(a)\nf = b + 7"])
def test_what_no_slip_gives_is_shown_by_a_point_and_asked_for(text: str):
    work = shipped("sigmoid/gates")
    verdict = work.judge("staging", text)
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, "")
    by_point = work.sheets.follow(text).verdict.message
    assert verdict.message.startswith(f"{by_point} ") and verdict.message.endswith("?")


def test_the_first_line_that_is_no_part_of_the_function_is_asked_about():
    message = shipped("node-way/b").judge("staging", "p = x^2\ns = 7y\nq = p - s\nr = 3z\nh = q r").message
    assert message.endswith("it should be 192.4. Line 2, s = 7·y: which part of (x² + 2·y)·z³ is this?")


def test_two_slips_at_once_are_both_named_with_their_lines():
    verdict = shipped("node-way/b").judge("staging", "p = x^2\ns = 2y\nq = p - s\nr = z^2\nh = q r")
    assert verdict.mistake == "sign_slip+wrong_exponent"
    assert "There are two mistakes. Line 3, q = p − s: yours has" in verdict.message
    assert "Line 4, r = z²: yours has z² where the function has z³" in verdict.message


def test_a_missing_sum_is_told_with_the_shape_and_costs_nothing():
    verdict = shipped("vectors/squared-norm").judge("staging", "q = W @ x\nf = q^2")
    assert (verdict.kind, verdict.mistake) == (Kind.UNREADABLE, "missing_function")
    assert "the sum is missing" in verdict.message
    assert "f is a matrix (2, 1) here; the function is a number." in verdict.message


def test_right_at_these_inputs_alone_is_said():
    work = learner("f(x, y, z) = x/(y z)", "x = 3, y = 2, z = 2", staging="a = y z\nf = x/a")
    named = work.judge("staging", "a = y + z\nf = x/a")
    assert named.mistake == "other_operation"
    assert "At this exercise's inputs both have the same value, but only by coincidence." in named.message
    unnamed = work.judge("staging", "a = x/4\nb = sin y\nc = sin z\nd = b - c\nf = a + d")
    assert unnamed.mistake == "right_by_chance"
    assert "both have the same value" in unnamed.message
    assert "coincidence" not in work.judge("staging", "a = y - z\nb = a + 1\nf = x/b").message


def test_a_line_is_the_function_already_only_if_it_is_so_everywhere():
    work = learner("f(x, y) = max(x, y)", "x = 5, y = 1")
    assert work.judge("staging", "a = max(x, y)\nf = a + 1").mistake == "went_too_far"
    near = work.judge("staging", "a = |x|\nf = min(a, y)")
    assert "already" not in near.message, "|x| is max(x, y) near these inputs only"


@pytest.mark.parametrize("text", ["", "a = x", "a = x - y", "a = x +", "a = x - y\nx = a z", "a = x + y\nf = a z"])
def test_what_is_not_a_wrong_function_is_judged_as_before(text: str):
    work = shipped("staging/f")
    verdict = work.judge("staging", text)
    before = follow(work.problem, text).verdict
    assert (verdict.kind, verdict.message, verdict.mistake) == (before.kind, before.message, before.mistake)


# A local derivative that is right at the exercise's numbers alone


@pytest.mark.parametrize(
    ("function", "at", "staging", "key", "typed", "mistake", "says"),
    [
        ("f(x, y, z) = (x + y) z", "x = 1, y = 2, z = 2", "a = x + y\nf = a z", "local:f.0", "y", "wrong_input",
         "y is used instead of z; both are 2 here."),
        ("f(x, y) = x^2 y", "x = 2, y = 3", "a = x^2\nf = a y", "local:a.0", "x^2", "value_for_gradient",
         "This is the forward value of a."),
        ("f(x, y) = x/y", "x = 1, y = 1", "f = x/y", "local:f.1", "-x/y", "div_den_no_square",
         "The denominator y was not squared."),
        ("f(x, y) = ln x + e^y", "x = 1, y = 1", "a = ln x\nb = e^y\nf = a + b", "local:a.0", "x", "log_times",
         "Here x itself was used as the slope."),
        ("f(x) = 3 sin x", "x = 0", "a = sin x\nf = 3 a", "local:a.0", "e^x", "other_function",
         "Where the slope has cos(x), this has e^x"),
    ],
)  # fmt: skip
def test_a_formula_that_is_right_here_alone_is_told(
    function: str, at: str, staging: str, key: str, typed: str, mistake: str, says: str
):
    verdict = learner(function, at, staging=staging).judge(key, typed)
    assert verdict.kind is Kind.WRONG
    assert "has the right value here, but it is not ∂" in verdict.message
    assert verdict.mistake == mistake
    assert says in verdict.message
    assert verdict.message.endswith("?")


def test_a_formula_that_no_slip_gives_is_only_said_to_be_right_by_chance():
    work = learner("f(x, y) = x^2 y", "x = 2, y = 3", staging="a = x^2\nf = a y")
    verdict = work.judge("local:a.0", "x^3/2")
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, "")
    assert verdict.message.endswith("with other numbers it would be wrong.")
