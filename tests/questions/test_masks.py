"""Masks in answers: the backward lines of ReLU layers, hinge, Huber and max, as courses write them."""

from __future__ import annotations

from typing import Any

import pytest

from tutor.judging import Kind

from .asking import One
from .making import learner

LAYER: dict[str, Any] = {
    "equations": ("z = X @ W + b", "h = relu(z)", "l = sum((h - t)^2)/5"),
    "shapes": {"X": (5, 3), "W": (3, 2), "b": (2,), "t": (5, 2)},
}
LARGEST: dict[str, Any] = {"equations": ("m = max(X, axis=1)", "l = sum(m^2)"), "shapes": {"X": (3, 4)}}
HUBER: dict[str, Any] = {
    "equations": ("r = y - t", "l = sum(where(|r| <= 1, r^2/2, |r| - 1/2))"),
    "shapes": {"y": (6,), "t": (6,)},
}
HINGE: dict[str, Any] = {
    "equations": ("m = 1 - t * s", "h = max(m, 0)", "l = sum(h)/7"),
    "shapes": {"t": (7,), "s": (7,)},
}
LEAKY: dict[str, Any] = {
    "equations": ("h = where(z > 0, z, 0.1 z)", "l = sum(h * c)"),
    "shapes": {"z": (4,), "c": (4,)},
}


@pytest.mark.parametrize(
    ("table", "of", "given", "worked"),
    [
        (LAYER, "z", ("h",), "h'*(z > 0)"),
        (LAYER, "z", (), "2*(h - t)*(z > 0)/5"),
        (LAYER, "W", ("z",), "X.T @ z'"),
        (LARGEST, "X", ("m",), "reshape(m', (3, 1))*(X == max(X, axis=1, keepdims=True))"),
        (HUBER, "r", (), "(abs(r) <= 1)*r + (abs(r) > 1)*sign(r)"),
        (HINGE, "m", ("h",), "h'*(m > 0)"),
        (HINGE, "m", (), "(m > 0)/7"),
        (LEAKY, "z", ("h",), "h'*(z > 0) + h'*(z <= 0)/10"),
    ],
)
def test_the_answer_is_put_together_as_it_is_written(
    table: dict[str, Any], of: str, given: tuple[str, ...], worked: str
) -> None:
    blank = One("gradient", {"of": of, "given": given}, **table)
    assert blank.worked == worked
    assert blank.judge(blank.worked).kind is Kind.RIGHT


@pytest.mark.parametrize(
    "text",
    [
        "dh * (z > 0)", "np.where(z > 0, dh, 0)", "h' ⊙ 1[z>0]", "h' * relu'(z)", "h' * np.sign(h)", "h' * (h != 0)",
        "dh * (z > 0).astype(float)", "dh if z > 0 else 0", r"h' \odot \mathbb{1}_{z > 0}", "h' * heaviside(z, 0)",
        "h' * I(z > 0)", "h' * step(z)", "h' [z > 0]", "dh * (z >= 0)", "h' h/z",
    ],
)  # fmt: skip
def test_ways_to_write_the_line_of_a_relu(text: str) -> None:
    assert One("gradient", {"of": "z", "given": ("h",)}, **LAYER).judge(text).kind is Kind.RIGHT


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("dh * (dh > 0)", "relu_mask_upstream"), ("dh", "relu_passes_all"), ("h' * (h >= 0)", "relu_passes_all"),
        ("np.where(z > 0, 0, dh)", "relu_mask_inverted"), ("(z > 0)", "forgot_upstream"),
        ("h' * sign(z)", "relu_as_sign"), ("h' * relu(z)", "relu_value"),
    ],
)  # fmt: skip
def test_mistakes_with_the_mask_are_named(text: str, mistake: str) -> None:
    verdict = One("gradient", {"of": "z", "given": ("h",)}, **LAYER).judge(text)
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, mistake)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("h' * where(z > 0, 1, 0.1)", Kind.RIGHT), ("where(z > 0, h', 0.1 h')", Kind.RIGHT),
        ("h' * (z > 0)", Kind.WRONG), ("where(z > 0, 0.1 h', h')", Kind.WRONG), ("h'", Kind.WRONG),
    ],
)  # fmt: skip
def test_pieces_are_told_apart(text: str, kind: Kind) -> None:
    assert One("gradient", {"of": "z", "given": ("h",)}, **LEAKY).judge(text).kind is kind


