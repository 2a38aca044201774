"""Hints at every blank of everything that ships: three rungs, no gaps, and the last one's number is right."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.sampling import one_in
from tests.shipped import LIBRARY
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, vocabulary
from tutor.judging import Kind
from tutor.language import Unreadable, read_expression

from .making import SHIPPED, Learner, shipped
from .test_staging_accepted import STAGINGS

EACH = [(id, "") for id in SHIPPED] + [(ids[0], text) for ids, text in one_in(3, STAGINGS)]
PLACEHOLDER = re.compile(r"[{}]|\bNone\b|\bnan\b|\binf\b|undefined|object at|Use\(|Apply|  ")


def worked_through(id: str, staging: str, quick: bool) -> Learner:
    learner = shipped(id, staging)
    learner.quick = quick
    if quick:
        learner.opened = {node.name for node in learner.sheets.own.graph.nodes}
    return learner


def _last_number(line: str) -> str:
    """What a worked line ends in: after its last = or ≈, or after `f sends d`."""
    *before, last = re.split("[=≈] ", line)
    return last if before else line.split(" ", 3)[3]


@pytest.mark.parametrize("quick", [False, True], ids=["full", "quick"])
@pytest.mark.parametrize(("id", "staging"), EACH, ids=lambda value: repr(value)[:40])
def test_every_rung_at_every_blank(id: str, staging: str, quick: bool):
    learner = worked_through(id, staging, quick)
    for step in ("forward", "backward", "descend"):
        for key in learner.keys(step):
            rungs = learner.hints(key)
            assert len(rungs) == 3
            for rung in rungs:
                assert rung and rung == rung.strip(), key
                assert not PLACEHOLDER.search(rung), rung
                assert "!" not in rung
            assert len(set(rungs)) == 3, "each rung says something new"
            verdict = learner.judge(key, _last_number(rungs[2]))
            assert verdict.kind is Kind.RIGHT, f"{key}: {rungs[2]}: {verdict.message}"


@pytest.mark.parametrize("id", SHIPPED)
def test_the_first_rung_gives_no_number_away(id: str):
    learner = shipped(id)
    for step in ("forward", "backward", "descend"):
        for key in learner.keys(step):
            answer = learner.worked(key)
            if "." in answer:
                assert answer not in learner.hints(key)[0]


@pytest.mark.parametrize(("id", "staging"), EACH, ids=lambda value: repr(value)[:40])
def test_a_locals_last_rung_holds_a_formula_in_the_learners_names(id: str, staging: str):
    learner = shipped(id, staging)
    for key in learner.keys("backward"):
        if key.startswith("local:"):
            parts = learner.hints(key)[2].split(" = ")[1:]
            for part in parts:
                assert learner.judge(key, part).kind is Kind.RIGHT, part


@pytest.mark.parametrize("id", [id for id, exercise in SHIPPED.items() if "code" in exercise.steps])
def test_hints_for_code_go_on_from_what_is_there(id: str):
    learner = shipped(id)
    worked = learner.worked("code").splitlines()
    backwards = worked[worked.index("    # backward pass") + 1 : -1]
    for count in range(len(backwards)):
        text = "\n".join([*worked[: len(worked) - 1 - len(backwards)], *backwards[:count]])
        order, question, line = learner.hints("code", text)
        assert line == backwards[count].strip(), "the first line that is missing"
        assert line.partition(" =")[0] in question
        assert "bottom to top" in order
    assert all(learner.hints("code", learner.worked("code")))


@pytest.mark.parametrize("id", SHIPPED)
def test_every_worked_answer_is_right(id: str):
    learner = shipped(id)
    for step in ("forward", "backward", "descend"):
        for key in learner.keys(step):
            assert learner.judge(key, learner.worked(key)).kind is Kind.RIGHT, key


def test_wording_of_the_rungs():
    learner = shipped("node-way/b", "a = x^2\nb = 2y\nc = a + b\nd = z^3\nh = c d")
    assert learner.hints("local:d.0") == (
        "Power rule: bring the exponent down in front, then lower it by one. "
        "The local derivative is only the factor that the upstream is multiplied by.",
        "d = z³, and z is 2. If z moves by a tiny amount, how many times that does d move?",
        "∂d/∂z = 3·z² = 12",
    )
    assert learner.hints("down:d.0")[1:] == (
        "11 arrives at d, and ∂d/∂z is 12. What is the product?",
        "11 × 12 = 132",
    )
    assert learner.hints("total:c")[1:] == (
        "c feeds h only. What did that gate send down to c?",
        "h sends 8, so ∂h/∂c = 8",
    )
    assert learner.hints("value:h")[1:] == ("h = c·d, and c is 11; d is 8. What comes out?", "h = c·d = 88")
    learner = shipped("node-way/c", "a = ln x\nb = sin y\nc = a + b\nd = c^2\nk = 4x\ng = d + k")
    assert learner.hints("total:z")[1:] == ("If z grows by 0.01, what happens to g, which never uses it?", "∂g/∂z = 0")
    assert learner.hints("total:x")[2] == "1.47152 + 4, so ∂g/∂x = 5.47152"
    assert "radians" in learner.hints("value:b")[0]


def test_hints_about_matrices_give_the_product_and_the_shape():
    learner = shipped("vectors/squared-norm", "q = W @ x\nf = ||q||^2")
    question, line = learner.hints("down:q.0")[1:]
    assert "of shape (2, 1)" in question and "the shape of W, (2, 2)" in question
    assert line == "q sends W upstream @ xᵀ = [[0.088, 0.176], [0.104, 0.208]]"


def test_negative_numbers_after_a_sign_stand_in_brackets():
    learner = shipped("sigmoid/gates", "a = -x\nb = e^a\nc = 1 + b\nd = 1/c")
    assert learner.hints("down:a.0")[2] == "-0.10499 × (-1) = 0.10499"


_LETTER = re.compile(r"(?<![\w'’.])(?:[b-df-zB-SU-Z]|a(?= ?[²³^·/)*@+]))(?![\w'’])")


@pytest.mark.parametrize("gate", GATES.values(), ids=lambda gate: gate.key)
def test_a_principle_has_no_letter_that_may_be_the_learners(gate):
    words = re.sub(r"'[^']*'", "", gate.pattern)  # the subscripts of einsum
    assert not _LETTER.findall(words), gate.pattern


def _number(text: str) -> float | None:
    try:
        value = evaluate(read_expression(text, vocabulary()).tree, {})
    except (Unreadable, ValueError):
        return None
    return value if isinstance(value, float) else None


def _equalities(text: str) -> list[tuple[str, str]]:
    """The sides of `2·3 = 6`, as far as a side may be a number."""
    pieces = re.split(r'["\n]|[:;,?.] | \(|\.$', text, flags=re.MULTILINE)
    return [(a.strip(), b.strip(" .")) for one in pieces for a, b in pairwise(re.split(r"(?<![<>=!])=(?!=)", one))]


def test_equalities_that_exercises_print_hold_to_the_digits_given():
    checked = 0
    for id, exercise in LIBRARY.exercises.items():
        for left, right in _equalities(exercise.path.read_text(encoding="utf-8")):
            value, shown = _number(left), _number(right)
            if value is None or shown is None or left.isdigit():
                continue
            checked += 1
            places = len(right.partition(".")[2])
            assert abs(value - shown) <= 0.51 * 10.0**-places, f"{id}: {left} = {right}"
    assert checked > 30
