"""einsum: entries multiplied, and summed over the indices that are not in the result. Of one array, and of two.

Three and more are contracted two at a time by the language. An argument's gradient is an einsum again: of the upstream
and the other argument, with the argument's own indices as the result. An index that neither of them has is filled with
ones; one that the argument has twice is on a diagonal, which the unit matrix says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from string import ascii_letters
from typing import Any, NamedTuple

import numpy as np

from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.misconceptions import backward, each, forward
from tutor.engine.values import Shape, Value


class _Pull(NamedTuple):
    """How one argument's gradient is an einsum: the subscripts, and the arrays besides upstream and other argument."""

    subscripts: str
    ones: tuple[int, ...]
    """Axes of the argument whose index neither the upstream nor the other argument has."""

    diagonals: tuple[int, ...]
    """Axes of the argument whose index it has before."""

    @property
    def is_plain(self) -> bool:
        return not self.ones and not self.diagonals


def _split(subscripts: str) -> tuple[list[str], str]:
    terms, _, result = subscripts.partition("->")
    return terms.split(","), result


def _pull(subscripts: str, port: int) -> _Pull:
    terms, result = _split(subscripts)
    others = [term for at, term in enumerate(terms) if at != port]
    unused = (letter for letter in ascii_letters if letter not in subscripts)
    extra, ones, diagonals, own = [], [], [], ""
    known = set(result).union(*others)
    for axis, letter in enumerate(terms[port]):
        if letter in own:
            fresh = next(unused)
            extra.append(letter + fresh)
            diagonals.append(axis)
            own += fresh
        else:
            if letter not in known:
                extra.append(letter)
                ones.append(axis)
            own += letter
    # The ones and the unit matrices in the order in which their axes stand.
    return _Pull(f"{','.join([result, *others, *extra])}->{own}", tuple(ones), tuple(diagonals))


def _extras(pull: _Pull, shape: Shape) -> list[Any]:
    return [
        np.ones(shape[axis]) if axis in pull.ones else np.eye(shape[axis])
        for axis in sorted((*pull.ones, *pull.diagonals))
    ]


def _vjp(port: int) -> Any:
    def vjp(u: Any, _y: Any, *arguments: Any, subscripts: str) -> Value:
        pull = _pull(subscripts, port)
        others = [argument for at, argument in enumerate(arguments) if at != port]
        shape = np.shape(arguments[port])
        sent = np.einsum(pull.subscripts, u, *others, *_extras(pull, shape))
        return np.asarray(np.broadcast_to(sent, np.broadcast_shapes(sent.shape, shape)))

    return vjp


def _einsum(*arguments: Any, subscripts: str) -> Value:
    terms, _ = _split(subscripts)
    if any(len(term) != np.ndim(argument) for term, argument in zip(terms, arguments, strict=True)):
        raise ValueError("an index for each axis")
    made = np.einsum(subscripts, *arguments)
    return np.asarray(made) if np.ndim(made) else float(made)


_QUICKER = 1000
"""So many multiplications within a sum take about as long as one number elsewhere."""


