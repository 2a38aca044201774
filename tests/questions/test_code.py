"""The code step: right in any style, and every way of being wrong has its reason."""

from __future__ import annotations

import textwrap

import pytest

from tutor.judging import Kind, Verdict
from tutor.library import BadFile
from tutor.runner import Limits, Runner

from .making import Learner, learner, made, shipped

RIGHT, WRONG, UNREADABLE = Kind.RIGHT, Kind.WRONG, Kind.UNREADABLE
STAGED = "a = x + y\nf = a z"


def judged(runner: Runner, body: str, id: str = "node-way/a", staging: str = "") -> Verdict:
    return shipped(id, staging, runner).judge("code", textwrap.dedent(body))


def q2a(body: str) -> str:
    return "def q2a(x, y, z):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"


STYLES = {
    "staged": "a = x + y\nout = a * z\ndout = 1\nda = dout * z\nreturn out, da, da, dout * a",
    "in one line": "return (x + y) * z, z, z, x + y",
    "a list": "return [(x + y) * z, z, z, x + y]",
    "through numpy": "out = np.multiply(np.add(x, y), z)\nreturn out, np.ones_like(x) * z, z, np.add(x, y)",
    "entry by entry": """
        if np.ndim(x) == 0:
            return (x + y) * z, z, z, x + y
        out, fx, fy, fz = np.zeros((4, *np.shape(x)))
        for i in np.ndindex(np.shape(x)):
            out[i], fx[i], fy[i], fz[i] = (x[i] + y[i]) * z[i], z[i], z[i], x[i] + y[i]
        return out, fx, fy, fz
    """,
    "with names of its own": "import numpy\nt1 = x + y\nt2 = t1 * z\nreturn t2, numpy.copy(z), numpy.copy(z), t1",
    "by small steps": "h = 1e-6\nf = lambda x, y, z: (x + y) * z\n"
    "return f(x, y, z), (f(x + h, y, z) - f(x - h, y, z)) / (2 * h), z, x + y",
}


MANNERS = {"by small steps": "small steps", "entry by entry": "loop"}
"""Right numbers, got in a way that is spoken of."""


@pytest.mark.parametrize("style", STYLES)
def test_right_in_any_style(runner: Runner, style: str):
    verdict = judged(runner, q2a(STYLES[style]))
    if style in MANNERS:
        assert verdict.kind is Kind.REMARK and MANNERS[style] in verdict.message
        return
    assert verdict.kind is RIGHT, verdict.message
    assert verdict.message == "Four returned values checked on arrays and numbers: all right."


WRONGS = {
    "nothing": ("pass", WRONG, "without returning anything. End it with: return out, fx, fy, fz"),
    "a print for a return": ("print((x + y) * z)", WRONG, "print on line 2 shows values and gives none back"),
    "one value": (
        "return (x + y) * z",
        WRONG,
        "One value is returned on line 2; there should be 4: return out, fx, fy, fz",
    ),
    "too few": ("return (x + y) * z, z, z", WRONG, "3 values are returned; there should be 4"),
    "too many": ("return (x + y) * z, z, z, x + y, 1", WRONG, "5 values are returned"),
    "wrong value": ("return (x - y) * z, z, z, x + y", WRONG, "\nout is "),
    "wrong gradient": ("return (x + y) * z, z, x, x + y", WRONG, "\nfy is "),
    "wrong order": ("return (x + y) * z, x + y, z, z", WRONG, "in the wrong order. Line 2 should be: return out, fx,"),
    "a missing part": ("return (x + y) * z, z, None, x + y", WRONG, "fy is returned as None"),
    "a text": ("return (x + y) * z, 'z', z, x + y", WRONG, "fx is a str; it should be numbers"),
    "a function": ("return (x + y) * z, z, z, np.add", WRONG, "fz is an ufunc; it should be numbers"),
    "not a number": ("return (x + y) * z, z, z, (x + y) * np.nan", WRONG, "\nfz is undefined; it should be "),
    "raises for numbers only": ("return (x + y) * z, z, z, (x + y)[()]", WRONG, "not subscriptable"),
    "constants for arrays": ("return (x + y) * z, 1, 1, x + y", WRONG, "\nfx is 1; it should be "),
    "by the name of the equations": (
        "a = x + y\nf = a * z\nreturn out, z, z, a",
        UNREADABLE,
        "out is what the equations call f: line 3 computes it as f.",
    ),
    "summed": ("return (x + y) * z, z, z, np.sum(x + y)", WRONG, " (the first of 3), with shape (3,)."),
    "another shape": ("return (x + y) * z, z, z, (x + y)[None]", WRONG, "It has shape (1, 3); it should be (3,)."),
    "changed in place": ("if np.ndim(x): x += y\nelse: x = x + y\nreturn x * z, z, z, x", WRONG, "changes the input x"),
    "raises": ("return 1 / 0", WRONG, "ZeroDivisionError on line 2"),
    "an unknown name": ("return (x + y) * w, z, z, x + y", UNREADABLE, "NameError on line 2"),
    "shapes": ("return (x + y) @ np.ones((7, 7)), z, z, x", WRONG, "ValueError on line 2"),
    "syntax": ("return (x + y * z, z, z, x + y", UNREADABLE, "Python cannot read your code on line 2"),
    "exits": ("import sys\nsys.exit()", WRONG, "asked Python to stop on line 3"),
    "recursion": ("return q2a(x, y, z)", WRONG, "called itself too many times"),
    "keyboard": ("return input()", UNREADABLE, "waited for keyboard input"),
}  # fmt: skip


