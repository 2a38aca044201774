"""Values of the learner's code as plain data that JSON can hold.

Nothing here calls a method that the learner's code could have written: types are asked with `type`, contents
are read with the methods of the built-in types and of `ndarray` themselves. Whatever cannot be read so is
`opaque`: its type's name and a few words.
"""

from __future__ import annotations

import builtins
from itertools import islice
from typing import Any

from numpy import array as new_array
from numpy import generic, ndarray

# The functions below look up `len` and the like here, not where the learner's code may rebind them.
globals()["__builtins__"] = dict(vars(builtins))

DEPTH = 20
TEXT = 10_000
INT_BITS = 1_024
KINDS = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex", "O": "object"}

_view = ndarray.view
_astype = ndarray.astype
_tolist = ndarray.tolist
_tobytes = ndarray.tobytes
_item = generic.item
_type_name = type.__dict__["__name__"].__get__


class Encoder:
    """Turns values into plain data, and keeps count so that no result grows without end.

    `left` objects can still be taken, ten characters of a text counting as one; arrays have a count of their own,
    of `array_entries` in all and no more than `array_size` in each.
    """

    def __init__(self, objects: int, array_entries: int, array_size: int) -> None:
        self.left = objects
        self._array_left = array_entries
        self._array_size = array_size

    def encode(self, value: object, depth: int = 0) -> Any:
        """The value as None, bool, int, float, str, or a dict with one key that names what it is."""
        self.left -= 1
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if issubclass(kind, ndarray):
            return self._array(value)
        if issubclass(kind, generic):
            return _scalar(value, kind)
        if issubclass(kind, (int, float, str, complex)):
            plain = _plain(value, kind)
            if type(plain) is str:
                self.left -= len(plain) // 10
            return plain
        if not issubclass(kind, (list, tuple, dict)):
            return opaque(kind, f"an object of type {name_of(kind)}")
        if depth >= DEPTH:
            return opaque(kind, "nested too deep to look at")
        if issubclass(kind, dict):
            return {"dict": self._pairs(value, depth)}
        base: Any = list if issubclass(kind, list) else tuple
        return {base.__name__: self._items(base.__iter__(value), base.__len__(value), depth)}

    def _items(self, items: Any, length: int, depth: int) -> list[Any]:
        encoded: list[Any] = []
        for item in items:
            if self.left <= 0:
                encoded.append(opaque(list, f"and {length - len(encoded):,} more"))
                break
            encoded.append(self.encode(item, depth + 1))
        return encoded

    def _pairs(self, value: Any, depth: int) -> list[Any]:
        # A copy first: another thread of the learner's may be changing the dictionary.
        pairs = list(islice(dict.items(value), max(self.left, 0)))
        encoded: list[Any] = []
        for key, item in pairs:
            if self.left <= 0:
                break
            written = self.encode(key, DEPTH)
            if type(written) is dict:
                written = name_of(type(key))
            encoded.append([written, self.encode(item, depth + 1)])
        missing = dict.__len__(value) - len(encoded)
        if missing > 0:
            encoded.append(["...", opaque(dict, f"and {missing:,} more")])
        return encoded

    def _array(self, value: Any) -> Any:
        array = _view(value, ndarray)
        shape = list(array.shape)
        words = f"an array of shape {array.shape} and type {dtype_name(array)}"
        if array.dtype.kind not in "biuf":
            return opaque(ndarray, words)
        if array.size > min(self._array_size, self._array_left):
            return opaque(ndarray, words + ", too large to look at")
        self._array_left -= array.size
        if array.dtype.kind == "f" and array.dtype.itemsize > 8:
            array = _astype(array, "float64")
        return {"array": [shape, dtype_name(array), _tolist(array.reshape(-1))]}


def _scalar(value: Any, kind: type) -> Any:
    plain = _item(value)
    if type(plain) in (bool, int, float):
        return plain
    if type(plain) is complex:
        return opaque(kind, complex.__repr__(plain))
    return opaque(kind, f"a NumPy value of type {name_of(kind)}")


def _plain(value: Any, kind: type) -> Any:
    if issubclass(kind, complex):
        return opaque(complex, complex.__repr__(value))
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, int):
        whole = int.__int__(value)
        bits = int.bit_length(whole)
        return whole if bits <= INT_BITS else opaque(kind, f"a whole number of {bits:,} binary digits")
    text = str.__str__(value)
    return text if len(text) <= TEXT else opaque(kind, f"a text of {len(text):,} characters")


def opaque(kind: type, words: str) -> dict[str, list[str]]:
    """What stands for a value that cannot cross."""
    return {"opaque": [name_of(kind), words]}


def name_of(kind: type) -> str:
    """The type's name, read past any metaclass."""
    return str(_type_name(kind))[:80]


def dtype_name(array: Any) -> str:
    """`float64` and so on. (`dtype.name` is Python code inside NumPy, which may have been rebound.)"""
    kind = array.dtype.kind
    if kind == "b":
        return "bool"
    if kind in "iufc":
        return f"{KINDS[kind]}{8 * array.dtype.itemsize}"
    return KINDS.get(kind, "other")


def fingerprint(value: object) -> Any:
    """Something that differs when an argument was changed in place. NaN is like itself here."""
    if issubclass(type(value), ndarray):
        array: Any = _view(value, ndarray)  # type: ignore[call-overload]
        return array.shape, array.dtype.str, _tobytes(array)
    return repr(Encoder(10_000, 10_000, 10_000).encode(value))


def decode(data: Any) -> Any:
    """A value from the parent: arrays as NumPy arrays that the learner's code may write in."""
    if type(data) is not dict:
        return data
    ((tag, content),) = data.items()
    if tag == "array":
        shape, dtype, flat = content
        return new_array(flat, dtype=dtype).reshape(shape)
    if tag == "dict":
        return {key: decode(item) for key, item in content}
    items = [decode(item) for item in content]
    return items if tag == "list" else tuple(items)
