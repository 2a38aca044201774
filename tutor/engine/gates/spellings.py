"""Words that are short for an expression of other gates, and words that are another name of a gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tutor.language import Expression, FunctionWord, Vocabulary, read_expression

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
}

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
        names = tuple(rest.split(", "))
        many = len(names)
        made[word] = FunctionWord(
            "", many, many, may_be_name=True, arguments=names, meaning=_read_once(text, words, names)
        )
    return made


def _alias(word: FunctionWord) -> FunctionWord:
    return replace(word, may_be_name=True)


def _read_once(text: str, words: dict[str, FunctionWord], names: tuple[str, ...]) -> Callable[[], Expression]:
    read: list[Expression] = []

    def meaning() -> Expression:
        if not read:
            read.append(read_expression(text, Vocabulary(words, frozenset(names))).tree)
        return read[0]

    return meaning
