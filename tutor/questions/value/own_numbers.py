"""The misconceptions at a blank upon the learner's own earlier answers, rounded or wrong, in place of the true values.

A `DependentValue` says what follows rightly from them; here are the slips that were made upon the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from tutor.engine.passes import PassError
from tutor.engine.values import Value
from tutor.judging.misconceptions import Misconception
from tutor.language import Name
from tutor.questions.carried_forward import EarlierAnswer
from tutor.questions.value.asked_formula import OwnNumbers
from tutor.questions.value.judge import DependentValue
from tutor.questions.value.misconceptions import ValueMisconceptions


def misconceptions_upon(
    slips: ValueMisconceptions,
    mine: DependentValue,
    earlier: Sequence[EarlierAnswer],
    blanks: Mapping[str, DependentValue],
) -> Iterator[Misconception]:
    """Those at the blank of `mine` upon the earlier answers to `blanks`; none where there are none of these."""
    answered = [(blanks[one.key], one) for one in earlier if one.key in blanks]
    values = [(blank, value) for blank, one in answered if (value := blank.value_of(one)) is not None]
    if not values:
        return
    own = own_numbers(mine, values)
    with suppress(ValueError, PassError):
        yield from slips.upon(own)
    stand_ins = [part for blank, one in answered for part in blank.stands_in(one)]
    yield from slips.edited_upon(stand_ins, mine.points)
    for follows in mine.follows(earlier, blanks):
        yield slips.sign_of(follows.value)


def own_numbers(mine: DependentValue, values: Sequence[tuple[DependentValue, Value]]) -> OwnNumbers:
    """What earlier answers are the values of, as far as a later blank goes on from them."""
    reference, own = mine.reference, OwnNumbers()
    for blank, value in values:
        if not blank.by:
            meant = reference.expanded(blank.tree)
            for name in reference.lets:
                if reference.expanded(Name(name)) == meant:
                    own.values[name] = value
        elif len(blank.by) == 1 and reference.expanded(blank.tree) == reference.expanded(mine.tree):
            own.arrived[blank.by[0]] = value
        elif len(blank.by) == 1 and isinstance(blank.tree, Name):
            own.slopes[blank.tree.name, blank.by[0]] = value
    return own
