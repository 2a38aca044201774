"""The kind `chain`: the learner writes a chain rule in partial derivatives; truth is who depends on whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from msgspec import field

from tutor.judging import Verdict, from_language, right, wrong
from tutor.judging.misconceptions import Misconception, recognise
from tutor.judging.mistake_texts import tell
from tutor.judging.typed_answers import ExactAnswer
from tutor.judging.verdict import Kind
from tutor.language import Unreadable
from tutor.library import BadFile
from tutor.library.decoding import each
from tutor.library.format import Said
from tutor.questions.blank import Blank
from tutor.questions.chain.dependence import (
    MOST_PATHS,
    Dependence,
    Path,
    PathStep,
    Product,
    Sum,
    dependence_of,
    in_order,
    plus,
    product_of,
    product_of_all,
    steps_of,
)
from tutor.questions.chain.parser import ChainFormula, read_formula
from tutor.questions.inflect import counted, listed, number_word
from tutor.questions.question import QuestionPlace, QuestionTable
from tutor.questions.short_answer import AskTable, Item, ShortAnswerQuestion, rungs


class ChainAsk(AskTable, frozen=True, kw_only=True):
    """One blank: one chain rule."""

    of: Said
    """What moves in the end."""

    by: Said
    """What is moved."""

    total: bool = False
    """Whether the left-hand side is written with d, although there are other variables."""


class ChainTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "chain"`: who depends on whom, and which derivatives are asked for."""

    kind: Literal["chain"] = "chain"
    depends: dict[str, tuple[str, ...]]
    """`{ w = ["x", "y"], x = ["t"], y = ["t"] }`: what stands in each value's own formula."""

    functions: dict[str, str] = field(default_factory=dict)
    """Names of functions: `{ f = "w" }` where w = f(x, y), so that df/dx is read as dw/dx."""

    ask: tuple[ChainAsk, ...]
    """Its blanks, each a table [[question.ask]]."""


@dataclass(frozen=True)
class _ChainTarget:
    dependence: Dependence
    functions: Mapping[str, str]
    of: str
    by: str
    label: str

    def judge(self, text: str) -> Verdict:
        """The verdict on a formula. Raises nothing for any text."""
        try:
            formula = self._read(text, straight=True)
            loosely = self._read(text, straight=False)
        except Unreadable as error:
            return from_language(error)
        if formula.strangers:
            strange = strangers_told(formula.strangers, self.dependence)
            return wrong(tell([strange]), strange.key)
        if said := self._repeated(formula, loosely):
            return said
        truth = dict(self.dependence.total(self.of, self.by))
        if dict(formula.sum) == truth:
            return self._whole_ones(formula) or right()
        if dict(loosely.sum) == truth:
            return self._doubt(loosely)
        misconception = slip_of(loosely.sum, self.dependence, self.of, self.by)
        if misconception is None:
            many = counted(len(self.dependence.paths(self.of, self.by)), "path")
            return wrong(f"Not quite: there are {many} from {self.by} to {self.of}. What does each of them contribute?")
        return wrong(tell([misconception]), misconception.key)

    def _read(self, text: str, *, straight: bool) -> ChainFormula:
        return read_formula(text, self.dependence, self.functions, (self.of, self.by), straight=straight)

    def _repeated(self, formula: ChainFormula, loosely: ChainFormula) -> Verdict | None:
        """What to say of an answer that holds what is asked for."""
        own = (self.of, self.by)
        asked = self.label.removesuffix(" =")
        if own in formula.whole and dict(formula.sum) == dict(self.dependence.total(*own)):
            message = f"{asked} is what you are looking for. Write it in terms of the slopes along the paths."
            return Verdict(Kind.UNDECIDED, message, mistake="form")
        if own in loosely.whole:
            asks = f"Through which variables does {self.by} act on {self.of}?"
            return wrong(f"{asked} is the unknown, so it cannot appear in the answer. {asks}", "direct")
        return None

    def _whole_ones(self, formula: ChainFormula) -> Verdict | None:
        """What to say of an answer that is right, but leaves a chain rule inside it undone."""
        for of, by in formula.whole:
            through = [name for path in self.dependence.paths(of, by) for name in path[1:-1]]
            if through:
                names = listed(list(dict.fromkeys(through)))
                message = (
                    f"That is right as far as it goes. {of} depends on {by} through {names}: write that step out too."
                )
                return Verdict(Kind.UNDECIDED, message, mistake="form")
        return None

    def _doubt(self, formula: ChainFormula) -> Verdict:
        """What to say where a d is meant as ∂."""
        step = formula.doubtful[0]
        total, direct = f"d{step.of}/d{step.source}", f"∂{step.of}/∂{step.source}"
        message = (
            f"Almost: {total} counts all paths from {step.source} to {step.of}. For the direct one alone write "
            f"{direct}, or {step.of}_{step.source}."
        )
        return Verdict(Kind.UNDECIDED, message, mistake="form")


