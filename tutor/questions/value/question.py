"""Making a question of the kind `value`: numbers read, formulas checked, blanks made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tutor.drawing import FilterFigure
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import Interval, vocabulary, vocabulary_at
from tutor.engine.passes import PassError
from tutor.engine.values import Value, all_finite, exactly, plain, shape_of, show_value
from tutor.judging import Kind, Verdict
from tutor.judging.precision import ROUNDING_RULE, WANTED_DIGITS
from tutor.judging.shapes import asked_for
from tutor.language import Expression, Name, Unreadable, names_in, read_expression, show, typed
from tutor.library import BadFile
from tutor.library.decoding import each
from tutor.library.format import Given
from tutor.library.input_values import given_value
from tutor.questions.blank import Blank
from tutor.questions.carried_forward import EarlierAnswer
from tutor.questions.inflect import listed
from tutor.questions.question import QuestionPlace
from tutor.questions.short_answer import Item, Judge, QuestionContext, ShortAnswerQuestion, rungs
from tutor.questions.value.judge import (
    DependentValue,
    WantedFormula,
    WantedNumber,
    is_whole,
    judge_dependent,
    judge_formula,
    judge_value,
    tree_of,
)
from tutor.questions.value.misconceptions import Own, ValueMisconceptions
from tutor.questions.value.own_numbers import misconceptions_upon
from tutor.questions.value.reference import (
    FilterNames,
    ReferenceValues,
    ValueAsk,
    ValueTable,
    is_name,
    substituted,
)

MISFIT = "does not fit"
"""The answer where a result is to be whole and is not."""

DECIMALS = 4
_LONGEST = 8


def sheet_of(prefix: str, at: Mapping[str, Given], lets: Mapping[str, str]) -> ReferenceValues:
    """The numbers and formulas of a table. Raises BadFile with the key at fault, after the prefix."""
    values = {name: given_value(f"{prefix}at.{name}", given) for name, given in at.items()}
    trees: dict[str, Expression] = {}
    for name, text in lets.items():
        if name in values:
            raise BadFile(f"{prefix}let.{name}", f"{name} has a value already")
        trees[name] = tree_of(f"{prefix}let.{name}", text, ReferenceValues(values, dict(trees)), names=True)
    reference = ReferenceValues(values, trees)
    for name in trees:
        try:
            if not all_finite(reference.values[name]):
                raise BadFile(f"{prefix}let.{name}", "it has no finite value at these numbers")
        except ValueError as error:
            raise BadFile(f"{prefix}let.{name}", str(error) or "the shapes do not fit") from None
    return reference


def in_words(at: Mapping[str, Value]) -> str:
    """`x = 2, W = [[1, 2]]`."""
    return ", ".join(f"{name} = {_shown(value)}" for name, value in at.items())


def _shown(value: Value) -> str:
    return exactly(value) if not shape_of(value) and len(exactly(value)) <= _LONGEST else show_value(value, DECIMALS)


def _is_told(value: str, texts: str) -> bool:
    """Whether a number, or all of an array, is somewhere in the texts."""
    number = rf"(?<![\w.]){re.escape(value)}(?![\w.]*\d)".replace("\\-", "[-−]").replace("\\ ", r"\s*")
    return re.search(number, texts) is not None


_WIDEST = 40


def bars(values: Sequence[tuple[str, float]]) -> str:
    """A line for each name and its value, with a bar as long as it is large; none for values below 0."""
    largest = max((value for _, value in values), default=0.0)
    names = max((len(name) for name, _ in values), default=0)
    numbers = [plain(value) for _, value in values]
    wide = max(map(len, numbers), default=0)
    lines = []
    for (name, value), number in zip(values, numbers, strict=True):
        long = round(_WIDEST * value / largest) if largest > 0 and value > 0 else 0
        lines.append(f"  {name:<{names}}  {number:>{wide}}  {'#' * long}".rstrip())
    return "\n".join(lines)


__all__ = ["ValueTable", "make_value"]

_MOST_SHOWN = 6


def make_value(table: ValueTable, _place: QuestionPlace) -> ShortAnswerQuestion:
    """The question. Raises BadFile for numbers or formulas that do not hold."""
    reference = sheet_of("", table.at, table.let)
    blanks: dict[str, DependentValue] = {}
    asked = each(lambda number, ask: _asked(number, table, ask, blanks), table.ask)
    names = [*table.at, *table.let]
    statement = table.given or in_words(reference.at)
    return ShortAnswerQuestion(
        table,
        asked,
        about=_about(table),
        statement=statement,
        shown=QuestionContext(vocabulary=vocabulary(*names)),
    )


def _about(table: ValueTable) -> str:
    """What is asked, and to how many digits."""
    rounded = [ask for ask in table.ask if ask.wants == "value" and not ask.whole]
    digits = max((ask.digits or WANTED_DIGITS for ask in rounded), default=0)
    return f"Give each value. {ROUNDING_RULE.format(digits)}" if digits else "Give each value."


def _asked(number: int, table: ValueTable, ask: ValueAsk, blanks: dict[str, DependentValue]) -> Item:
    key = f"ask[{number}]"
    reference = sheet_of(f"{key}.", {**table.at, **ask.at}, {**table.let, **ask.let})
    by = (ask.by,) if isinstance(ask.by, str) and ask.by else tuple(ask.by)
    tree = tree_of(f"{key}.formula", ask.formula, reference, names=ask.wants == "value")
    for name in by:
        if name not in reference.values:
            raise BadFile(f"{key}.by", f"{name} has no value here")
    _refuse_idle(key, ask)
    own = _own_slips(key, ask, reference)
    given = (table.prompt, table.given)
    made = _BlankBuilder(
        number, key, ask, reference, tree, by, own, _seen(table, reference), given, table.figure, blanks
    )
    asked = made.formula() if ask.wants == "formula" else made.value()
    for (_, slip), text in zip(own, ask.slips, strict=True):
        if asked.judge(typed(slip)).kind is Kind.RIGHT:
            raise BadFile(f"{key}.slips.{text}", f"{text} gives the right answer here, so this is never said")
    return asked


def _refuse_idle(key: str, ask: ValueAsk) -> None:
    """Refuse keys that have no effect."""
    if ask.misfit and not ask.whole:
        raise BadFile(
            f"{key}.misfit", "has no effect without whole = true: it is the answer where a result is not whole"
        )
    if ask.wants == "formula" and ask.digits is not None:
        raise BadFile(f"{key}.digits", 'has no effect with wants = "formula": no number is asked for')


def _own_slips(key: str, ask: ValueAsk, reference: ReferenceValues) -> list[tuple[str, Expression]]:
    """The file's own wrong ways, read. Raises BadFile for one that cannot be read, or says nothing."""

    def own(_number: int, slip: tuple[str, str]) -> tuple[str, Expression]:
        text, says = slip
        if not says.strip():
            raise BadFile(f"{key}.slips.{text}", "the message is empty: say what is wrong with this way")
        return says, tree_of(f"{key}.slips.{text}", text, reference, names=ask.wants == "value")

    return each(own, ask.slips.items())


