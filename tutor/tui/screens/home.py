"""The home screen: topics and exercises, what is done, and a preview of the one under the cursor."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Static, Tree
from textual.widgets.tree import TreeNode

from tutor.learner import Progress
from tutor.library import BrokenExercise, Exercise, Library
from tutor.text import harmless
from tutor.tui.screens.help import HelpScreen
from tutor.tui.widgets.title_bar import TitleBar

_SIGNS = {"new": ("○", "dim"), "started": ("◐", "yellow"), "solved": ("✓", "green")}
_STATES = {"new": "not begun", "started": "begun", "solved": "solved"}
_DUE = "↻"

Entry = Exercise | BrokenExercise


class ExerciseTree(Tree[Entry]):
    """Topics with their exercises."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Open", id="home.open"),
        Binding("j", "cursor_down", "Down", show=False, id="home.down"),
        Binding("k", "cursor_up", "Up", show=False, id="home.up"),
    ]

    def on_mount(self) -> None:
        """Topics alone stand at the top."""
        self.show_root = False
        self.guide_depth = 2
        self.auto_expand = False


class HomeScreen(Screen[None]):
    """A tree of exercises beside (or above) the preview."""

    CSS_PATH = "home.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", id="help"),
        Binding("ctrl+g", "gates", "Gate cards", id="home.gates"),
        Binding("pageup", "preview(-1)", "Preview up", show=False, id="home.preview_up"),
        Binding("pagedown", "preview(1)", "Preview down", show=False, id="home.preview_down"),
    ]

    class GatesWanted(Message):
        """The gate cards are wanted."""

    class Opened(Message):
        """An exercise was chosen."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._now = 0.0
        self._progress: Mapping[str, Progress] = {}
        self._leaves: dict[str, TreeNode[Entry]] = {}
        self._notice = ""

    def compose(self) -> ComposeResult:
        """Shown at once; the exercises follow when they are read."""
        yield TitleBar("backprop-tutor", "learn backpropagation by doing it")
        with Container(id="body"):
            yield ExerciseTree("Exercises")
            with VerticalScroll(id="preview", can_focus=False):
                yield Static("Reading the exercises …", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def show(self, library: Library, progress: Mapping[str, Progress], last: str | None, notice: str = "") -> None:
        """List the exercises, with the cursor on the one to go on with."""
        self._progress, self._notice, self._now = progress, notice, self._clock()
        tree = self.query_one(ExerciseTree)
        tree.clear()
        self._leaves.clear()
        for topic, exercises in library.topics.items():
            node = tree.root.add(Text(library.title_of(topic), style="bold"), expand=True)
            for exercise in exercises:
                self._leaves[exercise.id] = node.add_leaf(self._label(exercise), exercise)
        if library.broken:
            node = tree.root.add(Text("Files that cannot be opened", style="bold red"), expand=True)
            for broken in library.broken:
                node.add_leaf(Text(f"✗ {harmless(broken.path.name)}"), broken)
        tree.focus()
        self._select(self._to_go_on_with(library, last))

    def explain(self, broken: BrokenExercise) -> None:
        """Say why an exercise cannot be opened."""
        self._preview(_about_broken(broken))

    def _label(self, exercise: Exercise) -> Text:
        sign, style = _SIGNS[self._state(exercise.id)]
        due = (f" {_DUE}", "cyan") if self._is_due(exercise.id) else ""
        title, id = harmless(exercise.file.title), harmless(exercise.id)
        return Text.assemble((sign, style), f" {title}", due, "  ", (id, "dim"))

    def _state(self, id: str) -> str:
        return self._progress[id].state if id in self._progress else "new"

    def _is_due(self, id: str) -> bool:
        """Whether it was worth another look when the list was last shown: list and preview say the same."""
        due = self._progress[id].due if id in self._progress else None
        return due is not None and due <= self._now

    def _to_go_on_with(self, library: Library, last: str | None) -> str | None:
        """The exercise opened last, if it is not solved; else the first after it, or of all, that is not."""
        ids = [exercise.id for exercises in library.topics.values() for exercise in exercises]
        if last not in ids:
            last = ids[0] if ids else None
        if last is None:
            return None
        start = ids.index(last)
        return next((id for id in (*ids[start:], *ids[:start]) if self._state(id) != "solved"), last)

    def _select(self, id: str | None) -> None:
        tree = self.query_one(ExerciseTree)
        if id in self._leaves and tree.last_line >= 0:  # asking for the last line numbers all of them
            tree.move_cursor(self._leaves[id])
        elif self._leaves == {}:
            self._preview(Content("There are no exercises here."))

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[Entry]) -> None:
        """Show the preview."""
        entry = event.node.data
        match entry:
            case Exercise():
                self._preview(self._about(entry))
            case BrokenExercise():
                self._preview(_about_broken(entry))
            case _:
                self._preview(Content.styled(f"{len(event.node.children)} exercises. Enter folds them away.", "dim"))

    def on_tree_node_selected(self, event: Tree.NodeSelected[Entry]) -> None:
        """Open an exercise, fold a topic."""
        if isinstance(event.node.data, Exercise):
            self.post_message(self.Opened(event.node.data.id))
        elif event.node.data is None:
            event.node.toggle()

    def _preview(self, content: Content) -> None:
        notice = Content.styled(f"{self._notice}\n\n", "$text-warning") if self._notice else Content("")
        self.query_one("#preview Static", Static).update(Content.assemble(notice, content))

    def _about(self, exercise: Exercise) -> Content:
        file, state = exercise.file, self._state(exercise.id)
        lines = [
            _given(exercise),
            Content.assemble(
                _SIGNS[state],
                f" {_STATES[state]}{self._steps_done(exercise)}",
                (f" · level {file.level} of 5 · {_asks(exercise)}", "$text-muted"),
            ),
            *([Content.assemble((_DUE, "$text-accent"), " worth another look")] if self._is_due(exercise.id) else []),
            Content(""),
            Content(harmless(file.prompt)),
        ]
        return Content("\n").join(lines)

    def _steps_done(self, exercise: Exercise) -> str:
        progress = self._progress.get(exercise.id)
        what = "questions" if len(exercise.file.question) > 1 else "steps"
        return f", {progress.done} of {progress.total} {what}" if progress is not None and progress.total > 1 else ""

    def action_help(self) -> None:
        """Explain the keys."""
        self.app.push_screen(HelpScreen())

    def action_gates(self) -> None:
        """Show the gate cards."""
        self.post_message(self.GatesWanted())

    def action_preview(self, by: int) -> None:
        """Scroll the preview."""
        self.query_one("#preview", VerticalScroll).scroll_relative(y=3 * by, animate=False)


def _given(exercise: Exercise) -> Content:
    """The function and its inputs; the title where there is no function."""
    file = exercise.file
    given = ", ".join(f"{harmless(name)} = {harmless(str(value))}" for name, value in file.at.items())
    return Content.assemble((harmless(file.function or file.title), "bold $text-primary"), f"   {given}")


def _asks(exercise: Exercise) -> str:
    """The steps, or how many questions of which kinds."""
    many = len(exercise.file.question)
    count = f"{many} {'question' if many == 1 else 'questions'}: " if many else ""
    return harmless(f"{count}{', '.join(exercise.steps)}")


def _about_broken(broken: BrokenExercise) -> Content:
    place = f" (line {broken.line})" if broken.line else ""
    return Content.assemble(
        ("This file cannot be opened.\n\n", "bold"),
        f"{harmless(str(broken.path))}{place}\n\n",
        (f"{harmless(broken.key)}: " if broken.key else "", "bold"),
        harmless(broken.reason),
    )
