"""The kind `chain`: formulas are right when they come to the whole effect, slips are told by their path."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.judging import Kind
from tutor.language import Unreadable
from tutor.library import BadFile
from tutor.questions.chain.dependence import Dependence, PathStep, dependence_of, steps_of
from tutor.questions.chain.parser import read_formula

from .asking import One, question

THREE = {"w": ["x", "y", "z"], "x": ["t", "u"], "y": ["t", "u"], "z": ["t", "u"]}
BOTH = {"y": ["x", "z"], "z": ["x", "w"]}
LONG = {"w": ["p"], "p": ["x", "y"], "x": ["t"], "y": ["t"]}


def asked(depends: dict[str, list[str]], of: str, by: str, **more: Any) -> One:
    return One("chain", {"of": of, "by": by, **more}, depends=depends, functions={"f": of})


THREE_PATHS, TWO_EFFECTS, LONG_PATHS = (
    asked(THREE, "w", "t"),
    asked(BOTH, "y", "x", total=True),
    asked(LONG, "w", "t"),
)


# An oracle: numbers for the steps, and the effect of a small push carried along the arrows


@st.composite
def dependences(draw: st.DrawFn) -> Dependence:
    """Random ones: a value depends on names that come after it."""
    names = ["a", "b", "c", "p", "q", "t"][: draw(st.integers(2, 6))]
    on = {}
    for index, name in enumerate(names[:-1]):
        later = names[index + 1 :]
        on[name] = tuple(draw(st.lists(st.sampled_from(later), min_size=1, max_size=3, unique=True)))
    on[names[-2]] = (names[-1],)
    return Dependence(on)


def effect(dependence: Dependence, slopes: dict[PathStep, Fraction], of: str, by: str) -> Fraction:
    """How far a value moves when a variable moves by 1."""
    if of == by:
        return Fraction(1)
    sources = dependence.on.get(of, ())
    return sum((slopes[PathStep(of, s)] * effect(dependence, slopes, s, by) for s in sources), Fraction(0))


def come_to(formula: str, dependence: Dependence, slopes: dict[PathStep, Fraction]) -> Fraction:
    """The value of a sum of products, worked out by cutting the text up."""
    texts = {dependence.symbol(step): slope for step, slope in slopes.items()}
    total = Fraction(0)
    for term in formula.split(" + "):
        product = Fraction(1)
        for factor in term.split(" * "):
            product *= texts[factor]
        total += product
    return total


@given(dependences(), st.integers(0, 1000))
def test_the_worked_formula_is_the_whole_effect(dependence: Dependence, seed: int):
    of, by = dependence.names[0], "t" if "t" in dependence.names else dependence.variables[0]
    if not dependence.paths(of, by):
        return
    one = asked({name: list(sources) for name, sources in dependence.on.items()}, of, by)
    numbers = random.Random(seed)
    slopes = {PathStep(n, s): Fraction(numbers.randint(-9, 9)) for n, sources in dependence.on.items() for s in sources}
    assert come_to(one.worked, dependence, slopes) == effect(dependence, slopes, of, by)
    assert one.judge(one.worked).kind is Kind.RIGHT


@given(dependences(), st.randoms(use_true_random=False))
def test_any_order_and_spelling_is_right(dependence: Dependence, chance: random.Random):
    of, by = dependence.names[0], dependence.variables[0]
    paths = dependence.paths(of, by)
    if not paths:
        return
    terms = []
    for path in paths:
        steps = list(steps_of(path))
        chance.shuffle(steps)
        factors = [
            chance.choice([f"{s.of}_{s.source}", f"∂{s.of}/∂{s.source}", f"(∂ {s.of} / ∂ {s.source})"]) for s in steps
        ]
        terms.append(chance.choice([" ", "*", "·", " * "]).join(factors))
    chance.shuffle(terms)
    one = asked({name: list(sources) for name, sources in dependence.on.items()}, of, by)
    assert one.judge(" + ".join(terms)).kind is Kind.RIGHT


@given(dependences(), st.data())
def test_a_path_left_out_is_told(dependence: Dependence, data: st.DataObject):
    of, by = dependence.names[0], dependence.variables[0]
    paths = dependence.paths(of, by)
    if len(paths) < 2:
        return
    gone = data.draw(st.sampled_from(paths))
    kept = [path for path in paths if path != gone]
    text = " + ".join(" ".join(f"{s.of}_{s.source}" for s in steps_of(path)) for path in kept)
    verdict = asked({name: list(sources) for name, sources in dependence.on.items()}, of, by).judge(text)
    assert verdict.kind is Kind.WRONG
    if verdict.mistake == "path_missing":
        assert " → ".join(gone) in verdict.message
    else:
        assert verdict.mistake in ("other_variable", "inner_missing", "outer_missing")


@settings(max_examples=examples(300))
@given(st.one_of(st.text(max_size=40), st.text(alphabet="dwxyzt/∂_*+-() ·=2'\\{}frac", max_size=40)))
def test_any_text_gets_a_verdict(text: str):
    for one in (THREE_PATHS, TWO_EFFECTS, LONG_PATHS):
        verdict = one.judge(text)
        assert verdict.kind in Kind and (verdict.message or verdict.kind is Kind.RIGHT)


def test_long_and_deep_texts_are_refused():
    for text in ("w_x" * 300, "(" * 60 + "w_x", "(w_x + w_y + w_z + x_t + y_t + z_t)" * 12):
        assert THREE_PATHS.judge(text).kind is Kind.UNREADABLE


RIGHT = [
    "dw/dx * dx/dt + dw/dy * dy/dt + dw/dz * dz/dt",
    "dw/dx dx/dt + dw/dy dy/dt+∂w/∂z·∂z/∂t",
    "∂w/∂t = w_x x_t + w_y y_t + w_z*z_t",
    "d w / d x * d x / d t + (dw/dy)(dy/dt) + [dw/dz][dz/dt]",
    r"\frac{\partial w}{\partial x}\frac{\partial x}{\partial t} + w_y\cdot y_t + \partial w/\partial z z_t",
    "dw/dxdx/dt + dw/dydy/dt + dw/dzdz/dt",
    "df/dx dx/dt + f_y y_t + f_z z_t",
    "(w_x x_t + w_y y_t) + w_z z_t",
    "2 w_x x_t - x_t w_x + w_y y_t - (-1) w_z z_t",
]


@pytest.mark.parametrize("text", RIGHT)
def test_ways_to_write_it(text: str):
    assert THREE_PATHS.judge(text).kind is Kind.RIGHT


@pytest.mark.parametrize(
    ("one", "text", "mistake", "said"),
    [
        (THREE_PATHS, "w_x x_t + w_y y_t", "path_missing", "t → z → w"),
        (THREE_PATHS, "w_x x_t", "path_missing", "and so is one more"),
        (THREE_PATHS, "w_x + w_y + w_z", "inner_missing", "x moves because t does"),
        (THREE_PATHS, "x_t + y_t + z_t", "outer_missing", "w moves because x does"),
        (THREE_PATHS, "w_x + x_t + w_y + y_t + w_z + z_t", "added_along", "the slopes were added"),
        (THREE_PATHS, "w_x x_t + w_y y_t + w_z + z_t", "added_along", "t → z → w"),
        (THREE_PATHS, "w_x x_t w_y y_t w_z z_t", "paths_multiplied", "multiplied"),
        (THREE_PATHS, "(w_x + x_t)(w_y + y_t)(w_z + z_t)", "turned_round", "Sum and product are swapped"),
        (THREE_PATHS, "w_x x_u + w_y y_u + w_z z_u", "other_variable", "from u to w"),
        (THREE_PATHS, "w_x x_t + w_y z_t + w_z z_t", "broken_path", "∂w/∂y and ∂z/∂t"),
        (THREE_PATHS, "w_x x_t + w_y y_t - w_z z_t", "sign", "t → z → w"),
        (THREE_PATHS, "-w_x x_t - w_y y_t - w_z z_t", "sign", "Every sign"),
        (THREE_PATHS, "dx/dw dx/dt", "inverted", "upside down"),
        (THREE_PATHS, "dx/dy", "no_dependence", "x does not depend on y"),
        (THREE_PATHS, "dw/dt + w_x x_t", "direct", "is the unknown, so it cannot appear in the answer"),
        (THREE_PATHS, "w_x x_t + w_y y_t + w_z z_t + w_x x_u", "wrong_start", "begins at u"),
        (THREE_PATHS, "w_x x_t + w_y y_t + w_z z_t + x_t", "wrong_end", "arrives at x"),
        (THREE_PATHS, "w_x x_t x_t + w_y y_t + w_z z_t", "repeated", "twice"),
        (THREE_PATHS, "2w_x x_t + w_y y_t + w_z z_t", "counted_often", "t → x → w"),
        (THREE_PATHS, "3", "number", "is not a path"),
        (TWO_EFFECTS, "y_x + y_z", "inner_missing", "x → z → y"),
        (TWO_EFFECTS, "dy/dx + dy/dz", "inner_missing", "z moves because x does"),
        (TWO_EFFECTS, "y_z z_x", "path_missing", "x → y"),
        (TWO_EFFECTS, "y_x", "path_missing", "x → z → y"),
        (TWO_EFFECTS, "y_x y_z z_x", "paths_multiplied", "multiplied"),
        (TWO_EFFECTS, "y_x + y_z + z_x", "added_along", "x → z → y"),
        (TWO_EFFECTS, "y_x + y_z z_w", "wrong_start", "begins at w"),
        (LONG_PATHS, "w_p (p_x + p_y)", "inner_missing", "x moves because t does"),
        (LONG_PATHS, "p_x x_t + p_y y_t", "outer_missing", "w moves because p does"),
    ],
)
def test_a_slip_is_told_by_its_path(one: One, text: str, mistake: str, said: str):
    verdict = one.judge(text)
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, mistake), verdict
    assert said in verdict.message and verdict.message.endswith("?")


def test_a_total_where_a_partial_is_meant_costs_nothing():
    verdict = TWO_EFFECTS.judge("dy/dx + dy/dz dz/dx")
    assert (verdict.kind, verdict.mistake) == (Kind.UNDECIDED, "form")
    assert "y_x" in verdict.message
    assert TWO_EFFECTS.judge("∂y/∂x + dy/dz dz/dx").kind is Kind.RIGHT


def test_what_is_asked_for_is_no_answer():
    for one, text in ((THREE_PATHS, "dw/dt"), (TWO_EFFECTS, "dy/dx"), (THREE_PATHS, "w_t")):
        assert one.judge(text).kind is Kind.UNDECIDED


def test_a_chain_rule_left_inside_is_not_finished():
    verdict = LONG_PATHS.judge("dw/dp dp/dt")
    assert (verdict.kind, verdict.mistake) == (Kind.UNDECIDED, "form")
    assert "x and y" in verdict.message


@pytest.mark.parametrize(
    ("text", "said", "at"),
    [
        ("dw", "With respect to which variable", 0),
        ("dw/dq", "There is no q", 0),
        ("w_x x_t + w'", "A prime", 12 - 2),
        ("w", "not a derivative", 0),
        ("d/dt w", "both names", 0),
        ("dw/dx +", "missing at the end", 7),
        ("(dw/dx", "not closed", 0),
        ("dw/dx)", "not opened", 5),
        ("dw/dx^2", "No power", 5),
        ("dw/dx**2", "No power", 5),
        ("dw/dx / dt/dx", "divided", 6),
        ("dw/du = w_x x_u", "without =", 6),
        ("q", "The names are", 0),
        ("%", "not known", 0),
        ("", "nothing here", 0),
        ("* w_x", "missing before", 0),
    ],
)
def test_what_cannot_be_read_is_explained_at_its_place(text: str, said: str, at: int):
    with pytest.raises(Unreadable) as refused:
        read_formula(text, dependence_of(THREE), {}, ("w", "t"), straight=True)
    assert said in refused.value.message and refused.value.spans[0].start == at
    verdict = THREE_PATHS.judge(text)
    assert verdict.kind is Kind.UNREADABLE and "^" in verdict.caret


@pytest.mark.parametrize(
    ("key", "table", "ask"),
    [
        ("depends", {"depends": {}}, {"of": "w", "by": "t"}),
        ("depends", {"depends": {"w": ["x"], "x": ["w"]}}, {"of": "w", "by": "x"}),
        ("depends", {"depends": {"w": ["x y"]}}, {"of": "w", "by": "x y"}),
        ("depends", {"depends": {"w": []}}, {"of": "w", "by": "x"}),
        ("ask[1].of", {"depends": THREE}, {"of": "q", "by": "t"}),
        ("ask[1].by", {"depends": THREE}, {"of": "w", "by": "q"}),
        ("ask[1].by", {"depends": THREE}, {"of": "w", "by": "w"}),
        ("ask[1].by", {"depends": THREE}, {"of": "x", "by": "y"}),
        ("functions", {"depends": THREE, "functions": {"f": "t"}}, {"of": "w", "by": "t"}),
        ("functions", {"depends": THREE, "functions": {"x": "w"}}, {"of": "w", "by": "t"}),
    ],
)
def test_what_makes_no_sense_is_refused(key: str, table: dict[str, Any], ask: dict[str, Any]):
    with pytest.raises(BadFile) as refused:
        question("chain", ask, **table)
    assert refused.value.key == key and refused.value.reason


def test_it_is_said_who_depends_on_whom():
    assert THREE_PATHS.question.statement == "w depends on x, y and z; x, y and z on t and u"
    assert "  t → x → w\n  t → y → w\n  t → z → w" in THREE_PATHS.hints[1]
    assert TWO_EFFECTS.hints[2] == "dy/dx = ∂y/∂x + ∂y/∂z·∂z/∂x"


def test_steps_that_do_not_meet_are_told_truly():
    other_paths = "on different paths, and were multiplied"
    assert f"∂w/∂y and ∂z/∂t are {other_paths}" in THREE_PATHS.judge("w_x x_t + w_y z_t + w_z z_t").message
    assert other_paths in THREE_PATHS.judge("w_x x_t w_y y_t").message
    gap = asked({"v": ["m", "n"], "m": ["n", "a"], "n": ["a", "b"]}, "v", "b").judge("v_n n_b + v_m n_b")
    assert gap.message.startswith("∂v/∂m starts at m, but ∂n/∂b ends at n. Which step leads from n to m?")
