"""Blanks on how arrays lie in memory: views, contiguous arrays, strides, the order of entries. NumPy answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import prod

import numpy as np

from tutor.drawing import StripFigure
from tutor.engine.values import show_shape
from tutor.judging import Verdict, from_language, remark, right, unreadable, wrong
from tutor.judging.misconceptions import Misconception, key_of, recognise
from tutor.judging.mistake_texts import tell
from tutor.judging.typed_answers import ExactAnswer
from tutor.language import Unreadable, names_in
from tutor.library import BadFile
from tutor.questions.blank import Blank
from tutor.questions.plain_answers import entries_in, plainly, says_no, says_yes
from tutor.questions.shape.arrays import AnyArray, ShapeClash, run
from tutor.questions.shape.broadcasting import misconception, recognised
from tutor.questions.shape.tables import ShapeAsk, ShapeSetting
from tutor.questions.short_answer import Item, rungs

_MOST_LISTED = 24


def ask_about_memory(number: int, key: str, ask: ShapeAsk, setting: ShapeSetting) -> Item:
    """The blank. Raises BadFile for what cannot be asked."""
    seen = _seen(key, ask, setting)
    makers: dict[str, Callable[[ArrayLayout, str], MemoryTarget]] = {
        "order": order,
        "memory": order_in_memory,
        "view": _view,
        "contiguous": _contiguous,
        "strides": _strides,
    }
    made = makers[ask.asks](seen, setting.given)
    blank = Blank(str(number), ask.label or made.label, ask.prompt or made.prompt, example=made.example)
    told = "\n".join(filter(None, [f"{blank.label} {made.answer}", made.hints[2], ask.after]))
    hints = rungs(ask.hints, made.hints, f"{key}.hints")
    strip = StripFigure(names_in(setting.operation.tree)[0], seen.names, np.shape(seen.base))
    return Item(blank, made.judge, hints, made.answer, told=told, after=ask.after, figure=strip)


def _seen(key: str, ask: ShapeAsk, setting: ShapeSetting) -> ArrayLayout:
    names = names_in(setting.operation.tree)
    if len(names) != 1:
        raise BadFile(f"{key}.operation", "questions on memory are about one array")
    base = setting.arrays[names[0]]
    called = ask.entries or tuple(map(str, range(base.size)))
    if len(called) != base.size or len(set(called)) < base.size:
        raise BadFile(f"{key}.entries", f"{names[0]} has {base.size} entries, each with a name of its own")
    try:
        result = run(setting.operation, {names[0]: base})
    except (ShapeClash, IndexError):
        raise BadFile(f"{key}.operation", "NumPy refuses this operation") from None
    if result.size > _MOST_LISTED and ask.asks in ("order", "memory"):
        raise BadFile(f"{key}.operation", f"it has {result.size} entries, too many to list")
    if result.size and not {int(one) for one in np.ravel(result)} <= set(range(base.size)):
        raise BadFile(f"{key}.operation", "questions on memory are about entries that stay as they are")
    return ArrayLayout(setting.operation.text, base, result, called)


def _view(seen: ArrayLayout, given: str) -> MemoryTarget:
    because = _why_view(seen)
    hints = (
        "A view reads the same memory with other strides. It exists when one fixed step per axis reaches every entry.",
        f"Can the entries of {seen.text} be reached in the memory of the array by one fixed step for each axis?",
        f"{because} So the answer is {'yes' if seen.is_view else 'no'}.",
    )
    prompt = f"{given} and is fresh, row-major. Is {seen.text} a view of the same memory?"
    return _yes_or_no("view?", prompt, seen.is_view, because, hints, ("view", "copy"))


def _why_view(seen: ArrayLayout) -> str:
    if seen.is_view:
        return f"The steps {_steps(seen)} reach every entry of {seen.text}: nothing has to move."
    if seen.result.size == seen.base.size and seen.read == seen.before:
        return f"{seen.text} asks for a copy, although none would be needed."
    return (
        f"Read row by row, the entries of {seen.text} are at "
        f"{some([str(int(i)) for i in np.ravel(seen.result)])} in the old memory: no fixed step for "
        "each axis leads there, so NumPy copies them."
    )


def _contiguous(seen: ArrayLayout, given: str) -> MemoryTarget:
    positions = (
        [str(int(entry)) for entry in np.ravel(seen.result)]
        if seen.is_view
        else list(map(str, range(seen.result.size)))
    )
    one = "one after another" if seen.is_contiguous else "not one after another"
    because = f"Read row by row, its entries are at the positions {some(positions)} in memory: {one}."
    hints = (
        "An array is contiguous when its entries, read row by row, are one after another in memory.",
        f"Read {seen.text} row by row. Where in memory is each entry?",
        f"{because} So the answer is {'yes' if seen.is_contiguous else 'no'}.",
    )
    prompt = f"{given} and is fresh, row-major. Is {seen.text} contiguous?"
    return _yes_or_no("contiguous?", prompt, seen.is_contiguous, because, hints)


def _yes_or_no(
    label: str,
    prompt: str,
    truth: bool,
    because: str,
    hints: tuple[str, str, str],
    words: tuple[str, str] = ("yes", "no"),
) -> MemoryTarget:
    """A blank that takes yes or no, or `words` for them."""

    def judge(text: str) -> Verdict:
        word = plainly(text).removeprefix("it is ").removeprefix("a ")
        yes, no = says_yes(text) or word == words[0], says_no(text) or word in ("n", words[1])
        if not yes and not no:
            return unreadable("Answer yes or no.")
        return right(because) if yes == truth else wrong(because)

    return MemoryTarget(label, prompt, "yes" if truth else "no", judge, hints, "yes or no")


def _strides(seen: ArrayLayout, given: str) -> MemoryTarget:
    shape = seen.result.shape
    hints = (
        "The stride of an axis says how many entries further on in memory its next entry is. In a "
        "row-major array it is the product of the sizes after that axis.",
        f"Take one step along each axis of {seen.text}, of shape {show_shape(shape)}: how far is that in memory?",
        f"The strides are {_steps(seen)}.",
    )
    prompt = f"{given} and is row-major. Give the strides of {seen.text}, counted in entries: one number for each axis."
    return MemoryTarget(
        "strides =", prompt, _steps(seen), lambda text: _judge_strides(text, seen), hints, "a tuple, such as (4, 1)"
    )


def _judge_strides(text: str, seen: ArrayLayout) -> Verdict:
    plain = text[:100].strip()
    if not re.fullmatch(r"[\[(]? ?-?\d{1,6}( ?[, ] ?-?\d{1,6})* ?,? ?[\])]?", plain):
        return unreadable("Give one whole number for each axis, such as (4, 1).")
    mine = tuple(map(int, re.findall(r"-?\d+", plain)))
    shape, truth = seen.result.shape, seen.strides
    if len(mine) != len(truth):
        return unreadable(f"{seen.text} has {len(truth)} axes: give one number for each.")
    if mine == truth:
        return right()
    for bytes_each in (4, 8):
        if mine == tuple(bytes_each * step for step in truth):
            return remark(f"That is in bytes; a number takes {bytes_each}. Counted in entries it is {_steps(seen)}.")
    fresh = tuple(prod(shape[axis + 1 :]) for axis in range(len(shape)))
    ways = (
        misconception(
            "the shape", shape, "That is the shape. A stride says how far the next entry of an axis is in memory."
        ),
        misconception(
            "order of steps", truth[::-1], "These are the right steps in the wrong order. Which axis runs fastest here?"
        ),
        misconception(
            "written again", fresh,
            f"These are the steps of a new array of the shape {show_shape(shape)}. {seen.text} moves nothing in "
            "memory. How far is one step along each axis there?",
        ),
    )  # fmt: skip
    found = recognised(mine, truth, ways).found
    says = tell(found) if found else "Take one step along each axis: how many entries further in memory do you land?"
    return wrong(says, key_of(found))


def _steps(seen: ArrayLayout) -> str:
    return str(seen.strides)


def order(seen: ArrayLayout, given: str) -> MemoryTarget:
    """Asks for the order in which the entries are read."""
    answer = " ".join(seen.read)
    moves = seen.read != seen.before
    turned = "That is another order of the axes. Which axis comes first here, and which runs fastest?"
    if not moves:
        turned = (
            "That is how a transpose reads them. Does this operation move any axis, or only cut "
            "the entries into new rows?"
        )
    original = (
        "That is the original order. Does this operation only cut the entries into new rows, or does it move the axes?"
    )
    by_columns = f"That reads {seen.text} column by column. Row-major means row by row: the last axis runs fastest."
    ways = (
        *(misconception("transposed", order, turned) for order in seen.transposed),
        misconception("unchanged", seen.before, original),
        misconception("by columns", seen.by_columns, by_columns),
        misconception("reversed", seen.read[::-1], "That is the order reversed. Which entry is first?"),
    )
    hints = (
        "Row-major: row after row, the last axis running fastest. A reshape keeps this order, a transpose changes it.",
        f"{seen.text} has shape {show_shape(seen.result.shape)}. Write it out. Which entries are in its first row?",
        f"Written out, {seen.text} is\n{written_out(seen)}",
    )
    prompt = f"{_with_entries(given, seen)} Read {seen.text} row by row: in what order do they come?"
    return MemoryTarget(
        "order:", prompt, answer, lambda text: _judge_order(text, seen.read, seen, ways), hints, answer_like(seen)
    )


def order_in_memory(seen: ArrayLayout, given: str) -> MemoryTarget:
    """Asks for the order in which the entries lie in memory."""
    kept = "a view moves nothing" if seen.is_view else "it is a copy, written row by row"
    says = f"That is how {seen.text} is read. In memory {kept}. How were the entries laid out before?"
    ways = (misconception("order of reading", seen.read, says),)
    hints = (
        "Memory is one long row. A view is another way of reading it; only a copy moves entries.",
        f"Does {seen.text} need new memory, or does it read the old one with other steps?",
        f"In memory {kept}: {' '.join(seen.laid)}.",
    )
    prompt = f"{_with_entries(given, seen)} In what order are the entries of {seen.text} in memory?"
    answer = " ".join(seen.laid)
    return MemoryTarget(
        "memory:", prompt, answer, lambda text: _judge_order(text, seen.laid, seen, ways), hints, answer_like(seen)
    )


def _with_entries(given: str, seen: ArrayLayout) -> str:
    return f"{given}, with the entries {some(seen.names)} in row-major order."


def answer_like(seen: ArrayLayout) -> str:
    """What may be typed: entries of this kind, in no order that is asked."""
    return f"the entries one after the other, such as {' '.join(sorted(seen.names)[:3])} ..."


def _judge_order(text: str, truth: tuple[str, ...], seen: ArrayLayout, ways: Sequence[Misconception]) -> Verdict:
    try:
        mine = tuple(entries_in(text, seen.names))
    except Unreadable as error:
        return from_language(error)
    if len(mine) != len(truth):
        return unreadable(f"{seen.text} has {len(truth)} entries; you gave {len(mine)}.")
    if mine == truth:
        return right()
    found = recognise(ExactAnswer(mine), truth, ways).found[:1]
    told = tell(found) if found else ""
    if not found:
        first = next(i for i, (one, other) in enumerate(zip(mine, truth, strict=True)) if one != other)
        told = f"It is right up to entry {first}." if first else "The first entry is different."
        told += f" {seen.text} has shape {show_shape(seen.result.shape)}: write it out and read it row by row."
    return wrong(told, key_of(found))


_MOST_TURNED = 4


@dataclass(frozen=True)
class ArrayLayout:
    """An array, and what NumPy makes of it."""

    text: str
    base: AnyArray
    result: AnyArray
    names: tuple[str, ...]

    @property
    def read(self) -> tuple[str, ...]:
        """The entries as they are read, row by row."""
        return self._named(np.ravel(self.result))

    @property
    def laid(self) -> tuple[str, ...]:
        """The entries as they lie in memory."""
        return self._named(np.ravel(self.result, order="K"))

    @property
    def by_columns(self) -> tuple[str, ...]:
        """The entries read with the first axis running fastest."""
        return self._named(np.ravel(self.result, order="F"))

    @property
    def transposed(self) -> list[tuple[str, ...]]:
        """The entries of the array itself with its axes in any other order."""
        if self.base.ndim > _MOST_TURNED:
            return []
        orders = list(permutations(range(self.base.ndim)))[1:]
        return [self._named(np.ravel(self.base.transpose(order))) for order in orders]

    @property
    def before(self) -> tuple[str, ...]:
        """The entries of the array itself, row by row."""
        return self._named(np.ravel(self.base))

    @property
    def is_view(self) -> bool:
        """Whether it needs no copy."""
        return bool(np.shares_memory(self.base, self.result))

    @property
    def is_contiguous(self) -> bool:
        """Whether its entries lie one behind the other as they are read."""
        return bool(self.result.flags.c_contiguous)

    @property
    def strides(self) -> tuple[int, ...]:
        """How many entries further the next one of each axis is."""
        return tuple(step // self.result.itemsize for step in self.result.strides)

    def _named(self, flat: AnyArray) -> tuple[str, ...]:
        return tuple(self.names[int(entry)] for entry in flat)


@dataclass(frozen=True)
class MemoryTarget:
    """What is asked, and all that is said about it."""

    label: str
    prompt: str
    answer: str
    judge: Callable[[str], Verdict]
    hints: tuple[str, str, str]
    example: str


def written_out(seen: ArrayLayout) -> str:
    """The array in rows, as NumPy would print it; the last two axes at a time."""
    names = np.reshape(np.asarray(seen.read, dtype=object), seen.result.shape)
    rows = names.reshape(-1, names.shape[-1]) if names.ndim else names.reshape(1, 1)
    wide = max(len(name) for name in seen.read)
    lines = ["  " + "  ".join(f"{name:>{wide}}" for name in row) for row in rows]
    block = names.shape[-2] if names.ndim > 2 else len(lines)
    return "\n".join(
        line + ("  |" if (i + 1) % block == 0 and i + 1 < len(lines) else "") for i, line in enumerate(lines)
    )


def some(names: Sequence[str]) -> str:
    """All names, or the first and the last of many."""
    if len(names) <= 12:
        return ", ".join(names)
    return f"{', '.join(names[:4])}, ... {names[-1]}"
