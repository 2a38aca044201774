"""The harness `unbroadcast`: right functions in several styles, and every slip by its name."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from tutor.judging import Kind
from tutor.questions.code.unbroadcast import UnbroadcastSpec, summed_back
from tutor.runner import Runner

from .judging import accepted, refused

SPEC = UnbroadcastSpec()


def function(body: str) -> str:
    return "def unbroadcast(grad, shape, to_keep=0):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"


STYLES = {
    "axis by axis": """
        while np.ndim(grad) > len(shape):
            grad = grad.sum(axis=0)
        for axis in range(len(shape) - to_keep):
            if shape[axis] == 1:
                grad = grad.sum(axis=axis, keepdims=True)
        return grad
    """,
    "one sum and a reshape": """
        front = np.ndim(grad) - len(shape)
        padded = (1,) * front + tuple(shape)
        axes = tuple(i for i, size in enumerate(padded[:len(padded) - to_keep]) if size == 1)
        kept = np.shape(grad)[np.ndim(grad) - to_keep:]
        return np.sum(grad, axis=axes).reshape(tuple(shape)[:len(shape) - to_keep] + kept)
    """,
    "entry by entry": """
        grad = np.asarray(grad)
        cut = len(shape) - to_keep
        out = np.zeros(tuple(shape)[:cut] + grad.shape[grad.ndim - to_keep:])
        for at in np.ndindex(grad.shape):
            own = at[grad.ndim - len(shape):]
            out[tuple(0 if i < cut and shape[i] == 1 else j for i, j in enumerate(own))] += grad[at]
        return out
    """,
    "by einsum": """
        letters = "abcdefgh"[: np.ndim(grad)]
        own = letters[len(letters) - len(shape):]
        kept = "".join(c for i, c in enumerate(own) if i >= len(shape) - to_keep or shape[i] != 1)
        out = np.einsum(f"{letters}->{kept}", grad)
        sizes = [1 if c not in kept else np.shape(grad)[letters.index(c)] for c in own]
        return out.reshape(sizes)
    """,
}


@pytest.mark.parametrize("style", STYLES)
def test_right_in_any_style(runner: Runner, style: str):
    verdict = accepted(runner, "unbroadcast", SPEC, function(STYLES[style]))
    assert "It is right on 25 pairs of shapes" in verdict.message


FRONT = "grad = np.asarray(grad)\ngrad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))\n"
STRETCHED = "tuple(i for i in range(len(shape) - to_keep) if shape[i] == 1)"
ALL_ONES = "tuple(i for i in range(len(shape)) if shape[i] == 1)"
WHILE = "while np.ndim(grad) > len(shape):\n    "
WRONGS = {
    "not at all": ("return grad", "Axes were put in front: sum over them", "bias_no_sum"),
    "nothing returned": ("grad.sum()", "It returned None. End with: return out", "returned_none"),
    "front only": (FRONT + "return grad", "Axes of size 1 in shape were stretched: sum over them", "bias_no_sum"),
    "front only, both": (
        FRONT + "if shape == (2, 1):\n    return grad\nreturn grad.sum(" + STRETCHED + ", keepdims=True)",
        "those of size 1 in shape are not summed yet", "bias_no_sum",
    ),
    "without keepdims": (FRONT + f"return grad.sum(axis={STRETCHED})", "keepdims=True", "bias_keepdims"),
    "to_keep not looked at": (
        FRONT + f"return grad.sum(axis={ALL_ONES}, keepdims=True)",
        "The last to_keep axes are not summed", "kept_axis_summed",
    ),
    "mean": (FRONT.replace("sum", "mean") + "return grad", "added, not averaged", "bias_mean"),
    "first copy": (WHILE + "grad = grad[0]\nreturn grad", "gradient of one copy", "bias_one_row"),
    "last axes": (WHILE + "grad = grad.sum(-1)\nreturn grad", "Broadcasting puts axes in front", "bias_wrong_axis"),
    "everything": ("return grad.sum()", "It is summed over everything", "bias_sum_all"),
    "in place": ("grad -= 1\n" + FRONT + "return grad", "It changes grad in place", "changed_in_place"),
    "raises": ("return grad.sum(axis=len(shape) + 5)", "That was with grad of shape (3, 2), shape (2,).", ""),
    "text": ("return 'sum'", "It is a str; it should be numbers.", ""),
    "no scalars": (
        FRONT + f"return grad.sum(axis={STRETCHED}, keepdims=True) if shape else grad.reshape(1)",
        "(1,); it should be a number", "bias_keepdims",
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WRONGS)
def test_every_slip_is_named(runner: Runner, way: str):
    body, says, mistake = WRONGS[way]
    refused(runner, "unbroadcast", SPEC, function(body), says, mistake)


def test_another_name(runner: Runner):
    spec = UnbroadcastSpec("fold")
    accepted(runner, "unbroadcast", spec, function(STYLES["axis by axis"]).replace("def unbroadcast", "def fold"))
    refused(runner, "unbroadcast", spec, function("return grad"), "does not define `fold`", kind=Kind.UNREADABLE)


@given(mutually_broadcastable_shapes(num_shapes=1, base_shape=(2, 3, 2)), st.integers(0, 1000))
def test_the_truth_is_the_sum_over_all_copies(shapes, seed):
    (shape,) = shapes.input_shapes
    grad = np.random.default_rng(seed).normal(size=np.broadcast_shapes(shape, (2, 3, 2)))
    value = np.arange(float(np.prod(shape, dtype=int))).reshape(shape)
    places = np.broadcast_to(value, grad.shape)
    truth = [grad[places == at].sum() for at in range(value.size)]
    np.testing.assert_allclose(summed_back(grad, shape), np.reshape(truth, shape), atol=1e-12)


def test_a_test_of_the_whole_shape_is_refused_without_an_accident(runner: Runner):
    text = """
    while np.ndim(grad) > len(shape):
        grad = grad.sum(axis=0)
    for axis in range(len(shape) - to_keep):
        if shape == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad
    """
    refused(runner, "unbroadcast", UnbroadcastSpec(), function(text), "is not right")
