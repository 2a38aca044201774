"""One derivative that is asked for: what it is, and the verdict on an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial, reduce
from itertools import chain, combinations, product
from types import MappingProxyType

from tutor.engine.evaluate import evaluate, number
from tutor.engine.gates import GATES
from tutor.engine.symbolic_backward import slope
from tutor.engine.values import Array, Value
from tutor.judging import (
    Equivalence,
    Kind,
    Verdict,
    compare,
    from_language,
    judge_expression,
    judge_number,
    remark,
    unreadable,
)
from tutor.judging.arithmetic_slips import arithmetic_slips
from tutor.judging.misconceptions import Likelihood, Misconception, if_exact, key_of, recognise, unless_in_doubt
from tutor.judging.mistake_texts import tell
from tutor.judging.numbers import telling_value
from tutor.judging.precision import written_number
from tutor.judging.sample_points import sample_points
from tutor.judging.typed_answers import TypedAnswer
from tutor.language import (
    Apply,
    Expression,
    Matrix,
    Name,
    Reading,
    Unreadable,
    Vocabulary,
    names_in,
    read_expression,
    show,
    walk,
)
from tutor.language.tree import rename
from tutor.questions.carried_forward import DependentFormula, EarlierAnswer, StandIn
from tutor.questions.carried_forward import FollowedFormula as FollowedFormula
from tutor.questions.derivative.equations import Equations
from tutor.questions.derivative.misconceptions import DerivativeCandidates, DerivativeQuery, named
from tutor.questions.graph_candidates import rounded_parts
from tutor.questions.inflect import listed

_MOST_TOLD = 3
_MOST_ANSWERS = 4
"""Earlier answers of which all may have been used or not."""

_ELSEWHERE = 5
_POINTS = 6
"""At which formulas are compared where earlier answers are put into them."""


@dataclass(frozen=True)
class DerivativeTarget:
    """A derivative: of which function, in which names its answer may be written, and at which point, if at one."""

    asked: DerivativeQuery
    truth: Expression
    names: tuple[str, ...]
    at: Mapping[str, Value] | None = None
    total: bool = False
    form: str = ""
    """The truth as the file writes it; "" where it does not."""

    @property
    def label(self) -> str:
        """What stands before the field: `dz/dt =`, `∂z/∂a =`, `dz/dt at t = 2:`."""
        return f"{self.called}{self.where}:" if self.at else f"{self.called} ="

    @property
    def called(self) -> str:
        """`dz/dt` with one variable, `∂z/∂a` with several, unless the whole effect is meant."""
        d = "∂" if len(self.asked.base) > 1 and not self.total else "d"
        return f"{d}{self.asked.of}/{d}{self.asked.by}"

    @property
    def value(self) -> Value:
        """The truth at the point. For a question that has one."""
        return evaluate(self.truth, self.at or {})

    @property
    def where(self) -> str:
        """` at t = 2`; "" where no number is asked for."""
        if not self.at:
            return ""
        return f" at {', '.join(f'{name} = {self.at[name]:g}' for name in self.asked.base)}"

    @cached_property
    def _candidates(self) -> DerivativeCandidates:
        return DerivativeCandidates(self.asked, self.at)

    @cached_property
    def _function_words(self) -> tuple[str, ...]:
        """Names such as σ that are also words for the very function they stand for."""
        equations = self.asked.equations
        found = []
        for name, parameters in equations.called.items():
            word = equations.vocabulary().functions.get(name)
            if word is not None and word.operation in GATES and word.least == word.most == len(parameters) == 1:
                itself = Apply(word.operation, (Name(parameters[0]),))
                if compare(equations.meanings[name], itself, parameters).outcome is Equivalence.SAME:
                    found.append(name)
        return tuple(found)

    def judge(self, text: str) -> Verdict:
        """The verdict on an answer. Raises nothing for any text."""
        first: Verdict | None = None
        for source, vocabulary in self._readings(text):
            try:
                reading = read_expression(source, vocabulary)
            except Unreadable as error:
                first = first or from_language(Unreadable(error.message, text, error.spans, error.repair))
                continue
            verdict = self._of(reading)
            if verdict.accepted or verdict.kind is Kind.UNDECIDED or first is None or not first.charged:
                first = verdict
            if verdict.accepted:
                break
        assert first is not None, "there is always a reading"
        return first

    def _readings(self, text: str) -> Iterator[tuple[str, Vocabulary]]:
        """The ways a text may be meant: σ is a name, or the function; z(t) is z."""
        equations = self.asked.equations
        vocabulary = equations.vocabulary()
        yield _without_calls(text, equations.meanings, self._arguments), vocabulary
        for name in self._function_words:
            if re.search(rf"{re.escape(name)}\s*\(", text):
                yield text, replace(vocabulary, names=vocabulary.names - {name})

    def _arguments(self, name: str) -> tuple[str, ...]:
        """What a name is written as a function of: those it was given with, or the variables below it."""
        equations = self.asked.equations
        below = equations.under(name)
        return equations.called.get(name) or tuple(other for other in equations.parameters if other in below)

    def _of(self, reading: Reading[Expression]) -> Verdict:
        if self.at is not None:
            return self._number(reading.tree).with_echo(reading.echo)
        return self._expression(reading.tree).with_echo(reading.echo)

    # Given earlier answers

    def follow(
        self, text: str, earlier: Sequence[EarlierAnswer], blanks: Mapping[str, tuple[str, DerivativeTarget]]
    ) -> Verdict | None:
        """The verdict on an answer that follows from earlier ones; None where it does not.

        `blanks` are what those answers were to, by their keys, and what each is called.
        """
        own = [one for answer in earlier for one in blanks[answer.key][1].stands_in(answer, self)]
        called = {key: name for key, (name, _) in blanks.items()}
        for reading in chain(self._along_own(own), self._dependent.readings(own)) if own else ():
            for source, vocabulary in self._readings(text):
                try:
                    read = read_expression(source, vocabulary)
                except Unreadable:
                    continue
                verdict = self._against(read.tree, reading, called)
                if verdict is not None:
                    return verdict.with_echo(read.echo)
        return None

    def _along_own(self, own: Sequence[StandIn]) -> Iterator[FollowedFormula]:
        """The chain rule with the learner's own slopes at its steps: a slope takes no place but that of a slope."""
        asked = self.asked
        for many in range(len(own), 0, -1):
            for chosen in combinations(own[-_MOST_ANSWERS:], many):
                slopes = {one.part: one.put for one in chosen}
                found = along_paths(asked.equations, asked.of, asked.by, asked.keep, slopes)
                if found is not None:
                    yield FollowedFormula(asked.equations.of(found, asked.keep), chosen)

    def _against(self, tree: Expression, reading: FollowedFormula, called: Mapping[str, str]) -> Verdict | None:
        """The verdict on an answer that is this formula; None where it is another."""
        follows = replace(remark(reading.remark(called)), carried=reading.mistaken, rounded=not reading.mistaken)
        if _holds_arrays(tree):
            return None
        if self.at is not None:
            at = self._all_values()
            if not set(names_in(reading.tree)) <= at.keys():
                return None
            return follows if judge_number(tree, evaluate(reading.tree, at), at).accepted else None
        answer = self.asked.equations.of(tree, self.asked.keep)
        names = tuple(dict.fromkeys((*names_in(answer), *names_in(reading.tree))))
        if compare(answer, reading.tree, names, self.asked.positive).outcome is not Equivalence.SAME:
            return None
        strangers = [name for name in names_in(tree) if name not in self.names]
        return Verdict(Kind.UNDECIDED, self._form(strangers), mistake="form") if strangers else follows

    @cached_property
    def chained(self) -> Expression:
        """The truth as the chain rule puts it together, equation by equation."""
        asked = self.asked
        found = along_paths(asked.equations, asked.of, asked.by, asked.keep)
        return self.truth if found is None else asked.equations.of(found, asked.keep)

    @cached_property
    def _dependent(self) -> DependentFormula:
        """The same, at sample points; at the point of the question first, where there is one."""
        columns = sample_points(self.asked.base, frozenset(self.asked.positive)).columns
        rows: list[Mapping[str, Value]] = [
            {name: float(column[row]) for name, column in columns.items()} for row in range(_POINTS)
        ]
        return DependentFormula(self.chained, [self.at, *rows] if self.at else rows)

    def stands_in(self, answer: EarlierAnswer, later: DerivativeTarget) -> Iterator[StandIn]:
        """A wrong answer to this blank, or one that follows from such, in place of its formula in a later one."""
        asked, keep = later.asked, later.asked.keep
        if answer.verdict.accepted and not answer.verdict.carried and not answer.verdict.rounded:
            return
        if self.at is not None and self.at != later.at:
            return
        for source, vocabulary in self._readings(answer.text):
            try:
                put = read_expression(source, vocabulary).tree
            except Unreadable:
                continue
            if not _holds_arrays(put):
                yield StandIn(asked.equations.of(self.chained, keep), asked.equations.of(put, keep), answer)
            return

    def _number(self, tree: Expression) -> Verdict:
        at = self._all_values()
        verdict = judge_number(tree, self.value, at)
        if verdict.rough:
            return if_exact(verdict, TypedAnswer(tree, at), self.value, self._numbers())
        if verdict.accepted:
            doubted = unless_in_doubt(verdict, TypedAnswer(tree, at), self.value, self._numbers)
            return telling_value(doubted, tree, at)
        if verdict.kind is not Kind.WRONG:
            return verdict
        recognised = recognise(TypedAnswer(tree, at), self.value, self._numbers())
        found = [other for one in recognised.found for other in self._candidates.like(one)] or list(recognised.found)
        found = named(found) or self._rounded(tree, at) or list(arithmetic_slips(tree, self.value))
        if 0 < len(found) <= _MOST_TOLD:
            return replace(verdict, message=tell(found), mistake=key_of(found), unexplained=False)
        ask = f"Differentiate first, then put in{self.where.removeprefix(' at')}: what does {self.called} come to?"
        return replace(verdict, message=f"{verdict.message} {ask}")

    def _rounded(self, tree: Expression, at: Mapping[str, Value]) -> list[Misconception]:
        """The right derivative with one of its parts rounded on the way."""
        if written_number(tree) is None:
            return []
        candidates = rounded_parts(self.truth, dict(self.at or {}))
        return list(recognise(TypedAnswer(tree, at), self.value, candidates).found)

    def _numbers(self) -> Iterator[Misconception]:
        """What the wrong derivatives come to at the point, and at others; and the right one at another point."""
        for one in self._candidates.found:
            yield replace(one, gives=float(one.gives[0]), elsewhere=partial(_others, one.gives))
        names, point = list(self.at or {}), dict(self.at or {})
        if len(names) == 2:
            swapped = dict(zip(names, reversed(list(point.values())), strict=True))
            says = f"The values of {names[0]} and {names[1]} are swapped. Which one is {names[0]}?"
            yield Misconception("coordinates_swapped", evaluate(self.truth, swapped), says, likelihood=Likelihood.RARE)

    def _all_values(self) -> dict[str, Value]:
        """The values of all names at the point, as far as they follow from it."""
        asked = self.asked
        values = dict(self.at or {})
        for name in asked.equations.meanings:
            meaning = asked.equations.of(Name(name), asked.keep)
            if set(names_in(meaning)) <= values.keys():
                values.setdefault(name, evaluate(meaning, values))
        return values

    def _expression(self, tree: Expression) -> Verdict:
        asked = self.asked
        if _holds_arrays(tree):
            return unreadable(f"This needs an expression in {listed(self.names)}, with no vectors or matrices.")
        used = names_in(tree)
        answer, truth, names = asked.equations.of(tree, asked.keep), self.truth, asked.base
        if beyond := set(names_in(answer)) - set(names):
            # Written in names that stand below those asked for: only together can the two be compared.
            answer, truth = asked.equations.of(answer), asked.equations.of(truth)
            names = tuple(dict.fromkeys((*names_in(truth), *sorted(beyond))))
        verdict = judge_expression(answer, truth, names, asked.positive, called="derivative")
        strangers = [name for name in used if name not in self.names]
        if verdict.accepted and strangers:
            return Verdict(Kind.UNDECIDED, self._form(strangers), mistake="form")
        if verdict.kind is not Kind.WRONG:
            return verdict
        if beyond:
            return self._not_held(answer, verdict)
        found = self._candidates.of(answer)
        if 0 < len(found) <= _MOST_TOLD:
            return _told(verdict, tell(found), key_of(found))
        return self._in_another_name(tree, verdict) or replace(verdict, message=f"{verdict.message} {self._asks()}")

    def _in_another_name(self, tree: Expression, verdict: Verdict) -> Verdict | None:
        """The verdict on an answer that is right but for one name in another one's place: 1/x for 1/t."""
        asked = self.asked
        for used, wanted in product(names_in(tree), self.names):
            meant = asked.equations.of(rename(tree, {used: Name(wanted)}), asked.keep)
            if used == wanted or not set(names_in(meant)) <= set(asked.base):
                continue
            if compare(meant, self.truth, asked.base, asked.positive).outcome is Equivalence.SAME:
                says = f"This has {used} instead of {wanted}. Which of the two moves here?"
                return _told(verdict, says, "other_name")
        return None

    def _asks(self) -> str:
        """The question where no mistake is recognised."""
        asked = self.asked
        if any(name in asked.equations.meanings and name not in asked.keep for name in asked.equations.uses(asked.of)):
            return f"Which paths lead from {asked.by} to {asked.of}, and what are the slopes along them?"
        if isinstance(asked.function, Apply):
            return f"What is the last operation in {show(asked.function)}, and which rule goes with it?"
        return f"If {asked.by} moves by 1, how much does {asked.of} move?"

    def _not_held(self, answer: Expression, verdict: Verdict) -> Verdict:
        """The verdict, where an answer may be the whole effect, and something is to be held still."""
        asked = self.asked
        moving = [name for name in sorted(asked.keep) if asked.by in asked.equations.under(name)]
        whole = slope(asked.equations.of(Name(asked.of)), asked.by) if moving else None
        if whole is None or compare(answer, whole, names_in(answer), asked.positive).outcome is not Equivalence.SAME:
            return verdict
        says = f"That is the total effect of {asked.by}. Here {listed(moving)} is held fixed. Which part is left?"
        return _told(verdict, says, "not_held")

    def _form(self, strangers: list[str]) -> str:
        equations, keep = self.asked.equations, self.asked.keep
        wanted = listed(self.names)
        put = [
            f"{show(equations.of(equations.meanings[name], keep))} for {name}"
            for name in strangers
            if name in equations.meanings and name not in keep
        ]
        if len(put) == len(strangers) and set(self.names) == set(self.asked.base):
            return f"That is right. Now write it in {wanted}: substitute {listed(put)}."
        them = "it" if len(strangers) == 1 else "them"
        return f"That is right. Now write it in {wanted}, without {listed(strangers)}. What can you put in for {them}?"


