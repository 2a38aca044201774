"""Smooth functions of one number that networks use: erf, GELU, softplus."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tutor.engine.gates.elementary import elementary, exp, sigmoid
from tutor.engine.gates.gate import Gate
from tutor.engine.gates.mistakes import smooth as slips
from tutor.engine.values import Value

_IMPORT_ERF = "from math import erf"
"""NumPy has no erf; Python's own takes one number at a time."""

_erfc_of_array = np.vectorize(math.erfc, otypes=[float])

erf = elementary(math.erf, np.vectorize(math.erf, otypes=[float]))
_erfc = elementary(math.erfc, _erfc_of_array)


def _bell(a: Value) -> Value:
    """The density of the normal distribution."""
    return exp(-a * a / 2) / math.sqrt(2 * math.pi)


def _below(a: Value) -> Value:
    """The distribution function of the normal distribution. By erfc, which keeps its digits far to the left."""
    return _erfc(-a / math.sqrt(2)) / 2


def _softplus_of_float(a: float) -> float:
    return max(a, 0.0) + math.log1p(math.exp(-abs(a)))


def _softplus_form(m: Any, a: Any) -> Any:
    # In high precision ln(1 + e^a) must not lose e^a beside the 1; SymPy has no log1p.
    return m.log1p(m.exp(a)) if hasattr(m, "log1p") else m.log(1 + m.exp(a))


ERF = Gate(
    key="erf",
    title="error function",
    face="erf",
    words=("erf",),
    arguments=("a",),
    forward=erf,
    vjps=(lambda u, _y, a: u * (2 / math.sqrt(math.pi)) * exp(-a * a),),
    form=lambda m, a: m.erf(a),
    locals=("2 exp(-a^2)/sqrt(pi)",),
    code="np.vectorize(erf)({a})",
    code_needs=_IMPORT_ERF,
    pattern="erf: upstream × a bell curve, 2/√π times e to minus the square of the input.",
    mistakes=slips.ERF,
)

GELU = Gate(
    key="gelu",
    title="GELU",
    face="gelu",
    words=("gelu",),
    arguments=("a",),
    forward=lambda a: a * _below(a),
    vjps=(lambda u, _y, a: u * (_below(a) + a * _bell(a)),),
    form=lambda m, a: a * m.erfc(-a / m.sqrt(2)) / 2,
    sympy_rewrites=True,
    locals=("(1 + erf(a/sqrt(2)))/2 + a exp(-a^2/2)/sqrt(2 pi)",),
    code="{a} * (1 + np.vectorize(erf)({a} / np.sqrt(2))) / 2",
    code_needs=_IMPORT_ERF,
    pattern="GELU is its input times Φ of it, with Φ the standard normal distribution function. By the product rule: "
    "upstream × (Φ + input × Φ').",
    mistakes=slips.GELU,
)

SOFTPLUS = Gate(
    key="softplus",
    title="softplus",
    face="softplus",
    words=("softplus",),
    arguments=("a",),
    forward=elementary(_softplus_of_float, lambda a: np.logaddexp(0.0, a)),
    vjps=(lambda u, _y, a: u * sigmoid(a),),
    form=_softplus_form,
    sympy_rewrites=True,
    locals=("sigmoid(a)",),
    code="np.logaddexp(0, {a})",
    pattern="softplus, ln(1 + e^input), is a ReLU with a rounded corner: upstream × the sigmoid of its input.",
    mistakes=slips.SOFTPLUS,
)

SMOOTH = (ERF, GELU, SOFTPLUS)
