"""The verdict on an answer, for `tutor.judge`."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.api.arguments import check_text, names_of, reading_of
from tutor.engine.gates import vocabulary
from tutor.judging import Verdict, from_language, in_any_reading, judge_expression, unreadable
from tutor.judging.equivalence import mixes_entries
from tutor.language import Unreadable, Vocabulary, names_in, read_expression

__all__ = ["judge"]


def judge(answer: str, truth: str, names: Iterable[str] | None = None, positive: Iterable[str] = ()) -> Verdict:
    """The verdict on an answer: are the two the same wherever the truth has a value?

    Names stand for numbers. `names` are those that may be used, the truth's own unless given; those in `positive`
    only take positive values. The verdict's `kind` is right, remark, wrong, unreadable or undecided; `message`
    says why, and `caret` shows where a text could not be read.

        >>> judge("2(x+1)", "2x + 2").kind
        <Kind.RIGHT: 'right'>

    Raises ValueError where the truth itself cannot be read, or is made of more than numbers; TypeError where an
    argument is of the wrong type.
    """
    check_text("answer", answer)
    check_text("truth", truth)
    known = None if names is None else names_of("names", names)
    right = reading_of(truth, vocabulary(*known) if known is not None else _any_names()).tree
    if reason := mixes_entries(right):
        raise ValueError(reason)
    known = names_in(right) if known is None else known
    chosen = names_of("positive", positive)
    if strangers := [name for name in chosen if name not in known]:
        raise ValueError(f"{strangers[0]} is listed as positive, but it is not one of the names.")

    def verdict_on(text: str) -> Verdict:
        try:
            reading = read_expression(text, vocabulary(*known))
        except Unreadable as error:
            return from_language(error)
        if reason := mixes_entries(reading.tree):
            return unreadable(reason)
        return judge_expression(reading.tree, right, known, chosen).with_echo(reading.echo)

    return in_any_reading(answer, verdict_on)


def _any_names() -> Vocabulary:
    return Vocabulary(vocabulary().functions, open_names=True)
