"""Learners who go wrong in a known way, at every gate and in graphs of many gates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from tutor.engine.gates import GATES, vocabulary
from tutor.engine.graph import Use
from tutor.engine.values import Value, exactly, shape_of
from tutor.judging import Verdict
from tutor.judging.misconceptions import MOST_TOLD, Likelihood, Misconception, same_everywhere
from tutor.judging.typed_answers import TypedAnswer
from tutor.language import read_expression
from tutor.questions import Blank, Step
from tutor.questions.backprop.candidates import (
    Maker,
    at_all_passes,
    down_candidates,
    local_candidates,
    total_candidates,
    value_candidates,
)
from tutor.questions.backprop.reference import Reference

from .making import Learner, learner


@dataclass(frozen=True)
class Slipped:
    """An answer to a blank, the mistake that led to it, the right one, and all mistakes there are at the blank."""

    blank: str
    typed: str
    way: Misconception
    truth: Value
    here: Sequence[Misconception]

    @property
    def names(self) -> set[str]:
        """The keys it may be called by: its own, and those of ways that are the same whatever the inputs."""
        return {one.key for one in self.here if _same(one.gives, self.way.gives) and same_everywhere(one, self.way)}

    @property
    def rivals(self) -> int:
        """How many other ways, not the same, lead to the same number here, as far as it was typed."""
        return len(self._alike) - 1

    @property
    def outranked(self) -> bool:
        """Whether something likelier leads to the same number, and it is rare, or one of too many to tell."""
        likelier = any(one.likelihood > self.way.likelihood for one in self._alike)
        return likelier and (self.way.likelihood is Likelihood.RARE or len(self._alike) > MOST_TOLD)

    @property
    def _alike(self) -> list[Misconception]:
        answer = TypedAnswer(read_expression(self.typed, vocabulary()).tree, {})
        kept: list[Misconception] = []
        for one in self.here:
            if answer.shows(one) and not any(same_everywhere(one, other) for other in kept):
                kept.append(one)
        return kept


def sheet_of(work: Learner) -> Reference:
    """The reference of a learner's staging."""
    reference = work.sheets.of(work)
    assert reference is not None
    return reference


def slips(work: Learner, only: str = "") -> Iterator[tuple[Slipped, Verdict]]:
    """Every wrong way at every blank (with `only` in its key), with the verdict on where it leads."""
    for step, blank, slipped in _slipped(work, only):
        yield slipped, step.judge(blank, slipped.typed, work)


def labels(work: Learner, only: str = "") -> set[str]:
    """The labels of the wrong ways there are."""
    return {slipped.way.label for _, _, slipped in _slipped(work, only)}


def _slipped(work: Learner, only: str) -> Iterator[tuple[Step, Blank, Slipped]]:
    for step in work.steps:
        if step.key in ("forward", "backward"):
            for blank in step.blanks(work):
                if only not in blank.key:
                    continue
                here, truth = _candidates_at(work, blank.key)
                for one in {one.label: one for one in here}.values():
                    if not np.all(np.isfinite(one.gives)) or _same(one.gives, truth):
                        continue
                    if one.least_digits:
                        continue  # of one value for another there are too many to try
                    yield step, blank, Slipped(blank.key, exactly(one.gives), one, truth, here)


def _candidates_at(work: Learner, key: str) -> tuple[list[Misconception], Value]:
    """The wrong ways at a blank, and the right answer."""
    reference = sheet_of(work)
    kind, _, name = key.partition(":")
    gate, _, port = name.rpartition(".")
    position = reference.graph.positions[gate or name]
    make: Maker
    match kind:
        case "value":
            make, truth = partial(value_candidates, reference, position), reference.value(position)
        case "total":
            pieces = any(key.startswith("down:") for key in work.answers)
            make = partial(total_candidates, reference, position, with_gates=not pieces)
            truth = reference.gradient(position)
        case "local":
            use = Use(position, int(port))
            make, truth = partial(local_candidates, reference, use), reference.local(use)
        case _:
            use = Use(position, int(port))
            make, truth = partial(down_candidates, reference, use), reference.share(use)
    return at_all_passes(make, [reference.here, *reference.near]), truth


