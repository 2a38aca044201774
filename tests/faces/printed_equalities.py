"""A small reader of printed arithmetic: which equalities stand in a text, and whether they hold to the digits printed.

It shares nothing with the program: numbers, vectors, + − · / ², powers, brackets and a few functions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import pairwise

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d[\d,]*\d(?:\.\d+)?(?=\D|$)(?<=\d{3})|\d+(?:\.\d+)?(?:e-?\d+)?)|(?P<word>sqrt|√|ln|exp|sin|cos|tanh|σ|π|e)"
    r"|(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)|(?P<sign>[-+−·×*/^()\[\],]))"
)
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_FUNCTIONS = {
    "sqrt": math.sqrt, "√": math.sqrt, "ln": math.log, "exp": math.exp, "sin": math.sin, "cos": math.cos,
    "tanh": math.tanh, "σ": lambda a: 1 / (1 + math.exp(-a)),
}  # fmt: skip

Printed = float | list["Printed"]


class NotArithmetic(Exception):
    """A text that is no arithmetic."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        text = text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                raise NotArithmetic(text)
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise NotArithmetic
        self.at += 1
        return self.tokens[self.at - 1]

    def whole(self) -> Printed:
        value = self.sum()
        if self.at < len(self.tokens):
            raise NotArithmetic
        return value

    def sum(self) -> Printed:
        value = self.product()
        while self.peek() in ("+", "-", "−") and self.peek():
            _, sign = self.take()
            other = self.product()
            value = each(lambda a, b: a + b if sign == "+" else a - b, value, other)  # noqa: B023
        return value

    def product(self) -> Printed:
        value = self.signed()
        while self.peek() in ("·", "×", "*", "/") and self.peek():
            _, sign = self.take()
            other = self.signed()
            value = each(lambda a, b: a / b if sign == "/" else a * b, value, other)  # noqa: B023
        return value

    def signed(self) -> Printed:
        if self.peek() in ("-", "−") and self.peek():
            self.take()
            return each(lambda a, _: -a, self.signed(), 0.0)
        return self.power()

    def power(self) -> Printed:
        base = self.atom()
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "power":
            exponent = float(self.take()[1].translate(_POWERS))
            return each(lambda a, b: a**b, base, exponent)
        if self.peek() == "^":
            self.take()
            return each(lambda a, b: a**b, base, self.signed())
        return base

    def atom(self) -> Printed:
        kind, text = self.take()
        if kind == "number":
            return float(text.replace(",", ""))
        if kind == "word" and text in ("e", "π"):
            return math.e if text == "e" else math.pi
        if kind == "word":
            return each(lambda a, _: _FUNCTIONS[text](a), self.power(), 0.0)
        if text == "(":
            value = self.sum()
            self.expect(")")
            return value
        if text == "[":
            entries = [self.sum()]
            while self.peek() == ",":
                self.take()
                entries.append(self.sum())
            self.expect("]")
            return entries
        raise NotArithmetic

    def expect(self, sign: str) -> None:
        if self.take()[1] != sign:
            raise NotArithmetic


def each(join, one: Printed, other: Printed) -> Printed:  # type: ignore[no-untyped-def]
    """An operation entry by entry, with a number for all entries."""
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            raise NotArithmetic
        return [each(join, a, b) for a, b in zip(one, other, strict=True)]
    if isinstance(one, list):
        return [each(join, a, other) for a in one]
    if isinstance(other, list):
        return [each(join, one, b) for b in other]
    try:
        return float(join(one, other))
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        raise NotArithmetic from None


def value_of(text: str) -> Printed | None:
    """What a printed arithmetic comes to; None where it is none."""
    try:
        return _Reader(text).whole()
    except (NotArithmetic, RecursionError):
        return None


_PLAIN = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


def half_places(text: str) -> list[float]:
    """Half a unit of the last place of each number in a text, in order."""
    found = []
    for number in _PLAIN.findall(text):
        mantissa, _, exponent = number.partition("e")
        decimals = len(mantissa.partition(".")[2])
        found.append(0.5 * 10.0 ** (-decimals + (int(exponent) if exponent else 0)))
    return found


def flat(value: Printed) -> list[float]:
    return [leaf for entry in value for leaf in flat(entry)] if isinstance(value, list) else [value]


_BEFORE = re.compile(
    r"(?:^|[:;,(]|\b(?:so|is|are|gives|gets|and|or|of|to|comes to|puts|then|row:?))\s*$", re.IGNORECASE
)
"""What may stand before an arithmetic; after anything else it is a piece of something longer."""


def equalities(text: str) -> Iterator[tuple[str, str]]:
    """The two sides of every `a = b` of numbers, of which the right one is written out."""
    for line in text.split("\n"):
        sides = re.split(r"\s=\s", line)
        for left, right in pairwise(sides):
            pieces = _longest_end(left), _longest_start(right)
            if pieces[0] and pieces[1]:
                yield pieces


def _longest_end(text: str) -> str:
    text = text.rstrip()
    starts = [at for at in range(len(text)) if at == 0 or text[at - 1] in " (,:;"]
    return next((text[at:] for at in starts if _BEFORE.search(text[:at]) and value_of(text[at:]) is not None), "")


def _longest_start(text: str) -> str:
    ends = [at for at in range(len(text), 0, -1) if at == len(text) or text[at] in " .,;:)?"]
    return next((text[:at] for at in ends if value_of(text[:at]) is not None), "")


def holds(left: str, right: str) -> bool:
    """Whether the left side comes to the right one, to the digits that the right one, or the left, is printed with."""
    one, other = value_of(left), value_of(right)
    assert one is not None and other is not None
    mine, theirs = flat(one), flat(other)
    if len(mine) != len(theirs):
        return True  # no equality of numbers
    plain = re.fullmatch(r"[-−\d.,\[\] e]+", right) is not None
    if not plain:
        if re.fullmatch(r"[-−\d.,\[\] e]+", left) is None:
            return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in zip(mine, theirs, strict=True))
        mine, theirs, right = theirs, mine, left
    places = half_places(right)
    if len(places) != len(theirs):
        return True
    return all(abs(a - b) <= place * (1 + 1e-6) for a, b, place in zip(mine, theirs, places, strict=True))
