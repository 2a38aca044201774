"""Misconceptions in words: what was done, and the question that leads on; of several that are possible, all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from string import Formatter

from tutor.engine.gates.misconceptions import Misconception, text_of
from tutor.judging.precision import written_number
from tutor.language import Expression, show

AGAIN = "Work it out again, one step at a time."


def tell(
    found: Sequence[Misconception], answer: Expression | None = None, *, others: bool = False, again: str = AGAIN
) -> str:
    """What was done and the question that leads on; of several that are possible, all of them, and what to do.

    Which of several it was, nobody can say from the number: `again` is how the blank's answer is found. With `others`
    it is said that there are more than these.
    """
    number = written_number(answer) if answer is not None else None
    this = number.text if number is not None else "this"
    said = _told(found, this, answer, again)
    return before_question(said, f"Other mistakes give {this}, too.") if others else said


def before_question(said: str, sentence: str) -> str:
    """What is said, with one more sentence before the question in which it ends; at the end where there is none."""
    rest, asks = _at_question(said)
    return " ".join(part for part in (rest, sentence, asks) if part)


def _at_question(said: str) -> tuple[str, str]:
    """What is said before the question in which it ends, or before `AGAIN`, and that; "" where there is none."""
    if said.endswith(AGAIN):
        return said.removesuffix(AGAIN).rstrip(), AGAIN
    if not said.endswith("?"):
        return said, ""
    end = max(said.rfind(". "), said.rfind("? ")) + 1
    return said[:end], said[end:].lstrip()


def _told(found: Sequence[Misconception], this: str, answer: Expression | None, again: str) -> str:
    if len(found) == 1:
        return _alone(found[0], this, answer)
    if any(_is_whole(text_of(one.says)) for one in found):
        parts = list(dict.fromkeys(f"{_sentence(one)} {text_of(one.asks)}".strip() for one in found))
        return parts[0] if len(parts) == 1 else f"{_counted(parts)} mistakes give this. Either: {' Or: '.join(parts)}"
    if len({text_of(one.says) for one in found}) == 1 and all(one.evidence for one in found):
        ways = dict.fromkeys(text_of(one.evidence).removeprefix("is ") for one in found)
        return _alone(replace(found[0], evidence=f"is {', and also '.join(ways)}"), this, answer)
    clauses = list(dict.fromkeys(map(_with_evidence, found)))
    if len(clauses) == 1:
        return _alone(found[0], this, answer)
    return f"{_counted(clauses)} mistakes give {this}: {'; or '.join(clauses)}. {_leads_on(found) or again}"


def _leads_on(found: Sequence[Misconception]) -> str:
    """The question that all of them lead on with; "" where they differ."""
    asked = {text_of(one.asks) for one in found}
    return asked.pop() if len(asked) == 1 else ""


def _counted(told: Sequence[str]) -> str:
    return {2: "Two", 3: "Three"}[len(told)]


def _alone(one: Misconception, this: str, answer: Expression | None) -> str:
    says, asks, evidence = text_of(one.says), text_of(one.asks), text_of(one.evidence)
    if _is_whole(says):
        return f"{says} {asks}".strip()
    if answer is not None and evidence in (f"is {show(answer)}", f"is the value of {show(answer)}"):
        evidence = ""  # it would repeat what was typed
    if evidence:
        return f"{_capital(f'{this} {evidence}: {says}')}. {asks}".strip()
    if says.startswith("it "):
        return f"{_capital(this + says[2:])}. {asks}".strip()
    return f"{says if one.opens_with_a_name else _capital(says)}. {asks}".strip()


def _sentence(one: Misconception) -> str:
    says = text_of(one.says)
    return says if _is_whole(says) else f"{says if one.opens_with_a_name else _capital(says)}."


def clause(one: Misconception) -> str:
    """What was done, to go on within a sentence."""
    says = text_of(one.says)
    if not _is_whole(says):
        return says
    first = says.split(". ")[0].rstrip(".?")
    return first[:1].lower() + first[1:] if first.split(" ")[0] in _OPENINGS else first


def question(one: Misconception) -> str:
    """The question that leads on; "" where it is part of what is said."""
    return text_of(one.asks)


def first_question(one: Misconception) -> str:
    """The question that leads on, also where it is the last sentence of what is said; "" where there is none."""
    return text_of(one.asks) or _at_question(text_of(one.says))[1]


def _with_evidence(one: Misconception) -> str:
    """A clause among others, with the arithmetic in brackets: `the two were added (x + y = 1 + 3)`."""
    says, evidence = text_of(one.says), text_of(one.evidence)
    if not evidence:
        return says
    shown = evidence.removeprefix("is ") if evidence.startswith("is ") else f"it {evidence}"
    return f"{says} ({shown})"


_OPENINGS = frozenset({"A", "In", "It", "Only", "One", "That", "The", "What"})
"""Words that begin a sentence with a capital and no name: within a sentence they are small."""


def _is_whole(says: str) -> bool:
    return says.endswith((".", "?"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# Two at once

_IN_A_PAIR = {
    "sign_flipped": "the sign is wrong",
    "sign_lost": "the sign is wrong",
    "forgot_upstream": "the upstream is left out",
    "forgot_local": "the local derivative is left out",
}
"""What is said of a misconception beside another one, where that alone would not be true of the answer."""

_ALONE, _WITHIN = "that is ", "the slope in it is "
"""How a clause about the whole answer begins, and what it is about beside another mistake."""


def joined(one: Misconception, other: Misconception) -> Callable[[], str]:
    """What is said of two at once."""

    def text() -> str:
        return f"there are two mistakes in it: {_beside(one)}; and {_beside(other)}"

    return text


def _beside(one: Misconception) -> str:
    said = _IN_A_PAIR.get(one.key) or clause(one)
    return f"{_WITHIN}{said.removeprefix(_ALONE)}" if said.startswith(_ALONE) else said


# Names and parts of formulas in a text

_OPERATORS = ("−", "+", "times", "@")
"""Beside these a sum keeps its brackets."""


def in_prose(text: str, places: Mapping[str, str]) -> str:
    """A text with its places filled in; without the brackets of a sum where it is a word among others."""
    said = ""
    rest = text
    for literal, place, *_ in Formatter().parse(text):
        said += literal
        if place is None:
            break
        rest = rest[rest.index(f"{{{place}}}") + len(place) + 2 :]
        value = places[place]
        alone = said[-1:] in ("", " ", "|") and rest[:1] in ("", *" |,.;:?")
        joined = said.rstrip().endswith(_OPERATORS) or rest.lstrip().startswith(_OPERATORS)
        said += _unbracketed(value) if alone and not joined else value
    return said


def _unbracketed(text: str) -> str:
    """A text without the brackets around the whole of it."""
    inside = text[1:-1]
    if f"({inside})" != text:
        return text
    depths = accumulate((sign == "(") - (sign == ")") for sign in inside)
    return text if min(depths, default=0) < 0 else inside