def make_chain(table: ChainTable, _place: QuestionPlace) -> ShortAnswerQuestion:
    """The question. Raises BadFile for a dependence that makes no sense."""
    dependence = dependence_of(table.depends)
    if not table.ask:
        raise BadFile("ask", "nothing is asked: add a [[question.ask]]")
    for function, of in table.functions.items():
        if of not in dependence.on or function in dependence.names:
            raise BadFile(
                "functions", f'give a function\'s new name and its value, such as {{ f = "{dependence.names[0]}" }}'
            )
    asked = each(lambda number, ask: _asked(number, ask, table, dependence), table.ask)
    return ShortAnswerQuestion(table, asked, about="Write the chain rule.", statement=dependence.in_words())


def _asked(number: int, ask: ChainAsk, table: ChainTable, dependence: Dependence) -> Item:
    key = f"ask[{number}]"
    for part, name in (("of", ask.of), ("by", ask.by)):
        if name not in dependence.names:
            raise BadFile(f"{key}.{part}", f"there is no {name} here; the names are {listed(dependence.names)}")
    paths = dependence.paths(ask.of, ask.by) if ask.of != ask.by else []
    if not paths:
        raise BadFile(f"{key}.by", f"no path leads from {ask.by} to {ask.of}")
    if len(paths) > MOST_PATHS:
        raise BadFile(
            f"{key}.by", f"{len(paths)} paths lead from {ask.by} to {ask.of}; at most {MOST_PATHS} can be asked for"
        )
    d = "d" if ask.total or len(dependence.variables) == 1 else "∂"
    label = ask.label or f"{d}{ask.of}/{d}{ask.by} ="
    worked = " + ".join(" * ".join(map(dependence.symbol, steps_of(path))) for path in paths)
    shown = " + ".join(dependence.written(product_of(path)) for path in paths)
    name = label.removesuffix(" =")
    sought = _ChainTarget(dependence, table.functions, ask.of, ask.by, label)
    blank = Blank(
        str(number), label, ask.prompt or f"What is {name}, in terms of the slopes along the paths?",
        example="a formula, such as dw/dx * dx/dt",
    )  # fmt: skip
    first = paths[0]
    made = (
        "Each way the variable acts is a path. Slopes along a path multiply; paths add.",
        f"{'The paths are' if len(paths) > 1 else 'The path is'}\n{drawing(paths)}\n"
        f"Which slope belongs to the arrow from {first[-2]} to {first[-1]}?",
        f"{name} = {shown}",
    )
    return Item(blank, sought.judge, rungs(ask.hints, made, f"{key}.hints"), worked, f"{name} = {shown}", ask.after)


def _made(key: str, says: str, gives: Sum | None = None) -> Misconception:
    """A wrong chain rule: the formula it leads to, where it leads to one, and what to say and ask."""
    return Misconception(key, gives, says, label=says)


def strangers_told(strangers: list[PathStep], dependence: Dependence) -> Misconception:
    """A derivative of what does not depend on that name."""
    step = strangers[0]
    written = f"d{step.of}/d{step.source}"
    if dependence.paths(step.source, step.of):
        turned = f"{step.source} depends on {step.of}, not the other way round"
        return _made("inverted", f"{written} is upside down: {turned}. Which way do the arrows point?")
    return _made("no_dependence", f"{step.of} does not depend on {step.source}. What does {step.source} move?")


def slip_of(mine: Sum, dependence: Dependence, of: str, by: str) -> Misconception | None:
    """What a wrong formula of right derivatives is; None where that cannot be told."""
    paths = dependence.paths(of, by)
    whole = recognise(ExactAnswer(dict(mine)), None, _whole(dependence, paths, of, by)).found
    return next(iter((*whole, *_pieces(mine, dependence, paths))), None)


def arrows(path: Path) -> str:
    """`t → x → w`."""
    return " → ".join(path)


def drawing(paths: list[Path]) -> str:
    """The paths below one another, their ends in line."""
    widths = [max(map(len, names)) for names in zip(*paths, strict=True)] if len(set(map(len, paths))) == 1 else []
    if not widths:
        return "\n".join(f"  {arrows(path)}" for path in paths)
    return "\n".join("  " + " → ".join(f"{n:<{w}}" for n, w in zip(path, widths, strict=True)) for path in paths)


