"""The exercises by topic, with signs for how far each has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from tutor.browsing import Shelf
from tutor.library import BrokenExercise, Exercise
from tutor.text import harmless

SIGNS = {"new": ("○", "dim"), "started": ("◐", "yellow"), "solved": ("✓", "green")}
"""For each state a sign and a colour."""

DUE = "↻"
"""The sign of what is worth another look."""

Entry = Exercise | BrokenExercise


class ExerciseTree(Tree[Entry]):
    """Topics with their exercises; below them the files that cannot be opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Open", id="home.open"),
        Binding("j", "cursor_down", "Down", show=False, id="home.down"),
        Binding("k", "cursor_up", "Up", show=False, id="home.up"),
    ]

    def __init__(self) -> None:
        super().__init__("Exercises")
        self.leaves: dict[str, TreeNode[Entry]] = {}
        """Id -> its line."""

    def on_mount(self) -> None:
        """Topics alone stand at the top."""
        self.show_root = False
        self.guide_depth = 2
        self.auto_expand = False

    def show(self, shelf: Shelf, found: Mapping[str, list[Exercise]], broken: bool) -> None:
        """List these exercises by topic, and the broken files where they are wanted too."""
        self.clear()
        self.leaves.clear()
        for topic, exercises in found.items():
            node = self.root.add(_topic(shelf, topic), expand=True)
            for exercise in exercises:
                self.leaves[exercise.id] = node.add_leaf(_label(shelf, exercise), exercise)
        if broken and shelf.library.broken:
            node = self.root.add(Text("Files that cannot be opened", style="bold red"), expand=True)
            for one in shelf.library.broken:
                node.add_leaf(Text(f"✗ {harmless(one.path.name)}"), one)

    def go_to(self, id: str | None) -> None:
        """Put the cursor on an exercise, or on the first one listed."""
        if id not in self.leaves:
            id = next(iter(self.leaves), None)
        if id is not None and self.last_line >= 0:  # asking for the last line numbers all of them
            self.cursor_line = -1  # another exercise may stand on the line where the cursor was
            self.move_cursor(self.leaves[id])


def _topic(shelf: Shelf, topic: str) -> Text:
    exercises = shelf.library.topics[topic]
    solved = sum(shelf.state(one.id) == "solved" for one in exercises)
    done = f"  {solved}/{len(exercises)}" if solved else ""
    return Text.assemble((harmless(shelf.library.title_of(topic)), "bold"), (done, "dim"))


def _label(shelf: Shelf, exercise: Exercise) -> Text:
    due = (f" {DUE}", "cyan") if shelf.is_due(exercise.id) else ""
    title, id = harmless(exercise.file.title), harmless(exercise.id)
    return Text.assemble(SIGNS[shelf.state(exercise.id)], f" {title}", due, "  ", (id, "dim"))
