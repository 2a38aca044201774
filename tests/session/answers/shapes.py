"""Right answers from NumPy itself, and a wrong one at each blank."""

from __future__ import annotations

import numpy as np


def added(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    """What NumPy makes of a sum of these shapes."""
    try:
        return str((np.ones(a) + np.ones(b)).shape)
    except ValueError:
        return "error"


def multiplied(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    """What NumPy makes of a matrix product of these shapes."""
    try:
        return str((np.ones(a) @ np.ones(b)).shape)
    except ValueError:
        return "error"


def read(array: np.ndarray) -> str:
    return " ".join(str(entry) for entry in array.reshape(-1))


def yes(truth: bool) -> str:
    return "yes" if truth else "no"


A = np.arange(6).reshape(2, 3).copy()
X = np.ones((2, 3, 4, 5))
P = np.array(["r1", "g1", "r2", "g2", "r3", "g3"]).reshape(1, 3, 2)
a, b, g = np.array([[1.0], [2]]), np.array([[10.0, 20, 30]]), np.array([[1.0, 2, 3], [4, 5, 6]])


def finite(by: str) -> str:
    """The gradient of sum(g * (a + b)) by differences."""
    values = {"a": a, "b": b}
    slopes = np.zeros(values[by].shape)
    for index in np.ndindex(slopes.shape):
        moved = {name: value.copy() for name, value in values.items()}
        moved[by][index] += 1
        slopes[index] = np.sum(g * (moved["a"] + moved["b"])) - np.sum(g * (a + b))
    return str(slopes.round(9).tolist())


ANSWERS: dict[str, list[tuple[str, str]]] = {
    "shapes/rules": [
        (added((2, 3), (3,)), "(2, 3, 3)"),
        (added((5,), (4, 2, 5)), "error"),
        (added((3, 2), ()), "(3, 2, 1)"),
        (added((4, 1), (4, 3)), "(4, 1)"),
        (added((4, 1), (1, 3)), "(4, 1)"),
        (added((2, 1, 5), (3, 1)), "(2, 1, 5)"),
        (added((3,), (4,)), "(4,)"),
        (added((3, 2), (3,)), "(3, 2)"),
        (added((3, 2), (3, 1)), "clash"),
        (added((2, 3, 4), (2, 4)), "(2, 3, 4)"),
    ],
    "shapes/add": [
        (added((2,), (2, 1)), "(2, 1)"),
        (added((4,), (4, 1, 1)), "16"),
        (added((4, 2), (2, 4, 1)), "(4, 2)"),
        (added((8, 3), (2, 8, 1)), "they do not fit"),
        (added((6, 5, 3), (6, 5)), "6x5x3"),
    ],
    "shapes/matmul": [
        (multiplied((5, 4), (4, 8)), "(8, 5)"),
        (multiplied((3, 5, 4), (3, 4, 8)), "(5, 8)"),
        (multiplied((3, 5, 4), (5, 4, 8)), "(5, 5, 8)"),
        (multiplied((1, 5, 4), (5, 4, 8)), "(1, 5, 8)"),
        (multiplied((2, 5, 4), (3, 2, 4, 8)), "(2, 3, 2, 5, 8)"),
        (multiplied((5, 4), (4,)), "(5, 4)"),
        (multiplied((5,), (5, 4)), "(5,)"),
        (multiplied((5, 4), (5,)), "(4,)"),
        (str((np.ones((6, 4)) @ np.ones((5, 4)).T + np.ones(5)).shape), "(6, 4)"),
    ],
    "shapes/memory": [
        (read(A.reshape(3, 2)), "0 3 1 4 2 5"),
        (read(A.T), "0 1 2 3 4 5"),
        ("0 1 2 3 4 5", read(A.T)),
        (str(tuple(step // A.itemsize for step in A.T.strides)), "(3, 1)"),
        (yes(np.shares_memory(A.reshape(6), A)), "no"),
        (yes(np.shares_memory(A[:, 1:], A)), "no"),
        (yes(A.T.flags.c_contiguous), "yes"),
        (yes(A[1:].flags.c_contiguous), "no"),
        (yes(np.shares_memory(A.T.reshape(6), A)), "yes"),
        (str(X.reshape(2, 3, -1).shape), "(2, 3, 9)"),
        (str(X.transpose(0, 2, 3, 1).shape), "(5, 4, 3, 2)"),
        (read(P.reshape(2, 1, 3)), read(P.transpose(2, 0, 1))),
    ],
    "shapes/derivatives": [
        ("scalar", "(1,)"),
        ("(1, D)", "(D, 1)"),
        ("K x D", "(D, K)"),
        ("(K, D)", "(K,)"),
        ("(D, D)", "(D,)"),
        ("(K, D)", "(K,)"),
        ("(D,)", "(1, D)"),
        ("(K,)", "(N, K)"),
        ("(N, D)", "(N, K)"),
    ],
    "shapes/unbroadcast": [
        ("(3, 2)", "scalar"),
        ("(2,)", "(3, 2)"),
        ("[[1, 1], [1, 1], [1, 1]]", "[[1.5, -2], [0.5, 3], [-1, 4]]"),
        ("[3, 3]", "[1, 1]"),
        ("(4, 1, 3)", "(4, 2, 3)"),
        ("(2, 3)", "(4, 2, 3)"),
        ("scalar", "(3, 2)"),
        (finite("a"), "[[2], [5]]"),
        (finite("b"), "[[1, 2, 3]]"),
    ],
}
