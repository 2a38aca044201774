"""The kind `choice`: one or several of the options. The only kind whose file holds its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_lowercase
from textwrap import shorten
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct

from tutor.judging import Verdict, right, unreadable, wrong
from tutor.library import BadFile
from tutor.library.decoding import FaultCollector, each
from tutor.library.format import Said
from tutor.questions.blank import Blank, InputKind
from tutor.questions.inflect import counted, listed
from tutor.questions.question import QuestionPlace, QuestionTable
from tutor.questions.short_answer import AskTable, Item, ShortAnswerQuestion, rungs

_MOST_OPTIONS = 9
_LABEL = 44
"""Characters of the question that stand for it in a list."""


_RIGHT = {"properties": {"right": {"const": True}}, "required": ["right"]}
"""In JSON Schema: an option that is right to choose."""


class OptionTable(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One option."""

    text: Said
    """What can be chosen."""

    right: bool = False
    """Whether it is right to choose it."""

    why: str = ""
    """Said when it is chosen: why it is wrong, or what it shows."""

    schema_rules: ClassVar[dict[str, Any]] = {
        "anyOf": [
            _RIGHT,
            {"properties": {"why": {"minLength": 1}}, "required": ["why"]},
        ]
    }


class ChoiceAsk(AskTable, frozen=True, kw_only=True):
    """One blank: a question and its options."""

    prompt: str
    options: Annotated[tuple[OptionTable, ...], Meta(extra_json_schema={"minItems": 2, "contains": _RIGHT})]
    """Two or more, at least one of them right."""


class ChoiceTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "choice"`: questions, each with options."""

    kind: Literal["choice"] = "choice"
    ask: tuple[ChoiceAsk, ...]
    """Its blanks, each a table [[question.ask]]."""


def make_choice(table: ChoiceTable, _place: QuestionPlace) -> ShortAnswerQuestion:
    """The question. Raises BadFile for options among which there is nothing to choose."""
    asked = each(_asked, table.ask)
    return ShortAnswerQuestion(table, asked, about="Choose what is right.")


def _asked(number: int, ask: ChoiceAsk) -> Item:
    key = f"ask[{number}]"
    _check(key, ask)
    answer = " ".join(letter for letter, option in _lettered(ask) if option.right)
    several = len(answer) > 1
    blank = Blank(
        str(number),
        ask.label or shorten(ask.prompt, _LABEL, placeholder=" …"),
        ask.prompt,
        InputKind.CHOICE,
        options=tuple(option.text for option in ask.options),
        several=several,
    )
    chosen = [f"{letter}) {option.text}" for letter, option in _lettered(ask) if option.right]
    made = (
        "Take each option in turn. Is there a case where it fails?",
        _question(ask),
        f"The right {'ones are' if several else 'one is'} {listed([line.rstrip('.') for line in chosen])}.",
    )
    why = [option.why for option in ask.options if option.right and option.why]
    return Item(
        blank,
        lambda text: _judge(ask, text),
        rungs(ask.hints, made, f"{key}.hints"),
        answer,
        told="\n".join([ask.prompt, *(f"  {line}" for line in chosen), *(f"  {line}" for line in why)]),
        after=ask.after,
    )


def _check(key: str, ask: ChoiceAsk) -> None:
    faults = FaultCollector()
    with faults.part():
        if not 2 <= len(ask.options) <= _MOST_OPTIONS:
            raise BadFile(
                f"{key}.options", f"there are {len(ask.options)} options; two to {_MOST_OPTIONS} can be shown"
            )
    with faults.part():
        if not any(option.right for option in ask.options):
            raise BadFile(f"{key}.options", "none of them is right: say right = true for one")
    texts = [" ".join(option.text.split()) for option in ask.options]
    for number, (option, text) in enumerate(zip(ask.options, texts, strict=True), 1):
        place = f"{key}.options[{number}]"
        with faults.part():
            if not text:
                raise BadFile(f"{place}.text", "the option is empty: write what can be chosen")
            if text in texts[: number - 1]:
                raise BadFile(f"{place}.text", f"option {texts.index(text) + 1} has the same text: {text}")
        with faults.part():
            if not option.right and not option.why.strip():
                raise BadFile(f"{place}.why", f"is missing: say why this one is wrong: {text}")
    faults.raise_all()


def _question(ask: ChoiceAsk) -> str:
    """What to ask of one of the wrong options, without saying that it is wrong."""
    first = ask.options[0].text.rstrip()
    end = "" if first.endswith((".", "?", "!")) else "."
    return f"Begin with the first one: {first}{end} What would follow if that were true?"


def _lettered(ask: ChoiceAsk) -> list[tuple[str, OptionTable]]:
    return list(zip(ascii_lowercase, ask.options, strict=False))


def letter_meant(text: str, options: Sequence[str]) -> str:
    """The letter of an option that was written out; else the text as it is."""
    said = [_folded(option) for option in options]
    wanted = _folded(text)
    return ascii_lowercase[said.index(wanted)] if said.count(wanted) == 1 else text


def _folded(text: str) -> str:
    return "".join(text.split()).casefold().rstrip(".")


def _judge(ask: ChoiceAsk, text: str) -> Verdict:
    """Letters, in any order, with or without commas."""
    options = dict(_lettered(ask))
    chosen = [letter for letter in text.lower().replace("and", " ") if not (letter.isspace() or letter in ",;.()")]
    strangers = [letter for letter in chosen if letter not in options]
    if strangers or not chosen:
        return unreadable(f"Answer with a letter from a to {ascii_lowercase[len(options) - 1]}.")
    true = {letter for letter, option in options.items() if option.right}
    if len(true) == 1 and len(set(chosen)) > 1:
        return unreadable("Choose one.")
    for letter in dict.fromkeys(chosen):
        if letter not in true:
            why = options[letter].why
            return replace(wrong(f"{letter}) {why}", mistake=f"option {letter}"), clause=why)
    missing = len(true - set(chosen))
    if missing:
        return wrong(
            f"What you chose is right, but there {'is' if missing == 1 else 'are'} {counted(missing, 'more')}."
        )
    return right(" ".join(options[letter].why for letter in sorted(true) if options[letter].why))
