"""The gates: one entry an operation, and how to find the entry for an operation and its arguments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from math import prod

import numpy as np

from tutor.engine.gates.activations import ACTIVATIONS
from tutor.engine.gates.arithmetic import ARITHMETIC
from tutor.engine.gates.convolution import IMAGES
from tutor.engine.gates.einsum import EINSUMS
from tutor.engine.gates.entries import ENTRIES
from tutor.engine.gates.functions import FUNCTIONS
from tutor.engine.gates.gate import Constants, Gate, Interval, Pieces
from tutor.engine.gates.linear_algebra import LINEAR_ALGEBRA
from tutor.engine.gates.log_softmax import LOG_SOFTMAXES
from tutor.engine.gates.no_gradient import MASKS, NO_GRADIENT
from tutor.engine.gates.products import CONVOLUTIONS, PRODUCTS
from tutor.engine.gates.rearranging import REARRANGING
from tutor.engine.gates.reductions import EXTREMES, REDUCTIONS
from tutor.engine.gates.reshaping import RESHAPING
from tutor.engine.gates.smooth_functions import SMOOTH, TRIGONOMETRY
from tutor.engine.gates.softmax import SOFTMAXES
from tutor.engine.gates.statistics import ACCUMULATING, SPREADS
from tutor.engine.values import Shape, Value, shape_of
from tutor.language import Apply, Arrays, Expression, FunctionWord, Option, Vocabulary, read_expression
from tutor.language.tree import rename

_SHORT_FOR = {
    "sec(x)": "1/cos(x)",
    "csc(x)": "1/sin(x)",
    "cosec(x)": "1/sin(x)",
    "cot(x)": "cos(x)/sin(x)",
    "cotan(x)": "cos(x)/sin(x)",
    "ctg(x)": "cos(x)/sin(x)",
    "sech(x)": "1/cosh(x)",
    "csch(x)": "1/sinh(x)",
    "cosech(x)": "1/sinh(x)",
    "coth(x)": "1/tanh(x)",
    "asinh(x)": "ln(x + sqrt(x^2 + 1))",
    "arcsinh(x)": "ln(x + sqrt(x^2 + 1))",
    "acosh(x)": "ln(x + sqrt(x^2 - 1))",
    "arccosh(x)": "ln(x + sqrt(x^2 - 1))",
    "atanh(x)": "ln((1 + x)/(1 - x))/2",
    "arctanh(x)": "ln((1 + x)/(1 - x))/2",
    "exp2(x)": "2^x",
    "logit(x)": "ln(x/(1 - x))",
    "logaddexp(x, y)": "ln(e^x + e^y)",
    "hypot(x, y)": "sqrt(x^2 + y^2)",
    "rsqrt(x)": "1/sqrt(x)",
    "radians(x)": "x pi/180",
    "deg2rad(x)": "x pi/180",
    "degrees(x)": "180 x/pi",
    "rad2deg(x)": "180 x/pi",
    "square(x)": "x^2",
    "power(x, y)": "x^y",
    "pow(x, y)": "x^y",
    "float_power(x, y)": "x^y",
    "add(x, y)": "x + y",
    "subtract(x, y)": "x - y",
    "sub(x, y)": "x - y",
    "multiply(x, y)": "x*y",
    "mul(x, y)": "x*y",
    "divide(x, y)": "x/y",
    "true_divide(x, y)": "x/y",
    "div(x, y)": "x/y",
    "negative(x)": "-x",
    "neg(x)": "-x",
    "reciprocal(x)": "1/x",
    "flatten(x)": "reshape(x, -1)",
    "ravel(x)": "reshape(x, -1)",
    "logsigmoid(x)": "ln(sigmoid(x))",
    "softsign(x)": "x/(1 + abs(x))",
    "softmin(x)": "softmax(-x)",
    "relu6(x)": "clip(x, 0, 6)",
    "hardtanh(x)": "clip(x, -1, 1)",
    "hardswish(x)": "x*hard_sigmoid(x)",
    "tanhshrink(x)": "x - tanh(x)",
    "logdet(x)": "ln(det(x))",
    "solve(x, y)": "inv(x) @ y",
    "mse_loss(x, y)": "mean((x - y)^2)",
    "l1_loss(x, y)": "mean(abs(x - y))",
    "binary_cross_entropy(x, y)": "-mean(y ln(x) + (1 - y) ln(1 - x))",
    "binary_cross_entropy_with_logits(x, y)": "mean(softplus(x) - y*x)",
    "huber_loss(x, y, delta=1)": "mean(where(abs(x - y) <= delta, (x - y)**2/2, delta*(abs(x - y) - delta/2)))",
    "smooth_l1_loss(x, y, beta=1)": "mean(where(abs(x - y) < beta, (x - y)**2/(2*beta), abs(x - y) - beta/2))",
    "triplet_margin_loss(a, p, n, margin=1)": (
        "mean(max(norm(a - p + 1e-6, axis=-1) - norm(a - n + 1e-6, axis=-1) + margin, 0))"
    ),
    "celu(x, alpha=1)": "max(x, 0) + min(alpha*(exp(x/alpha) - 1), 0)",
    "lerp(x, y, weight)": "x + weight*(y - x)",
    "linear(x, w, b=0)": "x @ w.T + b",
    "addmm(x, y, z)": "x + y @ z",
}
"""What words are short for. An argument with a number may be left out, and given by its name."""

_ALSO = {
    "logistic": "sigmoid",
    "expit": "sigmoid",
    "tg": "tan",
    "fabs": "abs",
    "absolute": "abs",
    "cat": "concat",
    "mm": "matmul",
    "bmm": "matmul",
    "view": "reshape",
    "conv": "conv1d",
    "CE": "cross_entropy",
    "NLL": "nll_loss",
    "rows": "gather",
    "max_pool": "max_pool2d",
    "avg_pool": "avg_pool2d",
    "broadcast": "broadcast_to",
    "stop": "stop_gradient",
}
"""Other names of function words."""

_WRITTEN_OUT = {"eye": "eye", "identity": "eye", "ones": "ones", "zeros": "zeros"}
"""Words for arrays that are written out when they are read."""


def spellings(words: dict[str, FunctionWord]) -> dict[str, FunctionWord]:
    """The words, by the words of the gates; all of them may be names as well."""
    made = {word: _alias(words[other]) for word, other in _ALSO.items()}
    made |= {word: FunctionWord(key, 1, 2, may_be_name=True) for word, key in _WRITTEN_OUT.items()}
    for pattern, text in _SHORT_FOR.items():
        word, _, rest = pattern.removesuffix(")").partition("(")
        given = [argument.partition("=") for argument in rest.split(", ")]
        names = tuple(name for name, _, _ in given)
        usual = tuple(number for _, _, number in given if number)
        made[word] = FunctionWord(
            "", len(names) - len(usual), len(names), may_be_name=True, arguments=names, defaults=usual,
            keywords={name: name for name in names if len(name) > 1}, meaning=_read_once(text, words, names),
        )  # fmt: skip
    return made


def _alias(word: FunctionWord) -> FunctionWord:
    return replace(word, may_be_name=True)


def _read_once(text: str, words: dict[str, FunctionWord], names: tuple[str, ...]) -> Callable[[], Expression]:
    read: list[Expression] = []

    def meaning() -> Expression:
        if not read:
            read.append(_entrywise(read_expression(text, Vocabulary(words, frozenset(names))).tree))
        return read[0]

    return meaning


__all__ = [
    "CALLED_IN_NUMPY", "GATES", "GROUPS", "Constants", "Gate", "Interval", "Pieces", "arrays_of", "counts_in",
    "gate_for", "shape_made", "vocabulary", "vocabulary_at",
]  # fmt: skip

GROUPS: dict[str, tuple[Gate, ...]] = {
    "Arithmetic": ARITHMETIC,
    "Functions": (*FUNCTIONS, *TRIGONOMETRY),
    "Activations": (*SMOOTH, *ACTIVATIONS),
    "Masks and choices": MASKS,
    "Products": (*PRODUCTS, *EINSUMS),
    "Matrices": LINEAR_ALGEBRA,
    "Convolution and pooling": (*CONVOLUTIONS, *IMAGES),
    "Many entries to few": (*REDUCTIONS, *ACCUMULATING, *SPREADS, *EXTREMES),
    "Softmax and losses": (*SOFTMAXES, *LOG_SOFTMAXES),
    "Entries and shapes": (*ENTRIES, *REARRANGING, *RESHAPING),
    "Nothing sent back": NO_GRADIENT,
}
"""The gates by what they are for, in the order in which a list shows them."""

GATES: dict[str, Gate] = {gate.key: gate for group in GROUPS.values() for gate in group}

_NARROWER: dict[str, tuple[Gate, ...]] = {
    key: tuple(gate for gate in GATES.values() if gate.specialises == key) for key in GATES
}


CALLED_IN_NUMPY: dict[str, str] = {
    name: gate.key for gate in GATES.values() if not gate.specialises for name in gate.called_in_numpy
}
"""NumPy's functions that are a gate each: {"log": "ln", "maximum": "max", ...}."""