def _whole(dependence: Dependence, paths: list[Path], of: str, by: str) -> Iterator[Misconception]:
    """Mistakes in the formula as a whole, each with the formula it leads to; the likeliest first."""
    parts = [{product_of(path): 1} for path in paths]
    true = plus(parts)
    several, long = len(paths) > 1, [path for path in paths if len(path) > 2]
    opposite = {product: -many for product, many in true.items()}
    yield _made("sign", "Every sign is flipped. Paths add up. What is subtracted here, and why?", opposite)
    if several:
        says = "The paths were multiplied. Slopes multiply along a path. What do paths do?"
        yield _made("paths_multiplied", says, dict(product_of_all(parts)))
        once = tuple(sorted({step for path in paths for step in steps_of(path)}))
        yield _made("paths_multiplied", says, {once: 1})
        says = "Sum and product are swapped. What do slopes along one path do?"
        yield _made("turned_round", says, dict(product_of_all(_added(path) for path in paths)))
    if long:
        path = max(paths, key=len)
        first = f"If {path[1]} moves twice as far as {path[0]}, and {path[2]} three times as far as {path[1]}"
        says = f"Along the path {arrows(path)} the slopes were added. {first}, how far does {path[2]} move?"
        yield _made("added_along", says, dict(plus([_added(path) for path in paths])))
        shortened = plus([{(steps_of(path)[0],): 1} for path in paths])
        yield replace(_inner_missing(long[0]), gives=dict(shortened))
        ends = plus([{(steps_of(path)[-1],): 1} for path in paths])
        yield replace(_outer_missing(long[0]), gives=dict(ends))
    for product, many in true.items():
        says = f"The path {_path_of(product, paths)} was subtracted. Does any step bring in a minus?"
        yield _made("sign", says, dict(true) | {product: -many})
    for name in dependence.names:
        if name not in (of, by):
            says = f"That is the path from {name} to {of}. Here {by} moves. Which value does it move first?"
            yield _made("other_variable", says, dict(dependence.total(of, name)))


def _pieces(mine: Sum, dependence: Dependence, paths: list[Path]) -> Iterator[Misconception]:
    """Slips of single paths: those that are missing, and what stands there instead."""
    true = {product_of(path): path for path in paths}
    missing = [path for product, path in true.items() if product not in mine]
    extra = [product for product in mine if product not in true]
    for path in missing:
        steps = steps_of(path)
        if len(steps) > 1 and all((step,) in extra for step in steps):
            says = f"Along the path {arrows(path)} the slopes were added. What do slopes along one path do?"
            yield _made("added_along", says)
        if len(steps) > 1 and tuple(sorted(steps[:-1])) in extra:
            yield _inner_missing(path)
        if len(steps) > 1 and tuple(sorted(steps[1:])) in extra:
            yield _outer_missing(path)
    for product in extra:
        repeated = [step for step, many in Counter(product).items() if many > 1]
        if repeated:
            twice = dependence.symbol(repeated[0])
            yield _made("repeated", f"{twice} appears twice in one product. Which path takes that step twice?")
        if len(product) > 1 and not _is_chain(product):
            yield _broken(product, dependence)
    if extra:
        yield _too_many(extra[0], dependence, paths)
    if missing:
        others = len(missing) - 1
        more = f", and so {'is' if others == 1 else 'are'} {number_word(others)} more" if others else ""
        yield _made("path_missing", f"The path {arrows(missing[0])} is missing{more}. Which slopes are on it?")
    for product, many in mine.items():
        if many != 1:
            path_text = _path_of(product, paths)
            yield _made(
                "counted_often", f"The path {path_text} was counted {many} times. How many times should it count?"
            )


def _added(path: Path) -> Sum:
    return plus([{(step,): 1} for step in steps_of(path)])


def _path_of(product: Product, paths: list[Path]) -> str:
    return next((arrows(path) for path in paths if product_of(path) == product), "")


def _inner_missing(path: Path) -> Misconception:
    here = f"On the path {arrows(path)} the last factor is missing"
    return _made("inner_missing", f"{here}: {path[1]} moves because {path[0]} does. How fast does it?")


def _outer_missing(path: Path) -> Misconception:
    here = f"On the path {arrows(path)} the first factor is missing"
    return _made("outer_missing", f"{here}: {path[-1]} moves because {path[-2]} does. How fast does it?")


def _is_chain(product: Product) -> bool:
    steps = in_order(product)
    return all(one.source == other.of for one, other in pairwise(steps))


def _broken(product: Product, dependence: Dependence) -> Misconception:
    steps = in_order(product)
    one, other = next((a, b) for a, b in pairwise(steps) if a.source != b.of)
    for upper, lower in ((one, other), (other, one)):
        if dependence.paths(upper.source, lower.of):
            starts, ends = dependence.symbol(upper), dependence.symbol(lower)
            gap = f"{starts} starts at {upper.source}, but {ends} ends at {lower.of}"
            return _made("broken_path", f"{gap}. Which step leads from {lower.of} to {upper.source}?")
    both = f"{dependence.symbol(one)} and {dependence.symbol(other)} are on different paths, and were multiplied"
    return _made("broken_path", f"{both}. Slopes multiply along a path. What do paths do?")


def _too_many(product: Product, dependence: Dependence, paths: list[Path]) -> Misconception:
    if not product:
        return _made("number", "A number alone is not a path. Which slopes lie on the path you mean?")
    steps = in_order(product)
    start, end = steps[-1].source, steps[0].of
    of, by = paths[0][-1], paths[0][0]
    text = dependence.written(product)
    if end != of:
        return _made("wrong_end", f"{text} arrives at {end}, not at {of}. Which step is missing in front?")
    if start != by:
        return _made("wrong_start", f"{text} begins at {start}, not at {by}. Does {start} move when only {by} does?")
    return _made("path_too_many", f"{text} matches no path. Which variables lie between {by} and {of}?")
