"""The step `forward`: a value for every gate."""

from __future__ import annotations

from tutor.engine.values import shape_of, show_shape
from tutor.judging import Verdict
from tutor.judging.shapes import asked_for
from tutor.questions.backprop.carried_forward import Own, carried, judge_value, value_key, worked_text
from tutor.questions.backprop.explain import explain_value
from tutor.questions.backprop.reference import Sheets, Worksheet
from tutor.questions.blank import Answers, Blank

_PRINCIPLE = "A gate's value is its operation applied to the values that arrive on its wires."
_WATCH = {
    "sin": " Angles are in radians.",
    "cos": " Angles are in radians.",
    "tan": " Angles are in radians.",
    "ln": " ln asks: e to what power gives this number?",
    "exp": " e^0 is 1, and e^-a is 1/e^a.",
    "sigmoid": " σ(a) is 1/(1 + e^-a); σ(0) is one half.",
}


class ForwardStep:
    """One blank a gate, in the order of the graph."""

    key = "forward"
    title = "Forward"

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets

    def about(self, given: Answers) -> str:
        """What is asked."""
        return "Run the numbers through the graph: 0.135, 1/3 and e^-2 are all fine."

    def blanks(self, given: Answers) -> tuple[Blank, ...]:
        """A blank for each gate of the learner's staging."""
        sheet = self._sheets.of(given)
        return tuple(self._blank(sheet, gate) for gate in sheet.graph.gates) if sheet else ()

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """Against the true value, and against what follows from the learner's own earlier values."""
        sheet, gate = self._place(blank, given)
        truth, own = sheet.value(gate), Own(sheet, given)
        sources = [sheet.name(sheet.source(use)) for use in sheet.wires(gate)]
        keys = [value_key(name) for name in dict.fromkeys(sources)]
        others = carried(own.follows_for_value(gate), truth, keys, given)
        at, powers = sheet.names_at(sheet.here.values, before=gate), sheet.problem.entrywise_powers
        verdict = judge_value(text, truth, at, others, entrywise_powers=powers)
        return explain_value(sheet, gate, text, verdict, given)

    def hints(self, blank: Blank, text: str, given: Answers) -> tuple[str, str, str]:
        """The gate's meaning; its numbers; the line."""
        sheet, gate = self._place(blank, given)
        node = sheet.gate_node(gate)
        assert node.gate is not None
        arguments = "; ".join(
            f"{sheet.name(position)} is {worked_text(sheet.value(position))}"
            for position in dict.fromkeys(a for a in node.arguments if isinstance(a, int))
        )
        rule = "" if not shape_of(sheet.value(gate)) else f" Its shape is {show_shape(shape_of(sheet.value(gate)))}."
        question = f"{sheet.equation(gate)}, and {arguments}. What comes out?{rule}"
        return (
            _PRINCIPLE + _WATCH.get(node.gate.key, ""),
            question,
            f"{sheet.equation(gate)} = {worked_text(sheet.value(gate))}",
        )

    def worked(self, blank: Blank, given: Answers) -> str:
        """The true value."""
        sheet, gate = self._place(blank, given)
        return worked_text(sheet.value(gate))

    def _blank(self, sheet: Worksheet, gate: int) -> Blank:
        name, shape = sheet.name(gate), shape_of(sheet.value(gate))
        asks = f"What is the value of {name}" + (f", of shape {show_shape(shape)}?" if shape else "?")
        equation, example = sheet.equation(gate), asked_for(shape_of(sheet.value(gate)))
        return Blank(value_key(name), f"{name} =", f"{equation}. {asks}", group=equation, example=example)

    def _place(self, blank: Blank, given: Answers) -> tuple[Worksheet, int]:
        sheet = self._sheets.of(given)
        assert sheet is not None, "this step has blanks only when there is a graph"
        return sheet, sheet.graph.positions[blank.key.partition(":")[2]]