@pytest.mark.parametrize("way", WRONGS)
def test_every_way_of_being_wrong_has_its_reason(runner: Runner, way: str):
    body, kind, says = WRONGS[way]
    verdict = judged(runner, q2a(body))
    assert verdict.kind is kind, verdict.message
    assert says in verdict.message


def test_a_missing_or_misspelt_function_costs_nothing(runner: Runner):
    verdict = judged(runner, "def q2b(x, y, z):\n    return 1\n")
    assert verdict.kind is UNREADABLE
    assert "does not define `q2a`" in verdict.message and "`q2b`" in verdict.message
    assert judged(runner, "").kind is UNREADABLE
    assert judged(runner, "q2a = 3").kind is UNREADABLE


def test_another_number_of_parameters_is_named(runner: Runner):
    verdict = judged(runner, "def q2a(x, y):\n    return x, y, x, y\n")
    assert verdict.kind is WRONG
    assert "TypeError" in verdict.message


def test_an_endless_loop_is_ended():
    with Runner(Limits(seconds=0.4, cpu_seconds=2.0)) as hasty:
        verdict = judged(hasty, q2a("while True:\n    x = x + 1"))
    assert verdict.kind is WRONG
    assert "still running after 0.4 seconds" in verdict.message


def test_what_was_printed_is_shown_and_does_not_matter(runner: Runner):
    verdict = judged(runner, q2a("print('shape', np.shape(x))\nreturn (x + y) * z, z, z, x + y"))
    assert verdict.kind is RIGHT
    assert "It printed:\nshape (3,)" in verdict.message
    verdict = judged(runner, q2a("print('x' * 5000)\nreturn None"))
    assert verdict.kind is WRONG
    assert "without returning anything" in verdict.message
    assert len(verdict.message) < 1000


def test_the_inputs_are_told_where_it_went_wrong(runner: Runner):
    verdict = judged(runner, q2a("return np.where(x == 1, 0, (x + y) * z), z, z, x + y"))
    assert verdict.kind is WRONG
    assert "Called with x = 1, y = 3, z = 2" in verdict.message, "only the exercise's own numbers show this slip"
    assert "\nout is 0; it should be 8." in verdict.message


def test_arrays_in_an_exercise_of_numbers_are_explained(runner: Runner):
    message = judged(runner, q2a("return (x + y) * z, z, z + x, x + y")).message
    assert "Called with three numbers at once (NumPy takes arrays): x = [" in message


def test_a_slip_at_the_exercises_numbers_only_shows_elsewhere(runner: Runner):
    assert judged(runner, q2a("return (x + y) * z, 2 + 0 * x, z, x + y")).kind is WRONG, "2 is z here, and a constant"


def test_code_is_not_run_to_show_it():
    work = shipped("node-way/a", STAGED)
    _, blank = work.place("code")
    assert blank.starter == (
        "def q2a(x, y, z):\n    # forward pass\n    \n    \n    # backward pass\n    \n    return out, fx, fy, fz\n"
    )
    assert blank.label == "q2a"


def test_lines_and_helpers_of_the_file_stand_in_the_starter():
    _, blank = shipped("sigmoid/gates", "a = -x\nb = e^a\nc = 1 + b\nd = 1/c").place("code")
    assert "    b = np.exp(a)\n" in blank.starter
    assert "    # backward pass\n    \n    return out, fx\n" in blank.starter
    _, blank = shipped("layers/complex").place("code")
    assert blank.starter.startswith("def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n\n\ndef complex_layer(x, y):\n")


def test_a_helper_can_be_used(runner: Runner):
    code = """
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))


    def complex_layer(x, y):
        s, t = sigmoid(np.sqrt(y)), sigmoid((x + y) ** 2)
        out = np.log(x) * s / t
        through_t = -out * (1 - t) * 2 * (x + y)
        return out, s / t / x + through_t, np.log(x) / t * s * (1 - s) / (2 * np.sqrt(y)) + through_t
    """
    assert judged(runner, code, "layers/complex").kind is RIGHT


