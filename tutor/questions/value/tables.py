"""What a question of the kind `value` may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from tutor.library.format import Given
from tutor.questions.asked import AskTable
from tutor.questions.question import QuestionTable

DIGITS = 2
"""Significant digits that are wanted where a file does not say."""


class ValueAsk(AskTable, frozen=True, kw_only=True):
    """One blank: what a formula comes to."""

    formula: str
    """Such as "(W - F + 2P)/S + 1"."""

    wants: Literal["value", "formula"] = "value"
    """The number or array; or the formula itself, in its names."""

    by: str | tuple[str, ...] = ""
    """Asks for the gradient of the formula by this name; by several numbers, for the vector of them."""

    at: dict[str, Given] = field(default_factory=dict)
    """The values of names; added to those of the question."""

    let: dict[str, str] = field(default_factory=dict)
    """Names for formulas, each in the names before it; added to those of the question."""

    whole: bool = False
    """Whether a result that is not a whole number is answered by "does not fit"."""

    misfit: str = ""
    """What it means that it is not whole."""

    digits: Annotated[int, Meta(ge=1, le=10)] | None = None
    """How many significant digits are wanted; 2 when absent."""

    slips: dict[str, str] = field(default_factory=dict)
    """Formula of a wrong way -> what is said to one who goes it."""

    examples: tuple[dict[str, Given], ...] = ()
    """Where a formula is asked: values that its names may have, such as { W = 7, F = 3 }. A wrong one is told there."""

    plot: tuple[str, ...] = ()
    """Names whose values are drawn as bars once it is right."""


class ValueTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "value"`: numbers and arrays, computed from formulas."""

    kind: Literal["value"] = "value"
    ask: tuple[ValueAsk, ...]
    """Its blanks, each a table [[question.ask]]."""

    at: dict[str, Given] = field(default_factory=dict)
    """The values of the names in its formulas."""

    let: dict[str, str] = field(default_factory=dict)
    """Names for formulas, each in the names before it."""

    given: str = ""
    """What is given, in one line; made of `at` when absent."""
