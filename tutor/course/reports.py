"""How a class fared: for each blank who got it, the slips met, tries, hints, time; who is stuck; groups compared."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import StringIO
from statistics import mean, median

from tutor.course.grading import Effort, Graded
from tutor.marking import BlankMarks, MarkOutcome
from tutor.text import clipped, one_line

_STUCK_TRIES = 4
"""Answers checked in a blank that was never right: whoever is there is stuck."""
_MOST_SLIPS = 3
_EARNED = (MarkOutcome.RIGHT, MarkOutcome.HINTED, MarkOutcome.CARRIED)


@dataclass(frozen=True)
class BlankReport:
    """One blank over all who were asked it."""

    exercise: str
    key: str
    """The key of the blank."""

    question: str
    label: str
    asked: int
    right: int
    carried: int
    missing: int
    not_run: int
    """Programs that were handed in, where code was not to be run."""

    share: float
    """Of its marks, what was earned: from 0 to 1."""

    slips: tuple[tuple[str, int, str], ...]
    """The slips met most: their names, how many made them, and what one was told."""

    tries: float | None
    """The mean; None where only sheets were handed in. So for hints, and the median of seconds."""

    hints: float | None
    seconds: float | None


@dataclass(frozen=True)
class GroupReport:
    """A class, a section or a year: who handed in, their shares of the marks, and its blanks."""

    name: str
    shares: tuple[float, ...]
    """Of everyone graded, from 0 to 1, in the order of the files."""

    not_graded: int
    blanks: tuple[BlankReport, ...]
    stuck: tuple[tuple[str, str, int], ...]
    """Who is stuck, at what, after how many tries."""

    @property
    def efforts_known(self) -> bool:
        """Whether tries, hints and time are known of anything: of submissions, not of sheets."""
        return any(blank.tries is not None for blank in self.blanks)

    @property
    def mean(self) -> float:
        """The mean share; 0 where nobody was graded."""
        return mean(self.shares) if self.shares else 0.0


@dataclass
class _Tally:
    """What is counted of one blank."""

    exercise: str
    key: str
    question: str
    label: str
    outcomes: list[MarkOutcome] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    slips: Counter[str] = field(default_factory=Counter)
    said: dict[str, str] = field(default_factory=dict)
    efforts: list[Effort] = field(default_factory=list)

    def add(self, blank: BlankMarks, effort: Effort | None) -> None:
        """Count one learner's."""
        self.outcomes.append(blank.outcome)
        self.shares.append(blank.earned / blank.full if blank.full else 0.0)
        if blank.mistake and blank.outcome is MarkOutcome.WRONG:
            self.slips[blank.mistake] += 1
            self.said.setdefault(blank.mistake, blank.said)
        if effort is not None:
            self.efforts.append(effort)

    def report(self) -> BlankReport:
        """What it came to."""
        return BlankReport(
            self.exercise,
            self.key,
            self.question,
            self.label,
            len(self.outcomes),
            sum(one in (MarkOutcome.RIGHT, MarkOutcome.HINTED) for one in self.outcomes),
            self.outcomes.count(MarkOutcome.CARRIED),
            self.outcomes.count(MarkOutcome.MISSING),
            self.outcomes.count(MarkOutcome.NOT_RUN),
            mean(self.shares),
            tuple((slip, many, self.said[slip]) for slip, many in self.slips.most_common(_MOST_SLIPS)),
            mean(one.tries for one in self.efforts) if self.efforts else None,
            mean(one.hints for one in self.efforts) if self.efforts else None,
            median(one.seconds for one in self.efforts) if self.efforts else None,
        )


def report_of(name: str, grades: Sequence[Graded]) -> GroupReport:
    """What became of these, as one group. Blanks of learners' own equations count by their names."""
    tallies: dict[tuple[str, str], _Tally] = {}
    stuck: list[tuple[str, str, int]] = []
    shares: list[float] = []
    for one in grades:
        if one.marks is None:
            continue
        shares.append(one.marks.earned / one.marks.full if one.marks.full else 0.0)
        for exercise in one.marks.exercises:
            base = exercise.id.partition("@")[0]
            for question in exercise.questions:
                for blank in question.blanks():
                    effort = one.efforts.get(f"{exercise.id} {blank.key}")
                    label = _called(blank)
                    tally = tallies.setdefault((base, blank.key), _Tally(base, blank.key, question.title, label))
                    tally.add(blank, effort)
                    if effort is not None and effort.tries >= _STUCK_TRIES and blank.outcome not in _EARNED:
                        stuck.append((one.who, f"{base} {label}".strip(), effort.tries))
    blanks = tuple(tally.report() for tally in tallies.values())
    stuck.sort(key=lambda row: -row[2])
    return GroupReport(name, tuple(shares), sum(one.marks is None for one in grades), blanks, tuple(stuck))