ARRAYS = {
    "by the rules": ("q = W @ x\nreturn np.sum(q**2), 2 * q @ x.T, 2 * W.T @ q", RIGHT, "all right"),
    "by einsum": (
        "q = np.einsum('ij,jk->ik', W, x)\nreturn (q * q).sum(), np.outer(2 * q, x), np.einsum('ji,jk->ik', W, 2 * q)",
        RIGHT,
        "all right",
    ),
    "value in a matrix": ("q = W @ x\nreturn q.T @ q, 2 * q @ x.T, 2 * W.T @ q", Kind.REMARK, "an array of one number"),
    "factor of two": ("q = W @ x\nreturn np.sum(q**2), q @ x.T, W.T @ q", WRONG, "the factor 2 is missing."),
    "no transpose": ("q = W @ x\nreturn np.sum(q**2), 2 * q @ x.T, 2 * W @ q", WRONG, "W was not transposed."),
    "flat": ("q = W @ x\nreturn np.sum(q**2), 2 * q @ x.T, (2 * W.T @ q).ravel()", WRONG,
             "in the shape (2,); the shape should be (2, 1)"),
    "in place": ("x *= 1.0\nq = W @ x\nreturn np.sum(q**2), 2 * q @ x.T, 2 * W.T @ q", RIGHT, "all right"),
    "changed": ("W -= 1\nq = W @ x\nreturn np.sum(q**2), 2 * q @ x.T, 2 * W.T @ q", WRONG, "changes the input W"),
}  # fmt: skip


@pytest.mark.parametrize("way", ARRAYS)
def test_functions_of_matrices(runner: Runner, way: str):
    body, kind, says = ARRAYS[way]
    code = "def squared_norm(W, x):\n" + textwrap.indent(body, "    ")
    verdict = judged(runner, code, "vectors/squared-norm", "q = W @ x\nf = ||q||^2")
    assert verdict.kind is kind, verdict.message
    assert says in verdict.message


def test_whole_numbers_and_bools_are_numbers(runner: Runner):
    work = Learner(made("f(x) = x + 1", "x = 2"), runner=runner)
    assert work.judge("code", "def f(x):\n    return x + 1, np.ones_like(x, dtype=int)\n").kind is RIGHT
    assert work.judge("code", "def f(x):\n    return x + 1, x == x\n").kind is RIGHT


def test_an_input_that_is_not_used_wants_zeros_of_its_shape(runner: Runner):
    forward = "out = (np.log(x) + np.sin(y)) ** 2 + 4 * x\ngx = 2 * (np.log(x) + np.sin(y)) / x + 4\n"
    forward += "gy = 2 * (np.log(x) + np.sin(y)) * np.cos(y)\n"
    for last, kind in (("np.zeros_like(z)", RIGHT), ("0 * z", RIGHT), ("0", WRONG), ("None", WRONG)):
        code = "def q2c(x, y, z):\n" + textwrap.indent(forward + f"return out, gx, gy, {last}", "    ")
        assert judged(runner, code, "node-way/c").kind is kind, last


@pytest.mark.parametrize("slope", ["x > 0", "x >= 0", "0.5 * (np.sign(x) + 1)"])
def test_any_convention_at_a_kink_is_right(runner: Runner, slope: str):
    work = Learner(made("f(x) = 3 relu(x)", "x = 0"), runner=runner)
    assert work.judge("code", f"def f(x):\n    return 3 * np.maximum(x, 0), 3 * ({slope})\n").kind is RIGHT
    assert work.judge("code", f"def f(x):\n    return 3 * np.maximum(x, 0), 2 * ({slope})\n").kind is WRONG


# The table [code]


@pytest.mark.parametrize(
    ("table", "key", "says"),
    [
        ("returns = ['out']", "code.returns", "2: the value, then a gradient for each input"),
        ("returns = ['out', 'a', 'b']", "code.returns", "2: the value"),
        ("returns = ['out', 'out']", "code.returns", "out is here twice"),
        ("returns = ['out', 'x']", "code.returns", "already means something else"),
        ("returns = ['out', '1x']", "code.returns", "not a name in Python"),
        ("returns = ['out', 'lambda']", "code.returns", "not a name in Python"),
        ("name = 'a b'", "code.name", "not a name in Python"),
        ("name = 'class'", "code.name", "not a name in Python"),
        ("name = 'np'", "code.name", "already means something else"),
    ],
)
def test_names_that_do_not_fit_are_refused(table: str, key: str, says: str):
    with pytest.raises(BadFile) as caught:
        learner("f(x) = x + 1", "x = 2", f"[code]\n{table}")
    assert caught.value.key == key
    assert says in caught.value.reason


@pytest.mark.parametrize(
    ("function", "at", "first"),
    [
        ("f(lambda, in) = lambda in", "lambda = 1, in = 2", "def f(lambda_, in_):"),
        ("L(x_1, β) = x_1 β", "x_1 = 1, 'β' = 2".replace("'", '"'), "def L(x_1, β):"),
        ("f(out, x) = out x", "out = 1, x = 2", "def f(out, x):"),
        ("f(x, fx) = x fx", "x = 1, fx = 2", "def f(x, fx):"),
        ("class(x) = x^2", "x = 1", "def class_(x):"),
    ],
)
def test_names_python_cannot_have_are_changed(runner: Runner, function: str, at: str, first: str):
    work = Learner(made(function, at), runner=runner)
    worked = work.worked("code")
    assert worked.splitlines()[0] == first
    assert work.judge("code", worked).kind is RIGHT


def test_primes_in_names_do_not_collide(runner: Runner):
    work = shipped("node-way/a", "a' = x + y\na_ = a' + 0\na = a_ + 0\nf = a z", runner)
    worked = work.worked("code")
    assert work.judge("code", worked).kind is RIGHT, worked
