"""What is said, word for word, of a few slips; and that the learner's text can hold anything."""

from __future__ import annotations

import pytest

from tutor.questions.code.remarks import manner
from tutor.runner import Runner

from . import running
from .corpus import L, programs_of, wrong


def said(runner: Runner, body: str) -> str:
    source = "def q2a(x, y, z):\n" + "".join(f"    {line}\n" for line in body.split("; "))
    return running.judged(runner, "node-way/a", 0, source).message


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("a = x + y; out = a * z; da = a; return out, da, da, a",
         "out is right; da on line 4 is not: a itself was used, not the other factor. "
         "Hold z fixed. What is a multiplied by to give f?"),
        ("a = x - y; out = a * z; return out, z, z, a",
         "The mistake is in the forward pass; the gradients come after it. "
         "a on line 2 is not right: one was subtracted from the other. Which operation joins x and y?"),
        ("a = x + y; out = a * z; fx = z; fy = z; fz = z; return out, fx, fy, fz",
         "fx and fy are right; fz on line 6 is not: z itself was used, not the other factor. "),
        ("a = x + y; out = a * z; da = z; da = da; fx = da; fy = da; fz = z; return out, fx, fy, fz",
         "da, fx and fy are right; fz on line 8 is not: "),
        ("fz = x + y; return fz * z, z, fz, z",
         "The values are right but in the wrong order. Line 3 should be: return out, fx, fy, fz"),
        ("fz = x + y; return fz * z, z, z, z", "fz on line 2 is right, but line 3 returns z instead."),
        ("x += y; return x * z, z, z, x", "Line 2 changes the input x in place, for the caller too. "
         "Work on a copy: x = x + ... makes one."),
    ],
)  # fmt: skip
def test_sentences(runner: Runner, body: str, says: str):
    assert said(runner, body).startswith(says)


def test_the_example_of_the_issue(runner: Runner):
    source = next(one.source for one in programs_of(L) if "fb = fc * sigmoid(c)" in one.source)
    found = running.judged(runner, L, 0, source)
    assert found.message.startswith(
        "All gradients above are right; fb on line 22 is not: the sigmoid was applied a second time. "
        "Does the slope use the input b or the output c?"
    )  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "", "def q2a(", "q2a = 3", "class q2a: pass", "def q2a(x): return x", "def q2a(*a): return a", "x" * 10_000,
        "def q2a(x, y, z):\n    return q2a(x, y, z)",
        "def q2a(x, y, z):\n    out = x.__class__.__subclasses__()\n    return out, x, y, z",
        "def q2a(x, y, z):\n    (a, b), c = (x, y), z\n    a[0] = b[1:] = c.d = 3\n    del a\n    return a, b, c, x",
        "def q2a(x, y, z):\n    match 1:\n        case 1: return x, y, z, x\n    return y, x, z, z",
        "def q2a(x, y, z):\n    out = " + " + ".join(["x"] * 400) + "\n    return out, x, y, z",
    ],
    ids=range(12),
)  # fmt: skip
def test_any_text_is_taken(source: str, runner: Runner):
    assert running.judged(runner, "node-way/a", 0, source).message
    manner(source, "q2a")


MANNERS = {
    "autodiff_library": [
        "from autograd import grad\ndef f(x): return x", "import torch\ndef f(x): return x",
        "import jax.numpy as jnp\ndef f(x): return x", "def f(x):\n    import sympy as sp\n    return x",
    ],
    "finite_differences": [
        "def f(x):\n    h = 1e-5\n    g = lambda x: x**2\n    return g(x), (g(x + h) - g(x - h)) / (2 * h)",
        "def f(x):\n    return x**2, ((x + 1e-6)**2 - x**2) / 1e-6",
        "def num(g, x, eps=1e-4):\n    return (g(x + eps) - g(x)) / eps\ndef f(x):\n    return x, num(np.sin, x)",
        "def f(x):\n    h = 1e-6\n    y = x.copy()\n    y[0] += h\n    return x, (y - x) / h",
    ],
    "loop_for_vector": [
        "def f(x):\n    y = np.zeros(3)\n    for i in range(3):\n        y[i] = x[i]**2\n    return y, x"
    ],
    "": [
        "def f(x):\n    return x**2 + 0.01, 2 * x",
        "def f(x):\n    h = np.tanh(x)\n    return h, (1 - h) * (1 + h) / 1.0",
        "def f(x):\n    for _ in range(3):\n        x = x * 2\n    return x, 8", "import numpy\ndef f(x): return x, 1",
        "def f(", "def f(x):\n    h = x + 1\n    return 1 / h, -1 / h**2",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("mistake", "source"), [(key, one) for key, several in MANNERS.items() for one in several])
def test_how_a_right_function_came_to_be_right(mistake: str, source: str):
    found = manner(source, "f")
    assert (found.mistake if found else "") == mistake


def test_marks_are_read_as_they_stand():
    one = wrong("node-way/a", "a = 1\nb = 2  #! x|y\n")
    assert (one.line, one.mistakes, one.source) == (2, {"x", "y"}, "a = 1\nb = 2\n")
