"""The exercises by topic, with signs for how far each has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import BindingType
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from tutor.catalogue.search import Shelf
from tutor.library import BrokenExercise, Exercise, Library
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.signs import SHOWN

SIGNS = {"new": "○", "started": "◐", "shown": SHOWN, "solved": "✓"}
"""For each state a sign."""

DUE = "↻"
"""The sign of what is worth another look."""

CHANGED = "≠"
"""The sign of what has changed since it was solved."""

_GAP = 2
"""The fewest columns between a title and what stands at the right."""

_MARGIN = 1
"""Columns kept free at the right, before the scrollbar."""

Entry = Exercise | BrokenExercise


class ExerciseTree(Tree[Entry]):
    """Topics with their exercises; below them the files that cannot be opened. Lines are as wide as there is room."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("home list")

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"exercise-tree--{part}" for part in ("aside", "due", "trouble", *SIGNS)}

    def __init__(self) -> None:
        super().__init__("Exercises")
        self.leaves: dict[str, TreeNode[Entry]] = {}
        """Id -> its line."""
        self._shelf = Shelf(Library(), {}, 0.0)

    def on_mount(self) -> None:
        """Topics alone stand at the top."""
        self.show_root = False
        self.guide_depth = 2
        self.auto_expand = False

    def show(self, shelf: Shelf, found: Mapping[str, list[Exercise]], broken: bool) -> None:
        """List these exercises by topic, and the broken files where they are wanted too."""
        self._shelf = shelf
        self.clear()
        self.leaves.clear()
        for topic, exercises in found.items():
            node = self.root.add(_topic(shelf, topic), expand=True)
            for exercise in exercises:
                self.leaves[exercise.id] = node.add_leaf(Text(harmless(exercise.file.title)), exercise)
        if broken and shelf.library.broken:
            node = self.root.add(Text("Files that cannot be opened", style="bold"), expand=True)
            for one in shelf.library.broken:
                node.add_leaf(Text(harmless(one.path.name)), one)

    def go_to(self, id: str | None) -> None:
        """Put the cursor on an exercise, or on the first one listed."""
        if id not in self.leaves:
            id = next(iter(self.leaves), None)
        if id is not None and self.last_line >= 0:  # asking for the last line numbers all of them
            self.cursor_line = -1  # another exercise may stand on the line where the cursor was
            self.move_cursor(self.leaves[id])

    def render_label(self, node: TreeNode[Entry], base_style: Style, style: Style) -> Text:
        """The line of an exercise, a file or a topic, cut where it is too long."""
        room = self.scrollable_content_region.width - _MARGIN - (self.guide_depth if node.data is not None else 0)
        room = max(1, room)
        match node.data:
            case Exercise() as exercise:
                line = self._line_of(exercise, room)
            case BrokenExercise() as broken:
                line = Text.assemble(("✗ ", self._style("trouble")), harmless(broken.path.name))
            case _:
                line = super().render_label(node, base_style, style)
        line.truncate(room, overflow="ellipsis")
        if node.data is not None:
            line.stylize(style)
        return line

    def get_label_width(self, _node: TreeNode[Entry]) -> int:
        """No label is wider than the room, so that none need be drawn to know it."""
        return 0

    def _line_of(self, exercise: Exercise, room: int) -> Text:
        """Sign, title, whether it is due or has changed; at the right the id, where there is room for it."""
        due = f" {DUE}" if self._shelf.is_due(exercise.id) else ""
        due += f" {CHANGED}" if self._shelf.has_changed(exercise.id) else ""
        line = Text(harmless(exercise.file.title))
        line.truncate(max(1, room - len(due) - 2), overflow="ellipsis")
        state = self._shelf.state(exercise.id)
        line = Text.assemble((f"{SIGNS[state]} ", self._style(state)), line, (due, self._style("due")))
        left = room - line.cell_len
        id = Text(harmless(exercise.id), self._style("aside"))
        if id.cell_len + _GAP <= left:
            return line + Text(" " * (left - id.cell_len)) + id
        return line + Text(" " * left)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"exercise-tree--{part}", partial=True)


def _topic(shelf: Shelf, topic: str) -> Text:
    exercises = shelf.library.topics[topic]
    solved = sum(shelf.is_solved(one.id) for one in exercises)
    done = f"  {solved}/{len(exercises)}" if solved else ""
    return Text.assemble((harmless(shelf.library.title_of(topic)), "bold"), (done, "dim"))
