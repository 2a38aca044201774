"""Composite gates: what an exercise counts as whole, and equations of any size."""

from __future__ import annotations

import math

import pytest

from tutor.judging import Kind
from tutor.library.problem import problem_of
from tutor.questions.backprop.staging import follow

from .making import learner, made

FUNCTION, AT = "f(x, y) = (x + y)/(1 + e^-y)", "x = 1, y = 2"
WHOLE = 'whole = ["1/(1 + e^-z)"]'
ANY = 'granularity = "any"'


@pytest.mark.parametrize(
    "line", ["s = 1/(1 + e^-y)", "s = 1/(e^-y + 1)", "s = 1/(1 + exp(-y))", "s = 1/(1+e^(-y))", "t = 1/(1 + e^-x)"]
)
def test_what_counts_as_whole_is_one_gate_whatever_its_names(line: str):
    staging = follow(problem_of(made(FUNCTION, AT, WHOLE)), line)
    assert staging.verdict.kind is Kind.UNDECIDED, staging.verdict.message
    assert len(staging.graph.gates) == 1


@pytest.mark.parametrize("line", ["s = 2/(1 + e^-y)", "s = 1/(1 + e^-(x + y))", "s = 1/(1 + e^y)", "s = (x + y)/x"])
def test_what_is_another_expression_is_still_split(line: str):
    verdict = follow(problem_of(made(FUNCTION, AT, WHOLE)), line).verdict
    assert verdict.kind is Kind.WRONG
    assert "a line and a name of its own first" in verdict.message


def test_a_template_may_be_used_or_not():
    problem = problem_of(made(FUNCTION, AT, WHOLE))
    assert follow(problem, "s = 1/(1 + e^-y)\na = x + y\nf = a s").complete
    assert follow(problem, "a = -y\nb = e^a\nc = 1 + b\nd = x + y\nf = d/c").complete
    assert not follow(problem, "s = 1/(1 + e^-x)\na = x + y\nf = a s").complete


def test_a_template_whose_name_stands_twice_wants_the_same_twice():
    problem = problem_of(made("f(x, y) = x (1 - x) + y", AT, 'whole = ["a (1 - a)"]'))
    assert follow(problem, "p = x (1 - x)\nf = p + y").complete
    assert not follow(problem, "p = x (1 - y)").complete
    assert "operations" in follow(problem, "p = x (1 - y)").verdict.message


@pytest.mark.parametrize(
    "text",
    [
        "f = (x + y)/(1 + e^-y)",
        "s = 1/(1 + e^-y)\nf = (x + y) s",
        "f = x/(1 + e^-y) + y/(1 + e^-y)",
        "f = (x + y) σ(y)",
        "a = x + y\nb = -y\nc = e^b\nd = 1 + c\nf = a/d",
    ],
)
def test_any_size_is_accepted_where_the_exercise_says_so(text: str):
    assert follow(problem_of(made(FUNCTION, AT, ANY)), text).verdict.kind is Kind.RIGHT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("f = (x - y)/(1 + e^-y)", Kind.WRONG),
        ("g = x", Kind.UNREADABLE),
        ("g = 3 + 4", Kind.UNREADABLE),
        ("g = ln(x - 1) + 1\nf = (x + y) σ(y)", Kind.WRONG),
        ("g = x + y + 1", Kind.UNDECIDED),
    ],
)
def test_any_size_is_still_judged(text: str, kind: Kind):
    assert follow(problem_of(made(FUNCTION, AT, ANY)), text).verdict.kind is kind


def test_avoided_gates_are_refused_inside_larger_equations_too():
    problem = problem_of(made(FUNCTION, AT, ANY + '\navoid = ["sigmoid"]'))
    assert "taken apart" in follow(problem, "f = (x + y) σ(y)").verdict.message


S = 1 / (1 + math.exp(-2))
SLOPE = S * (1 - S)


def test_a_compound_gate_is_worked_like_any_other():
    work = learner(FUNCTION, AT, WHOLE, "s = 1/(1 + e^-y)\na = x + y\nf = a s")
    work.all_right({"value:s": f"{S:.4f}", "value:a": "3", "value:f": f"{3 * S:.4f}"})
    work.all_right(
        {
            "total:f": "1",
            "local:f.0": "s",
            "down:f.0": f"{S:.5f}",
            "local:f.1": "a",
            "down:f.1": "3",
            "total:a": f"{S:.5f}",
            "total:s": "3",
            "local:s.0": f"{SLOPE:.5f}",
            "down:s.0": f"{3 * SLOPE:.5f}",
            "local:a.0": "1",
            "total:y": f"{3 * SLOPE + S:.5f}",
        }
    )


@pytest.mark.parametrize(
    "formula", ["s (1 - s)", "e^-y/(1 + e^-y)^2", "s - s^2", "σ(y) (1 - σ(y))", "1/(e^y + 2 + e^-y)"]
)
def test_the_local_of_a_compound_gate_may_be_a_formula(formula: str):
    work = learner(FUNCTION, AT, WHOLE, "s = 1/(1 + e^-y)\na = x + y\nf = a s")
    assert work.judge("local:s.0", formula).kind is Kind.RIGHT


@pytest.mark.parametrize("formula", ["s", "s (1 + s)", "1 - s", "e^-y", "-e^-y/(1 + e^-y)^2"])
def test_another_formula_is_wrong(formula: str):
    work = learner(FUNCTION, AT, WHOLE, "s = 1/(1 + e^-y)\na = x + y\nf = a s")
    assert work.judge("local:s.0", formula).kind is Kind.WRONG


def _named(text: str, **values: float) -> float:
    """A formula as hints write it, in Python."""
    python = text.replace("·", "*").replace("²", "**2").replace("³", "**3").replace("−", "-").replace("^", "**")
    return eval(python, {"exp": math.exp, "ln": math.log, "e": math.e}, values)


def test_its_hint_gives_the_derivative_by_sympy_and_its_number():
    work = learner(FUNCTION, AT, ANY, "f = (x + y)/(1 + e^-y)")
    for key, truth in (("local:f.0", S), ("local:f.1", S + 3 * SLOPE)):
        line = work.hints(key)[2]
        formula, number = line.split(" = ")[1:]
        assert _named(formula, x=1.0, y=2.0) == pytest.approx(truth, rel=1e-12)
        assert float(number) == pytest.approx(truth, abs=1e-5)
        assert work.judge(key, formula).kind is Kind.RIGHT, "the formula of a hint can be typed as it stands"


def test_code_for_a_compound_staging_is_worked_on_the_programs_own():
    work = learner(FUNCTION, AT, ANY, "f = (x + y)/(1 + e^-y)")
    assert "np.exp" in work.worked("code")


def test_a_compound_of_arrays_is_one_gate():
    work = learner("f(X, b) = sum((X + b)^2)", "X = [[1, 2], [3, 4]], b = [1, -1]", ANY, "a = (X + b)^2\nf = sum(a)")
    work.all_right(
        {
            "value:a": "[[4, 1], [16, 9]]",
            "local:a.0": "2 (X + b)",
            "down:a.0": "[[4, 2], [8, 6]]",
            "local:a.1": "[[4, 2], [8, 6]]",
            "down:a.1": "[12, 8]",
        }
    )
