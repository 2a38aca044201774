"""What an exercise asks, beside the list: its function as mathematics, how far it has come, the graph so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer

from tutor.catalogue.search import Shelf
from tutor.library import BrokenExercise, Exercise
from tutor.library.format import PackFile
from tutor.text import clipped_at_word, columns, harmless
from tutor.tui.line_breaks import BrokenText
from tutor.tui.widgets.exercise_tree import CHANGED, DUE, SIGNS

if TYPE_CHECKING:  # it loads much, for which the first paint does not wait
    from tutor.drawing import Drawing

_REST = 0.3
"""Seconds the cursor rests before more is shown: those who hurry past, and the first paint, wait for nothing."""

_STATES = {
    "new": ("not begun", "$text-muted"),
    "started": ("begun", "$text-muted"),
    "shown": ("done, with answers shown", "$text-muted"),
    "solved": ("solved", "$right"),
}
"""For each state its words and a colour."""


_COLOURS = {
    "box": "$text-primary",
    "name": "bold $text-primary",
    "face": "bold",
    "value": "$value",
    "gradient": "$gradient",
}
"""For each part of a drawing; the others are quiet."""

_QUIET = "$text-muted"

_OPEN = "·"
"""A number that is still asked."""

_SIDES = 4
"""Columns that one line does not have: the padding, and one that stays free."""

_CORNERS = 6
"""Columns of an edge that its title leaves free."""


class Preview(VerticalScroll, can_focus=False):
    """One text that scrolls, with a notice above it where there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.notice = ""
        self.ascii_only = False
        self._shown: Exercise | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The text."""
        yield BrokenText()

    def say(self, content: Content, title: str = "") -> None:
        """Show this text, below a title where it has one."""
        self._forget_timer()
        self._shown = None
        self.border_title, self.border_subtitle = Content(title), None
        room = (self.outer_size.width or self.app.size.width) - _SIDES
        is_long = "\n" in content.plain or columns(content.plain) > room
        self.set_class(is_long or bool(self.notice), "-long")
        self._update(content)

    def show(self, exercise: Exercise, shelf: Shelf, number: str = "", exam: str = "") -> None:
        """Show an exercise; a moment later its function as mathematics, and the learner's graph if it was begun.

        `number` is its number on the road; `exam` how it went as a paper, or how it is sat as one.
        """
        self._forget_timer()
        self._shown = exercise
        self._entitle(harmless(f"{number} {exercise.file.title}".strip()), harmless(exercise.id))
        self.set_class(bool(self.notice), "-long")
        if self.screen.has_class("-short") and not self.notice:
            self._update(_in_a_line(exercise, shelf, exam, self.size.width or self.app.size.width - 2))
            return
        self._update(_about(exercise, shelf, _with_inputs(exercise, exercise.file.function), exam))
        if exercise.file.function or shelf.state(exercise.id) != "new":
            self._timer = self.set_timer(_REST, lambda: self._look_closer(exercise, shelf, exam))

    def _entitle(self, title: str, id: str) -> None:
        """Name the exercise and its id; one that would be cut goes to the lower edge, where there is one."""
        both = f"{title}   {id}"
        room = (self.outer_size.width or self.app.size.width) - _CORNERS
        self.border_title = Content(both if columns(both) <= room else title)
        self.border_subtitle = Content("" if columns(both) <= room else id)

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()

    @work(thread=True, exclusive=True)
    def _look_closer(self, exercise: Exercise, shelf: Shelf, exam: str) -> None:
        # These load NumPy and the grammar, for which the first paint does not wait.
        from tutor.library.input_values import arrays_given
        from tutor.session.preview_graph import graph_so_far
        from tutor.typesetting import typeset_function

        function = exercise.file.function
        arrays = arrays_given(exercise.file.at)
        head = (typeset_function(function, self.ascii_only, arrays) if function else "") or function
        begun = shelf.state(exercise.id) != "new"
        room = self.scrollable_content_region
        graph = graph_so_far(exercise, room.width, room.height, self.ascii_only) if begun else None
        self.app.call_from_thread(self._show_more, exercise, shelf, exam, head, graph)

    def _show_more(self, exercise: Exercise, shelf: Shelf, exam: str, head: str, graph: Drawing | None) -> None:
        if exercise is not self._shown:
            return
        about = _about(exercise, shelf, _with_inputs(exercise, head), exam)
        self._update(Content.assemble(about, "\n\n", _painted(graph)) if graph is not None else about)

    def _update(self, content: Content) -> None:
        notice = Content.styled(f"{harmless(self.notice)}\n\n", "$text-warning") if self.notice else Content("")
        self.query_one(BrokenText).write(Content.assemble(notice, content))

    def introduce(self, pack: PackFile) -> None:
        """A pack's title, what is in it, and the page for those who open it."""
        said: list[str | tuple[str, str]] = [(harmless(pack.title), "bold")]
        said += [f"\n\n{harmless(part.strip())}" for part in (pack.about, pack.start) if part.strip()]
        self.say(Content.assemble(*said))

    def explain(self, broken: BrokenExercise) -> None:
        """Say why a file cannot be opened."""
        said: list[str | tuple[str, str]] = [("This file cannot be opened.\n\n", "bold"), harmless(str(broken.path))]
        for fault in broken.faults:
            line = f"line {fault.line}: " if fault.line else ""
            said += ["\n\n", (harmless(f"{line}{fault.place}"), "bold"), harmless(fault.reason)]
        self.say(Content.assemble(*said))


