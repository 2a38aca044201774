"""Reports as tables for a terminal, and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from statistics import median

from tutor.course.comparison import Difference, differences, labels
from tutor.course.gradebooks import as_cell
from tutor.course.reports import BlankReport, GroupReport
from tutor.text import clipped, columns, one_line, padded

_MOST_STUCK = 12
_MOST_SLIPS = 3
_LABEL = 28
"""Columns of a terminal; so of what was said of a slip, and of a blank where groups stand side by side."""
_SAID = 110
_BOTH = 40


def as_text(groups: Sequence[GroupReport]) -> str:
    """A group after the other, then the groups side by side where there are several, and in what they differ."""
    parts = [_group(group) for group in groups]
    if len(groups) > 1:
        parts += [_side_by_side(groups), _differences(groups)]
    return "\n\n".join(parts)


def _group(group: GroupReport) -> str:
    not_graded = f", {len(group.not_graded)} not" if group.not_graded else ""
    shares = f"mean {100 * group.mean:.0f} %, median {100 * median(group.shares or (0,)):.0f} %"
    lines = [f"{one_line(group.name)}: {len(group.shares)} graded{not_graded}; {shares}"]
    for exercise in group.exercises:
        lines += ["", *_exercise(group, exercise)]
    if group.stuck:
        stuck = [f"  {one_line(who)}: {one_line(at)}, {tries} wrong tries" for who, at, tries in group.stuck]
        more = [f"  and {len(stuck) - _MOST_STUCK} more"] if len(stuck) > _MOST_STUCK else []
        lines += ["", "Stuck:", *stuck[:_MOST_STUCK], *more]
    if group.not_graded:
        lines += ["", "Not graded:"]
        lines += [f"  {one_line(Path(file).name)}: {one_line(why)}" for file, why in group.not_graded]
    return "\n".join([*lines, *([""] if group.remarks else []), *group.remarks])


def _exercise(group: GroupReport, exercise: str) -> Iterator[str]:
    yield one_line(exercise)
    known = group.efforts_known
    head = f"  {'blank':<{_LABEL}} {'earned':>7} {'asked':>6} {'right':>6} {'carried':>8} {'empty':>6} {'wrong':>6}"
    yield f"{head}  wrong tries  hints   time" if known else head
    for question, blanks in group.of(exercise):
        if question:
            yield f"  {one_line(question)}"
        for blank in blanks:
            yield _blank(blank)
            yield from _mistakes(blank)


def _mistakes(blank: BlankReport) -> Iterator[str]:
    """The mistakes met most, by name, how many more there are, and the wrong answers that are none of these."""
    for slip in blank.slips[:_MOST_SLIPS]:
        yield f"      {slip.counted} {slip.title}: {clipped(one_line(slip.said), _SAID)}"
    if more := blank.slips[_MOST_SLIPS:]:
        yield f"      and {len(more)} more: {clipped(', '.join(f'{one.title} {one.met}' for one in more), _SAID)}"
    if blank.others:
        yield f"      {one_line(blank.others_in_words)}"


def _blank(blank: BlankReport) -> str:
    effort = ""
    if blank.tries is not None:
        effort = f"  {blank.tries:11.1f}  {blank.hints:5.1f}  {minutes(blank.seconds):>5}"
    return (
        f"  {padded(clipped(one_line(blank.label), _LABEL), _LABEL)} {earned(blank):>7} {blank.asked:>6} "
        f"{blank.right:>6} {blank.carried:>8} {blank.missing:>6} {blank.wrong:>6}{effort}"
    )


def earned(blank: BlankReport) -> str:
    """The share of its marks, or that its programs were not run."""
    return "not run" if blank.not_run and not blank.share else f"{100 * blank.share:.0f} %"


def minutes(seconds: float | None) -> str:
    """Seconds as `2:05`."""
    return "" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _side_by_side(groups: Sequence[GroupReport]) -> str:
    names = [clipped(one_line(group.name), 12) for group in groups]
    wide = [max(columns(name), 5) for name in names]

    def row(label: str, cells: Sequence[str]) -> str:
        shown = "  ".join(f"{cell:>{most}}" for cell, most in zip(cells, wide, strict=True))
        return f"  {padded(clipped(label, _BOTH), _BOTH)}  {shown}".rstrip()

    lines = ["Side by side", row("", names), row("mean", [f"{100 * group.mean:.0f} %" for group in groups])]
    shares = [{blank.place: earned(blank) for blank in group.blanks} for group in groups]
    lines += [row(one_line(label), [own.get(place, "") for own in shares]) for place, label in labels(groups).items()]
    return "\n".join(lines)


def _differences(groups: Sequence[GroupReport]) -> str:
    found = [f"  {difference_in_words(one)}" for one in differences(groups)]
    return "\n".join(["By more than chance differ", *found]) if found else "Nothing differs by more than chance."


def difference_in_words(one: Difference) -> str:
    """What differs, in which side, and how much."""
    others = f"{100 * one.other_share:.0f} % of the others ({one.other_count} of {one.other_of})"
    own = f"{one_line(one.side)} {100 * one.share:.0f} % ({one.count} of {one.of})"
    return f"{clipped(one_line(one.what), _SAID)} {own}, {others}"


def as_csv(groups: Sequence[GroupReport]) -> str:
    """A row for each blank of each group."""
    writer = StringIO()
    rows = csv.writer(writer, lineterminator="\n")
    rows.writerow(
        ["group", "exercise", "question", "blank", "asked", "right", "carried", "missing", "not run", "earned",
         "wrong tries", "hints", "seconds", "slips", "wrong", "not named", "typed"]
    )  # fmt: skip
    for group in groups:
        for one in group.blanks:
            effort = ["" if value is None else round(value, 2) for value in (one.tries, one.hints, one.seconds)]
            slips = "; ".join(
                f"{slip.name} {slip.count}" + (f" (met by {slip.met})" if slip.met != slip.count else "")
                for slip in one.slips
            )
            rows.writerow(
                [group.name, one.exercise, one.question, one.label, one.asked, one.right, one.carried, one.missing,
                 one.not_run, round(one.share, 4), *effort, slips, one.wrong,
                 one.others, as_cell("; ".join(one.other_texts))]
            )  # fmt: skip
    return writer.getvalue()
