"""One gate as the rule of the chain has it: values go right on top, gradients come left below them.

i     0.844 ━━━━━━▶ ┏━j━━┓ ────────▶ j      1.185
to i  ?     ◀━━━━━━ ┃ 1/ ┃ ◀──────── ∂f/∂j -0.149
                    ┗━━━━┛           from f
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutor.drawing.canvas import ASCII_LINES, Canvas
from tutor.drawing.characters import in_ascii, width
from tutor.drawing.layout import number_role
from tutor.drawing.spec import OPEN, Drawing, Rect, Role

Slot = Literal["value", "upstream", "local", "down"]


@dataclass(frozen=True, slots=True)
class CloseUpArgument:
    """An argument of the gate: its name and value, the local derivative along it, and what the gate sends back."""

    name: str
    value: str
    local_label: str = ""
    """What the local derivative is called; "" where there is none."""

    local: str = ""
    sent: str = ""


@dataclass(frozen=True, slots=True)
class CloseUp:
    """A gate and what it touches, every part as text; "?" where it is still to be found, "" where it is not asked."""

    name: str
    symbol: str
    arguments: tuple[CloseUpArgument, ...]
    value: str
    upstream_label: str = ""
    upstream: str = ""
    sender: str = ""
    """Who sends the upstream: a gate, or several."""

    at_hand: tuple[Slot, int] = ("value", 0)
    """Which number is asked, and at which argument."""

    @property
    def height(self) -> int:
        """Its height, in rows of cells."""
        return 3 * len(self.arguments) + 1


_LEAST_WIRE, _MOST_WIRE = 4, 18


def draw_close_up(gate: CloseUp, room: int, ascii: bool = False) -> Drawing | None:
    """Draw it in at most `room` columns; None where it does not fit."""
    names = [part.name for part in gate.arguments]
    label = max(map(width, [*(f"to {name}" for name in names), ""])) + 2
    number = max(6, *(width(text) for part in gate.arguments for text in (part.value, part.sent))) + 1
    box = max(width(gate.symbol), width(gate.name)) + 4
    out = max(width(gate.name), width(gate.upstream_label)) + 1
    far = max(6, width(gate.value), width(gate.upstream), width(f"from {gate.sender}") - out)
    wires = room - label - number - box - out - far - 4
    if wires < 2 * _LEAST_WIRE or not gate.arguments:
        return None
    wire_in = min(_MOST_WIRE, wires // 2 + wires % 2)
    wire_out = min(_MOST_WIRE, wires // 2)
    height = gate.height
    box_at = label + number + wire_in + 1
    canvas = Canvas(box_at + box + wire_out + out + far + 3, height, ASCII_LINES if ascii else {})
    painter = _Painter(canvas, gate, ascii)
    for place, part in enumerate(gate.arguments):
        painter.argument(place, part, label, label + number, box_at)
    painter.box(box_at, box, height)
    painter.output(1 + 3 * (len(gate.arguments) - 1) // 2, box_at + box, wire_out, out)
    return Drawing(canvas.lines(), canvas.width, height, (Rect(box_at, 1, box, height - 1),), "boxes")


class _Painter:
    def __init__(self, canvas: Canvas, gate: CloseUp, ascii: bool) -> None:
        self._canvas, self._gate, self._ascii = canvas, gate, ascii

    def _write(self, x: int, y: int, text: str, role: Role) -> None:
        self._canvas.write(x, y, in_ascii(text) if self._ascii else text, role, 0)

    def _number(self, x: int, y: int, text: str, role: Role, here: bool) -> None:
        """A number; what is still to be found is a dot, but for the one at hand."""
        text = OPEN if text == "?" and not here else text
        self._write(x, y, "." if self._ascii and text == OPEN else text, number_role(text, role))

    def _at(self, slot: Slot, place: int = 0) -> bool:
        return self._gate.at_hand == (slot, place)

    def argument(self, place: int, part: CloseUpArgument, value_at: int, wire_at: int, box_at: int) -> None:
        """Three rows: the local derivative over the wire, the value that comes, the gradient that goes back."""
        y = 3 * place
        if part.local_label and part.local:
            here, label = self._at("local", place), f"{part.local_label} = "
            if wire_at + width(label) + width(part.local) >= box_at:
                label = "local = "
            self._write(wire_at, y, label, "name" if here else "plain")
            self._number(wire_at + width(label), y, part.local, "gradient", here)
        self._write(0, y + 1, part.name, "name")
        self._number(value_at, y + 1, part.value, "value", here=False)
        self._wire(wire_at, box_at - 2, y + 1, back=False, heavy=self._at("local", place))
        if part.sent:
            here = self._at("down", place)
            self._write(0, y + 2, f"to {part.name}", "name" if here else "plain")
            self._number(value_at, y + 2, part.sent, "gradient", here)
            self._wire(wire_at, box_at - 2, y + 2, back=True, heavy=here)

    def output(self, y: int, x: int, wire: int, out: int) -> None:
        """What the gate gives, and what comes back to it."""
        gate, at = self._gate, x + wire + 2
        self._wire(x + 1, x + wire, y, back=False, heavy=self._at("value"))
        self._write(at, y, gate.name, "name")
        self._number(at + out, y, gate.value, "value", self._at("value"))
        if gate.upstream:
            self._wire(x + 1, x + wire, y + 1, back=True, heavy=self._at("upstream"))
            self._write(at, y + 1, gate.upstream_label, "plain")
            self._number(at + out, y + 1, gate.upstream, "gradient", self._at("upstream"))
            if gate.sender:
                self._write(at, y + 2, f"from {gate.sender}", "plain")

    def box(self, x: int, wide: int, height: int) -> None:
        """The gate in heavy lines, its sign in the middle."""
        heavy = "=#" if self._ascii else "━┃"
        corners = "++++" if self._ascii else "┏┓┗┛"
        canvas, right = self._canvas, x + wide - 1
        for y in range(1, height):
            edge = y in (1, height - 1)
            canvas.fill(range(x + 1, right), y, heavy[0] if edge else " ", "at hand", 0)
            ends = (corners[:2] if y == 1 else corners[2:]) if edge else heavy[1] * 2
            canvas.put(x, y, ends[0], "at hand", 0)
            canvas.put(right, y, ends[1], "at hand", 0)
        self._write(x + 2, 1, self._gate.name, "name")
        self._write(x + (wide - width(self._gate.symbol)) // 2, height // 2, self._gate.symbol, "face")

    def _wire(self, left: int, right: int, y: int, back: bool, heavy: bool) -> None:
        line, role = ("━", "at hand") if heavy else ("─", "wire")
        sign = ("=" if heavy else "-") if self._ascii else line
        self._canvas.fill(range(left, right + 1), y, sign, role, 0)  # type: ignore[arg-type]
        head = ("<" if back else ">") if self._ascii else ("◀" if back else "▶")
        self._canvas.put(left if back else right, y, head, role, 0)  # type: ignore[arg-type]
