"""Whatever is typed into a blank, there is a verdict with a reason, and nothing is raised."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.judging import Kind

from .making import Learner, learner, shipped

TOKENS = st.sampled_from(
    ["x", "y", "z", "a", "b", "c", "q", "W", "X", "e", "pi", "0", "1", "2", "0.5", "17", "1e300", "1e-300", "-", "+",
     "*", "/", "^", "@", "(", ")", "[", "]", "[[", "]]", ",", ";", ".T", "ln ", "sqrt(", "σ(", "exp(", "sum(", "norm(",
     "max(", "|", "=", "²", "√", " ", "\n", "∂f/∂x", "\x00", "é", "axis=0", "transpose(", "relu(", "outer(", "dot(",
     "mean("]
)  # fmt: skip
TEXTS = st.one_of(st.lists(TOKENS, max_size=12).map("".join), st.text(max_size=20))


def _places() -> list[Learner]:
    """Exercises of every sort with nothing answered, and some with slips to follow from."""
    return [
        shipped("node-way/c", "a = ln x\nb = sin y\nc = a + b\nd = c^2\nk = 4x\ng = d + k"),
        shipped("sigmoid/gates", "a = -x\nb = e^a\nc = 1 + b\nd = 1/c"),
        shipped("vectors/squared-norm", "q = W @ x\nr = q*q\nf = sum(r)"),
        learner("f(x, y) = |x| + max(x, y) + relu(y)", "x = 0, y = 0"),
        learner("f(X, b) = sum(relu(X + b))", "X = [[1, 0], [-1, 2]], b = [0, -2]", "[descend]\nstep = 0.1"),
        learner("f(x, y) = (x + y)/(1 + e^-y)", "x = 1, y = 2", 'granularity = "any"', "f = (x + y)/(1 + e^-y)"),
        learner("f(x) = 1/x + ln x", "x = 0.001"),
    ]


def _slipped(place: Learner) -> Learner:
    for key in [*place.keys("forward"), *place.keys("backward")][::3]:
        place.answer(key, "0")
        place.answer(key, f"0 * {place.worked(key)}")
    return place


@cache
def _all() -> list[Learner]:
    """Made at the first test, not where tests are collected."""
    return [*_places(), *map(_slipped, _places())]


@settings(max_examples=examples(500), deadline=None)
@given(st.deferred(lambda: st.sampled_from(_all())), st.integers(0, 400), TEXTS, st.booleans())
def test_any_text_has_a_verdict(place: Learner, number: int, text: str, quick: bool):
    place.quick = quick
    keys = [key for step in ("forward", "backward", "descend") for key in place.keys(step)]
    key = keys[number % len(keys)]
    verdict = place.judge(key, text)
    assert isinstance(verdict.kind, Kind)
    assert verdict.message or verdict.kind is Kind.RIGHT
    assert all(place.hints(key, text))
    if verdict.accepted:
        assert text.strip()
    if verdict.caret:
        assert len(verdict.caret.splitlines()) == 2
