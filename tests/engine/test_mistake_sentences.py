"""What the sentences of the gates' mistakes claim of the arguments is so, wherever the mistake is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.engine.evaluate import wrong_value
from tutor.engine.gates import GATES, Gate
from tutor.engine.gates.misconceptions import GateMisconception
from tutor.engine.values import Value, as_value, shape_of

Claim = Callable[[Gate, GateMisconception, list[Value], Value], bool]


def _fed(gate: Gate, port: int, arguments: list[Value]) -> set[int]:
    """How many entries of the gate's value each entry of an argument moves, from what the gate sends back."""
    y = gate.forward(*arguments)
    moved = np.zeros(np.shape(arguments[port]))
    for spot in np.ndindex(np.shape(y)):
        alone = np.zeros(np.shape(y))
        alone[spot] = 1.0
        moved += np.asarray(gate.vjps[port](alone, y, *arguments)) != 0
    return set(np.ravel(moved).astype(int))


def _port(mistake: GateMisconception) -> int:
    assert mistake.port is not None
    return mistake.port


_CLAIMS: dict[str, Claim] = {
    r"{own} feeds several entries": lambda gate, m, at, _u: min(_fed(gate, _port(m), at)) > 1,
    r"{own} meets one entry of {other} and feeds one entry": lambda gate, m, at, _u: _fed(gate, _port(m), at) == {1},
    r"how many factors of {a} does": lambda _g, _m, at, _u: bool(at[1] >= 2 and float(at[1]).is_integer()),
    r"the minus sign of the exponent|minus of the exponent": lambda _g, _m, at, _u: bool(at[1] < 0),
    r"exponent has a minus sign too many": lambda _g, _m, at, _u: bool(at[1] > 0),
    r"where {a} is negative|where it is negative": lambda _g, _m, at, _u: bool(np.any(np.less(at[0], 0))),
    r"where {a} is positive": lambda _g, _m, at, _u: bool(np.any(np.greater(at[0], 0))),
    r"What is added up|what is added up": lambda _g, m, at, _u: (
        m.port is None or np.size(at[m.port]) < np.size(at[1 - m.port])
    ),
}
"""What a sentence says, and when it is so. Each is met by some mistake."""

_NOT_BEFORE_NUMBERS = re.compile(r"everything is positive|this gate", re.IGNORECASE)
"""What no sentence may say: the numbers of an exercise may have any sign, and `this gate` may be another one."""


def test_every_claim_is_made_somewhere():
    said = [mistake.says + " " + mistake.asks for gate in GATES.values() for mistake in gate.mistakes]
    for claim in _CLAIMS:
        assert any(re.search(claim, text) for text in said), claim
    assert not [text for text in said if _NOT_BEFORE_NUMBERS.search(text)]


def _check(gate: Gate, arguments: list[Value]) -> int:
    """Hold what each mistake says against these arguments. How many claims there were."""
    y = as_value(np.asarray(gate.forward(*arguments)))
    upstream = as_value(np.asarray(np.random.default_rng(4).uniform(0.5, 2, shape_of(y))))
    count = 0
    for mistake in gate.mistakes:
        if wrong_value(gate, mistake, upstream, y, arguments, {}) is None:
            continue
        for claim, holds in _CLAIMS.items():
            if re.search(claim, f"{mistake.says} {mistake.asks}"):
                assert holds(gate, mistake, arguments, upstream), (mistake, arguments)
                count += 1
    return count


_SIZES = st.integers(1, 4)


@settings(max_examples=examples(80), deadline=None)
@given(n=_SIZES, k=_SIZES, m=_SIZES, left=st.booleans(), right=st.booleans(), seed=st.integers(0, 99))
def test_of_products_of_matrices_and_vectors(n: int, k: int, m: int, left: bool, right: bool, seed: int):
    draw = np.random.default_rng(seed)
    a, b = draw.uniform(0.5, 2, (n, k) if left else (k,)), draw.uniform(0.5, 2, (k, m) if right else (k,))
    if left or right:
        _check(GATES["matmul"], [a, b])


@settings(max_examples=examples(60), deadline=None)
@given(a=st.floats(0.5, 3), n=st.one_of(st.integers(-4, 6).map(float), st.floats(-4, 6)))
@pytest.mark.parametrize("key", ["pow", "power", "exponential"])
def test_of_powers(key: str, a: float, n: float):
    _check(GATES[key], [a, n])


@settings(max_examples=examples(60), deadline=None)
@given(values=st.lists(st.floats(-3, 3), min_size=1, max_size=4), scalar=st.booleans())
@pytest.mark.parametrize("key", ["relu", "abs"])
def test_of_gates_with_two_sides(key: str, values: list[float], scalar: bool):
    _check(GATES[key], [values[0] if scalar else np.array(values)])


@pytest.mark.parametrize("shapes", [((), (2, 3)), ((2, 3), ()), ((2, 3), (2, 3)), ((3,), (2, 3)), ((), ())])
def test_of_products_that_stretch(shapes: tuple[tuple[int, ...], tuple[int, ...]]):
    draw = np.random.default_rng(5)
    _check(GATES["mul"], [as_value(np.asarray(draw.uniform(0.5, 2, shape))) for shape in shapes])


def test_the_example_of_a_matrix_times_a_column():
    w, x = np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([[0.2], [0.4]])
    told = [m for m in GATES["matmul"].mistakes if m.key == "elementwise_for_matmul"]
    here = {m.port: m.asks for m in told if m.where is None or m.where(w, x)}
    assert "feeds one entry" in here[0] and "feeds several entries" in here[1]
