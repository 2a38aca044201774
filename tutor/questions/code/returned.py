"""Several values returned at once, compared one by one in the order they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tutor.engine.values import Value
from tutor.judging import Verdict, wrong
from tutor.questions.code.comparing import Gap, gap, received, same
from tutor.questions.code.lines.saying import not_right, told_of
from tutor.questions.code.slips import CodeMistake, recognised
from tutor.runner import Value as Sent

Given = Mapping[str, Value | None]


"""What was returned by name; None for what is no number."""


Suspects = Callable[[str, Given], Iterable[CodeMistake]]


"""The slips to look for, given the name of a wrong value and all that was returned."""


Blame = Callable[[str, tuple[str, ...], CodeMistake | None], tuple[int, ...]]


"""The lines among which the wrong one is, given a wrong value's name, the names of all right ones, and the slip."""


def nowhere(_name: str, _right: tuple[str, ...], _slip: CodeMistake | None) -> tuple[int, ...]:
    """Where lines are not looked for."""
    return ()


def first_fault(
    returned: Sent,
    truths: Mapping[str, Value],
    suspects: Suspects,
    *,
    subject: str = "It",
    right_before: Sequence[str] = (),
    after: str = "",
    blame: Blame = nowhere,
    returning: tuple[int, ...] = (),
) -> Verdict | None:
    """What is wrong with the values returned by one call; None if nothing is.

    `truths` are in the order wanted. `subject` is what returned them, at the start of a sentence, `right_before` what
    has been found right already; `after` is said at the end, such as the inputs of the call. `blame` finds the line;
    `returning` is that of the return statement.
    """
    values = _apart(returned, tuple(truths), subject, told_of(returning))
    if isinstance(values, Verdict):
        return Verdict(values.kind, values.message + after, mistake=values.mistake)
    fine = list(right_before)
    for (name, truth), sent in zip(truths.items(), values, strict=True):
        difference = gap(sent, truth)
        if difference is not None:
            given = {each: received(value) for each, value in zip(truths, values, strict=True)}
            slip = recognised(difference.mine, truth, suspects(name, given))
            right = tuple(each for each, other in zip(truths, values, strict=True) if gap(other, truths[each]) is None)
            message = f"{not_right(name, blame(name, right, slip), fine)} {difference.said}"
            return wrong(f"{message} {slip.said}{after}" if slip else f"{message}{after}", slip.mistake if slip else "")
        fine.append(name)
    return None


def first_gap(returned: Sent, truths: Mapping[str, Value]) -> tuple[str, Gap] | None:
    """The first value that is wrong, and how; None if there is none, or it is only in another one's place."""
    values = _apart(returned, tuple(truths), "It")
    if isinstance(values, Verdict):
        return None
    for (name, truth), sent in zip(truths.items(), values, strict=True):
        difference = gap(sent, truth)
        if difference is not None:
            moved = difference.mine is not None and any(same(difference.mine, other) for other in truths.values())
            return None if moved else (name, difference)
    return None


def _apart(returned: Sent, names: Sequence[str], subject: str, place: str = "") -> Sequence[Sent] | Verdict:
    """The values one by one, or why there are not as many as there should be."""
    wanted = ", ".join(names)
    if returned is None:
        return wrong(f"{subject} returned None. End with: return {wanted}", "returned_none")
    if isinstance(returned, dict) and set(names) <= set(returned):
        return [returned[name] for name in names]
    if len(names) == 1:
        if not isinstance(returned, tuple):
            return [returned]
        many = f"{subject} returned {len(returned)} values{place}; there should be one: {wanted}."
        return returned if len(returned) == 1 else wrong(many)
    if not isinstance(returned, (tuple, list)):
        return wrong(f"{subject} returned one value{place}; there should be {len(names)}: {wanted}.")
    if len(returned) != len(names):
        return wrong(f"{subject} returned {len(returned)} values{place}; there should be {len(names)}: {wanted}.")
    return returned
