"""The kind `derivative`: SymPy is right, slips are named, and any text gets a verdict."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.engine.expressions import SMOOTH, trees
from tests.sampling import examples
from tutor.engine.evaluate import evaluate
from tutor.engine.sympy_bridge import derivative, from_sympy, to_sympy
from tutor.judging import Kind, Verdict
from tutor.language import Apply, Expression, Name, names_in, typed
from tutor.library import BadFile
from tutor.questions.derivative.equations import read_equations
from tutor.questions.question import AnyReadingStep

from .asking import NOBODY, question


def asked(*equations: str, **ask: Any) -> AnyReadingStep:
    more = {"positive": ask.pop("positive", [])}
    made = question("derivative", ask, equations=list(equations), **more)
    step = made.steps[0]
    assert isinstance(step, AnyReadingStep)
    return step


def judge(step: AnyReadingStep, text: str) -> Verdict:
    (blank,) = step.blanks(NOBODY)
    return step.judge(blank, text, NOBODY)


def worked(step: AnyReadingStep) -> str:
    (blank,) = step.blanks(NOBODY)
    return step.worked(blank, NOBODY)


def mistake(answer: str, *equations: str, **ask: Any) -> str:
    verdict = judge(asked(*equations, **ask), answer)
    assert verdict.kind is Kind.WRONG, verdict
    assert len(verdict.message) > 20
    return verdict.mistake


FUNCTIONS = trees(("x",), (*SMOOTH, "pow"), leaves=6)
OF_TWO = trees(("x", "y"), ("add", "sub", "mul", "div", "exp", "sin", "tanh", "sigmoid"), leaves=6)
OF_T = trees(("t",), ("add", "sub", "mul", "exp", "sin", "tanh", "sigmoid"), leaves=4)


def made(*equations: str, **ask: Any) -> AnyReadingStep:
    """As `asked`, for random equations: those without a derivative at enough points do not count."""
    try:
        return asked(*equations, **ask)
    except BadFile:
        assume(False)
        raise


@settings(max_examples=examples(60))
@given(FUNCTIONS)
def test_sympys_derivative_is_right(tree: Expression):
    assume("x" in names_in(tree))
    step = made(f"f(x) = {typed(tree)}")
    try:
        truth = typed(from_sympy(derivative(tree, "x")))
    except (ValueError, TypeError):
        assume(False)
    verdict = judge(step, truth)
    assert verdict.kind is not Kind.WRONG, (truth, verdict)


@settings(max_examples=40)
@given(FUNCTIONS)
def test_what_is_off_by_a_little_is_wrong(tree: Expression):
    assume("x" in names_in(tree))
    step = made(f"f(x) = {typed(tree)}", positive=["x"])
    verdict = judge(step, f"{worked(step)} + x/7")
    assert not verdict.accepted, verdict


@settings(max_examples=40)
@given(OF_TWO, OF_T, OF_T)
def test_the_chain_rule_agrees_with_putting_in_first(z: Expression, x: Expression, y: Expression):
    step = made(f"z(x, y) = {typed(z)}", f"x(t) = {typed(x)}", f"y(t) = {typed(y)}", by="t")
    symbols = {name: to_sympy(tree) for name, tree in (("x", x), ("y", y))}
    t = sympy.Symbol("t", real=True)
    whole = to_sympy(z).subs({sympy.Symbol(name, real=True): tree for name, tree in symbols.items()}, simultaneous=True)
    truth = sympy.lambdify(t, sympy.diff(whole, t), "mpmath")
    mine = read_equations([f"d(t) = {worked(step)}"]).meanings["d"]
    for at in (0.4, 0.9, -0.6):
        value = evaluate(mine, {"t": at})
        try:
            wanted = float(truth(at))
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):
            continue
        if np.isfinite(value) and abs(wanted) < 1e6:
            assert abs(float(value) - wanted) <= 1e-6 * max(1.0, abs(wanted))


@given(st.text(max_size=40))
def test_any_text_gets_a_verdict(text: str):
    for step in STEPS:
        assert judge(step, text).kind in Kind


@given(st.text(alphabet="tzxyσd∂/=()+-*^ 12.'[],", max_size=25))
def test_any_mathematics_gets_a_verdict(text: str):
    for step in STEPS:
        assert judge(step, text).kind in Kind


LINEAR = ("z = 2x + y", "x = ln t", "y = t^3/3")
STEPS = [
    asked(*LINEAR, positive=["t"]),
    asked(*LINEAR, at={"t": 2}),
    asked("σ(x) = 1/(1 + e^-x)", names=["σ"], form="σ (1 - σ)"),
]

NAMED = [
    ("exponent_not_down", "x^2", "f = x^3"),
    ("power_not_lowered", "3x^3", "f = x^3"),
    ("power_raised", "3x^4", "f = x^3"),
    ("integrated", "x^4/4", "f = x^3"),
    ("twice", "6x", "f = x^3"),
    ("sign", "-3x^2", "f = x^3"),
    ("kept_constant", "3x^2 + 5", "f = x^3 + 5"),
    ("constant_to_one", "3x^2 + 1", "f = x^3 + 5"),
    ("kept_constant", "99", "f(x) = 99"),
    ("dropped_factor", "3x^2", "f = 5x^3"),
    ("factor_added", "5 + 3x^2", "f = 5x^3"),
    ("factor_to_zero", "0", "f = 5x^3"),
    ("minus_to_plus", "2x + 3", "f = x^2 - 3x"),
    ("product_of_slopes", "2x cos x", "f = x^2 sin x"),
    ("product_one_term", "2x sin x", "f = x^2 sin x"),
    ("product_minus", "2x ln x - x", "f = x^2 ln x"),
    ("quotient_of_slopes", "2x/cos x", "f = x^2/sin x"),
    ("quotient_plus", "(2x ln x + x)/ln(x)^2", "f = x^2/ln x"),
    ("quotient_swapped", "(x^2 cos x - 2x sin x)/sin(x)^2", "f = x^2/sin x"),
    ("quotient_no_bottom", "2x sin x - x^2 cos x", "f = x^2/sin x"),
    ("reciprocal_sign", "3x^2/(x^3 + 1)^2", "f = 1/(x^3 + 1)"),
    ("lost_inner", "1/(x^2 + 1)", "f = ln(x^2 + 1)"),
    ("lost_inner", "cos(x^3)", "f = sin(x^3)"),
    ("slope_inside", "sin(3x^2)", "f = sin(x^3)"),
    ("inner_added", "cos(x^3) + 3x^2", "f = sin(x^3)"),
    ("outer_kept", "3x^2 sin(x^3)", "f = sin(x^3)"),
    ("turned_sign", "3x^2 sin(x^3)", "f = cos(x^3)"),
    ("ln_over_square", "ln(x)/x^2", "f = ln x"),
    ("ln_square", "1/x^2", "f = ln x"),
    ("exponential_as_power", "x e^(x - 1)", "f = e^x"),
    ("exponential_as_power", "x 3^(x - 1)", "f = 3^x"),
    ("exponential_no_ln", "3^x", "f = 3^x"),
    ("power_as_exponential", "x^3 ln x", "f = x^3"),
    ("root_no_half", "1/sqrt x", "f = sqrt x"),
    ("output_sign", "σ(x)(1 + σ(x))", "f = σ(x)"),
    ("of_input", "x (1 - x)", "f = σ(x)"),
]


@pytest.mark.parametrize(("name", "answer", "equation"), NAMED)
def test_a_slip_is_named(name: str, answer: str, equation: str):
    assert mistake(answer, equation) == name


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("path_missing", "2/t"),
        ("path_missing", "t^2"),
        ("link_missing", "3"),
        ("first_step_only", "2"),
        ("added_along", "3 + 1/t + t^2"),
        ("paths_multiplied", "2/t * t^2"),
        ("paths_subtracted", "2/t - t^2"),
        ("dropped_factor", "1/t + t^2"),
        ("function_itself", "2 ln t + t^3/3"),
        ("integrated", "2(t ln t - t) + t^4/12"),
    ],
)
def test_a_slip_at_the_paths_is_named(name: str, answer: str):
    assert mistake(answer, *LINEAR) == name


def test_a_slip_with_several_variables_is_named():
    equations = "z = 3x^2 - 2x y + y^2", "x = 3a + 2b", "y = 4a - b"
    assert mistake("18a + 34b", *equations, by="a") == "other_variable"
    assert mistake("3(6x - 2y)", *equations, by="a") == "path_missing"
    assert mistake("2x y + x^2", "z = x^2 y", by="x") == "other_not_held"
    assert mistake("2x + 3w", "y = x^2 + 3z", "z = x w", by="x", hold=["z"], names=["x", "z"]) == "not_held"


def test_two_slips_that_lead_to_one_answer_are_both_told():
    verdict = judge(asked("s = 1/(1 + e^-x)"), "-e^-x/(1 + e^-x)^2")
    assert verdict.mistake == "reciprocal_sign|lost_inner"
    assert "Two mistakes give this" in verdict.message


def test_an_answer_that_is_no_slip_gets_a_point():
    verdict = judge(asked("f = x^3"), "17x + 4")
    assert verdict.mistake == "" and "At x = 1.3 yours gives 26.1; it should be 5.07" in verdict.message


@pytest.mark.parametrize("answer", ["2/t + t^2", "(2 + t^3)/t", "dz/dt = 2 t^-1 + t*t", "z' = 2/t + t^2", "t² + 2/t"])
def test_any_form_is_right(answer: str):
    assert judge(asked(*LINEAR), answer).kind is Kind.RIGHT


SIGMOID = "σ(x) = 1/(1 + e^-x)"


@pytest.mark.parametrize(
    "answer",
    ["σ(1 - σ)", "σ(x)(1 - σ(x))", "σ - σ^2", "sigmoid(x) (1 - sigmoid(x))", "e^-x/(1 + e^-x)^2", "σ(x) σ(-x)"],
)
def test_the_sigmoid_is_a_name_and_a_function(answer: str):
    assert judge(asked(SIGMOID, names=["x", "σ"]), answer).accepted


def test_a_name_is_no_sigmoid_where_it_stands_for_something_else():
    assert judge(asked("σ(x) = x^2", names=["x", "σ"]), "σ(x) σ(-x)").kind is Kind.WRONG


def test_right_in_other_names_is_the_wrong_form():
    step = asked("z = x^2 y - y^2", "x = t^2", "y = 2t")
    verdict = judge(step, "4x y t + 2(x^2 - 2y)")
    assert verdict.kind is Kind.UNDECIDED and verdict.mistake == "form"
    assert "t² for x and 2·t for y" in verdict.message
    assert judge(step, "4x(t) y(t) t + 2(x^2 - 2y)").mistake == "form"
    assert judge(step, "4x y t + 2(x^2 - y)").kind is Kind.WRONG


def test_put_in_too_early_is_the_wrong_form():
    step = asked("z = x^2 y - y^2", "x = t^2", "y = 2t", by="x")
    assert judge(step, "2x y").kind is Kind.RIGHT
    assert judge(step, "2 t^2 * 2t").mistake == "form"
    assert judge(step, "2 t^2").kind is Kind.WRONG


def test_a_form_without_the_variable():
    step = asked(SIGMOID, names=["σ"], form="σ (1 - σ)")
    assert judge(step, "e^-x/(1 + e^-x)^2").mistake == "form"
    assert judge(step, "σ - σ²").kind is Kind.RIGHT


def test_numbers_at_a_point():
    step = asked(SIGMOID, at={"x": 2})
    assert judge(step, "0.105").accepted
    assert judge(step, "0.10499359").kind is Kind.RIGHT
    assert judge(step, "e^-2/(1 + e^-2)^2").kind is Kind.RIGHT
    assert judge(step, "σ(1 - σ)").kind is Kind.RIGHT
    assert judge(step, "-0.105").mistake == "reciprocal_sign|lost_inner"
    assert judge(asked("f = x^3", at={"x": 1.7}), "2.89").mistake == "exponent_not_down"


def test_a_part_that_is_rounded_before_the_rest_is_named():
    step = asked("f(x) = x^2 e^(-x)", of="f", by="x", at={"x": 1.3})
    verdict = judge(step, "0.2457")  # (2·1.3 - 1.3²)·0.27
    assert verdict.mistake == "rounded_early" and "e^(−x) is rounded to 0.27 on the way" in verdict.message
    assert judge(step, "0.248").accepted and judge(step, "0.91*0.27").mistake != "rounded_early"


def test_type_before_value():
    step = asked("f = x^3")
    assert judge(step, "[1, 2]").kind is Kind.UNREADABLE
    assert judge(step, "x @ x").kind is Kind.UNREADABLE
    assert judge(step, "3x^2 + C").caret.endswith("^")


def test_where_an_answer_has_no_value():
    verdict = judge(asked("f = x^3/3"), "sqrt(x)^4")
    assert verdict.kind is Kind.WRONG and "the derivative is" in verdict.message


@pytest.mark.parametrize(
    ("key", "equations", "ask"),
    [
        ("equations", ["z = x", "x = z"], {}),
        ("equations", ["z = 2x", "z = 3x"], {}),
        ("equations", ["z = sum(x)"], {}),
        ("equations", ["z = sum(x)"], {}),
        ("equations", ["z = 2 +"], {}),
        ("ask[1].equations", [], {}),
        ("ask[1].by", ["z = x y"], {}),
        ("ask[1].by", ["z = x y"], {"by": "q"}),
        ("ask[1].by", ["z = 99"], {}),
        ("ask[1].of", ["z = x"], {"of": "x"}),
        ("ask[1].at", ["z = x y"], {"by": "x", "at": {"x": 1}}),
        ("ask[1].at", ["z = ln x"], {"at": {"x": 0}}),
        ("ask[1].positive", ["z = x"], {"positive": ["y"]}),
        ("ask[1].form", ["z = x^2"], {"form": "x"}),
        ("ask[1].form", [SIGMOID], {"names": ["σ"]}),
        ("ask[1].hints", ["z = x"], {"hints": ["a", "b", "c", "d"]}),
    ],
)
def test_what_makes_no_sense_is_refused(key: str, equations: list[str], ask: dict[str, Any]):
    with pytest.raises(BadFile) as refused:
        question("derivative", ask, equations=equations)
    assert refused.value.key == key and refused.value.reason


def test_hints_end_with_the_answer():
    step = asked(*LINEAR, positive=["t"])
    hints = step.hints(*step.blanks(NOBODY), "", NOBODY)
    assert "t → x → z and t → y → z" in hints[1]
    assert hints[2] == "dz/dt = ∂z/∂x·dx/dt + ∂z/∂y·dy/dt = 2·(1/t) + 1·t² = 2/t + t²"
    assert "t²" not in hints[0] + hints[1]


def test_equations_in_any_order():
    equations = read_equations(["y = t^3/3", "z = 2x + y", "x = ln t"])
    put_in = equations.of(Name("z"))
    assert typed(put_in) == "2*ln(t) + t^3/3"
    assert equations.under("z") == {"x", "y", "t"}
    assert isinstance(put_in, Apply)
