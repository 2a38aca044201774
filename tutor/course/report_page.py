"""A report as one page of HTML, with plots, without scripts and without anything from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from tutor.course.comparison import differences, labels
from tutor.course.report_texts import difference_in_words, earned, minutes
from tutor.course.reports import BlankReport, GroupReport
from tutor.text import harmless

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c2530; }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem } h3 { font-size: 1rem; margin-bottom: .3rem }
h4 { font-size: .9rem; margin: .8rem 0 .2rem }
table { border-collapse: collapse; width: 100% } td, th { padding: .25rem .5rem; text-align: left; vertical-align: top }
th { border-bottom: 1px solid #8894a4; font-weight: 600 } tr + tr td { border-top: 1px solid #e2e6ec }
td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
small { color: #55606e } svg text { font: 11px system-ui, sans-serif; fill: #1c2530 }
@media print { body { margin: 0 } h2 { break-after: avoid } tr { break-inside: avoid } }
"""


def as_html(groups: Sequence[GroupReport]) -> str:
    """The page."""
    title = "How the class did"
    body = "".join(_group(group) for group in groups)
    if len(groups) > 1:
        names = [_text(group.name) for group in groups]
        body += f"<h2>Side by side</h2>{_table(['', *names], _side_by_side(groups))}{_differences(groups)}"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1>{body}</body></html>\n"
    )


def _text(text: str) -> str:
    return escape(harmless(text))


def _group(group: GroupReport) -> str:
    not_graded = f", {len(group.not_graded)} not" if group.not_graded else ""
    head = (
        f"<h2>{_text(group.name)}</h2><p>{len(group.shares)} graded{not_graded}; mean {100 * group.mean:.0f} %.</p>"
        f"<p><small>How many earned which share of the marks, in percent:</small><br>{_histogram(group.shares)}</p>"
    )
    efforts = ["wrong tries", "hints", "time"] if group.efforts_known else []
    names = ["blank", "earned", "asked", "right", "carried", "empty", "wrong", *efforts, "mistakes met"]
    tables = ""
    for exercise in group.exercises:
        tables += f"<h3>{_text(exercise)}</h3>"
        for question, blanks in group.of(exercise):
            title = f"<h4>{_text(question)}</h4>" if question else ""
            tables += title + _table(names, [_row(blank, group.efforts_known) for blank in blanks])
    stuck = [f"{_text(who)}: {_text(at)}, {tries} wrong tries" for who, at, tries in group.stuck]
    failed = [f"{_text(Path(file).name)}: {_text(why)}" for file, why in group.not_graded]
    remarks = "".join(f"<p>{_text(remark)}</p>" for remark in group.remarks)
    return head + tables + _list("Stuck", stuck) + _list("Not graded", failed) + remarks


def _list(title: str, rows: Sequence[str]) -> str:
    return f"<h3>{title}</h3><ul>{''.join(f'<li>{row}</li>' for row in rows)}</ul>" if rows else ""


def _row(blank: BlankReport, efforts_known: bool) -> list[str]:
    share = earned(blank) if blank.not_run and not blank.share else _bar(blank.share)
    told = [f"{slip.counted} <b>{_text(slip.title)}</b>: {_text(slip.said)}" for slip in blank.slips]
    slips = "<br>".join([*told, *([_text(blank.others_in_words)] if blank.others else [])])
    effort = ["", "", ""] if efforts_known else []
    if blank.tries is not None:
        effort = [f"{blank.tries:.1f}", f"{blank.hints:.1f}", minutes(blank.seconds)]
    counts = map(str, (blank.asked, blank.right, blank.carried, blank.missing, blank.wrong))
    return [_text(blank.label), share, *counts, *effort, f"<small>{slips}</small>"]


def _side_by_side(groups: Sequence[GroupReport]) -> list[list[str]]:
    shares = [{blank.place: blank for blank in group.blanks} for group in groups]
    rows = [["mean", *(_bar(group.mean) for group in groups)]]
    for place, label in labels(groups).items():
        cells = [own.get(place) for own in shares]
        rows.append([_text(label), *("" if one is None else _bar(one.share) for one in cells)])
    return rows


def _differences(groups: Sequence[GroupReport]) -> str:
    found = [_text(difference_in_words(one)) for one in differences(groups)]
    return _list("By more than chance differ", found) or "<p>Nothing differs by more than chance.</p>"


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