@pytest.mark.parametrize(
    ("equations", "by", "answers"),
    [
        (
            ["y = relu(x)"],
            "x",
            ["x > 0", "1[x > 0]", "relu'(x)", "1 if x > 0 else 0", "heaviside(x)", "(1 + sign(x))/2"],
        ),
        (["y = relu(2x - 1)^2"], "x", ["4relu(2x - 1)", "4(2x - 1)(x > 1/2)", "4 relu(2x - 1) 1[2x > 1]"]),
        (["y = |x|"], "x", ["sign(x)", "x/|x|", "(x > 0) - (x < 0)", "where(x > 0, 1, -1)"]),
        (
            ["y = max(u, 3v)"],
            "v",
            ["3 (3v > u)", "where(u > 3v, 0, 3)", r"\begin{cases} 3 & 3v > u \\ 0 & \text{otherwise} \end{cases}"],
        ),
        (["y = min(p, q^2)"], "q", ["2q (q^2 < p)", "2q 1[p > q^2]"]),
        (["y = max(0, 1 - t s)"], "s", ["-t (t s < 1)", "-t 1{t s <= 1}"]),
        (["y = where(x > 1, x^2, x)"], "x", ["where(x > 1, 2x, 1)", "2x (x > 1) + (x <= 1)"]),
        (["y = σ(x)^2"], "x", ["2 σ(x) σ'(x)", "2 sigmoid(x) sigmoid_prime(x)"]),
    ],
)
def test_slopes_of_functions_with_kinks(equations: list[str], by: str, answers: list[str]) -> None:
    blank = One("derivative", {"by": by}, equations=equations)
    for answer in (blank.worked, *answers):
        assert blank.judge(answer).accepted, (answer, blank.judge(answer))


@pytest.mark.parametrize(
    ("equation", "answer", "mistake"),
    [
        ("y = relu(x)", "1", "one_side"),
        ("y = relu(x)", "x < 0", "other_side"),
        ("y = relu(x)", "sign(x)", "slope_of_abs"),
        ("y = |x|", "1", "one_side"),
        ("y = |x|", "x > 0", "slope_of_relu"),
        ("y = max(x, x^2)", "1 + 2x", "both_sides"),
        ("y = max(x, x^2)", "(x < x^2) + 2x (x > x^2)", "other_side"),
        ("y = min(x, 2)", "1", "both_sides"),
    ],
)
def test_mistakes_at_a_kink_are_named(equation: str, answer: str, mistake: str) -> None:
    verdict = One("derivative", {"by": "x"}, equations=[equation]).judge(answer)
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, mistake), verdict


@pytest.mark.parametrize(
    ("function", "answers"),
    [
        ("relu({})", ["1[a > 0]", "a > 0", "(a > 0)", "where(a > 0, 1, 0)", "heaviside(a, 0)", "relu'(a)"]),
        ("|{}|", ["sign(a)", "a/|a|", "where(a > 0, 1, -1)"]),
        ("max({}, 2)", ["a > 2", "1[a > 2]"]),
        ("min({}, 2)", ["a < 2", "where(a < 2, 1, 0)"]),
    ],
)
@pytest.mark.parametrize("at", ["x = 3, y = 1.7", "x = -3, y = 0.4", "x = [3, -1.2], y = [1.7, 0.4]"])
def test_local_derivatives_as_the_gate_card_says_them(function: str, answers: list[str], at: str) -> None:
    whole = f"sum({function})" if "[" in at else function
    staging = f"a = x * y\nb = {function.format('a')}\nf = {'sum(b)' if '[' in at else '2 b'}"
    work = learner(f"f(x, y) = {whole.format('x * y')}{'' if '[' in at else ' * 2'}", at, staging=staging)
    for answer in answers:
        verdict = work.judge("local:b.0", answer)
        assert verdict.kind is Kind.RIGHT, (answer, verdict)


@pytest.mark.parametrize(
    ("function", "staging", "mistake"),
    [
        ("sum((x > 0) * x)", "m = x < 0\nb = m*x\nf = sum(b)", "other_comparison"),
        ("sum(where(x > 1, x^2, x))", "m = x > 1\nb = x^2\nc = where(m, x, b)\nf = sum(c)", "wrong_way_round"),
    ],
)
def test_a_choice_the_wrong_way_round_is_named_in_a_staging(function: str, staging: str, mistake: str) -> None:
    verdict = learner(f"f(x) = {function}", "x = [0.4, -0.9, 1.3]").judge("staging", staging)
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, mistake), verdict


@pytest.mark.parametrize(
    "staging",
    ["m = x > 0\nb = m x\nf = sum(b)", "m = 1[x > 0]\nb = m x\nf = sum(b)", "b = relu(x)\nf = sum(b)",
     "m = step(x)\nb = m*x\nf = sum(b)", "m = x <= 0\nb = 0 if m else x\nf = sum(b)"],
)  # fmt: skip
def test_stagings_with_a_mask(staging: str) -> None:
    assert learner("f(x) = sum((x > 0) * x)", "x = [0.4, -0.9, 1.3]").judge("staging", staging).accepted
