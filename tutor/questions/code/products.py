"""Products that a program writes as mathematics does, without a sign: `2b`, `a z`, `g(1 - g)` for a value g.

The text is looked through line by line, since Python cannot read it; so all of them are told together.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.questions.inflect import listed

_NAME = r"[^\W\d]\w*"
_COMMENT = re.compile(r"""#.*|'[^']*'|"[^"]*\"""")
_ASSIGNS = re.compile(rf"\s*(?:return\b|({_NAME})(?:\s*,\s*{_NAME})*\s*[-+*/@]?=(?!=))(.*)")
_HEAD = re.compile(rf"\s*def\s+({_NAME})\s*\(([^()]*)\)")
_COEFFICIENT = re.compile(
    rf"(?<![\w.])(?!0[xXbBoO]|\d+\.?\d*[eE][-+]?\d|\d+\.?\d*[jJ]\b)\d+\.?\d*(?:{_NAME}|\([^()]*\))"
)
_CALL = re.compile(rf"(?<![\w.])({_NAME})\([^()]*\)")
_SIDE_BY_SIDE = re.compile(rf"(?<![\w.])([\w.]+)[ ]+({_NAME})(?![\w.]*\()")


@dataclass(frozen=True)
class BareProduct:
    """A product without a sign, as it is written, and the line it is on, counted from 1."""

    line: int
    text: str


def products_without_sign(text: str) -> list[BareProduct]:
    """All of them in a program, from the top; a value with brackets behind it only where it is given a value there."""
    lines = [_COMMENT.sub("", line) for line in text.splitlines()]
    heads = [found for line in lines if (found := _HEAD.match(line))]
    values = {found[1] for line in lines if (found := _ASSIGNS.match(line)) and found[1]}
    values |= {name for head in heads for name in re.findall(_NAME, head[2])}
    values -= {head[1] for head in heads}
    return [
        BareProduct(number, product)
        for number, line in enumerate(lines, 1)
        if (found := _ASSIGNS.match(line))
        for product in dict.fromkeys(_in_line(found[2], values))
    ]


def _in_line(formula: str, values: set[str]) -> Iterator[str]:
    yield from (found[0] for found in _COEFFICIENT.finditer(formula))
    yield from (found[0] for found in _CALL.finditer(formula) if found[1] in values)
    for found in _SIDE_BY_SIDE.finditer(formula):
        if not keyword.iskeyword(found[1]) and not keyword.iskeyword(found[2]):
            yield found[0]


def others_told(text: str, line: int | None, product: str) -> str:
    """The other products without a sign, told after one on a line, with a space in front; "" for none."""
    same = product.replace(" ", "")
    others = [one for one in products_without_sign(text) if one.line != line or one.text.replace(" ", "") != same]
    told = listed([f"{one.text} on line {one.line}" for one in others])
    return f" The same goes for {told}." if told else ""