def _others(values: Array) -> Sequence[Value]:
    return [float(value) for value in values[1 : _ELSEWHERE + 1]]


def true_slope(asked: DerivativeQuery) -> Expression | None:
    """The derivative in the base names; None where it is too long to write."""
    return slope(asked.function, asked.by)


def along_paths(
    equations: Equations,
    of: str,
    by: str,
    keep: Container[str],
    own: Mapping[Expression, Expression] = MappingProxyType({}),
) -> Expression | None:
    """The derivative by the chain rule: over the names in its equation, each one's slope times how fast it moves.

    `own` are slopes that are taken for others, both in base names. None where a slope is too long to write.
    """

    def taken(found: Expression) -> Expression:
        return own.get(equations.of(found, keep), found) if own else found

    shares: list[Expression] = []
    for name in equations.uses(of):
        moves = name not in keep and name in equations.meanings and by in equations.under(name)
        if name != by and not moves:
            continue
        outer = slope(equations.meanings[of], name)
        inner = along_paths(equations, name, by, keep, own) if name != by else None
        if outer is None or (name != by and inner is None):
            return None
        shares.append(taken(outer) if inner is None else Apply("mul", (taken(outer), inner)))
    return taken(reduce(lambda left, right: Apply("add", (left, right)), shares)) if shares else number(Fraction(0))


def _told(verdict: Verdict, says: str, mistake: str) -> Verdict:
    """A wrong verdict that says what was done: the numbers come first, so that a question ends it."""
    return replace(verdict, message=f"{verdict.message} {says}", mistake=mistake, unexplained=False)


def _holds_arrays(tree: Expression) -> bool:
    return any(
        not GATES[part.operation].elementwise if isinstance(part, Apply) else isinstance(part, Matrix)
        for part in walk(tree)
    )


def _without_calls(text: str, names: Iterable[str], arguments: Callable[[str], tuple[str, ...]]) -> str:
    """The text with z for z(t), and spaces for what is left out, so that places stay where they are."""
    for name in names:
        inside = r"\s*,\s*".join(map(re.escape, arguments(name)))
        if inside:
            called = rf"(?<![^\W\d])({re.escape(name)})(\s*\(\s*{inside}\s*\))"
            text = re.sub(called, lambda found: found[1] + " " * len(found[2]), text)
    return text
