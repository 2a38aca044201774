"""The arithmetic of one gate in a line: what arrives, what is sent down each wire, what comes together at a fork."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np

from tutor.engine.evaluate import evaluate, fold_constants, number
from tutor.engine.gates import vocabulary
from tutor.engine.graph import Use
from tutor.engine.passes import arguments_at
from tutor.engine.values import exactly, plain, shape_of
from tutor.language import Expression, Name, Unreadable, read_expression, show
from tutor.language.tree import Number, rename
from tutor.questions.backprop.answer_names import UPSTREAM
from tutor.questions.backprop.carried_forward import worked_text
from tutor.questions.backprop.reference import Reference, down_key
from tutor.questions.printed import equated

_PORTS = ("first", "second", "third", "fourth")


def source_name(reference: Reference, use: Use) -> str:
    """The source of a wire, and which argument it is where a gate takes the same value twice."""
    source = reference.source(use)
    name = reference.name(source)
    twice = sum(reference.source(other) == source for other in reference.wires(use.gate)) > 1
    return f"{name} ({_PORTS[use.port]})" if twice else name


def local_formula(reference: Reference, use: Use) -> Expression | None:
    """The local derivative as an expression; None where only words say it."""
    gate = reference.gate_node(use.gate).gate
    assert gate is not None
    if gate.slopes:
        formula = read_expression(gate.slopes[use.port], vocabulary(*gate.arguments)).tree
        return fold_constants(reference.in_own_names(use.gate, formula))
    if gate.form is not None and not gate.cases:
        # A gate made of several operations; SymPy is slow to load, and needed for its hints only.
        from tutor.engine.sympy_bridge import from_sympy, local_derivative

        try:
            return reference.in_own_names(use.gate, from_sympy(local_derivative(gate, use.port)))
        except ValueError:
            return None
    return None


def local_text(reference: Reference, use: Use) -> str:
    """The local derivative as a formula or in words; "" where nothing short says it."""
    gate = reference.gate_node(use.gate).gate
    assert gate is not None
    if gate.cases:
        own = {name: show(part) for name, part in reference.own_arguments(use.gate).items()}
        return gate.cases[use.port].format(**own)
    formula = local_formula(reference, use)
    return "" if formula is None else reference.shown(formula)


def down_text(reference: Reference, use: Use) -> str:
    """What a tensor gate sends down a wire, as a formula in `upstream`; "" where no one formula says it."""
    node = reference.gate_node(use.gate)
    assert node.gate is not None
    shapes = tuple(shape_of(argument) for argument in arguments_at(node, reference.here.values))
    texts = node.gate.downstreams_for(shapes, node.options)
    if not texts or not texts[use.port]:
        return ""
    formula = read_expression(texts[use.port], vocabulary("u", *node.gate.arguments)).tree
    own = fold_constants(reference.in_own_names(use.gate, formula, u=Name(UPSTREAM[0])))
    text = reference.shown(own, upstream=shape_of(reference.value(use.gate)))
    return text if _sends(reference, use, text) else f"{text} in every entry"


def _sends(reference: Reference, use: Use, text: str) -> bool:
    """Whether a text, typed where what the gate sends is asked for, is right there."""
    names = reference.names_on(reference.here, down_key(reference.name(use.gate), use.port))
    share = reference.share(use)
    try:
        value = evaluate(names.read(text).tree, names)
    except (Unreadable, ValueError):
        return False
    return shape_of(value) == shape_of(share) and np.allclose(value, share, rtol=1e-9, atol=1e-12)


def down_words(reference: Reference, use: Use) -> str:
    """The same in mathematics, and where no one formula says it, in words; "" where there are none."""
    text, node = down_text(reference, use), reference.gate_node(use.gate)
    assert node.gate is not None
    if text or not node.gate.downstreams:
        return text
    said, axis = node.gate.downstreams[use.port], node.options.get("axis")
    along = "" if axis is None else f", along axis {axis}"
    names = reference.own_arguments(use.gate)
    own = {name: show(part) for name, part in names.items()} | {
        "u": "upstream",
        "n": str(averaged(reference, use.gate)),
    }
    try:
        formula = read_expression(said, vocabulary("u", "n", *node.gate.arguments)).tree
    except Unreadable:
        letters = "|".join(map(re.escape, own))
        said = re.sub(rf"(?<![^\W_])({letters})(?![^\W_])", lambda one: own[one[1]], said)
        return said.replace(" - ", " − ").replace(".T", "ᵀ").removesuffix("/1") + along
    count = number(Fraction(averaged(reference, use.gate)))
    return show(rename(formula, {**names, "u": Name("upstream"), "n": count})) + along


def averaged(reference: Reference, gate: int) -> int:
    """How many a gate averages over: the entries of each group along its axis, or the rows of what it takes."""
    node = reference.gate_node(gate)
    taken = arguments_at(node, reference.here.values)[0]
    if node.gate is not None and "axis" in node.gate.options:
        return int(np.size(taken)) // max(1, int(np.size(reference.value(gate))))
    return int(np.size(taken)) // shape_of(taken)[-1] if shape_of(taken) else 1


def computed(reference: Reference, gate: int) -> str:
    """`a = x + y = 1 + 3 = 4`; without the numbers put in where there are arrays."""
    steps = (reference.equation(gate), in_numbers(reference, gate), worked_text(reference.value(gate)))
    return " = ".join(filter(None, steps))


def in_numbers(reference: Reference, gate: int) -> str:
    """`1 + 3`: what a gate does, with the numbers put in; "" where there are arrays."""
    node = reference.graph.nodes[gate]
    inner = {reference.name(use) for use in node.arguments if isinstance(use, int)}
    numbers = {name: number for name, number in reference.names_at(reference.here.values).items() if name in inner}
    if node.expression is None or not all(isinstance(number, float) for number in numbers.values()):
        return ""
    return show(rename(node.expression, {name: _number(float(number)) for name, number in numbers.items()}))


def _number(value: float) -> Number:
    text = plain(value)
    try:
        return Number(Fraction(text), text)
    except ValueError:  # 1.2·10⁻⁵ and the like
        return Number(Fraction(value), exactly(value))


def arrival(reference: Reference, gate: int) -> str:
    """What arrives at a gate's output, and how it comes together where the value forks."""
    if gate == reference.graph.output:
        return f"{worked_text(reference.gradient(gate))} arrives, as always at the output."
    total = worked_text(reference.gradient(gate))
    return (
        f"{total} arrives." if len(reference.graph.uses[gate]) == 1 else f"{summed(reference, gate)} arrives, summed."
    )