def _seen(table: ValueTable, reference: ReferenceValues) -> frozenset[str]:
    """The names that are somewhere on the screen: in what is given, asked, or at a blank."""
    texts = [
        table.given or in_words({**reference.at}),
        table.prompt,
        *(f"{ask.prompt} {ask.label}" for ask in table.ask),
    ]
    return frozenset(
        name for name in reference.values if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", " ".join(texts))
    )


@dataclass(frozen=True)
class _BlankBuilder:
    """One blank in the making."""

    number: int
    key: str
    ask: ValueAsk
    reference: ReferenceValues
    tree: Expression
    by: tuple[str, ...]
    own: Own
    seen: frozenset[str]
    given: tuple[str, ...]
    """The texts on the screen beside the blank's own."""

    drawn: FilterNames | None
    """The names of the sizes of a filter, where one is drawn."""

    blanks: dict[str, DependentValue]
    """The values of the question's blanks by their keys, as they are made."""

    def formula(self) -> Item:
        """A blank that wants the formula itself."""
        if self.by or self.ask.whole:
            raise BadFile(f"{self.key}.wants", "a formula is asked for as it is, without by and whole")
        names = names_in(self.tree)
        prompt = self.ask.prompt or f"Write the formula in {listed(names)}."
        wanted = WantedFormula(self.tree, names, self.own, tuple(self._examples(names)))
        hints = (
            "Say it in words first, then use a letter for each quantity that can vary.",
            f"What happens to it when {names[0]} grows by one? And which of {listed(names)} makes it smaller?",
            f"It is {show(self.tree)}.",
        )
        example = "a formula in " + ", ".join(names)
        return self._asked(prompt, "formula =", example, hints, typed(self.tree), lambda t: judge_formula(t, wanted))

    def _examples(self, names: tuple[str, ...]) -> Iterator[dict[str, float]]:
        """The points of the file at which a wrong formula is shown to differ. Raises BadFile."""
        for number, example in enumerate(self.ask.examples, 1):
            key = f"{self.key}.examples[{number}]"
            point = {name: given_value(f"{key}.{name}", given) for name, given in example.items()}
            if set(point) != set(names):
                raise BadFile(key, f"it must give a number to each of {listed(names)}, and to nothing else")
            if any(map(shape_of, point.values())) or not all_finite(evaluate(self.tree, point)):
                raise BadFile(key, "the formula has no value there")
            yield {name: float(value) for name, value in point.items()}

    def value(self) -> Item:
        """A blank that wants a number or an array."""
        if self.ask.examples:
            raise BadFile(f"{self.key}.examples", "examples are for a blank that wants a formula")
        truth, interval = self._truth()
        fits = not self.ask.whole or is_whole(truth)
        slips = ValueMisconceptions(self.reference, self.tree, self.by, self.own, truth, self.seen, self.ask.whole)
        wanted = WantedNumber(
            truth, self._known(), interval, self._digits, slips, self.ask.whole, fits, self.ask.misfit
        )  # fmt: skip
        answer = self._answer(truth) if fits else MISFIT
        prompt = f"{self.ask.prompt or self._prompt()}{self._numbers_untold()}"
        example = asked_for(shape_of(truth), self._digits)
        if self.ask.whole:
            example = "a whole number, or: does not fit"
        made = self._asked(
            prompt, "value =", example, self._hints(answer, truth), answer, lambda t: judge_value(t, wanted)
        )
        return self._dependent(made, wanted)

    @property
    def _digits(self) -> int:
        return self.ask.digits or WANTED_DIGITS

    def _dependent(self, item: Item, wanted: WantedNumber) -> Item:
        """The blank with what it follows from."""
        printed = () if self.ask.whole else (*self.given, item.blank.prompt, item.blank.label, *item.hints)
        mine = DependentValue(item.called, self.reference, self.tree, self.by, wanted.truth, wanted.known, printed)
        self.blanks[item.blank.key] = mine

        def follow(text: str, earlier: Sequence[EarlierAnswer]) -> Verdict | None:
            return judge_dependent(text, wanted, mine.follows(earlier, self.blanks))

        def explain(text: str, earlier: Sequence[EarlierAnswer], verdict: Verdict) -> Verdict:
            try:
                answer = read_expression(text, vocabulary(*wanted.known)).tree
            except Unreadable:
                return verdict
            upon = misconceptions_upon(wanted.slips, mine, earlier, self.blanks)
            return wanted.slips.named_upon(upon, answer, wanted.known, verdict)

        return replace(item, follow=follow, explain=explain)

    def _truth(self) -> tuple[Value, Interval | None]:
        try:
            if self.by:
                return self.reference.gradient(self.tree, self.by), self.reference.kink(self.tree, self.by)
            truth = self.reference.value(self.tree)
        except PassError as error:
            raise BadFile(f"{self.key}.formula", error.why) from None
        except ValueError as error:
            raise BadFile(f"{self.key}.formula", str(error) or "the shapes do not fit") from None
        if not all_finite(truth):
            raise BadFile(f"{self.key}.formula", "it has no finite value at these numbers")
        if self.ask.whole and shape_of(truth):
            raise BadFile(f"{self.key}.whole", "is for numbers, and this is an array")
        return truth, None

    def _known(self) -> dict[str, Value]:
        """The names that an answer may use: all but those that are the answer itself."""
        if self.by:
            return self.reference.values
        itself = self.reference.expanded(self.tree)
        return {
            name: value
            for name, value in self.reference.values.items()
            if name in self.reference.at or self.reference.expanded(Name(name)) != itself
        }

    def _answer(self, truth: Value) -> str:
        text = show_value(truth, DECIMALS)
        near = abs(np.subtract(evaluate(read_expression(text, vocabulary_at({})).tree, {}), truth))
        return text if np.all(near <= 0.5 * 10**-DECIMALS) else exactly(truth)

    def _numbers_untold(self) -> str:
        """A sentence with the blank's own numbers that nothing on the screen says; a 0 is said in words: no padding."""
        texts = " ".join((*self.given, self.ask.prompt, self.ask.label))
        used = names_in(self.reference.expanded(self.tree))
        values = {name: self.reference.values[name] for name in self.ask.at if name in used and self.ask.at[name] != 0}
        untold = in_words({name: value for name, value in values.items() if not _is_told(_shown(value), texts)})
        return f" Take {untold}." if untold else ""

    def _prompt(self) -> str:
        text = " ".join(self.ask.formula.split())
        return f"What is the gradient of {text} with respect to {listed(self.by)}?" if self.by else f"What is {text}?"

    def _hints(self, answer: str, truth: Value) -> tuple[str, str, str]:
        text = show(self.tree)
        used = names_in(self.reference.expanded(self.tree, self.by) if self.by else self.tree)
        given = in_words({name: self.reference.values[name] for name in used}) if len(used) <= _MOST_SHOWN else ""
        given = given or "the numbers given"
        if self.by:
            name = listed(self.by)
            return (
                "A gradient says how fast the result changes when one value moves and the others are "
                "held fixed. Along a chain the slopes multiply.",
                f"By which steps is {text} reached from {name}? What is the slope of each step at {given}?",
                f"The gradient of {text} with respect to {name} is {answer}.",
            )
        tree = self.reference.lets.get(self.tree.name, self.tree) if isinstance(self.tree, Name) else self.tree
        put = substituted(tree, self.reference.values)
        middle = show(put) if put is not None else show(tree)
        return (
            "First write the formula in letters, then put in the numbers.",
            f"Which numbers are used here? You have {given}." if not is_name(self.tree) else "What is it made of?",
            f"{middle} comes to {answer if answer != MISFIT else self._why_not(truth)}.",
        )

    def _why_not(self, truth: Value) -> str:
        return f"{show_value(truth, DECIMALS)}, which is not whole: it {MISFIT}"

    def _asked(
        self, prompt: str, label: str, example: str, hints: tuple[str, str, str], answer: str, judge: Judge
    ) -> Item:
        drawn = f"\n{self._plotted()}" if self.ask.plot else ""
        blank = Blank(str(self.number), self.ask.label or label, prompt, example=example)
        hints = rungs(self.ask.hints, hints, f"{self.key}.hints")
        after = f"{self.ask.after}{drawn}"
        told = "\n".join(filter(None, [f"{blank.label} {answer}", f"  {hints[2]}", *after.split("\n")]))
        return Item(blank, judge, hints, answer, told=told, after=after, figure=self._figure())

    def _figure(self) -> FilterFigure | None:
        """The filter at the numbers of this blank, or at those of its first example; None where a size has none."""
        names = self.drawn
        if names is None:
            return None
        sizes = {**self.reference.values, **(self.ask.examples[0] if self.ask.examples else {})}
        found = [
            sizes.get(size) if isinstance(size, str) else size for size in (names.width, names.filter, names.stride)
        ]
        padding = sizes.get(names.padding, 0) if isinstance(names.padding, str) else names.padding
        whole = [int(size) for size in (*found, padding) if isinstance(size, int | float) and float(size).is_integer()]
        if len(whole) < len(found) + 1:
            return None
        try:
            return FilterFigure(*whole)
        except ValueError as error:
            raise BadFile("figure", str(error)) from None

    def _plotted(self) -> str:
        for name in self.ask.plot:
            if name not in self.reference.values or shape_of(self.reference.values[name]):
                raise BadFile(f"{self.key}.plot", f"{name} is not a number here")
        return bars([(name, float(self.reference.values[name])) for name in self.ask.plot])
