"""The harness `loops`: the backward pass of a network in loops, in several styles, and every slip by its name."""

from __future__ import annotations

import textwrap

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from tutor.judging import Kind
from tutor.questions.code import loops
from tutor.questions.code.loops import LoopsSpec
from tutor.runner import Runner

from .judging import accepted, refused

SPEC = LoopsSpec()
GIVEN = loops.starter(SPEC).rpartition("    \n")[0]
LAST = "return l, dy, dv, dc, dh, dk, dw, db, dx"


def network(backward: str, last: str = LAST) -> str:
    return GIVEN + textwrap.indent(textwrap.dedent(backward).strip() + f"\n{last}", "    ") + "\n"


STYLES = {
    "one loop over j": """
        dy = 2 * (y - t)
        dc = dy
        for j in range(m):
            dv[j], dh[j] = dy * h[j], dy * v[j]
            dk[j] = db[j] = dh[j] * (h[j] - h[j] ** 2)
            for i in range(n):
                dw[i, j] = dk[j] * x[i]
                dx[i] = dx[i] + dk[j] * w[i, j]
    """,
    "a loop for each": """
        dy = dc = 2 * y - 2 * t
        for j, each in enumerate(h):
            dv[j] = each * dy
        for j in range(m): dh[j] = v[j] * dy
        j = 0
        while j < m:
            dk[j] = h[j] * (1 - h[j]) * dh[j]
            j += 1
        for i, j in np.ndindex(n, m):
            dw[i, j] += x[i] * dk[j]
        for j in range(m):
            db[j] += dk[j]
        for i in range(n):
            dx[i] = sum(w[i, j] * dk[j] for j in range(m))
    """,
    "lists": """
        dy = dc = 2 * (y - t)
        dv = [dy * each for each in h]
        dh = [dy * each for each in v]
        dk = [up * each * (1 - each) for up, each in zip(dh, h)]
        dw = [[dk[j] * x[i] for j in range(m)] for i in range(n)]
        db = list(dk)
        dx = [sum(dk[j] * w[i][j] for j in range(m)) for i in range(n)]
    """,
}

VECTORS = """
    dy = dc = 2 * (y - t)
    dv, dh = dy * h, dy * v
    dk = db = dh * h * (1 - h)
    dw, dx = np.outer(x, dk), w @ dk
"""


@pytest.mark.parametrize("style", STYLES)
def test_right_in_any_style(runner: Runner, style: str):
    verdict = accepted(runner, "loops", SPEC, network(STYLES[style]))
    assert "The loss and eight gradients are right, on networks of six sizes" in verdict.message


@pytest.mark.parametrize("forward", ["given", "whole arrays"])
def test_whole_arrays_are_right_with_a_remark(runner: Runner, forward: str):
    text = network(VECTORS)
    if forward == "whole arrays":
        text = (
            f"def gradients(x, t, w, b, v, c):\n    h = 1 / (1 + np.exp(-(x @ w + b)))\n    y = v @ h + c\n"
            f"    l = (y - t) ** 2\n{textwrap.indent(textwrap.dedent(VECTORS), '    ')}\n    {LAST}\n"
        )
    verdict = accepted(runner, "loops", SPEC, text, Kind.REMARK)
    assert "The backward pass has no loop" in verdict.message


def test_by_name_in_a_dictionary(runner: Runner):
    names = LAST.removeprefix("return ").split(", ")
    last = f"return dict({', '.join(f'{name}={name}' for name in reversed(names))})"
    accepted(runner, "loops", SPEC, network(STYLES["lists"], last))


