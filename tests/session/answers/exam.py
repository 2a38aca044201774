"""The papers worked by hand: both passes in plain Python, the rest by NumPy and by differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import cos, exp, log

import numpy as np

STEP = 1e-6


def slope(f: Callable[..., float], at: Sequence[float], port: int = 0) -> float:
    """How fast f moves with one of its arguments, by central differences."""
    up, down = list(at), list(at)
    up[port] += STEP
    down[port] -= STEP
    return (f(*up) - f(*down)) / (2 * STEP)


def gradient(f: Callable[..., float], *at: float) -> list[float]:
    return [slope(f, at, port) for port in range(len(at))]


def typed(value: float) -> str:
    return f"{round(value, 5):.6g}"


def vector(values: Sequence[float]) -> str:
    return f"[{', '.join(map(typed, values))}]"


def sigmoid(k: float) -> float:
    return 1 / (1 + exp(-k))


Line = tuple[str, str, Sequence[str], Callable[..., float]]
"""A staged equation: its name, its right side, the names that go in, and what it computes."""


def worked(lines: Sequence[Line], at: Mapping[str, float], step: float = 0.0) -> list[tuple[str, str]]:
    """A question from staging to the last gradient, with a wrong answer to each blank.

    Going back, the output and a gate that several use are asked for what arrives, every gate for a slope and a share of
    each of its arguments; last come the inputs that are used more than once.
    """
    staging = "\n".join(f"{name} = {text}" for name, text, _, _ in lines)
    found = [(staging, f"{staging} + 1")]
    values, arrived = dict(at), {lines[-1][0]: [1.0]}

    def ask(right: float) -> None:
        found.append((typed(right), typed(1.37 * right + 0.613)))

    for name, _, used, does in lines:
        values[name] = does(*(values[one] for one in used))
        ask(values[name])
    for name, _, used, does in reversed(lines):
        total = sum(arrived[name])
        if name == lines[-1][0] or len(arrived[name]) > 1:
            ask(total)
        for port, one in enumerate(used):
            local = slope(does, [values[each] for each in used], port)
            ask(local)
            ask(total * local)
            arrived.setdefault(one, []).append(total * local)
    for name in at:
        if len(arrived[name]) > 1:
            ask(sum(arrived[name]))
    if step:
        for name, value in at.items():
            ask(value - step * sum(arrived[name]))
    return found


ONE = worked(
    [
        ("m", "y x", ("y", "x"), lambda y, x: y * x),
        ("d", "m - z", ("m", "z"), lambda m, z: m - z),
        ("p", "d^2", ("d",), lambda d: d**2),
    ],
    {"x": 1.5, "y": -0.8, "z": 0.7},
)
TWO = worked(
    [
        ("s", "y**2", ("y",), lambda y: y**2),
        ("t", "s + x", ("s", "x"), lambda s, x: s + x),
        ("q", "x/t", ("x", "t"), lambda x, t: x / t),
    ],
    {"x": 1.7, "y": -0.9},
    step=0.5,
)
THREE = worked(
    [
        ("m", "u*w", ("u", "w"), lambda u, w: u * w),
        ("g", "sigmoid(m)", ("m",), sigmoid),
        ("r", "g u", ("g", "u"), lambda g, u: g * u),
    ],
    {"u": 1.3, "w": -0.7},
)


def unit(w: float) -> float:
    return (sigmoid(2.5 * w + 0.7) - 1) ** 2


def cross_entropy(*z: float) -> float:
    return log(sum(map(exp, z))) - z[1]


UNIT = slope(unit, [-0.6])
Z = (1.4, 0.3, -0.5)
Z_SLOPES = gradient(cross_entropy, *Z)
G = np.array([[1, 2, -1], [5, 0.5, 2]])
WIDTH = len(range(0, 41 + 2 * 4 - 9 + 1, 2))
FILTERS = 16 * (np.ones((9, 9, 3)).size + 1)


def added(*shapes: tuple[int, ...]) -> str:
    """The shape of a sum."""
    try:
        return str(np.broadcast_shapes(*shapes))
    except ValueError:
        return "error"


F_ONE = """
def f(x, y):
    return x * x * np.sin(y) + y, 2 * x * np.sin(y), x * x * np.cos(y) + 1
"""

F_THREE = """
def f(x, y, z):
    top, bottom = np.tanh(x * y), 1 + y * y
    flat = (1 - top) * (1 + top) / bottom
    return top / bottom + x * z, flat * y + z, flat * x - 2 * y * top / bottom ** 2, 1 * x
"""

SUB = """
def fitted(grad, like):
    for axis in range(grad.ndim):
        here = axis - (grad.ndim - like.ndim)
        if here < 0 or like.shape[here] == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad.reshape(like.shape)


