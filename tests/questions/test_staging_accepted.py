"""Any correct staging is accepted: other gates, other order, other names."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tutor.judging import Kind
from tutor.language import show
from tutor.library.problem import problem_of
from tutor.questions.backprop.staging import follow
from tutor.questions.backprop.staging_diagnosis.parts import lines_of_parts

from .making import SHIPPED, Learner, made

F = ("node-way/a", "staging/f")
H = ("node-way/b", "staging/h")
G = ("node-way/c", "staging/g")
COMPLEX = "a = ln x\nb = √y\nc = σ(b)\nd = x + y\ng = d^2\nh = σ(g)\n"

STAGINGS = [
    *((F, text) for text in (
        "a = x + y\nf = a z",
        "a = y + x\nf = z*a",
        "u = x z\nv = y z\nf = u + v",
        "a = x + y;  # a sum\nf = a z.",
        "1. a = x + y\n2) f = a z",
        "a ← x + y\nlet f = a z",
        "a = -y\nb = x - a\nf = b*z",
        "a = x + y\nb = 1/z\nf = a/b",
        "a = x + y\nb = z^-1\nc = b^-1\nout = c a",
        "a = x + y\nb = a + a\nc = b/2\nf = c z",
        "a = x/2\nb = y/2\nc = a + b\nd = 2z\nf = c d",
        "a = x + y\nb = -a\nc = -z\nf = b c",
        "f = x + y\ng = f z",
    )),
    *((H, text) for text in (
        "a = x^2\nb = 2y\nc = a + b\nd = z^3\nh = c d",
        "a = x*x\nb = y + y\nc = a + b\nd = z^2\ng = d z\nh = c g",
        "a = x**2\nb = y*2\nc = b + a\nd = z*z\ni = d*z\nh = c*i",
        "d = z^3\na = x^2\nb = 2y\np = a d\nq = b d\nh = p + q",
        "a = x^2\nb = -2 y\nc = a - b\nd = z^3\nh = c d",
        "a = x²\nb = 2·y\nc = a + b\nd = z³\nh = c × d",
        "a = x^2\nb = y/0.5\nc = a + b\nd = z^-3\nh = c/d",
        "a = |x|\nb = a^2\nc = 2y\nd = b + c\ng = z^3\nh = d g",
    )),
    *((G, text) for text in (
        "a = ln x\nb = sin y\nc = a + b\nd = c^2\nk = 4x\ng = d + k",
        "a = log(x)\nb = sin(y)\nc = a + b\nd = c c\nk = x 4\ng = k + d",
        "k = 4x\nb = sin y\na = ln x\nc = b + a\nd = c*c\ng = d + k",
        "a = ln x\nb = sin y\np = a^2\nq = a b\nr = 2q\ns = b^2\nt = p + r\nu = t + s\nv = 4 x\ng = u + v",
        "a = ln x\nb = sin y\nc = a + b\nd = c^2\nk = 2x\nl = 2k\ng = d + l",
        "a = ln x\nb = -y\nc = sin b\nd = a - c\nh = d^2\nk = 4 x\ng = h + k",
        "a = ln x\nb = sin y\nc = a + b\nd = |c|\nh = d^2\nk = 4 x\ng = h + k",
    )),
    *((("layers/complex",), text) for text in (
        COMPLEX + "m = a c\nf = m/h",
        COMPLEX + "r = 1/h\nm = a c\nf = m r",
        COMPLEX + "r = h^-1\nm = a r\nf = m c",
        COMPLEX + "r = c/h\nf = a r",
        COMPLEX + "r = a/h\nf = c r",
        COMPLEX + "r = h/c\nf = a/r",
        COMPLEX.replace("√y", "y^0.5") + "m = a c\nf = m/h",
        COMPLEX.replace("√y", "y^(1/2)").replace("d^2", "d d") + "m = a c\nf = m/h",
        "p = √y\nq = σ(p)\nr = ln x\ns = x^2\nt = x y\nu = 2t\nv = y^2\nw = s + u\nk = w + v\nm = σ(k)\nn = q r\nf=n/m",
        "a = ln x\nb = √y\nm = -b\nn = e^m\no = 1 + n\nc = 1/o\nd = x + y\ng = d^2\nh = σ(g)\nt = a c\nf = t/h",
        COMPLEX + "m = -h\nn = a c\nk = n/m\nf = -k",
    )),
    *((("layers/two-over-sine",), text) for text in (
        "a = -x\nb = e^a\nc = sin b\nd = 2/c",
        "a = -x\nb = exp(a)\nc = sin(b)\nd = 1/c\nf = 2d",
        "a = e^x\nb = 1/a\nc = sin b\nf = 2/c",
        "a = -x\nb = e^a\nc = sin b\nd = c^-1\nf = d + d",
        "a = -x\nb = e^a\nc = sin b\nd = c/2\nf = 1/d",
        "a = -1 x\nb = e^a\nc = sin b\nd = 0.5c\nf = d^-1",
    )),
    *((("sigmoid/gates",), text) for text in (
        "a = -x\nb = e^a\nc = 1 + b\nd = 1/c",
        "a = -x\nb = exp(a)\nc = b + 1\nd = c^-1",
        "a = (-1) x\nb = e^a\nc = 1 + b\nf = 1/c",
        "a = e^x\nb = 1/a\nc = b + 1\nf = 1/c",
        "a = e^x\nb = 1 + a\nf = a/b",
        "a = x/2\nb = tanh a\nc = 1 + b\nf = c/2",
    )),
    *((("vectors/squared-norm",), text) for text in (
        "q = W @ x\nf = ||q||^2",
        "q = W @ x\nr = q^2\nf = sum(r)",
        "q = W @ x\nr = q * q\nf = sum(r)",
        "q = W @ x\nn = ||q||\nf = n^2",
        "a = W.T\nb = x.T\nc = b @ a\nf = ||c||^2",
        "q = W @ x\nr = q^2\ns = sum(r, axis=0)\nf = sum(s)",
        "q = W @ x\nr = q^2\ns = mean(r)\nf = 2s",
        "q = W @ x\np = q.T\nr = p @ q\nf = sum(r)",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("ids", "text"), STAGINGS, ids=lambda value: repr(value)[:50])
def test_a_correct_staging_is_right(ids: tuple[str, ...], text: str):
    for id in ids:
        staging = follow(problem_of(SHIPPED[id]), text)
        assert staging.verdict.kind is Kind.RIGHT, f"{id}: {staging.verdict.message}"
        assert staging.complete
        assert len(staging.graph.gates) == len(text.splitlines())


NAMES = [
    "x_1", "x_12", "a1", "a'", "a''", "a′", "α", "β", "λ", "σ1", "E", "I", "S", "N", "Q", "O", "lambda", "beta",
    "if", "in", "is", "None", "True", "zeta", "sum1", "f", "out", "ab", "dx", "Re", "oo", "ℓ", "long_name",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_are_the_learners_own(name: str):
    problem = problem_of(SHIPPED["node-way/a"])
    staging = follow(problem, f"{name} = x + y\ng = {name}*z")
    assert staging.verdict.kind is Kind.RIGHT, staging.verdict.message


def test_the_reading_is_echoed_where_it_was_not_literal():
    problem = problem_of(made("f(x) = x/2", "x = 1"))
    staging = follow(problem, "f = 1/2x")
    assert staging.complete
    assert "(1/2)·x" in staging.lines[0].echo


@pytest.mark.parametrize("between", ["", "# then the product", "  # f = a + z"])
def test_blank_lines_spaces_and_comments_do_not_matter(between: str):
    problem = problem_of(SHIPPED["node-way/a"])
    staging = follow(problem, f"\n  a=x+y  \n{between}\n\t f   =  a   z \r\n")
    assert staging.complete
    assert [line.number for line in staging.lines] == [1, 3]
    assert staging.line(3) is not None and staging.line(2) is None


def test_graphs_keep_the_learners_own_gates():
    problem = problem_of(SHIPPED["node-way/a"])
    graph = follow(problem, "u = x z\nv = y z\nf = u + v").graph
    assert [graph.nodes[gate].name for gate in graph.gates] == ["u", "v", "f"]
    assert len(graph.uses[graph.positions["z"]]) == 2


@pytest.mark.parametrize(
    ("function", "at", "lines"),
    [
        ("f(x) = sum(ln(x))", "x = [0.5, 2, 3]", "a = x^2\nb = ln a\nc = b/2\nf = sum(c)"),
        ("f(x) = sum(sqrt(x))", "x = [[0.5, 2], [3, 4]]", "a = x^0.5\nf = sum(a)"),
        ("f(x, y) = sum(x/y)", "x = [1, 2], y = [3, 4]", "a = 1/y\nf = dot(x, a)"),
        ("f(x) = mean(x)", "x = [1, 2, 4]", "a = sum(x)\nf = a/3"),
        ("f(X, b) = sum((X + b)^2)", "X = [[1, 2], [3, 4]], b = [1, 2]", "a = X + b\nb2 = a a\nf = sum(b2)"),
        ("f(X, b) = sum((X + b)^2)", "X = [[1, 2], [3, 4]], b = [1, 2]", "a = X + b\nf = ||a||^2"),
        ("f(x) = ||x||^2", "x = 3", "f = x^2"),
        ("f(x) = x + 1", "x = 3", "a = sum(x)\nf = a + 1"),
        ("f(x) = 10 x", "x = 3", "a = x * [[1, 2], [3, 4]]\nf = sum(a)"),
    ],
)
def test_arrays_are_judged_where_the_function_has_a_value(function: str, at: str, lines: str):
    lines = lines.replace("b2 = a a", "b2 = a*a")
    verdict = follow(problem_of(made(function, at)), lines).verdict
    assert verdict.kind is Kind.RIGHT, verdict.message


def test_wrong_arrays_are_told_apart_where_few_random_numbers_have_a_value():
    problem = problem_of(made("f(x) = sum(ln(x))", "x = [0.5, 2, 3, 4, 5, 6]"))
    assert follow(problem, "a = ln x\nb = a^2\nf = sum(b)").verdict.kind is Kind.WRONG


def test_a_doubling_graph_is_judged_at_once():
    names = ["x", *(f"a{i}" for i in range(30))]
    text = "\n".join(f"{new} = {old} + {old}" for old, new in pairwise(names))
    problem = problem_of(made("f(x) = 1073741824 x", "x = 3"))
    assert follow(problem, text).verdict.kind is Kind.RIGHT, "2^30 copies of x, compared in numbers"
    assert follow(problem, text + "\nf = a29 + a20").verdict.kind is Kind.WRONG


def test_deep_equations_are_judged():
    problem = problem_of(made("f(x) = x + 1", "x = 1", 'granularity = "any"'))
    names = ["x", *(f"a{i}" for i in range(15))]
    lines = [f"{new} = " + "-(" * 80 + old + ")" * 80 for old, new in pairwise(names)]
    assert follow(problem, "\n".join([*lines, "f = a14 + 1"])).verdict.kind is Kind.RIGHT


def test_every_line_of_a_shipped_staging_is_a_part_while_it_grows():
    """Also the lines that nothing uses yet: the program's own staging, line by line."""
    seen = 0
    for exercise in SHIPPED.values():
        problem = problem_of(exercise)
        lines = [f"{one.target.name} = {show(one.expression)}" for one in problem.staging]
        for count in range(1, len(lines)):
            staging = follow(problem, "\n".join(lines[:count]))
            if staging.fault is None:
                seen += 1
                assert lines_of_parts(problem, staging) == frozenset(range(count)), (exercise.id, lines[:count])
    assert seen > 30


def test_of_a_line_with_a_fault_that_one_alone_is_told_as_it_was_read():
    told = Learner(SHIPPED["layers/complex"]).judge("staging", "b = sqrt(y)\nc = sigma(b)\nd = sigma((x + y)^2)")
    assert told.kind is Kind.WRONG and "three operations" in told.message
    assert "σ(b)" not in told.echo
