"""The road: the exercises by topic, with numbers, signs for how far each has come, and a map of each topic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input, Tree
from textual.widgets.tree import TreeNode

from tutor.catalogue.road import Road
from tutor.catalogue.search import Shelf
from tutor.library import BrokenExercise, Exercise, Library
from tutor.library.format import PackFile
from tutor.text import clipped_at_word, harmless
from tutor.tui.commands import bindings
from tutor.tui.signs import SHOWN

SIGNS = {"new": "○", "started": "◐", "shown": SHOWN, "solved": "✓"}
"""For each state a sign."""

DUE = "↻"
"""The sign of what is worth another look."""

CHANGED = "≠"
"""The sign of what has changed since it was solved."""

_CELLS = {"new": "░", "started": "▒", "shown": "▒", "solved": "█"}
"""For each state a cell of its topic's map."""

_WORDS = {"new": "", "started": "begun", "shown": "shown", "solved": ""}
_LEVELS = 5

_MARGIN = 1
"""Columns kept free at the right, before the scrollbar."""

_ASIDE = 18
"""Columns at the right for level and state, or for the map and the count of a topic."""

_NARROW_ASIDE = 12
_NARROW = 64
"""Columns below which the level is left out, and the map is cut."""

Entry = Exercise | BrokenExercise | PackFile
"""What a line is about, below or above topics: a topic's own line is about nothing but it."""


