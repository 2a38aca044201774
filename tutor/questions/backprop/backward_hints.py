"""Hints of the step `backward`: the principle, a question with the numbers at hand, the worked line."""

from __future__ import annotations

import numpy as np

from tutor.engine.graph import Use
from tutor.engine.showing import plain
from tutor.engine.values import shape_of, show_shape
from tutor.questions.backprop.gate_text import down_text, local_text, source_name
from tutor.questions.backprop.own import worked_text
from tutor.questions.backprop.worksheet import Worksheet
from tutor.questions.words import listed

Hints = tuple[str, str, str]


def total_hints(sheet: Worksheet, position: int) -> Hints:
    """For a value's gradient."""
    f, name, uses = sheet.output_name, sheet.name(position), sheet.graph.uses[position]
    line = f"∂{f}/∂{name} = {worked_text(sheet.gradient(position))}"
    if position == sheet.graph.output:
        return (
            "The backward pass begins with the gradient of the output with respect to itself.",
            f"If {f} grows by 0.01, how much does {f} grow?",
            line,
        )
    if not uses:
        return (
            "A gradient says how much the output moves when this value moves a little.",
            f"If {name} grows by 0.01, what happens to {f}, which never uses it?",
            line,
        )
    shares = [worked_text(sheet.share(use)) for use in uses]
    sends = [f"{sheet.name(use.gate)} sends {share}" for use, share in zip(uses, shares, strict=True)]
    if len(uses) == 1:
        return (
            "A gate's upstream is the gradient of its output: what the gate after it sent down.",
            f"{name} feeds {sheet.name(uses[0].gate)} only. What did that gate send down to {name}?",
            f"{sends[0]}, so {line}",
        )
    return (
        "A value that forks moves the output along every branch. Add what arrives along the branches.",
        f"To {name}, {listed(sends)}. What is the sum?",
        f"{' + '.join([shares[0], *map(_bracketed, shares[1:])])}, so {line}",
    )


def local_hints(sheet: Worksheet, use: Use) -> Hints:
    """For the local derivative at a wire."""
    node, source, gate = sheet.gate_node(use.gate), source_name(sheet, use), sheet.name(use.gate)
    assert node.gate is not None
    here = worked_text(sheet.value(sheet.source(use)))
    others = [source_name(sheet, other) for other in sheet.wires(use.gate) if other != use]
    still = f"Hold {listed(others)} fixed. " if others else ""
    return (
        node.gate.pattern,
        f"{still}{sheet.equation(use.gate)}, and {source} is {here}. If {source} moves by a tiny "
        f"amount, how many times that does {gate} move?",
        _local_line(sheet, use, f"∂{gate}/∂{source}"),
    )


def _local_line(sheet: Worksheet, use: Use, slope: str) -> str:
    formula, value = local_text(sheet, use), worked_text(sheet.local(use))
    kink = sheet.kinks(use).get(())
    if kink is not None:
        low, high = plain(kink.low), plain(kink.high)
        return f"This is a kink: any slope from {low} to {high} is right, such as {slope} = {value}"
    gate = sheet.gate_node(use.gate).gate
    assert gate is not None
    if gate.cases:
        return f"{slope} is {formula}; here {slope} = {value}"
    return " = ".join(dict.fromkeys(part for part in (slope, formula, value) if part))


def down_hints(sheet: Worksheet, use: Use) -> Hints:
    """For what a gate sends down a wire."""
    gate = sheet.gate_node(use.gate).gate
    assert gate is not None
    return _product_hints(sheet, use) if gate.elementwise else _tensor_hints(sheet, use)


def _product_hints(sheet: Worksheet, use: Use) -> Hints:
    """Upstream times local, summed back where the gate stretched its argument."""
    node, source, gate = sheet.gate_node(use.gate), source_name(sheet, use), sheet.name(use.gate)
    assert node.gate is not None
    local, upstream, share = sheet.local(use), sheet.gradient(use.gate), sheet.share(use)
    product = f"{worked_text(upstream)} × {_bracketed(worked_text(local))}"
    question, line = "What is the product?", f"{product} = {worked_text(share)}"
    if shape_of(share) != shape_of(upstream):
        back = f"summed back to {show_shape(shape_of(share))}" if shape_of(share) else "summed up"
        question = f"{source} was stretched to {show_shape(shape_of(upstream))}. What is the product, {back}?"
        line = f"{product}, {back}, = {worked_text(share)}"
    return (
        "downstream = upstream × local. " + node.gate.pattern,
        f"{worked_text(upstream)} arrives at {gate}, and ∂{gate}/∂{source} is {worked_text(local)}. {question}",
        line,
    )


def _tensor_hints(sheet: Worksheet, use: Use) -> Hints:
    """For gates that mix entries: by their rule, and by the shape that is wanted."""
    node, source, gate = sheet.gate_node(use.gate), source_name(sheet, use), sheet.name(use.gate)
    assert node.gate is not None
    upstream, share = sheet.gradient(use.gate), worked_text(sheet.share(use))
    own, above = show_shape(shape_of(sheet.share(use))), show_shape(shape_of(upstream))
    arrives = f"The upstream of {gate} is {worked_text(upstream)}"
    if np.ndim(upstream):
        arrives += f", of shape {above}"
    formula = down_text(sheet, use)
    return (
        node.gate.pattern,
        f"{arrives}. The answer must have the shape of {source}, {own}. How do you get there?",
        f"{gate} sends {source} {f'{formula} = ' if formula not in ('', 'upstream') else ''}{share}",
    )


def _bracketed(number: str) -> str:
    """A negative number in brackets, as it stands after a sign."""
    return f"({number})" if number.startswith(("-", "−")) else number
