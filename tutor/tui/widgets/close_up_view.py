"""The gate at hand from near by, and other drawings of the core that are no graphs: lines of runs as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tutor.drawing import (
    CloseUp,
    EquationStrip,
    Figure,
    StyledRun,
    draw_close_up,
    draw_equation_strip,
    draw_figure,
)
from tutor.tui.widgets.text_panels import IntroPanel

STYLES_OF_ROLES = {
    "wire": "$text-muted",
    "at hand": "bold $current",
    "box": "$text-muted",
    "face": "bold",
    "name": "bold",
    "value": "$value",
    "gradient": "$gradient",
    "asked": "bold $current",
    "plain": "$text-muted",
}
"""For the role of a run its colour."""


def as_content(lines: Iterable[Sequence[StyledRun]]) -> Content:
    """Lines of runs as text with the colours of their roles."""
    rows = (Content.assemble(*((run.text, STYLES_OF_ROLES[run.role]) for run in line)) for line in lines)
    return Content("\n").join(rows)


USUAL_CLOSE_UP = 7
"""Lines of a gate of two arguments."""


class CloseUpView(Static):
    """A gate with its arguments and its output; hidden where there is none, or no room for it."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.ascii_only = False
        self._gate: CloseUp | None = None

    def show(self, gate: CloseUp | None) -> None:
        """Show this gate."""
        self._gate = gate

    def fit(self, columns: int, lines: int, least: int = 0) -> int:
        """Draw it within so many columns and lines; how many lines it takes, 0 where it does not fit.

        It takes no fewer than `least` where there are so many, so that what is below it does not jump.
        """
        drawing = draw_close_up(self._gate, columns, self.ascii_only) if self._gate is not None else None
        fits = drawing is not None and drawing.height <= lines
        self.display = fits
        if drawing is None or not fits:
            return 0
        self.update(as_content(drawing.lines))
        least = min(least, lines)
        self.styles.min_height = least or None
        return max(drawing.height, least)

    def hold(self, strip: EquationStrip | None, columns: int, lines: int) -> int:
        """Keep so many rows for a blank that is about no gate, with its equation."""
        drawing = draw_equation_strip(strip, columns, False, self.ascii_only) if strip is not None else None
        self.update(as_content(drawing.lines) if drawing is not None else "")
        self.styles.min_height = lines
        self.display = True
        return lines


class StripView(Static):
    """The equation that the number asked for comes from; hidden where there is none, or no room for it."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.ascii_only = False
        self._strip: EquationStrip | None = None

    @property
    def strip(self) -> EquationStrip | None:
        """The equation."""
        return self._strip

    def show(self, strip: EquationStrip | None) -> None:
        """Show this equation."""
        self._strip = strip

    def fit(self, columns: int, in_one_row: bool) -> bool:
        """Draw it within so many columns; whether it fits."""
        drawing = None
        if self._strip is not None:
            drawing = draw_equation_strip(self._strip, columns, in_one_row, self.ascii_only)
        self.display = drawing is not None
        if drawing is not None:
            self.update(as_content(drawing.lines))
        return drawing is not None


class FigureView(Static):
    """The figure of a question without a graph; hidden where there is none, or no room for it."""

    BORDER_TITLE = "Figure"

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.ascii_only = False
        self._figure: Figure | None = None
        self._revealed = False
        self._measured: tuple[object, int] = None, 0
        """The lines of the tallest of the figures that were measured last, and what those were."""

    def show(self, figure: Figure | None, revealed: bool) -> None:
        """Show this figure; all of it once it is `revealed`."""
        self._figure, self._revealed = figure, revealed

    def tallest(self, figures: tuple[Figure, ...], columns: int, lines: int) -> int:
        """Lines that the tallest of these takes, all of it, within so many columns and lines; 0 where none fits."""
        if self._measured[0] != (figures, columns, lines):
            drawn = (draw_figure(each, columns, lines, True, self.ascii_only) for each in figures)
            tallest = max((drawing.height for drawing in drawn if drawing is not None), default=0)
            self._measured = (figures, columns, lines), tallest
        return self._measured[1]

    def fit(self, columns: int, lines: int) -> int:
        """Draw it within so many columns and lines; how many lines it takes, 0 where it does not fit."""
        drawing = None
        if self._figure is not None:
            drawing = draw_figure(self._figure, columns, lines, self._revealed, self.ascii_only)
        self.display = drawing is not None
        if drawing is None:
            return 0
        self.update(as_content(drawing.lines))
        return drawing.height


class LessonRow(Horizontal):
    """What stands in the place of a graph: the introduction, and the figure of the blank at hand."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Both, beside each other where there is room."""
        yield IntroPanel(self._text)
        yield FigureView()