def _work(shapes: Sequence[Shape], options: Options) -> int:
    terms, result = _split(options["subscripts"])
    sizes: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for letter, size in zip(term, shape, strict=False):
            sizes[letter] = max(size, sizes.get(letter, 1))
    return max(prod(sizes.get(letter, 1) for letter in result), prod(sizes.values()) // _QUICKER)


def _code_at(names: Mapping[str, str], options: Options) -> str:
    arguments = [names[name] for name in ("a", "b") if name in names]
    return f"np.einsum({options['subscripts']!r}, {', '.join(arguments)})"


def _code(port: int) -> Any:
    def code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
        pull = _pull(options["subscripts"], port)
        others = [names[name] for at, name in enumerate(("a", "b")) if name in names and at != port]
        extras = [
            f"np.{'ones' if axis in pull.ones else 'eye'}({shapes[port][axis]})"
            for axis in sorted((*pull.ones, *pull.diagonals))
        ]
        return f"np.einsum({pull.subscripts!r}, {', '.join([names['u'], *others, *extras])})"

    return code


def _text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    """In the language, where two arrays are enough."""
    pulls = [_pull(options["subscripts"], port) for port in range(len(shapes))]
    own = ("u",) if len(shapes) == 1 else ("u, b", "u, a")
    return tuple(
        f'einsum("{pull.subscripts}", {arguments})' if pull.is_plain else ""
        for pull, arguments in zip(pulls, own, strict=True)
    )


def _not_summed(_u: Any, _y: Any, *arguments: Any, subscripts: str) -> Any:
    """With every index kept, where that makes no more than a matrix."""
    terms, result = _split(subscripts)
    every = "".join(dict.fromkeys("".join(terms)))
    if set(every) == set(result) or len(every) > 2:
        return None
    return np.einsum(f"{','.join(terms)}->{every}", *arguments)


def _turned(_u: Any, y: Any, *_arguments: Any, **_options: Any) -> Any:
    return np.transpose(y) if np.ndim(y) > 1 else None


def _no_other(u: Any, _y: Any, *arguments: Any, **_options: Any) -> Any:
    return u if np.shape(u) == np.shape(arguments[0]) else None


_SUMMED = "Which indices are not in the result, and what happens to them?"
_OWN = "Hold {other} fixed. Which entries of {y} does one entry of {own} feed, and with what factor?"

_FORWARD_MISTAKES = (
    forward("einsum_not_summed", _not_summed, "is not summed", _SUMMED),
    forward("einsum_turned", _turned, "has its axes reversed", "In which order are the indices of the result?"),
)

EINSUM = Gate(
    key="einsum",
    elementwise=False,
    needs_shape=True,
    title="einsum of two arrays",
    symbol="einsum",
    function_words=("einsum",),
    arguments=("a", "b"),
    options=("subscripts",),
    forward=_einsum,
    vjps=(_vjp(0), _vjp(1)),
    downstreams=("einsum of u and b, with the indices of a", "einsum of u and a, with the indices of b"),
    downstreams_at=_text,
    work=_work,
    code="np.einsum(subscripts, {a}, {b})",
    code_at=_code_at,
    code_vjps=(_code(0), _code(1)),
    pattern="An argument gets an einsum of the upstream and the other argument, with its own indices as the result: "
    "'ij,jk->ik' sends 'ik,jk->ij' to the left.",
    shape_rule="Each array has an index for each of its axes; equal indices have equal sizes. What is not in the "
    "result is summed over.",
    mistakes=(
        *each("einsum_no_other", (_no_other, lambda u, y, a, b, **_options: _no_other(u, y, b, a)),
              "is the upstream alone", _OWN),
        *_FORWARD_MISTAKES,
    ),
)  # fmt: skip

EINSUM_OF_ONE = Gate(
    key="einsum_of_one",
    elementwise=False,
    needs_shape=True,
    title="einsum of one array",
    symbol="einsum",
    shared_word="einsum",
    arguments=("a",),
    options=("subscripts",),
    forward=_einsum,
    vjps=(_vjp(0),),
    downstreams=("u, copied along the indices that were summed",),
    downstreams_at=_text,
    work=_work,
    code="np.einsum(subscripts, {a})",
    code_at=_code_at,
    code_vjps=(_code(0),),
    pattern="Of one array, einsum reorders axes, sums over them, or takes a diagonal: 'ij->ji', 'ij->i', 'ii->i'. "
    "Every entry gets the upstream of the entry of the result that it went into, or nothing.",
    shape_rule="The array has an index for each of its axes. What is not in the result is summed over.",
    mistakes=(
        backward("einsum_upstream", 0, _no_other, "is the upstream as it is",
                 "Which entry of {y} does each entry of {a} go into?"),
        backward("einsum_averaged", 0, lambda u, _y, a, subscripts: _vjp(0)(u, 0, a, subscripts=subscripts)
                 * np.size(u) / np.size(a) if np.size(u) != np.size(a) else None,
                 "is shared out among the entries that were summed", "Is the result a sum, or a mean?"),
        *_FORWARD_MISTAKES,
    ),
)  # fmt: skip

EINSUMS = (EINSUM, EINSUM_OF_ONE)
