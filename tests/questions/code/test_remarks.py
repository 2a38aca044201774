"""How a right function came to be right: by small steps and by loops, told by what the code does."""

from __future__ import annotations

import ast

import pytest

from tests.questions.code_diagnosis import running
from tests.questions.code_diagnosis.right import RIGHT
from tutor.questions.code.differences import differences
from tutor.questions.code.remarks import manner
from tutor.runner import Runner

SMALL_STEPS = {
    "central": "def f(x):\n h = 1e-5\n g = lambda x: x**2\n return g(x), (g(x + h) - g(x - h)) / (2 * h)",
    "written out": "def f(x):\n return x**2, ((x + 1e-6)**2 - x**2) / 1e-6",
    "an argument": "def num(g, x, eps=1e-4):\n return (g(x + eps) - g(x)) / eps\ndef f(x):\n return x, num(np.sin, x)",
    "in place": "def f(x):\n h = 1e-6\n y = x.copy()\n y[0] += h\n return x, (y - x) / h",
    "a power, first": (
        "def f(x):\n s = 10**-5\n g = np.sin\n a = g(s + x)\n b = g(x - s)\n return g(x), (a - b) * (1 / (2*s))"
    ),
    "the machine's": (
        "def f(x):\n s = np.sqrt(np.finfo(float).eps)\n u, d = x + s, x - s\n"
        " return x, (np.sin(u) - np.sin(d)) / (u - d)"
    ),
    "multiplied": "def f(x):\n g = np.sin\n return g(x), 50000 * (g(x + 1e-5) - g(x - 1e-5))",
    "complex": "def f(x):\n return np.sin(x), np.sin(x + 1j*1e-20).imag / 1e-20",
    "a share of it": "def f(x):\n k = 1e-5\n d = np.subtract(g(x*(1+k)), g(x))\n return g(x), np.divide(d, x*k)",
    "its value again": "def F(v):\n return v**3\ndef f(x):\n k = 1e-5\n out = F(x)\n return out, (F(x+k) - out) / k",
    "entry by entry": (
        "def f(W):\n def num(F, v):\n  g = np.zeros_like(v)\n  for i in np.ndindex(v.shape):\n   old = v[i]\n"
        "   v[i] = old + 1e-5\n   up = F(v)\n   v[i] = old - 1e-5\n   down = F(v)\n   v[i] = old\n"
        "   g[i] = (up - down) / 2e-5\n  return g\n return W, num(lambda w: np.sum(w**2), W.copy())"
    ),
}  # fmt: skip

NO_STEPS = {
    "a constant of the function": "def f(x):\n return x**2 + 0.01, 2 * x",
    "a name": "def f(x):\n h = np.tanh(x)\n return h, (1 - h) * (1 + h) / 1.0",
    "against 0/0": (
        "def f(x, g):\n r = np.sqrt(np.mean(x**2) + 0.01)\n n = x / r\n return n, (g - n*np.mean(g*n)) / (r + 1e-12)"
    ),
    "inside a logarithm": "def f(x):\n eps = 1e-8\n return np.log(x + eps), 1 / (x + eps)",
    "a rate": "def f(x):\n lr = 0.01\n g = 2*x\n return x**2, (g - lr*g) / (1 - lr)",
    "nothing": "def f(z):\n return z, (z - z) / 0.01",
    "a small factor": "def f(x):\n y = 0.01*x\n return y, y / x * 0.005 / 0.005",
    "clipped": "def f(p, y):\n e = 1e-9\n p = np.clip(p, e, 1-e)\n return -np.log(p), (p - y) / (p*(1-p) + e)",
    "delta": "def f(x):\n delta = x - 1\n return delta**2, (delta + delta) / 1.0",
}  # fmt: skip


@pytest.mark.parametrize("name", SMALL_STEPS)
def test_small_steps_are_told(name: str):
    found = manner(SMALL_STEPS[name], "f")
    assert found is not None
    assert found.mistake == "finite_differences"
    assert "small steps" in found.message


@pytest.mark.parametrize("name", NO_STEPS)
def test_a_small_number_is_no_small_step(name: str):
    assert differences(ast.parse(NO_STEPS[name])) is None


def test_no_right_program_is_taken_for_small_steps():
    for sources in RIGHT.values():
        for source in sources:
            assert differences(ast.parse(source)) is None


def test_small_steps_that_are_too_coarse_are_told_kindly(runner: Runner):
    source = (
        "def sigmoid(x):\n    def s(v):\n        return 1 / (1 + np.exp(-v))\n    h = 1e-3\n"
        "    return s(x), (s(x + h) - s(x)) / h\n"
    )
    found = running.judged(runner, "sigmoid/gates", 0, source)
    assert found.mistake == "finite_differences"
    assert found.message.startswith("The value is right, and line 5 finds a gradient with small steps")


ADDED = {
    "rows": "def f(X):\n s = np.zeros(3)\n for row in X:\n  s += row\n return s, X",
    "by index": "def f(w, x):\n s = 0\n for i in range(len(x)):\n  s = s + w[i] * x[i]\n return s, x, w",
    "pairs": "def f(w, x):\n s = 0\n for a, b in zip(w, x):\n  s += a * b\n return s, x, w",
    "a sum of parts": "def f(w, x):\n s = sum(w[i] * x[i] for i in range(3))\n return s, x, w",
    "the transpose": "def f(X):\n s = 0\n for column in X.T:\n  s += column\n return s, X",
}  # fmt: skip

NO_ARRAYS = {
    "a list of local gradients": (
        "def f(x):\n parts = [2*x, 3*x]\n g = 0\n for part in parts:\n  g += part\n return x, g"
    ),
    "a product of locals": (
        "def f(x):\n local = [2*x, 3*x]\n g = 1\n for i in range(2):\n  g = g * local[i]\n return x, g"
    ),
    "the same again": "def f(x):\n for _ in range(3):\n  x = x * 2\n return x, 8",
    "a table of gradients": "def f(x):\n g = {}\n for key in ('a', 'b'):\n  g[key] = 2 * x\n return x, g['a']",
    "a power": "def f(x):\n p = 0\n for n in range(3):\n  p += x**n\n return p, 1 + 2*x",
}  # fmt: skip


@pytest.mark.parametrize("name", ADDED)
def test_a_loop_that_adds_up_is_right_with_a_remark(name: str):
    found = manner(ADDED[name], "f")
    assert found is not None
    assert found.mistake == "loop_for_vector"
    assert "adds up" in found.message


@pytest.mark.parametrize("name", NO_ARRAYS)
def test_a_loop_over_no_array_is_left_alone(name: str):
    assert manner(NO_ARRAYS[name], "f") is None