def _painted(drawing: Drawing) -> Content:
    """The drawing in the colours of the graph on the exercise's screen; nothing is at hand in it."""
    lines = [
        Content.assemble(
            *((_OPEN if run.role == "asked" else run.text, _COLOURS.get(run.role, _QUIET)) for run in line)
        )
        for line in drawing.lines
    ]
    return Content("\n").join(lines)


def _in_a_line(exercise: Exercise, shelf: Shelf, exam: str, room: int) -> Content:
    """State, how it went as a paper, function and what is asked, as much of it as goes into `room` columns."""
    file, state = exercise.file, shelf.state(exercise.id)
    words, colour = _STATES[state]
    notes = f", {', '.join(shelf.notes(exercise.id))}" if shelf.notes(exercise.id) else ""
    begins = f" {words}{_done(exercise, shelf)}{notes}   {f'{exam}   ' if exam else ''}"
    function = clipped_at_word(harmless(file.function), max(1, room - columns(begins) - 1)) if file.function else ""
    asks = f"{'   ' if function else ''}level {file.level}   {_asks(exercise)}"
    left = room - columns(begins) - columns(function) - 1
    return Content.assemble(
        (SIGNS[state], colour),
        begins,
        (function, "bold $text-primary"),
        (clipped_at_word(asks, left) if left > len("   level 1") else "", "$text-muted"),
    )


def _about(exercise: Exercise, shelf: Shelf, head: Content, exam: str) -> Content:
    file, state = exercise.file, shelf.state(exercise.id)
    words, colour = _STATES[state]
    lines = [
        *([head] if head.plain else []),  # questions have none, and the title stands above
        Content.assemble(
            (SIGNS[state], colour),
            f" {words}{_done(exercise, shelf)}",
            (f" · level {file.level} of 5 · {_asks(exercise)}", "$text-muted"),
        ),
    ]
    if notes := shelf.notes(exercise.id):
        sign = DUE if shelf.is_due(exercise.id) else CHANGED if shelf.has_changed(exercise.id) else SIGNS["solved"]
        lines.append(Content.assemble((sign, "$current"), f" {', '.join(notes)}"))
    if exam:
        lines.append(Content(exam))
    return Content("\n").join([*lines, Content(""), Content(harmless(file.prompt))])


def _with_inputs(exercise: Exercise, head: str) -> Content:
    """The function, and the inputs below it; nothing where there is none."""
    given = ", ".join(f"{name} = {value}" for name, value in exercise.file.at.items())
    return Content.assemble((harmless(head), "bold $text-primary"), f"\n{harmless(given)}" if given else "")


def _done(exercise: Exercise, shelf: Shelf) -> str:
    progress = shelf.progress.get(exercise.id)
    what = "questions" if len(exercise.file.question) > 1 else "steps"
    return f", {progress.done} of {progress.total} {what}" if progress is not None and progress.total > 1 else ""


def _asks(exercise: Exercise) -> str:
    """The steps, or how many questions of which kinds."""
    many = len(exercise.file.question)
    count = f"{many} {'question' if many == 1 else 'questions'}: " if many else ""
    return harmless(f"{count}{', '.join(exercise.steps)}")
