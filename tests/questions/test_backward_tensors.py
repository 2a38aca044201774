"""Tensor gates: shapes first, then values; broadcasting is summed back."""

from __future__ import annotations

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from tutor.engine.values import exactly
from tutor.judging import Kind

from .making import Learner, learner

RIGHT, REMARK, WRONG, UNREADABLE = Kind.RIGHT, Kind.REMARK, Kind.WRONG, Kind.UNREADABLE
W = np.array([[1.0, 2.0], [-1.0, 0.5], [0.3, -0.7]])
X = np.array([[0.5, -1.0, 2.0, 0.1], [1.5, 0.3, -0.2, 0.6]])
B = np.array([[0.1], [-0.2], [0.3]])


def affine(function: str = "f(W, x, b) = sum((W @ x + b)^2)", staging: str = "") -> Learner:
    at = ", ".join(f"{name} = {exactly(array)}" for name, array in (("W", W), ("x", X), ("b", B)))
    return learner(function, at, staging=staging or "a = W @ x\nc = a + b\nd = c^2\nf = sum(d)")


def loss(w, x, b):
    return anp.sum((w @ x + b) ** 2)


GRADIENTS = {
    name: grad(loss, position)(W, X, B) for position, name in enumerate("Wxb")
}  # by autograd, not by our own passes


def test_a_layer_with_a_bias_over_a_batch():
    work = affine()
    forward = W @ X + B
    work.all_right(
        {
            "value:a": "W @ x", "value:c": exactly(forward), "value:d": exactly(forward**2),
            "value:f": exactly(np.sum(forward**2)),
            "total:f": "1", "down:f.0": "1 + 0 d",
            "total:d": exactly(np.ones((3, 4))), "local:d.0": "2c", "down:d.0": exactly(2 * forward),
            "total:c": "2 c", "local:c.0": "1", "down:c.0": "2 c", "local:c.1": exactly(np.ones((3, 4))),
            "down:c.1": exactly(GRADIENTS["b"]),
            "total:a": "2c", "down:a.0": exactly(GRADIENTS["W"]), "down:a.1": exactly(GRADIENTS["x"]),
        }
    )  # fmt: skip
    assert set(work.keys("forward") + work.keys("backward")) <= set(work.answers)


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        ("down:c.1", "sum(2 c, axis=1, keepdims=True)", RIGHT),
        ("down:c.1", "2 c", UNREADABLE),
        ("down:c.1", "sum(2 c, axis=1)", UNREADABLE),
        ("down:c.1", "sum(2 c, axis=0, keepdims=True)", UNREADABLE),
        ("down:c.1", "mean(2 c, axis=1, keepdims=True)", WRONG),
        ("down:c.1", "2 b", WRONG),
        ("down:a.0", "2 c @ x.T", RIGHT),
        ("down:a.0", "2 x @ c.T", UNREADABLE),
        ("down:a.0", "c @ x.T", WRONG),
        ("down:a.1", "2 W.T @ c", RIGHT),
        ("down:a.1", "2 W @ c", UNREADABLE),
        ("local:d.0", "c", WRONG),
        ("local:d.0", "2", UNREADABLE),
        ("local:d.0", "2 + 0 c", WRONG),
        ("local:c.1", "1", RIGHT),
        ("local:c.1", "2", WRONG),
        ("total:d", "1", UNREADABLE),
        ("total:f", "1", RIGHT),
        ("total:f", "25.6", WRONG),
    ],
)
def test_shapes_are_said_before_values(key: str, text: str, kind: Kind):
    verdict = affine().judge(key, text)
    assert verdict.kind is kind, verdict.message
    if kind is UNREADABLE:
        assert "(" in verdict.message, "a shape is named"


def test_the_prompt_says_the_shape_that_is_wanted():
    work = affine()
    assert "(3, 1)" in work.place("down:c.1")[1].prompt
    assert "(3, 2)" in work.place("down:a.0")[1].prompt
    assert "(3, 4)" in work.place("value:a")[1].prompt
    assert "local:a.0" not in work.keys("backward"), "a matrix product has no local derivative entry by entry"


def test_a_wrong_upstream_array_is_carried_down():
    work = affine()
    assert work.answer("total:c", "c").kind is WRONG
    verdict = work.answer("down:c.1", "sum(c, axis=1, keepdims=True)")
    assert verdict.kind is REMARK
    assert "gradient of c" in verdict.message
    assert work.answer("total:a", "c").kind is REMARK
    assert work.answer("down:a.0", "c @ x.T").kind is REMARK


