"""Softmax and cross-entropy in plain NumPy, by differences; and a wrong answer at each blank."""

from __future__ import annotations

import numpy as np

from tests.session.answers.tensors import Array, agree, differences

Z = np.array([[1.01, 1.2], [12.5, 0.02], [0.23, 1.35]])
LABELS = [0, 0, 1]
ONE_HOT = np.eye(2)[LABELS]


def softmax(z: Array) -> Array:
    powers = np.exp(z)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def loss(z: Array) -> float:
    return float(np.mean([-np.log(softmax(z)[row, label]) for row, label in enumerate(LABELS)]))


P = softmax(Z)
GRADIENT = differences(loss, Z)


def of_probabilities(p: Array) -> float:
    return float(-np.sum(ONE_HOT * np.log(p)) / 3)


def row(numbers: Array) -> str:
    return f"[{', '.join(f'{number:.4f}' for number in numbers)}]"


S = np.array([0.2, 0.3, 0.5])
JACOBIAN = np.array([differences(lambda z, i=i: float(softmax(z)[i]), np.log(S)) for i in range(3)])
UP = np.array([0.7, -1.3, 0.4])

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "losses/cross-entropy": [
        ("b", "c"),
        ("b", "a"),
        (f"{P[0, 0]:.4f}", f"{P[0, 1]:.4f}"),
        (f"{P[2, 1]:.4f}", f"{P[2, 0]:.4f}"),
        (f"{loss(Z):.4f}", f"{3 * loss(Z):.4f}"),
        (agree("-t/P/3", -ONE_HOT / P / 3, of_probabilities, P), "-t/P"),
        (agree("(P - t)/3", (P - ONE_HOT) / 3, loss, Z), "P - t"),
        (row(GRADIENT[0]), row(3 * GRADIENT[0])),
        (row(GRADIENT[2]), row(-GRADIENT[2])),
    ],
    "losses/softmax": [
        ("c", "a"),
        ("c", "b"),
        (f"{JACOBIAN[0, 0]:.4f}", "-0.04"),
        (f"{JACOBIAN[0, 2]:.4f}", "0.1"),
        ("0", "0.16"),
        (
            agree(
                "-sum(s' a)/n^2",
                -np.sum(UP * np.exp(S)) / np.exp(S).sum() ** 2 * np.ones(1),
                lambda n: float(np.sum(UP * np.exp(S) / n)),
                np.exp(S).sum() * np.ones(1),
            ),
            "sum(s' a)/n^2",
        ),
        (
            agree(
                "s (s' - sum(s' s))",
                S * (UP - np.sum(UP * S)),
                lambda z: float(np.sum(UP * softmax(z))),
                np.log(S),
            ),
            "s' s (1 - s)",
        ),
    ],
}
