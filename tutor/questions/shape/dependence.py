"""What a shape follows from: the shape that was given for a part of its operation, at a blank before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import prod

import numpy as np

from tutor.engine.values import Shape
from tutor.judging import Verdict, remark
from tutor.language import Apply, Expression, Name, Unreadable, names_in, walk
from tutor.questions.carried_forward import EarlierAnswer, answer_for, mistakes_behind, remark_on
from tutor.questions.plain_answers import ERROR, shape_in
from tutor.questions.shape.arrays import MOST_ENTRIES, AnyArray, ShapeClash, counting, run
from tutor.questions.shape.tables import ShapeSetting

_MOST_ANSWERS = 4


@dataclass(frozen=True)
class DependentShape:
    """The shape of one operation's result, and what its blank is called."""

    called: str
    setting: ShapeSetting

    def follow(
        self, text: str, earlier: Sequence[EarlierAnswer], blanks: Mapping[str, DependentShape]
    ) -> Verdict | None:
        """The verdict on a shape that follows from mistakes in earlier ones, to `blanks` by their keys; else None."""
        mine = _read(text, self.setting)
        wrong = [
            one
            for one in earlier
            if (not one.verdict.accepted or one.verdict.carried) and one.key in blanks and self._holds(blanks[one.key])
        ][-_MOST_ANSWERS:]
        for many in range(1, len(wrong) + 1):
            for chosen in combinations(wrong, many):
                if mine is not None and mine == self._given({one.key: one for one in chosen}, blanks):
                    mistaken = mistakes_behind(chosen)
                    said = remark_on([answer_for(blanks[key].called) for key in mistaken])
                    return replace(remark(said), carried=mistaken)
        return None

    def _holds(self, other: DependentShape) -> bool:
        """Whether another blank's operation, on the same arrays, is a part of this one."""
        part, names = other.setting.operation, names_in(other.setting.operation.tree)
        same = all(self.setting.shapes.get(name) == other.setting.shapes[name] for name in names)
        return same and not part.index and part.tree in walk(self.setting.operation.tree)

    def _given(self, answers: Mapping[str, EarlierAnswer], blanks: Mapping[str, DependentShape]) -> Shape | str | None:
        """The shape, or `ERROR`, with arrays of these shapes for parts; None where one is no shape."""
        arrays: dict[str, AnyArray] = dict(self.setting.arrays)
        operation = self.setting.operation
        for key, answer in answers.items():
            shape = _read(answer.text, blanks[key].setting)
            if shape is None or isinstance(shape, str) or prod(shape) > MOST_ENTRIES:
                return None
            arrays[f"{key} given"] = counting(shape)
            part = blanks[key].setting.operation.tree
            operation = replace(operation, tree=_put_in(operation.tree, part, Name(f"{key} given")))
        try:
            return np.shape(run(operation, arrays))
        except ShapeClash:
            return ERROR
        except (IndexError, ValueError):
            return None


def _read(text: str, setting: ShapeSetting) -> Shape | str | None:
    try:
        return shape_in(text, setting.sizes)
    except Unreadable:
        return None


def _put_in(tree: Expression, part: Expression, name: Name) -> Expression:
    if tree == part:
        return name
    if not isinstance(tree, Apply):
        return tree
    return replace(tree, arguments=tuple(_put_in(argument, part, name) for argument in tree.arguments))
