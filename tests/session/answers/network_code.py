"""The network run forward and back with whole arrays here; the answers are numbers, and loops."""

from __future__ import annotations

import numpy as np

X = np.array([1.5, -2])
W = np.array([[0.8, -0.6, 0.4], [0.3, 0.5, -0.9]])
B = np.array([-0.4, 0.7, -0.5])
K = (X[:, None] * W).sum(0) + B
H = (1 + np.tanh(K / 2)) / 2
Y = float(np.dot([1.2, -2, 3], H.round(2)) + 0.3)

LOOPS = """
def gradients(x, t, w, b, v, c):
    inputs, units = range(len(x)), range(len(b))
    h = [0.5 * (1 + np.tanh(0.5 * (b[j] + sum(x[i] * w[i][j] for i in inputs)))) for j in units]
    error = c + sum(v[j] * h[j] for j in units) - t
    up = 2 * error
    dh = [up * v[j] for j in units]
    dk = [dh[j] * (h[j] - h[j] ** 2) for j in units]
    dw = np.empty((len(x), len(b)))
    dx = [0.0] * len(x)
    for i in inputs:
        for j in units:
            dw[i, j] = x[i] * dk[j]
            dx[i] += w[i, j] * dk[j]
    return error * error, up, [up * one for one in h], up, dh, dk, dw, dk, dx
"""

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "network/forward": [
        (f"{K[0]:.4g}", "0.6"),
        (f"{K[1]:.4g}", "0.8"),
        (f"{K[2]:.4g}", "2.4"),
        (f"{H[0]:.4f}", "0.4502"),
        (f"{H[1]:.4f}", "0.7685"),
        (f"{H[2]:.2f}", "0.13"),
        (f"{Y:.2f}", "2.81"),
        (f"{(Y - 4.5) ** 2:.4f}", "-1.39"),
    ],
    "network/loops": [(LOOPS, LOOPS.replace("dx[i] += w", "dx[i] = w"))],
}
