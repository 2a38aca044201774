"""Shapes as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.language import Unreadable, read_shape

from .trees import anything

SHAPES: dict[str, tuple[int, ...] | str] = {
    "(2, 1)": (2, 1),
    "(2,1)": (2, 1),
    "2, 1": (2, 1),
    "2x1": (2, 1),
    "2 x 1": (2, 1),
    "2×1": (2, 1),
    "2*1": (2, 1),
    "2 by 1": (2, 1),
    "2-by-1": (2, 1),
    "2 1": (2, 1),
    "2;1": (2, 1),
    "{2, 1}": (2, 1),
    "⟨2, 1⟩": (2, 1),
    "= (2, 1)": (2, 1),
    "$2 \\times 1$": (2, 1),
    "TensorShape([2, 1])": (2, 1),
    "'error'": "error",
    "2X1": (2, 1),
    "[2, 1]": (2, 1),
    "((2, 1))": (2, 1),
    "（2，1）": (2, 1),
    "shape (2, 1)": (2, 1),
    "np.shape = (2, 1)": (2, 1),
    "torch.Size([2, 1])": (2, 1),
    "a 2x1 matrix": (2, 1),
    "(2, 1).": (2, 1),
    "2x3x4": (2, 3, 4),
    "(3,)": (3,),
    "3": (3,),
    "(3)": (3,),
    "1": (1,),
    "scalar": (),
    "Scalar": (),
    "a scalar": (),
    "()": (),
    "error": "error",
    "shape error": "error",
    "mismatch": "error",
    "does not fit": "error",
    "It doesn't work": "error",
    "they cannot match!": "error",
    "not possible": "error",
    "undefined": "error",
}

REFUSED = {
    "": "There is nothing here yet. A shape is written (2, 1).",
    "  ": "There is nothing here yet. A shape is written (2, 1).",
    "(2, 2*1)": "Work out every size of the shape, as in (2, 1).",
    "(0, 1)": "Every size in a shape is at least 1.",
    "(1,2,3,4,5,6,7,8,9)": "A shape has at most 8 sizes here.",
    "1," * 60: "A shape is short, such as (2, 1).",
    **dict.fromkeys(
        ("(2, 1", "(2, 1]", "n x m", "(2, -1)", "2.0", "column vector", "x", "(1234567,)", "what", "²"),
        "Write a shape as (2, 1), or scalar, or error when the shapes do not fit.",
    ),
}


@pytest.mark.parametrize("text", SHAPES)
def test_a_shape_is_read_however_it_is_written(text: str) -> None:
    assert read_shape(text) == SHAPES[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_shape_is_explained(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_shape(text)
    assert caught.value.message == REFUSED[text]
    assert len(caught.value.caret().split("\n")) == 2


@given(st.lists(st.integers(1, 999999), min_size=1, max_size=8), st.sampled_from((", ", ",", "x", " by ", "×")))
def test_sizes_come_back_as_they_were_written(sizes: list[int], between: str) -> None:
    assert read_shape(between.join(map(str, sizes))) == tuple(sizes)
    assert read_shape(str(tuple(sizes))) == tuple(sizes)


@given(anything)
def test_any_text_is_a_shape_or_unreadable(text: str) -> None:
    try:
        shape = read_shape(text)
    except Unreadable as unreadable:
        unreadable.caret()
    else:
        assert shape == "error" or all(isinstance(size, int) and size > 0 for size in shape)
