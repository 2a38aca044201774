"""What Python programs pass, read: each of these says in a ValueError or a TypeError what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from reprlib import repr as shortly
from unicodedata import category

from tutor.engine.gates import vocabulary
from tutor.language import Expression, Name, Reading, Unreadable, Vocabulary, read_equation, read_expression, read_name

_HEAD = re.compile(r"\s*\\?([^\W\d]\w*)\s*\([\w\s,]*\)\s*:?=(?!=)")
"""What a function is called and takes."""


def check_text(argument: str, value: object) -> None:
    """Raises TypeError, with the argument's name, for what is no text."""
    if not isinstance(value, str):
        raise TypeError(f"{argument} should be text; this is {kind_of(value)}.")


def names_of(argument: str, given: Iterable[str]) -> tuple[str, ...]:
    """The names in an argument, each once. Raises TypeError for what holds no names, ValueError for a bad one."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise TypeError(f'{argument} should be a list of names, such as ["x", "y"]; this is {kind_of(given)}.')
    return tuple(dict.fromkeys(checked_name(name) for name in given))


def reading_of(text: str, words: Vocabulary) -> Reading[Expression]:
    """The text, read. Raises ValueError with a sentence, and carets below the text, where it cannot be."""
    try:
        return read_expression(text, words)
    except Unreadable as error:
        raise ValueError(f"{error.message}\n{error.caret()}") from None


def formula_of(text: str, words: Vocabulary) -> Reading[Expression]:
    """An expression, or what `L = x y` and `f(x) = x y` give a new name. Raises ValueError as `reading_of`."""
    head = _HEAD.match(text)
    if head is not None and head[1] not in words.names:
        return reading_of(text[head.end() :], words)
    try:
        equation = read_equation(text, words)
    except Unreadable:
        return reading_of(text, words)
    if equation.tree.target.name in words.names:
        return reading_of(text, words)
    return Reading(equation.tree.expression, text, equation.echo)


def checked_name(name: object) -> str:
    """A name as the language spells it: `w₁` is w_1. Raises ValueError for what cannot be one."""
    for spelled in (name, read_name(name)) if isinstance(name, str) else ():
        if _is_name(spelled):
            return spelled
    raise ValueError(
        f"{shortly(name)} cannot be a name here. A name is a letter, a word, or one with a subscript: w_1."
    )


def _is_name(name: str) -> bool:
    try:
        return _is_word(name) and read_expression(name, vocabulary(name)).tree == Name(name)
    except Unreadable:
        return False


def _is_word(name: str) -> bool:
    """Whether it is made of letters, marks and digits, so that it cannot be taken for a sum or a method."""
    return bool(name) and all(category(each)[0] in "LMN" or each in "_'′" for each in name)


def kind_of(value: object) -> str:
    """What a value of the wrong type is, in words: `None`, `of the type int`."""
    return "None" if value is None else f"of the type {type(value).__name__}"
