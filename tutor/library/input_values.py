"""A value that a file gives."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import arrays_of, vocabulary_at
from tutor.engine.values import Value, all_finite, as_value, shape_of
from tutor.language import Arrays, Unreadable, read_expression
from tutor.library.decoding import BadFile
from tutor.library.format import Given

_MOST_AXES = 8
_MOST_NUMBERS = 100_000


def arrays_given(at: Mapping[str, Given]) -> Arrays:
    """What products are read by where names have these values; nothing is known of one that cannot be read."""
    shapes = {}
    for name, given in at.items():
        with suppress(BadFile):
            shapes[name] = shape_of(given_value(name, given))
    return arrays_of(shapes)


def given_value(key: str, given: Given) -> Value:
    """A number, an exact form or nested lists, as a value. Raises BadFile with the key."""
    try:
        if isinstance(given, str):
            value = evaluate(read_expression(given, vocabulary_at({})).tree, {})
        else:
            value = as_value(float(given) if isinstance(given, int) else given)
    except Unreadable as error:
        raise BadFile(key, f"{error.message}\n{error.caret()}") from None
    except ValueError as error:
        raise BadFile(key, str(error)) from None
    except OverflowError:
        raise BadFile(key, "it is too large") from None
    if not all_finite(value):
        raise BadFile(key, "it has no finite value")
    if len(shape_of(value)) > _MOST_AXES:
        raise BadFile(key, f"it has {len(shape_of(value))} axes; at most {_MOST_AXES} can be typed")
    if np.size(value) > _MOST_NUMBERS:
        raise BadFile(key, f"it has {np.size(value):,} numbers; at most {_MOST_NUMBERS:,} fit into an exercise")
    return value
