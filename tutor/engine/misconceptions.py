"""The record of a misconception: a named wrong way to an answer, what it leads to, and what is said of it.

Every table of wrong ways holds these, those of the gates as well as those of each kind of question. In a table `gives`
says how the wrong answer is made (a formula, a function, an edited expression) and the texts may hold places such as
{y}; for a blank, `gives` is what it comes to there and the texts are filled in. Answers are held against them by
`judging.misconceptions`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from string import Formatter
from typing import Any

from tutor.language import Expression

Text = str | Callable[[], str]
"""What is said; as a function where it is costly to put together, and most candidates are never told."""


class Likelihood(IntEnum):
    """How likely people go wrong in a way. What is rare is named only where nothing likelier explains an answer."""

    RARE = 0
    POSSIBLE = 1
    COMMON = 2


def nowhere() -> Sequence[Any]:
    """What comes out at other numbers where there are none."""
    return ()


@dataclass(frozen=True, slots=True)
class Misconception:
    """One wrong way to an answer."""

    key: str
    """Its name in the journal: the same at every gate and in every kind that has it."""

    gives: Any
    """What it leads to here: a number, an array, a shape, a row of names. In a table, what makes that."""

    says: Text
    """What was done: a clause in which `it` is the answer, without a full stop; or whole sentences, with theirs."""

    asks: Text = ""
    """The question that leads on; "" where `says` has one."""

    likelihood: Likelihood = Likelihood.POSSIBLE
    label: str = ""
    """Tells it from others of its key; the same at other numbers."""

    elsewhere: Callable[[], Sequence[Any]] = nowhere
    """What it leads to at other numbers, None where it cannot be made; none at all where there are no others."""

    evidence: Text = ""
    """How it leads there: a predicate such as `is upstream·x = 2·3`, which the clause follows."""

    lacks: tuple[Expression, ...] = ()
    """Names and numbers that are said to be missing: it is not told of an answer in which they stand."""

    opens_with_a_name: bool = False
    """Whether `says` begins with a name, which keeps its small letter."""

    least_digits: int = 0
    """Digits that a number needs to be told by it: of a rare way with many outcomes, short numbers say nothing."""

    multiplies: bool = False
    """Whether it changes one factor of the right answer, so that it can be made together with another such one."""


def text_of(text: Text) -> str:
    """What is said, put together."""
    return text if isinstance(text, str) else text()


def begins_with_a_name(text: str) -> bool:
    """Whether a text begins with one of its places, a name then, which keeps its small letter."""
    first, place, *_ = next(iter(Formatter().parse(text)))
    return not first and place is not None
