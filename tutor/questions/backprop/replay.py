"""A replay: the forward pass and then the backward pass of the learner's graph, gate by gate, as far as it is known.

`BackpropQuestion.replay` asks for it, and the replay screen shows it. A frame has the graph as it is then, what happens
in a few words, and the arithmetic in rows of three parts: what a line gives, by which rule, and its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.drawing import AtHand
from tutor.drawing.close_up import Slot
from tutor.engine.graph import Use
from tutor.engine.values import shape_of
from tutor.judging import right
from tutor.language import show
from tutor.questions.backprop.carried_forward import worked_text
from tutor.questions.backprop.gate_arithmetic import (
    arrival,
    bracketed,
    computed,
    down_words,
    gathered,
    in_numbers,
    local_text,
    sent,
    source_name,
    summed,
)
from tutor.questions.backprop.known_graph import (
    KnownValues,
    close_up,
    gradient_known,
    picture_of_work,
    sent_known,
    value_known,
)
from tutor.questions.backprop.reference import Reference, down_key, local_key, total_key, value_key
from tutor.questions.blank import Answer
from tutor.questions.printed import equated
from tutor.questions.question import ArithmeticRow, Frame


def replay(reference: Reference, work: KnownValues) -> tuple[Frame, ...]:
    """The forward pass and then the backward pass, gate by gate, up to the first number that is still asked."""
    return tuple(_frames(reference, work))


def _frames(reference: Reference, work: KnownValues) -> Iterator[Frame]:
    shown = _Shown(reference, work.digits)
    for gate in reference.graph.gates:
        name = reference.name(gate)
        if not value_known(reference, gate, work):
            yield shown.frame(gate, f"{name} is still to be found",
                              f"{reference.equation(gate)}: from here on it is yours to find.")  # fmt: skip
            return
        shown.add(value_key(name))
        yield shown.frame(gate, f"the value of {name}", computed(reference, gate), (_value_row(reference, gate),))
    if not work.asks_gradients:
        return
    shown.backward = True
    for gate in reference.backward_gates:
        name = reference.name(gate)
        if not gradient_known(reference, gate, work):
            yield shown.frame(gate, f"what arrives at {name} is still to be found",
                              f"What arrives at {name} is yours to find.")  # fmt: skip
            return
        shown.add(total_key(name))
        text = f"{reference.equation(gate)}: {arrival(reference, gate)}"
        yield shown.frame(gate, f"what arrives at {name}", text, (_gradient_row(reference, gate),), slot="upstream")
        for use in reference.branches(gate):
            if not sent_known(reference, use, work):
                yield shown.frame(gate, f"what {name} sends on is still to be found",
                                  f"What {name} sends on is yours to find.")  # fmt: skip
                return
            shown.add(local_key(name, use.port))
            shown.add(down_key(name, use.port))
            to = f"{name} sends down to {source_name(reference, use)}"
            yield shown.frame(gate, to, sent(reference, use), tuple(_sent_rows(reference, use)), use, "down")
    for position in reference.variables:
        name = reference.name(position)
        shown.add(total_key(name))
        if gradient_known(reference, position, work):
            text = f"{_gradient_name(reference, position)} {gathered(reference, position)}"
            yield shown.frame(position, f"the gradient of {name}", text, (_gradient_row(reference, position),))


class _Shown:
    """What has been shown so far; frames are made of it."""

    def __init__(self, reference: Reference, digits: int | None) -> None:
        self._reference = reference
        self._digits = digits
        self._keys: set[str] = set()
        self.backward = False

    def add(self, key: str) -> None:
        """From now on the answer to this blank is shown too."""
        self._keys.add(key)

    def frame(
        self,
        position: int,
        title: str,
        text: str,
        rows: tuple[ArithmeticRow, ...] = (),
        use: Use | None = None,
        slot: Slot = "value",
    ) -> Frame:
        """A step at a value; `use` is the wire on which something is sent back, `slot` the number that appears."""
        reference = self._reference
        known = KnownValues(dict.fromkeys(self._keys, Answer("", right())), self.backward, digits=self._digits)
        return Frame(
            picture_of_work(reference, known),
            reference.name(position),
            text,
            AtHand(position) if use is None else AtHand(position, use.port, back=True),
            title,
            rows,
            self.backward,
            close_up(reference, position, (slot, use.port if use is not None else 0), known),
        )


def _gradient_name(reference: Reference, position: int) -> str:
    return f"∂{reference.output_name}/∂{reference.name(position)}"


def _value_row(reference: Reference, gate: int) -> ArithmeticRow:
    """`p`, `x + y`, `1 + 3 = 4`."""
    expression, value = reference.graph.nodes[gate].expression, worked_text(reference.value(gate))
    numbers = in_numbers(reference, gate)
    rule = show(expression) if expression is not None else ""
    return ArithmeticRow(reference.name(gate), rule, equated(numbers, value) if numbers else value)


def _gradient_row(reference: Reference, position: int) -> ArithmeticRow:
    """`∂f/∂x`, `from a + from g`, `0.992 + 0.072 = 1.064`."""
    uses, total = reference.graph.uses[position], worked_text(reference.gradient(position))
    if position == reference.graph.output:
        rule = "at the output always 1"
    elif not uses:
        rule = "no gate uses it"
    else:
        rule = " + ".join(f"from {reference.name(use.gate)}" for use in uses)
    numbers = summed(reference, position) if len(uses) > 1 and position != reference.graph.output else total
    return ArithmeticRow(_gradient_name(reference, position), rule, numbers)


def _sent_rows(reference: Reference, use: Use) -> Iterator[ArithmeticRow]:
    """The local derivative, and upstream times local; at a tensor gate what it sends in one row."""
    source, gate = source_name(reference, use), reference.name(use.gate)
    share, node = worked_text(reference.share(use)), reference.gate_node(use.gate).gate
    assert node is not None
    if not node.elementwise:
        yield ArithmeticRow(f"to {source}", down_words(reference, use), share)
        return
    local = worked_text(reference.local(use))
    yield ArithmeticRow(f"local ∂{gate}/∂{source}", local_text(reference, use), local)
    times = f"{worked_text(reference.gradient(use.gate))} × {bracketed(local)}"
    if shape_of(reference.share(use)) != shape_of(reference.local(use)):
        yield ArithmeticRow(f"to {source}", "upstream × local, summed to its shape", f"{times}, summed: {share}")
    else:
        yield ArithmeticRow(f"to {source}", "upstream × local", equated(times, share))
