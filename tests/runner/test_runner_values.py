"""Values and text as they cross, without a process."""

from __future__ import annotations

import json
import unicodedata

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tutor.runner import Array, harmless
from tutor.runner.child import encode as child
from tutor.runner.jobs import decode, encode
from tutor.runner.text import shown_output

SAFE_TEXT = st.text(st.characters(categories=["L", "N", "P", "Zs"]))
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | SAFE_TEXT
KEYS = st.booleans() | st.integers() | SAFE_TEXT
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=12,
)
DTYPES = npst.integer_dtypes() | npst.unsigned_integer_dtypes() | npst.boolean_dtypes() | npst.floating_dtypes()
ARRAYS = npst.arrays(
    dtype=DTYPES.filter(lambda dtype: dtype.itemsize <= 8),
    shape=npst.array_shapes(min_dims=0, min_side=0, max_side=3),
)


def crossed(value: object) -> object:
    """The value as it comes back when the child returns what it was given."""
    return back(child.decode(json.loads(json.dumps(encode(value)))))


def back(value: object, *limits: int) -> object:
    encoder = child.Encoder(*(limits or (10_000, 10_000, 10_000)))
    return decode(json.loads(json.dumps(encoder.encode(value))))


@settings(deadline=None)
@given(VALUES)
def test_plain_values_come_back_as_they_went(value):
    assert crossed(value) == value
    assert repr(crossed(value)) == repr(value)


@settings(deadline=None)
@given(ARRAYS)
def test_arrays_come_back_with_shape_type_and_every_entry(array):
    native = array.dtype.newbyteorder("=")
    sent = Array(array.shape, native.name, array.reshape(-1).tolist())
    returned = crossed(sent)
    assert isinstance(returned, Array)
    assert (returned.shape, returned.dtype) == (array.shape, native.name)
    np.testing.assert_array_equal(returned.numpy(), array)
    assert returned.numpy().dtype == native


def test_an_array_is_taken_from_numpy():
    assert Array.of(np.array([[1, 2]], dtype="int32")) == Array((1, 2), "int32", [1, 2])
    assert Array.of(np.array(2.5)) == Array((), "float64", [2.5])


@settings(deadline=None)
@given(VALUES, st.integers(1, 20))
def test_no_value_grows_beyond_its_count(value, objects):
    def size(item: object) -> int:
        if isinstance(item, dict):
            return 1 + sum(1 + size(part) for part in item.values())
        return 1 + sum(map(size, item)) if isinstance(item, (list, tuple)) else 1

    depth = 20
    assert size(back(value, objects, 10, 10)) <= 2 * objects + 2 * depth


@settings(deadline=None)
@given(ARRAYS.filter(lambda array: array.size > 0))
def test_a_fingerprint_tells_a_changed_array(array):
    before = child.fingerprint(array)
    assert child.fingerprint(array.copy()) == before
    changed = np.frombuffer(array.tobytes(), dtype=np.uint8).copy()
    changed[0] ^= 1
    assert child.fingerprint(changed.view(array.dtype).reshape(array.shape)) != before


@settings(deadline=None)
@given(st.text())
def test_text_is_made_harmless_once_and_for_all(text):
    shown = harmless(text)
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in shown)
    assert harmless(shown) == shown
    shown.encode()


@settings(deadline=None)
@given(SAFE_TEXT)
def test_ordinary_text_stays_as_it_is(text):
    assert harmless(text) == text


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(1, 50))
def test_output_is_cut_at_the_limit_and_says_so(data, limit):
    text, cut = shown_output(data, False, limit)
    whole = data.decode("utf-8", "replace")
    assert cut == (len(whole) > limit)
    assert text.endswith(f"... cut here, after {limit:,} characters\n") == cut
    if not cut:
        assert text == harmless(whole)