def gathered(reference: Reference, position: int) -> str:
    """An input's gradient."""
    uses, total = reference.graph.uses[position], worked_text(reference.gradient(position))
    if not uses:
        return f"= {total}, since no gate uses {reference.name(position)}."
    return f"= {total}" if len(uses) == 1 else f"= {summed(reference, position)}, summed at the fork."


def summed(reference: Reference, position: int) -> str:
    """`0.992 + 0.072 = 1.064`: what comes back along each path, and the sum."""
    shares = [worked_text(reference.share(use)) for use in reference.graph.uses[position]]
    terms = [shares[0], *(f"− {share[1:]}" if share.startswith("-") else f"+ {share}" for share in shares[1:])]
    return equated(" ".join(terms), worked_text(reference.gradient(position)))


def sent(reference: Reference, use: Use) -> str:
    """`to a: ∂d/∂a = c = 0.67, so a gets 1.184 × 0.67 ≈ 0.79335`; at a tensor gate `to W: upstream @ xᵀ = 2`."""
    source, gate, share = (
        reference.name(reference.source(use)),
        reference.name(use.gate),
        worked_text(reference.share(use)),
    )
    node = reference.gate_node(use.gate).gate
    assert node is not None
    if not node.elementwise:
        said = down_words(reference, use)
        return f"to {source}: {said} = {share}" if said else f"{source} gets {share}"
    local, formula = worked_text(reference.local(use)), local_text(reference, use)
    slope = f"∂{gate}/∂{source} = {local if formula.replace('−', '-') in ('', local) else f'{formula} = {local}'}"
    times = f"{worked_text(reference.gradient(use.gate))} × {bracketed(local)}"
    if shape_of(reference.share(use)) != shape_of(reference.local(use)):
        return f"to {source}: {slope}, so {source} gets {times}, summed to its shape, = {share}"
    return f"to {source}: {slope}, so {source} gets {equated(times, share)}"


def bracketed(number: str) -> str:
    """The number, in brackets where it begins with a sign."""
    return f"({number})" if number.startswith("-") else number