def gate_for(operation: str, constants: Constants) -> Gate:
    """The entry for an operation, narrowed by its constant arguments: `mul` with a number is `scale`."""
    for narrower in _NARROWER[operation]:
        if narrower.matches(constants):
            return narrower
    return GATES[operation]


def _word(gate: Gate, alone: FunctionWord | None = None) -> FunctionWord:
    count = len(gate.arguments)
    slope = partial(_slope_at, gate.key) if count == 1 and gate.elementwise and gate.slopes else None
    return FunctionWord(
        gate.key, count - len(gate.defaults), count, gate.options, alone=alone, may_be_name=gate.may_be_name,
        arguments=gate.arguments, defaults=gate.defaults, keywords=gate.keywords, positional=gate.positional,
        needed=gate.needed_options, slope=slope,
    )  # fmt: skip


def _slope_at(key: str, argument: Expression) -> Expression:
    """A gate's local derivative by its one argument, there."""
    return rename(_slope(key), {GATES[key].arguments[0]: argument})


@lru_cache(maxsize=64)
def _slope(key: str) -> Expression:
    gate = GATES[key]
    return _entrywise(read_expression(gate.slopes[0], vocabulary(*gate.arguments)).tree)


def _entrywise(tree: Expression) -> Expression:
    """A gate's own text with its products and powers entry by entry, whatever shapes its arguments have."""
    if not isinstance(tree, Apply):
        return tree
    sign = {"mul": "*", "pow": "**"}.get(tree.operation, tree.sign)
    return replace(tree, arguments=tuple(map(_entrywise, tree.arguments)), sign=sign)


