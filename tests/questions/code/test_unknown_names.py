"""What is said of a name that Python does not know, and of signs of mathematics that mean something else to it."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.judging import Kind
from tutor.questions.code.faults import unreadable_line
from tutor.questions.code.outcomes import Told, of_fault
from tutor.questions.code.pasted import readable
from tutor.questions.code.unknown_names import ReturnedNames, in_numpy, line_of_meant, what_was_meant
from tutor.runner import RunFault

RETURNED = ReturnedNames("out", ("v", "f"), {"fx": "x", "fy": "y"})
SIGMOID = "def sigmoid(x):\n    return 1/(1 + np.exp(-x))\n"


def program(*lines: str, above: str = "") -> str:
    return above + "\n".join(["def g(x, y):", *(f"    {line}" for line in lines)]) + "\n"


@pytest.mark.parametrize(
    ("name", "lines", "says"),
    [
        ("ln", ["a = ln(x)"], "In NumPy ln is np.log."),
        ("tg", ["a = tg(x)"], "In NumPy tg is np.tan."),
        ("π", ["a = π*x"], "In NumPy π is np.pi."),
        ("sqrt", ["a = sqrt(x)"], "sqrt is NumPy's. What goes in front of its name?"),
        ("e", ["a = e**x"], "e is NumPy's. What goes in front of its name?"),
        ("relu", ["a = relu(x)"], "NumPy has no relu: relu(x) is np.maximum(x, 0) there."),
        ("sigma", ["a = sigma(x)"], "NumPy has no sigma: sigma(x) is 1 / (1 + np.exp(-x)) there."),
        ("sqr", ["a = sqr(x)"], "NumPy has no sqr: sqr(x) is x**2 or np.sqrt(x) there."),
        ("erf", ["a = erf(x)"], "NumPy has no erf."),
        ("ln", ["a = ln(x)", "b = sqrt(a)", "c = σ(ln(b))", "d = wrong", "e = sqrt(d)"],
         "In NumPy ln is np.log. "
         "Not defined either: sqrt on line 3 (np.sqrt), σ on line 4 (1 / (1 + np.exp(-x)))."),
        ("ln", ["a = ln(x)", "b = a^2", "c = (x^y)^3"],
         "In NumPy ln is np.log. And ^ on lines 3 and 4 is not a power in Python."),
        ("rows", ["a = x", "b = rows + a"], "Which line should compute rows?"),
        ("plus", ["a = plus(x, y)"], "Which line defines plus?"),
        ("alhpa", ["alpha = x", "b = alhpa"], "Did you mean alpha?"),
    ],
)  # fmt: skip
def test_what_was_meant_is_told(name: str, lines: list[str], says: str):
    assert what_was_meant(name, program(*lines), 2) == says


def test_what_is_returned_by_another_name_is_told_with_it():
    text = program("a = ln(x)", "f = a*y", "fx = y/x", "fy = a", "return out, fx, fy")
    assert what_was_meant("ln", text, 2, RETURNED) == (
        "In NumPy ln is np.log. out is what the equations call v: line 3 computes it as f. Use one name on both lines."
    )


@pytest.mark.parametrize("name", ["σ", "sigma", "logistic"])
def test_a_function_of_the_program_is_called_as_it_is_there(name: str):
    text = program(f"a = {name}(x)", above=SIGMOID)
    assert what_was_meant(name, text, 4) == f"{name} is called sigmoid in this program."


@pytest.mark.parametrize("name", ["ln", "tg", "relu", "sigmoid", "sgn", "sec", "sech", "softplus", "rsqrt"])
def test_what_is_said_is_what_numpy_computes(name: str):
    """The oracle is NumPy itself, by formulas of our own."""
    truths = {
        "ln": np.log, "tg": np.tan, "relu": lambda x: x * (x > 0), "sigmoid": lambda x: 0.5 + 0.5 * np.tanh(x / 2),
        "sgn": lambda x: x / abs(x), "sec": lambda x: np.cos(x) ** -1.0, "sech": lambda x: 2 / (np.exp(x) + np.exp(-x)),
        "softplus": lambda x: np.log1p(np.exp(x)), "rsqrt": lambda x: x**-0.5,
    }  # fmt: skip
    said = in_numpy(name).removesuffix(" there.").rstrip(".").rpartition(" is ")[2]
    written = said if "(" in said or "/" in said else f"{said}(x)"
    x = np.array([0.3, 1.7])
    assert np.allclose(eval(written, {"np": np, "x": x}), truths[name](x))  # our own text


@pytest.mark.parametrize(
    ("missing", "lines", "says", "line"),
    [
        ("out", ["a = x", "v = a*y", "return out, y, x"],
         "out is what the equations call v: line 3 computes it as v. Use one name on both lines.", 3),
        ("out", ["a = x", "f = a*y", "return out, y, x"],
         "out is what the equations call v: line 3 computes it as f. Use one name on both lines.", 3),
        ("fx", ["out = x*y", "df_dx = y", "df_dy = x", "return out, fx, fy"],
         "fx is the gradient of x: line 3 computes it as df_dx. The same goes for fy (df_dy on line 4). "
         "Use one name for each.", 3),
        ("da", ["a = x", "out = a*y", "fa = y", "fx = da", "return out, fx, x"],
         "da is the gradient of a: line 4 computes it as fa. Use one name on both lines.", 4),
        ("out", ["a = x*y", "return out, y, x"], "Which line should compute out?", None),
        ("out", ["h = lambda v: v", "return out, y, x"], "Which line should compute out?", None),
    ],
)  # fmt: skip
def test_another_name_of_the_same_value_is_told(missing: str, lines: list[str], says: str, line: int | None):
    text = program(*lines)
    assert what_was_meant(missing, text, len(lines) + 1, RETURNED) == says
    assert line_of_meant(missing, text, len(lines) + 1, RETURNED) == line


def test_a_name_of_another_function_is_no_other_name():
    text = program("v = x", "return v", above="") + "\n\ndef h(x, y):\n    return out, y, x\n"
    assert line_of_meant("out", text, 7, RETURNED) is None


@pytest.mark.parametrize(
    ("detail", "line", "says"),
    [
        ("ufunc 'bitwise_xor' not supported for the input types, and the inputs could not be safely coerced to any "
         "supported types according to the casting rule ''safe''", "a = x^2",
         "Line 2: In Python ^ is not a power. Which operator is?"),
        ("unsupported operand type(s) for |: 'float' and 'float'", "a = x | y",
         "In Python | works on the bits of whole numbers only."),
        ("'numpy.ndarray' object is not callable", "a = x(y + 1)",
         "Is a * missing in x(y + 1)? Brackets after a value call it."),
    ],
)  # fmt: skip
def test_a_sign_that_means_something_else_in_python_is_not_counted(detail: str, line: str, says: str):
    fault = RunFault(
        "raised", f"Your code raised TypeError on line 2: {detail}.", 2, "Trace", "TypeError", detail, (2,)
    )
    verdict = of_fault(fault, told=Told(program(line)))
    assert verdict.kind is Kind.UNREADABLE and verdict.stopped_at == 2 and verdict.lines == (2,)
    assert verdict.message.endswith(says) and "ufunc" not in verdict.message and "Trace" not in verdict.message


def test_all_lines_with_a_caret_are_told_at_once():
    detail = "unsupported operand type(s) for ^: 'float' and 'int'"
    fault = RunFault("raised", f"Your code raised TypeError on line 3: {detail}.", 3, "", "TypeError", detail, (3,))
    said = of_fault(fault, told=Told(program("a = x", "b = a^2", "c = b + x^3"))).message
    assert said.endswith("In Python ^ is not a power. Which operator is? The same goes for line 4.")


def test_a_value_that_is_called_without_a_product_still_counts():
    detail = "'float' object is not callable"
    fault = RunFault("raised", f"Your code raised TypeError on line 2: {detail}.", 2, "", "TypeError", detail, (2,))
    assert of_fault(fault, told=Told(program("a = x.shape()"))).kind is Kind.WRONG


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("a = ln x", " Python wants brackets around what a function is called with: np.log(x)."),
        ("a = np.sin y", " Python wants brackets around what a function is called with: np.sin(y)."),
        ("a = sigmoid b", " Python wants brackets around what a function is called with: sigmoid(b)."),
        ("a = |x - y|", " Python has no bars: |x - y| is np.abs(x - y)."),
        ("a = 2*|x|", " Python has no bars: |x| is np.abs(x)."),
        ("a = x || y", ""),
    ],
)
def test_mathematics_that_python_cannot_read_is_told_in_numpy(line: str, says: str):
    assert unreadable_line(RunFault("syntax", "", 2, "", "", "invalid syntax", ()), program(line)) == says


def test_a_variable_is_no_function():
    said = unreadable_line(RunFault("syntax", "", 3, "", "", "invalid syntax", ()), program("dot = x", "a = dot y"))
    assert said == " Python wants a * between dot and y."


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("√y", "np.sqrt(y)"), ("√(x + y)", "np.sqrt(x + y)"), ("2*√x.y", "2*np.sqrt(x.y)"), ("√f(x)", "np.sqrt(f(x))")],
)
def test_a_root_is_of_what_comes_after_it(typed: str, meant: str):
    assert readable(f"a = {typed}") == (f"a = {meant}", "Read √ as np.sqrt.")
