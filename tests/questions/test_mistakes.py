"""Wrong answers are told by the mistake they come from: all of them, at every gate, and never a wrong one."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sampling import examples, one_of_each
from tutor.engine.evaluate import formula_of
from tutor.engine.gates import GATES
from tutor.engine.values import shape_of
from tutor.judging import Kind, agrees
from tutor.language import read_expression
from tutor.questions.backprop.misconceptions import BRANCHES, DOWNSTREAM, LOCAL, STRETCHED, VALUE, WHOLE_VALUE

from .learners import GATE_CASES, Slipped, at_gate, labels, slips
from .making import Learner, learner, shipped

_FORKS = {
    "two": ("f(x) = x^3 + sin(x)", "x = 1.3", "a = x^3\nb = sin x\nf = a + b"),
    "three": ("f(x) = x^3 + sin(x) - exp(x)", "x = 0.7", "a = x^3\nb = sin x\nc = e^x\nd = a + b\nf = d - c"),
    "one gate twice": ("f(x, y) = x x y", "x = 1.3, y = -2.7", "a = x * x\nf = a y"),
    "arrays": ("f(x) = sum(x^3 + sin(x))", "x = [1.3, -0.7]", "a = x^3\nb = sin x\nc = a + b\nf = sum(c)"),
    "a mean taken away": (
        "f(x) = sum((x - mean(x))^3)", "x = [1.3, -0.7, 2.2]", "m = mean(x)\nd = x - m\np = d^3\nf = sum(p)",
    ),
}  # fmt: skip


def at_fork(fork: str, quick: bool) -> Learner:
    function, at, staging = _FORKS[fork]
    work = learner(function, at, staging=staging)
    work.quick = quick
    return work


def check(work: Learner, only: str = "") -> set[str]:
    """Every wrong way at every blank is told; the keys that were told alone."""
    told_alone = set()
    for slipped, verdict in slips(work, only):
        where = f"{slipped.blank}: {slipped.typed} by {slipped.way.label}"
        assert not verdict.accepted, where
        told = set(verdict.mistake.split("|")) - {""}
        if not told:
            assert verdict.kind is Kind.UNDECIDED or slipped.rivals > 2, f"{where}: {verdict.message}"
            continue
        if slipped.outranked:
            continue  # something likelier leads there too
        assert told & slipped.names, f"{where} is told as {told}"
        check_text(verdict.message)
        if len(told) == 1:
            told_alone.add(slipped.way.key)
    return told_alone


def check_text(message: str) -> None:
    assert not re.search(r"[{}]|  |None|\bnan\b| [,.;:?]", message), message
    assert message[0].isupper() or not message[0].isalpha(), message
    assert message.endswith(("?", ".")), message
    assert "!" not in message


@pytest.mark.parametrize(
    "case", one_of_each(GATE_CASES, lambda case: case[0]), ids=lambda case: f"{case[0]}: {case[1]} {len(case[3])}"
)
def test_every_mistake_at_a_gate_is_told(case):
    work = at_gate(*case)
    alone = check(work, only=":d")
    keys = {m.key for m in GATES[case[0]].mistakes}
    assert alone & keys, "at generic numbers some are told without a doubt"


def test_every_mistake_of_every_gate_is_met():
    met: dict[str, set[str]] = {key: set() for key in GATES}
    for case in GATE_CASES:
        met[case[0]] |= labels(at_gate(*case), only=":d")
    for key, gate in GATES.items():
        missing = [m.key for number, m in enumerate(gate.mistakes) if f"{m.key} {number}" not in met[key]]
        assert not missing, f"{key}: nobody makes {missing}"


@pytest.mark.parametrize("fork", _FORKS)
@pytest.mark.parametrize("quick", [False, True], ids=["full", "quick"])
def test_every_mistake_at_a_fork_is_told(fork: str, quick: bool):
    check(at_fork(fork, quick), only="total:x")


@pytest.mark.parametrize("gate", GATES.values(), ids=list(GATES))
def test_an_entry_can_be_read(gate):
    names = {"y", "f", "u", "own", "other", *gate.arguments}
    for mistake in gate.mistakes:
        assert re.fullmatch(r"[a-zA-Z_]+", mistake.key)
        assert mistake.port is None or mistake.port < len(gate.arguments)
        assert mistake.asks.endswith("?") and not mistake.says.endswith(".")
        places = set(re.findall(r"{(\w+)}", mistake.says + mistake.asks))
        assert places <= names - ({"own", "other", "u"} if mistake.port is None else set())
        if isinstance(mistake.gives, str):
            formula_of(mistake.gives, gate.arguments)


def test_general_mistakes_have_a_question():
    for slip in (*DOWNSTREAM, *LOCAL, *STRETCHED, *VALUE, *WHOLE_VALUE, *BRANCHES):
        assert slip.asks[-1] in "?." and not slip.says.endswith(".")


@pytest.mark.parametrize("id", ["node-way/a", "node-way/b", "node-way/c", "sigmoid/gates", "vectors/squared-norm"])
def test_right_answers_are_not_told_as_mistakes(id):
    work = shipped(id)
    for step in work.steps:
        for blank in step.blanks(work):
            if step.key in ("forward", "backward"):
                verdict = work.answer(blank.key, work.worked(blank.key))
                assert verdict.accepted and not verdict.mistake


_SQUARE = ("f(x, y) = (x y)^2", "x = 1.5, y = -2.3", "s = x y\nq = s^2")
_SAID = [
    ("down:q.0", "1", "forgot_local", "1 is what arrived at q, without the local derivative."),
    ("down:q.0", "11.9025", "value_for_gradient", "11.9025 is the forward value of q."),
    ("local:q.0", "-3.45", "pow_no_coefficient", "-3.45 is the value of s: the exponent did not come down in front."),
    ("down:s.0", "-10.35", "mul_unswapped", "-10.35 is upstream·x = −6.9·1.5: x itself was used"),
    ("local:s.0", "x", "mul_unswapped", "x itself was used, not the other factor. "),
    ("down:s.0", "-2.3", "forgot_upstream", "-2.3 is only the local derivative, without the upstream."),
    ("down:s.0", "-6.9", "mul_acts_like_add", "-6.9 is the upstream as it arrived"),
    ("down:s.0", "-9.2", "added_upstream", "-9.2 is upstream + local."),
    ("local:s.0", "15.87", "downstream_for_local", "15.87 already includes the upstream -6.9."),
    ("value:s", "-0.8", "product_as_sum", "-0.8 is x + y = 1.5 + (−2.3): the two were added."),
    ("value:q", "-11.9025", "power_before_sign", "squares first and puts the minus sign in front afterwards."),
    ("total:q", "11.9025", "seed_not_one", "11.9025 is the value of q."),
]


@pytest.mark.parametrize(("blank", "typed", "key", "said"), _SAID)
def test_said_in_the_learners_names_and_numbers(blank, typed, key, said):
    function, at, staging = _SQUARE
    work = learner(function, at, staging=staging)
    verdict = work.judge(blank, typed)
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, key)
    assert verdict.message.startswith(said) or f" {said}" in verdict.message
    assert "This is" not in verdict.message
    assert verdict.message.endswith("?")


def test_two_that_are_possible_are_both_said():
    # 2·2 and 2 + 2: at these numbers nobody can tell.
    verdict = learner("f(x) = (3 x)^3", "x = 1", staging="a = 3 x\nf = a^3").judge("down:a.1", "30")
    assert verdict.mistake == "added_upstream"
    verdict = learner("f(x, y) = 3 x y", "x = 2, y = 5", staging="a = x y\nf = 3 a").judge("down:a.0", "5")
    assert verdict.mistake == "forgot_upstream"
    verdict = learner("f(x, y) = 3 x y", "x = 2, y = 2.5", staging="a = x y\nf = 3 a").judge("down:a.0", "5")
    assert verdict.mistake == "value_for_gradient"
    verdict = learner("f(x, y) = 3 x y", "x = 2, y = 3", staging="a = x y\nf = 3 a").judge("down:a.0", "3")
    assert set(verdict.mistake.split("|")) == {"mul_acts_like_add", "forgot_upstream"}
    assert verdict.message.startswith("Two mistakes give 3: it ") and "; or it " in verdict.message


def test_a_wrong_shape_costs_nothing_and_is_told():
    work = learner("f(x, b) = sum((x + b)^3)", "x = [[1.3, -0.7], [0.6, 2.1]], b = [0.4, 0.9]",
                   staging="a = x + b\np = a^3\nf = sum(p)")  # fmt: skip
    verdict = work.judge("down:a.1", "3 a^2")
    assert (verdict.kind, verdict.mistake) == (Kind.UNREADABLE, "not_summed_back")
    assert "this needs a vector (2,)" in verdict.message and "not yet summed back to (2,)" in verdict.message


def test_a_mistake_upon_the_learners_own_numbers_is_told():
    work = learner("f(x, y) = exp(x y)", "x = 1.5, y = -0.7", staging="a = x y\nf = exp(a)")
    work.all_right({"total:f": "1", "local:f.0": "e^a", "down:f.0": "e^a"})
    work.answer("total:a", "0.5")
    assert work.judge("down:a.0", "0.75").mistake == "mul_unswapped", "0.5 is wrong, and the gate goes by it"


_WRITTEN = st.integers(-99999, 99999).map(lambda n: f"{n / 1000:.3f}")
_STEADY = settings(
    deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def somewhere() -> list[tuple[Learner, str, dict[str, Slipped]]]:
    """Some blanks, and the ways that lead to wrong numbers there."""
    function, at, staging = _SQUARE
    work = learner(function, at, staging=staging)
    found: dict[str, dict[str, Slipped]] = {}
    for slipped, _ in slips(work):
        found.setdefault(slipped.blank, {})[slipped.way.label] = slipped
    return [(work, blank, ways) for blank, ways in found.items()]


@_STEADY
@given(data=st.data())
def test_what_is_told_reproduces_the_answer(data, somewhere):
    work, blank, ways = somewhere[data.draw(st.integers(0, len(somewhere) - 1))]  # a number is quickly printed
    typed = data.draw(_WRITTEN)
    verdict = work.judge(blank, typed)
    answer = read_expression(typed, work.problem.vocabulary).tree
    for key in set(verdict.mistake.split("|")) - {""}:
        told = [slipped.way.gives for slipped in ways.values() if slipped.way.key == key]
        assert any(agrees(answer, gives, {}) for gives in told), (blank, typed, key, told)


def test_random_numbers_are_hardly_ever_told(somewhere):
    rng = np.random.default_rng(3)
    tries = [(work.judge(blank, f"{rng.uniform(-20, 20):.4f}")) for work, blank, _ in somewhere for _ in range(20)]
    assert sum(bool(verdict.mistake) for verdict in tries) <= 0.01 * len(tries)


def test_a_mistake_stays_one_when_it_is_rounded():
    work = learner("f(x) = sin(x)^3", "x = 1.1", staging="a = sin x\nf = a^3")
    for slipped, _ in slips(work):
        if shape_of(slipped.way.gives) == () and abs(slipped.way.gives) < 1e4:
            verdict = work.judge(slipped.blank, f"{slipped.way.gives:.4g}")
            assert verdict.mistake == "" or set(verdict.mistake.split("|")) & slipped.names or slipped.rivals
