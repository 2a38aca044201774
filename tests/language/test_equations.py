"""Staged equations and functions: the left-hand side, and what is said about a wrong one."""

from __future__ import annotations

import pytest

from tutor.language import Name, read_equation, read_function

from .oracle import tree_of
from .slips import Slip
from .words import known

INPUTS = known("x", "y", "z")

EQUATIONS = {
    "a = x + y": ("a", "x + y"),
    "a=x+y": ("a", "x + y"),
    "  a  =  x y ": ("a", "x*y"),
    "out = exp(-x)": ("out", "exp(-x)"),
    "a1 = x": ("a1", "x"),
    "a_1 = x": ("a_1", "x"),
    "a₁ = x": ("a_1", "x"),
    "a' = x": ("a'", "x"),
    "α = x": ("α", "x"),
    "lambda = x": ("lambda", "x"),
    "E = x": ("E", "x"),
    "T = x": ("T", "x"),
    "dq = x": ("dq", "x"),
    "sigma = sigmoid(x)": ("sigma", "sigmoid(x)"),
    "a_{12} = x": ("a_12", "x"),
    "$a = x$": ("a", "x"),
    "X = x": ("X", "x"),
    "s = sum(x, axis=0)": ("s", "sum(x, axis=0)"),
    "var = sum(x)": ("var", "sum(x)"),
    "std = sqrt(x)": ("std", "sqrt(x)"),
    "stack = var(x)": ("stack", "var(x)"),
    "a := x + y": ("a", "x + y"),
    "a ≔ x + y": ("a", "x + y"),
    "a(x) = x + y": ("a", "x + y"),
    "f(x, y,z) := x z": ("f", "x*z"),
}


@pytest.mark.parametrize("text", EQUATIONS)
def test_an_equation_gives_a_name_to_an_expression(text: str) -> None:
    name, python = EQUATIONS[text]
    equation = read_equation(text, INPUTS).tree
    assert equation.target == Name(name)
    assert equation.expression == tree_of(python)


def test_the_target_knows_where_it_stands() -> None:
    target = read_equation("  out = x", INPUTS).tree.target
    assert (target.span.start, target.span.end) == (2, 5)


NO_EQUATIONS = [
    Slip("", "There is nothing here yet.", "^"),
    Slip("a", "This must be an equation: a name, then =, then a formula.", "^"),
    Slip("x + y", "This must be an equation: a name, then =, then a formula.", "^^^^^"),
    Slip("a =", "Something is missing after the =.", "  ^"),
    Slip("= x", "A name is missing in front of the =.", "^"),
    Slip("a == x", "An equation has a single =, not ==.", "  ^^", "a = x"),
    Slip("a := b := x", "There is more than one = here. Write one equation on a line.", "       ^^"),
    Slip("a += x", "The sign += is not supported. An equation has a single =.", "  ^^"),
    Slip("a = b = x", "There is more than one = here. Write one equation on a line.", "      ^"),
    Slip("a = x; b = y", "There is more than one = here. Write one equation on a line.", "         ^"),
    Slip("a = x\nb = y", "Write it on one line. Rows of a matrix are separated by ;.", "     ^"),
    Slip("x + y = a", "The name goes on the left of =: a = x + y", "^^^^^", "a = x + y"),
    Slip("sin(x) = a", "The name goes on the left of =: a = sin(x)", "^^^^^^", "a = sin(x)"),
    Slip("a + b = x", "The left-hand side of an equation is one name.", "^^^^^"),
    Slip("2 = x", "The left-hand side of an equation is one name.", "^"),
    Slip("a(2) = x + y", "Give only the name on the left: a = …", "^^^^", "a = x + y"),
    Slip("a(b) = x + y", "Give only the name on the left: a = …", "^^^^", "a = x + y"),
    Slip("a'(x) = x + y", "Give only the name on the left: a' = …", "^^^^^", "a' = x + y"),
    Slip("'a' = x", "Leave out the quotes.", "^"),
    Slip("1: a = x", "Leave out what is before the colon; a quotient is written with /.", " ^", "a = x"),
    *(
        Slip(f"{before}a = x", "Leave out what is before the name a.", "^" * len(before), "a = x")
        for before in ("-", "- ", "*", "2.", "(2)")
    ),
    Slip("1. a = q x", "The name q is not known here. The names are x, y and z.", "       ^"),
    Slip("let a b = x", "The left-hand side of an equation is one name.", "^^^^^^^"),
    Slip("a = a + x", "This line defines a, so a cannot be used on the right too.", "    ^"),
    Slip("a = xy", "The name xy is not known here. Did you mean x*y?", "    ^^", "a = x*y"),
    Slip("a = (x + y", "This ( is never closed: a ) is missing.", "    ^     ^", "a = (x + y)"),
    Slip("(a = x", "This ( is never closed: a ) is missing.", "^     ^"),
    Slip("a = x +", "Something is missing after the +.", "      ^"),
    Slip("a = return x", "Leave out the word return.", "    ^^^^^^", "a =  x"),
    Slip("e = x", "Here e already means 2.718…, Euler's number. Choose another name, such as g.", "^"),
    Slip("pi = x", "Here pi already means 3.1416…, the circle's number. Choose another name, such as pi1.", "^^"),
    Slip("exp = x", "Here exp is already a function. Choose another name, such as exp1.", "^^^"),
    Slip("softmax = x", "Here softmax is already a function. Choose another name, such as softmax1.", "^^^^^^^"),
    Slip("σ = x", "Here σ is already a function. Choose another name, such as σ1.", "^"),
    Slip("_a = x", "A name starts with a letter.", "^^"),
    Slip("b" * 33 + " = x", "The name bbbbbbbbbbbb… is longer than 32 characters.", "^" * 33),
]


