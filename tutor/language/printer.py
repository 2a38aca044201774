"""Trees back to text: as a learner reads it (unicode), and as a learner could type it (ASCII).

Reading the text gives the tree again, in both styles. The one exception is a number that has no finite
decimal form: it is written as a quotient, and read as one.
"""

from __future__ import annotations

import re
from enum import Enum
from fractions import Fraction

from tutor.language.comparisons import SIGNS
from tutor.language.entries import positions_text
from tutor.language.tree import ENTRYWISE, Apply, Constant, Expression, Matrix, Name, Number, Option, walk


class Style(Enum):
    """Which characters a tree is written with."""

    UNICODE = "unicode"
    ASCII = "ascii"


UNICODE, ASCII = Style.UNICODE, Style.ASCII

_COMPARISON, _SUM, _PRODUCT, _SIGNED, _POWER, _ATOM = range(6)
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_PLAIN_NUMBER = 20
_WORDS = {"largest": "max", "smallest": "min", "einsum_of_one": "einsum"}
"""Operations that are written with a word of another one."""

_SIGNS_IN_UNICODE = {">=": "≥", "<=": "≤", "!=": "≠"}

_BARE = ("shape", "start", "stop", "first", "second", "classes", "size", "n")
"""Options that are written without their keyword."""

_LONE_ZERO = re.compile(r"(?<![0-9.])0$")
_BARRED = ("abs", "norm", "squared_norm")


def show(expression: Expression, style: Style = UNICODE) -> str:
    """The tree as text, with as few brackets as it needs: `(x + y)·z`, `√(y)`, `x²`."""
    return _Printer(expression, style).whole(expression)


def typed(expression: Expression) -> str:
    """The tree as a learner could type it: `x*y`, `sqrt(y)`, `x^2`."""
    return show(expression, ASCII)


def explained(expression: Expression) -> str:
    """The tree with brackets where readers may differ: `(1/2)·x`."""
    return _Printer(expression, UNICODE, clear=True).whole(expression)


