"""Several values returned at once, compared one by one in the order they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from tutor.diagnosis import Diagnosis
from tutor.diagnosis.examination import INPUT
from tutor.engine.values import Value
from tutor.judging import Verdict, wrong
from tutor.judging.misconceptions import Misconception
from tutor.judging.mistake_texts import tell
from tutor.questions.code.comparing import Gap, gap, received, same
from tutor.questions.code.slips import recognised
from tutor.questions.inflect import listed
from tutor.runner import Value as Sent

Given = Mapping[str, Value | None]


"""What was returned by name; None for what is no number."""


Suspects = Callable[[str, Given], Iterable[Misconception]]


"""The slips to look for, given the name of a wrong value and all that was returned."""


_DRIVER = """
NAMES, INPUTS, ENTRY = {names!r}, {inputs!r}, {entry!r}


def results(namespace, arguments):
    returned = namespace[ENTRY](*arguments)
    if type(returned) is dict:
        returned = [returned[name] for name in NAMES]
    elif len(NAMES) == 1 and type(returned) is not tuple:
        returned = [returned]
    if len(returned) != len(NAMES):
        raise ValueError
    return dict(zip([*NAMES, *INPUTS], [*returned, *arguments]))
"""
"""Runs in the other process: one call, and what became of its inputs."""


def function_driver(entry: str, names: Sequence[str], inputs: Sequence[str]) -> str:
    """The driver for who examines a function: its results are what it returns, and its inputs after the call."""
    return _DRIVER.format(names=list(names), inputs=[f"{INPUT}{name}" for name in inputs], entry=entry)


def inputs_after(inputs: Mapping[str, Value]) -> dict[str, Value]:
    """What the inputs should be after the call: what they were."""
    return {f"{INPUT}{name}": value for name, value in inputs.items()}


def changed_input(name: str, told: Diagnosis | None) -> Verdict:
    """The verdict on a function that changes an input."""
    lines = told.lines if told is not None and len(told.lines) == 1 else ()
    said = f"It changes its input {name} in place."
    if lines:
        said = f"Line {lines[0]} changes the input {name} in place, for the caller too."
    return wrong(f"{said} Work on a copy: {name} = {name} + ... makes one.", "changed_in_place", lines)


def first_fault(
    returned: Sent,
    truths: Mapping[str, Value],
    suspects: Suspects,
    *,
    subject: str = "It",
    right_before: Sequence[str] = (),
    after: str = "",
    told: Diagnosis | None = None,
    returning: tuple[int, ...] = (),
) -> Verdict | None:
    """What is wrong with the values returned by one call; None if nothing is.

    `truths` are in the order wanted. `subject` is what returned them, at the start of a sentence, `right_before` what
    has been found right already; `after` is said at the end, such as the inputs of the call. `told` says on which line
    it went wrong, and how; `returning` is the line of the return statement, where there is one.
    """
    values = _apart(returned, tuple(truths), subject, on_line(returning))
    if isinstance(values, Verdict):
        return Verdict(values.kind, values.message + after, mistake=values.mistake)
    fine = list(right_before)
    for (name, truth), sent in zip(truths.items(), values, strict=True):
        found = gap(sent, truth)
        if found is not None:
            given = {each: received(value) for each, value in zip(truths, values, strict=True)}
            slip = recognised(found.mine, truth, suspects(name, given))
            return _with_line(name, fine, found, slip, told, after)
        fine.append(name)
    return None


def _with_line(
    name: str, fine: Sequence[str], found: Gap, slip: Misconception | None, told: Diagnosis | None, after: str
) -> Verdict:
    """The verdict on a wrong value: what its value gives away, or else what the line does."""
    lines = told.lines if told else ()
    if told is not None and told.mistake and (slip is None or len(lines) > 1):
        return wrong(f"{told.message}\n{name} {found.how}{after}", told.mistake, lines)
    elsewhere = told is not None and bool(told.name) and told.name != name
    said = f"{not_right(name, lines, fine, elsewhere)} {found.said}"
    if slip is None:
        return wrong(f"{said}{after}", lines=lines)
    return replace(wrong(f"{said} {tell([slip])}{after}", slip.key, lines), brief=f"{tell([slip])} ({name})")


def not_right(name: str, lines: Sequence[int], fine: Sequence[str] = (), elsewhere: bool = False) -> str:
    """`forward is right; ga on line 12 is not.`; of several lines that one of them is wrong.

    `elsewhere`: the one line computes something else, of which `name` is made.
    """
    before = f"{listed(fine)} {'is' if len(fine) == 1 else 'are'} right; " if fine else ""
    if elsewhere and len(lines) == 1:
        return f"{before}{name} is not{'' if fine else ' right'}: the mistake is on line {lines[0]}."
    return f"{before}{name}{on_line(lines)} is not{'' if fine else ' right'}.{_one_of(lines)}"


def on_line(lines: Sequence[int]) -> str:
    """` on line 12`, where it is certain; "" where it is not."""
    return f" on line {lines[0]}" if len(lines) == 1 else ""


def _one_of(lines: Sequence[int]) -> str:
    """` The mistake is on line 8 or line 9.`; "" for one line, none, or many."""
    return f" The mistake is on line {' or line '.join(map(str, lines))}." if 1 < len(lines) <= _MOST else ""


_MOST = 4
"""More lines than this are no help."""


def first_gap(returned: Sent, truths: Mapping[str, Value]) -> tuple[str, Gap] | None:
    """The first value that is wrong, and how; None if there is none, or it is only in another one's place."""
    values = _apart(returned, tuple(truths), "It")
    if isinstance(values, Verdict):
        return None
    for (name, truth), sent in zip(truths.items(), values, strict=True):
        found = gap(sent, truth)
        if found is not None:
            moved = found.mine is not None and any(same(found.mine, other) for other in truths.values())
            return None if moved else (name, found)
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
