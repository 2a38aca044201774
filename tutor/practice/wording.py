"""Numbers in the texts of an exercise: which of its values a text names, and the text with others put in.

A text that is shown before an answer must be true of the numbers that were drawn. `x = 2` is written anew; a value
that is named in any other way stays as it is. What is said afterwards (hints, remarks, what a mistake is) is left out
where it names numbers, and the tutor's own takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial

from tutor.library.format import Given

_NUMERAL = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])|(?<![\w.])\d+(?:\.\d+)?(?=[a-zA-Z]\b)")
HARMLESS = frozenset({"0", "1", "2"})
"""Numerals that belong to rules (the factor 2 of a square, one more) rather than to an exercise's numbers."""


def numerals(text: str) -> set[str]:
    """The numbers that stand in a text, without their signs: "-0.5 or 3 rows" holds 0.5 and 3."""
    return {_plain(found[0]) for found in _NUMERAL.finditer(text)}


def written(given: Given) -> set[str]:
    """The numerals by which a text would name a value; for an array, those of its entries."""
    if isinstance(given, list):
        return set().union(*map(written, given)) if given else set()
    return numerals(given) if isinstance(given, str) else {_plain(f"{abs(given)!r}")}


def names_value(texts: Iterable[str], name: str, given: Given) -> bool:
    """Whether any of these texts names a value other than as `name = value`; of arrays, an entry with a point in it."""
    wanted = written(given)
    if isinstance(given, list):
        wanted = {one for one in wanted if "." in one}
    return any(wanted & numerals(_equation(name, given).sub("", text)) for text in texts if text)


def retold(text: str, old: Mapping[str, Given], new: Mapping[str, Given]) -> str:
    """The text with `name = value` for what the names are now."""
    for name, given in old.items():
        if new[name] != given:
            text = _equation(name, given).sub(partial(_with_value, _shown(new[name])), text)
    return text


def _with_value(value: str, found: re.Match[str]) -> str:
    return f"{found[1]}{value}"


def speaks_of_numbers(text: str, harmless: Iterable[str] = ()) -> bool:
    """Whether a text names numbers other than 0, 1, 2 and the `harmless` ones."""
    return bool(numerals(text) - HARMLESS - set(harmless))


def _equation(name: str, given: Given) -> re.Pattern[str]:
    """`name = value` in a text, with what stands before the value as its group."""
    value = re.escape(_shown(given)).replace(r"\ ", r"\s*")
    return re.compile(rf"((?<!\w){re.escape(name)}\s*=\s*){value}(?![\w.]*\d)")


def _shown(given: Given) -> str:
    if isinstance(given, list):
        return "[" + ", ".join(map(_shown, given)) + "]"
    return given if isinstance(given, str) else repr(given).removesuffix(".0")


def _plain(numeral: str) -> str:
    return (numeral.rstrip("0").rstrip(".") if "." in numeral else numeral.lstrip("0")) or "0"
