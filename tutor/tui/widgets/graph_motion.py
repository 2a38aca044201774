"""Motion in a graph: what was just found is seen to come. Only colours change, never places; the next key ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.timer import Timer
from textual.widget import Widget

from tutor.drawing import AtHand, Drawing, GraphSpec, wire_cells

_STEP, _STEPS = 0.06, 3
"""Seconds and number of the steps in which a gradient runs along its wire."""

_FRESH = 0.4
"""Seconds for which a number just found is bold."""

_SWEEP = 0.7
"""Seconds in which the finished graph lights up."""


class GraphMotion:
    """What of a drawing looks different for a moment; its widget is drawn anew at every step."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._timer: Timer | None = None
        self.unlit: frozenset[int] = frozenset()
        """Nodes whose gradients are not shown yet."""
        self.lit: frozenset[tuple[int, int]] = frozenset()
        """Cells of the drawing through which a gradient has run."""
        self.fresh: int | None = None
        """The node whose number was just found."""

    @property
    def _still(self) -> bool:
        return self._widget.app.animation_level == "none"

    def light_up(self, drawing: Drawing) -> None:
        """Let the gradients appear from the output back, layer by layer."""
        self.end()
        if self._still:
            return
        layers = sorted({place.x for place in drawing.places})
        self.unlit = frozenset(range(len(drawing.places)))

        def light(step: int) -> None:
            self.unlit = frozenset(node for node in self.unlit if drawing.places[node].x < layers[-step - 1])

        self._play(_SWEEP / max(1, len(layers)), len(layers), light)

    def show_found(self, drawing: Drawing, picture: GraphSpec, at: AtHand, ascii: bool) -> None:
        """Let the number just found be seen: a gradient runs along its wire, another one is bold for a moment."""
        self.end()
        if self._still:
            return
        self.fresh = at.asked(picture)
        path: Sequence[tuple[int, int]] = wire_cells(drawing, at, ascii) if at.back else ()

        def run(step: int) -> None:
            self.lit = frozenset(path[: len(path) * (step + 1) // _STEPS])

        self._play(_STEP if path else _FRESH, _STEPS if path else 1, run)

    def end(self) -> None:
        """Show how it ends, at once."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self._widget.refresh()
        self.unlit, self.lit, self.fresh = frozenset(), frozenset(), None

    def _play(self, pause: float, steps: int, show: Callable[[int], None]) -> None:
        """Show one step after the other, the first at once."""
        left = iter(range(steps))

        def go_on() -> None:
            step = next(left, None)
            if step is None:
                self.end()
                return
            show(step)
            self._widget.refresh()

        self._timer = self._widget.set_interval(pause, go_on)
        go_on()
