"""The hints of the backward pass: for a value's gradient, a local derivative, and what a gate sends down a wire."""

from __future__ import annotations

import re

import numpy as np

from tutor.engine.graph import Use
from tutor.engine.values import plain, shape_of, show_shape
from tutor.language import Name
from tutor.questions.backprop.carried_forward import worked_text
from tutor.questions.backprop.gate_arithmetic import down_words, local_text, source_name
from tutor.questions.backprop.reference import Reference
from tutor.questions.inflect import listed
from tutor.questions.printed import equated

Hints = tuple[str, str, str]


def total_hints(reference: Reference, position: int) -> Hints:
    """For a value's gradient."""
    f, name, uses = reference.output_name, reference.name(position), reference.graph.uses[position]
    line = f"∂{f}/∂{name} = {worked_text(reference.gradient(position))}"
    if position == reference.graph.output:
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
    shares = [worked_text(reference.share(use)) for use in uses]
    sends = [f"{reference.name(use.gate)} sends {share}" for use, share in zip(uses, shares, strict=True)]
    if len(uses) == 1:
        return (
            "A gate's upstream is the gradient of its output: what the gate after it sent down.",
            f"{name} feeds {reference.name(uses[0].gate)} only. What did that gate send down to {name}?",
            f"{sends[0]}, so {line}",
        )
    summed = " + ".join([shares[0], *map(_bracketed, shares[1:])])
    return (
        "A value that forks moves the output along every branch. Add what arrives along the branches.",
        f"To {name}, {listed(sends)}. What is the sum?",
        f"{summed}, so {line}",
    )


def local_hints(reference: Reference, use: Use) -> Hints:
    """For the local derivative at a wire."""
    node, source, gate = reference.gate_node(use.gate), source_name(reference, use), reference.name(use.gate)
    assert node.gate is not None
    here = worked_text(reference.value(reference.source(use)))
    others = [source_name(reference, other) for other in reference.wires(use.gate) if other != use]
    still = f"Hold {listed(others)} fixed. " if others else ""
    return (
        f"{node.gate.pattern} The local derivative is only the factor that the upstream is multiplied by.",
        f"{still}{reference.equation(use.gate)}, and {source} is {here}. If {source} moves by a tiny "
        f"amount, how many times that does {gate} move?",
        _local_line(reference, use, f"∂{gate}/∂{source}"),
    )


def _local_line(reference: Reference, use: Use, slope: str) -> str:
    formula, value = local_text(reference, use), worked_text(reference.local(use))
    kink = reference.kinks(use).get(())
    if kink is not None:
        low, high = plain(kink.low), plain(kink.high)
        return f"This is a kink: any slope from {low} to {high} is right, such as {slope} = {value}"
    gate = reference.gate_node(use.gate).gate
    assert gate is not None
    if gate.cases:
        return f"{slope} is {formula}; here {slope} = {value}"
    if shape_of(reference.local(use)) and _is_number(formula):
        formula = ""  # 1 in every entry: the array says it
    return " = ".join({part.replace("−", "-"): part for part in (slope, formula, value) if part}.values())


def _is_number(formula: str) -> bool:
    return formula.replace("−", "").replace(".", "").isdigit()


def down_hints(reference: Reference, use: Use) -> Hints:
    """For what a gate sends down a wire."""
    gate = reference.gate_node(use.gate).gate
    assert gate is not None
    return _product_hints(reference, use) if gate.elementwise else _tensor_hints(reference, use)


def _product_hints(reference: Reference, use: Use) -> Hints:
    """Upstream times local, summed back where the gate stretched its argument."""
    node, source, gate = reference.gate_node(use.gate), source_name(reference, use), reference.name(use.gate)
    assert node.gate is not None
    local, upstream, share = reference.local(use), reference.gradient(use.gate), reference.share(use)
    product = f"{worked_text(upstream)} × {_bracketed(worked_text(local))}"
    question, line = "What is the product?", equated(product, worked_text(share))
    if shape_of(share) != shape_of(upstream):
        back = f"summed back to {show_shape(shape_of(share))}" if shape_of(share) else "summed up"
        question = f"{source} was stretched to {show_shape(shape_of(upstream))}. What is the product, {back}?"
        line = f"{product}, {back}, = {worked_text(share)}"
    return (
        "downstream = upstream × local. " + node.gate.pattern,
        f"{worked_text(upstream)} arrives at {gate}, and ∂{gate}/∂{source} is {worked_text(local)}. {question}",
        line,
    )


def _tensor_hints(reference: Reference, use: Use) -> Hints:
    """For gates that mix entries: by their rule, and by the shape that is wanted."""
    node, source, gate = reference.gate_node(use.gate), source_name(reference, use), reference.name(use.gate)
    assert node.gate is not None
    upstream, share = reference.gradient(use.gate), worked_text(reference.share(use))
    own, above = show_shape(shape_of(reference.share(use))), show_shape(shape_of(upstream))
    arrives = f"The upstream of {gate} is {worked_text(upstream)}"
    if np.ndim(upstream):
        arrives += f", of shape {above}"
    formula = down_words(reference, use)
    named = [part.name for part in reference.own_arguments(use.gate).values() if isinstance(part, Name)]
    others = [name for name in dict.fromkeys(named) if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", formula)]
    if own != above:
        question = f"The answer must have the shape of {source}, {own}. How do you get there?"
    elif others:
        question = f"{source} has that shape too. What does the rule do with {listed(others)} and the upstream?"
    else:
        question = f"{source} has that shape too. Which of its entries does the upstream reach, and where?"
    return (
        node.gate.pattern,
        f"{arrives}. {question}",
        f"{gate} sends {source} {f'{formula} = ' if formula not in ('', 'upstream') else ''}{share}",
    )


def _bracketed(number: str) -> str:
    """A negative number in brackets, as it stands after a sign."""
    return f"({number})" if number.startswith(("-", "−")) else number
