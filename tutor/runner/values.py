"""Values that cross between the two processes, as plain Python data: no NumPy on this side."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from tutor.runner.text import harmless

if TYPE_CHECKING:
    import numpy


INTEGER = re.compile(r"(u?)int(8|16|32|64)")
FLOATS = ("float16", "float32", "float64")
"""NumPy's names for the types of numbers that come back."""


@dataclass(frozen=True, slots=True)
class Array:
    """An array of numbers: `data` is flat, row by row, and as long as the shape says.

    `dtype` is NumPy's name: `float64`, `int64`, `bool`, ... A 0-dimensional array has the shape `()`.
    """

    shape: tuple[int, ...]
    dtype: str
    data: list[float]

    @classmethod
    def of(cls, array: Any) -> Array:
        """From a NumPy array of numbers."""
        return cls(tuple(array.shape), str(array.dtype), array.reshape(-1).tolist())

    def numpy(self) -> numpy.ndarray[Any, Any]:
        """As a NumPy array (which loads NumPy)."""
        from numpy import array

        return array(self.data, dtype=self.dtype).reshape(self.shape)


@dataclass(frozen=True, slots=True)
class Opaque:
    """What cannot cross: the name of its type, and a few words on it for the learner."""

    type_name: str
    text: str


Value: TypeAlias = (
    "float | int | bool | str | Array | Opaque | list[Value] | tuple[Value, ...] | dict[Any, Value] | None"
)
"""What a call can take and return. Text comes back with its control characters made harmless."""


def encode(value: Value) -> Any:
    """The value for the other process. Raises TypeError for an Opaque: it has no value to send."""
    if isinstance(value, Array):
        return {"array": [list(value.shape), value.dtype, value.data]}
    if isinstance(value, Opaque):
        raise TypeError(f"an opaque {value.type_name} cannot be an argument")
    if isinstance(value, dict):
        return {"dict": [[key, encode(item)] for key, item in value.items()]}
    if isinstance(value, list):
        return {"list": [encode(item) for item in value]}
    if isinstance(value, tuple):
        return {"tuple": [encode(item) for item in value]}
    return value


def decode(data: Any) -> Value:
    """A value from the other process. Raises ValueError, TypeError or KeyError if it makes no sense."""
    if isinstance(data, str):
        return harmless(data)
    if data is None or isinstance(data, (bool, int, float)):
        return data
    ((tag, content),) = data.items()
    return _DECODERS[tag](content)


def _array(content: Any) -> Array:
    shape, dtype, flat = content
    if not all(type(size) is int and size >= 0 for size in shape) or math.prod(shape) != len(flat):
        raise ValueError("an array of another length than its shape says")
    if not _holds(dtype, flat):
        raise ValueError("an array of something else than its numbers")
    return Array(tuple(shape), dtype, flat)


def _holds(dtype: str, flat: list[Any]) -> bool:
    """Whether an array of that type can hold exactly these entries."""
    if dtype == "bool" or dtype in FLOATS:
        kind = bool if dtype == "bool" else float
        return all(type(item) is kind for item in flat)
    integer = INTEGER.fullmatch(dtype)
    if integer is None or not all(type(item) is int for item in flat):
        return False
    unsigned, bits = integer[1] == "u", int(integer[2])
    least, most = (0, 2**bits) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    return not flat or (least <= min(flat) and max(flat) < most)


_DECODERS: dict[str, Callable[[Any], Value]] = {
    "array": _array,
    "opaque": lambda content: Opaque(harmless(content[0]), harmless(content[1])),
    "list": lambda content: [decode(item) for item in content],
    "tuple": lambda content: tuple(decode(item) for item in content),
    "dict": lambda content: {decode(key): decode(item) for key, item in content},
}
