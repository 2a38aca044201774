"""Makes README's moving picture, `moving.svg`, of a run of the real app: `python screenshots/moving.py`.

The app is driven key by key, and after each key its screen is kept, as rows of runs. A row that is the same in several
frames is one element of the picture: style rules say in which frames it is seen. Nothing of it hangs on the machine
that it is made on: there is no motion in the app, and how long a frame is seen stands in the script. Who wants less
motion (`prefers-reduced-motion`) sees the last frame alone.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from rich.cells import cell_len  # noqa: E402 - the app is found beside this script
from rich.segment import Segment  # noqa: E402
from textual.pilot import Pilot  # noqa: E402

from tutor.paths import shipped_folder  # noqa: E402
from tutor.tui.app import TutorApp  # noqa: E402
from tutor.tui.screens.exercise import ExerciseScreen  # noqa: E402

EXERCISE = "node-way/a"
COLUMNS, LINES = 80, 24

WIDE, HIGH, BASE = 8.4, 18, 13
"""Of a cell, and how far below its top the text stands."""

MARGIN = 10
KEY, PAUSE, READ, LAST = 0.09, 0.7, 2.6, 5.0
"""Seconds: a typed letter, an answer, something to be read, the end."""

SCRIPT: tuple[tuple[str, float], ...] = (
    ("p = x + y", PAUSE),
    ("f = p z", READ),
    ("4", PAUSE),
    ("8", PAUSE),
    ("1", PAUSE),
    ("z", PAUSE),
    ("3", READ),
    ("2", PAUSE),
    ("p", PAUSE),
    ("4", PAUSE),
    ("1", PAUSE),
    ("2", PAUSE),
    ("1", PAUSE),
    ("2", LAST),
)
"""What is typed, with Enter behind it, and how long what comes of it is seen. The seventh answer is a mistake."""

_KEYS = {" ": "space", "=": "equals_sign", "+": "plus"}


@dataclass(frozen=True)
class Run:
    """Text of one look in a row; the column that it begins at, and its colours."""

    column: int
    text: str
    colour: str
    behind: str
    bold: bool
    underlined: bool


Row = tuple[Run, ...]


@dataclass(frozen=True)
class Shot:
    """The screen at a moment, and for how many seconds it is seen."""

    rows: tuple[Row, ...]
    seconds: float


async def film() -> list[Shot]:
    """Play the script."""
    shots: list[Shot] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BACKPROP_TUTOR_HOME"] = folder
        (Path(folder) / "settings.toml").write_text("reduced_motion = true\n", encoding="utf-8")
        app = TutorApp([shipped_folder()], EXERCISE, greet=False)
        async with app.run_test(size=(COLUMNS, LINES)) as pilot:
            while not (isinstance(app.screen, ExerciseScreen) and app.focused):
                await pilot.pause(0.05)
            await app.workers.wait_for_complete()
            shots.append(Shot(await still(pilot), PAUSE))
            for text, seconds in SCRIPT:
                for character in text:
                    await pilot.press(_KEYS.get(character, character))
                    shots.append(Shot(await still(pilot), KEY))
                shots.append(Shot(shots.pop().rows, PAUSE / 2))
                await pilot.press("enter")
                shots.append(Shot(await still(pilot), seconds))
    return shots


async def still(pilot: Pilot[Any]) -> tuple[Row, ...]:
    """The screen, when nothing changes on it any more."""
    before, same = screen(pilot), 0
    while same < 3:
        await pilot.pause(0.05)
        now = screen(pilot)
        same = same + 1 if now == before else 0
        before = now
    return before


def screen(pilot: Pilot[Any]) -> tuple[Row, ...]:
    """The rows of the screen as they are now."""
    return tuple(tuple(runs(strip)) for strip in pilot.app.screen._compositor.render_strips())


def runs(segments: Iterator[Segment]) -> Iterator[Run]:
    """The runs of a row; blanks on the plain ground are none."""
    column = 0
    for text, style, _ in segments:
        colour, behind = "#e4e7e4", ""
        bold = underlined = False
        if style is not None:
            front = style.color.get_truecolor().hex if style.color is not None else colour
            back = style.bgcolor.get_truecolor().hex if style.bgcolor is not None else ""
            colour, behind = (back, front) if style.reverse else (front, back)
            bold, underlined = bool(style.bold), bool(style.underline)
        if text.strip() or behind:
            yield Run(column, text, colour, behind, bold, underlined)
        column += cell_len(text)


def picture(shots: list[Shot]) -> str:
    """The moving picture. Each row that is seen is drawn once; `k` and a number say when it is seen."""
    ground = shots[0].rows[0][0].behind
    total = sum(shot.seconds for shot in shots)
    starts = [sum(shot.seconds for shot in shots[:number]) for number in range(len(shots))]
    seen: dict[tuple[int, Row], list[int]] = defaultdict(list)
    for number, shot in enumerate(shots):
        for line, row in enumerate(shot.rows):
            if any(run.text.strip() or run.behind != ground for run in row):
                seen[line, row].append(number)
    times: dict[tuple[int, ...], str] = {}
    looks: dict[tuple[str, bool, bool], str] = {}
    drawn = []
    for (line, row), frames in seen.items():
        cells = "".join(_run(run, line, ground, looks) for run in row)
        if len(frames) == len(shots):
            drawn.append(f"<g>{cells}</g>")
            continue
        name = times.setdefault(tuple(frames), f"k{len(times)}")
        last = " z" if frames[-1] == len(shots) - 1 else ""
        drawn.append(f'<g class="f {name}{last}">{cells}</g>')
    rules = [f".{name}{{animation-name:{name}}}" for name in times.values()]
    rules += [f"@keyframes {name}{{{_moments(frames, starts, total)}}}" for frames, name in times.items()]
    rules += [
        f".{name}{{fill:{colour}{';font-weight:bold' if bold else ''}{';text-decoration:underline' if under else ''}}}"
        for (colour, bold, under), name in looks.items()
    ]
    width, height = COLUMNS * WIDE + 2 * MARGIN, LINES * HIGH + 2 * MARGIN
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}">
<style>
text{{font-family:"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:14px;white-space:pre}}
.f{{visibility:hidden;animation:{total:.2f}s step-end infinite}}
{chr(10).join(rules)}
@media (prefers-reduced-motion: reduce){{.f{{animation:none}}.z{{visibility:visible}}}}
</style>
<rect width="100%" height="100%" rx="8" fill="{ground}"/>
<g transform="translate({MARGIN} {MARGIN})">
{chr(10).join(drawn)}
</g>
</svg>
"""


