"""Numbers and formulas of a file read, and written in words."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.engine.gates import vocabulary
from tutor.engine.showing import exactly, show_value
from tutor.engine.values import Value, all_finite, shape_of
from tutor.language import Expression, Unreadable, Vocabulary, read_expression
from tutor.library import BadFile
from tutor.library.format import Given
from tutor.library.given import given_value
from tutor.questions.value.sheet import Sheet

DECIMALS = 4
_LONGEST = 8


def sheet_of(prefix: str, at: Mapping[str, Given], lets: Mapping[str, str]) -> Sheet:
    """The numbers and formulas of a table. Raises BadFile with the key at fault, after the prefix."""
    values = {name: given_value(f"{prefix}at.{name}", given) for name, given in at.items()}
    trees: dict[str, Expression] = {}
    for name, text in lets.items():
        if name in values:
            raise BadFile(f"{prefix}let.{name}", f"{name} has a value already")
        trees[name] = tree_of(f"{prefix}let.{name}", text, Sheet(values, dict(trees)), names=True)
    sheet = Sheet(values, trees)
    for name in trees:
        try:
            if not all_finite(sheet.values[name]):
                raise BadFile(f"{prefix}let.{name}", "it has no finite value at these numbers")
        except ValueError as error:
            raise BadFile(f"{prefix}let.{name}", str(error) or "the shapes do not fit") from None
    return sheet


def tree_of(key: str, text: str, sheet: Sheet, *, names: bool) -> Expression:
    """A formula read; in names that have a value, where that is wanted."""
    words = vocabulary(*sheet.at, *sheet.lets)
    try:
        return read_expression(text, words if names else Vocabulary(words.functions, words.names, True)).tree
    except Unreadable as error:
        raise BadFile(key, f"{error.message}\n{error.caret()}") from None


def in_words(at: Mapping[str, Value]) -> str:
    """`x = 2, W = [[1, 2]]`."""
    return ", ".join(f"{name} = {_shown(value)}" for name, value in at.items())


def _shown(value: Value) -> str:
    return exactly(value) if not shape_of(value) and len(exactly(value)) <= _LONGEST else show_value(value, DECIMALS)
