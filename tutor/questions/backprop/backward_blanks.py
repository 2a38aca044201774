"""The blanks of the backward pass: every piece, or each gradient at once and the pieces of those that were wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tutor.engine.graph import Use
from tutor.engine.values import shape_of, show_shape
from tutor.judging.precision import WANTED_DIGITS
from tutor.judging.shapes import asked_for
from tutor.questions.backprop.carried_forward import LearnerValues
from tutor.questions.backprop.gate_arithmetic import source_name
from tutor.questions.backprop.open_pieces import open_wires
from tutor.questions.backprop.reference import Reference, down_key, key_parts, local_key, total_key
from tutor.questions.blank import Answers, Blank, FilledIn
from tutor.questions.inflect import listed
from tutor.questions.labels import without_left_side


def blanks_of(reference: Reference, answers: Answers) -> tuple[Blank, ...]:
    """The blanks, from the output back to the inputs."""
    # They are asked for many times an answer.
    filled_in = None if answers.quick else tuple(_filled_in(reference, answers))
    key = "blanks", filled_in, frozenset(_wrong_wholes(reference, answers).items() if answers.quick else ())
    if key not in reference.kept:
        made = _quick_blanks(reference, answers) if filled_in is None else _full_blanks(reference, filled_in)
        reference.kept[key] = tuple(made)
    blanks: tuple[Blank, ...] = reference.kept[key]
    return blanks


def place_of(reference: Reference, blank: Blank) -> tuple[str, Use | int]:
    """What kind of number a blank asks for, and where: a wire into a gate, or a value."""
    at = key_parts(blank.key)
    position = reference.graph.positions[at.name]
    return at.kind, position if at.port is None else Use(position, at.port)


def _full_blanks(reference: Reference, filled_in: Sequence[FilledIn | None]) -> Iterator[Blank]:
    """Every local derivative, every downstream, and where several downstreams meet their sum.

    `filled_in` is the upstream of each gate in which it is not asked.
    """
    for gate, upstream in zip(reference.backward_gates, filled_in, strict=True):
        pieces = [blank for use in reference.branches(gate) for blank in _wire_blanks(reference, use)]
        if upstream is None:
            yield _total_blank(reference, gate)
        elif pieces:
            pieces[0] = replace(pieces[0], filled_in=(upstream,))
        yield from pieces
    for position in reference.variables:
        if len(reference.graph.uses[position]) != 1:
            yield _total_blank(reference, position)


def _filled_in(reference: Reference, answers: Answers) -> Iterator[FilledIn | None]:
    """The upstream of every gate, from the output back; None where it is asked."""
    for gate in reference.backward_gates:
        yield _upstream(reference, gate, answers) if len(reference.graph.uses[gate]) == 1 else None


def _upstream(reference: Reference, gate: int, answers: Answers) -> FilledIn:
    """The gradient of a gate that one other uses: what that one sent down, or what was answered in quick mode."""
    (use,) = reference.graph.uses[gate]
    sender, name = reference.name(use.gate), reference.name(gate)
    given = (answers.answers.get(key) for key in (down_key(sender, use.port), total_key(name)))
    text = next((answer.text for answer in given if answer is not None and answer.verdict.accepted), "")
    label, text = f"∂{reference.output_name}/∂{name}", without_left_side(text).strip()
    return FilledIn("upstream", label, sender, text, total_key(name))


def _wrong_wholes(reference: Reference, answers: Answers) -> dict[str, str]:
    """The values that are opened, and what was given for their gradients; a gradient that is right closes its value."""
    opened = {}
    for name in answers.opened:
        given = answers.answers.get(total_key(name))
        if name in reference.graph.positions and not (given is not None and given.verdict.accepted):
            opened[name] = given.text if given is not None else ""
    return opened


def _quick_blanks(reference: Reference, answers: Answers) -> Iterator[Blank]:
    """Every gradient; for one that is opened, its pieces first, without that which would be the same number again."""
    opened = _wrong_wholes(reference, answers)
    for position in (*reference.backward_gates, *reference.variables):
        name = reference.name(position)
        if name in opened:
            yield from _pieces(reference, position, opened[name], answers)
        yield _quick_blank(reference, position)


def _quick_blank(reference: Reference, position: int) -> Blank:
    """The whole gradient of a value, beside the equations it is found from: those of the gates that use it."""
    asked, name, uses = _total_blank(reference, position), reference.name(position), reference.graph.uses[position]
    called = f"∂{reference.output_name}/∂{name}"
    if position == reference.graph.output:
        return replace(asked, row=called)
    equations = dict.fromkeys(reference.equation(use.gate) for use in uses)
    beside = ", ".join(equations) or asked.group
    if len(uses) != 1:
        return replace(asked, label=f"{called} =", row=called, group="", beside=beside)
    shaped = f", of shape {show_shape(asked.shape)}" if asked.shape else ""
    gate = reference.gate_node(uses[0].gate).gate
    how = " Upstream × local." if gate is not None and gate.elementwise else ""
    prompt = f"What does {reference.name(uses[0].gate)} send down to {name}{shaped}?{how}"
    return replace(asked, label=f"{called} =", prompt=prompt, row=called, group="", beside=beside)


def _pieces(reference: Reference, position: int, given: str, answers: Answers) -> Iterator[Blank]:
    """The pieces of a gradient for which `given` is wrong; without those that it shows to be known."""
    forks = len(reference.graph.uses[position]) > 1
    at = LearnerValues(reference, answers).names(total_key(reference.name(position)))
    for wire in open_wires(reference, position, given, at):
        for piece in _wire_blanks(reference, wire.use):
            kind, _ = place_of(reference, piece)
            if forks if kind == "down" else wire.local:
                yield piece


def _wire_blanks(reference: Reference, use: Use) -> Iterator[Blank]:
    gate, source = reference.name(use.gate), source_name(reference, use)
    equation, node = reference.equation(use.gate), reference.gate_node(use.gate)
    assert node.gate is not None
    if node.gate.elementwise:
        yield Blank(
            local_key(gate, use.port),
            f"local ∂{gate}/∂{source} =",
            f"Local: how fast does {equation} move with {source}? A formula or a number.",
            group=equation,
            example=asked_for(shape_of(reference.local(use))),
            digits=WANTED_DIGITS,
            shape=shape_of(reference.local(use)),
            row=f"local {source}",
        )
    f, bare = reference.output_name, reference.name(reference.source(use))
    single = len(reference.graph.uses[reference.source(use)]) == 1
    what = f"Downstream to {source}, upstream × local" if node.gate.elementwise else f"Downstream to {source}"
    part = "" if single else f" {bare} forks: this is one part of ∂{f}/∂{bare}."
    shape = shape_of(reference.value(reference.source(use)))
    shaped = f", of shape {show_shape(shape)}" if shape else ""
    yield Blank(
        down_key(gate, use.port),
        f"downstream ∂{f}/∂{bare} =" if single else f"downstream {gate} → {source} =",
        f"{what}{shaped}: what does {gate} send down?{part}",
        group=equation,
        example=asked_for(shape),
        digits=WANTED_DIGITS,
        shape=shape,
        row=f"downstream {source}",
        same_as=total_key(bare) if single else "",
    )


def _total_blank(reference: Reference, position: int) -> Blank:
    f, name = reference.output_name, reference.name(position)
    uses = reference.graph.uses[position]
    shape = shape_of(reference.value(position))
    shaped = f", of shape {show_shape(shape)}" if shape else ""
    if position == reference.graph.output:
        prompt = f"Begin at the output: what is the gradient of {f} with respect to itself?"
    elif not uses:
        prompt = f"No path leads from {name} to {f}. What is its gradient{shaped}?"
    elif len(uses) == 1:
        prompt = f"Upstream: what arrives at {name} from {reference.name(uses[0].gate)}{shaped}?"
    else:
        gates = listed(list(dict.fromkeys(reference.name(use.gate) for use in uses)))
        prompt = f"{name} forks to {gates}: what is the sum of what they send{shaped}?"
    is_gate = reference.gate_node(position).gate is not None
    group = reference.equation(position) if is_gate else f"input {name}"
    kind = "sum " if len(uses) > 1 else "upstream " if is_gate else ""
    return Blank(
        total_key(name),
        f"{kind}∂{f}/∂{name} =",
        prompt,
        group=group,
        example=asked_for(shape),
        digits=WANTED_DIGITS,
        shape=shape,
        row="upstream" if kind == "upstream " else f"∂{f}/∂{name}",
        same_as=down_key(reference.name(uses[0].gate), uses[0].port) if len(uses) == 1 else "",
    )