def _same(one: Value, two: Value) -> bool:
    return shape_of(one) == shape_of(two) and bool(np.allclose(one, two, rtol=1e-9, atol=1e-13))


# One gate at a time, on numbers that keep mistakes apart


def at_gate(key: str, call: str, numbers: dict[str, str], upstream: str) -> Learner:
    """A learner at one gate with its output times another input: the upstream is that input's value."""
    given = ", ".join(f"{name} = {value}" for name, value in numbers.items())
    names = ", ".join((*numbers, "w"))
    scalar = "[" not in upstream
    function = f"f({names}) = {f'({call}) w' if scalar else f'sum(({call}) * w)'}"
    staging = f"d = {call}\n" + ("f = d * w" if scalar else "k = d * w\nf = sum(k)")
    work = learner(function, f"{given}, w = {upstream}", staging=staging)
    node = sheet_of(work).graph.nodes[sheet_of(work).graph.positions["d"]]
    assert node.gate is not None and node.gate.key == key, f"{call} is {node.gate}"
    return work


_A, _B, _U = "1.3", "2.9", "-1.7"
_M23, _M32 = "[[1.3, -0.7, 0.4], [0.6, 2.1, -1.2]]", "[[0.9, -1.4], [1.7, 0.3], [-0.8, 2.3]]"
_S, _T = "[[1.3, -0.7], [0.6, 2.1]]", "[[0.9, -1.4], [1.7, 0.35]]"
_V3, _W3, _V2 = "[1.3, -0.7, 2.4]", "[0.6, 2.1, -1.2]", "[1.9, -0.45]"
_U23, _U22, _U3 = "[[-1.7, 0.8, 1.1], [0.45, -2.2, 1.6]]", "[[-1.7, 0.8], [0.45, 2.2]]", "[-1.7, 0.8, 1.15]"

_U32, _V5 = "[[-1.7, 0.8], [0.45, 2.2], [1.25, -0.65]]", "[1.3, -0.7, 2.4, 0.6, -2.1]"
_POS23, _LOGS = "[[1.3, 0.7, 0.4], [0.6, 2.1, 1.2]]", "[[-0.4, -1.7, -2.2], [-1.9, -0.35, -1.2]]"
_M33 = "[[1.3, -0.7, 0.4], [0.6, 2.1, -1.2], [0.35, 0.9, 1.7]]"
_M34, _M44 = (
    "[[1.3, -0.7, 0.4, 2.6], [0.6, 2.1, -1.2, 0.15], [0.35, 0.9, 1.7, -0.55]]",
    ("[[1.3, -0.7, 0.4, 2.6], [0.6, 2.1, -1.2, 0.15], [0.35, 0.9, 1.7, -0.55], [-2.4, 0.25, 1.45, 0.8]]"),
)