def _called(blank: BlankMarks) -> str:
    """A blank's name in a table, where it is no half of an equation."""
    label = re.sub(r"^(upstream|downstream|sum)\s+(?=∂)|\s*(=|:|←|gives)$", "", one_line(blank.label))
    return f"code {label}".strip() if blank.key.rpartition("/")[2] == "code" else label or blank.key


# As texts


def as_text(groups: Sequence[GroupReport]) -> str:
    """Tables for a terminal: a group after the other, then the groups side by side where there are several."""
    parts = [_group_text(group) for group in groups]
    if len(groups) > 1:
        parts.append(_side_by_side(groups))
    return "\n\n".join(parts)


def _group_text(group: GroupReport) -> str:
    head = f"{one_line(group.name)}: {len(group.shares)} graded"
    head += f", {group.not_graded} not" if group.not_graded else ""
    lines = [f"{head}; mean {100 * group.mean:.0f} %, median {100 * median(group.shares or (0,)):.0f} %"]
    exercise, known = "", group.efforts_known
    for blank in group.blanks:
        if blank.exercise != exercise:
            exercise = blank.exercise
            head = f"  {'blank':<26} {'earned':>7} {'right':>6} {'carried':>8} {'empty':>6}"
            lines += ["", exercise, f"{head}  tries  hints  time" if known else head]
        effort = "" if blank.tries is None else f"  {blank.tries:5.1f}  {blank.hints:5.1f}  {_minutes(blank.seconds)}"
        lines.append(
            f"  {one_line(blank.label)[:26]:<26} {_earned(blank):>7} {blank.right:>6} {blank.carried:>8} "
            f"{blank.missing:>6}{effort}".rstrip()
        )
        lines += [f"      {many} × {clipped(one_line(said), 100)}" for _slip, many, said in blank.slips]
    if group.stuck:
        lines += [
            "",
            "Stuck:",
            *(f"  {one_line(who)}: {one_line(at)}, {tries} tries" for who, at, tries in group.stuck[:12]),
        ]
    return "\n".join(lines)


def _earned(blank: BlankReport) -> str:
    return "not run" if blank.not_run and not blank.share else f"{100 * blank.share:.0f} %"


def _minutes(seconds: float | None) -> str:
    return "" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _side_by_side(groups: Sequence[GroupReport]) -> str:
    names = [one_line(group.name)[:12] for group in groups]
    lines = ["Side by side", f"  {'':<34} {'  '.join(f'{name:>12}' for name in names)}"]
    lines.append(f"  {'mean':<34} {'  '.join(f'{100 * group.mean:10.0f} %' for group in groups)}")
    for key, label in _all_blanks(groups).items():
        cells = [_share_of(group, key) for group in groups]
        lines.append(f"  {label[:34]:<34} {'  '.join(cells)}")
    return "\n".join(lines)


def _all_blanks(groups: Sequence[GroupReport]) -> dict[tuple[str, str, str], str]:
    return {
        (blank.exercise, blank.question, blank.label): f"{blank.exercise} {blank.label}"
        for group in groups
        for blank in group.blanks
    }


def _share_of(group: GroupReport, key: tuple[str, str, str]) -> str:
    found = [one for one in group.blanks if (one.exercise, one.question, one.label) == key]
    return f"{100 * found[0].share:10.0f} %" if found else f"{'':>12}"


def as_csv(groups: Sequence[GroupReport]) -> str:
    """A row for each blank of each group."""
    writer = StringIO()
    rows = csv.writer(writer, lineterminator="\n")
    rows.writerow(
        ["group", "exercise", "question", "blank", "asked", "right", "carried", "missing", "not run", "earned",
         "tries", "hints", "seconds", "slips"]
    )  # fmt: skip
    for group in groups:
        for one in group.blanks:
            effort = ["" if value is None else round(value, 2) for value in (one.tries, one.hints, one.seconds)]
            slips = "; ".join(f"{slip} {many}" for slip, many, _ in one.slips)
            rows.writerow(
                [group.name, one.exercise, one.question, one.label, one.asked, one.right, one.carried, one.missing,
                 one.not_run,
                 round(one.share, 4), *effort, slips]
            )  # fmt: skip
    return writer.getvalue()


# One page of HTML, without scripts


