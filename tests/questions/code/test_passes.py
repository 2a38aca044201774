"""The harness `passes`: right functions in several styles, and the slips that are told by value."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest

from tutor.engine.graph import GraphBuilder
from tutor.judging import Kind
from tutor.questions.code import passes
from tutor.questions.code.passes import PassesSpec, trial_of
from tutor.runner import Runner

from .judging import accepted, refused

BODY = (
    """
def layer(W, x):
    # forward pass
    a = W @ x
    s = np.tanh(a)
    out = np.sum(s)

    # backward pass
    ds = np.ones_like(s)
    da = ds * (1 - s**2)
    dW = da @ x.T
    dx = W.T @ da
    return out, dW, dx
""".strip()
    + "\n"
)


def made() -> PassesSpec:
    """sum(tanh(W @ x)) on two shapes."""
    builder = GraphBuilder(("W", "x"))
    builder.apply("a", "matmul", "W", "x")
    builder.apply("s", "tanh", "a")
    builder.apply("out", "sum", "s")
    graph, rng = builder.build(), np.random.default_rng(5)
    shapes = ((3, 3), (3, 1)), ((2, 3), (3, 1)), ((1, 2), (2, 1))
    trials = tuple(trial_of(graph, {"W": rng.normal(size=one), "x": rng.normal(size=two)}) for one, two in shapes)
    return PassesSpec("layer", ("W", "x"), ("out", "dW", "dx"), trials, "def layer(W, x):\n", BODY, "three shapes")


SPEC = made()


def layer(body: str) -> str:
    return "def layer(W, x):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"


STYLES = {
    "worked": passes.worked(SPEC),
    "one line": layer("d = 1 - np.tanh(W @ x)**2\nreturn np.tanh(W @ x).sum(), np.outer(d, x), (d.T @ W).T"),
    "loops": layer("""
        n, m = W.shape
        out, dW, dx = 0, np.zeros((n, m)), np.zeros((m, 1))
        for i in range(n):
            s = np.tanh(sum(W[i, j] * x[j, 0] for j in range(m)))
            out += s
            for j in range(m):
                dW[i, j] = (1 - s * s) * x[j, 0]
                dx[j, 0] += (1 - s * s) * W[i, j]
        return out, dW, dx
    """),
    "einsum, as a dictionary": layer("""
        a = np.einsum("ij,jk->ik", W, x)
        slope = 1 / np.cosh(a) ** 2
        return {"dx": np.einsum("ij,ik->jk", W, slope), "dW": np.einsum("ik,jk->ij", slope, x), "out": np.tanh(a).sum()}
    """),
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_right_in_any_style(runner: Runner, style: str):
    verdict = accepted(runner, "passes", SPEC, STYLES[style])
    assert verdict.message == "Three returned values checked on three shapes: all right."


WRONGS = {
    "order": (("return out, dW, dx", "return out, dx, dW"), "the value of dx: return out, dW, dx", "wrong_order"),
    "sign": (("da = ds * (1", "da = ds * -(1"), "out is right; dW is not. It is ", "sign_flipped"),
    "transposed": (("da @ x.T", "(da @ x.T).T"), "is the transpose of the right answer", "grad_transposed"),
    "axes lost": (("W.T @ da", "(W.T @ da).ravel()"), "only the axes are wrong", "bias_keepdims"),
    "everything summed": (("W.T @ da", "np.sum(W.T @ da)"), "summed over everything", "bias_sum_all"),
    "not summed": (("W.T @ da", "W.T * da.T"), "sum its gradient back", "bias_no_sum"),
    "None": (("dx = W.T @ da", "dx = None"), "out and dW are right; dx is not. It is None", ""),
    "in place": (("a = W @ x", "W += 1\n    a = W @ x"), "It changes its input W in place", "changed_in_place"),
    "no slope": (("(1 - s**2)", "s**0"), "dW is not", ""),
    "nothing": (("    return out, dW, dx", ""), "It returned None. End with: return out, dW, dx", "returned_none"),
    "raises": (("W.T @ da", "W @ da.T.T.T.T @ 1"), "Your code raised ", ""),
}  # fmt: skip


@pytest.mark.parametrize("way", WRONGS)
def test_slips_are_named(runner: Runner, way: str):
    (old, new), says, mistake = WRONGS[way]
    assert old in BODY
    refused(runner, "passes", SPEC, BODY.replace(old, new), says, mistake)


def test_hints_lead_to_the_next_line():
    assert passes.hints(SPEC)[2] == "ds = np.ones_like(s)"
    assert passes.hints(SPEC, "ds = 1\nda = 2")[2] == "dW = da @ x.T"


def test_a_missing_function_costs_nothing(runner: Runner):
    refused(runner, "passes", SPEC, "def lair(W, x): pass", "It does define `lair`", kind=Kind.UNREADABLE)


@pytest.mark.parametrize(
    "returned",
    [
        "[[1] * 3, [1, 2]], 0, 0",
        "10**400, 0, 0",
        "2**1024 - 1, 0, 0",
        "np.array([]), 0, 0",
        "np.array(['a']), 0, 0",
        "[np.ones(2), np.ones(3)], 0, 0",
        "{'out': 1}",
        "float('nan'), 0, 0",
        "1j, 0, 0",
        "np.longdouble(3) * np.ones(2), 0, 0",
    ],
)  # fmt: skip
def test_whatever_is_returned_is_wrong_in_words(runner: Runner, returned: str):
    refused(runner, "passes", SPEC, layer(f"return {returned}"), "")
