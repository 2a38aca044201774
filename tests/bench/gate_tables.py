"""Each gate's value and derivatives as one writes them by hand: nothing here is the program's.

In the formulas a and b stand for what the gate is applied to, y for its value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

VALUES: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "neg": lambda a: -a, "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b, "pow": lambda a, b: a**b, "scale": lambda a, b: a * b, "unscale": lambda a, b: a / b,
    "reciprocal": lambda a, b: a / b, "shift": lambda a, b: a + b, "shift_down": lambda a, b: a - b,
    "reflect": lambda a, b: a - b, "power": lambda a, b: a**b, "exponential": lambda a, b: a**b,
    "exp": np.exp, "ln": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh, "relu": lambda a: np.maximum(a, 0), "abs": np.abs,
    "max": np.maximum, "min": np.minimum, "matmul": lambda a, b: a @ b, "dot": np.dot, "outer": np.outer,
    "transpose": np.transpose, "sum": np.sum, "mean": np.mean, "norm": lambda a: np.sqrt(np.sum(a * a)),
    "squared_norm": lambda a: np.sum(a * a),
}  # fmt: skip

WRITTEN: dict[str, tuple[str, ...]] = {
    "add": ("{a} + {b}", "{b}+{a}", "({a} + {b})"),
    "sub": ("{a} - {b}", "-{b} + {a}"),
    "neg": ("-{a}", "-1*{a}", "0 - {a}", "−{a}"),
    "mul": ("{a}*{b}", "{b}*{a}", "{a} {b}", "{a}·{b}", "({a})({b})", "{a} × {b}"),
    "div": ("{a}/{b}", "{a}*(1/{b})", "{a}*{b}^-1", "{a} / {b}"),
    "pow": ("{a}^{b}", "{a}**{b}", "e^({b} ln({a}))"),
    "scale": ("{a}*{b}", "{b}*{a}", "{a}({b})"),
    "unscale": ("{a}/{b}", "1/{b}*{a}"),
    "reciprocal": ("{a}/{b}", "{a}*{b}^-1", "{a}*{b}**-1"),
    "shift": ("{a} + {b}", "{b} + {a}"),
    "shift_down": ("{a} - {b}", "-{b} + {a}"),
    "reflect": ("{a} - {b}", "-{b} + {a}"),
    "power": ("{a}^{b}", "{a}**{b}", "({a})^({b})"),
    "exponential": ("{a}^{b}", "{a}**{b}", "e^({b}*ln({a}))"),
    "exp": ("e^{a}", "exp({a})", "np.exp({a})", "e**{a}", "1/e^(-{a})"),
    "ln": ("ln({a})", "log({a})", "np.log({a})", "ln {a}"),
    "sqrt": ("sqrt({a})", "√{a}", "{a}^(1/2)", "{a}^0.5", "np.sqrt({a})", "{a}**0.5"),
    "sin": ("sin({a})", "sin {a}", "np.sin({a})"),
    "cos": ("cos({a})", "cos {a}", "np.cos({a})"),
    "tan": ("tan({a})", "sin({a})/cos({a})"),
    "sigmoid": ("sigmoid({a})", "σ({a})", "1/(1 + e^-{a})", "1/(1 + exp(-{a}))", "e^{a}/(1 + e^{a})"),
    "tanh": ("tanh({a})", "np.tanh({a})", "2σ(2*{a}) - 1"),
    "relu": ("relu({a})", "max({a}, 0)", "max(0, {a})", "np.maximum(0, {a})"),
    "abs": ("|{a}|", "abs({a})", "np.abs({a})", "sqrt(({a})^2)"),
    "max": ("max({a}, {b})", "max({b}, {a})", "np.maximum({a}, {b})"),
    "min": ("min({a}, {b})", "min({b}, {a})"),
    "matmul": ("{a} @ {b}", "({b}.T @ {a}.T).T"),
    "dot": ("dot({a}, {b})", "{a} @ {b}", "sum({a} * {b})"),
    "outer": ("outer({a}, {b})",),
    "transpose": ("{a}.T", "transpose({a})"),
    "squared_norm": ("||{a}||^2", "sum({a}*{a})", "sum({a}^2)", "norm({a})^2"),
    "sum": ("sum({a})", "np.sum({a})", "{a}.sum()"),
    "mean": ("mean({a})", "np.mean({a})", "{a}.mean()"),
    "norm": ("||{a}||", "norm({a})", "sqrt(sum({a}^2))"),
}
"""How a gate's value may be written in the names that go into it."""

