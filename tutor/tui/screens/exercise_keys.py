"""The keys of the exercise screen. Each can be set anew by its id."""

from __future__ import annotations

from textual.binding import Binding, BindingType

KEYS: list[BindingType] = [
    # Priority: the editors have uses of their own for some of these keys.
    Binding("f1", "help", "Help", priority=True, id="exercise.help"),
    Binding("f2", "hint", "Hint", priority=True, id="exercise.hint"),
    Binding("f5", "check", "Check", priority=True, id="exercise.check"),
    Binding("f3", "step(-1)", "Previous step", show=False, priority=True, id="exercise.back"),
    Binding("f4", "step(1)", "Next step", show=False, priority=True, id="exercise.on"),
    Binding("f7", "graph", "Graph", priority=True, id="exercise.graph"),
    Binding("f7", "leave_graph", "Back", priority=True, id="exercise.graph"),
    Binding("f8", "quick", "Quick", priority=True, id="exercise.quick"),
    Binding("f8", "full", "Full", priority=True, id="exercise.quick"),
    Binding("f9", "show", "Show", priority=True, id="exercise.show"),
    Binding("f6", "worked", "Worked", priority=True, id="exercise.worked"),
    Binding("ctrl+n", "again", "Begin again", show=False, priority=True, id="exercise.again"),
    Binding("ctrl+l", "statement", "Text", priority=True, id="exercise.statement"),
    Binding("f10", "outside", "Editor", priority=True, id="exercise.outside"),
    Binding("e", "outside", "Editor", show=False, id="exercise.outside_e"),
    Binding("ctrl+r", "replay", "Replay", show=False, priority=True, id="exercise.replay"),
    Binding("ctrl+g", "gates", "Gate card", show=False, id="exercise.gates"),
    Binding("escape", "home", "Home", id="exercise.home"),
    Binding("escape", "leave_graph", "Back", id="exercise.home"),
    Binding("up", "blank(-1)", "Previous blank", show=False, id="exercise.up"),
    Binding("down", "blank(1)", "Next blank", show=False, id="exercise.down"),
    Binding("pageup", "said(-1)", "Tutor panel up", show=False, id="exercise.said_up"),
    Binding("pagedown", "said(1)", "Tutor panel down", show=False, id="exercise.said_down"),
]
