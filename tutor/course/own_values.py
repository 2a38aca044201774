"""Blanks on learners' own equations, told apart by what the values are, whatever a learner calls them.

Where one learner writes `a = x y` and another `p = y x`, the blanks `value:a` and `value:p` ask for the same: both are
the value of `x·y`. Equations that cannot be read leave names as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from tutor.engine.gates import vocabulary
from tutor.language import Apply, Expression, Unreadable, read_equation, show
from tutor.language.tree import rename
from tutor.questions.backprop.reference import key_parts

_COMMUTE = ("add", "mul")


@dataclass(frozen=True)
class OwnValues:
    """What each name of a learner's equations is in terms of the inputs, with what its gate works on."""

    whole: Mapping[str, Expression]
    arguments: Mapping[str, tuple[Expression, ...]]

    def key(self, key: str) -> str:
        """The key of a blank, the same for all who ask about the same value: `value:x·y`."""
        at = key_parts(key)
        if at.name not in self.whole:
            return key
        parts = [show(self.whole[at.name])]
        if at.port is not None and at.port < len(self.arguments[at.name]):
            parts.append(show(self.arguments[at.name][at.port]))
        return f"{at.kind}:{' from '.join(parts)}"

    def label(self, label: str) -> str:
        """A label with the values themselves in place of their names: `∂f/∂(x·y)`."""
        return re.sub(r"(∂?)([^\W\d]\w*)", lambda word: word[1] + self._written(word[2], word[1]), label)

    def _written(self, word: str, before: str) -> str:
        if word not in self.whole:
            return word
        text = show(self.whole[word])
        return f"({text})" if before and isinstance(self.whole[word], Apply) else text


@lru_cache(maxsize=512)
def own_values(equations: str) -> OwnValues:
    """The values that a staging names, but for the last, which is the function itself."""
    whole: dict[str, Expression] = {}
    arguments: dict[str, tuple[Expression, ...]] = {}
    names = set(re.findall(r"[^\W\d]\w*", equations))
    words = vocabulary()
    known = vocabulary(*(name for name in names if name not in words.functions))
    for line in equations.splitlines():
        try:
            equation = read_equation(line, known).tree
        except Unreadable:
            continue
        expression = _in_order(rename(equation.expression, whole))
        own = expression.arguments if isinstance(expression, Apply) else ()
        whole[equation.target.name], arguments[equation.target.name] = expression, own
    whole.pop(next(reversed(whole), ""), None)
    return OwnValues(whole, arguments)


def _in_order(expression: Expression) -> Expression:
    """The expression with what may change places sorted."""
    if not isinstance(expression, Apply):
        return expression
    parts = tuple(_in_order(part) for part in expression.arguments)
    if expression.operation in _COMMUTE:
        parts = tuple(sorted(parts, key=show))
    return replace(expression, arguments=parts)