def _run(run: Run, line: int, ground: str, looks: dict[tuple[str, bool, bool], str]) -> str:
    """A run: what is behind it, where that is not the plain ground, and its text, cut to its cells."""
    x, wide = run.column * WIDE, cell_len(run.text) * WIDE
    behind = ""
    if run.behind not in ("", ground):
        behind = f'<rect x="{x:g}" y="{line * HIGH}" width="{wide + 0.3:g}" height="{HIGH}" fill="{run.behind}"/>'
    text = run.text.strip()
    if not text:
        return behind
    x += cell_len(run.text[: len(run.text) - len(run.text.lstrip())]) * WIDE
    look = looks.setdefault((run.colour, run.bold, run.underlined), f"s{len(looks)}")
    return (
        f'{behind}<text class="{look}" x="{x:.1f}" y="{line * HIGH + BASE}" '
        f'textLength="{cell_len(text) * WIDE:.1f}">{escape(text.replace(" ", chr(160)), quote=False)}</text>'
    )


def _moments(frames: tuple[int, ...], starts: list[float], total: float) -> str:
    """When it appears and goes, in percent of the whole."""
    shown, parts = False, []
    for number, start in enumerate(starts):
        is_seen = number in frames
        if is_seen != shown or number == 0:
            parts.append(f"{100 * start / total:.2f}%{{visibility:{'visible' if is_seen else 'hidden'}}}")
        shown = is_seen
    return "".join(parts)


def main() -> None:
    """Write it."""
    (HERE / "moving.svg").write_text(picture(asyncio.run(film())), encoding="utf-8")


if __name__ == "__main__":
    main()