_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c2530; }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem } h3 { font-size: 1rem; margin-bottom: .3rem }
table { border-collapse: collapse; width: 100% } td, th { padding: .25rem .5rem; text-align: left; vertical-align: top }
th { border-bottom: 1px solid #8894a4; font-weight: 600 } tr + tr td { border-top: 1px solid #e2e6ec }
td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
small { color: #55606e } svg text { font: 11px system-ui, sans-serif; fill: #1c2530 }
@media print { body { margin: 0 } h2 { break-after: avoid } tr { break-inside: avoid } }
"""


def as_html(groups: Sequence[GroupReport]) -> str:
    """One page with everything: no script, nothing from elsewhere."""
    title = "How the class did"
    body = "".join(_group_html(group) for group in groups)
    if len(groups) > 1:
        body += f"<h2>Side by side</h2>{_table(['', *(group.name for group in groups)], _side_rows(groups))}"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1>{body}</body></html>\n"
    )


def _group_html(group: GroupReport) -> str:
    not_graded = f", {group.not_graded} not" if group.not_graded else ""
    head = (
        f"<h2>{escape(group.name)}</h2><p>{len(group.shares)} graded{not_graded}; mean {100 * group.mean:.0f} %.</p>"
        f"<p><small>How many earned which share of the marks, in percent:</small><br>{_histogram(group.shares)}</p>"
    )
    tables = ""
    for exercise in dict.fromkeys(blank.exercise for blank in group.blanks):
        rows = [_html_row(blank, group.efforts_known) for blank in group.blanks if blank.exercise == exercise]
        efforts = ["tries", "hints", "time"] if group.efforts_known else []
        columns = ["blank", "earned", "right", "carried", "empty", *efforts, "mistakes met most"]
        tables += f"<h3>{escape(exercise)}</h3>{_table(columns, rows)}"
    stuck = "".join(f"<li>{escape(who)}: {escape(at)}, {tries} tries</li>" for who, at, tries in group.stuck)
    return head + tables + (f"<h3>Stuck</h3><ul>{stuck}</ul>" if stuck else "")


def _html_row(blank: BlankReport, efforts_known: bool) -> list[str]:
    earned = _earned(blank) if blank.not_run and not blank.share else _bar(blank.share)
    slips = "<br>".join(f"{many} × {escape(said)}" for _slip, many, said in blank.slips)
    effort = ["", "", ""] if efforts_known else []
    if blank.tries is not None:
        effort = [f"{blank.tries:.1f}", f"{blank.hints:.1f}", _minutes(blank.seconds)]
    return [
        escape(blank.label), earned, str(blank.right), str(blank.carried), str(blank.missing), *effort,
        f"<small>{slips}</small>",
    ]  # fmt: skip


def _side_rows(groups: Sequence[GroupReport]) -> list[list[str]]:
    rows = [["mean", *(_bar(group.mean) for group in groups)]]
    for key, label in _all_blanks(groups).items():
        shares: list[Mapping[tuple[str, str, str], float]] = [
            {(one.exercise, one.question, one.label): one.share for one in group.blanks} for group in groups
        ]
        rows.append([escape(label), *(_bar(each[key]) if key in each else "" for each in shares)])
    return rows


def _table(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    return f'<td class="n">{text}</td>' if re.fullmatch(r"[\d.:]+", text) else f"<td>{text}</td>"


def _bar(share: float) -> str:
    """A share of the marks as a bar and in words."""
    return (
        f'<svg width="120" height="14" role="img" aria-label="{100 * share:.0f} percent">'
        '<rect width="80" height="10" y="2" fill="#e2e6ec"/>'
        f'<rect width="{80 * share:.1f}" height="10" y="2" fill="#2f6f9f"/>'
        f'<text x="86" y="11">{100 * share:.0f} %</text></svg>'
    )


def _histogram(shares: Sequence[float]) -> str:
    """How many earned which tenth of the marks."""
    counts = [sum(min(9, int(10 * share)) == tenth for share in shares) for tenth in range(10)]
    top = max([*counts, 1])
    bars = "".join(
        f'<rect x="{20 + 34 * at}" y="{90 - 70 * many / top:.1f}" width="28" '
        f'height="{70 * many / top:.1f}" fill="#2f6f9f"/>'
        f'<text x="{34 + 34 * at}" y="{84 - 70 * many / top:.1f}" text-anchor="middle">{many or ""}</text>'
        f'<text x="{34 + 34 * at}" y="106" text-anchor="middle">{10 * at}{"+" if at == 9 else ""}</text>'
        for at, many in enumerate(counts)
    )
    return (
        f'<svg width="380" height="120" role="img" aria-label="How many earned which share of the marks">{bars}</svg>'
    )