_SCALAR = {
    "add": ("a + b", _A, _B), "sub": ("a - b", _A, _B), "neg": ("-a", _A), "mul": ("a b", _A, _B),
    "div": ("a/b", _A, _B), "pow": ("a^b", _A, _B), "scale": ("2.9 a", _A), "unscale": ("a/2.9", _A),
    "reciprocal": ("1.3/b", "", _B), "shift": ("a + 2.9", _A), "shift_down": ("a - 2.9", _A),
    "reflect": ("1.3 - b", "", _B), "power": ("a^3", "1.35"), "exponential": ("1.3^b", "", _B),
    "exp": ("exp(a)", _A), "ln": ("ln(a)", _B), "sqrt": ("sqrt(a)", _B), "sin": ("sin(a)", _A),
    "cos": ("cos(a)", _A), "tan": ("tan(a)", "0.7"), "sigmoid": ("sigmoid(a)", _A), "tanh": ("tanh(a)", "0.7"),
    "relu": ("relu(a)", _A), "abs": ("abs(a)", "-1.3"), "max": ("max(a, b)", _A, _B), "min": ("min(a, b)", _A, _B),
    "sinh": ("sinh(a)", _A), "cosh": ("cosh(a)", _A), "arcsin": ("arcsin(a)", "0.45"), "arccos": ("arccos(a)", "0.45"),
    "arctan": ("arctan(a)", _A), "log2": ("log2(a)", _B), "log10": ("log10(a)", _B), "log1p": ("log1p(a)", _A),
    "expm1": ("expm1(a)", _A), "silu": ("silu(a)", "0.6"), "mish": ("mish(a)", _A), "selu": ("selu(a)", "-0.8"),
    "hard_sigmoid": ("hard_sigmoid(a)", _A), "leaky_relu": ("leaky_relu(a, b)", "-1.3", "0.15"),
    "elu": ("elu(a, b)", "-1.3", "0.7"), "clip": ("clip(a, -0.45, 2.1)", _A),
    "erf": ("erf(a)", "0.7"), "gelu": ("gelu(a)", _A), "softplus": ("softplus(a)", _A),
    "greater": ("a > b", _A, _B), "greater_equal": ("a >= b", _B, _A), "less": ("a < b", _A, _B),
    "less_equal": ("a <= b", _A, _B), "equal": ("a == b", _A, _B), "not_equal": ("a != b", _A, _B),
    "sign": ("sign(a)", "-1.3"), "step": ("step(a)", _A), "heaviside": ("heaviside(a, b)", _A, "0.35"),
}  # fmt: skip

