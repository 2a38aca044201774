"""Functions of mathematics and of NumPy that have no gate here, and how to write them with those that have."""

from __future__ import annotations

from collections.abc import Collection

WRITTEN_OUT = {
    "sec": "1/cos(x)",
    "csc": "1/sin(x)",
    "cot": "cos(x)/sin(x)",
    "cosec": "1/sin(x)",
    "cotan": "cos(x)/sin(x)",
    "ctg": "cos(x)/sin(x)",
    "tg": "tan(x)",
    "sinh": "(e^x - e^(-x))/2",
    "cosh": "(e^x + e^(-x))/2",
    "sech": "2/(e^x + e^(-x))",
    "csch": "2/(e^x - e^(-x))",
    "cosech": "2/(e^x - e^(-x))",
    "cbrt": "x^(1/3)",
    "square": "x^2",
    "sqr": "x^2 or sqrt(x)",
    "pow": "x^y",
    "power": "x^y",
    "reciprocal": "1/x",
    "add": "x + y",
    "subtract": "x - y",
    "multiply": "x*y",
    "divide": "x/y",
    "negative": "-x",
    "logistic": "sigmoid(x)",
    "expit": "sigmoid(x)",
    "exp2": "2^x",
    "expm1": "e^x - 1",
    "log1p": "ln(1 + x)",
}

ABSENT = frozenset(
    (
        *("asin", "acos", "atan", "arcsin", "arccos", "arctan", "asinh", "acosh", "atanh", "arctanh"),
        *("coth", "floor", "ceil", "ceiling", "round", "root", "lg", "mod"),
        *("diff", "int", "prod", "product", "gamma", "det", "inv", "trace", "elu", "selu"),
        *("eye", "zeros", "ones", "full", "arange", "linspace", "len", "argmax"),
    )
)
"""Functions that are near in spelling to others, but far in meaning."""


def of_elsewhere(word: str, functions: Collection[str]) -> str:
    """The function from elsewhere that this word is, or that it starts with as `sinhx` does; "" for none.

    Only a function that continues the word of one of `functions` counts as a start: sinh does, tg does not.
    """
    if word in WRITTEN_OUT or word in ABSENT:
        return word
    starts = [each for each in (*WRITTEN_OUT, *ABSENT) if word.startswith(each)]
    return next((each for each in starts if any(each.startswith(known) for known in functions)), "")


def nothing_like(word: str) -> str:
    """What to say about a function from elsewhere."""
    hint = f" Write {WRITTEN_OUT[word]}." if word in WRITTEN_OUT else ""
    return f"There is no function {word} here.{hint}"