class SearchField(Input):
    """The words that are looked for. Enter is a message, as typing is: it comes after what was typed before it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("home search")

    class Left(Message):
        """The cursor is to go on into what was found."""

    def action_leave(self) -> None:
        """Go on into what was found."""
        self.post_message(self.Left())


class ExerciseTree(Tree[Entry]):
    """Topics with their exercises; below them the files that cannot be opened. Lines are as wide as there is room."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("home list")

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"exercise-tree--{part}" for part in ("aside", "due", "trouble", *SIGNS)}

    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "

    class LeftAtTop(Message):
        """The cursor was to go up from the first line."""

    def __init__(self) -> None:
        super().__init__("Exercises")
        self.leaves: dict[str, TreeNode[Entry]] = {}
        """Id -> its line."""
        self._shelf = Shelf(Library(), {}, 0.0)
        self._road = Road()
        self._topics: dict[int, str] = {}
        """Number of a node -> the topic that it stands for."""
        self._listed: tuple[Mapping[str, list[Exercise]], str | None] | None = None
        """What is listed, and where the learner is in it, where topics are folded by room."""
        self._folded: dict[str, bool] = {}
        """Topic -> whether the learner has folded it, or unfolded."""

    def on_mount(self) -> None:
        """Topics alone stand at the top."""
        self.show_root = False
        self.show_guides = False
        self.guide_depth = 2
        self.auto_expand = False

    def show(
        self,
        shelf: Shelf,
        road: Road,
        found: Mapping[str, list[Exercise]],
        narrowed: bool,
        here: str | None,
    ) -> None:
        """List these exercises by topic.

        Where the list is `narrowed` down all topics are unfolded, and files that cannot be opened are left out; else
        those that are begun or contain the exercise `here`, the ones after them as far as there is room for all lines,
        and what the learner has unfolded.
        """
        self._shelf, self._road = shelf, road
        self._listed = None if narrowed else (found, here)
        self.clear()
        self.leaves.clear()
        self._topics.clear()
        unfolded = set(found) if narrowed else self._unfolded(found, here)
        packs = shelf.library.packs_told()
        told = None
        for topic, exercises in found.items():
            if (pack := packs.get(exercises[0].pack)) is not None and pack is not told:
                self.root.add_leaf(Text(harmless(pack.title)), pack)
            told = pack
            node = self.root.add(Text(harmless(shelf.library.title_of(topic))), expand=topic in unfolded)
            self._topics[node.id] = topic
            for exercise in exercises:
                self.leaves[exercise.id] = node.add_leaf(Text(harmless(exercise.file.title)), exercise)
        if not narrowed and shelf.library.broken:
            node = self.root.add(Text("Files that cannot be opened"), expand=True)
            for one in shelf.library.broken:
                node.add_leaf(Text(harmless(one.path.name)), one)

    def _unfolded(self, found: Mapping[str, list[Exercise]], here: str | None) -> set[str]:
        at_hand = [
            topic
            for topic, exercises in found.items()
            if any(one.id == here or self._shelf.state(one.id) == "started" or self._shelf.is_due(one.id)
                   for one in exercises)
        ]  # fmt: skip
        unfolded = {topic for topic in at_hand if not self._folded.get(topic)}
        unfolded |= {topic for topic, folded in self._folded.items() if not folded and topic in found}
        order = list(found)
        room = self.scrollable_content_region.height - len(found) - sum(len(found[topic]) for topic in unfolded)
        start = order.index(at_hand[-1]) if at_hand else 0
        for topic in order[start:]:
            room -= 0 if topic in unfolded else len(found[topic])
            if room < 0:
                break
            if not self._folded.get(topic):
                unfolded.add(topic)
        return unfolded

    @property
    def _at_cursor(self) -> TreeNode[Entry] | None:
        """The topic of the line under the cursor."""
        node = self.cursor_node
        return node.parent if node is not None and node.data is not None else node

    def toggled(self, node: TreeNode[Entry]) -> None:
        """Fold a topic away, or unfold it; it stays so."""
        if node.id in self._topics:
            self._folded[self._topics[node.id]] = node.is_expanded
        node.toggle()

    def action_select_exercise(self) -> None:
        """Open the exercise under the cursor."""
        self.action_select_cursor()

    def action_unfold(self) -> None:
        """Unfold the topic under the cursor."""
        self.action_select_cursor()

    def action_fold(self) -> None:
        """Fold it away."""
        self.action_select_cursor()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """An exercise is opened; a topic is unfolded, or folded away; what else there is can only be read about."""
        if action not in ("select_exercise", "unfold", "fold"):
            return True
        node = self.cursor_node
        if node is None or node is self.root or isinstance(node.data, BrokenExercise | PackFile):
            return False
        if isinstance(node.data, Exercise):
            return action == "select_exercise"
        return action == ("fold" if node.is_expanded else "unfold")

    def topic_of(self, node: TreeNode[Entry]) -> str | None:
        """The topic that a line stands for; None for an exercise or a file."""
        return self._topics.get(node.id)

    @property
    def under_cursor(self) -> str | None:
        """The exercise, by its id, or else the topic that the cursor is on."""
        node = self.cursor_node
        if node is None:
            return None
        return node.data.id if isinstance(node.data, Exercise) else self._topics.get(node.id)

    def go_to(self, here: str | None) -> None:
        """Put the cursor on an exercise, by its id, or on a topic; else on the first exercise listed."""
        topics = {topic: node for node in self.root.children if (topic := self._topics.get(node.id)) is not None}
        node = self.leaves.get(here or "") or topics.get(here or "") or next(iter(self.leaves.values()), None)
        if node is None:
            return
        if node.parent is not None and not node.parent.is_expanded:
            node.parent.expand()
        if self.last_line >= 0:  # asking for the last line numbers all of them
            self.cursor_line = -1  # another exercise may be on the line where the cursor was
            self.move_cursor(node)

    def action_cursor_up(self) -> None:
        """Up; from the first line to what is above the list."""
        if self.cursor_line <= 0:
            self.post_message(self.LeftAtTop())
        else:
            super().action_cursor_up()

    def on_resize(self, _event: events.Resize) -> None:
        """Labels are as wide as there is room, and as many topics unfolded."""
        if self._listed is not None:
            unfolded = self._unfolded(*self._listed)
            for node in self.root.children:
                topic = self._topics.get(node.id)
                if topic is not None and node is not self._at_cursor and node.is_expanded != (topic in unfolded):
                    node.toggle()

    # Lines

    def render_label(self, node: TreeNode[Entry], _base_style: Style, style: Style) -> Text:
        """The line of an exercise, a file or a topic, cut where it is too long."""
        indented = node.data is not None and not isinstance(node.data, PackFile)
        room = self.scrollable_content_region.width - _MARGIN - (self.guide_depth if indented else 0)
        room = max(1, room)
        match node.data:
            case Exercise() as exercise:
                line = self._line_of(exercise, room)
            case BrokenExercise() as broken:
                line = Text.assemble(("✗ ", self._style("trouble")), harmless(broken.path.name))
            case PackFile() as pack:
                line = Text(harmless(pack.title), "bold underline")
            case _:
                line = self._topic_line(node, room)
        line.truncate(room, overflow="ellipsis")
        line.stylize(style)
        return line

    def get_label_width(self, _node: TreeNode[Entry]) -> int:
        """No label is wider than the room, so that none need be drawn to know it."""
        return 0

    def _topic_line(self, node: TreeNode[Entry], room: int) -> Text:
        """Number and title; at the right a cell per exercise, and how many of them are solved."""
        arrow = self.ICON_NODE_EXPANDED if node.is_expanded else self.ICON_NODE
        topic = self._topics.get(node.id)
        if topic is None:
            return Text.assemble(arrow, (str(node.label), "bold"))
        title = Text.assemble(arrow, (f"{self._road.topics.get(topic, 0):>2}", self._style("aside")), "  ",
                              (str(node.label), "bold"))  # fmt: skip
        exercises = self._shelf.library.topics[topic]
        solved = f"{sum(self._shelf.is_solved(one.id) for one in exercises)}/{len(exercises)}"
        cells = list(self._map(topic))[: self._aside(room) - len(solved) - 1]
        return self._in_columns(title, Text.assemble(*cells), Text(solved, self._style("aside")), room)

    def _map(self, topic: str) -> Iterator[tuple[str, Style]]:
        for exercise in self._shelf.library.topics[topic]:
            state = self._shelf.state(exercise.id)
            if self._shelf.is_due(exercise.id):
                yield DUE, self._style("due")
            elif state == "new" and self._shelf.is_solved(exercise.id):
                yield _CELLS["solved"], self._style("solved")
            else:
                yield _CELLS[state], self._style(state)

    def _line_of(self, exercise: Exercise, room: int) -> Text:
        """Number, sign and title; at the right its level, and what is to be said of its state."""
        state, due = self._shelf.state(exercise.id), self._shelf.is_due(exercise.id)
        number = self._road.exercises.get(exercise.id, "")
        sign, part = (DUE, "due") if due else (SIGNS[state], state)
        title = Text.assemble(
            (f"{number:>5} ", self._style("aside")), (f"{sign} ", self._style(part)), harmless(exercise.file.title)
        )
        level = ""
        if room + self.guide_depth >= _NARROW:
            level = "●" * exercise.file.level + "○" * (_LEVELS - exercise.file.level)
        return self._in_columns(title, Text(level, self._style("aside")), self._state_of(exercise, due), room)

    def _state_of(self, exercise: Exercise, due: bool) -> Text:
        shelf, id = self._shelf, exercise.id
        state = shelf.state(id)
        if due:
            return Text("due", self._style("due"))
        if shelf.has_changed(id):
            return Text(f"{CHANGED} changed", self._style("due"))
        if state == "started" and (progress := shelf.progress.get(id)) is not None and progress.total > 1:
            return Text(f"{progress.done}/{progress.total}", self._style("started"))
        return Text(_WORDS[state], self._style(state))

    @staticmethod
    def _aside(room: int) -> int:
        return _ASIDE if room >= _NARROW - 2 else _NARROW_ASIDE

    def _in_columns(self, left: Text, middle: Text, right: Text, room: int) -> Text:
        """A title, and two columns at the right, of which the second ends at the right edge.

        A title that is too long for its column may push the next one to the right: nothing is cut beside free columns.
        """
        used = middle.cell_len + right.cell_len + bool(right.cell_len)
        title = max(1, room - self._aside(room) - 1, min(left.cell_len, room - used - 1))
        shown = clipped_at_word(left.plain, title)
        if shown != left.plain:
            left.right_crop(len(left.plain) - len(shown) + 1)
            left.append("…")
        between = room - title - 1 - middle.cell_len - right.cell_len
        return Text.assemble(left, " " * (title - left.cell_len + 1), middle, " " * max(1, between), right)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"exercise-tree--{part}", partial=True)