RIGHT = STYLES["one loop over j"]
ONE = "It has shape"
WRONGS = {
    "no factor 2": (("dy = 2 * (y - t)", "dy = y - t"), "l is right; dy is not. It is ", "mse_no_two"),
    "sign": (("2 * (y - t)", "2 * (t - y)"), "dy is not", "sign_flipped"),
    "upstream": (("dv[j], dh[j] = dy * h[j]", "dv[j], dh[j] = h[j]"), "dy are right; dv is not", "forgot_upstream"),
    "k for h": (("dy * h[j], dy", "dy * k[j], dy"), "not by k_j", "value_for_gradient"),
    "swapped": (("dv[j], dh[j] =", "dh[j], dv[j] ="), "That is the value of dh", "wrong_order"),
    "no slope": (("dh[j] * (h[j] - h[j] ** 2)", "dh[j]"), "dk is not", "forgot_local"),
    "half a slope": (("(h[j] - h[j] ** 2)", "h[j]"), "The factor (1 - h[j]) is missing", "sigmoid_one_factor"),
    "slope at k": (("(h[j] - h[j] ** 2)", "(k[j] - k[j] ** 2)"), "uses the output h, not k", "sigmoid_at_input"),
    "skips k": (("dw[i, j] = dk[j]", "dw[i, j] = dh[j]"), "goes through k_j", "skipped_a_gate"),
    "no input": (("dk[j] * x[i]", "dk[j]"), "dw is not", "forgot_local"),
    "overwritten": (("dx[i] = dx[i] + dk", "dx[i] = dk"), "dx is not", "overwrote_branch"),
    "never set": (("dx[i] = dx[i] + dk[j] * w[i, j]", "pass"), "dx is not. It is 0; it should be", ""),
    "transposed": (("dw[i, j] = dk[j] * x[i]", "dw = np.outer(dk, x)"), "It is the transpose", "grad_transposed"),
    "in place": (("dy = 2", "x *= 2\ndy = 2"), "It changes its input x in place", "changed_in_place"),
    "raises": (("dw[i, j] =", "dw[j, i] ="), "That was with two inputs and three hidden units.", ""),
    "own sizes": (("range(m)", "range(3)"), "That was with four inputs and two hidden units.", ""),
}  # fmt: skip


@pytest.mark.parametrize("way", WRONGS)
def test_every_slip_is_named(runner: Runner, way: str):
    (old, new), says, mistake = WRONGS[way]
    right = textwrap.dedent(RIGHT)
    assert old in right
    refused(runner, "loops", SPEC, network(right.replace(old, new)), says, mistake)


def test_what_is_returned(runner: Runner):
    refused(runner, "loops", SPEC, network(RIGHT, "pass"), f"It returned None. End with: {LAST}", "returned_none")
    order = LAST.replace("dw, db", "db, dw")
    refused(
        runner,
        "loops",
        SPEC,
        network(RIGHT, order),
        "dw is not. It has shape (3,); it should be (2, 3).",
        "wrong_order",
    )
    refused(runner, "loops", SPEC, network(RIGHT, "return l, dy"), "It returned 2 values on line 30; there should be 9")


@pytest.mark.parametrize("spec", [SPEC, LoopsSpec(5, 4)], ids=str)
def test_the_truth_is_autograds(spec: LoopsSpec):
    def loss(x, t, w, b, v, c):
        return (anp.dot(v, 1 / (1 + anp.exp(-(anp.dot(x, w) + b)))) + c - t) ** 2

    assert np.shape(spec.networks[0].arguments["w"]) == (spec.inputs, spec.hidden)
    assert len({np.shape(each.arguments["w"]) for each in spec.networks}) >= 5
    for each in spec.networks:
        arguments = list(each.arguments.values())
        np.testing.assert_allclose(each.truths["l"], loss(*arguments))
        for name, at in (("dx", 0), ("dw", 2), ("db", 3), ("dv", 4), ("dc", 5)):
            np.testing.assert_allclose(each.truths[name], grad(loss, at)(*arguments), err_msg=name)


def test_a_gradient_by_another_name_is_told(runner: Runner):
    text = network("dl_dy = 2 * (y - t)\ndc = dl_dy")
    line = text[: text.index("dl_dy")].count("\n") + 1
    says = f"dy is the gradient of y: line {line} computes it as dl_dy. Use one name on both lines."
    assert says in refused(runner, "loops", SPEC, text, "", kind=Kind.UNREADABLE).message