_MORE = [
    ("scale", "a * 2.9", {"a": _A}, _U), ("mul", "[1.25, 0, 1.25] * a", {"a": _V3}, _U3),
    ("mul", "a * [1.25, 0, 1.25]", {"a": _V3}, _U3), ("shift", "2.9 + a", {"a": _A}, _U),
    ("relu", "relu(a)", {"a": "-1.3"}, _U), ("relu", "relu(a)", {"a": _S}, _U22), ("abs", "abs(a)", {"a": _A}, _U),
    ("ln", "ln(a)", {"a": "0.35"}, _U), ("power", "a^2", {"a": "-1.3"}, _U), ("power", "a^-2", {"a": _A}, _U),
    ("mul", "a * b", {"a": _A, "b": _M23}, _U23), ("mul", "a * b", {"a": _M23, "b": _B}, _U23),
    ("mul", "a * b", {"a": _V3, "b": _M23}, _U23),
    ("add", "a + b", {"a": _M23, "b": _V3}, _U23), ("add", "a + b", {"a": _S, "b": _V2}, _U22),
    ("add", "a + b", {"a": _S, "b": "[[0.7], [1.9]]"}, _U22), ("max", "max(a, b)", {"a": _S, "b": _T}, _U22),
    ("min", "min(a, b)", {"a": _S, "b": _T}, _U22), ("abs", "abs(a)", {"a": _M23}, _U23),
    *((key, f"a {sign} b", {"a": "[1.3, -0.7, 2.4]", "b": "[1.3, 2.1, -1.2]"}, _U3)
      for key, sign in (("greater", ">"), ("greater_equal", ">="), ("less", "<"), ("less_equal", "<="),
                        ("equal", "=="), ("not_equal", "!="))),
    ("greater", "a > b", {"a": _S, "b": _T}, _U22), ("less_equal", "a <= 0.5", {"a": _M23}, _U23),
    ("sign", "sign(a)", {"a": _M23}, _U23), ("step", "step(a)", {"a": _M23}, _U23), ("sign", "sign(a)", {"a": _A}, _U),
    ("heaviside", "heaviside(a, b)", {"a": "[1.3, 0, -0.7]", "b": _W3}, _U3),
    ("where", "where(a, b, c)", {"a": "[1, 0, 1]", "b": _V3, "c": _W3}, _U3),
    ("where", "where(a, b, c)", {"a": "1", "b": _A, "c": _B}, _U),
    ("where", "where(a, b, 2.9)", {"a": "[[1, 0, 0], [0, 1, 1]]", "b": _M23}, _U23),
    ("matmul", "a @ b", {"a": _M23, "b": _M32}, _U22), ("matmul", "a @ b", {"a": _S, "b": _T}, _U22),
    ("matmul", "a @ b", {"a": _S, "b": _V2}, "[-1.7, 0.8]"), ("matmul", "a @ b", {"a": _V2, "b": _S}, "[-1.7, 0.8]"),
    ("matmul", "a @ b", {"a": _M23, "b": _V3}, "[-1.7, 0.8]"), ("dot", "dot(a, b)", {"a": _V3, "b": _W3}, _U),
    ("matmul", "a @ b", {"a": _S, "b": "[[1.9], [-0.45]]"}, "[[-1.7], [0.8]]"),
    ("matmul", "a @ b", {"a": "[[1.9, -0.45]]", "b": _S}, "[[-1.7, 0.8]]"),
    ("pow", "a^b", {"a": _A, "b": "3"}, _U), ("pow", "a^b", {"a": _A, "b": "-2"}, _U),
    ("exponential", "1.3^b", {"b": "3"}, _U), ("exponential", "1.3^b", {"b": "-2"}, _U),
    ("power", "a^2.5", {"a": _A}, _U),
    ("outer", "outer(a, b)", {"a": _V2, "b": _V3}, _U23),
    ("outer", "outer(a, b)", {"a": _V2, "b": "[0.6, 2.1]"}, _U22),
    ("matrix_power", "matrix_power(a, 2)", {"a": _S}, _U22), ("matrix_power", "matrix_power(a, 3)", {"a": _T}, _U22),
    ("transpose", "transpose(a)", {"a": _S}, _U22), ("sum", "sum(a)", {"a": _M23}, _U),
    ("sum", "sum(a, axis=0)", {"a": _M23}, _U3), ("sum", "sum(a, axis=1)", {"a": _S}, "[-1.7, 0.8]"),
    ("mean", "mean(a)", {"a": _M23}, _U), ("mean", "mean(a, axis=0)", {"a": _M23}, _U3),
    ("mean", "mean(a, axis=1)", {"a": _M23}, "[-1.7, 0.8]"), ("norm", "norm(a)", {"a": _V3}, _U),
    ("norm", "norm(a)", {"a": _M23}, _U), ("squared_norm", "||a||^2", {"a": _V3}, _U),
    ("softmax", "softmax(a)", {"a": _M23}, _U23), ("softmax", "softmax(a, axis=0)", {"a": _S}, _U22),
    ("logsumexp", "logsumexp(a)", {"a": _V3}, _U), ("logsumexp", "logsumexp(a, axis=1)", {"a": _M23}, "[-1.7, 0.8]"),
    ("cross_entropy", "cross_entropy(a, [1, 2])", {"a": _M23}, _U),
    ("cross_entropy", "cross_entropy(a, 2)", {"a": _V3}, _U),
    ("cross_entropy", "cross_entropy(a, [1, 0, 1])", {"a": _M32}, _U),
    ("gather", "gather(a, [2, 1, 2])", {"a": _M32}, "[[-1.7, 0.8], [0.45, 2.2], [1.25, -0.65]]"),
    ("gather", "gather(a, [1, 2])", {"a": _M32}, _U22),
    ("largest", "max(a, axis=1)", {"a": _M23}, "[-1.7, 0.8]"), ("largest", "max(a)", {"a": _V3}, _U),
    ("largest", "max(a, axis=0)", {"a": _S}, "[-1.7, 0.8]"), ("smallest", "min(a, axis=1)", {"a": _M23}, "[-1.7, 0.8]"),
    ("smallest", "min(a, axis=0)", {"a": _S}, "[-1.7, 0.8]"),
    ("var", "var(a)", {"a": _V3}, _U), ("var", "var(a, axis=1)", {"a": _M23}, "[-1.7, 0.8]"),
    ("std", "std(a)", {"a": _V3}, _U), ("std", "std(a, axis=0)", {"a": _M32}, "[-1.7, 0.8]"),
    ("concat", "concat(a, b)", {"a": _V2, "b": "[0.6, 2.1]"}, "[-1.7, 0.8, 0.45, 2.2]"),
    ("concat", "concat(a, b, axis=1)", {"a": _S, "b": _T}, "[[-1.7, 0.8, 0.45, 2.2], [1.25, -0.65, 0.35, 1.15]]"),
    ("stack", "stack(a, b)", {"a": _V2, "b": "[0.6, 2.1]"}, _U22),
    ("slice", "slice(a, 2, 4)", {"a": "[1.3, -0.7, 2.4, 0.6, -2.1]"}, "[-1.7, 0.8]"),
    ("slice", "slice(a, 1, 2, axis=1)", {"a": _M23}, "[[-1.7], [0.8]]"),
    ("index", "a[2]", {"a": "[1.3, -0.7, 2.4, 0.6, -2.1]"}, _U), ("index", "a[1:3]", {"a": "[1.3, -0.7, 2.4, 0.6]"},
        "[-1.7, 0.8]"),
    ("index", "a[[2, 1, 2]]", {"a": "[1.3, -0.7, 2.4, 0.6]"}, "[-1.7, 0.8, 0.45]"), ("index", "a[0]", {"a": _S},
        "[-1.7, 0.8]"),
    ("index", "a[:, 1]", {"a": _M23}, "[-1.7, 0.8]"), ("index", "a[range(2), [2, 1]]", {"a": _M23}, "[-1.7, 0.8]"),
    ("pick", "pick(a, [0, 1], [2, 1])", {"a": _M23}, "[-1.7, 0.8]"),
    ("pick", "pick(a, [1, 0], [1, 1])", {"a": _S}, "[-1.7, 0.8]"),
    ("reshape", "reshape(a, 3, 2)", {"a": _M23}, "[[-1.7, 0.8], [0.45, 2.2], [1.25, -0.65]]"),
    ("conv1d", "conv1d(a, b)", {"a": "[1.3, -0.7, 2.4, 0.6, -2.1]", "b": "[0.9, -1.4]"}, "[-1.7, 0.8, 0.45, 2.2]"),
    ("conv1d", "conv1d(a, b)", {"a": "[1.3, -0.7, 2.4, 0.6, -2.1]", "b": "[0.9, -1.4, 0.35]"}, "[-1.7, 0.8, 1.15]"),
    ("leaky_relu", "leaky_relu(a, b)", {"a": _A, "b": "0.15"}, _U),
    ("leaky_relu", "leaky_relu(a, 0.15)", {"a": _S}, _U22),
    ("elu", "elu(a, b)", {"a": _A, "b": "0.7"}, _U), ("elu", "elu(a, 0.7)", {"a": _S}, _U22),
    ("selu", "selu(a)", {"a": _B}, "-3.1"), ("hard_sigmoid", "hard_sigmoid(a)", {"a": "3.7"}, _U),
    ("clip", "clip(a, -0.45, 2.1)", {"a": "2.6"}, _U), ("clip", "clip(a, -0.45, 2.1)", {"a": "-1.3"}, _U),
    ("clip", "clip(a, -0.45, 1.7)", {"a": _S}, _U22),
    ("einsum", 'einsum("ij,jk->ik", a, b)', {"a": _M23, "b": _M32}, _U22),
    ("einsum", 'einsum("ij,jk->ki", a, b)', {"a": _M23, "b": _M32}, _U22),
    ("einsum", 'einsum("i,i->", a, b)', {"a": _V3, "b": _W3}, _U),
    ("einsum", 'einsum("ij,ij->ij", a, b)', {"a": _S, "b": _T}, _U22),
    ("einsum_of_one", 'einsum("ij->ji", a)', {"a": _S}, _U22),
    ("einsum_of_one", 'einsum("ij->j", a)', {"a": _M23}, _U3),
    ("inv", "inv(a)", {"a": _S}, _U22), ("det", "det(a)", {"a": _S}, _U), ("tr", "trace(a)", {"a": _S}, _U),
    ("diag", "diag(a)", {"a": _V2}, _U22), ("diag", "diag(a)", {"a": _S}, "[-1.7, 0.8]"),
    ("tril", "tril(a)", {"a": _S}, _U22), ("triu", "triu(a)", {"a": _S}, _U22),
    ("conv2d", "conv2d(a, b)", {"a": _M34, "b": _T}, _U23),
    ("conv2d", "conv2d(a, b, stride=2, padding=1)", {"a": _M23, "b": _T}, "[[-1.7, 0.8]]"),
    ("max_pool2d", "max_pool2d(a, 2)", {"a": _M44}, _U22), ("avg_pool2d", "avg_pool2d(a, 2)", {"a": _M44}, _U22),
    ("prod", "prod(a)", {"a": _V3}, _U), ("prod", "prod(a, axis=0)", {"a": _S}, "[-1.7, 0.8]"),
    ("cumsum", "cumsum(a)", {"a": _V3}, _U3), ("cumsum", "cumsum(a, axis=0)", {"a": _M32}, _U32),
    ("norm1", "norm1(a)", {"a": _V3}, _U), ("norm1", "norm1(a, axis=1)", {"a": _M23}, "[-1.7, 0.8]"),
    ("var", "var(a, ddof=1)", {"a": _V3}, _U), ("std", "std(a, ddof=1)", {"a": _V3}, _U),
    ("log_softmax", "log_softmax(a)", {"a": _V3}, _U3), ("log_softmax", "log_softmax(a, axis=0)", {"a": _S}, _U22),
    ("nll_loss", "nll_loss(a, [1, 2])", {"a": _LOGS}, _U), ("nll_loss", "nll_loss(a, [1, 0])", {"a": _POS23}, _U),
    ("expand_dims", "expand_dims(a, 1)", {"a": _V3}, "[[-1.7], [0.8], [1.15]]"),
    ("squeeze", "squeeze(a)", {"a": "[[1.3, -0.7, 2.4]]"}, _U3),
    ("swapaxes", "swapaxes(a, 0, 1)", {"a": _S}, _U22), ("swapaxes", "swapaxes(a, 0, 1)", {"a": _M23}, _U32),
    ("broadcast_to", "broadcast_to(a, 2, 3)", {"a": _V3}, _U23),
    ("broadcast_to", "broadcast_to(a, 2, 2)", {"a": "[[1.9], [-0.45]]"}, _U22),
    ("stop_gradient", "stop_gradient(a)", {"a": _A}, _U), ("stop_gradient", "detach(a)", {"a": _V3}, _U3),
    ("argmax", "argmax(a)", {"a": _V3}, _U), ("argmax", "argmax(a, axis=1)", {"a": _M23}, "[-1.7, 0.8]"),
    ("argmin", "argmin(a)", {"a": _W3}, _U), ("argmin", "argmin(a, axis=1)", {"a": _M23}, "[-1.7, 0.8]"),
    ("one_hot", "one_hot(a, 3)", {"a": "[2, 1]"}, _U23),
    ("ones_like", "ones_like(a)", {"a": _V3}, _U3), ("zeros_like", "zeros_like(a)", {"a": _V3}, _U3),
]  # fmt: skip


def _scalar_cases() -> Iterator[tuple[str, str, dict[str, str], str]]:
    for key, (call, *numbers) in _SCALAR.items():
        names = ("a", "b")
        given = {name: number for name, number in zip(names, numbers, strict=False) if number}
        yield key, call, given, _U


GATE_CASES = [*_scalar_cases(), *_MORE]
"""Key, how it is called, its arguments, the upstream."""

_UNTRIED = set(GATES) - {case[0] for case in GATE_CASES}
assert not _UNTRIED, (
    f"a new gate needs a line in tests/questions/learners.py: {sorted(_UNTRIED)} in _SCALAR or, of arrays, in _MORE"
)
