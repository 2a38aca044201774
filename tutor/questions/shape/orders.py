"""Blanks that ask for the order of entries: as they are read, or as they lie in memory."""

from __future__ import annotations

from tutor.engine.values import show_shape
from tutor.judging import Verdict, from_language, right, unreadable, wrong
from tutor.language import Unreadable
from tutor.questions.shape.layout import Memory, Seen, some, written_out
from tutor.questions.shape.reading import entries_in


def order(seen: Seen, given: str) -> Memory:
    """Asks for the order in which the entries are read."""
    answer = " ".join(seen.read)
    moves = seen.read != seen.before
    turned = "That is another order of the axes. Which axis comes first here, and which runs fastest?"
    if not moves:
        turned = (
            "That is how a transpose reads them. Does this operation move any axis, or only cut "
            "the entries into new rows?"
        )
    ways = {
        **dict.fromkeys(seen.transposed, turned),
        seen.by_columns: f"That reads {seen.text} column by column. Row-major means row by row: the last axis runs "
        "fastest.",
        seen.read[::-1]: "That is the order reversed.",
        seen.before: "That is the original order. Does this operation only cut the entries into new "
        "rows, or does it move the axes?",
    }
    hints = (
        "Row-major: row after row, the last axis running fastest. A reshape keeps this order, a transpose changes it.",
        f"{seen.text} has shape {show_shape(seen.result.shape)}. Write it out. Which entries are in its first row?",
        f"Written out, {seen.text} is\n{written_out(seen)}",
    )
    prompt = f"{_with_entries(given, seen)} Read {seen.text} row by row: in what order do they come?"
    return Memory(
        "order:", prompt, answer, lambda text: _judge_order(text, seen.read, seen, ways), hints, answer_like(seen)
    )


def order_in_memory(seen: Seen, given: str) -> Memory:
    """Asks for the order in which the entries lie in memory."""
    kept = "a view moves nothing" if seen.is_view else "it is a copy, written row by row"
    ways = {seen.read: f"That is how {seen.text} is read. In memory {kept}. How were the entries laid out before?"}
    hints = (
        "Memory is one long row. A view is another way of reading it; only a copy moves entries.",
        f"Does {seen.text} need new memory, or does it read the old one with other steps?",
        f"In memory {kept}: {' '.join(seen.laid)}.",
    )
    prompt = f"{_with_entries(given, seen)} In what order are the entries of {seen.text} in memory?"
    answer = " ".join(seen.laid)
    return Memory(
        "memory:", prompt, answer, lambda text: _judge_order(text, seen.laid, seen, ways), hints, answer_like(seen)
    )


def _with_entries(given: str, seen: Seen) -> str:
    return f"{given}, with the entries {some(seen.names)} in row-major order."


def answer_like(seen: Seen) -> str:
    """What may be typed: entries of this kind, in no order that is asked."""
    return f"the entries one after the other, such as {' '.join(sorted(seen.names)[:3])} ..."


def _judge_order(text: str, truth: tuple[str, ...], seen: Seen, ways: dict[tuple[str, ...], str]) -> Verdict:
    try:
        mine = tuple(entries_in(text, seen.names))
    except Unreadable as error:
        return from_language(error)
    if len(mine) != len(truth):
        return unreadable(f"{seen.text} has {len(truth)} entries; you gave {len(mine)}.")
    if mine == truth:
        return right()
    told = next((says for way, says in ways.items() if way == mine and way != truth), "")
    if not told:
        first = next(i for i, (one, other) in enumerate(zip(mine, truth, strict=True)) if one != other)
        told = f"It is right up to entry {first}." if first else "The first entry is different."
        told += f" {seen.text} has shape {show_shape(seen.result.shape)}: write it out and read it row by row."
    return wrong(told)