_ALONE = {gate.shared_word: _word(gate) for gate in GATES.values() if gate.shared_word}

_WORDS: dict[str, FunctionWord] = {
    word: _word(gate, _ALONE.get(word)) for gate in GATES.values() for word in gate.function_words
}
_WORDS |= spellings(_WORDS)

_WORDS["inner"] = replace(_WORDS["dot"], may_be_name=True)

_MOST_NUMBERS = 30_000_000
"""In the arrays that a gate is tried on to see the shape that it makes: more than any caller may work on."""

_LARGEST_INVERTED = 300
"""Rows of a matrix that a gate is tried on with an inverse."""


@lru_cache(maxsize=4096)
def shape_made(operation: str, shapes: tuple[Shape, ...], options: tuple[tuple[str, Option], ...] = ()) -> Shape | None:
    """The shape that a gate makes of arguments of these shapes; None where they do not fit, or are too large to try."""
    gate = GATES[operation]
    try:
        if gate.elementwise and not options:
            return np.broadcast_shapes(*shapes)
        if gate.shape is not None:
            return gate.shape(*shapes)
        if prod(map(prod, shapes)) > _MOST_NUMBERS:
            return None
        with np.errstate(all="ignore"):
            return shape_of(gate.forward(*map(_sample, shapes), **dict(options)))
    except (ValueError, IndexError, TypeError):  # also an option that such an array cannot take
        return None


def _sample(shape: Shape) -> Value:
    """An array for a gate to be tried on: one that has an inverse, and whose entries may be positions."""
    if not shape:
        return 0.0
    square = len(shape) >= 2 and shape[-1] == shape[-2] <= _LARGEST_INVERTED
    return np.broadcast_to(np.eye(shape[-1]) if square else np.zeros(()), shape)


def _is_entrywise(operation: str) -> bool:
    return GATES[operation].elementwise


def arrays_of(
    shapes: Mapping[str, Shape], *, entrywise_powers: bool = False, counts: Mapping[str, int] | None = None
) -> Arrays:
    """What products are read by, for names of these shapes, and what sums end at, for constants of these numbers."""
    return Arrays(shapes, shape_made, _is_entrywise, entrywise_powers, has_inverse="inv" in GATES, counts=counts or {})


def vocabulary_at(
    at: Mapping[str, Value], *, entrywise_powers: bool = False, constants: Collection[str] = ()
) -> Vocabulary:
    """The language with the names of these values known, products of arrays read by their shapes.

    A sum may end at one of the constants.
    """
    shapes = {name: shape_of(value) for name, value in at.items()}
    counts = counts_in(at, constants)
    return replace(vocabulary(*at), arrays=arrays_of(shapes, entrywise_powers=entrywise_powers, counts=counts))


def counts_in(at: Mapping[str, Value], constants: Collection[str]) -> dict[str, int]:
    """Those of the constants that are whole numbers from 0 on."""
    numbers = {name: at[name] for name in constants if name in at and not shape_of(at[name])}
    return {name: int(value) for name, value in numbers.items() if value >= 0 and float(value).is_integer()}


@lru_cache(maxsize=256)
def vocabulary(*names: str) -> Vocabulary:
    """The language with every gate's function words, and these names known."""
    return Vocabulary(_WORDS, frozenset(names))
