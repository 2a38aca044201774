"""The text of the network's function: its forward pass given, and the backward pass written out."""

from __future__ import annotations

PARAMETERS = ("x", "t", "w", "b", "v", "c")
GRADIENTS = ("dy", "dv", "dc", "dh", "dk", "dw", "db", "dx")
"""In the order of the way back."""

_FORWARD = """def {name}({parameters}):
    # x has n entries, b and v have m; t and c are numbers;
    # w[i, j] leads from x[i] to k[j].
    n, m = w.shape

    # forward pass
    k, h = np.zeros(m), np.zeros(m)
    for j in range(m):
        k[j] = b[j]
        for i in range(n):
            k[j] += w[i, j] * x[i]
        h[j] = 1 / (1 + np.exp(-k[j]))
    y = c
    for j in range(m):
        y = y + v[j] * h[j]
    l = (y - t) ** 2

    # backward pass, in loops:
    # dw[i, j] is the gradient of w[i, j], and so on
    dv, dh, dk, db = np.zeros(m), np.zeros(m), np.zeros(m), np.zeros(m)
    dw, dx = np.zeros((n, m)), np.zeros(n)
"""

_BACKWARD = """\
    dy = 2 * (y - t)
    dc = dy
    for j in range(m):
        dv[j] = dy * h[j]
        dh[j] = dy * v[j]
        dk[j] = dh[j] * h[j] * (1 - h[j])
        db[j] = dk[j]
        for i in range(n):
            dw[i, j] = dk[j] * x[i]
            dx[i] += dk[j] * w[i, j]
"""


def starter_text(name: str) -> str:
    """The function with an empty backward pass."""
    return f"{_given(name)}    \n{_last()}"


def worked_text(name: str) -> str:
    """The whole function."""
    return f"{_given(name)}{_BACKWARD}{_last()}"


def _given(name: str) -> str:
    return _FORWARD.format(name=name, parameters=", ".join(PARAMETERS))


def _last() -> str:
    return f"    return l, {', '.join(GRADIENTS)}\n"