_ONE, _MINUS_ONE = ("1", "1.0", "+1", "1/1", "1.", "1.00"), ("-1", "-1.0", "−1", "-(1)", "- 1", "-1.00")
_SELF_AS_POWER = (
    "{b}*{a}^({b}-1)", "{b}*{a}**({b}-1)", "{a}^({b}-1)*{b}", "{b}({a})^({b}-1)", "{b}*{y}/{a}",
)  # fmt: skip
_OVER_B = ("1/{b}", "{b}^-1", "{b}**-1", "1 / {b}", "1/({b})")
_MINUS_A_OVER_B2 = (
    "-{a}/{b}^2", "-{a}/({b}*{b})", "-{a}*{b}^-2", "-{a}/{b}**2", "-({a}/{b}^2)", "-{a}*(1/{b})^2", "-{a}/{b}/{b}",
    "-{y}/{b}", "-({a})({b})^(-2)", "-{a}/{b}²", "−{a}·{b}⁻²", "{a}*-1/{b}^2", "-{y}^2/{a}",
)  # fmt: skip

LOCALS: dict[str, tuple[Sequence[str], ...]] = {
    "add": (_ONE, _ONE),
    "sub": (_ONE, _MINUS_ONE),
    "neg": (_MINUS_ONE,),
    "mul": (("{b}", "1*{b}", "{b}*1", "({b})", "+{b}"), ("{a}", "1*{a}", "{a}*1", "({a})", "{a}/1")),
    "div": (_OVER_B, _MINUS_A_OVER_B2[:-1]),
    "pow": (_SELF_AS_POWER, ("{a}^{b}*ln({a})", "{y}*ln({a})", "ln({a}) {a}^{b}", "log({a})*{y}")),
    "scale": (("{b}", "1*{b}"), ("{a}", "1*{a}", "({a})")),
    "unscale": (_OVER_B, ()),
    "reciprocal": ((), _MINUS_A_OVER_B2),
    "shift": (_ONE, _ONE),
    "shift_down": (_ONE, ()),
    "reflect": ((), _MINUS_ONE),
    "power": (_SELF_AS_POWER, ()),
    "exponential": ((), ("{a}^{b}*ln({a})", "{y}*ln({a})", "ln({a}) {a}^{b}", "np.log({a})*{y}")),
    "exp": (("e^{a}", "exp({a})", "np.exp({a})", "{y}", "e**{a}", "e^({a})", "1/e^(-{a})", "1*{y}"),),
    "ln": (("1/{a}", "{a}^-1", "{a}**-1", "{a}⁻¹", "1 / ({a})", "{a}^(-1)", "1.0/{a}"),),
    "sqrt": (
        ("1/(2*sqrt({a}))", "1/(2√{a})", "0.5/sqrt({a})", "1/2*{a}^(-1/2)", "0.5*{a}^-0.5", "1/(2*{y})",
         "1/2{a}^(-1/2)", "{a}^(-1/2)/2", "1/2/np.sqrt({a})", "1/(2{y})", "0.5*{a}**-0.5", "0.5/{y}"),
    ),
    "sin": (("cos({a})", "np.cos({a})", "cos {a}", "1*cos({a})"),),
    "cos": (("-sin({a})", "-np.sin({a})", "-sin {a}", "−sin({a})", "-1*sin({a})"),),
    "tan": (("1/cos({a})^2", "1+tan({a})^2", "1+{y}^2", "cos({a})^-2", "1/(cos {a})^2"),),
    "sigmoid": (
        ("{y}*(1-{y})", "{y}(1-{y})", "σ({a})(1-σ({a}))", "sigmoid({a})*(1-sigmoid({a}))", "e^-{a}/(1+e^-{a})^2",
         "{y}-{y}^2", "(1-{y}){y}", "{y} - {y}*{y}", "np.exp(-{a})/(1+np.exp(-{a}))**2", "σ({a})*σ(-{a})"),
    ),
    "tanh": (("1-{y}^2", "1-tanh({a})^2", "1 - {y}*{y}", "(1-{y})(1+{y})", "1-np.tanh({a})**2"),),
    "relu": ((),), "abs": (("{a}/|{a}|", "|{a}|/{a}", "{a}/{y}", "{y}/{a}"),),
    "max": ((), ()), "min": ((), ()),
}  # fmt: skip
"""The local derivatives of the gates that work entry by entry, for each argument."""

