"""Blanks on how arrays lie in memory: views, contiguous arrays, strides, the order of entries. NumPy answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from tutor.engine.values import show_shape
from tutor.judging import Verdict, remark, right, unreadable, wrong
from tutor.language import names_in
from tutor.library import BadFile
from tutor.questions.asked import Asked, rungs
from tutor.questions.blank import Blank
from tutor.questions.shape.arrays import Clash, run
from tutor.questions.shape.layout import Memory, Seen, some
from tutor.questions.shape.orders import order, order_in_memory
from tutor.questions.shape.reading import says_no, says_yes
from tutor.questions.shape.tables import Setting, ShapeAsk

_MOST_LISTED = 24


def ask_about_memory(number: int, key: str, ask: ShapeAsk, setting: Setting) -> Asked:
    """The blank. Raises BadFile for what cannot be asked."""
    seen = _seen(key, ask, setting)
    makers: dict[str, Callable[[Seen, str], Memory]] = {
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
    return Asked(blank, made.judge, hints, made.answer, told=told, after=ask.after)


def _seen(key: str, ask: ShapeAsk, setting: Setting) -> Seen:
    names = names_in(setting.operation.tree)
    if len(names) != 1:
        raise BadFile(f"{key}.operation", "questions on memory are about one array")
    base = setting.arrays[names[0]]
    called = ask.entries or tuple(map(str, range(base.size)))
    if len(called) != base.size or len(set(called)) < base.size:
        raise BadFile(f"{key}.entries", f"{names[0]} has {base.size} entries, each with a name of its own")
    try:
        result = run(setting.operation, {names[0]: base})
    except (Clash, IndexError):
        raise BadFile(f"{key}.operation", "NumPy refuses this operation") from None
    if result.size > _MOST_LISTED and ask.asks in ("order", "memory"):
        raise BadFile(f"{key}.operation", f"it has {result.size} entries, too many to list")
    if result.size and not {int(one) for one in np.ravel(result)} <= set(range(base.size)):
        raise BadFile(f"{key}.operation", "questions on memory are about entries that stay as they are")
    return Seen(setting.operation.text, base, result, called)


def _view(seen: Seen, given: str) -> Memory:
    because = _why_view(seen)
    hints = (
        "A view reads the same memory with other strides. It exists when one fixed step per axis reaches every entry.",
        f"Can the entries of {seen.text} be reached in the memory of the array by one fixed step for each axis?",
        f"{because} So the answer is {'yes' if seen.is_view else 'no'}.",
    )
    prompt = f"{given} and is fresh, row-major. Is {seen.text} a view of the same memory?"
    return _yes_or_no("view?", prompt, seen.is_view, because, hints)


def _why_view(seen: Seen) -> str:
    if seen.is_view:
        return f"The steps {_steps(seen)} reach every entry of {seen.text}: nothing has to move."
    if seen.result.size == seen.base.size and seen.read == seen.before:
        return f"{seen.text} asks for a copy, although none would be needed."
    return (
        f"Read row by row, the entries of {seen.text} are at "
        f"{some([str(int(i)) for i in np.ravel(seen.result)])} in the old memory: no fixed step for "
        "each axis leads there, so NumPy copies them."
    )


def _contiguous(seen: Seen, given: str) -> Memory:
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


def _yes_or_no(label: str, prompt: str, truth: bool, because: str, hints: tuple[str, str, str]) -> Memory:
    def judge(text: str) -> Verdict:
        yes, no = says_yes(text), says_no(text) or text.strip().lower() == "n"
        if not yes and not no:
            return unreadable("Answer yes or no.")
        return right(because) if yes == truth else wrong(because)

    return Memory(label, prompt, "yes" if truth else "no", judge, hints, "yes or no")


def _strides(seen: Seen, given: str) -> Memory:
    shape = seen.result.shape
    hints = (
        "The stride of an axis says how many entries further on in memory its next entry is. In a "
        "row-major array it is the product of the sizes after that axis.",
        f"Take one step along each axis of {seen.text}, of shape {show_shape(shape)}: how far is that in memory?",
        f"The strides are {_steps(seen)}.",
    )
    prompt = f"{given} and is row-major. Give the strides of {seen.text}, counted in entries: one number for each axis."
    return Memory("strides =", prompt, _steps(seen), lambda text: _judge_strides(text, seen), hints, "such as (4, 1)")


def _judge_strides(text: str, seen: Seen) -> Verdict:
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
    told: Sequence[tuple[tuple[int, ...], str]] = (
        (shape, "That is the shape. A stride says how far the next entry of an axis is in memory."),
        (truth[::-1], "These are the right steps in the wrong order. Which axis runs fastest here?"),
    )
    says = next((says for way, says in told if way == mine), "")
    return wrong(says or "Take one step along each axis: how many entries further in memory do you land?")


def _steps(seen: Seen) -> str:
    return str(seen.strides)