class Sub:
    def forward(context, a, b):
        context["a"], context["b"] = np.asarray(a), np.asarray(b)
        return np.subtract(a, b)

    def backward(context, goutput):
        return fitted(goutput, context["a"]), -fitted(goutput, context["b"])
"""


def depths(tree: list | int, found: list[int]) -> int:
    if isinstance(tree, int):
        return 0
    deepest = 0
    for part in tree:
        deepest = max(deepest, depths(part, found))
    found.append(1 + deepest)
    return 1 + deepest


DEPTHS: list[int] = []
depths([4, [[2, 6], [[5]], 1], [3]], DEPTHS)

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "exam/one": [
        ("b", "a"),
        ("c", "a"),
        (added((7, 1, 4), (3, 4)), "(7, 1, 4)"),
        (added((6, 2), (6,)), "(6, 2)"),
        (str((np.ones((2, 5, 3)) @ np.ones((3, 6))).shape), "(5, 6)"),
        ("10x / (1 + 5x^2)", "1/(5x^2 + 1)"),
        ("12 - 9u^2", "3u^2 - 4"),
        (typed(slope(lambda x: x * exp(-2 * x), [0.3])), typed(exp(-0.6))),
        ("dr/dq dq/ds + dr/dp dp/ds", "dr/dp dp/ds"),
        ("r_q q_t", "q_t"),
        *ONE,
        ("m d c b a", "m, d, a, b, c"),
        (typed(sigmoid(2.5 * -0.6 + 0.7)), "0.69"),
        (typed(UNIT), typed(UNIT / 2)),
        (typed(-0.6 - 0.4 * UNIT), typed(-0.6 + 0.4 * UNIT)),
        ("z - t", "2 (z - t)"),
        ("outer(z', s)", "z @ s.T"),
        ("(z'.T @ A).T", "A.T @ z"),
        (F_ONE, F_ONE.replace("np.cos(y) + 1", "np.cos(y)")),
    ],
    "exam/two": [
        ("b", "a"),
        ("d", "c"),
        ("(6, 1)", added((6, 1), (2, 6, 3))),
        ("(4,)", "(2, 5, 4)"),
        (vector(np.array([[3], [-2]]).ravel() @ G), vector(G.sum(axis=0))),
        (str(WIDTH), "19"),
        (str(FILTERS), "3888"),
        ("v_n n_b + v_m m_n n_b", "v_n n_b"),
        ("v_m m_a + v_n n_a + v_m m_n n_a", "v_m m_a + v_n n_a"),
        ("u (2v + 3u)", "2u v"),
        (typed(slope(lambda a, b: (a - 2 * b) ** 2 * (3 * a + b), [1.5, -0.4], 1)), "43.01"),
        *TWO,
        ("x a b c d m", "m, d, b, a, x, c"),
        ("G / 6", "G"),
        ("(1 - H) * (1 + H) * H'", "H' * H * (1 - H)"),
        ("(K'.T @ X).T", "X.T @ H'"),
        ("sum(K', axis=0)", "sum(H', axis=0)"),
        (SUB, SUB.replace("-fitted(goutput", "fitted(goutput")),
    ],
    "exam/three": [
        ("c", "a"),
        ("a d", "b"),
        (str(np.ones((4, 3, 2)).transpose(2, 0, 1).shape), "(2, 3, 4)"),
        (str((np.ones((4, 3, 2)) @ np.ones((5, 2)).T + np.ones((4, 1, 5))).shape), "(4, 1, 5)"),
        ("(4, 1, 5)", "(4, 3, 5)"),
        ("1/(1 + e^-u)", "1/(1 + e^u)"),
        (typed(slope(lambda x: log(1 + exp(2 - x * x)), [0.9])), typed(sigmoid(2 - 0.81))),
        (str(DEPTHS), str(sorted(DEPTHS))),
        (typed(cross_entropy(*Z)), typed(exp(-cross_entropy(*Z)))),
        (vector(Z_SLOPES), vector([-one for one in Z_SLOPES])),
        (typed(0.3 - 0.5 * Z_SLOPES[1]), typed(0.3 + 0.5 * Z_SLOPES[1])),
        ("m, k, d, c, b, a", "m, k, a, c, d, b"),
        ("∂l/∂h2 ∂h2/∂h1 + ∂l/∂h1", "∂l/∂h1"),
        ("l_h2 h2_w + l_h1 h1_w + l_h2 h2_h1 h1_w", "l_h2 h2_w + l_h1 h1_w"),
        *THREE,
        ("-2 (x - y)", "y - x"),
        ("V.T @ y'", "V.T @ y"),
        ("h' - h' * h * h", "h' * h * (1 - h)"),
        ("x @ k'.T + y' @ h.T", "y' @ h.T"),
        (F_THREE, F_THREE.replace("- 2 * y * top", "+ 2 * y * top")),
    ],
}

assert abs(cos(0.4) - slope(np.sin, [0.4])) < STEP  # the differences are fine enough for five decimals