_POWERS = {
    2.0: ("2*{a}", "{a}*2", "2{a}", "{a}+{a}", "2 {a}", "2·{a}", "2({a})", "2*{a}^1", "2.0*{a}"),
    3.0: ("3*{a}^2", "3{a}^2", "3*{a}*{a}", "3{a}**2", "3{a}²", "3 {a}^2", "{a}^2*3"),
}

SLOPES: dict[str, tuple[Callable[..., Any], ...]] = {
    "add": (lambda a, b, y: 1.0, lambda a, b, y: 1.0), "sub": (lambda a, b, y: 1.0, lambda a, b, y: -1.0),
    "neg": (lambda a, y: -1.0,), "mul": (lambda a, b, y: b, lambda a, b, y: a),
    "div": (lambda a, b, y: 1 / b, lambda a, b, y: -a / b**2),
    "pow": (lambda a, b, y: b * a ** (b - 1), lambda a, b, y: y * np.log(a)),
    "exp": (lambda a, y: y,), "ln": (lambda a, y: 1 / a,), "sqrt": (lambda a, y: 0.5 / y,),
    "sin": (lambda a, y: np.cos(a),), "cos": (lambda a, y: -np.sin(a),), "tan": (lambda a, y: 1 + y**2,),
    "sigmoid": (lambda a, y: y * (1 - y),), "tanh": (lambda a, y: 1 - y**2,), "relu": (lambda a, y: 1.0 * (a > 0),),
    "abs": (lambda a, y: np.sign(a),), "max": (lambda a, b, y: 1.0 * (a > b), lambda a, b, y: 1.0 * (b > a)),
    "min": (lambda a, b, y: 1.0 * (a < b), lambda a, b, y: 1.0 * (b < a)),
}  # fmt: skip
_LIKE = {"scale": "mul", "unscale": "div", "reciprocal": "div", "shift": "add", "shift_down": "sub", "reflect": "sub",
         "power": "pow", "exponential": "pow"}  # fmt: skip


def slope(key: str, port: int, arguments: Sequence[Any], value: Any) -> Any:
    """The local derivative of a gate that works entry by entry, in the shape of its value."""
    with np.errstate(all="ignore"):
        found = SLOPES[_LIKE.get(key, key)][port](*arguments, value)
    return np.broadcast_to(found, np.shape(value)) if np.ndim(value) else float(found)


def sent_down(key: str, port: int, arguments: Sequence[Any], u: Any, options: Mapping[str, Any]) -> Any:
    """What a gate that mixes entries sends down."""
    first, other = arguments[0], arguments[1 - port] if len(arguments) > 1 else None
    match key, port:
        case "matmul", 0:
            return u @ other.T if np.ndim(other) == 2 else np.outer(u, other)
        case "matmul", 1:
            return other.T @ u
        case "dot", _:
            return u * other
        case "transpose", _:
            return u.T
        case "sum" | "mean", _:
            axis = options.get("axis")
            wide = u if axis is None else np.expand_dims(u, axis)
            count = np.size(first) if axis is None else np.shape(first)[axis]
            return np.broadcast_to(wide, np.shape(first)) / (count if key == "mean" else 1)
        case "squared_norm", _:
            return 2 * u * first
        case "norm", _:
            return u * first / np.sqrt(np.sum(first * first))
        case _:
            raise KeyError(key)


def sent_down_written(key: str, port: int, u: str, sizes: Sequence[tuple[int, ...]]) -> str:
    """The same as a formula in which a and b stand for the arguments; "" where there is none."""
    match key, port:
        case "matmul", 0:
            return f"({u}) @ {{b}}.T" if len(sizes[1]) == 2 else f"outer({u}, {{b}})"
        case "matmul", 1:
            return f"{{a}}.T @ ({u})"
        case "dot", _:
            return f"({u})*" + "{b}{a}"[3 * port :][:3]
        case "squared_norm", _:
            return f"2*({u})*{{a}}"
        case "norm", _:
            return f"({u})*{{a}}/||{{a}}||"
        case "transpose", _:
            return f"({u}).T"
        case "sum", _:
            return f"({u}) + 0*{{a}}"
        case _:
            return ""


def local_formulas(key: str, port: int, constant: float | None) -> Sequence[str]:
    """The formulas for a local derivative, with those of squares and cubes."""
    more = _POWERS.get(constant, ()) if key == "power" and constant is not None else ()
    return (*LOCALS[key][port], *more)