@pytest.mark.parametrize("slip", NO_EQUATIONS, ids=lambda slip: ascii(slip.text[:20]))
def test_what_is_no_equation_is_explained(slip: Slip) -> None:
    slip.check(lambda text: read_equation(text, INPUTS))


FUNCTIONS = {
    "f(x, y, z) = (x + y) z": ("f", ("x", "y", "z"), "(x + y)*z"),
    "g(w_1,w_2)=w_1 w_2": ("g", ("w_1", "w_2"), "w_1*w_2"),
    "f(x1, x2) = x_1 x_2": ("f", ("x1", "x2"), "x1*x2"),
    "f(E, e) = E e": ("f", ("E", "e"), "E*e"),
    "L(W, x) = ||W @ x||^2": ("L", ("W", "x"), "squared_norm(W @ x)"),
    "f(σ) = σ^2": ("f", ("σ",), "σ**2"),
    "f(x) = 3": ("f", ("x",), "3"),
}


@pytest.mark.parametrize("text", FUNCTIONS)
def test_a_function_has_its_inputs_for_names(text: str) -> None:
    name, parameters, python = FUNCTIONS[text]
    function = read_function(text, known()).tree
    assert (function.name, function.parameters) == (name, parameters)
    assert function.expression == tree_of(python, names=parameters)


NO_FUNCTIONS = [
    Slip("(x + y) z", "This must be a function, such as f(x, y) = x + y.", "^^^^^^^^^"),
    Slip("f = x", "The left-hand side is a function's name with its inputs, such as f(x, y).", "^"),
    Slip("f() = 1", "The left-hand side is a function's name with its inputs, such as f(x, y).", "^^^"),
    Slip("f(x, 2) = x", "The left-hand side is a function's name with its inputs, such as f(x, y).", "^^^^^^^"),
    Slip("f[x] = x", "The left-hand side is a function's name with its inputs, such as f(x, y).", "^^^^"),
    Slip("f(x = x", "This ( is never closed: a ) is missing.", " ^     ^"),
    Slip("f(x,) = x", "An input is missing after the comma.", "   ^"),
    Slip("f(x x) = x", "Separate the inputs with single commas: f(x, y).", "    ^"),
    Slip("f(x, x) = x", "The input x is listed twice.", "     ^"),
    Slip("f(x) =", "Something is missing after the =.", "     ^"),
    Slip("f(x) = y", "The name y is not known here. The only name is x.", "       ^"),
    Slip("f(x, y) = xy", "The name xy is not known here. Did you mean x*y?", "          ^^", "f(x, y) = x*y"),
    Slip("sin(x) = x", "Here sin is already a function. Choose another name, such as sin1.", "^^^"),
    Slip("f(_x) = 1", "A name starts with a letter.", "  ^^"),
]


@pytest.mark.parametrize("slip", NO_FUNCTIONS, ids=lambda slip: ascii(slip.text[:20]))
def test_what_is_no_function_is_explained(slip: Slip) -> None:
    slip.check(lambda text: read_function(text, known()))