def _rows(x):
    return anp.sum(x, axis=0, keepdims=True)


def _mean(x):
    return anp.mean(x, axis=0)


CASES = {
    "mean of rows": ("f(X, b) = sum(mean(X + b, axis=0)^2)", lambda x, b: anp.sum(_mean(x + b) ** 2), (2, 3), (3,)),
    "leading axis": ("f(X, b) = sum(X * b)", lambda x, b: anp.sum(x * b), (2, 3), (3,)),
    "both stretched": ("f(X, b) = sum(tanh(X b2))", lambda x, b: anp.sum(anp.tanh(x * b)), (2, 1), (1, 3)),
    "a number": ("f(X, b) = sum(X/b)", lambda x, b: anp.sum(x / b), (2, 3), ()),
    "rows summed": ("f(X, b) = sum(sum(X, axis=1) b3)", lambda x, b: anp.sum(anp.sum(x, axis=1) * b), (2, 3), (2,)),
    "kept axis": ("f(X, b) = sum(sum(X, axis=0, keepdims=True)/b)", lambda x, b: anp.sum(_rows(x) / b), (2, 3), (2, 3)),
    "matrix and vector": ("f(X, b) = sum(σ(X @ b))", lambda x, b: anp.sum(1 / (1 + anp.exp(-(x @ b)))), (2, 3), (3,)),
    "vector and matrix": ("f(X, b) = ||X @ b||", lambda x, b: anp.sqrt(anp.sum((x @ b) ** 2)), (3,), (3, 2)),
    "outer": ("f(X, b) = sum(outer(X, b)^2)", lambda x, b: anp.sum(anp.outer(x, b) ** 2), (3,), (2,)),
    "dot": ("f(X, b) = dot(X, b)^2", lambda x, b: anp.dot(x, b) ** 2, (3,), (3,)),
    "transpose": ("f(X, b) = sum(X.T @ b)", lambda x, b: anp.sum(x.T @ b), (2, 3), (2, 2)),
    "the same twice": ("f(X, b) = sum(X @ X) + sum(b)", lambda x, b: anp.sum(x @ x) + anp.sum(b), (2, 2), (2,)),
    "vector output": ("f(X, b) = exp(X) + b", lambda x, b: anp.sum(anp.exp(x) + b), (2, 3), (3,)),
}  # fmt: skip


def _worked_by_autograd(case: str) -> tuple[Learner, dict[str, np.ndarray]]:
    function, oracle, *shapes = CASES[case]
    function = function.replace("X b2", "X * b").replace("b3", "* b")
    rng = np.random.default_rng(7)
    given = [np.round(rng.uniform(0.3, 2, shape) * rng.choice([-1, 1], shape), 2) for shape in shapes]
    at = ", ".join(f"{name} = {exactly(value)}" for name, value in zip("Xb", given, strict=True))
    truths = [grad(oracle, position)(*given) for position in range(2)]
    return learner(function, at), dict(zip("Xb", truths, strict=True))


@pytest.mark.parametrize("case", CASES)
def test_gradients_of_inputs_are_those_of_autograd(case: str):
    work, truths = _worked_by_autograd(case)
    work.work("forward")
    work.quick = True
    for name, truth in truths.items():
        assert work.judge(f"total:{name}", exactly(truth)).kind is RIGHT
        if np.ndim(truth):
            off = np.array(truth)
            off.flat[-1] += 0.5 + abs(off.flat[-1])
            assert work.judge(f"total:{name}", exactly(off)).kind is WRONG
            assert work.judge(f"total:{name}", exactly(truth[None])).kind is UNREADABLE


@pytest.mark.parametrize("case", CASES)
def test_every_worked_answer_and_every_last_rung_is_accepted(case: str):
    work, _ = _worked_by_autograd(case)
    for step in ("forward", "backward"):
        while missing := [key for key in work.keys(step) if key not in work.answers]:
            hints = work.hints(missing[0])
            number = hints[2].rpartition("= ")[2] if "= " in hints[2] else "[" + hints[2].partition("[")[2]
            assert work.judge(missing[0], number).accepted, hints[2]
            assert work.answer(missing[0], work.worked(missing[0])).accepted