def decimal(value: Fraction) -> str:
    """The number in decimals when that is exact, else as a quotient in brackets."""
    twos, fives, rest = 0, 0, value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest > 1:
        return f"({value.numerator}/{value.denominator})"
    places = max(twos, fives)
    sign = "-" if value < 0 else ""
    digits = str(abs(value.numerator) * 10**places // value.denominator)
    if max(len(digits), places + 1) > _LONGEST_PLAIN_NUMBER:
        return sign + _scientific(digits, len(digits) - 1 - places)
    if not places:
        return sign + digits
    digits = digits.rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def _scientific(digits: str, exponent: int) -> str:
    """`1.5e-30`, from the significant digits and the exponent of the first one."""
    digits = digits.rstrip("0")
    return f"{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{exponent}"


def _is_gradient(node: Expression) -> bool:
    """Whether this is a name such as `∂f/∂a`, which looks like a quotient."""
    return isinstance(node, Name) and "/" in node.name


class _Printer:
    """Writes one tree. A text comes with how tightly it holds together: a sum least, an atom most."""

    def __init__(self, whole: Expression, style: Style, *, clear: bool = False) -> None:
        self.unicode = style is UNICODE
        self.clear = clear
        self.minus = "−" if self.unicode else "-"
        names = {node.name for node in walk(whole) if isinstance(node, Name)}
        self.sigma = "σ" if self.unicode and not names & {"σ", "sigma"} else "sigmoid"
        self.power_of_e = "e" not in names

    def whole(self, node: Expression) -> str:
        """The text of a node that nothing stands beside."""
        return self.written(node)[0]

    def held(self, node: Expression, least: int) -> str:
        """The text, in brackets when it holds together less tightly than `least`."""
        text, strength = self.written(node)
        return text if strength >= least else f"({text})"

    def behind(self, node: Expression, least: int) -> str:
        """The text for a place behind a sign: two signs never meet."""
        text = self.held(node, least)
        return f"({text})" if text.startswith(self.minus) else text

    def written(self, node: Expression) -> tuple[str, int]:
        """The text and its strength."""
        match node:
            case Number():
                return self.number(node)
            case Constant(name=name):
                return ("π" if self.unicode and name == "pi" else name), _ATOM
            case Name(name=name):
                return name, _POWER if _is_gradient(node) else _ATOM
            case Matrix():
                return self.matrix(node), _ATOM
            case Apply():
                return self.apply(node)

    def number(self, node: Number) -> tuple[str, int]:
        text = decimal(node.value)
        return (self.minus + text[1:], _SIGNED) if text.startswith("-") else (text, _ATOM)

    def matrix(self, node: Matrix) -> str:
        rows = ["[" + ", ".join(map(self.whole, row)) + "]" for row in node.rows]
        return rows[0] if node.is_vector else "[" + ", ".join(rows) + "]"

    def apply(self, node: Apply) -> tuple[str, int]:
        first = node.arguments[0]
        match node.operation:
            case "add" | "sub":
                return self.sum(node), _SUM
            case "mul" | "div" | "matmul":
                return self.product(node), _PRODUCT
            case operation if operation in SIGNS:
                return self.comparison(node), _COMPARISON
            case "neg":
                # `-2` is read as a number, so the sign of an operation keeps its distance from a number.
                inner = f"({self.whole(first)})" if isinstance(first, Number) else self.behind(first, _POWER)
                return self.minus + inner, _SIGNED
            case "pow" if node.sign == ENTRYWISE:
                return f"{self.held(first, _ATOM)}**{self.held(node.arguments[1], _ATOM)}", _POWER
            case "pow":
                return self.power(first, node.arguments[1]), _POWER
            case "exp" if node.sign == "e^" and self.power_of_e:
                return "e" + self.exponent(first), _POWER
            case "transpose" if not node.options:
                return self.transpose(first), _ATOM
            case "index":
                return f"{self.indexed(first)}[{positions_text(dict(node.options)['at'])}]", _ATOM  # type: ignore[arg-type]
            case "gather" | "pick" if node.sign == "[":
                return f"{self.indexed(first)}[{', '.join(map(self.whole, node.arguments[1:]))}]", _ATOM
            case "abs" | "norm" | "squared_norm" if not node.options:
                return self.barred(node.operation, first)
            case _:
                return self.call(node), _ATOM

    def indexed(self, node: Expression) -> str:
        """The text in front of the square brackets of an entry."""
        text = self.held(node, _ATOM)
        return f"({text})" if isinstance(node, Matrix | Number) or text[-1] in "|‖" else text

    def sum(self, node: Apply) -> str:
        left, right = node.arguments
        sign = "+" if node.operation == "add" else self.minus
        return f"{self.held(left, _SUM)} {sign} {self.behind(right, _PRODUCT)}"

    def comparison(self, node: Apply) -> str:
        least = _POWER if self.clear else _SUM
        left, right = (self.held(part, _SIGNED if isinstance(part, Number) else least) for part in node.arguments)
        sign = SIGNS[node.operation]
        return f"{left} {_SIGNS_IN_UNICODE.get(sign, sign) if self.unicode else sign} {right}"

    def product(self, node: Apply) -> str:
        left, right = node.arguments
        times = "*" if not self.unicode else " ⊙ " if node.sign == ENTRYWISE else "·"
        sign = {"mul": times, "div": "/", "matmul": " @ "}[node.operation]
        differs = isinstance(left, Apply) and left.operation in ("div", "matmul")
        divides = sign == "/"
        apart = (self.clear and differs) or (divides and _is_gradient(left))
        first = self.held(left, _ATOM if apart else _PRODUCT)
        second = self.behind(right, _ATOM if divides and _is_gradient(right) else _POWER)
        if sign == "·" and second[:1].isdecimal() and _LONE_ZERO.search(first):
            sign = "*"  # 0·5 may be meant for 0.5
        return f"{first}{sign}{second}"

    def power(self, base: Expression, exponent: Expression) -> str:
        text = self.held(base, _ATOM)
        squared = isinstance(exponent, Number) and exponent.value == 2
        if squared and isinstance(base, Apply) and base.operation == "norm" and not base.options:
            text = f"norm({self.whole(base.arguments[0])})"  # ‖v‖² is an operation of its own
        elif self.clear and isinstance(base, Apply):
            text = f"({self.whole(base)})"
        return text + self.exponent(exponent)

    def exponent(self, node: Expression) -> str:
        text, strength = self.written(node)
        if self.unicode and isinstance(node, Number) and node.value.denominator == 1 and "e" not in text:
            return text.replace("−", "-").translate(_SUPERSCRIPT)
        return f"^{text}" if strength >= _ATOM else f"^({text})"

    def transpose(self, inner: Expression) -> str:
        text = self.held(inner, _ATOM)
        if self.unicode:
            return f"{text}ᵀ"
        return f"({text}).T" if isinstance(inner, Number) and text[0] != "(" else f"{text}.T"

    def barred(self, operation: str, inner: Expression) -> tuple[str, int]:
        """Bars, but never bars inside bars: those are hard to read, and may pair up in two ways."""
        nested = any(isinstance(node, Apply) and node.operation in _BARRED for node in walk(inner))
        text = self.whole(inner)
        if operation == "squared_norm":
            text = f"({text})" if nested else text
            return (f"‖{text}‖²" if self.unicode else f"||{text}||^2"), _POWER
        if nested or not self.unicode:
            return f"{operation}({text})", _ATOM
        return (f"|{text}|" if operation == "abs" else f"‖{text}‖"), _ATOM

    def call(self, node: Apply) -> str:
        word = {"sqrt": "√" if self.unicode else "sqrt", "sigmoid": self.sigma, **_WORDS}.get(
            node.operation, node.operation
        )
        if node.operation in ("largest", "smallest") and isinstance(node.arguments[0], Matrix):
            word = f"a{word}"  # max([x, y]) is read as max(x, y)
        given = [*map(self.whole, node.arguments), *(_option(name, value) for name, value in node.options)]
        if node.options and node.options[0][0] == "subscripts":
            given.insert(0, given.pop())
        return f"{word}({', '.join(given)})"


def _option(name: str, value: Option) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return str(value) if name in _BARE else f"{name}={value}"
