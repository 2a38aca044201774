"""Four exercises worked by hand: their mathematics is written out here, none of it is the program's."""

from __future__ import annotations

from math import e, exp, log, sqrt

RUN = "."

Worked = tuple[list[str], list[str]]


def n(value: float) -> str:
    return f"{value:.5g}"


def sum_then_product() -> Worked:
    stage = ["p = x + y", "f = p z"]
    at_f = ["1", "z", "2", "p", "4"]
    at_p = ["1", "2", "1", "2"]
    code = ["p = x + y", "out = p * z", "fz = p", "fx = z + 0 * x", "fy = z + 0 * y"]
    return [*stage, "4", "8", *at_f, *at_p], code


def fork() -> Worked:
    stage = ["a = ln x", "b = sin(y)", "s = a + b", "q = s^2", "r = 4x", "g = q + r"]
    values = ["1", "1", "2", "4", n(4 * e), n(4 + 4 * e)]
    at_g = ["1", "1", "1", "1", "1"]
    at_r = ["4", "4"]
    at_q = ["2 s", "4"]
    at_s = ["1", "4", "1", "4"]
    at_b = ["cos y", "0"]
    at_a = ["1/x", "4/e"]
    inputs = ["4 + 4/e", "0"]
    code = """
def q2c(x, y, z):
    s = np.log(x) + np.sin(y)
    out = s ** 2 + 4 * x
    return out, 2 * s / x + 4, 2 * s * np.cos(y), np.zeros_like(z)
""".splitlines()
    return [*stage, *values, *at_g, *at_r, *at_q, *at_s, *at_b, *at_a, *inputs], code


def layer() -> Worked:
    """The division as a product with a reciprocal: another staging than the program's own."""
    stage = [
        "a = ln x",
        "b = √y",
        "c = σ(b)",
        "d = a*c",
        "s = x + y",
        "q = s²",
        "t = sigmoid(q)",
        "r = 1/t",
        "f = d r",
    ]
    x, y = 0.8, 0.5
    a, b, s = log(x), sqrt(y), x + y
    c, q = 1 / (1 + exp(-b)), s * s
    d, t = a * c, 1 / (1 + exp(-q))
    r = 1 / t
    values = [n(v) for v in (a, b, c, d, s, q, t, r, d * r)]
    to_t = d * (-1 / t**2)
    to_q = to_t * t * (1 - t)
    to_s = to_q * 2 * s
    to_c = r * a
    to_b = to_c * c * (1 - c)
    from_b, from_a = to_b / (2 * b), r * c / x
    at_f = ["1", n(r), n(r), n(d), n(d)]
    at_r = ["-1/t^2", n(to_t)]
    at_t = ["t (1 - t)", n(to_q)]
    at_q = ["2s", n(to_s)]
    at_s = ["1", n(to_s), "1", n(to_s)]
    at_d = ["c", n(r * c), "a", n(to_c)]
    at_c = ["c(1-c)", n(to_b)]
    at_b = ["1/(2 sqrt y)", n(from_b)]
    at_a = ["1/x", n(from_a)]
    inputs = [n(from_a + to_s), n(from_b + to_s)]
    code = """
import numpy as np
def sigmoid(v):
    return 1 / (1 + np.exp(-v))
def complex_layer(x, y):
    a, b, s = np.log(x), np.sqrt(y), x + y
    c, t = sigmoid(b), sigmoid(s ** 2)
    out = a * c / t
    common = -a * c / t ** 2 * t * (1 - t) * 2 * s
    return out, c / t / x + common, a / t * c * (1 - c) / (2 * b) + common
""".splitlines()
    return [*stage, *values, *at_f, *at_r, *at_t, *at_q, *at_s, *at_d, *at_c, *at_b, *at_a, *inputs], code


def squared_norm() -> Worked:
    stage = ["q = W @ x", "f = ||q||^2"]
    values = ["0.22; 0.26", "0.116"]
    at_f = ["1", "[[0.44], [0.52]]"]
    at_q = ["0.088 0.176; 0.104 0.208", "-0.112; 0.636"]
    code = ["q = W @ x", "out = (q * q).sum()", "gW = 2 * q @ x.T", "gx = 2 * W.T @ q"]
    return [*stage, *values, *at_f, *at_q], code


WORKED = {
    "node-way/a": sum_then_product(),
    "node-way/c": fork(),
    "layers/complex": layer(),
    "vectors/squared-norm": squared_norm(),
}
"""Id -> what is typed before the code, and the lines of the code: a whole function, or its body alone."""

BY_HAND = {id: [*answers, *code, RUN] for id, (answers, code) in WORKED.items()}
"""Id -> the lines for the plain face."""

PRODUCT_PROGRAM = "\n    ".join(["def q2a(x, y, z):", *sum_then_product()[1], "return out, fx, fy, fz"]) + "\n"
"""The whole function of node-way/a."""
